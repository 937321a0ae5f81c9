/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * seeds.h - writes the bytes of a seed, and saves it for a target.
 */
#ifndef PCIGATE_FUZZ_SEEDS_H
#define PCIGATE_FUZZ_SEEDS_H

#include "fuzz.h"

struct output {
	uint8_t *bytes;
	size_t len;
};

/* Appends @value as a little-endian number of @size bytes. */
void put(struct output *output, uint64_t value, unsigned int size);
void put_string(struct output *output, const char *text);
/* Writes DIRECTORY/TARGET/NAME, and empties @output. */
void save(const char *directory, const char *target, const char *name, struct output *output);

void save_fixed(const char *directory);

#endif
