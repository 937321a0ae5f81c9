// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-cmdline.c - lib/plan/cmdline.c: splits a command line. The expected results were checked
 * with next_arg() of Linux 7.3.
 */
#include "unit.h"

#include <pcigate/plan.h>

#define MOST 6

struct expected {
	const char *name;
	const char *value;
};

static void assert_line_of(const char *line, size_t len, const struct expected *expected)
{
	/* A copy of exactly this length, so that the sanitizer detects reads beyond it. */
	char *exact = malloc(len ? len : 1);
	struct pg_cmdline cmdline = { .text = exact, .len = len };
	struct pg_argument argument;
	unsigned int i = 0;

	memcpy(exact, line, len);
	while (pg_cmdline_next(&cmdline, &argument)) {
		assert_true(i < MOST && expected[i].name);
		assert_int_equal(argument.name_len, strlen(expected[i].name));
		assert_memory_equal(argument.name, expected[i].name, argument.name_len);
		if (!expected[i].value) {
			assert_null(argument.value);
		} else {
			assert_non_null(argument.value);
			assert_int_equal(argument.value_len, strlen(expected[i].value));
			assert_memory_equal(argument.value, expected[i].value, argument.value_len);
		}
		i++;
	}
	if (i < MOST)
		assert_null(expected[i].name);
	free(exact);
}

UNIT_TEST(a_line_is_split_as_linux_splits_it)
{
	static const struct {
		const char *line;
		struct expected arguments[MOST];
	} cases[] = {
		{ "", { { 0 } } },
		{ " ", { { 0 } } },
		{ "\t\n\v\f\r \xa0", { { 0 } } },
		{ "a", { { "a", NULL } } },
		{ "  a  ", { { "a", NULL } } },
		{ "a b", { { "a", NULL }, { "b", NULL } } },
		{ "a\tb\nc\xa0"
		  "d",
		  { { "a", NULL }, { "b", NULL }, { "c", NULL }, { "d", NULL } } },
		{ "a\x08z\x0e", { { "a\x08z\x0e", NULL } } },
		{ "a=", { { "a", "" } } },
		{ "a=b", { { "a", "b" } } },
		{ "a=b=c", { { "a", "b=c" } } },
		{ "a==", { { "a", "=" } } },
		{ "=a", { { "=a", NULL } } },
		{ "=a=b", { { "=a", "b" } } },
		{ "=", { { "=", NULL } } },
		{ "a= b", { { "a", "" }, { "b", NULL } } },
		/* quotes */
		{ "a=\"b c\" d", { { "a", "b c" }, { "d", NULL } } },
		{ "\"a=b c\" d", { { "a", "b c" }, { "d", NULL } } },
		{ "\"a b\" c", { { "a b", NULL }, { "c", NULL } } },
		{ "a=\"b c", { { "a", "b c" } } },
		{ "\"a=b c", { { "a", "b c" } } },
		{ "a=\"\"", { { "a", "" } } },
		{ "a=\"", { { "a", "" } } },
		{ "\"", { { "", NULL } } },
		{ "\"\"", { { "", NULL } } },
		{ "a=b\" c\"", { { "a", "b\" c\"" } } },
		{ "a=\"b\"c", { { "a", "b\"c" } } },
		{ "a=\"b\"\"", { { "a", "b\"" } } },
		{ "a\"b\"", { { "a\"b\"", NULL } } },
		{ "\"a=\"b\"\"", { { "a", "b\"" } } },
		{ "\"a=\"\"\"", { { "a", "\"" } } },
		{ "\"a=\" b", { { "a", "" }, { "b", NULL } } },
		/* the end */
		{ "a -- b", { { "a", NULL } } },
		{ "--", { { 0 } } },
		{ "-- a", { { 0 } } },
		{ "\"--\" a", { { 0 } } },
		{ "--a b", { { "--a", NULL }, { "b", NULL } } },
		{ "--=a b", { { "--", "a" }, { "b", NULL } } },
		{ "--= b", { { "--", "" }, { "b", NULL } } },
		{ "--- b", { { "---", NULL }, { "b", NULL } } },
		{ "- b", { { "-", NULL }, { "b", NULL } } },
		{ "a=-- b", { { "a", "--" }, { "b", NULL } } },
		{ "__ b", { { "__", NULL }, { "b", NULL } } },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++)
		assert_line_of(cases[i].line, strlen(cases[i].line), cases[i].arguments);
}

UNIT_TEST(a_zero_ends_the_line)
{
	const struct expected expected[] = { { "a", NULL }, { 0 } };

	assert_line_of("a\0 b", 4, expected);
}

UNIT_TEST(a_null_line_has_no_arguments)
{
	struct pg_cmdline line = { .text = NULL, .len = 4096 };
	struct pg_argument argument;

	assert_false(pg_cmdline_next(&line, &argument));
}

UNIT_TEST(names_are_compared_whole)
{
	static const struct {
		const char *name;
		const char *wanted;
		bool same;
	} cases[] = {
		{ "pci", "pci", true },
		{ "pc", "pci", false },
		{ "pcie", "pci", false },
		{ "a-b", "a_b", true },
		{ "a_b", "a-b", true },
		{ "a-b", "a-b", true },
		{ "a.b", "a-b", false },
		{ "PCI", "pci", false },
		{ "", "pci", false },
		{ "", "", true },
		{ "pci", "", false },
		{ "pcigate.stop", "pcigate", false },
		{ "pcigate", "pcigate.stop", false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_argument argument = { .name = cases[i].name,
						      .name_len = strlen(cases[i].name) };

		assert_int_equal(pg_argument_is(&argument, cases[i].wanted), cases[i].same);
	}
}

UNIT_TEST(values_are_compared_whole)
{
	const struct pg_argument off = { .value = "off,x", .value_len = 3 };
	const struct pg_argument empty = { .value = "off", .value_len = 0 };
	const struct pg_argument none = { .value = NULL };

	assert_true(pg_argument_value_is(&off, "off"));
	assert_false(pg_argument_value_is(&off, "of"));
	assert_false(pg_argument_value_is(&off, "off,"));
	assert_false(pg_argument_value_is(&off, "Off"));
	assert_false(pg_argument_value_is(&off, "o-f"));
	assert_true(pg_argument_value_is(&empty, ""));
	assert_false(pg_argument_value_is(&empty, "off"));
	assert_false(pg_argument_value_is(&none, ""));
}
