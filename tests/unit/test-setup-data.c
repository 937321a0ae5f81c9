// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-setup-data.c - lib/record/setup_data.c: finds the KHO node in the list of struct setup_data.
 * tests/vectors/setup-data-* and kho-address-* have one damaged field each.
 */
#include "record-fixture.h"

#define NODE_PA(n) (0x10000u + (n)*0x100u)
#define TYPE_KHO 10
#define TYPE_SEED 9
#define FDT_PA 0x7000000u
#define SCRATCH_PA 0x7700000u

static struct pg_kho_location location;
static uint8_t *node;

static int setup(void **state)
{
	record_setup();
	mock_memory_add(&memory, SCRATCH_PA, 4096);
	memset(&location, 0x5a, sizeof(location));
	return 0;
}

static void put_node(uint8_t *at, uint64_t next, uint32_t type, uint32_t len)
{
	put64(at, next);
	put32(at + 8, type);
	put32(at + 12, len);
}

static void put_kho(uint8_t *at, uint64_t fdt_pa, uint64_t fdt_size)
{
	put64(at + 16, fdt_pa);
	put64(at + 24, fdt_size);
	put64(at + 32, SCRATCH_PA);
	put64(at + 40, 48);
}

/* Adds a node of @type in memory of exactly the size of a KHO node. */
static uint8_t *add_node(unsigned int n, uint64_t next, uint32_t type, uint32_t len)
{
	uint8_t *added = mock_memory_add(&memory, NODE_PA(n), 48);

	put_node(added, next, type, len);
	return added;
}

static uint8_t *add_kho_node(unsigned int n, uint64_t next)
{
	uint8_t *added = add_node(n, next, TYPE_KHO, 32);

	put_kho(added, FDT_PA, 4096);
	return added;
}

static enum pg_reason find_from(uint64_t pa)
{
	return pg_record_find_kho(&memory.interface, pa, &location, &finding);
}

static enum pg_reason find(void)
{
	return find_from(NODE_PA(0));
}

static void found(bool present)
{
	assert_int_equal(find(), PG_OK);
	assert_int_equal(location.present, present);
}

