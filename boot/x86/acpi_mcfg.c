// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * acpi_mcfg.c - the windows into configuration space, from ACPI's MCFG table.
 *
 * Linux also asks whether the windows are reserved as a motherboard resource (_CRS of PNP0C02). That takes an AML
 * interpreter, which the stage has not: see docs/stage.md.
 */
#include <string.h>

#include <pcigate/memory.h>

#include "acpi.h"

/* PCI Firmware 3.3, table 4-2; struct acpi_table_mcfg of Linux. */
#define MCFG_HEADER_SIZE 44u
#define MCFG_ENTRY_SIZE 16u

/* Linux believes in addresses above 4 GiB only with a table of revision 1, BIOSes of before 2010 aside; or on an SGI. */
static bool is_credible(const struct acpi_header *mcfg, uint64_t address)
{
	if (!address)
		return false;
	return address < 0xffffffff || mcfg->revision >= 1 || !memcmp(mcfg->oem_id, "SGI", 3);
}

static bool comes_before(const struct acpi_window *a, const struct acpi_window *b)
{
	if (a->segment != b->segment)
		return a->segment < b->segment;
	return a->first_bus < b->first_bus;
}

unsigned int acpi_windows(const struct boot_params *params, struct acpi_window windows[ACPI_MAX_WINDOWS])
{
	const struct acpi_header *mcfg = acpi_find(params, "MCFG");
	unsigned int nr;

	if (!mcfg || mcfg->length < MCFG_HEADER_SIZE)
		return 0;
	nr = (mcfg->length - MCFG_HEADER_SIZE) / MCFG_ENTRY_SIZE;
	if (nr > ACPI_MAX_WINDOWS)
		return 0;

	for (unsigned int i = 0; i < nr; i++) {
		const uint8_t *entry = (const uint8_t *)mcfg + MCFG_HEADER_SIZE + i * MCFG_ENTRY_SIZE;
		struct acpi_window window = {
			.address = pg_load64(entry),
			.segment = pg_load16(entry + 8),
			.first_bus = entry[10],
			.last_bus = entry[11],
		};
		unsigned int at = 0;

		if (!is_credible(mcfg, window.address))
			return 0;
		/* Of two that begin at the same bus Linux finds the later one first. */
		while (at < i && comes_before(&windows[at], &window))
			at++;
		memmove(&windows[at + 1], &windows[at], (i - at) * sizeof(windows[0]));
		windows[at] = window;
	}
	return nr;
}
