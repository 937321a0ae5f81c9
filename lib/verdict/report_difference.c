// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report_difference.c - the report's line about a device with another identity.
 */
#include "report.h"

static void add_id(struct pg_text *text, uint64_t id)
{
	pg_text_hex(text, id & 0xffff, 4);
	pg_text_char(text, ':');
	pg_text_hex(text, id >> 16, 4);
}

static void add_value(struct pg_text *text, enum pg_field field, uint64_t value)
{
	if (field == PG_FIELD_ID || field == PG_FIELD_SUBSYSTEM)
		add_id(text, value);
	else if (field == PG_FIELD_SERIAL && !value)
		pg_text_string(text, "none");
	else
		pg_text_hex(text, value,
			    field == PG_FIELD_SERIAL  ? 16
			    : field == PG_FIELD_CLASS ? 6
						      : 2);
}

void pg_report_difference(const struct pg_printer *printer, const struct pg_topology *topology,
			  uint32_t index)
{
	static const char names[][16] = { "", "class ", "revision ", "subsystem ",
					  "serial number " };
	char buf[PG_LINE_SIZE];
	struct pg_text text = pg_line_begin(buf, sizeof(buf));
	uint32_t i;

	pg_text_bdf(&text, topology->functions[index].at);
	pg_text_char(&text, ' ');
	for (i = 0; i < topology->nr_differences && topology->differences[i].function != index; i++)
		;
	if (i < topology->nr_differences) {
		const struct pg_difference *difference = &topology->differences[i];

		pg_text_string(&text, names[difference->field]);
		add_value(&text, difference->field, difference->now);
		pg_text_string(&text, ", was ");
		add_value(&text, difference->field, difference->was);
	} else {
		add_id(&text, topology->functions[index].hw.id);
		pg_text_string(&text, pg_function_is_bridge(&topology->functions[index])
					      ? " is a bridge now"
					      : " answers there now");
	}
	printer->line(printer->ctx, buf);
}
