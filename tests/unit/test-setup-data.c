// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-setup-data.c - lib/record/setup_data.c: the list of struct setup_data and the KHO node in
 * it.
 */
#include "finding.h"
#include "mock-memory.h"
#include "unit.h"

#include <pcigate/record.h>

#define NODE_PA(n) (0x10000u + (n)*0x100u)
#define TYPE_KHO 10
#define FDT_PA 0x7000000u

#define SCRATCH_PA 0x7700000u

static struct mock_memory memory;
static struct pg_kho_location location;
static struct pg_finding finding;

static int setup(void **state)
{
	mock_memory_begin(&memory);
	mock_memory_add(&memory, SCRATCH_PA, 4096);
	memset(&location, 0x5a, sizeof(location));
	memset(&finding, 0, sizeof(finding));
	return 0;
}

static int teardown(void **state)
{
	mock_memory_end(&memory);
	return 0;
}

static void put_node(uint8_t *node, uint64_t next, uint32_t type, uint32_t len)
{
	put64(node, next);
	put32(node + 8, type);
	put32(node + 12, len);
}

static void put_kho(uint8_t *node, uint64_t fdt_pa, uint64_t fdt_size)
{
	put64(node + 16, fdt_pa);
	put64(node + 24, fdt_size);
	put64(node + 32, SCRATCH_PA);
	put64(node + 40, 48);
}

/* A node with an area of exactly its size around it. */
static uint8_t *add_kho_node(uint64_t pa, uint64_t next, uint64_t fdt_pa, uint64_t fdt_size)
{
	uint8_t *node = mock_memory_add(&memory, pa, 48);

	put_node(node, next, TYPE_KHO, 32);
	put_kho(node, fdt_pa, fdt_size);
	return node;
}

static enum pg_reason find(uint64_t pa)
{
	return pg_record_find_kho(&memory.seam, pa, &location, &finding);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(empty_list)
{
	assert_int_equal(find(0), PG_OK);
	assert_false(location.present);
	assert_int_equal(location.fdt_pa, 0);
	assert_int_equal(location.fdt_size, 0);
}

TEST(kho_node_alone)
{
	add_kho_node(NODE_PA(0), 0, FDT_PA, 4096);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	assert_true(location.present);
	assert_int_equal(location.fdt_pa, FDT_PA);
	assert_int_equal(location.fdt_size, 4096);
}

/* All 64 bits of each field count. */
TEST(fields_are_64_bits_wide)
{
	add_kho_node(NODE_PA(0), 0, 0xfedcba9876543210u, 0x0123456789abcdefu);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	assert_true(location.fdt_pa == 0xfedcba9876543210u);
	assert_true(location.fdt_size == 0x0123456789abcdefu);
}

/* As a real handoff leaves it: RNG seed, KHO, EFI. */
TEST(kho_node_between_others)
{
	put_node(mock_memory_add(&memory, NODE_PA(0), 48), NODE_PA(1), 9, 32);
	add_kho_node(NODE_PA(1), NODE_PA(2), FDT_PA, 4096);
	put_node(mock_memory_add(&memory, NODE_PA(2), 40), 0, 4, 24);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	assert_true(location.present);
	assert_int_equal(location.fdt_pa, FDT_PA);
}

TEST(list_without_kho)
{
	put_node(mock_memory_add(&memory, NODE_PA(0), 48), NODE_PA(1), 9, 32);
	put_node(mock_memory_add(&memory, NODE_PA(1), 48), 0, 11, 32);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	assert_false(location.present);
}

/* As long as it says: a node of any type that leads out of memory was damaged. */
TEST(node_cut_by_memory)
{
	uint8_t *node = mock_memory_add(&memory, NODE_PA(0), 48);

	put_node(node, 0, 9, 32);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	put_node(node, 0, 9, 33);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY, "setup_data.len",
		       "0x21");
	assert_int_equal(finding.at, NODE_PA(0) + 12);
	put_node(node, 0, 9, 0xffffffffu);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY, "setup_data.len",
		       "0xffffffff");
}

