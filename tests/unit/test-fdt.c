// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-fdt.c - lib/fdt.c: if a tree passes the check, all that libfdt returns lies inside the tree.
 */
#include "unit.h"

#include <pcigate/fdt.h>

#define CAPACITY 512

/* The tree has nested nodes, empty properties, and values and names of all lengths modulo 4. */
static uint32_t make(void *fdt)
{
	assert_int_equal(fdt_create(fdt, CAPACITY), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_property(fdt, "empty", "", 0), 0);
	assert_int_equal(fdt_property(fdt, "u32", "\0\0\0\3", 4), 0);
	assert_int_equal(fdt_begin_node(fdt, "sub"), 0);
	assert_int_equal(fdt_property(fdt, "one", "1", 1), 0);
	assert_int_equal(fdt_property(fdt, "empty", "", 0), 0);
	assert_int_equal(fdt_begin_node(fdt, "deep"), 0);
	assert_int_equal(fdt_property(fdt, "six", "123456", 6), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, "n"), 0);
	assert_int_equal(fdt_property(fdt, "u32", "abcd", 4), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	return fdt_totalsize(fdt);
}

static void assert_inside(const uint8_t *fdt, const void *at, size_t len)
{
	const uint8_t *bytes = at;

	assert_true(bytes >= fdt && bytes <= fdt + fdt_totalsize(fdt));
	assert_true(len <= (size_t)(fdt + fdt_totalsize(fdt) - bytes));
}

static void assert_text_inside(const uint8_t *fdt, const char *text)
{
	assert_inside(fdt, text, 1);
	assert_non_null(memchr(text, 0, (size_t)((const char *)fdt + fdt_totalsize(fdt) - text)));
}

/* Walks the tree as the callers of the check do. */
static void assert_readable(const uint8_t *fdt)
{
	int node, depth = 0, nodes = 0;

	for (node = 0; node >= 0 && depth >= 0; node = fdt_next_node(fdt, node, &depth)) {
		const char *name = fdt_get_name(fdt, node, NULL);
		int property, properties = 0;

		assert_true(nodes++ < CAPACITY);
		assert_non_null(name);
		assert_text_inside(fdt, name);
		fdt_for_each_property_offset (property, fdt, node) {
			int len = -1;
			const void *value = fdt_getprop_by_offset(fdt, property, &name, &len);

			assert_true(properties++ < CAPACITY);
			assert_non_null(value);
			assert_true(len >= 0);
			assert_inside(fdt, value, (size_t)len);
			assert_text_inside(fdt, name);
		}
	}
}

/*
 * Each check has a copy of exact length, so that the sanitizer detects reads beyond it.
 */
UNIT_TEST(a_complete_tree_passes_the_check)
{
	uint8_t *fdt = malloc(CAPACITY), *exact;
	const uint32_t size = make(fdt);

	for (uint32_t len = 0; len <= size; len++) {
		exact = malloc(len ? len : 1);
		memcpy(exact, fdt, len);
		assert_int_equal(pg_fdt_check(exact, len), len == size ? 0 : -FDT_ERR_TRUNCATED);
		free(exact);
	}
	assert_int_equal(pg_fdt_check(fdt, CAPACITY), 0);
	assert_readable(fdt);
	free(fdt);
}

/* Replaces every 32-bit word of a tree by values near limits. */
UNIT_TEST(every_tree_that_passes_is_readable)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 4, 8, 9, 0x7fffffff, 0x80000000, 0x80000001
	};
	uint8_t *good = malloc(CAPACITY);
	const uint32_t size = make(good);
	uint32_t refused = 0, passed = 0;

	for (uint32_t at = 0; at + 4 <= size; at += 4) {
		const uint32_t was = fdt32_ld((const fdt32_t *)(void *)(good + at));

		for (uint32_t i = 0; i < PG_ARRAY_SIZE(values) + 64; i++) {
			uint8_t *fdt = malloc(size);
			uint32_t value = i < PG_ARRAY_SIZE(values)
						 ? values[i]
						 : 0u - (i - (uint32_t)PG_ARRAY_SIZE(values));

			if (i >= PG_ARRAY_SIZE(values) + 32)
				value += was + 16;
			memcpy(fdt, good, size);
			fdt32_st(fdt + at, value);
			if (pg_fdt_check(fdt, size)) {
				refused++;
			} else {
				assert_readable(fdt);
				passed++;
			}
			free(fdt);
		}
	}
	/* Property values and the list of reserved memory are not checked, so many trees pass. */
	assert_true(refused > 2000 && passed > 1000);
	free(good);
}

