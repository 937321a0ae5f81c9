/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * proof.h - included by all proofs. docs/proofs.md describes them.
 */
#ifndef PROOF_H
#define PROOF_H

#include <stdlib.h>

#include <pcigate/memory.h>

#define ASSUME(condition) __CPROVER_assume(condition)
#define PROVE(condition) __CPROVER_assert(condition, #condition)
#define READABLE(pointer, len) __CPROVER_r_ok(pointer, len)

/* With REACH, the proof must fail at each of these: this shows that the condition can be true. */
#ifdef REACH
#define REACHED(condition) __CPROVER_assert(!(condition), "reached: " #condition)
#else
#define REACHED(condition) ((void)0)
#endif

bool nondet_bool(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
uint64_t nondet_u64(void);
int nondet_int(void);
size_t nondet_size(void);

/*
 * Returns @len bytes of any content. They are the last bytes of an object of @max bytes, because
 * CBMC is slow with objects of unknown size. So a read after them is detected, a read before them
 * is not.
 */
static inline uint8_t *any_bytes(size_t len, size_t max)
{
	uint8_t *object = malloc(max);

	ASSUME(object && len <= max);
	return object + (max - len);
}

/*
 * CBMC has no memchr(). This one finds a byte or not, independent of the content, because no proof
 * depends on the content.
 */
#define PROOF_MEMCHR()                                                                             \
	void *memchr(const void *bytes, int c, size_t len)                                         \
	{                                                                                          \
		const size_t at = nondet_size();                                                   \
                                                                                                   \
		(void)c;                                                                           \
		PROVE(READABLE(bytes, len));                                                       \
		return at < len ? (uint8_t *)bytes + at : NULL;                                    \
	}

/*
 * Maps memory for one step: each requested range is readable or not, has exactly that length and
 * holds any bytes. Two calls for one address need not agree, so the proofs hold for memory that
 * changes, too.
 */
static const void *any_map(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	PROVE(len && pa + len >= pa);
	return nondet_bool() ? malloc(len) : NULL;
}

static const struct pg_memory any_memory = { .map = any_map };

/**
 * struct proof_arena - memory that does not change: @size bytes at @pa
 */
struct proof_arena {
	uint64_t pa;
	uint64_t size;
	const uint8_t *bytes;
};

static inline void arena_make(struct proof_arena *arena, uint64_t pa, uint64_t size, uint64_t max)
{
	*arena = (struct proof_arena){ pa, size, any_bytes(size, max) };
	ASSUME(pa + size >= pa);
}

static inline bool arena_holds(const struct proof_arena *arena, uint64_t pa, uint64_t len)
{
	return pa >= arena->pa && pa - arena->pa <= arena->size &&
	       len <= arena->size - (pa - arena->pa);
}

/* Returns the bytes at @pa, or NULL if the arena does not hold all of them. */
static inline const uint8_t *arena_at(const struct proof_arena *arena, uint64_t pa, uint64_t len)
{
	return arena_holds(arena, pa, len) ? arena->bytes + (pa - arena->pa) : NULL;
}

#endif
