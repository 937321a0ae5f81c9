// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * line.c - functions that all lines of the report share.
 */
#include "report.h"

struct pg_text pg_line_begin(char *buf, size_t size)
{
	struct pg_text text;

	pg_text_begin(&text, buf, size);
	pg_text_string(&text, PG_LINE_PREFIX);
	return text;
}

void pg_line_print(const struct pg_printer *printer, const char *string)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = pg_line_begin(buf, sizeof(buf));

	pg_text_string(&text, string);
	printer->line(printer->ctx, buf);
}

void pg_line_code(struct pg_text *text, enum pg_reason reason)
{
	pg_text_string(text, " [");
	pg_text_string(text, pg_reason_code(reason));
	pg_text_char(text, ']');
}

void pg_line_outcome(struct pg_text *text, bool lost, enum pg_reason reason)
{
	pg_text_string(text, lost			 ? " WILL NOT BE FOUND"
			     : pg_reason_is_move(reason) ? " MOVES"
							 : " UNVERIFIED");
}

void pg_line_count(struct pg_text *text, uint64_t count, const char *what)
{
	pg_text_decimal(text, count);
	pg_text_char(text, ' ');
	pg_text_string(text, what);
	if (count != 1)
		pg_text_char(text, 's');
}