TEST(node_misaligned)
{
	put_node(mock_memory_add(&memory, NODE_PA(0), 64), NODE_PA(0) + 12, 9, 4);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "setup_data.next",
		       "0x1000c");
	assert_finding(find(NODE_PA(0) + 1), &finding, PG_RECORD_MALFORMED,
		       "boot_params.hdr.setup_data", "0x10001");
}

/* No kernel writes SETUP_NONE: cleared memory looks like it. */
TEST(node_of_no_type)
{
	uint8_t *node = mock_memory_add(&memory, NODE_PA(0), 48);

	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "setup_data.type", "0");
	assert_int_equal(finding.at, NODE_PA(0) + 8);
	put_node(node, 0, 0, 32);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "setup_data.type", "0");
}

/* Linux would ignore it. */
TEST(type_of_a_kho_node_damaged)
{
	uint8_t *node = mock_memory_add(&memory, NODE_PA(0), 48);
	uint8_t *fdt = mock_memory_add(&memory, FDT_PA, 40);
	uint32_t bit;

	put_kho(node, FDT_PA, 40);
	memcpy(fdt, "\xd0\x0d\xfe\xed", 4);
	for (bit = 0; bit < 32; bit++) {
		put_node(node, 0, TYPE_KHO ^ 1u << bit, 32);
		assert_int_equal(find(NODE_PA(0)), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "setup_data.type of a KHO node");
	}
	/* What an RNG seed of this length looks like. */
	memset(fdt, 0, 4);
	put_node(node, 0, 9, 32);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	memcpy(fdt, "\xd0\x0d\xfe\xed", 4);
	put64(node + 16, FDT_PA + 4);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	put64(node + 16, FDT_PA);
	put_node(node, 0, 9, 24);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
}

TEST(indirect_node_is_ignored)
{
	uint8_t *node = mock_memory_add(&memory, NODE_PA(0), 48);

	put_node(node, 0, 0x80000000u | TYPE_KHO, 32);
	put_kho(node, FDT_PA, 4096);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	assert_false(location.present);
}

TEST(second_kho_node)
{
	add_kho_node(NODE_PA(0), NODE_PA(1), FDT_PA, 4096);
	add_kho_node(NODE_PA(1), 0, FDT_PA, 4096);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_INCONSISTENT,
		       "setup_data: second KHO node", "0x10100");
}

TEST(node_too_short)
{
	uint8_t *node = add_kho_node(NODE_PA(0), 0, FDT_PA, 4096);

	put_node(node, 0, TYPE_KHO, 31);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED,
		       "setup_data.len of the KHO node", "31");
	assert_int_equal(finding.at, NODE_PA(0) + 12);
	put_node(node, 0, TYPE_KHO, 0);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED,
		       "setup_data.len of the KHO node", "0");
}

TEST(node_longer_than_expected)
{
	uint8_t *node = add_kho_node(NODE_PA(0), 0, FDT_PA, 4096);

	put_node(node, 0, TYPE_KHO, 33);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED,
		       "setup_data.len of the KHO node", "33");
	put_node(node, 0, TYPE_KHO, 0xffffffffu);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED,
		       "setup_data.len of the KHO node", "4294967295");
	assert_false(location.present);
}

/* Without scratch memory the next kernel drops everything. */
TEST(scratch_areas)
{
	uint8_t *node = add_kho_node(NODE_PA(0), 0, FDT_PA, 4096);

	put64(node + 40, 0);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "kho_data.scratch_size",
		       "0x0");
	put64(node + 40, 47);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "kho_data.scratch_size",
		       "0x2f");
	put64(node + 40, 0x100010);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "kho_data.scratch_size",
		       "0x100010");
	put64(node + 40, 4096);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
	put64(node + 32, SCRATCH_PA + 16);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY,
		       "kho_data.scratch_addr", "0x7700010");
}

TEST(content_outside_memory)
{
	put_node(mock_memory_add(&memory, NODE_PA(0), 47), 0, TYPE_KHO, 32);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY, "setup_data: KHO node",
		       "0x10000");
}

