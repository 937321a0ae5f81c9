/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * memory.h - the interface through which the core reads physical memory.
 */
#ifndef PCIGATE_MEMORY_H
#define PCIGATE_MEMORY_H

#include <pcigate/port.h>

/**
 * struct pg_memory - read access to physical memory
 * @map: returns a pointer to @len readable bytes at physical address @pa, or NULL if any of them
 * is not readable (the stage maps only E820 RAM, a capture only the memory in its
 * file). The bytes stay valid and unchanged until the pipeline has finished. @len is never 0; an
 * address range that wraps around yields NULL
 * @ctx: passed to @map
 */
struct pg_memory {
	const void *(*map)(void *ctx, uint64_t pa, uint64_t len);
	void *ctx;
};

/**
 * struct pg_memory_range - memory that a parameter of the command line takes from the next kernel
 * @first: its first byte
 * @last:  its last byte
 * @word:  the parameter, static text
 */
struct pg_memory_range {
	uint64_t first;
	uint64_t last;
	const char *word;
};

/* Calls @map, except for an empty range or one that wraps around: these yield NULL. */
static inline const void *pg_memory_map(const struct pg_memory *memory, uint64_t pa, uint64_t len)
{
	if (!len || pa + len < pa)
		return NULL;
	return memory->map(memory->ctx, pa, len);
}

/*
 * Unaligned little-endian loads: KHO and LUO store integers in the byte order of the CPU, and x86
 * is little-endian.
 */
static inline uint16_t pg_load16(const void *p)
{
	const uint8_t *b = p;

	return (uint16_t)(b[0] | b[1] << 8);
}

static inline uint32_t pg_load32(const void *p)
{
	const uint8_t *b = p;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline uint64_t pg_load64(const void *p)
{
	const uint8_t *b = p;

	return b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
	       (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
	       (uint64_t)b[7] << 56;
}

#endif
