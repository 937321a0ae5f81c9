// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report_functions.c - the report's line for each recorded function.
 */
#include "report.h"

/* Relates the culprit, whose address follows, to the reason. */
static const char *relation(enum pg_reason reason)
{
	switch (reason) {
	case PG_BUS_TAKEN:
		return " taken by ";
	case PG_BUS_EXHAUSTED:
		return " no number for ";
	case PG_BUS_UNREACHED:
		return " was below ";
	case PG_DEVICE_ABSENT:
		return " no answer below ";
	case PG_DEVICE_HIDDEN:
		return " hidden by ";
	case PG_UNVERIFIABLE:
		return " depends on ";
	default:
		return " bridge ";
	}
}

/*
 * The function that makes Linux skip another one: a port with a link below, where Linux scans only
 * device 0; or function 0 of the device.
 */
static struct pg_bdf hiding_function(const struct pg_topology *topology, uint32_t index)
{
	const struct pg_function *function = &topology->functions[index];
	const struct pg_function *above = &topology->functions[function->parent];

	if (function->at.devfn > 7 && function->parent != PG_NONE &&
	    pg_port_is_downstream(above->result.acts_as))
		return above->at;
	return pg_bdf(function->at.segment, function->at.bus, function->at.devfn & 0xf8);
}

static void add_function(struct pg_text *text, const struct pg_topology *topology,
			 const struct pg_plan *plan, uint32_t index,
			 const struct pg_judgement *judgement, int parts)
{
	const struct pg_function *function = &topology->functions[index];
	const enum pg_reason reason = judgement->reason;
	const struct pg_step *step = &plan->steps[index];
	const uint32_t culprit = judgement->culprit == PG_NONE ? index : judgement->culprit;

	if (judgement->bridge)
		pg_text_string(text, "bridge ");
	pg_text_bdf(text, function->at);
	if (!reason) {
		pg_text_string(text, " keeps its address");
		return;
	}
	pg_line_outcome(text, judgement->lost, reason);
	if (parts & PG_PART_PLACE && pg_reason_is_move(reason) && step->found && step->certain &&
	    step->bus != function->at.bus) {
		pg_text_string(text, " to ");
		pg_text_bdf(text, pg_bdf(function->at.segment, step->bus, function->at.devfn));
	}
	pg_text_char(text, ':');
	if (parts & PG_PART_CULPRIT &&
	    (judgement->culprit != PG_NONE || reason == PG_DEVICE_HIDDEN)) {
		pg_text_string(text, parts & PG_PART_SENTENCE ? relation(reason) : " ");
		pg_text_bdf(text, reason == PG_DEVICE_HIDDEN ? hiding_function(topology, culprit)
							     : topology->functions[culprit].at);
	} else if (parts & PG_PART_SENTENCE) {
		pg_text_char(text, ' ');
		pg_text_string(text, pg_reason_sentence(reason));
	}
	pg_line_code(text, reason);
}

static void report_function(const struct pg_printer *printer, const struct pg_topology *topology,
			    const struct pg_plan *plan, uint32_t index,
			    const struct pg_judgement *judgement)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;
	int parts = PG_PARTS_ALL;

	do {
		text = pg_line_begin(buf, sizeof(buf));
		add_function(&text, topology, plan, index, judgement, parts);
	} while (text.full && parts--);
	printer->line(printer->ctx, buf);
}

void pg_report_functions(const struct pg_printer *printer, const struct pg_gate *gate)
{
	const struct pg_topology *topology = &gate->topology;
	const struct pg_verdict *verdict = &gate->verdict;
	uint32_t i, listed = 0, unlisted;
	struct pg_vf_walk walk;

	pg_vf_walk_begin(&walk);
	for (i = 0; i < verdict->nr; i++) {
		const struct pg_judgement *judgement = &verdict->judgements[i];

		const bool kept = !judgement->reason;

		if (!kept || (!judgement->bridge && listed < PG_REPORT_KEEPS)) {
			listed += kept;
			if (judgement->reason == PG_DEVICE_DIFFERENT)
				pg_report_difference(printer, topology, i);
			report_function(printer, topology, &gate->plan, i, judgement);
		}
		/* The physical functions of the record are in the same order. */
		if (topology->functions[i].result.vfs_kept &&
		    pg_vf_walk_next(&walk, &gate->record, topology))
			listed += pg_report_vfs(printer, gate, &walk, PG_REPORT_KEEPS - listed);
	}
	unlisted = verdict->keep - listed;
	if (unlisted && listed) {
		char buf[PG_LINE_SIZE];
		struct pg_text text = pg_line_begin(buf, sizeof(buf));

		pg_line_count(&text, unlisted, "more device");
		pg_text_string(&text, unlisted == 1 ? " keeps its address" : " keep their address");
		printer->line(printer->ctx, buf);
	}
}
