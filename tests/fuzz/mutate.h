/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * mutate.h - damage to one field of an input.
 */
#ifndef PCIGATE_FUZZ_MUTATE_H
#define PCIGATE_FUZZ_MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * damage() - overwrites one 32-bit field of the @size bytes at @data. @state is that of the random
 * numbers, any number.
 */
void damage(uint8_t *data, size_t size, uint64_t *state);

/*
 * damage_in_order() - the same, of every aligned word and every limit the one that comes as number
 * @nr; false behind the last.
 */
bool damage_in_order(uint8_t *data, size_t size, size_t nr);

#endif
