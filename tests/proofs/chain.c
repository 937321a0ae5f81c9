// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * chain.c - a model of blocks.c, for proofs of its callers. Its properties are proved by
 * prove-blocks.c and prove-chain.c: a chain ends, and a block has one or more entries, which are
 * readable. There are at most CHAIN_BLOCKS blocks with at most two entries each.
 */
#include "proof.h"

#include "../../lib/record/blocks.h"

#ifndef CHAIN_BLOCKS
#define CHAIN_BLOCKS 2
#endif

static enum pg_reason any_reason(struct pg_finding *finding)
{
	if (nondet_bool())
		return PG_OK;
	return pg_note(finding, PG_RECORD_LOOP, "block", 0, 0);
}

enum pg_reason pg_blocks_check(const struct pg_blocks *begin, struct pg_finding *finding)
{
	PROVE(!begin->nr);
	return any_reason(finding);
}

enum pg_reason pg_blocks_next(struct pg_blocks *blocks, bool *more, struct pg_finding *finding)
{
	enum pg_reason reason = any_reason(finding);

	PROVE(blocks->memory && blocks->entry_size && blocks->entry_size <= 4080);
	*more = false;
	if (reason || !blocks->next_pa)
		return reason;
	blocks->nr++;
	if (nondet_bool()) {
		blocks->count = 1;
		blocks->entries = malloc(blocks->entry_size);
	} else {
		blocks->count = 2;
		blocks->entries = malloc(2 * blocks->entry_size);
	}
	ASSUME(blocks->entries);
	blocks->entries_pa = blocks->next_pa + 16;
	blocks->next_pa = nondet_bool() && blocks->nr < CHAIN_BLOCKS ? 4096 : 0;
	*more = true;
	return PG_OK;
}
