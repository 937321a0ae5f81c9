// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-pci-flb.c - lib/record/pci_flb.c and blocks.c: read struct pci_ser and its chain of blocks,
 * and sort the functions. tests/vectors/pci-*, block-* and flb-data-* have one damaged field each.
 */
#include "record-fixture.h"

#define SER_PA 0x7000000u
#define BLOCK_PA(n) (0x8000000u + (n)*0x1000u)
#define ENTRIES_A_BLOCK 510u
#define CAPACITY 4u

static uint8_t *ser, *blocks;
static struct pg_blob pci;
static struct pg_record_entry entries[3 * ENTRIES_A_BLOCK];

static int setup(void **state)
{
	record_setup();
	ser = mock_memory_add(&memory, SER_PA, 16);
	pci = (struct pg_blob){ .present = true, .pa = SER_PA };
	memset(entries, 0x5a, sizeof(entries));
	return 0;
}

static void put_ser(uint32_t version, uint32_t nr_devices, uint64_t devices)
{
	put32(ser, version);
	put32(ser + 4, nr_devices);
	put64(ser + 8, devices);
}

static void put_header(unsigned int n, uint64_t next, uint64_t count)
{
	put64(blocks + n * 4096, next);
	put64(blocks + n * 4096 + 8, count);
}

/* Adds a chain of @nr blocks with one free slot each. @end is the "next" of the last block. */
static void add_blocks(unsigned int nr, uint64_t end)
{
	unsigned int i;

	blocks = mock_memory_add(&memory, BLOCK_PA(0), (uint64_t)nr * 4096);
	for (i = 0; i < nr; i++)
		put_header(i, i + 1 < nr ? BLOCK_PA(i + 1) : end, 1);
}

static void put_dev(unsigned int n, unsigned int slot, uint32_t domain, uint16_t bdf,
		    uint16_t refcount)
{
	uint8_t *dev = blocks + n * 4096 + 16 + slot * 8;

	put32(dev, domain);
	put16(dev + 4, bdf);
	put16(dev + 6, refcount);
}

static void one_block(uint32_t nr_devices, uint64_t count)
{
	add_blocks(1, 0);
	put_ser(2, nr_devices, BLOCK_PA(0));
	put_header(0, 0, count);
}

static enum pg_reason read_up_to(uint32_t capacity)
{
	return pg_record_read_pci(&memory.interface, &pci, &record, entries, capacity, &finding);
}

static enum pg_reason read_pci(void)
{
	return read_up_to(CAPACITY);
}

static void refused_at(uint64_t address, enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(read_pci(), &finding, reason, field, text);
	assert_int_equal(finding.at, address);
}

