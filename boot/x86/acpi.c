// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * acpi.c - from the root pointer to a table (ACPI 6.5, 5.2).
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

/* No sound table is longer, and summing up more than this would take noticeable time. */
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
	return !memcmp(rsdp->signature, "RSD PTR ", 8) && sum_is_zero(rsdp, RSDP_SIZE_V1);
}

/*
 * Where nobody told the address: the first KiB of the extended BIOS data area, then the BIOS area (ACPI 6.5, 5.2.5.1). The
 * BIOS area need not be in the memory map, but must not be RAM.
 */
static const struct acpi_rsdp *scan_for_rsdp(const struct boot_params *params)
{
	uint64_t ebda = paging_is_mapped(EBDA_POINTER, 2) ? (uint64_t)mmio_read16(EBDA_POINTER) << 4 : 0;
	const uint8_t *area;

	if (ebda >= 0x400 && ebda < BIOS_AREA) {
		area = memory_firmware(params, ebda, EBDA_SEARCHED);
		for (unsigned int at = 0; area && at < EBDA_SEARCHED; at += 16) {
			if (is_rsdp((const void *)(area + at)))
				return (const void *)(area + at);
		}
	}

	if (!paging_map(BIOS_AREA, BIOS_AREA_SIZE, PAGING_CACHED))
		return NULL;
	area = (const uint8_t *)(uintptr_t)BIOS_AREA;
	for (unsigned int at = 0; at < BIOS_AREA_SIZE - sizeof(struct acpi_rsdp); at += 16) {
		if (memory_is(params, BIOS_AREA + at, RSDP_SIZE_V1, 1u << E820_RAM))
			continue;
		if (is_rsdp((const void *)(area + at)))
			return (const void *)(area + at);
	}
	return NULL;
}

static const struct acpi_rsdp *find_rsdp(const struct boot_params *params)
{
	const struct acpi_rsdp *rsdp;

	if (!params->acpi_rsdp)
		return scan_for_rsdp(params);
	rsdp = memory_firmware(params, params->acpi_rsdp, RSDP_SIZE_V1);
	if (!rsdp || !is_rsdp(rsdp))
		return NULL;
	if (rsdp->revision >= 2) {
		if (!memory_firmware(params, params->acpi_rsdp, sizeof(*rsdp)) || !sum_is_zero(rsdp, sizeof(*rsdp)))
			return NULL;
	}
	return rsdp;
}

/* A table whose header can be read, and whose length is within reason. Its checksum is not looked at. */
static const struct acpi_header *header_at(const struct boot_params *params, uint64_t pa)
{
	const struct acpi_header *header = memory_firmware(params, pa, sizeof(*header));

	if (!header || header->length < sizeof(*header) || header->length > TABLE_MAX)
		return NULL;
	return header;
}

const struct acpi_header *acpi_table_at(const struct boot_params *params, uint64_t pa, const char *signature)
{
	const struct acpi_header *header = header_at(params, pa);

	if (!header || memcmp(header->signature, signature, 4) != 0)
		return NULL;
	if (!memory_firmware(params, pa, header->length) || !sum_is_zero(header, header->length))
		return NULL;
	return header;
}

const struct acpi_header *acpi_find(const struct boot_params *params, const char *signature)
{
	const struct acpi_rsdp *rsdp = find_rsdp(params);
	const struct acpi_header *root = NULL;
	unsigned int width = 8, nr;

	if (!rsdp)
		return NULL;
	if (rsdp->revision >= 2 && rsdp->xsdt)
		root = acpi_table_at(params, rsdp->xsdt, "XSDT");
	if (!root) {
		root = acpi_table_at(params, rsdp->rsdt, "RSDT");
		width = 4;
	}
	if (!root)
		return NULL;

	nr = (root->length - (uint32_t)sizeof(*root)) / width;
	for (unsigned int i = 0; i < nr && i < TABLES_MAX; i++) {
		const uint8_t *entry = (const uint8_t *)(root + 1) + i * width;
		const struct acpi_header *table;

		table = acpi_table_at(params, width == 8 ? pg_load64(entry) : pg_load32(entry), signature);
		if (table)
			return table;
	}
	return NULL;
}
