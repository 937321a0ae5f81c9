/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * finding.h - compares a finding with the expected one, and checks the lines that report it.
 */
#ifndef FINDING_H
#define FINDING_H

#include "lines.h"
#include "unit.h"

/* A line has field, value and code in full. Other words may be left out. */
static inline void assert_finding_is_printed(const struct pg_finding *finding)
{
	const struct pg_gate gate = {
		.record = { .state = PG_RECORD_NO_KHO },
		.verdict = { .record = finding->reason, .finding = *finding },
	};
	struct lines lines;
	char code[64];

	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_true(lines.nr == 1 || lines.nr == 2);
	assert_non_null(strstr(lines.text[0], finding->field));
	assert_non_null(strstr(lines.text[0], finding->text));
	snprintf(code, sizeof(code), " [%s]", pg_reason_code(finding->reason));
	assert_true(ends_with(lines.text[lines.nr - 1], code));
}

static inline void assert_finding(enum pg_reason returned, const struct pg_finding *finding,
				  enum pg_reason reason, const char *field, const char *text)
{
	assert_string_equal(pg_reason_code(returned), pg_reason_code(reason));
	assert_int_equal(finding->reason, reason);
	assert_non_null(finding->field);
	assert_string_equal(finding->field, field);
	assert_string_equal(finding->text, text);
	assert_finding_is_printed(finding);
}

#endif
