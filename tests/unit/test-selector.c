// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-selector.c - tools/selector.c: words that name devices.
 */
#include "unit.h"

#include "selector.h"

/* Parses the word from a buffer of exactly its length, so that the sanitizer sees a read behind it.
 */
static bool parse(const char *word, struct selector *selector)
{
	static char *copy;
	const size_t len = strlen(word);

	free(copy);
	copy = malloc(len + 1);
	assert_non_null(copy);
	memcpy(copy, word, len);
	copy[len] = ',';
	return selector_parse(copy, len, selector);
}

UNIT_TEST(an_address_is_a_path_without_bridges)
{
	const char *rest;
	struct selector selector;
	struct selector_step step;

	assert_true(parse("1:80:1c.4", &selector));
	assert_int_equal(selector.kind, SELECTOR_PATH);
	assert_true(pg_bdf_equal(selector.at, pg_bdf(1, 0x80, pg_devfn(0x1c, 4))));
	rest = selector.value;
	assert_false(selector_step(&selector, &rest, &step));
}

UNIT_TEST(a_path_has_a_step_for_each_bridge)
{
	static const struct selector_step wanted[] = {
		{ .devfn = 0x08 },
		{ .has_bus = true, .bus = 0xff, .devfn = 0xff },
		{ .devfn = 0x03 },
	};
	struct selector selector;
	struct selector_step step;
	const char *rest;
	size_t i;

	assert_true(parse("0000:00:1c.0/01.0/ff:1f.7/00.3", &selector));
	assert_true(pg_bdf_equal(selector.at, pg_bdf(0, 0, pg_devfn(0x1c, 0))));
	rest = selector.value;
	for (i = 0; i < PG_ARRAY_SIZE(wanted); i++) {
		assert_true(selector_step(&selector, &rest, &step));
		assert_int_equal(step.has_bus, wanted[i].has_bus);
		assert_int_equal(step.bus, wanted[i].bus);
		assert_int_equal(step.devfn, wanted[i].devfn);
	}
	assert_false(selector_step(&selector, &rest, &step));
}

UNIT_TEST(a_class_has_one_to_three_bytes)
{
	static const struct {
		const char *word;
		uint32_t class;
		uint32_t shift;
	} rows[] = {
		{ "class:01", 0x01, 16 },
		{ "class:0108", 0x0108, 8 },
		{ "class:01080a", 0x01080a, 0 },
	};
	struct selector selector;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		assert_true(parse(rows[i].word, &selector));
		assert_int_equal(selector.kind, SELECTOR_CLASS);
		assert_int_equal(selector.class, rows[i].class);
		assert_int_equal(selector.shift, rows[i].shift);
	}
}

UNIT_TEST(a_driver_has_a_name)
{
	struct selector selector;

	assert_true(parse("driver:vfio-pci", &selector));
	assert_int_equal(selector.kind, SELECTOR_DRIVER);
	assert_memory_equal(selector.value, "vfio-pci", 8);
	assert_ptr_equal(selector.value + 8, selector.text + selector.len);
}

UNIT_TEST(other_words_are_no_selectors)
{
	static const char *const words[] = {
		"",
		"/",
		"1.0/",
		"/1.0",
		"1.0//1.0",
		"1.0/1",
		"1.0/8:",
		"1.0/20.0",
		"1.0/0.8",
		"1.0/100:0.0",
		"1.0/0:0:0.0",
		"0:0:0:0.0",
		"class:",
		"class:1",
		"class:123",
		"class:zz",
		"class:01080a00",
		"class:+1",
		"driver:",
		"Class:01",
		"1.0 ",
		"1.0/ 1.0",
		"00000000000000000000000000000001:00:00.0",
	};
	struct selector selector;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(words); i++)
		assert_false(parse(words[i], &selector));
	assert_false(selector_parse("1.0\0/1.0", 8, &selector));
}
