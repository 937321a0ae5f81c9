/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * generate.h - generates machines from a seed.
 */
#ifndef ORACLE_GENERATE_H
#define ORACLE_GENERATE_H

#include "machine.h"

/*
 * generate() - makes machine number @index of @seed; equal arguments give equal machines. Most
 * machines have the numbers that firmware assigns, with up to two faults; some have random ones.
 */
void generate(struct machine *machine, uint64_t seed, uint32_t index);

/* generate_sound() - the same without faults, with a complete record of pcigate's own. */
void generate_sound(struct machine *machine, uint64_t seed, uint32_t index);

#endif
