// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-kho.c - lib/record/kho.c: reads the KHO root FDT. tests/vectors/kho-* have more damaged
 * trees.
 */
#include "fdt-writer.h"
#include "record-fixture.h"

#define FDT_PA 0x7000000u
#define LUO_PA 0x4000000u

static uint8_t *fdt;
static struct pg_blob luo, own;

static void setup_bytes(uint64_t bytes)
{
	record_setup();
	mock_memory_add(&memory, MEMORY_MAP_PA, 4096);
	fdt = mock_memory_add(&memory, FDT_PA, bytes);
	memset(&luo, 0x5a, sizeof(luo));
}

static int setup(void **state)
{
	setup_bytes(FDT_BYTES);
	return 0;
}

static enum pg_reason read_size(uint64_t size)
{
	const struct pg_kho_location location = { .present = true,
						  .fdt_pa = FDT_PA,
						  .fdt_size = size };

	return pg_record_read_kho(&memory.interface, &location, &record, &luo, &own, &finding);
}

static enum pg_reason read_fdt(void)
{
	return read_size(FDT_BYTES);
}

static void refused(enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(read_fdt(), &finding, reason, field, text);
}

static void read_luo(bool present)
{
	assert_int_equal(read_fdt(), PG_OK);
	assert_int_equal(luo.present, present);
}

