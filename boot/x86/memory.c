// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * memory.c - reads physical memory by the memory map that the next kernel gets.
 */
#include "memory.h"

#include "paging.h"
#include "state.h"

/**
 * struct memory_range - the last entry of the map in which memory was asked for and found, if no
 * other entry overlaps it: the record and the tables are many small pieces of few entries
 * @start: its address
 * @size:  its size, 0 if there is none
 * @types: the types that were asked for
 */
static struct memory_range {
	uint64_t start;
	uint64_t size;
	uint32_t types;
} the_range;

STAGE_STATE(memory_range, struct memory_range, the_range)

static const struct e820_entry *entry_at(const struct boot_params *params, uint64_t pa,
					 uint32_t types)
{
	unsigned int nr = params->nr_e820 < E820_MAX ? params->nr_e820 : E820_MAX;

	for (unsigned int i = 0; i < nr; i++) {
		const struct e820_entry *entry = &params->e820[i];

		if (entry->type < 32 && (types >> entry->type & 1) && pa >= entry->address &&
		    pa - entry->address < entry->size)
			return entry;
	}
	return NULL;
}

/* For unknown types, use bit 0 of @types. */
bool memory_touches(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types)
{
	unsigned int nr = params->nr_e820 < E820_MAX ? params->nr_e820 : E820_MAX;

	for (unsigned int i = 0; i < nr; i++) {
		const struct e820_entry *entry = &params->e820[i];

		if ((types >> (entry->type < 32 ? entry->type : 0) & 1) &&
		    (entry->address < pa ? pa - entry->address < entry->size
					 : entry->size && entry->address - pa < len))
			return true;
	}
	return false;
}

bool memory_is(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types)
{
	uint64_t rest = len, at = pa;

	/*
	 * Linux uses the more restrictive type where entries overlap (e820__update_table()), and so
	 * does this function.
	 */
	if (!len || pa + len < pa || memory_touches(params, pa, len, ~types))
		return false;

	/* Each iteration uses up one entry, so E820_MAX iterations are enough. */
	for (unsigned int turn = 0; turn < E820_MAX; turn++) {
		const struct e820_entry *entry = entry_at(params, at, types);
		uint64_t covered;

		if (!entry)
			return false;
		covered = entry->size - (at - entry->address);
		if (covered >= rest)
			return true;
		rest -= covered;
		at += covered;
	}
	return false;
}

/* memory_is(), which tries the last entry first. */
static bool memory_is_near(const struct boot_params *params, uint64_t pa, uint64_t len,
			   uint32_t types)
{
	struct memory_range *range = memory_range();
	const struct e820_entry *entry;

	if (range->types == types && pa >= range->start && pa - range->start < range->size && len &&
	    len <= range->size - (pa - range->start))
		return true;
	if (!memory_is(params, pa, len, types))
		return false;
	entry = entry_at(params, pa, types);
	if (memory_is(params, entry->address, entry->size, types))
		*range = (struct memory_range){ entry->address, entry->size, types };
	return true;
}

static const void *map_ram(void *ctx, uint64_t pa, uint64_t len)
{
	const struct boot_params *params = ctx;

	if (!memory_is_near(params, pa, len, 1u << E820_RAM))
		return NULL;
	/*
	 * All RAM that the outgoing kernel used is mapped. A record cannot be in unmapped memory.
	 */
	if (!paging_is_mapped(pa, len))
		return NULL;
	return (const void *)(uintptr_t)pa;
}

void memory_init(struct pg_memory *memory, const struct boot_params *params)
{
	memory_range()->size = 0;
	memory->map = map_ram;
	memory->ctx = (void *)(uintptr_t)params;
}

const void *memory_firmware(const struct boot_params *params, uint64_t pa, uint64_t len)
{
	if (!memory_is_near(params, pa, len,
			    1u << E820_RAM | 1u << E820_RESERVED | 1u << E820_ACPI |
				    1u << E820_NVS))
		return NULL;
	if (!paging_map(pa, len, PAGING_CACHED))
		return NULL;
	return (const void *)(uintptr_t)pa;
}
