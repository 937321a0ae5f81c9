/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * generate.h - made-up machines from a seed.
 */
#ifndef ORACLE_GENERATE_H
#define ORACLE_GENERATE_H

#include "machine.h"

/*
 * generate() - the machine number @index of @seed, always the same one. Most look as firmware
 * leaves them, with no fault, one or two; some have wild numbers.
 */
void generate(struct machine *machine, uint64_t seed, uint32_t index);

/* generate_sound() - the same without any fault, with a complete record of pcigate's. */
void generate_sound(struct machine *machine, uint64_t seed, uint32_t index);

#endif