static void one_child(const char *name)
{
	fdt_begin_kho(fdt);
	fdt_child(fdt, name, LUO_PA, 4096);
	fdt_end(fdt);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(a_tree_of_the_kernel_is_read)
{
	fdt_kho_v4(fdt, 0xfedcba9876543000u, 0x123456789au);
	read_luo(true);
	assert_true(luo.pa == 0xfedcba9876543000u);
	assert_true(luo.size == 0x123456789au);
	assert_string_equal(record.kho_version, "kho-v4");
}

/* Without the map, the next kernel discards all preserved memory. */
TEST(the_map_of_preserved_memory_is_required)
{
	static const struct {
		const char *name;
		uint64_t map;
		enum pg_reason reason;
		const char *text;
	} rows[] = {
		{ "preserved-memory-mop", MEMORY_MAP_PA, PG_RECORD_MALFORMED, "missing" },
		{ "preserved-memory-map", 0, PG_RECORD_MALFORMED, "0x0" },
		{ "preserved-memory-map", MEMORY_MAP_PA + 8, PG_RECORD_MALFORMED, "0x3000008" },
		{ "preserved-memory-map", MEMORY_MAP_PA + 4096, PG_RECORD_OUTSIDE_MEMORY,
		  "0x3001000" },
		{ "preserved-memory-map", MEMORY_MAP_PA, PG_OK, "" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fdt_begin(fdt);
		fdt_property_string(fdt, "compatible", "kho-v4");
		fdt_u64_native(fdt, rows[i].name, rows[i].map);
		fdt_child(fdt, "LUO", LUO_PA, 4096);
		fdt_end(fdt);
		if (rows[i].reason)
			refused(rows[i].reason, "KHO FDT preserved-memory-map", rows[i].text);
		else
			read_luo(true);
	}
}

/*
 * Linux does not find a damaged name, and continues without the node. A name with more different
 * bits is another name.
 */
TEST(a_name_with_one_or_two_wrong_bits_is_refused)
{
	static const char *const others[] = { "luo", "LU", "LUOX", "XLUO", "memblock" };
	static const char *const damaged[] = { "MUO",	  "LUM",	  "Luo",
					       "LUO\x01", "qci-topology", "pci-topologx" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(others); i++) {
		one_child(others[i]);
		read_luo(false);
		assert_int_equal(luo.pa, 0);
		assert_string_equal(record.kho_version, "kho-v4");
	}
	for (i = 0; i < PG_ARRAY_SIZE(damaged); i++) {
		one_child(damaged[i]);
		assert_int_equal(read_fdt(), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "KHO FDT: name of a node");
	}
	/* The entry of an older kernel patch has a tree of another version. */
	one_child("pcigate");
	assert_int_equal(read_fdt(), PG_RECORD_VERSION);
	assert_string_equal(finding.text, "pcigate");
	/* libfdt's fdt_subnode_offset(), which Linux uses, ignores a unit address. */
	one_child("LUO@0");
	assert_true(fdt_subnode_offset(fdt, 0, "LUO") > 0);
	read_luo(true);
	assert_int_equal(luo.pa, LUO_PA);
}

/* A damaged length can include the properties that follow. */
TEST(preserved_data_of_any_node_has_8_bytes)
{
	fdt_begin_kho(fdt);
	fdt_begin_node(fdt, "memblock");
	assert_int_equal(
		fdt_property(fdt, "preserved-data", "0123456789abcdef0123456789abcdef01234567", 40),
		0);
	fdt_u64_native(fdt, "blob-size", 4096);
	fdt_end_node(fdt);
	fdt_end(fdt);
	refused(PG_RECORD_MALFORMED, "KHO FDT: preserved-data of a node", "not 8 bytes long");
}

TEST(luo_below_another_node_is_ignored)
{
	fdt_begin_kho(fdt);
	fdt_begin_node(fdt, "other");
	fdt_u64_native(fdt, "preserved-data", LUO_PA);
	fdt_u64_native(fdt, "blob-size", 4096);
	fdt_child(fdt, "LUO", LUO_PA, 4096);
	fdt_end_node(fdt);
	fdt_end(fdt);
	read_luo(false);
}

TEST(a_second_luo_is_refused)
{
	fdt_begin_kho(fdt);
	fdt_child(fdt, "LUO", LUO_PA, 4096);
	fdt_child(fdt, "LUO", LUO_PA, 4096);
	fdt_end(fdt);
	refused(PG_RECORD_INCONSISTENT, "KHO FDT: second node", "LUO");
	assert_int_equal(finding.at, FDT_PA);
	assert_false(luo.present);
}

TEST(a_longer_version_is_read)
{
	fdt_begin(fdt);
	fdt_property_string(fdt, "compatible", "kho-v4;radix-v1;vmalloc-v1");
	fdt_u64_native(fdt, "preserved-memory-map", MEMORY_MAP_PA);
	fdt_child(fdt, "LUO", LUO_PA, 4096);
	fdt_end(fdt);
	read_luo(true);
	assert_string_equal(record.kho_version, "kho-v4;radix-v1;vmalloc-v1");
}

TEST(other_versions_are_refused)
{
	static const struct {
		const char *value;
		int len;
		const char *text; /* NULL: not checked */
	} rows[] = {
		{ "kho-v40", 8, "kho-v40" },	{ "kho-v", 6, "kho-v" },
		{ "KHO-v4", 7, "KHO-v4" },	{ "kho-v4", 6, NULL },
		{ "kho-v4\0kho-v3", 14, NULL }, { "", 0, "(empty)" },
		{ "", 1, "(empty)" },		{ "kho-v4;radix-v1", 16, "kho-v4;radix-v1" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fdt_begin(fdt);
		assert_int_equal(fdt_property(fdt, "compatible", rows[i].value, rows[i].len), 0);
		fdt_end(fdt);
		assert_int_equal(read_fdt(), PG_RECORD_VERSION);
		assert_finding_is_printed(&finding);
		if (rows[i].text)
			refused(PG_RECORD_VERSION, "KHO FDT compatible", rows[i].text);
		assert_int_equal(finding.at, FDT_PA);
		assert_string_equal(record.kho_version, "");
	}
}

/* Makes a node LUO with properties of these lengths. With -1, the property is missing. */
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

TEST(properties_of_wrong_size_are_refused)
{
	static const int lengths[] = { -1, 0, 4, 7, 9, 16 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(lengths); i++) {
		const char *const text = lengths[i] < 0 ? "missing" : "not 8 bytes long";

		luo_with(lengths[i], 8);
		refused(PG_RECORD_MALFORMED, "KHO FDT LUO/preserved-data", text);
		assert_false(luo.present);
		luo_with(8, lengths[i]);
		refused(PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size", text);
		assert_false(luo.present);
	}
}

static void refused_size(uint64_t size, enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(read_size(size), &finding, reason, field, text);
	assert_int_equal(finding.at, 0);
}

TEST(trees_of_impossible_size_are_refused)
{
	fdt_kho_v4(fdt, 0x5000000, 32);
	refused_size(0, PG_RECORD_MALFORMED, "kho_data.fdt_size", "0x0");
	refused_size(39, PG_RECORD_MALFORMED, "kho_data.fdt_size", "0x27");
	refused_size(0x100001, PG_RECORD_MALFORMED, "kho_data.fdt_size", "0x100001");
	refused_size(UINT64_MAX, PG_RECORD_MALFORMED, "kho_data.fdt_size", "0xffffffffffffffff");
	refused_size(FDT_BYTES + 1, PG_RECORD_OUTSIDE_MEMORY, "kho_data.fdt_addr", "0x7000000");
	teardown(NULL);
	setup_bytes(0x100000);
	fdt_kho_v4(fdt, 0x5000000, 32);
	assert_int_equal(read_size(8192), PG_OK);
	assert_int_equal(read_size(0x100000), PG_OK);
	assert_true(luo.present);
}

/* The tree is cut at every length. The sanitizer detects reads beyond it. */
TEST(a_truncated_tree_is_refused)
{
	uint64_t size;

	fdt_kho_v4(fdt, 0x5000000, 32);
	for (size = 40; size < fdt_totalsize(fdt); size++) {
		assert_int_equal(read_size(size), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "KHO FDT");
		assert_finding_is_printed(&finding);
		assert_false(luo.present);
	}
	assert_int_equal(read_size(fdt_totalsize(fdt)), PG_OK);
}

TEST(a_flipped_bit_causes_no_read_outside_the_blob)
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
			assert_finding_is_printed(&finding);
		assert_true(!reason || !luo.present);
	}
}
