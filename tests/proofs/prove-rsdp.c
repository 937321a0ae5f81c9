// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-rsdp.c - the search for ACPI's root pointer in an area of 80 bytes of any content.
 *
 * flags: --unwind 6 --unwindset sum_is_zero.0:38,memcmp.0:10 -Iboot/x86
 * break: boot/x86/acpi.c s/at < size; at \+= 16/at <= size + 16; at += 16/
 * break: boot/x86/acpi.c s/"RSD PTR ", 8\) && /"RSD PTR ", 8) || /
 */
#include "tables.h"

#include "../../boot/x86/acpi.c"

#define AREA 80u

void harness(void)
{
	const uint8_t *area = nondet_bool() ? any_bytes(AREA, AREA) : NULL;
	const struct acpi_rsdp *rsdp = rsdp_in(area, AREA - sizeof(*rsdp));

	if (!rsdp)
		return;
	REACHED((const uint8_t *)rsdp == area + 32 && rsdp->revision == 2);
	PROVE(area && (const uint8_t *)rsdp >= area && READABLE(rsdp, sizeof(*rsdp)));
	PROVE(!memcmp(rsdp->signature, "RSD PTR ", 8));
}
