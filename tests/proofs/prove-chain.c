// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-chain.c - a whole chain of KHO blocks in memory that does not change: three pages, each of
 * which points to any address. If the chain returns to one of them, the walk finds the loop and
 * ends.
 *
 * source: lib/record/blocks.c tests/proofs/note.c
 * flags: --unwind 9
 * break: lib/record/blocks.c s/if \(pa == blocks->milestone\)/if (0)/
 * break: lib/record/blocks.c s/blocks->milestone = pa;//
 */
#include "proof.h"

#include "../../lib/record/blocks.h"

#define PAGES 3

/* The pages are adjacent. Only their headers exist, because the code reads nothing else. */
static uint64_t memory_pa;
static const uint8_t *headers[PAGES];

static const uint8_t *header(uint64_t pa)
{
	for (uint64_t i = 0; i < PAGES; i++) {
		if (pa == memory_pa + i * PG_PAGE_SIZE)
			return headers[i];
	}
	return NULL;
}

static const void *map(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	PROVE(len == PG_PAGE_SIZE && pa + len >= pa);
	return header(pa);
}

void harness(void)
{
	const struct pg_memory memory = { .map = map };
	const uint64_t first = nondet_u64();
	struct pg_finding finding;
	struct pg_blocks blocks;
	enum pg_reason reason;
	uint64_t pa = first;
	int steps = 0;

	memory_pa = nondet_u64();
	ASSUME(memory_pa % PG_PAGE_SIZE == 0 && memory_pa <= 1ull << 52);
	for (unsigned int i = 0; i < PAGES; i++) {
		headers[i] = malloc(16);
		ASSUME(headers[i]);
	}
	pg_blocks_begin(&blocks, &memory, first, 0, "field", 8);
	reason = pg_blocks_check(&blocks, &finding);

	for (; pa && header(pa) && steps <= PAGES; steps++)
		pa = pg_load64(header(pa));
	REACHED(reason == PG_RECORD_LOOP);
	REACHED(!reason && steps == PAGES);
	PROVE((reason == PG_RECORD_LOOP) == (steps > PAGES));
	PROVE((reason == PG_OK) == (!pa && steps <= PAGES));
}
