// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * acpi.c - the functions that boot/x86/acpi_mcfg.c calls: ACPI tables, and the memory map. Under
 * firmware all memory is mapped at its physical address.
 */
#include <string.h>

#include <pcigate/memory.h>

#include "../x86/acpi.h"
#include "../x86/memory.h"
#include "firmware.h"

/* Offsets in the RSDP of ACPI 2.0 and later (ACPI 6.5, 5.2.5.3). */
#define RSDP_XSDT 24u

/* No valid table is longer, and none has more entries. */
#define TABLE_MAX (4u << 20)

static const uint8_t *find_rsdp(void)
{
	const EFI_GUID guid = ACPI_20_TABLE_GUID;

	for (UINTN i = 0; i < ST->NumberOfTableEntries; i++) {
		if (!memcmp(&ST->ConfigurationTable[i].VendorGuid, &guid, sizeof(guid)))
			return ST->ConfigurationTable[i].VendorTable;
	}
	return NULL;
}

/* A table whose length is plausible. */
static const struct acpi_header *table_at(uint64_t pa)
{
	const struct acpi_header *header = (const void *)(uintptr_t)pa;

	if (!header || header->length < sizeof(*header) || header->length > TABLE_MAX)
		return NULL;
	return header;
}

const struct acpi_header *acpi_find(const struct boot_params *params, const char *signature)
{
	const uint8_t *rsdp = find_rsdp();
	const struct acpi_header *xsdt = rsdp ? table_at(pg_load64(rsdp + RSDP_XSDT)) : NULL;

	(void)params;
	for (uint32_t at = sizeof(*xsdt); xsdt && at + 8 <= xsdt->length; at += 8) {
		const struct acpi_header *table = table_at(pg_load64((const uint8_t *)xsdt + at));

		if (table && !memcmp(table->signature, signature, 4))
			return table;
	}
	return NULL;
}

/*
 * A window in RAM is an error of the firmware, and not checked: config reads go through the
 * firmware.
 */
bool memory_touches(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types)
{
	(void)params;
	(void)pa;
	(void)len;
	(void)types;
	return false;
}
