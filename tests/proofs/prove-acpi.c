// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-acpi.c - the path from ACPI's root pointer to a table, in tables of any content and of some
 * lengths from 35 to 44 bytes (a root table has none to two entries). The address of the root
 * pointer is known; prove-rsdp.c proves the search for it.
 *
 * flags: --unwind 6 --unwindset acpi_find.0:4,rsdp_in.0:1,sum_is_zero.0:1,memcmp.0:9 -Iboot/x86
 * limit: 120
 * break: boot/x86/acpi.c s/header->length < sizeof\(\*header\) \|\| //
 * break: boot/x86/acpi.c s/\|\|\s+!memory_firmware\(params, pa, header->length\)//
 * break: boot/x86/acpi.c s/ - \(uint32_t\)sizeof\(\*root\)//
 */
#include "tables.h"

#include "../../boot/x86/acpi.c"

static void find(uint64_t root_size, uint64_t size)
{
	const struct acpi_header *table;
	struct boot_params params;
	bool known = false;

	make_table(0, sizeof(struct acpi_rsdp));
	make_table(1, root_size);
	make_table(2, size);
	ASSUME(params.acpi_rsdp);
	table = acpi_find(&params, "MCFG");
	if (!table)
		return;
	REACHED(table->length == 38);
	REACHED(table->length == 44);
	PROVE(READABLE(table, sizeof(*table)) && table->length >= sizeof(*table));
	PROVE(READABLE(table, table->length) && !memcmp(table->signature, "MCFG", 4));
	for (unsigned int i = 0; i < TABLES; i++)
		known |= (const uint8_t *)table == tables[i].bytes &&
			 table->length <= tables[i].size;
	PROVE(known);
}

void harness(void)
{
	find(44, 38);
	find(35, 36);
	find(36, 36);
	find(41, 35);
}
