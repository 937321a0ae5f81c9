// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-kho.c - lib/record/kho.c: the KHO root FDT.
 */
#include "fdt-writer.h"
#include "finding.h"
#include "mock-memory.h"
#include "unit.h"

#include <pcigate/record.h>

#define FDT_PA 0x7000000u

static struct mock_memory memory;
static uint8_t *fdt;
static struct pg_record record;
static struct pg_blob luo, own;
static struct pg_finding finding;

static int setup(void **state)
{
	mock_memory_begin(&memory);
	mock_memory_add(&memory, MEMORY_MAP_PA, 4096);
	fdt = mock_memory_add(&memory, FDT_PA, FDT_BYTES);
	memset(&record, 0, sizeof(record));
	memset(&luo, 0x5a, sizeof(luo));
	memset(&finding, 0, sizeof(finding));
	return 0;
}

static int teardown(void **state)
{
	mock_memory_end(&memory);
	return 0;
}

static enum pg_reason read_size(uint64_t size)
{
	const struct pg_kho_location location = { .present = true,
						  .fdt_pa = FDT_PA,
						  .fdt_size = size };

	return pg_record_read_kho(&memory.seam, &location, &record, &luo, &own, &finding);
}

static enum pg_reason read_fdt(void)
{
	return read_size(FDT_BYTES);
}

static void compatible(const void *value, int len)
{
	fdt_begin(fdt);
	assert_int_equal(fdt_property(fdt, "compatible", value, len), 0);
	fdt_end(fdt);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(as_the_kernel_writes_it)
{
	fdt_kho_v4(fdt, 0xfedcba9876543000u, 0x123456789au);
	assert_int_equal(read_fdt(), PG_OK);
	assert_true(luo.present);
	assert_true(luo.pa == 0xfedcba9876543000u);
	assert_true(luo.size == 0x123456789au);
	assert_string_equal(record.kho_version, "kho-v4");
}

static void put_map(const char *name, uint64_t map)
{
	fdt_begin(fdt);
	fdt_property_string(fdt, "compatible", "kho-v4");
	fdt_u64_native(fdt, name, map);
	fdt_child(fdt, "LUO", 0x4000000, 4096);
	fdt_end(fdt);
}

/* Without it the next kernel drops everything, so it must be there. */
TEST(map_of_preserved_memory)
{
	static const char field[] = "KHO FDT preserved-memory-map";

	put_map("preserved-memory-map", MEMORY_MAP_PA);
	assert_int_equal(read_fdt(), PG_OK);
	put_map("preserved-memory-mop", MEMORY_MAP_PA);
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, field, "missing");
	put_map("preserved-memory-map", 0);
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, field, "0x0");
	put_map("preserved-memory-map", MEMORY_MAP_PA + 8);
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, field, "0x3000008");
	put_map("preserved-memory-map", MEMORY_MAP_PA + 4096);
	assert_finding(read_fdt(), &finding, PG_RECORD_OUTSIDE_MEMORY, field, "0x3001000");
}

TEST(without_luo)
{
	fdt_begin_kho(fdt);
	fdt_child(fdt, "memblock", 0x4000000, 4096);
	fdt_end(fdt);
	assert_int_equal(read_fdt(), PG_OK);
	assert_false(luo.present);
	assert_int_equal(luo.pa, 0);
	assert_string_equal(record.kho_version, "kho-v4");
}

TEST(names_that_are_not_luo)
{
	static const char *const names[] = { "luo", "LU", "LUOX", "XLUO", "memblock" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(names); i++) {
		fdt_begin_kho(fdt);
		fdt_child(fdt, names[i], 0x4000000, 4096);
		fdt_end(fdt);
		assert_int_equal(read_fdt(), PG_OK);
		assert_false(luo.present);
	}
}

/* One or two bits from a name that is looked for: Linux would not find it and go on without. */
TEST(names_that_are_damaged)
{
	static const char *const names[] = { "MUO", "LUM", "Luo", "LUO\x01", "qcigate", "pcigatg" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(names); i++) {
		fdt_begin_kho(fdt);
		fdt_child(fdt, names[i], 0x4000000, 4096);
		fdt_end(fdt);
		assert_int_equal(read_fdt(), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "KHO FDT: name of a node");
	}
}

