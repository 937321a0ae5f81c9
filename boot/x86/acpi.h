/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * acpi.h - finds ACPI tables and reads what the stage needs from them: config space windows, reset
 * and power off.
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
 * acpi_find() - the first table with @signature, or NULL. The table stays mapped until
 * paging_flush().
 *
 * Tables are accepted as Linux accepts them (drivers/acpi/acpica/tbutils.c, tbdata.c): a table with
 * a wrong checksum is used, and so is an RSDT or XSDT with a wrong signature. A second table with
 * the same signature is not used.
 */
const struct acpi_header *acpi_find(const struct boot_params *params, const char *signature);

/* acpi_table_at() - the same for a table whose address is in another table. */
const struct acpi_header *acpi_table_at(const struct boot_params *params, uint64_t pa,
					const char *signature);

/*
 * acpi_narrow() - true if @bus is in the range @first to @last. Limits the range @span_first to
 * @span_last to buses with the same result.
 */
bool acpi_narrow(uint8_t bus, uint8_t first, uint8_t last, uint8_t *span_first, uint8_t *span_last);

/*
 * acpi_window() - the physical address of the window for @bus of @segment by MCFG, as if the window
 * began at bus 0; 0 if there is none. On entry, @span_first and @span_last are the range of
 * interest; on return, the range of buses around @bus with the same result.
 *
 * MCFG is used as in Linux, which reads it into a sorted list (pci_parse_mcfg(), list_add_sorted()
 * and pci_mmconfig_lookup() of arch/x86/pci/mmconfig-shared.c). If Linux cannot use one of the
 * entries, it drops all of them. On machines from before 2016, and for windows from _CBA, Linux
 * also checks that the windows are reserved as a motherboard resource. This check needs an AML
 * interpreter, which the stage does not have (docs/stage.md).
 */
uint64_t acpi_window(const struct boot_params *params, uint32_t segment, uint8_t bus,
		     uint8_t *span_first, uint8_t *span_last);

/*
 * acpi_reset() - resets by the reset register of the FADT. Returns if there is none, or if the
 * machine did not reset.
 */
void acpi_reset(const struct boot_params *params);

/*
 * acpi_power_off() - enters S5. Returns if S5 is not described in a form that this code reads, or
 * if the machine did not power off.
 */
void acpi_power_off(const struct boot_params *params);

#endif
