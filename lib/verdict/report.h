/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * report.h - the functions that print the lines of the report.
 */
#ifndef PCIGATE_VERDICT_REPORT_H
#define PCIGATE_VERDICT_REPORT_H

#include <pcigate/gate.h>
#include <pcigate/text.h>

#define PG_LINE_PREFIX "pcigate: "

/*
 * Optional parts of a line, as flags. If the line would exceed PG_LINE_COLUMNS, the least important
 * parts, which have the lowest values, are left out first.
 */
#define PG_PART_SENTENCE 1 /* the sentence of the reason */
#define PG_PART_PLACE 2	   /* an address in memory, a range of buses, the new address of a device */
#define PG_PART_CULPRIT 4  /* the function at fault; in a line about a finding, the code */
#define PG_PARTS_ALL 7

/* pg_line_begin() - begins a text in @buf with the prefix. */
struct pg_text pg_line_begin(char *buf, size_t size);

/* pg_line_print() - prints a line with @string. */
void pg_line_print(const struct pg_printer *printer, const char *string);

/* pg_line_code() - adds the code of @reason in brackets. */
void pg_line_code(struct pg_text *text, enum pg_reason reason);

/*
 * pg_line_outcome() - adds what becomes of a function that has @reason. With @lost, the next kernel
 * does not find it.
 */
void pg_line_outcome(struct pg_text *text, bool lost, enum pg_reason reason);

/* pg_line_count() - adds @count and @what, with an "s" unless @count is 1. */
void pg_line_count(struct pg_text *text, uint64_t count, const char *what);

/* pg_report_record() - prints the versions of the record, and the number of functions in it. */
void pg_report_record(const struct pg_printer *printer, const struct pg_record *record,
		      const struct pg_verdict *verdict);

/*
 * pg_report_finding() - prints the finding about the record. If the line would be too long, the
 * code gets a separate line.
 */
void pg_report_finding(const struct pg_printer *printer, const struct pg_finding *finding);

/*
 * pg_report_bridges() - prints the recorded bridges that Linux renumbers: the causes, before their
 * consequences.
 */
void pg_report_bridges(const struct pg_printer *printer, const struct pg_topology *topology,
		       const struct pg_policy *policy);

/*
 * pg_report_functions() - prints the verdict on each recorded function, and on the virtual
 * functions of each.
 */
void pg_report_functions(const struct pg_printer *printer, const struct pg_gate *gate);

/*
 * pg_report_vfs() - prints the verdict on the preserved virtual functions of a physical function.
 * At most @keeps of those that keep their address get a line; returns how many.
 */
uint32_t pg_report_vfs(const struct pg_printer *printer, const struct pg_gate *gate,
		       struct pg_vf_walk *walk, uint32_t keeps);

/*
 * pg_report_difference() - prints which field of a device differs, with both values. A separate
 * line, because two serial numbers and a code do not fit on one.
 */
void pg_report_difference(const struct pg_printer *printer, const struct pg_topology *topology,
			  uint32_t index);

#endif
