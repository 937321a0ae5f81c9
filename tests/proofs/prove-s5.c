// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-s5.c - the search for the values of the state S5 in a DSDT of any content, with 0, 9, 12 or
 * 13 bytes after its header.
 *
 * flags: --unwind 8 -Iboot/x86
 * break: boot/x86/acpi_power.c s/if \(element >= len\)/if (element > len + 4)/
 * break: boot/x86/acpi_power.c s/if \(len < 5\)/if (len < 4)/
 * break: boot/x86/acpi_power.c s/if \(!len\)\s+return 0;//
 */
#include "tables.h"

#include "../../boot/x86/acpi_power.c"

static void search(uint32_t len)
{
	struct acpi_header *table = malloc(sizeof(*table) + len);
	uint32_t type[2];

	ASSUME(table);
	table->length = (uint32_t)sizeof(*table) + len;
	if (!find_s5(table, type))
		return;
	REACHED(type[0] == UINT32_MAX);
	REACHED(type[0] == UINT16_MAX && type[1] == 7);
	PROVE(len > 8);
}

void harness(void)
{
	search(0);
	search(9);
	search(12);
	search(13);
}
