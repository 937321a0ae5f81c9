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
 * damage() - overwrites one 32-bit field of the @size bytes at @data. @state is the state of the
 * random numbers; any start value is valid.
 */
void damage(uint8_t *data, size_t size, uint64_t *state);

/*
 * damage_in_order() - sets one aligned word to one of the limits of mutate.c. @nr counts all pairs
 * of word and limit. Returns false after the last pair.
 */
bool damage_in_order(uint8_t *data, size_t size, size_t nr);

#endif
