// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * acpi_mcfg.c - the config space windows of ACPI's MCFG table.
 */
#include <string.h>

#include <pcigate/memory.h>

#include "acpi.h"
#include "memory.h"

/* PCI Firmware 3.3, table 4-2; struct acpi_table_mcfg of Linux. */
#define MCFG_HEADER_SIZE 44u
#define MCFG_ENTRY_SIZE 16u

/*
 * Linux accepts an address above 4 GiB only from a table of revision 1 or later (and a BIOS of 2010
 * or later, which is not checked here), or on an SGI machine.
 */
static bool is_plausible(const struct acpi_header *mcfg, uint64_t address)
{
	if (!address)
		return false;
	return address < 0xffffffff || mcfg->revision >= 1 || !memcmp(mcfg->oem_id, "SGI", 3);
}

/* ioremap() refuses a window without buses, and one in RAM. */
static bool can_be_mapped(const struct boot_params *params, uint64_t address, uint8_t first,
			  uint8_t last)
{
	return first <= last && !memory_touches(params, address + ((uint64_t)first << 20),
						(last - first + 1ull) << 20, 1u << E820_RAM);
}

bool acpi_narrow(uint8_t bus, uint8_t first, uint8_t last, uint8_t *span_first, uint8_t *span_last)
{
	const bool inside = first <= bus && bus <= last;

	if (inside || bus > last) {
		const uint8_t from = inside ? first : (uint8_t)(last + 1);

		if (*span_first < from)
			*span_first = from;
	}
	if (inside || bus < first) {
		const uint8_t to = inside ? last : (uint8_t)(first - 1);

		if (*span_last > to)
			*span_last = to;
	}
	return inside;
}

uint64_t acpi_window(const struct boot_params *params, uint32_t segment, uint8_t bus,
		     uint8_t *span_first, uint8_t *span_last)
{
	const struct acpi_header *mcfg = acpi_find(params, "MCFG");
	const uint8_t *entry;
	uint64_t found = 0;
	uint8_t found_first = 0;

	if (!mcfg || mcfg->length < MCFG_HEADER_SIZE)
		return 0;
	entry = (const uint8_t *)mcfg + MCFG_HEADER_SIZE;
	for (uint32_t left = mcfg->length - MCFG_HEADER_SIZE; left >= MCFG_ENTRY_SIZE;
	     left -= MCFG_ENTRY_SIZE) {
		const uint64_t address = pg_load64(entry);
		const uint8_t first = entry[10], last = entry[11];

		if (!is_plausible(mcfg, address) || !can_be_mapped(params, address, first, last))
			return 0;
		/*
		 * Linux uses the matching window that begins first; of two that begin at the same
		 * bus, the later one.
		 */
		if (pg_load16(entry + 8) == segment &&
		    acpi_narrow(bus, first, last, span_first, span_last) &&
		    (!found || first <= found_first)) {
			found = address;
			found_first = first;
		}
		entry += MCFG_ENTRY_SIZE;
	}
	return found;
}
