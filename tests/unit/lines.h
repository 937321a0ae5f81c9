/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * lines.h - collects the lines of a report, and checks prefix, length and characters of each.
 */
#ifndef LINES_H
#define LINES_H

#include "unit.h"

#include <pcigate/gate.h>

#define LINES_MAX 64
/* "pcigate: " */
#define LINES_PREFIX 9

struct lines {
	char text[LINES_MAX][PG_LINE_SIZE];
	unsigned int nr;
	struct pg_printer printer;
};

static inline void lines_take(void *ctx, const char *text)
{
	struct lines *lines = ctx;
	const size_t len = strlen(text);
	size_t i;

	assert_true(len <= PG_LINE_COLUMNS);
	assert_memory_equal(text, "pcigate: ", LINES_PREFIX);
	assert_true(len > LINES_PREFIX);
	for (i = 0; i < len; i++)
		assert_in_range((unsigned char)text[i], 0x20, 0x7e);
	assert_true(lines->nr < LINES_MAX);
	memcpy(lines->text[lines->nr++], text, len + 1);
}

static inline void lines_begin(struct lines *lines)
{
	memset(lines, 0, sizeof(*lines));
	lines->printer = (struct pg_printer){ .line = lines_take, .ctx = lines };
}

/* @expected is without the prefix, which lines_take() checks. */
static inline void assert_line(const struct lines *lines, unsigned int i, const char *expected)
{
	assert_true(i < lines->nr);
	assert_string_equal(lines->text[i] + LINES_PREFIX, expected);
}

/* @expected has all lines, in order, and a NULL at its end. */
static inline void assert_lines(const struct lines *lines, const char *const *expected)
{
	unsigned int i;

	for (i = 0; i < lines->nr && expected[i]; i++)
		assert_line(lines, i, expected[i]);
	if (i < lines->nr)
		fail_msg("one line too many: %s", lines->text[i]);
	if (expected[i])
		fail_msg("line missing: %s", expected[i]);
}

static inline bool ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

#endif
