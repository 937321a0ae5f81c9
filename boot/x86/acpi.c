// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * acpi.c - finds ACPI tables, starting from the root pointer, the RSDP (ACPI 6.5, 5.2).
 */
#include "acpi.h"

#include <string.h>

#include "cpu.h"
#include "memory.h"
#include "paging.h"

struct __attribute__((packed)) acpi_rsdp {
	char signature[8];
	uint8_t checksum;
	char oem_id[6];
	uint8_t revision;
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
	uint8_t extended_checksum;
	uint8_t reserved[3];
};

_Static_assert(sizeof(struct acpi_rsdp) == 36, "ACPI 6.5, table 5.3");

#define RSDP_SIZE_V1 20

/* No valid table is longer. */
#define TABLE_MAX (4u << 20)
#define TABLES_MAX 1024u

#define BIOS_AREA 0xe0000u
#define BIOS_AREA_SIZE 0x20000u
#define EBDA_POINTER 0x40e
#define EBDA_SEARCHED 1024u

static bool sum_is_zero(const void *p, size_t len)
{
	const uint8_t *bytes = p;
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *bytes++);
	return !sum;
}

static bool is_rsdp(const struct acpi_rsdp *rsdp)
{
	return !memcmp(rsdp->signature, "RSD PTR ", 8) && sum_is_zero(rsdp, RSDP_SIZE_V1) &&
	       (rsdp->revision < 2 || sum_is_zero(rsdp, sizeof(*rsdp)));
}

/*
 * An RSDP at the end of the area may extend beyond @size; the bytes after both areas can be read.
 */
static const struct acpi_rsdp *rsdp_in(const void *area, unsigned int size)
{
	for (unsigned int at = 0; area && at < size; at += 16) {
		if (is_rsdp((const void *)((const uint8_t *)area + at)))
			return (const void *)((const uint8_t *)area + at);
	}
	return NULL;
}

/*
 * Used if the zero page does not have the address. Searches the first KiB of the extended BIOS data
 * area, then the BIOS area (ACPI 6.5, 5.2.5.1). The BIOS area need not be in the memory map.
 */
static const struct acpi_rsdp *scan_for_rsdp(const struct boot_params *params)
{
	uint64_t ebda =
		paging_is_mapped(EBDA_POINTER, 2) ? (uint64_t)mmio_read16(EBDA_POINTER) << 4 : 0;
	const struct acpi_rsdp *rsdp = NULL;

	if (ebda >= 0x400 && ebda < BIOS_AREA)
		rsdp = rsdp_in(memory_firmware(params, ebda, EBDA_SEARCHED),
			       EBDA_SEARCHED - sizeof(*rsdp));
	if (!rsdp && paging_map(BIOS_AREA, BIOS_AREA_SIZE, PAGING_CACHED))
		rsdp = rsdp_in((const void *)(uintptr_t)BIOS_AREA, BIOS_AREA_SIZE - sizeof(*rsdp));
	return rsdp;
}

/*
 * If the zero page has an address, it is trusted as Linux does: neither signature nor checksum are
 * checked.
 */
static const struct acpi_rsdp *find_rsdp(const struct boot_params *params)
{
	if (!params->acpi_rsdp)
		return scan_for_rsdp(params);
	return memory_firmware(params, params->acpi_rsdp, sizeof(struct acpi_rsdp));
}

/* A table whose header can be read, and whose length is plausible. */
static const struct acpi_header *header_at(const struct boot_params *params, uint64_t pa)
{
	const struct acpi_header *header = memory_firmware(params, pa, sizeof(*header));

	if (!header || header->length < sizeof(*header) || header->length > TABLE_MAX)
		return NULL;
	return header;
}

const struct acpi_header *acpi_table_at(const struct boot_params *params, uint64_t pa,
					const char *signature)
{
	const struct acpi_header *header = header_at(params, pa);

	if (!header || (signature && memcmp(header->signature, signature, 4) != 0) ||
	    !memory_firmware(params, pa, header->length))
		return NULL;
	return header;
}

const struct acpi_header *acpi_find(const struct boot_params *params, const char *signature)
{
	const struct acpi_rsdp *rsdp = find_rsdp(params);
	const struct acpi_header *root, *table = NULL;
	const uint8_t *entry;
	unsigned int width = 8, nr;

	if (!rsdp)
		return NULL;
	/* If the XSDT cannot be used, Linux does not use the RSDT instead. */
	if (rsdp->revision < 2 || !rsdp->xsdt)
		width = 4;
	root = acpi_table_at(params, width == 8 ? rsdp->xsdt : rsdp->rsdt, NULL);
	if (!root)
		return NULL;

	entry = (const uint8_t *)(root + 1);
	nr = (root->length - (uint32_t)sizeof(*root)) / width;
	for (unsigned int i = 0; i < nr && i < TABLES_MAX && !table; i++, entry += width)
		table = acpi_table_at(params, width == 8 ? pg_load64(entry) : pg_load32(entry),
				      signature);
	return table;
}
