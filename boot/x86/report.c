// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report.c - keeps the stage's report in memory.
 */
#include "report.h"

#include <pcigate/gate.h>
#include <pcigate/report_data.h>
#include <pcigate/text.h>

#include "state.h"

/* The line that counts what was left out, and the last lines. */
#define RESERVED ((1 + REPORT_LAST_LINES) * PG_LINE_SIZE)

/**
 * struct report - the report
 * @data:    the head that Linux reads (struct setup_data)
 * @text:    lines, each with a line feed at its end. The report of a gate that opens without
 * pcigate=report has at most PG_REPORT_KEEPS and 14 more, which fit.
 * @omitted: number of lines that were left out
 * @last:    the reserved space may be used
 */
struct report {
	struct pg_report_data data;
	char text[PG_REPORT_SIZE];
	uint32_t omitted;
	bool last;
};

static struct report the_report __attribute__((aligned(8)));

STAGE_STATE(report_state, struct report, the_report)

void report_begin(void)
{
	struct report *report = report_state();

	report->data.len = 0;
	report->omitted = 0;
	report->last = false;
}

void report_line(const char *text)
{
	struct report *report = report_state();
	const size_t len = strlen(text) + 1;
	const size_t limit = PG_REPORT_SIZE - (report->last ? 0 : RESERVED);

	if (report->omitted && !report->last) {
		report->omitted++;
		return;
	}
	if (len > limit - report->data.len) {
		report->omitted++;
		return;
	}
	memcpy(report->text + report->data.len, text, len - 1);
	report->text[report->data.len + len - 1] = '\n';
	report->data.len += (uint32_t)len;
}

void report_last_lines(void)
{
	struct report *report = report_state();
	char buf[PG_LINE_SIZE];
	struct pg_text text;

	report->last = true;
	if (!report->omitted)
		return;
	pg_text_begin(&text, buf, sizeof(buf));
	pg_text_string(&text, "pcigate: ");
	pg_text_decimal(&text, report->omitted);
	pg_text_string(&text, report->omitted == 1 ? " line" : " lines");
	pg_text_string(&text, " of the report left out");
	report_line(buf);
}

void report_hand_over(struct boot_params *params, void *place)
{
	struct pg_report_data *data = &report_state()->data;

	data->type = PG_REPORT_TYPE;
	data->next = params->setup_data;
	if (place) {
		memcpy(place, data, sizeof(*data) + data->len);
		data = place;
	}
	params->setup_data = (uintptr_t)data;
}
