// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-text.c - lib/text.c: writes text into a fixed buffer.
 */
#include "unit.h"

#include <pcigate/text.h>

#define UNTOUCHED 0x5a

static char buf[64];

static struct pg_text begin(size_t size)
{
	struct pg_text text;

	memset(buf, UNTOUCHED, sizeof(buf));
	pg_text_begin(&text, buf, size);
	return text;
}

UNIT_TEST(a_new_text_is_empty)
{
	struct pg_text text = begin(8);

	assert_string_equal(buf, "");
	assert_int_equal(text.len, 0);
	assert_false(text.full);
	assert_int_equal(buf[1], UNTOUCHED);
}

/* A buffer of one byte has the zero only. */
UNIT_TEST(a_text_is_cut_at_the_size_of_the_buffer)
{
	static const struct {
		size_t size;
		const char *string, *text;
		bool full;
	} rows[] = { { 1, "x", "", true },
		     { 5, "abcd", "abcd", false },
		     { 5, "abcde", "abcd", true } };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		struct pg_text text = begin(rows[i].size);

		pg_text_string(&text, rows[i].string);
		assert_string_equal(buf, rows[i].text);
		assert_int_equal(text.full, rows[i].full);
		assert_int_equal(text.len, strlen(rows[i].text));
		assert_int_equal(buf[rows[i].size], UNTOUCHED);
	}
}

UNIT_TEST(unprintable_characters_become_question_marks)
{
	struct pg_text text = begin(sizeof(buf));

	pg_text_printable(&text, "\x1f\x20\x7e\x7f\x80\xff\x01", 7);
	assert_string_equal(buf, "? ~????");
}

UNIT_TEST(text_from_memory_ends_at_its_length)
{
	struct pg_text text = begin(sizeof(buf));
	char *exact = malloc(3);

	memcpy(exact, "abc", 3);
	pg_text_printable(&text, exact, 3);
	assert_string_equal(buf, "abc");
	pg_text_printable(&text, exact, 0);
	assert_string_equal(buf, "abc");
	free(exact);
}

UNIT_TEST(text_from_memory_ends_at_a_zero)
{
	struct pg_text text = begin(sizeof(buf));

	pg_text_printable(&text, "ab\0cd", 5);
	assert_string_equal(buf, "ab");
}

UNIT_TEST(decimal_numbers_are_printed_in_full)
{
	static const struct {
		uint64_t value;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 9, "9" },
		{ 10, "10" },
		{ 100, "100" },
		{ 4294967295u, "4294967295" },
		{ 4294967296u, "4294967296" },
		{ UINT64_MAX, "18446744073709551615" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		struct pg_text text = begin(sizeof(buf));

		pg_text_decimal(&text, cases[i].value);
		assert_string_equal(buf, cases[i].text);
	}
}

UNIT_TEST(hexadecimal_numbers_have_a_least_number_of_digits)
{
	static const struct {
		uint64_t value;
		unsigned int digits;
		const char *text;
	} cases[] = {
		{ 0, 0, "0" },
		{ 0, 1, "0" },
		{ 0, 4, "0000" },
		{ 0xf, 1, "f" },
		{ 0x10, 1, "10" },
		{ 0xabc, 2, "abc" },
		{ 0xabc, 3, "abc" },
		{ 0xabc, 4, "0abc" },
		{ 0x9a, 2, "9a" },
		{ UINT64_MAX, 1, "ffffffffffffffff" },
		{ 0x8000000000000000u, 16, "8000000000000000" },
		{ 1, 16, "0000000000000001" },
		{ UINT64_MAX, 18, "00ffffffffffffffff" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		struct pg_text text = begin(sizeof(buf));

		pg_text_hex(&text, cases[i].value, cases[i].digits);
		assert_string_equal(buf, cases[i].text);
	}
}

UNIT_TEST(addresses_are_printed_as_by_lspci)
{
	static const struct {
		struct pg_bdf at;
		const char *text;
	} cases[] = {
		{ { 0, 0, 0 }, "0000:00:00.0" },
		{ { 0, 5, 0 }, "0000:05:00.0" },
		{ { 0xffff, 0xff, 0xff }, "ffff:ff:1f.7" },
		{ { 0x10000, 0xe1, 0x08 }, "10000:e1:01.0" },
		{ { 0xffffffff, 0, 0x07 }, "ffffffff:00:00.7" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		struct pg_text text = begin(sizeof(buf));

		pg_text_bdf(&text, cases[i].at);
		assert_string_equal(buf, cases[i].text);
	}
}
