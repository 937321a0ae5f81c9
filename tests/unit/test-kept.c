// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-kept.c - lib/record/kept.c: parameters of the command line must not take memory that KHO
 * hands over.
 */
#include "record-fixture.h"

#define TABLES_PA 0x1000000u
#define SCRATCH_PA 0x2000000u
#define FDT_PA 0x2100000u

static uint8_t *tables, *scratch;
static unsigned int nr_tables;

static int setup(void **state)
{
	record_setup();
	tables = mock_memory_add(&memory, TABLES_PA, 32 * 4096);
	nr_tables = 1;
	scratch = mock_memory_add(&memory, SCRATCH_PA, 4096);
	put64(scratch, 0x40000000);
	put64(scratch + 8, 0x1000000);
	put64(scratch + 16, 0x80000000u);
	put64(scratch + 24, 0x4000000);
	record = (struct pg_record){
		.kho = { .present = true,
			 .fdt_pa = FDT_PA,
			 .fdt_size = 4096,
			 .scratch_pa = SCRATCH_PA,
			 .scratch_size = 32 },
		.memory_map = TABLES_PA,
	};
	return 0;
}

/* Preserves 2^order pages at @pa, like kho_radix_add_page() in Linux. */
static void preserve(uint64_t pa, unsigned int order)
{
	const uint64_t key = 1ull << (52 - order) | pa >> (12 + order);
	uint8_t *table = tables;
	int shift;

	for (shift = 51; shift >= 15; shift -= 9) {
		uint8_t *entry = table + (key >> shift & 511) * 8;

		if (!pg_load64(entry))
			put64(entry, TABLES_PA + 4096 * nr_tables++);
		table = tables + (pg_load64(entry) - TABLES_PA);
	}
	table[(key & 32767) / 8] |= (uint8_t)(1u << (key & 7));
}

static enum pg_reason check(uint64_t first, uint64_t last)
{
	const struct pg_memory_range range = { first, last, "mem=" };

	return pg_record_check_kept(&memory.interface, &record, &range, 1, &finding);
}

static void assert_lost(uint64_t first, uint64_t last, const char *pa)
{
	assert_finding(check(first, last), &finding, PG_NEXT_LOSES_MEMORY, "mem=", pa);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(tree_and_scratch_areas_must_not_be_taken)
{
	assert_int_equal(check(0x84000000u, UINT64_MAX), PG_OK);
	assert_lost(0x83ffffffu, UINT64_MAX, "0x80000000");
	assert_int_equal(check(0x41000000, 0x7fffffff), PG_OK);
	assert_lost(0x40ffffff, 0x7fffffff, "0x40000000");
	assert_lost(0x41000000, 0x80000000u, "0x80000000");
	assert_int_equal(check(FDT_PA + 4096, 0x3fffffff), PG_OK);
	assert_lost(FDT_PA + 4095, 0x3fffffff, "0x2100000");
	assert_lost(SCRATCH_PA, SCRATCH_PA, "0x2000000");
	assert_int_equal(check(SCRATCH_PA + 32, FDT_PA - 1), PG_OK);
	/* A range that would wrap to address 0 ends at the end of memory. */
	put64(scratch + 8, 0xffffffffc0000001u);
	assert_lost(0x84000000u, UINT64_MAX, "0x40000000");
	assert_int_equal(check(0x3000000, 0x3fffffff), PG_OK);
}

TEST(preserved_pages_must_not_be_taken)
{
	preserve(0x123456000, 0);
	preserve(0x200000000, 10);
	preserve(0xfffffffc00000, 10);
	assert_lost(0x100000000, UINT64_MAX, "0x123456000");
	assert_lost(0x123456fff, 0x123456fff, "0x123456000");
	assert_int_equal(check(0x123457000, 0x1ffffffff), PG_OK);
	assert_int_equal(check(0x100000000, 0x123455fff), PG_OK);
	assert_lost(0x2003fffff, 0x2003fffff, "0x200000000");
	assert_int_equal(check(0x200400000, 0xfffffffbfffff), PG_OK);
	assert_lost(0x200400000, UINT64_MAX, "0xfffffffc00000");
	assert_int_equal(check(0x10000000000000, UINT64_MAX), PG_OK);
}

/* Linux cuts it at the end of the address space (memblock_cap_size()). */
TEST(a_scratch_area_that_is_too_long_ends_with_memory)
{
	uint8_t *area = mock_memory_add(&memory, SCRATCH_PA + 4096, 4096);

	record.kho.scratch_pa = SCRATCH_PA + 4096;
	record.kho.scratch_size = 16;
	put64(area, 0x80000000u);
	put64(area + 8, UINT64_MAX);
	assert_int_equal(check(0x70000000, 0x7fffffff), PG_OK);
	assert_lost(0x84000000u, UINT64_MAX, "0x80000000");
	assert_lost(UINT64_MAX, UINT64_MAX, "0x80000000");
}

/* A range may also cross the end of a bitmap. */
TEST(a_range_may_begin_and_end_at_any_page)
{
	uint64_t pa;

	preserve(0x123458000, 0);
	preserve(0x140000000, 0);
	preserve(0x147fff000, 0);
	for (pa = 0x123450000; pa <= 0x123458000; pa += 4096)
		assert_lost(pa, pa + 0x8fff, "0x123458000");
	assert_lost(0x13ffff000, 0x140000000, "0x140000000");
	assert_lost(0x140001000, 0x148000000, "0x147fff000");
	assert_int_equal(check(0x140001000, 0x147ffefff), PG_OK);
}

TEST(a_damaged_map_is_refused)
{
	unsigned int i;

	put64(tables + 2 * 8, TABLES_PA + 8);
	assert_finding(check(0x100000000, UINT64_MAX), &finding, PG_RECORD_OUTSIDE_MEMORY,
		       "kho_radix_node.table", "0x1000008");
	put64(tables + 2 * 8, 0x9000000);
	assert_finding(check(0x100000000, UINT64_MAX), &finding, PG_RECORD_OUTSIDE_MEMORY,
		       "kho_radix_node.table", "0x9000000");
	/* Each of five tables leads to the next with all its entries. */
	for (i = 0; i < 5 * 512; i++)
		put64(tables + i * 8, TABLES_PA + (i / 512 + 1) * 4096);
	assert_finding(check(0x100000000, UINT64_MAX), &finding, PG_WORKSPACE_FULL,
		       "pages of the map of preserved memory: more than", "16384");
}
