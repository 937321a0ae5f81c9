/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * mock-memory.h - physical memory made of ranges.
 *
 * Every map() returns a copy of exactly the requested bytes, so that the address sanitizer detects
 * a reader that uses one byte more.
 */
#ifndef MOCK_MEMORY_H
#define MOCK_MEMORY_H

#include "unit.h"

#include <pcigate/memory.h>

#define MOCK_RANGES 16
#define MOCK_COPIES 65536

struct mock_range {
	uint64_t pa;
	uint64_t len;
	uint8_t *bytes;
};

struct mock_memory {
	struct pg_memory interface;
	struct mock_range ranges[MOCK_RANGES];
	unsigned int nr;
	void **copies;
	unsigned int nr_copies;
};

static inline const void *mock_memory_map(void *ctx, uint64_t pa, uint64_t len)
{
	struct mock_memory *memory = ctx;
	unsigned int i;

	for (i = 0; i < memory->nr; i++) {
		const struct mock_range *range = &memory->ranges[i];

		if (pa >= range->pa && pa - range->pa < range->len &&
		    len <= range->len - (pa - range->pa)) {
			void *copy = malloc(len);

			assert_non_null(copy);
			assert_true(memory->nr_copies < MOCK_COPIES);
			memcpy(copy, range->bytes + (pa - range->pa), len);
			memory->copies[memory->nr_copies++] = copy;
			return copy;
		}
	}
	return NULL;
}

static inline void mock_memory_begin(struct mock_memory *memory)
{
	*memory = (struct mock_memory){ 0 };
	memory->interface = (struct pg_memory){ .map = mock_memory_map, .ctx = memory };
	memory->copies = calloc(MOCK_COPIES, sizeof(memory->copies[0]));
	assert_non_null(memory->copies);
}

/* Adds @len zero bytes at @pa and returns them for the test to fill. */
static inline uint8_t *mock_memory_add(struct mock_memory *memory, uint64_t pa, uint64_t len)
{
	struct mock_range *range = &memory->ranges[memory->nr++];

	assert_true(memory->nr <= MOCK_RANGES);
	*range = (struct mock_range){ .pa = pa, .len = len, .bytes = calloc(1, len) };
	assert_non_null(range->bytes);
	return range->bytes;
}

static inline void mock_memory_end(struct mock_memory *memory)
{
	unsigned int i;

	for (i = 0; i < memory->nr; i++)
		free(memory->ranges[i].bytes);
	for (i = 0; i < memory->nr_copies; i++)
		free(memory->copies[i]);
	free(memory->copies);
}

static inline void put16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static inline void put32(uint8_t *p, uint32_t value)
{
	put16(p, (uint16_t)value);
	put16(p + 2, (uint16_t)(value >> 16));
}

static inline void put64(uint8_t *p, uint64_t value)
{
	put32(p, (uint32_t)value);
	put32(p + 4, (uint32_t)(value >> 32));
}

#endif
