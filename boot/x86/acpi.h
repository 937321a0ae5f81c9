/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * acpi.h - finds ACPI tables, and takes from them what the stage needs: configuration windows,
 * reset and power off.
 */
#ifndef PCIGATE_X86_ACPI_H
#define PCIGATE_X86_ACPI_H

#include <stdbool.h>
#include <stdint.h>

#include "bootparams.h"

/* The header of every table but the RSDP and the FACS (ACPI 6.5, 5.2.6). */
struct __attribute__((packed)) acpi_header {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oem_id[6];
	char oem_table_id[8];
	uint32_t oem_revision;
	char creator_id[4];
	uint32_t creator_revision;
};

_Static_assert(sizeof(struct acpi_header) == 36, "ACPI 6.5, table 5.4");

/*
 * acpi_find() - the first table with @signature, or NULL. Mapped until paging_flush().
 *
 * Tables are taken as Linux takes them (drivers/acpi/acpica/tbutils.c, tbdata.c): a wrong checksum
 * is no reason to ignore a table, nor is the signature of the RSDT or XSDT, and a second table with
 * the same signature is not used.
 */
const struct acpi_header *acpi_find(const struct boot_params *params, const char *signature);

/* acpi_table_at() - the same for a table whose address another one gave. */
const struct acpi_header *acpi_table_at(const struct boot_params *params, uint64_t pa,
					const char *signature);

/*
 * acpi_narrow() - takes those buses from @span_first to @span_last away for which "is it from
 * @first to @last?" has another answer than for @bus, and returns that answer.
 */
bool acpi_narrow(uint8_t bus, uint8_t first, uint8_t last, uint8_t *span_first, uint8_t *span_last);

/*
 * acpi_window() - the physical address, as if it began at bus 0, of the window for @bus of @segment
 * by MCFG, 0 if there is none. The answer is the same for all buses from @span_first to @span_last,
 * which the caller sets to the range it asks about.
 *
 * Looked up as Linux does, which reads MCFG into a sorted list (pci_parse_mcfg(), list_add_sorted()
 * and pci_mmconfig_lookup() of arch/x86/pci/mmconfig-shared.c). One entry that Linux cannot use
 * makes it drop all of them. Linux also asks whether the windows are reserved as a motherboard
 * resource, on machines from before 2016 and for windows from _CBA. That takes an AML interpreter,
 * which the stage has not: see docs/stage.md.
 */
uint64_t acpi_window(const struct boot_params *params, uint32_t segment, uint8_t bus,
		     uint8_t *span_first, uint8_t *span_last);

/*
 * acpi_reset() - asks for a reset by the register of the FADT. Returns if there is none, or it did
 * not help.
 */
void acpi_reset(const struct boot_params *params);

/*
 * acpi_power_off() - enters S5. Returns if that is not described in a form it understands, or did
 * not help.
 */
void acpi_power_off(const struct boot_params *params);

#endif
