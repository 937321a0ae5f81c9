// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report_verdict.c - the last line of the report: the verdict and its cost.
 */
#include "report.h"

/* Size of a buffer for a line that may be too long. */
#define DRAFT_SIZE 256

static void add_devices(struct pg_text *text, uint32_t count, uint32_t of, const char *one,
			const char *many)
{
	pg_text_decimal(text, count);
	pg_text_string(text, " of ");
	pg_line_count(text, of, "preserved device");
	pg_text_char(text, ' ');
	pg_text_string(text, count == 1 ? one : many);
}

/* What happens to the devices that ->move counts: @moves if all of them are found. */
static const char *consequence(const struct pg_verdict *verdict, const char *moves)
{
	if (!verdict->lost)
		return moves;
	return verdict->lost == verdict->move ? "would not be found" : "would be lost";
}

static void add_outcome(struct pg_text *text, const struct pg_gate *gate)
{
	const struct pg_verdict *verdict = &gate->verdict;
	const uint32_t of = verdict->devices;

	if (gate->policy.mode == PG_MODE_OFF) {
		pg_text_string(text, "pcigate=off, nothing was checked");
		return;
	}
	if (verdict->by_policy)
		pg_text_string(text, "pcigate=report: ");
	if (verdict->record)
		pg_text_string(text, pg_reason_sentence(verdict->record));
	else if (gate->record.state != PG_RECORD_DEVICES)
		pg_text_string(text, "no PCI device is preserved");
	else if (verdict->move && verdict->unverified) {
		pg_text_decimal(text, verdict->move);
		pg_text_string(text, " of ");
		pg_text_decimal(text, of);
		pg_text_char(text, ' ');
		pg_text_string(text, consequence(verdict, "would move"));
		pg_text_string(text, ", ");
		pg_text_decimal(text, verdict->unverified);
		pg_text_string(text, " unverified");
	} else if (verdict->move)
		add_devices(text, verdict->move, of, consequence(verdict, "would change address"),
			    consequence(verdict, "would change address"));
	else if (verdict->unverified)
		add_devices(text, verdict->unverified, of, "cannot be verified",
			    "cannot be verified");
	else if (verdict->bridges_bad) {
		pg_line_count(text, verdict->bridges_bad, "preserved bridge");
		pg_text_string(text, " cannot be verified");
	} else
		add_devices(text, verdict->keep, of, "keeps its address", "keep their address");
}

static void add_cost(struct pg_text *text, const struct pg_cost *cost)
{
	pg_line_count(text, cost->reads, "config read");
	if (!cost->cycles)
		return;
	pg_text_string(text, ", ");
	pg_line_count(text, cost->cycles, "cycle");
	if (!cost->tsc_khz)
		return;
	pg_text_string(text, ", ");
	pg_text_decimal(text, cost->cycles / cost->tsc_khz * 1000 +
				      cost->cycles % cost->tsc_khz * 1000 / cost->tsc_khz);
	pg_text_string(text, " us");
}

void pg_report_verdict(const struct pg_printer *printer, const struct pg_gate *gate,
		       const struct pg_cost *cost, const char *outcome)
{
	char draft[DRAFT_SIZE], cost_line[PG_LINE_SIZE], buf[PG_LINE_SIZE];
	struct pg_text text = pg_line_begin(draft, sizeof(draft));
	struct pg_text cost_text = pg_line_begin(cost_line, sizeof(cost_line));
	size_t tail = !gate->verdict.open && outcome ? strlen(outcome) + 2 : 0;
	bool fits;

	pg_text_string(&text, gate->verdict.open ? "OPEN: " : "STOP: ");
	add_outcome(&text, gate);
	if (cost)
		add_cost(&cost_text, cost);

	/* If the verdict and the cost do not fit on one line, the verdict is the last line. */
	fits = cost && text.len + cost_text.len - (sizeof(PG_LINE_PREFIX) - 1) + 3 + tail <=
			       PG_LINE_COLUMNS;
	if (fits) {
		pg_text_string(&text, " (");
		pg_text_string(&text, cost_line + sizeof(PG_LINE_PREFIX) - 1);
		pg_text_char(&text, ')');
	} else if (cost) {
		printer->line(printer->ctx, cost_line);
	}
	if (tail) {
		pg_text_string(&text, "; ");
		pg_text_string(&text, outcome);
	}
	pg_text_begin(&text, buf, sizeof(buf));
	pg_text_string(&text, draft);
	printer->line(printer->ctx, buf);
}