TEST(head_outside_memory)
{
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY,
		       "boot_params.hdr.setup_data", "0x10000");
	/* One byte of the header is missing. */
	mock_memory_add(&memory, NODE_PA(0), 15);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY,
		       "boot_params.hdr.setup_data", "0x10000");
}

TEST(next_outside_memory)
{
	put_node(mock_memory_add(&memory, NODE_PA(0), 48), 0xfffffffffffffff8u, 9, 32);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY, "setup_data.next",
		       "0xfffffffffffffff8");
	assert_int_equal(finding.at, NODE_PA(0));
}

/* The damage behind the KHO node counts as well: the next kernel follows the list to its end. */
TEST(damage_behind_the_kho_node)
{
	add_kho_node(NODE_PA(0), 0xdead0000u, FDT_PA, 4096);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_OUTSIDE_MEMORY, "setup_data.next",
		       "0xdead0000");
}

TEST(fdt_address_zero)
{
	add_kho_node(NODE_PA(0), 0, 0, 4096);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "kho_data.fdt_addr", "0x0");
	assert_int_equal(finding.at, NODE_PA(0) + 16);
}

TEST(fdt_address_misaligned)
{
	uint64_t off;

	for (off = 1; off < 8; off++) {
		char text[24];

		put_kho(off == 1 ? add_kho_node(NODE_PA(0), 0, 0, 0) : memory.ranges[1].bytes,
			FDT_PA + off, 4096);
		snprintf(text, sizeof(text), "0x%x", (unsigned int)(FDT_PA + off));
		assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_MALFORMED, "kho_data.fdt_addr",
			       text);
	}
	put_kho(memory.ranges[1].bytes, FDT_PA + 8, 4096);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
}

/* A chain of @nodes nodes, each leading to the one behind it; the last one leads to @end. */
static void add_chain(unsigned int nodes, uint64_t end)
{
	uint8_t *bytes = mock_memory_add(&memory, NODE_PA(0), (uint64_t)nodes * 0x100);
	unsigned int i;

	for (i = 0; i < nodes; i++)
		put_node(bytes + i * 0x100, i + 1 < nodes ? NODE_PA(i + 1) : end, 9, 32);
}

TEST(longest_list)
{
	add_chain(256, 0);
	assert_int_equal(find(NODE_PA(0)), PG_OK);
}

TEST(list_one_too_long)
{
	add_chain(257, 0);
	assert_finding(find(NODE_PA(0)), &finding, PG_WORKSPACE_FULL, "setup_data nodes: more than",
		       "256");
	assert_int_equal(finding.at, NODE_PA(255));
}

TEST(loops)
{
	static const unsigned int lengths[] = { 1, 2, 3, 10, 63, 64, 65, 127, 128 };
	static const unsigned int tails[] = { 0, 1, 2, 63, 127, 128 };
	unsigned int i, j;

	for (i = 0; i < PG_ARRAY_SIZE(lengths); i++) {
		for (j = 0; j < PG_ARRAY_SIZE(tails); j++) {
			const unsigned int tail = tails[j];

			mock_memory_end(&memory);
			mock_memory_begin(&memory);
			add_chain(tail + lengths[i], NODE_PA(tail));
			assert_int_equal(find(NODE_PA(0)), PG_RECORD_LOOP);
			assert_string_equal(finding.field, "setup_data.next");
			assert_finding_is_told(&finding);
		}
	}
}

/* A loop that holds the KHO node is a loop, not two KHO nodes. */
TEST(loop_through_the_kho_node)
{
	add_kho_node(NODE_PA(0), NODE_PA(1), FDT_PA, 4096);
	put_node(mock_memory_add(&memory, NODE_PA(1), 48), NODE_PA(0), 9, 32);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_LOOP, "setup_data.next", "0x10000");
}

TEST(kho_node_that_leads_to_itself)
{
	add_kho_node(NODE_PA(0), NODE_PA(0), FDT_PA, 4096);
	assert_finding(find(NODE_PA(0)), &finding, PG_RECORD_LOOP, "setup_data.next", "0x10000");
}