static void refused(enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(find(), &finding, reason, field, text);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(an_empty_list_has_no_kho)
{
	assert_int_equal(find_from(0), PG_OK);
	assert_false(location.present);
	assert_int_equal(location.fdt_pa, 0);
	assert_int_equal(location.fdt_size, 0);
}

TEST(a_kho_node_is_found)
{
	node = add_kho_node(0, 0);
	found(true);
	assert_int_equal(location.fdt_pa, FDT_PA);
	assert_int_equal(location.fdt_size, 4096);
	/* The fields have 64 bits. */
	put_kho(node, 0xfedcba9876543210u, 0x0123456789abcdefu);
	found(true);
	assert_true(location.fdt_pa == 0xfedcba9876543210u);
	assert_true(location.fdt_size == 0x0123456789abcdefu);
}

/* The list of a real handoff: RNG seed, KHO, EFI. */
TEST(a_kho_node_between_others_is_found)
{
	add_node(0, NODE_PA(1), TYPE_SEED, 32);
	add_kho_node(1, NODE_PA(2));
	put_node(mock_memory_add(&memory, NODE_PA(2), 40), 0, 4, 24);
	found(true);
	assert_int_equal(location.fdt_pa, FDT_PA);
}

TEST(a_list_without_kho_is_accepted)
{
	add_node(0, NODE_PA(1), TYPE_SEED, 32);
	add_node(1, 0, 11, 32);
	found(false);
}

/* Nodes of all types have this limit. */
TEST(a_node_must_lie_inside_memory)
{
	node = add_node(0, 0, TYPE_SEED, 32);
	found(false);
	put_node(node, 0, TYPE_SEED, 33);
	refused(PG_RECORD_OUTSIDE_MEMORY, "setup_data.len", "0x21");
	assert_int_equal(finding.at, NODE_PA(0) + 12);
	put_node(node, 0, TYPE_SEED, 0xffffffffu);
	refused(PG_RECORD_OUTSIDE_MEMORY, "setup_data.len", "0xffffffff");
	memory.ranges[1].len = 47;
	put_node(node, 0, TYPE_KHO, 32);
	refused(PG_RECORD_OUTSIDE_MEMORY, "setup_data: KHO node", "0x10000");
	memory.ranges[1].len = 15;
	refused(PG_RECORD_OUTSIDE_MEMORY, "boot_params.hdr.setup_data", "0x10000");
}

TEST(a_misaligned_node_is_refused)
{
	put_node(mock_memory_add(&memory, NODE_PA(0), 64), NODE_PA(0) + 12, TYPE_SEED, 4);
	refused(PG_RECORD_MALFORMED, "setup_data.next", "0x1000c");
	assert_finding(find_from(NODE_PA(0) + 1), &finding, PG_RECORD_MALFORMED,
		       "boot_params.hdr.setup_data", "0x10001");
}

/* No kernel writes SETUP_NONE, but cleared memory contains it. */
TEST(a_node_of_type_0_is_refused)
{
	add_node(0, 0, 0, 32);
	refused(PG_RECORD_MALFORMED, "setup_data.type", "0");
}

/* Linux would ignore a KHO node with a damaged type. */
TEST(a_kho_node_with_a_damaged_type_is_refused)
{
	uint8_t *fdt = mock_memory_add(&memory, FDT_PA, 40);
	uint32_t bit;

	node = add_kho_node(0, 0);
	put_kho(node, FDT_PA, 40);
	memcpy(fdt, "\xd0\x0d\xfe\xed", 4);
	for (bit = 0; bit < 32; bit++) {
		put_node(node, 0, TYPE_KHO ^ 1u << bit, 32);
		assert_int_equal(find(), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "setup_data.type of a KHO node");
	}
	/* This is an RNG seed of the same length. */
	memset(fdt, 0, 4);
	put_node(node, 0, TYPE_SEED, 32);
	found(false);
	memcpy(fdt, "\xd0\x0d\xfe\xed", 4);
	put64(node + 16, FDT_PA + 4);
	found(false);
	put64(node + 16, FDT_PA);
	put_node(node, 0, TYPE_SEED, 24);
	found(false);
}

TEST(an_indirect_node_is_ignored)
{
	put_node(add_kho_node(0, 0), 0, 0x80000000u | TYPE_KHO, 32);
	found(false);
}

/* Without scratch memory, the next kernel discards everything. */
TEST(bad_fields_are_refused)
{
	static const char size[] = "kho_data.scratch_size", fdt[] = "kho_data.fdt_addr",
			  len[] = "setup_data.len of the KHO node";
	static const struct bad_field rows[] = {
		{ &node, 12, 4, 33, PG_RECORD_MALFORMED, len, "33", NODE_PA(0) + 12 },
		{ &node, 12, 4, 0, PG_RECORD_MALFORMED, len, "0", NODE_PA(0) + 12 },
		{ &node, 12, 4, 0xffffffffu, PG_RECORD_MALFORMED, len, "4294967295",
		  NODE_PA(0) + 12 },
		{ &node, 16, 8, FDT_PA + 1, PG_RECORD_MALFORMED, fdt, "0x7000001",
		  NODE_PA(0) + 16 },
		{ &node, 16, 8, FDT_PA + 2, PG_RECORD_MALFORMED, fdt, "0x7000002",
		  NODE_PA(0) + 16 },
		{ &node, 16, 8, FDT_PA + 4, PG_RECORD_MALFORMED, fdt, "0x7000004",
		  NODE_PA(0) + 16 },
		{ &node, 40, 8, 0, PG_RECORD_MALFORMED, size, "0x0", NODE_PA(0) + 40 },
		{ &node, 40, 8, 47, PG_RECORD_MALFORMED, size, "0x2f", NODE_PA(0) + 40 },
		{ &node, 40, 8, 0x100010, PG_RECORD_MALFORMED, size, "0x100010", NODE_PA(0) + 40 },
		{ &node, 40, 8, 0x100000, PG_RECORD_OUTSIDE_MEMORY, "kho_data.scratch_addr",
		  "0x7700000", NODE_PA(0) + 32 },
	};

	node = add_kho_node(0, 0);
	refuse(rows, PG_ARRAY_SIZE(rows), find);
	put32(node + 12, 33);
	assert_int_equal(find(), PG_RECORD_MALFORMED);
	assert_false(location.present);
	put32(node + 12, 32);
	put64(node + 16, FDT_PA + 8);
	assert_int_equal(find(), PG_OK);
	put64(node + 40, 4096);
	assert_int_equal(find(), PG_OK);
	put64(node + 32, SCRATCH_PA + 16);
	refused(PG_RECORD_OUTSIDE_MEMORY, "kho_data.scratch_addr", "0x7700010");
}

/* The next kernel follows the list to its end, so damage after the KHO node counts. */
TEST(a_next_node_outside_memory_is_refused)
{
	node = add_kho_node(0, 0xdead0000u);
	refused(PG_RECORD_OUTSIDE_MEMORY, "setup_data.next", "0xdead0000");
	assert_int_equal(finding.at, NODE_PA(0));
	put_node(node, 0xfffffffffffffff8u, TYPE_SEED, 32);
	refused(PG_RECORD_OUTSIDE_MEMORY, "setup_data.next", "0xfffffffffffffff8");
}

/* Adds a chain of @nodes nodes. @end is the "next" of the last node. */
static void add_chain(unsigned int nodes, uint64_t end)
{
	uint8_t *bytes = mock_memory_add(&memory, NODE_PA(0), (uint64_t)nodes * 0x100);
	unsigned int i;

	for (i = 0; i < nodes; i++)
		put_node(bytes + i * 0x100, i + 1 < nodes ? NODE_PA(i + 1) : end, TYPE_SEED, 32);
}

TEST(a_list_has_at_most_256_nodes)
{
	add_chain(256, 0);
	assert_int_equal(find(), PG_OK);
	teardown(NULL);
	setup(NULL);
	add_chain(257, 0);
	refused(PG_WORKSPACE_FULL, "setup_data nodes: more than", "256");
	assert_int_equal(finding.at, NODE_PA(255));
}

TEST(loops_are_refused)
{
	static const unsigned int lengths[] = { 1, 2, 3, 10, 63, 64, 65, 127, 128 };
	static const unsigned int tails[] = { 0, 1, 2, 63, 127, 128 };
	unsigned int i, j;

	for (i = 0; i < PG_ARRAY_SIZE(lengths); i++) {
		for (j = 0; j < PG_ARRAY_SIZE(tails); j++) {
			mock_memory_end(&memory);
			mock_memory_begin(&memory);
			add_chain(tails[j] + lengths[i], NODE_PA(tails[j]));
			assert_int_equal(find(), PG_RECORD_LOOP);
			assert_string_equal(finding.field, "setup_data.next");
			assert_finding_is_printed(&finding);
		}
	}
}

/* The KHO node is part of the loop. */
TEST(a_loop_is_no_second_kho_node)
{
	node = add_kho_node(0, NODE_PA(0));
	refused(PG_RECORD_LOOP, "setup_data.next", "0x10000");
	put64(node, NODE_PA(1));
	node = add_node(1, NODE_PA(0), TYPE_SEED, 32);
	refused(PG_RECORD_LOOP, "setup_data.next", "0x10000");
	put_node(node, 0, TYPE_KHO, 32);
	put_kho(node, FDT_PA, 4096);
	refused(PG_RECORD_INCONSISTENT, "setup_data: second KHO node", "0x10100");
}
