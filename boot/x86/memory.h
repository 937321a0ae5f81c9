/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * memory.h - physical memory that the stage may read: RAM for the record, memory of the firmware
 * for ACPI tables.
 */
#ifndef PCIGATE_X86_MEMORY_H
#define PCIGATE_X86_MEMORY_H

#include <pcigate/memory.h>

#include "bootparams.h"

/* memory_init() - sets up @memory. Reads succeed only in E820 RAM that is mapped. */
void memory_init(struct pg_memory *memory, const struct boot_params *params);

/*
 * memory_is() - true if all @len bytes at @pa are in entries of a type in @types (bit n for type
 * n), and none of them is in an entry of another type. The bytes may span adjacent entries, in any
 * order.
 */
bool memory_is(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types);

/* memory_touches() - true if any of the @len bytes at @pa is in an entry of a type in @types. */
bool memory_touches(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types);

/*
 * memory_firmware() - a pointer to @len bytes at @pa if ACPI tables may be there, else NULL. Linux
 * reads tables from E820 types 2, 3 and 4, and from RAM. Maps the bytes if needed.
 */
const void *memory_firmware(const struct boot_params *params, uint64_t pa, uint64_t len);

#endif