static void assert_entry(unsigned int i, uint32_t segment, uint8_t bus, uint8_t devfn,
			 uint16_t refcount)
{
	assert_true(i < record.nr);
	assert_int_equal(record.entries[i].at.segment, segment);
	assert_int_equal(record.entries[i].at.bus, bus);
	assert_int_equal(record.entries[i].at.devfn, devfn);
	assert_int_equal(record.entries[i].refcount, refcount);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(a_device_is_read)
{
	one_block(1, 1);
	put_dev(0, 0, 0x12345678, 0xe1a5, 0xffff);
	assert_int_equal(read_pci(), PG_OK);
	assert_int_equal(record.pci_version, 2);
	assert_int_equal(record.nr, 1);
	assert_entry(0, 0x12345678, 0xe1, 0xa5, 0xffff);
}

TEST(bad_fields_are_refused)
{
	static const char version[] = "pci_ser.version", count[] = "kho_block_header_ser.count",
			  nr[] = "pci_ser.nr_devices", devices[] = "pci_ser.devices",
			  next[] = "kho_block_header_ser.next";
	static const struct bad_field rows[] = {
		{ &ser, 0, 4, 256, PG_RECORD_VERSION, version, "256", SER_PA },
		{ &ser, 0, 4, 0xffffffff, PG_RECORD_VERSION, version, "4294967295", SER_PA },
		{ &ser, 4, 4, 1, PG_RECORD_INCONSISTENT, nr, "1, but 2 are recorded", SER_PA + 4 },
		{ &ser, 4, 4, 3, PG_RECORD_INCONSISTENT, nr, "3, but 2 are recorded", SER_PA + 4 },
		{ &ser, 8, 8, 0, PG_RECORD_INCONSISTENT, nr, "2, but 0 are recorded", SER_PA + 4 },
		{ &ser, 8, 8, BLOCK_PA(0) + 8, PG_RECORD_MALFORMED, devices, "0x8000008",
		  SER_PA + 8 },
		{ &ser, 8, 8, BLOCK_PA(0) + 2048, PG_RECORD_MALFORMED, devices, "0x8000800",
		  SER_PA + 8 },
		{ &blocks, 0, 8, 0x9000010, PG_RECORD_MALFORMED, next, "0x9000010", BLOCK_PA(0) },
		{ &blocks, 8, 8, UINT64_MAX, PG_RECORD_MALFORMED, count, "18446744073709551615",
		  BLOCK_PA(0) + 8 },
		/* Linux refuses the whole chain if one block has no entries. */
		{ &blocks, 4096 + 8, 8, 0, PG_RECORD_MALFORMED, count, "0", BLOCK_PA(1) + 8 },
	};

	add_blocks(2, 0);
	put_ser(2, 2, BLOCK_PA(0));
	put_header(0, BLOCK_PA(1), 2);
	put_dev(0, 0, 0, 0x0100, 1);
	put_dev(0, 1, 0, 0x0200, 1);
	refuse(rows, PG_ARRAY_SIZE(rows), read_pci);
}

TEST(an_impossible_address_is_refused)
{
	static const char data[] = "luo_flb_ser.data";
	uint64_t off;

	put_ser(3, 0, 0);
	assert_int_equal(read_pci(), PG_RECORD_VERSION);
	assert_int_equal(record.pci_version, 0);
	put_ser(2, 0, 0);
	assert_int_equal(read_pci(), PG_OK);
	assert_int_equal(record.pci_version, 2);
	assert_int_equal(record.nr, 0);
	pci.pa = 0;
	refused_at(0, PG_RECORD_MALFORMED, data, "0x0");
	for (off = 1; off < 8; off++) {
		pci.pa = SER_PA + off;
		assert_int_equal(read_pci(), PG_RECORD_MALFORMED);
	}
	pci.pa = 0xfffffffffffffff8u;
	refused_at(0, PG_RECORD_OUTSIDE_MEMORY, data, "0xfffffffffffffff8");
	pci.pa = SER_PA;
	memory.ranges[0].len = 15;
	refused_at(0, PG_RECORD_OUTSIDE_MEMORY, data, "0x7000000");
}

/* A block is always a whole page. */
TEST(a_block_must_lie_inside_memory)
{
	one_block(0, 1);
	assert_int_equal(read_pci(), PG_OK);
	memory.ranges[1].len = 4095;
	refused_at(SER_PA + 8, PG_RECORD_OUTSIDE_MEMORY, "pci_ser.devices", "0x8000000");
}

/* Nothing after the block is read. */
TEST(the_last_slot_of_a_block_is_read)
{
	unsigned int i;

	one_block(ENTRIES_A_BLOCK, ENTRIES_A_BLOCK);
	for (i = 0; i < ENTRIES_A_BLOCK; i++)
		put_dev(0, i, 0, (uint16_t)i, 1);
	assert_int_equal(read_up_to(ENTRIES_A_BLOCK), PG_OK);
	assert_int_equal(record.nr, ENTRIES_A_BLOCK);
	assert_entry(ENTRIES_A_BLOCK - 1, 0, 1, 0xfd, 1);
}

TEST(free_slots_are_skipped)
{
	add_blocks(2, 0);
	put_ser(2, 3, BLOCK_PA(0));
	put_header(0, BLOCK_PA(1), 4);
	put_header(1, 0, 2);
	put_dev(0, 0, 0, 0x0100, 0);
	put_dev(0, 1, 0, 0x0200, 1);
	put_dev(0, 2, 0, 0x0200, 0);
	put_dev(0, 3, 0, 0x0018, 2);
	put_dev(0, 4, 0, 0x0500, 1); /* beyond the count */
	put_dev(1, 0, 0, 0x0300, 1);
	put_dev(1, 1, 0, 0x0400, 0);
	assert_int_equal(read_up_to(3), PG_OK);
	assert_int_equal(record.nr, 3);
	assert_entry(0, 0, 0, 0x18, 2);
	assert_entry(1, 0, 2, 0, 1);
	assert_entry(2, 0, 3, 0, 1);
}

TEST(more_functions_than_the_capacity_are_refused)
{
	unsigned int i;

	one_block(CAPACITY, CAPACITY);
	for (i = 0; i < CAPACITY + 1; i++)
		put_dev(0, i, 0, (uint16_t)(0x0100 + i), 1);
	assert_int_equal(read_pci(), PG_OK);
	assert_int_equal(record.nr, CAPACITY);
	put_ser(2, CAPACITY + 1, BLOCK_PA(0));
	put_header(0, 0, CAPACITY + 1);
	assert_finding(read_pci(), &finding, PG_WORKSPACE_FULL, "preserved functions: more than",
		       "4");
	/* Nothing is written beyond the array. */
	assert_int_equal(entries[CAPACITY].refcount, 0x5a5a);
}

/* The functions are in one block or in two. */
TEST(every_order_of_four_is_sorted)
{
	static const struct {
		uint32_t domain;
		uint16_t bdf;
	} devices[] = { { 0, 0x00ff }, { 0, 0xff00 }, { 1, 0x0001 }, { 0x10000, 0 } };
	unsigned int order[4], n;

	add_blocks(2, 0);
	put_ser(2, 4, BLOCK_PA(0));
	for (n = 0; n < 256; n++) {
		const unsigned int first = 1 + n % 3;
		unsigned int i, seen = 0;

		for (i = 0; i < 4; i++) {
			order[i] = n >> 2 * i & 3;
			seen |= 1u << order[i];
		}
		if (seen != 15)
			continue;
		put_header(0, BLOCK_PA(1), first);
		put_header(1, 0, 4 - first);
		for (i = 0; i < 4; i++)
			put_dev(i >= first, i >= first ? i - first : i, devices[order[i]].domain,
				devices[order[i]].bdf, (uint16_t)(order[i] + 1));
		assert_int_equal(read_pci(), PG_OK);
		assert_entry(0, 0, 0x00, 0xff, 1);
		assert_entry(1, 0, 0xff, 0x00, 2);
		assert_entry(2, 1, 0x00, 0x01, 3);
		assert_entry(3, 0x10000, 0, 0, 4);
	}
}

TEST(many_functions_are_sorted)
{
	const unsigned int nr = 3 * ENTRIES_A_BLOCK;
	unsigned int i;

	add_blocks(3, 0);
	put_ser(2, nr, BLOCK_PA(0));
	for (i = 0; i < nr; i++) {
		put_header(i / ENTRIES_A_BLOCK,
			   i / ENTRIES_A_BLOCK < 2 ? BLOCK_PA(i / ENTRIES_A_BLOCK + 1) : 0,
			   ENTRIES_A_BLOCK);
		/* 7919 and nr have no common divisor, so this is a permutation. */
		put_dev(i / ENTRIES_A_BLOCK, i % ENTRIES_A_BLOCK, 0, (uint16_t)(i * 7919u % nr), 1);
	}
	assert_int_equal(read_up_to(nr), PG_OK);
	for (i = 0; i < nr; i++)
		assert_entry(i, 0, (uint8_t)(i >> 8), (uint8_t)i, 1);
}

TEST(a_function_recorded_twice_is_refused)
{
	static const char field[] = "pci_dev_ser.bdf: recorded twice";

	add_blocks(2, 0);
	put_ser(2, 3, BLOCK_PA(0));
	put_header(0, BLOCK_PA(1), 2);
	put_dev(0, 0, 1, 0x0508, 1);
	put_dev(0, 1, 0, 0x0100, 1);
	put_dev(1, 0, 1, 0x0508, 2);
	refused_at(0, PG_RECORD_INCONSISTENT, field, "0001:05:01.0");
	assert_int_equal(record.nr, 0);
	/* The first two of the sorted list are the same. */
	put_dev(0, 0, 0, 0x0100, 1);
	refused_at(0, PG_RECORD_INCONSISTENT, field, "0000:01:00.0");
}

TEST(same_bdf_in_two_segments_is_two_devices)
{
	one_block(3, 3);
	put_dev(0, 0, 1, 0x0508, 1);
	put_dev(0, 1, 0, 0x0508, 1);
	/* A sort key with too few bits would lose bit 31. */
	put_dev(0, 2, 0x80000000, 0x0508, 1);
	assert_int_equal(read_pci(), PG_OK);
	assert_int_equal(record.nr, 3);
	assert_entry(0, 0, 5, 8, 1);
	assert_entry(1, 1, 5, 8, 1);
	assert_entry(2, 0x80000000, 5, 8, 1);
}

TEST(loops_are_refused)
{
	static const unsigned int lengths[] = { 1, 2, 3, 4, 7, 8, 10 };
	unsigned int i, tail;

	for (i = 0; i < PG_ARRAY_SIZE(lengths); i++) {
		for (tail = 0; tail < 12; tail++) {
			teardown(NULL);
			setup(NULL);
			add_blocks(tail + lengths[i], BLOCK_PA(tail));
			put_ser(2, 0, BLOCK_PA(0));
			assert_int_equal(read_pci(), PG_RECORD_LOOP);
			assert_string_equal(finding.field, "kho_block_header_ser.next");
			assert_finding_is_printed(&finding);
			/* The reader finds the loop after a few rounds. */
			assert_true(memory.nr_copies <= 4 * (tail + lengths[i]) + 4);
		}
	}
}

TEST(a_loop_is_found_before_the_workspace_is_full)
{
	one_block(3, 3);
	put_header(0, BLOCK_PA(0), 3);
	put_dev(0, 0, 0, 1, 1);
	put_dev(0, 1, 0, 2, 1);
	put_dev(0, 2, 0, 3, 1);
	refused_at(BLOCK_PA(0), PG_RECORD_LOOP, "kho_block_header_ser.next", "0x8000000");
}

/* All blocks of this memory are in one page. */
static const void *endless(void *ctx, uint64_t pa, uint64_t len)
{
	static uint8_t page[4096];
	const uint64_t last = *(const uint64_t *)ctx;

	assert_true(len <= sizeof(page));
	if (pa == SER_PA) {
		put32(page, 2);
		put32(page + 4, 0);
		put64(page + 8, BLOCK_PA(1));
	} else {
		put64(page, pa == last ? 0 : pa + 4096);
		put64(page + 8, 1);
	}
	return page;
}

TEST(a_chain_has_at_most_10000_blocks)
{
	uint64_t last = BLOCK_PA(10000u);
	const struct pg_memory chain = { .map = endless, .ctx = &last };

	assert_int_equal(pg_record_read_pci(&chain, &pci, &record, entries, CAPACITY, &finding),
			 PG_OK);
	last = BLOCK_PA(10001u);
	assert_finding(pg_record_read_pci(&chain, &pci, &record, entries, CAPACITY, &finding),
		       &finding, PG_WORKSPACE_FULL, "blocks in a chain: more than", "10000");
}

TEST(the_first_entry_not_below_an_address_is_found)
{
	static const struct pg_record_entry some[] = {
		{ .at = { 0, 0, 8 } },
		{ .at = { 0, 3, 0 } },
		{ .at = { 0, 3, 1 } },
		{ .at = { 2, 0, 0 } },
	};
	static const struct {
		struct pg_bdf at;
		uint32_t index;
	} rows[] = {
		{ { 0, 0, 0 }, 0 },	  { { 0, 0, 8 }, 0 },
		{ { 0, 0, 9 }, 1 },	  { { 0, 3, 0 }, 1 },
		{ { 0, 3, 1 }, 2 },	  { { 0, 3, 2 }, 3 },
		{ { 1, 0xff, 0xff }, 3 }, { { 2, 0, 0 }, 3 },
		{ { 2, 0, 1 }, 4 },	  { { 0xffffffff, 0xff, 0xff }, 4 },
	};
	const struct pg_record sorted = { .nr = 4, .entries = some };
	const struct pg_record none = { 0 };
	size_t i;

	assert_int_equal(pg_record_find(&none, pg_bdf(0, 0, 0)), 0);
	for (i = 0; i < PG_ARRAY_SIZE(rows); i++)
		assert_int_equal(pg_record_find(&sorted, rows[i].at), rows[i].index);
}
