/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bootparams.h - replaces boot/x86/bootparams.h: a zero page with a memory map of two entries,
 * because CBMC is slow with the whole page.
 */
#ifndef PCIGATE_X86_BOOTPARAMS_H
#define PCIGATE_X86_BOOTPARAMS_H

#include <stddef.h>
#include <stdint.h>

#define E820_MAX 2

#define E820_RAM 1
#define E820_RESERVED 2
#define E820_ACPI 3
#define E820_NVS 4

struct e820_entry {
	uint64_t address;
	uint64_t size;
	uint32_t type;
};

struct boot_params {
	uint64_t acpi_rsdp;
	uint8_t nr_e820;
	struct e820_entry e820[E820_MAX];
};

#endif
