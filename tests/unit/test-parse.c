// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-parse.c - lib/parse.c: hexadecimal numbers and addresses in text.
 */
#include "unit.h"

#include <pcigate/parse.h>

UNIT_TEST(every_hexadecimal_digit_has_a_value)
{
	static const char all[] = "0123456789abcdefABCDEF";
	uint32_t c;

	for (c = 1; c < 256; c++) {
		const char *found = strchr(all, (int)c);
		const uint32_t index = found ? (uint32_t)(found - all) : 0;

		assert_int_equal(pg_digit((char)c), !found ? 16 : index < 16 ? index : index - 6);
	}
}

UNIT_TEST(a_number_has_limits_of_digits_and_value)
{
	static const struct {
		const char *text;
		uint32_t digits;
		uint64_t max;
		uint64_t value;
		int taken; /* characters, -1 if it is no number */
	} rows[] = {
		{ "", 4, 0xffff, 0, -1 },
		{ "g", 4, 0xffff, 0, -1 },
		{ "1f:", 2, 0xff, 0x1f, 2 },
		{ "1F", 2, 0xff, 0x1f, 2 },
		{ "100", 3, 0xff, 0, -1 },
		{ "0ff", 2, 0xff, 0, -1 },
		{ "ff", 2, 0xff, 0xff, 2 },
		{ "ffffffffffffffff", 99, ~(uint64_t)0, ~(uint64_t)0, 16 },
		{ "0ffffffffffffffff", 99, ~(uint64_t)0, ~(uint64_t)0, 17 },
		{ "10000000000000000", 99, ~(uint64_t)0, 0, -1 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		const char *end = rows[i].text + strlen(rows[i].text);
		uint64_t value;
		const char *behind =
			pg_parse_hex(rows[i].text, end, rows[i].digits, rows[i].max, &value);

		assert_ptr_equal(behind, rows[i].taken < 0 ? NULL : rows[i].text + rows[i].taken);
		if (behind)
			assert_int_equal(value, rows[i].value);
	}
}

UNIT_TEST(a_number_ends_with_the_text)
{
	static const char text[] = "1234";
	uint64_t value;

	assert_ptr_equal(pg_parse_hex(text, text + 2, 4, 0xffff, &value), text + 2);
	assert_int_equal(value, 0x12);
	assert_null(pg_parse_hex(text, text, 4, 0xffff, &value));
}

UNIT_TEST(an_address_is_read_in_full)
{
	static const char *const bad[] = {
		"",	     "0",    ".0",   "0.",   "0.8",  "0.00", "20.0",  "100:0.0",
		"0:0:0:0.0", ":0.0", "0:.0", "1.0 ", " 1.0", "-1.0", "0x1.0", "123456789:0:0.0",
		"1.0.0",
	};
	struct pg_bdf at;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(bad); i++)
		assert_false(pg_parse_bdf(bad[i], &at));
	assert_true(pg_parse_bdf("1f.7", &at));
	assert_true(pg_bdf_equal(at, pg_bdf(0, 0, 0xff)));
	assert_true(pg_parse_bdf("3:1.0", &at));
	assert_true(pg_bdf_equal(at, pg_bdf(0, 3, 8)));
	assert_true(pg_parse_bdf("10000:ff:1F.0", &at));
	assert_true(pg_bdf_equal(at, pg_bdf(0x10000, 0xff, 0xf8)));
}
