// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-blocks.c - one step along a chain of KHO blocks, from any state of the walk. Each step
 * counts a block, so this proves chains of any length.
 *
 * source: lib/record/blocks.c tests/proofs/note.c
 * break: lib/record/blocks.c s/count > \(BLOCK_SIZE - BLOCK_HEADER\)/count > (BLOCK_SIZE)/
 * break: lib/record/blocks.c s/nr == BLOCKS_MAX/nr == BLOCKS_MAX + 1/
 * quick
 */
#include "proof.h"

#include "../../lib/record/blocks.h"

#define BLOCKS_MAX 10000u

void harness(void)
{
	struct pg_blocks blocks;
	struct pg_finding finding;
	enum pg_reason reason;
	bool more;

	/* The state is arbitrary, and so is the size of an entry that fits into a block. */
	ASSUME(blocks.nr <= BLOCKS_MAX);
	ASSUME(blocks.entry_size && blocks.entry_size <= 4080);
	blocks.memory = &any_memory;
	blocks.field = "field";
	const struct pg_blocks before = blocks;

	reason = pg_blocks_next(&blocks, &more, &finding);
	PROVE(!reason || !more);
	PROVE(!reason || finding.reason == reason);
	if (!before.next_pa)
		PROVE(!reason && !more);
	if (!more)
		return;
	REACHED(!blocks.chain_only && blocks.count > 1);
	REACHED(blocks.nr == BLOCKS_MAX);
	PROVE(blocks.nr == before.nr + 1 && blocks.nr <= BLOCKS_MAX);
	/* A block is a page. It is not the marked block, because that would be a loop. */
	PROVE(before.next_pa % 4096 == 0 && before.next_pa != before.milestone);
	PROVE(blocks.entries_pa == before.next_pa + 16);
	/* Its entries are inside it. */
	PROVE(READABLE(blocks.entries, 4080));
	PROVE(blocks.chain_only || (blocks.count >= 1 && blocks.count * blocks.entry_size <= 4080));
	/* For loops: the mark moves to the present block, each time after twice as many blocks. */
	PROVE(blocks.milestone == before.milestone || blocks.milestone == before.next_pa);
	PROVE(blocks.nr <= blocks.next_milestone || before.nr > before.next_milestone);
}