/* A property that is longer than all others has swallowed what follows. */
TEST(nodes_of_another_shape)
{
	fdt_begin_kho(fdt);
	fdt_begin_node(fdt, "memblock");
	assert_int_equal(
		fdt_property(fdt, "preserved-data", "0123456789abcdef0123456789abcdef01234567", 40),
		0);
	fdt_u64_native(fdt, "blob-size", 4096);
	fdt_end_node(fdt);
	fdt_end(fdt);
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED,
		       "KHO FDT: preserved-data of a node", "not 8 bytes long");
}

/* Only a child of the root counts. */
TEST(luo_below_another_node)
{
	fdt_begin_kho(fdt);
	fdt_begin_node(fdt, "other");
	fdt_u64_native(fdt, "preserved-data", 0x4000000);
	fdt_u64_native(fdt, "blob-size", 4096);
	fdt_child(fdt, "LUO", 0x4000000, 4096);
	fdt_end_node(fdt);
	fdt_end(fdt);
	assert_int_equal(read_fdt(), PG_OK);
	assert_false(luo.present);
}

/* libfdt's fdt_subnode_offset(), with which Linux looks for it, passes over a unit address. */
TEST(luo_with_a_unit_address)
{
	fdt_begin_kho(fdt);
	fdt_child(fdt, "LUO@0", 0x4000000, 4096);
	fdt_end(fdt);
	assert_true(fdt_subnode_offset(fdt, 0, "LUO") > 0);
	assert_int_equal(read_fdt(), PG_OK);
	assert_true(luo.present);
	assert_int_equal(luo.pa, 0x4000000);
}

TEST(second_luo)
{
	fdt_begin_kho(fdt);
	fdt_child(fdt, "LUO", 0x4000000, 4096);
	fdt_child(fdt, "LUO", 0x4000000, 4096);
	fdt_end(fdt);
	assert_finding(read_fdt(), &finding, PG_RECORD_INCONSISTENT, "KHO FDT: second node", "LUO");
	assert_int_equal(finding.at, FDT_PA);
	assert_false(luo.present);
}

TEST(other_versions)
{
	static const char *const versions[] = { "kho-v1",  "kho-v3", "kho-v5",
						"kho-v40", "kho-v",  "KHO-v4" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(versions); i++) {
		compatible(versions[i], (int)strlen(versions[i]) + 1);
		assert_finding(read_fdt(), &finding, PG_RECORD_VERSION, "KHO FDT compatible",
			       versions[i]);
		assert_int_equal(finding.at, FDT_PA);
		assert_string_equal(record.kho_version, "");
	}
}

TEST(version_without_its_zero)
{
	compatible("kho-v4", 6);
	assert_int_equal(read_fdt(), PG_RECORD_VERSION);
	assert_finding_is_told(&finding);
}

TEST(version_list)
{
	compatible("kho-v4\0kho-v3", 14);
	assert_int_equal(read_fdt(), PG_RECORD_VERSION);
	assert_finding_is_told(&finding);
}

TEST(version_empty)
{
	compatible("", 0);
	assert_finding(read_fdt(), &finding, PG_RECORD_VERSION, "KHO FDT compatible", "(empty)");
	compatible("", 1);
	assert_finding(read_fdt(), &finding, PG_RECORD_VERSION, "KHO FDT compatible", "(empty)");
}

TEST(version_missing)
{
	fdt_begin(fdt);
	fdt_child(fdt, "LUO", 0x4000000, 4096);
	fdt_end(fdt);
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, "KHO FDT compatible", "missing");
}

/* What the child holds; -1 leaves a property out. */
static void luo_with(int data_len, int size_len)
{
	static const uint8_t zero[16];

	fdt_begin_kho(fdt);
	fdt_begin_node(fdt, "LUO");
	if (data_len >= 0)
		fdt_property(fdt, "preserved-data", zero, data_len);
	if (size_len >= 0)
		fdt_property(fdt, "blob-size", zero, size_len);
	fdt_end_node(fdt);
	fdt_end(fdt);
}

