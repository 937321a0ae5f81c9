// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kept.c - checks that parameters of the next kernel take no memory that is handed over: KHO's
 * tree, the scratch areas, and all pages in KHO's map of preserved memory (struct kho_radix_tree,
 * include/linux/kho/abi/kexec_handover.h).
 */
#include <pcigate/record.h>

/*
 * A key represents a block of 2^order pages: the number of the block, with bit 52 - order set above
 * it. The map has five levels of tables with 512 physical addresses each, and bitmaps of one page
 * below.
 */
#define ORDER_0_BIT 52u
#define LEVELS 5u
#define BITMAP_BITS 15u
#define TABLE_BITS 9u
#define TABLE_MASK ((1u << TABLE_BITS) - 1)
#define BITMAP_MASK ((1u << BITMAP_BITS) - 1)
#define PAGE_BITS 12u

/* struct kho_scratch { phys_addr_t addr, size; } */
#define SCRATCH_ADDR 0
#define SCRATCH_SIZE 8
#define SCRATCH_AREA 16u

/*
 * At most this many pages of the map are read, for all ranges together. A bitmap of single pages
 * covers 128 MiB. The search ends at the first preserved block.
 */
#define PAGES_MAX 16384u

static enum pg_reason lost(const struct pg_memory_range *range, uint64_t pa,
			   struct pg_finding *finding)
{
	return pg_note(finding, PG_NEXT_LOSES_MEMORY, range->word, pa, 0);
}

/* Looks for a preserved block with a key in [@key, @last]. Only the message needs @order. */
static enum pg_reason search(const struct pg_memory *memory, uint64_t root, uint64_t key,
			     uint64_t last, uint32_t order, const struct pg_memory_range *range,
			     uint32_t *pages, struct pg_finding *finding)
{
	while (key <= last) {
		uint64_t node = root;
		const uint8_t *page = NULL;
		uint32_t level;

		for (level = LEVELS + 1; level-- && node;) {
			const uint32_t shift = level ? BITMAP_BITS + TABLE_BITS * (level - 1) : 0;

			if (!(*pages)--)
				return pg_note_count(
					finding, PG_WORKSPACE_FULL,
					"pages of the map of preserved memory: more than",
					PAGES_MAX, root);
			page = node % PG_PAGE_SIZE ? NULL
						   : pg_memory_map(memory, node, PG_PAGE_SIZE);
			if (!page)
				return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY,
					       "kho_radix_node.table", node, root);
			if (!level)
				break;
			do {
				node = pg_load64(page + (key >> shift & TABLE_MASK) * 8);
				if (!node)
					key = ((key >> shift) + 1) << shift;
			} while (!node && key <= last && (key >> shift & TABLE_MASK));
		}
		if (!node)
			continue;
		do {
			if (page[(key & BITMAP_MASK) / 8] >> (key & 7) & 1)
				/* The shift removes the bit for the order. */
				return lost(range, key << (PAGE_BITS + order), finding);
			key += key & 7 || page[(key & BITMAP_MASK) / 8] ? 1 : 8;
		} while (key <= last && (key & BITMAP_MASK));
	}
	return PG_OK;
}

/* An area that wraps around extends to the end of the address space, as in Linux. */
static bool overlaps(const struct pg_memory_range *range, uint64_t pa, uint64_t size)
{
	return size && pa <= range->last && (range->first <= pa || range->first - pa < size);
}

static enum pg_reason check_range(const struct pg_memory *memory, const struct pg_record *record,
				  const struct pg_memory_range *range, uint32_t *pages,
				  struct pg_finding *finding)
{
	const struct pg_kho_location *kho = &record->kho;
	const uint8_t *areas = pg_memory_map(memory, kho->scratch_pa, kho->scratch_size);
	enum pg_reason reason = PG_OK;
	uint32_t order;
	uint64_t i;

	if (overlaps(range, kho->fdt_pa, kho->fdt_size))
		return lost(range, kho->fdt_pa, finding);
	if (!areas || overlaps(range, kho->scratch_pa, kho->scratch_size))
		return lost(range, kho->scratch_pa, finding);
	for (i = 0; i + SCRATCH_AREA <= kho->scratch_size; i += SCRATCH_AREA) {
		const uint64_t pa = pg_load64(areas + i + SCRATCH_ADDR);

		if (overlaps(range, pa, pg_load64(areas + i + SCRATCH_SIZE)))
			return lost(range, pa, finding);
	}
	for (order = 0; order < ORDER_0_BIT && !reason; order++) {
		const uint64_t bit = 1ull << (ORDER_0_BIT - order);

		reason = search(
			memory, record->memory_map, bit | range->first >> (PAGE_BITS + order),
			bit | range->last >> (PAGE_BITS + order), order, range, pages, finding);
	}
	return reason;
}

enum pg_reason pg_record_check_kept(const struct pg_memory *memory, const struct pg_record *record,
				    const struct pg_memory_range *taken, uint32_t nr,
				    struct pg_finding *finding)
{
	enum pg_reason reason = PG_OK;
	uint32_t pages = PAGES_MAX, i;

	for (i = 0; i < nr && !reason; i++)
		reason = check_range(memory, record, &taken[i], &pages, finding);
	return reason;
}
