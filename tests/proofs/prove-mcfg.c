// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-mcfg.c - the windows of an MCFG of any content with up to two windows.
 *
 * source: tests/proofs/found.c
 * flags: --unwind 34 -Iboot/x86
 * break: boot/x86/acpi_mcfg.c s/\|\| mcfg->length < MCFG_HEADER_SIZE//
 * break: boot/x86/acpi_mcfg.c s/left >= MCFG_ENTRY_SIZE/left/
 * break: boot/x86/acpi_mcfg.c s/inside \? last :/inside ? first :/
 */
#include "tables.h"

#include "../../boot/x86/acpi_mcfg.c"

void harness(void)
{
	const uint32_t segment = nondet_u32();
	const uint8_t bus = nondet_u8();
	uint8_t first = 0, last = 255;
	struct boot_params params;
	const uint64_t address = acpi_window(&params, segment, bus, &first, &last);

	/* The result is valid for a range of buses that includes @bus. */
	PROVE(first <= bus && bus <= last);
	REACHED(address && first == 1 && last == 254);
	REACHED(!address && first == 1 && last == 254);
}
