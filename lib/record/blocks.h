/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * blocks.h - the walk along a chain of KHO serialization blocks.
 */
#ifndef PCIGATE_RECORD_BLOCKS_H
#define PCIGATE_RECORD_BLOCKS_H

#include <pcigate/memory.h>
#include <pcigate/reason.h>

/**
 * struct pg_blocks - the state of a walk along a chain
 * @memory:     the memory that holds the chain
 * @next_pa:    physical address of the next block, 0 at the end
 * @came_from:  physical address of the field that holds @next_pa
 * @field:      name of that field
 * @entry_size: size of an entry in bytes
 * @chain_only: do not check the count of entries
 * @nr:         number of blocks visited
 * @milestone:  physical address of a visited block; reading it again means a loop
 * @next_milestone: value of @nr at which @milestone changes
 * @entries:    the entries of the current block
 * @entries_pa: physical address of @entries
 * @count:      number of @entries, free slots included
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
 * Begins a walk at the block @first_pa (0: an empty chain). That address was read from the field
 * @field at @came_from.
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
 * Goes to the next block and checks it. *@more is false after the last block, and after an error.
 */
enum pg_reason pg_blocks_next(struct pg_blocks *blocks, bool *more, struct pg_finding *finding);

/*
 * Follows a chain from its beginning to its end without reading entries, so that a loop is reported
 * as a loop. Otherwise its entries, read repeatedly, would first exceed a capacity.
 */
enum pg_reason pg_blocks_check(const struct pg_blocks *begin, struct pg_finding *finding);

#endif
