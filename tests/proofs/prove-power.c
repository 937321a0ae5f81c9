// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-power.c - reset and power off with an FADT and a DSDT of any content and of a few lengths
 * (found.c): device memory is accessed only where it was mapped.
 *
 * source: tests/proofs/found.c
 * flags: --unwind 14 -Iboot/x86
 * limit: 120
 * break: boot/x86/acpi_power.c s/fadt->length >= offset \+ size/fadt->length >= offset/
 * break: boot/x86/acpi_power.c s/paging_map\(reg->address, 2/paging_map(reg->address, 1/
 * break: boot/x86/acpi_power.c s/ \|\| !fadt_has\(fadt, FADT_RESET_VALUE, 1\)//
 */
#include "tables.h"

/* Replaces cpu.h, because CBMC cannot interpret its instructions. */
#define PCIGATE_X86_CPU_H

static bool written;

static void outb(uint16_t port, uint8_t value)
{
	(void)port;
	(void)value;
	written = true;
}

static uint16_t inw(uint16_t port)
{
	(void)port;
	return nondet_u16();
}

static void outw(uint16_t port, uint16_t value)
{
	(void)port;
	(void)value;
	written = true;
}

static void mmio_write8(uint64_t pa, uint8_t value)
{
	(void)value;
	PROVE(pa == mapped_pa && mapped_len >= 1);
	written = true;
}

static uint16_t mmio_read16(uint64_t pa)
{
	PROVE(pa == mapped_pa && mapped_len >= 2);
	return nondet_u16();
}

static void mmio_write16(uint64_t pa, uint16_t value)
{
	(void)value;
	PROVE(pa == mapped_pa && mapped_len >= 2);
	written = true;
}

#include "../../boot/x86/acpi_power.c"

void harness(void)
{
	struct boot_params params;

	if (nondet_bool()) {
		acpi_reset(&params);
		REACHED(written && mapped_len == 1);
	} else {
		acpi_power_off(&params);
		REACHED(written && mapped_len == 2);
	}
}
