/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * blocks.h - a chain of KHO serialization blocks, one block after the other.
 */
#ifndef PCIGATE_RECORD_BLOCKS_H
#define PCIGATE_RECORD_BLOCKS_H

#include <pcigate/memory.h>
#include <pcigate/reason.h>

/**
 * struct pg_blocks - where the walk along a chain is
 * @memory:     where the chain lies
 * @next_pa:    physical address of the next block, 0 at the end
 * @came_from:  where that address was read
 * @field:      the name of the field it was read from
 * @entry_size: size of an entry in bytes
 * @chain_only: the count of entries is not checked
 * @nr:         blocks so far
 * @milestone:  a block that shows a loop if it is met again
 * @next_milestone: when to set the next one
 * @entries:    the entries of the current block
 * @entries_pa: their physical address
 * @count:      how many, free slots included
 */
struct pg_blocks {
	const struct pg_memory *memory;
	uint64_t next_pa;
	uint64_t came_from;
	const char *field;
	uint32_t entry_size;
	bool chain_only;
	uint32_t nr;
	uint64_t milestone;
	uint32_t next_milestone;
	const uint8_t *entries;
	uint64_t entries_pa;
	uint64_t count;
};

/*
 * Begins at the block at @first_pa (0: an empty chain), an address that was read from @field at
 * @came_from.
 */
static inline void pg_blocks_begin(struct pg_blocks *blocks, const struct pg_memory *memory,
				   uint64_t first_pa, uint64_t came_from, const char *field,
				   uint32_t entry_size)
{
	*blocks = (struct pg_blocks){
		.memory = memory,
		.next_pa = first_pa,
		.came_from = came_from,
		.field = field,
		.entry_size = entry_size,
	};
}

/*
 * Goes to the next block and checks it. @more is false behind the last one, and when something is
 * wrong.
 */
enum pg_reason pg_blocks_next(struct pg_blocks *blocks, bool *more, struct pg_finding *finding);

/*
 * Follows a chain that was just begun to its end without looking at entries, so that a
 * loop is reported as such before its entries, read repeatedly, exceed a capacity.
 */
enum pg_reason pg_blocks_check(const struct pg_blocks *begin, struct pg_finding *finding);

#endif
