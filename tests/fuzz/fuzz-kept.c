// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Memory that the next kernel's command line takes, and KHO's map of preserved memory:
 *
 *     nr8 of taken ranges { first size }, the KHO tree { address size16 },
 *     nr8 of scratch areas { address size }, nr8 of preserved blocks { address order8 },
 *     nr8 of patches { offset32 value64 }; an address or size is { shift8 value16 }
 *
 * The target walks the map itself and lists the preserved memory. If the core finds no reason, none
 * of this memory may be in a taken range.
 */
#include "fuzz.h"

#define LEVELS 5u
#define NODES_MAX 2000u

/* The memory has the array of scratch areas, then KHO's map. */
#define MEMORY 0x100000u
#define PAGES 64u
#define MAP (MEMORY + PG_PAGE_SIZE)

static uint8_t bytes[PAGES * PG_PAGE_SIZE];
static uint32_t nr_pages;
static struct pg_memory_range taken[PG_POLICY_RANGES];
static uint32_t nr_taken;

struct listing {
	const struct pg_memory *memory;
	uint32_t nodes;
	bool taken;
	bool gone;
};

/* Compares [@pa, @last] with the taken ranges. */
static void list(struct listing *listing, uint64_t pa, uint64_t last)
{
	for (uint32_t i = 0; i < nr_taken; i++)
		listing->taken |= pa <= taken[i].last && taken[i].first <= last;
}

/*
 * @key is the number of the block, with a 1 in front of it. The lower the bit of this 1, the larger
 * the block.
 */
static void list_block(struct listing *listing, uint64_t key)
{
	unsigned int order = 52;

	while (order && key >> (53 - order))
		order--;
	if (!key || key >> 53 || order == 52)
		return;
	key &= ~(1ull << (52 - order));
	list(listing, key << (12 + order), (key << (12 + order)) + ((1ull << (12 + order)) - 1));
}

static void list_bitmap(struct listing *listing, const uint8_t *page, uint64_t key)
{
	for (uint32_t bit = 0; bit < PG_PAGE_SIZE * 8; bit++) {
		if (!page[bit / 8])
			bit += 7;
		else if (page[bit / 8] >> bit % 8 & 1)
			list_block(listing, key + bit);
	}
}

/* @left levels of tables are below the node; @key has the indices on the path to it. */
static void list_node(struct listing *listing, uint64_t pa, unsigned int left, uint64_t key)
{
	const uint8_t *page =
		pa % PG_PAGE_SIZE ? NULL : pg_memory_map(listing->memory, pa, PG_PAGE_SIZE);

	if (!page || ++listing->nodes > NODES_MAX) {
		listing->gone = true;
		return;
	}
	if (!left) {
		list_bitmap(listing, page, key << 15);
		return;
	}
	for (uint32_t i = 0; i < PG_PAGE_SIZE / 8 && !listing->gone; i++) {
		if (pg_load64(page + 8 * i))
			list_node(listing, pg_load64(page + 8 * i), left - 1, key << 9 | i);
	}
}

static void list_area(struct listing *listing, uint64_t pa, uint64_t size)
{
	if (size)
		list(listing, pa, pa + (size - 1) < pa ? UINT64_MAX : pa + (size - 1));
}

static void list_all(struct listing *listing, const struct pg_record *record)
{
	const struct pg_kho_location *kho = &record->kho;

	list_area(listing, kho->fdt_pa, kho->fdt_size);
	list_area(listing, kho->scratch_pa, kho->scratch_size);
	for (uint64_t i = 0; i < kho->scratch_size; i += 16)
		list_area(listing, pg_load64(bytes + i), pg_load64(bytes + i + 8));
	list_node(listing, record->memory_map, LEVELS, 0);
}

static const void *map_pages(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	if (pa < MEMORY || len > sizeof(bytes) || pa - MEMORY > sizeof(bytes) - len)
		return NULL;
	return bytes + (pa - MEMORY);
}

static uint64_t take_number(struct stream *stream)
{
	const uint8_t shift = take8(stream) % 64;

	return (uint64_t)take16(stream) << shift;
}

static void put(uint8_t *to, uint64_t value)
{
	memcpy(to, &value, sizeof(value));
}

/* Like Linux's kho_radix_add_page(), until the pages are used up. */
static void preserve(uint64_t pa, unsigned int order)
{
	const uint64_t key = 1ull << (52 - order) | pa >> (12 + order);
	uint8_t *page = bytes + PG_PAGE_SIZE;

	for (unsigned int left = LEVELS; left; left--) {
		uint8_t *entry = page + (key >> (15 + 9 * (left - 1)) & 511) * 8;

		if (!pg_load64(entry)) {
			if (nr_pages == PAGES)
				return;
			put(entry, MEMORY + PG_PAGE_SIZE * nr_pages++);
		}
		page = bytes + (pg_load64(entry) - MEMORY);
	}
	page[(key & 32767) / 8] |= (uint8_t)(1u << (key & 7));
}

static void take_ranges(struct stream *stream)
{
	nr_taken = take8(stream) % (PG_POLICY_RANGES + 1);
	for (uint32_t i = 0; i < nr_taken; i++) {
		const uint64_t first = take_number(stream), size = take_number(stream);

		taken[i] = (struct pg_memory_range){
			first, first + size < first ? UINT64_MAX : first + size, "mem="
		};
	}
}

static void take_handed_over(struct pg_record *record, struct stream *stream)
{
	record->kho = (struct pg_kho_location){ .present = true, .scratch_pa = MEMORY };
	record->kho.fdt_pa = take_number(stream);
	record->kho.fdt_size = take16(stream);
	record->kho.scratch_size = 16u * (1u + take8(stream) % 8);
	for (uint64_t i = 0; i < record->kho.scratch_size; i += 8)
		put(bytes + i, take_number(stream));
	record->memory_map = MAP;
	for (uint8_t nr = take8(stream) % 16; nr; nr--) {
		const uint64_t pa = take_number(stream);

		preserve(pa, take8(stream) % 52);
	}
	for (uint8_t nr = take8(stream) % 8; nr; nr--) {
		const uint32_t offset = take32(stream) % (sizeof(bytes) - 8);

		put(bytes + offset, take64(stream));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	const struct pg_memory memory = { .map = map_pages };
	struct counter counter = { .memory = memory };
	const struct pg_memory counted = counted_memory(&counter);
	struct listing listing = { .memory = &memory };
	struct pg_record record = { 0 };
	struct pg_finding finding;
	enum pg_reason reason;

	memset(bytes, 0, sizeof(bytes));
	nr_pages = 2;
	take_ranges(&stream);
	take_handed_over(&record, &stream);
	reason = pg_record_check_kept(&counted, &record, taken, nr_taken, &finding);
	check_finding(reason, &finding);
	list_all(&listing, &record);
	REQUIRE(reason || !listing.taken);
	/*
	 * The core finds a reason only if there is one. It has a limit for how often a page is
	 * visited (PG_WORKSPACE_FULL).
	 */
	REQUIRE(!reason || reason == PG_WORKSPACE_FULL || listing.gone ||
		(reason == PG_NEXT_LOSES_MEMORY && listing.taken));
	return 0;
}
