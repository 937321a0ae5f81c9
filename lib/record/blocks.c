// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * blocks.c - follows a chain of KHO serialization blocks (include/linux/kho/abi/block.h). PCI
 * entries, sessions and files are stored in such chains.
 */
#include "blocks.h"

/* struct kho_block_header_ser { u64 next; u64 count; } */
#define BLOCK_NEXT 0
#define BLOCK_COUNT 8
#define BLOCK_HEADER 16u
#define BLOCK_SIZE PG_PAGE_SIZE

/*
 * The kernel's own limit (KHO_MAX_BLOCKS in kernel/liveupdate/kho_block.c). The number of entries
 * does not limit the length of a chain, because a block may have free slots only. A loop is found
 * long before the limit.
 */
#define BLOCKS_MAX 10000u

enum pg_reason pg_blocks_next(struct pg_blocks *blocks, bool *more, struct pg_finding *finding)
{
	const uint64_t pa = blocks->next_pa;
	const uint8_t *bytes;

	*more = false;
	if (!pa)
		return PG_OK;
	/* Brent's method finds loops: remember one block, each time for twice as many blocks. */
	if (pa == blocks->milestone)
		return pg_note(finding, PG_RECORD_LOOP, blocks->field, pa, blocks->came_from);
	if (blocks->nr == BLOCKS_MAX)
		return pg_note_count(finding, PG_WORKSPACE_FULL, "blocks in a chain: more than",
				     BLOCKS_MAX, blocks->came_from);
	if (blocks->nr >= blocks->next_milestone) {
		blocks->milestone = pa;
		blocks->next_milestone = blocks->nr * 2 + 1;
	}
	if (pa % BLOCK_SIZE)
		return pg_note(finding, PG_RECORD_MALFORMED, blocks->field, pa, blocks->came_from);
	bytes = pg_memory_map(blocks->memory, pa, BLOCK_SIZE);
	if (!bytes)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY, blocks->field, pa,
			       blocks->came_from);
	blocks->count = pg_load64(bytes + BLOCK_COUNT);
	/*
	 * kho_block_set_restore() rejects the whole chain if one block has no entries. Linux would
	 * then not find the entries of the other blocks.
	 */
	if (!blocks->chain_only &&
	    (!blocks->count || blocks->count > (BLOCK_SIZE - BLOCK_HEADER) / blocks->entry_size))
		return pg_note_count(finding, PG_RECORD_MALFORMED, "kho_block_header_ser.count",
				     blocks->count, pa + BLOCK_COUNT);

	blocks->nr++;
	blocks->entries = bytes + BLOCK_HEADER;
	blocks->entries_pa = pa + BLOCK_HEADER;
	blocks->next_pa = pg_load64(bytes + BLOCK_NEXT);
	blocks->came_from = pa + BLOCK_NEXT;
	blocks->field = "kho_block_header_ser.next";
	*more = true;
	return PG_OK;
}

enum pg_reason pg_blocks_check(const struct pg_blocks *begin, struct pg_finding *finding)
{
	struct pg_blocks blocks = *begin;
	enum pg_reason reason;
	bool more;

	blocks.chain_only = true;
	do {
		reason = pg_blocks_next(&blocks, &more, finding);
	} while (!reason && more);
	return reason;
}