static int check_damaged(uint32_t at, const char *bytes, size_t len)
{
	uint8_t *fdt = malloc(CAPACITY);
	const uint32_t size = make(fdt);
	int err;

	assert_true(at + len <= size);
	memcpy(fdt + at, bytes, len);
	err = pg_fdt_check(fdt, size);
	free(fdt);
	return err;
}

/* With such a length, libfdt 1.6 goes back to the same property, or to bytes like a token. */
UNIT_TEST(lengths_that_lead_back_are_refused)
{
	uint8_t *fdt = malloc(CAPACITY);
	const uint32_t size = make(fdt),
		       first = fdt_off_dt_struct(fdt) + (uint32_t)fdt_first_property_offset(fdt, 0);

	for (uint32_t back = 1; back <= size; back++) {
		fdt32_st(fdt + first + 4, 0u - back);
		assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADSTRUCTURE);
	}
	/* The length leads to the offset of the name, which is the value of FDT_NOP. */
	fdt32_st(fdt + first + 4, 0xfffffffc);
	fdt32_st(fdt + first + 8, FDT_NOP);
	assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADSTRUCTURE);
	free(fdt);
}

UNIT_TEST(trees_with_wrong_tokens_are_refused)
{
	uint8_t *fdt = malloc(CAPACITY);
	const uint32_t size = make(fdt), tokens = fdt_off_dt_struct(fdt),
		       end = tokens + fdt_size_dt_struct(fdt);
	const uint32_t strings = fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);

	assert_int_equal(check_damaged(tokens, "\0\0\0\1", 4), 0);
	/* The root has a name, the root is a property, there is a second root. */
	assert_int_equal(check_damaged(tokens + 4, "x\0\0\0", 4), -FDT_ERR_BADSTRUCTURE);
	assert_int_equal(check_damaged(tokens, "\0\0\0\3\0\0\0\0", 8), -FDT_ERR_BADSTRUCTURE);
	assert_int_equal(check_damaged(tokens + 8, "\0\0\0\2\0\0\0\1", 8), -FDT_ERR_BADSTRUCTURE);
	/* The tree ends before the root ends, or the block ends before the tree. */
	assert_int_equal(check_damaged(end - 8, "\0\0\0\11", 4), -FDT_ERR_BADSTRUCTURE);
	assert_int_equal(check_damaged(end - 8, "\0\0\0\4", 4), -FDT_ERR_BADSTRUCTURE);
	assert_int_equal(check_damaged(end - 4, "\0\0\0\4", 4), -FDT_ERR_TRUNCATED);
	/* There is one end too many, nothing but the end, or an unknown token. */
	assert_int_equal(check_damaged(end - 4, "\0\0\0\2", 4), -FDT_ERR_BADSTRUCTURE);
	assert_int_equal(check_damaged(tokens, "\0\0\0\11", 4), -FDT_ERR_BADSTRUCTURE);
	assert_int_equal(check_damaged(end - 4, "\0\0\0\5", 4), -FDT_ERR_BADSTRUCTURE);
	/* The name of the last property has no end. */
	assert_int_equal(check_damaged(strings - 1, "x", 1), -FDT_ERR_BADSTRUCTURE);
	/* The name of a node has no end, or there is none. */
	assert_int_equal(check_damaged(end - 8, "\0\0\0\1xxxx", 8), -FDT_ERR_TRUNCATED);
	assert_int_equal(check_damaged(end - 4, "\0\0\0\1", 4), -FDT_ERR_BADSTRUCTURE);
	/* The block ends in the middle of a token. */
	fdt_set_size_dt_struct(fdt, end - tokens - 1);
	assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADSTRUCTURE);
	fdt_set_size_dt_struct(fdt, 4);
	assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADSTRUCTURE);
	free(fdt);
}

UNIT_TEST(other_versions_and_magics_are_refused)
{
	uint8_t *fdt = malloc(CAPACITY + 8);
	const uint32_t size = make(fdt);

	fdt_set_off_dt_struct(fdt, fdt_off_dt_struct(fdt) + 2);
	fdt_set_size_dt_struct(fdt, fdt_size_dt_struct(fdt) - 2);
	assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADSTRUCTURE);
	make(fdt);
	for (uint32_t version = 0; version < 17; version++) {
		fdt_set_version(fdt, version);
		fdt_set_last_comp_version(fdt, version < 16 ? version : 16);
		assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADVERSION);
	}
	make(fdt);
	fdt_set_version(fdt, 18);
	assert_int_equal(pg_fdt_check(fdt, size), 0);
	fdt_set_last_comp_version(fdt, 18);
	assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADVERSION);
	make(fdt);
	fdt_set_magic(fdt, FDT_MAGIC + 1);
	assert_int_equal(pg_fdt_check(fdt, size), -FDT_ERR_BADMAGIC);
	free(fdt);
}