TEST(properties_missing)
{
	luo_with(-1, 8);
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, "KHO FDT LUO/preserved-data",
		       "missing");
	assert_false(luo.present);
	luo_with(8, -1);
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size",
		       "missing");
	assert_false(luo.present);
}

TEST(properties_of_other_length)
{
	static const int lengths[] = { 0, 4, 7, 9, 16 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(lengths); i++) {
		luo_with(lengths[i], 8);
		assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED,
			       "KHO FDT LUO/preserved-data", "not 8 bytes long");
		luo_with(8, lengths[i]);
		assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size",
			       "not 8 bytes long");
		assert_false(luo.present);
	}
}

TEST(size_at_its_limits)
{
	fdt_kho_v4(fdt, 0x5000000, 32);
	assert_finding(read_size(0), &finding, PG_RECORD_MALFORMED, "kho_data.fdt_size", "0x0");
	assert_int_equal(finding.at, 0);
	assert_finding(read_size(39), &finding, PG_RECORD_MALFORMED, "kho_data.fdt_size", "0x27");
	/* A header alone is long enough to be looked at, and then found to be cut off. */
	assert_int_equal(read_size(40), PG_RECORD_MALFORMED);
	assert_string_equal(finding.field, "KHO FDT");
	assert_finding(read_size(0x100001), &finding, PG_RECORD_MALFORMED, "kho_data.fdt_size",
		       "0x100001");
	assert_finding(read_size(UINT64_MAX), &finding, PG_RECORD_MALFORMED, "kho_data.fdt_size",
		       "0xffffffffffffffff");
}

TEST(two_pages_and_the_most)
{
	mock_memory_end(&memory);
	mock_memory_begin(&memory);
	mock_memory_add(&memory, MEMORY_MAP_PA, 4096);
	fdt = mock_memory_add(&memory, FDT_PA, 0x100000);
	fdt_kho_v4(fdt, 0x5000000, 32);
	assert_int_equal(read_size(8192), PG_OK);
	assert_int_equal(read_size(0x100000), PG_OK);
	assert_true(luo.present);
}

TEST(outside_memory)
{
	fdt_kho_v4(fdt, 0x5000000, 32);
	assert_finding(read_size(FDT_BYTES + 1), &finding, PG_RECORD_OUTSIDE_MEMORY,
		       "kho_data.fdt_addr", "0x7000000");
	assert_int_equal(finding.at, 0);
}

/*
 * Cut at every length: none of them reads a byte too many (the sanitizer looks), and none opens the
 * way.
 */
TEST(truncated_anywhere)
{
	uint64_t size;

	fdt_kho_v4(fdt, 0x5000000, 32);
	for (size = 40; size < fdt_totalsize(fdt); size++) {
		assert_int_equal(read_size(size), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "KHO FDT");
		assert_finding_is_told(&finding);
		assert_false(luo.present);
	}
	assert_int_equal(read_size(fdt_totalsize(fdt)), PG_OK);
}

TEST(not_an_fdt)
{
	assert_finding(read_fdt(), &finding, PG_RECORD_MALFORMED, "KHO FDT", "FDT_ERR_BADMAGIC");
	assert_int_equal(finding.at, FDT_PA);
}

TEST(damaged_structure)
{
	fdt_kho_v4(fdt, 0x5000000, 32);
	/* Where the structure block ends there must be FDT_END. */
	put32(fdt + fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt) - 4, 0x77777777);
	assert_int_equal(read_fdt(), PG_RECORD_MALFORMED);
	assert_string_equal(finding.field, "KHO FDT");
	assert_finding_is_told(&finding);
}

/* Each bit of the blob turned once: whatever comes of it, there is an answer and no stray read. */
TEST(every_bit_turned)
{
	uint32_t bit, total;

	fdt_kho_v4(fdt, 0x5000000, 32);
	total = fdt_totalsize(fdt);
	for (bit = 0; bit < total * 8; bit++) {
		enum pg_reason reason;

		fdt[bit / 8] ^= (uint8_t)(1 << bit % 8);
		reason = read_fdt();
		fdt[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (reason)
			assert_finding_is_told(&finding);
		assert_true(!reason || !luo.present);
	}
}
