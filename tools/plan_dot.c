// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan_dot.c - the plan as a graph for dot(1).
 */
#include "dot.h"
#include "plan.h"

static const enum dot_style styles[FUTURE_COUNT] = {
	[FUTURE_KEEPS] = DOT_PLAIN, [FUTURE_UNSAFE] = DOT_BAD,	  [FUTURE_MOVES] = DOT_BAD,
	[FUTURE_LOST] = DOT_BAD,    [FUTURE_UNKNOWN] = DOT_DOUBT, [FUTURE_ABSENT] = DOT_FAINT,
};

static void put_label(const struct machine_plan *plan, FILE *out, uint32_t index)
{
	const struct pg_function *function = &plan->topology.functions[index];
	const struct pg_step *step = &plan->plan.steps[index];
	const enum future future = plan_future(plan, index);
	const enum pg_reason cause = plan_cause(plan, index);
	char text[BDF_TEXT], range[BUSES_TEXT];

	fputs(bdf_text(function->at, text), out);
	if (future == FUTURE_MOVES)
		fprintf(out, "\\nto %s", bdf_text(plan_address(plan, index), text));
	else if (future != FUTURE_KEEPS)
		fprintf(out, "\\n%s",
			future == FUTURE_ABSENT ? presence_text(function) : future_text(future));
	if (function->hw.id)
		fprintf(out, "\\n%04x:%04x", function->hw.id & 0xffff, function->hw.id >> 16);
	if (pg_function_is_bridge(function)) {
		const int today[2] = { function->hw.secondary, function->hw.subordinate };
		int tomorrow[2];

		fprintf(out, "\\nbuses %s", buses_text(today, range));
		plan_buses(plan, index, tomorrow);
		if (plan_renumbers(plan, index))
			fprintf(out, " to %s", buses_text(tomorrow, range));
	}
	if (cause || step->reason)
		fprintf(out, "\\n%s", pg_reason_code(cause ? cause : (enum pg_reason)step->reason));
}

static void put_function(const struct machine_plan *plan, FILE *out, uint32_t index)
{
	const struct pg_function *function = &plan->topology.functions[index];
	const enum future future = plan_future(plan, index);
	const struct pg_judgement *judgement = plan_judgement(plan, index);
	const bool bad = plan_cause(plan, index) || plan_renumbers(plan, index);

	fprintf(out, "\tf%u [label=\"", index);
	put_label(plan, out, index);
	fprintf(out, "\", color=%s, fillcolor=%s%s];\n",
		dot_line(bad && future == FUTURE_KEEPS ? DOT_BAD : styles[future]),
		dot_fill(styles[future]),
		judgement && !judgement->bridge ? ", peripheries=2, penwidth=2" : "");
	if (function->parent != PG_NONE)
		fprintf(out, "\tf%u -> f%u;\n", function->parent, index);
	else if (function->result.reached)
		fprintf(out, "\tr%u -> f%u;\n", pg_root_of(&plan->topology, function), index);
}

void plan_dot(const struct machine_plan *plan, FILE *out)
{
	dot_begin(out, "Red: another number. Yellow: not known. Double border: preserved.");
	for (uint32_t i = 0; i < plan->topology.nr_roots; i++)
		fprintf(out, "\tr%u [shape=ellipse, label=\"root bus %04x:%02x\\nup to %02x\"];\n",
			i, plan->topology.roots[i].segment, plan->topology.roots[i].first,
			plan->topology.roots[i].last);
	for (uint32_t i = 0; i < plan->topology.nr; i++)
		put_function(plan, out, i);
	dot_end(out);
}
