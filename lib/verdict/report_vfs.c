// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report_vfs.c - the report's lines for preserved virtual functions, and for the SR-IOV registers
 * of their physical functions.
 */
#include "report.h"

static void add_value(struct pg_text *text, uint32_t reg, uint32_t value)
{
	switch (reg) {
	case PG_VF_NUMBER:
		pg_text_decimal(text, value);
		break;
	case PG_VF_OFFSET_STRIDE:
	case PG_VF_TOTAL:
		pg_text_decimal(text, value & 0xffff);
		pg_text_char(text, '/');
		pg_text_decimal(text, value >> 16);
		break;
	case PG_VF_DEVICE:
		pg_text_hex(text, value >> 16, 4);
		break;
	case PG_VF_CLASS:
		pg_text_hex(text, value, 6);
		break;
	default:
		pg_text_hex(text, value, reg == PG_VF_CONTROL ? 4 : 8);
	}
}

void pg_vf_difference_text(struct pg_text *text, const struct pg_vf_difference *difference)
{
	static const char names[][20] = {
		[PG_VF_CONTROL] = "SR-IOV control ",
		[PG_VF_NUMBER] = "NumVFs ",
		[PG_VF_OFFSET_STRIDE] = "VF offset/stride ",
		[PG_VF_TOTAL] = "Initial/TotalVFs ",
		[PG_VF_DEVICE] = "VF device ID ",
		[PG_VF_PAGE_SIZE] = "VF page size ",
		[PG_VF_BAR] = "VF BAR ",
		[PG_VF_CLASS] = "VF class ",
	};
	const uint32_t reg = difference->reg < PG_VF_BAR || difference->reg == PG_VF_CLASS
				     ? difference->reg
				     : PG_VF_BAR;

	pg_text_string(text, names[reg]);
	if (reg == PG_VF_BAR) {
		pg_text_decimal(text, difference->reg - PG_VF_BAR);
		pg_text_char(text, ' ');
	}
	add_value(text, reg, difference->now);
	pg_text_string(text, ", was ");
	add_value(text, reg, difference->was);
}

static void report_register(const struct pg_printer *printer, struct pg_bdf at,
			    const struct pg_vf_difference *difference)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = pg_line_begin(buf, sizeof(buf));

	pg_text_bdf(&text, at);
	pg_text_char(&text, ' ');
	pg_vf_difference_text(&text, difference);
	printer->line(printer->ctx, buf);
}

static void add_vf(struct pg_text *text, const struct pg_topology *topology,
		   const struct pg_vf_judgement *judgement, int parts)
{
	const enum pg_reason reason = (enum pg_reason)judgement->reason;

	pg_text_string(text, "VF ");
	pg_text_bdf(text, judgement->at);
	if (!reason) {
		pg_text_string(text, " keeps its address");
		return;
	}
	pg_line_outcome(text, judgement->lost, reason);
	if (parts & PG_PART_PLACE && !pg_bdf_equal(judgement->at, judgement->moved)) {
		pg_text_string(text, " to ");
		pg_text_bdf(text, judgement->moved);
	}
	pg_text_char(text, ':');
	if (parts & PG_PART_CULPRIT && judgement->culprit != PG_NONE) {
		pg_text_char(text, ' ');
		pg_text_bdf(text, topology->functions[judgement->culprit].at);
	} else if (parts & PG_PART_SENTENCE) {
		pg_text_char(text, ' ');
		pg_text_string(text, pg_reason_sentence(reason));
	}
	pg_line_code(text, reason);
}

static void report_vf(const struct pg_printer *printer, const struct pg_topology *topology,
		      const struct pg_vf_judgement *judgement)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;
	int parts = PG_PARTS_ALL;

	do {
		text = pg_line_begin(buf, sizeof(buf));
		add_vf(&text, topology, judgement, parts);
	} while (text.full && parts--);
	printer->line(printer->ctx, buf);
}

uint32_t pg_report_vfs(const struct pg_printer *printer, const struct pg_gate *gate,
		       struct pg_vf_walk *walk, uint32_t keeps)
{
	const struct pg_judged judged = pg_gate_judged(gate);
	const struct pg_vf_difference *difference =
		pg_vf_difference_of(&gate->topology, walk->function);
	uint32_t i, listed = 0;

	if (difference)
		report_register(printer, walk->pf.at, difference);
	for (i = 0; i < walk->pf.nr; i++) {
		struct pg_vf_judgement judgement;

		pg_judge_vf(&judged, walk, i, &judgement);
		if (!judgement.reason && listed == keeps)
			continue;
		listed += !judgement.reason;
		report_vf(printer, &gate->topology, &judgement);
	}
	return listed;
}
