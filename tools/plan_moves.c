// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan_moves.c - the plan without what keeps its address, in lines of at most 40 columns unless a
 * name is longer: the bridges that are the cause, below each the functions that it affects, and
 * below these what uses them.
 */
#include "plan.h"

static bool is_shown(const struct machine_plan *plan, uint32_t index)
{
	return plan_future(plan, index) != FUTURE_KEEPS;
}

static const char *arrow(const struct machine_plan *plan)
{
	return plan->session.options->utf8 ? "→" : "->";
}

static void put_function(const struct machine_plan *plan, uint32_t index, FILE *out)
{
	const struct options *options = plan->session.options;
	const struct pg_function *function = &plan->topology.functions[index];
	const struct pg_judgement *judgement = plan_judgement(plan, index);
	const enum future future = plan_future(plan, index);
	char text[BDF_TEXT];

	fprintf(out, " %s ", bdf_text(function->at, text));
	fputs(colour(options, future == FUTURE_UNKNOWN || future == FUTURE_ABSENT ? COLOUR_DOUBT
										  : COLOUR_BAD),
	      out);
	if (future == FUTURE_MOVES)
		fprintf(out, "%s %s", arrow(plan), bdf_text(plan_address(plan, index), text));
	else
		fputs(future_text(future), out);
	fprintf(out, "%s%s\n", colour(options, COLOUR_NONE),
		judgement && !judgement->bridge ? ", preserved" : "");
	users_put_lines(&plan->users, function->at,
			future == FUTURE_MOVES ? plan_address(plan, index) : function->at, out);
}

static void put_cause(const struct machine_plan *plan, uint32_t index, FILE *out)
{
	const struct pg_function *function = &plan->topology.functions[index];
	const enum pg_reason cause = plan_cause(plan, index);
	const int today[2] = { function->hw.secondary, function->hw.subordinate };
	char text[BDF_TEXT], range[BUSES_TEXT];
	int tomorrow[2];

	fprintf(out, "bridge %s", bdf_text(function->at, text));
	if (cause)
		fprintf(out, " [%s]", pg_reason_code(cause));
	fputc('\n', out);
	if (!plan_renumbers(plan, index))
		return;
	plan_buses(plan, index, tomorrow);
	fprintf(out, " buses %s", buses_text(today, range));
	fprintf(out, " %s %s\n", arrow(plan), buses_text(tomorrow, range));
}

static void put_affected(const struct machine_plan *plan, uint16_t culprit, FILE *out)
{
	for (uint32_t i = 0; i < plan->topology.nr; i++) {
		if (is_shown(plan, i) && plan->plan.steps[i].culprit == culprit)
			put_function(plan, i, out);
	}
}

/* Whether function @index is the first one with its reason, and no bridge is named for it. */
static bool is_first_of_reason(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_step *steps = plan->plan.steps;

	if (steps[index].culprit != PG_NONE || !is_shown(plan, index))
		return false;
	for (uint32_t i = 0; i < index; i++) {
		if (is_shown(plan, i) && steps[i].culprit == PG_NONE &&
		    steps[i].reason == steps[index].reason)
			return false;
	}
	return true;
}

static bool has_affected(const struct machine_plan *plan, uint32_t index)
{
	for (uint32_t i = 0; i < plan->topology.nr; i++) {
		if (is_shown(plan, i) && plan->plan.steps[i].culprit == index)
			return true;
	}
	return false;
}

/* Whether the lines above have this reason for the function at @at. */
static bool is_said(const struct machine_plan *plan, struct pg_bdf at, uint8_t reason)
{
	for (uint32_t i = 0; i < plan->topology.nr; i++) {
		if (pg_bdf_equal(plan->topology.functions[i].at, at))
			return plan->plan.steps[i].reason == reason;
	}
	return false;
}

/* The reason of the judgement @index if it is no move, which the lines above have. */
static uint8_t other_reason(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_judgement *judgement = &plan->session.gate.verdict.judgements[index];
	const struct pg_bdf at = plan->session.gate.topology.functions[index].at;

	return judgement->bridge || is_said(plan, at, judgement->reason) ? PG_OK
									 : judgement->reason;
}

/* The reason that all preserved devices have, such as a missing word of the command line. */
static uint8_t common_reason(const struct machine_plan *plan)
{
	const struct pg_verdict *verdict = &plan->session.gate.verdict;
	uint8_t reason = PG_OK;
	uint32_t nr = 0;

	for (uint32_t i = 0; i < verdict->nr; i++) {
		if (verdict->judgements[i].bridge)
			continue;
		if (nr++ && other_reason(plan, i) != reason)
			return PG_OK;
		reason = other_reason(plan, i);
	}
	return nr > 1 ? reason : PG_OK;
}

/* The verdict, with the reasons that do not come from a move. */
static void put_verdict(const struct machine_plan *plan, FILE *out)
{
	const struct pg_verdict *verdict = &plan->session.gate.verdict;
	const uint8_t common = common_reason(plan);
	char text[BDF_TEXT];

	fprintf(out, "verdict: %s\n", verdict->open ? "OPEN" : "STOP");
	if (verdict->record)
		fprintf(out, " [%s]\n", pg_reason_code((enum pg_reason)verdict->record));
	if (common)
		fprintf(out, " all [%s]\n", pg_reason_code((enum pg_reason)common));
	for (uint32_t i = 0; i < verdict->nr && !common; i++) {
		const uint8_t reason = other_reason(plan, i);

		if (reason)
			fprintf(out, " %s [%s]\n",
				bdf_text(plan->session.gate.topology.functions[i].at, text),
				pg_reason_code((enum pg_reason)reason));
	}
}

void plan_moves(const struct machine_plan *plan, FILE *out)
{
	for (uint32_t i = 0; i < plan->topology.nr; i++) {
		const enum pg_reason reason = (enum pg_reason)plan->plan.steps[i].reason;

		if (plan_renumbers(plan, i) || has_affected(plan, i)) {
			put_cause(plan, i, out);
			put_affected(plan, (uint16_t)i, out);
		}
		if (!is_first_of_reason(plan, i))
			continue;
		fprintf(out, "[%s]\n", reason ? pg_reason_code(reason) : "no-answer");
		for (uint32_t j = i; j < plan->topology.nr; j++) {
			if (is_shown(plan, j) && plan->plan.steps[j].culprit == PG_NONE &&
			    plan->plan.steps[j].reason == reason)
				put_function(plan, j, out);
		}
	}
	plan_summary(plan, "\n", out);
	if (plan->judged)
		put_verdict(plan, out);
}
