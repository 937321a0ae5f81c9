/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * report.h - the lines of the report: what its parts share.
 */
#ifndef PCIGATE_VERDICT_REPORT_H
#define PCIGATE_VERDICT_REPORT_H

#include <pcigate/gate.h>
#include <pcigate/text.h>

#define PG_LINE_PREFIX "pcigate: "

/*
 * The optional parts of a line, or-ed. If the line would exceed PG_LINE_COLUMNS, the least
 * important parts are left out first.
 * WHY:   the sentence of the reason
 * WHERE: the place: an address in memory, a range of buses, where a device moves to
 * WHO:   the function at fault, if it is not the subject; of a finding, the code
 */
#define PG_SAYS_WHY 1
#define PG_SAYS_WHERE 2
#define PG_SAYS_WHO 4
#define PG_SAYS_ALL 7

/* pg_line_begin() - a text in @buf that begins with the prefix. */
struct pg_text pg_line_begin(char *buf, size_t size);

/* pg_line_say() - prints a line with @string. */
void pg_line_say(const struct pg_printer *printer, const char *string);

/* pg_line_code() - adds the code of @reason in brackets. */
void pg_line_code(struct pg_text *text, enum pg_reason reason);

/* pg_line_count() - adds @count and @what, with an "s" unless @count is 1. */
void pg_line_count(struct pg_text *text, uint64_t count, const char *what);

/* pg_report_record() - the versions of the record, and how many functions it names. */
void pg_report_record(const struct pg_printer *printer, const struct pg_record *record,
		      const struct pg_verdict *verdict);

/*
 * pg_report_finding() - the finding about the record. If the line would be too long, the code gets
 * a line of its own.
 */
void pg_report_finding(const struct pg_printer *printer, const struct pg_finding *finding);

/*
 * pg_report_bridges() - recorded bridges that Linux renumbers: the causes, before their
 * consequences.
 */
void pg_report_bridges(const struct pg_printer *printer, const struct pg_topology *topology,
		       const struct pg_policy *policy);

/* pg_report_functions() - what happens to each recorded function. */
void pg_report_functions(const struct pg_printer *printer, const struct pg_topology *topology,
			 const struct pg_plan *plan, const struct pg_policy *policy,
			 const struct pg_verdict *verdict);

/*
 * pg_report_difference() - prints which field of a device differs, with both values. This is a
 * separate line, because a code does not fit on a line with two serial numbers.
 */
void pg_report_difference(const struct pg_printer *printer, const struct pg_topology *topology,
			  uint32_t index);

#endif
