/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * acpi.h - finds ACPI tables, and takes from them what the stage needs: configuration windows, reset and power off.
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
 * acpi_find() - the first table with @signature, whole and with a right checksum, or NULL. Mapped until paging_flush().
 * Read only from memory that firmware reserves.
 */
const struct acpi_header *acpi_find(const struct boot_params *params, const char *signature);

/* acpi_table_at() - the same for a table whose address another one gave. */
const struct acpi_header *acpi_table_at(const struct boot_params *params, uint64_t pa, const char *signature);

/* Windows into configuration space that MCFG may tell of; more count as an MCFG that cannot be used. */
#define ACPI_MAX_WINDOWS 64

/**
 * struct acpi_window - a window into configuration space (PCI Firmware 3.3, 4.1.2)
 * @address: physical address of bus 0 of the segment, even where the window begins at a later bus
 */
struct acpi_window {
	uint64_t address;
	uint16_t segment;
	uint8_t first_bus;
	uint8_t last_bus;
};

/*
 * acpi_windows() - reads MCFG as Linux does (pci_parse_mcfg() and list_add_sorted() of arch/x86/pci/mmconfig-shared.c): in
 * order of segment and first bus, and none at all if one of them is unusable. Returns how many.
 */
unsigned int acpi_windows(const struct boot_params *params, struct acpi_window windows[ACPI_MAX_WINDOWS]);

/* acpi_reset() - asks for a reset by the register of the FADT. Returns if there is none, or it did not help. */
void acpi_reset(const struct boot_params *params);

/* acpi_power_off() - enters S5. Returns if that is not described in a form it understands, or did not help. */
void acpi_power_off(const struct boot_params *params);

#endif
