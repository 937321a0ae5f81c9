/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * memory.h - which physical memory the stage may read: RAM for the record, firmware's own for ACPI
 * tables.
 */
#ifndef PCIGATE_X86_MEMORY_H
#define PCIGATE_X86_MEMORY_H

#include <pcigate/memory.h>

#include "bootparams.h"

/*
 * memory_init() - sets up the seam of the core. It answers inside E820 RAM that is mapped, and
 * nowhere else.
 */
void memory_init(struct pg_memory *memory, const struct boot_params *params);

/*
 * memory_is() - true if every byte of the @len bytes at @pa lies in an entry of a type in @types
 * (bit n for type n), and none in an entry of another type. Entries may touch each other, in any
 * order.
 */
bool memory_is(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types);

/*
 * memory_touches() - true if any byte of the @len bytes at @pa lies in an entry of a type in
 * @types.
 */
bool memory_touches(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types);

/*
 * memory_firmware() - a pointer to @len bytes at @pa where ACPI tables may lie, or NULL: E820 types
 * 2, 3 and 4, and RAM, where Linux reads tables as well. Maps it where need be.
 */
const void *memory_firmware(const struct boot_params *params, uint64_t pa, uint64_t len);

#endif
