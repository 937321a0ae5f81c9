// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan_tree.c - the plan as a tree: the addresses of today and of the next kernel.
 */
#include "names.h"
#include "plan.h"
#include "tree.h"
#include "vfs.h"

#include <stdlib.h>

static const struct options *options_of(const struct machine_plan *plan)
{
	return plan->session.options;
}

static const char *arrow(const struct machine_plan *plan)
{
	return options_of(plan)->utf8 ? "→" : "->";
}

static void put_coloured(const struct machine_plan *plan, FILE *out, enum colour wanted,
			 const char *text)
{
	fprintf(out, "%s%s%s", colour(options_of(plan), wanted), text,
		colour(options_of(plan), COLOUR_NONE));
}

/* Whether a function is drawn in the tree. */
static bool is_shown(const void *ctx, uint16_t index)
{
	return ((const struct machine_plan *)ctx)->topology.functions[index].result.reached;
}

static uint32_t root_of(const void *ctx, uint16_t index)
{
	const struct pg_topology *topology = &((const struct machine_plan *)ctx)->topology;

	return pg_root_of(topology, &topology->functions[index]);
}

static void put_heading(const void *ctx, FILE *out, uint32_t group)
{
	const struct machine_plan *plan = ctx;
	const struct pg_root *root = &plan->topology.roots[group];

	fprintf(out, "root bus %04x:%02x, up to %02x%s\n", root->segment, root->first, root->last,
		machine_end_assumed(&plan->machine, root->segment, root->first) ? " or less" : "");
}

/*
 * What is below a bridge that leads nowhere today is not known before the bridge gets bus numbers.
 */
static const char *put_leaf(const void *ctx, uint16_t index)
{
	const struct pg_function *function =
		&((const struct machine_plan *)ctx)->topology.functions[index];

	if (!pg_function_is_bridge(function) || function->result.visited)
		return NULL;
	return "? nothing is reached here today";
}

static void put_bridge(const struct machine_plan *plan, FILE *out, uint16_t index)
{
	const struct pg_function *function = &plan->topology.functions[index];
	const int today[2] = { function->hw.secondary, function->hw.subordinate };
	char text[BUSES_TEXT];
	int tomorrow[2];

	fprintf(out, " %sbridge, buses %s",
		function->hw.header == PG_HEADER_CARDBUS ? "CardBus " : "",
		buses_text(today, text));
	if (function->hw.primary != function->at.bus && function->hw.secondary)
		fprintf(out, " (primary %02x)", function->hw.primary);
	if (!plan_renumbers(plan, index))
		return;
	plan_buses(plan, index, tomorrow);
	fprintf(out, " %s %s", arrow(plan), buses_text(tomorrow, text));
}

/* The cause on a bridge, in words. */
static const char *cause_text(enum pg_reason reason)
{
	return reason == PG_REASSIGN_BUSSES ? "is renumbered by pci=assign-busses"
					    : pg_reason_sentence(reason);
}

/* Prints a future other than "keeps". */
static void put_future(const struct machine_plan *plan, FILE *out, uint16_t index)
{
	static const struct {
		const char *text;
		enum colour colour;
	} words[FUTURE_COUNT] = {
		[FUTURE_KEEPS] = { NULL, COLOUR_NONE },
		[FUTURE_UNSAFE] = { "UNSAFE (the same address, but not all the time)", COLOUR_BAD },
		[FUTURE_MOVES] = { "MOVES", COLOUR_BAD },
		[FUTURE_LOST] = { "LOST, the next kernel does not find it", COLOUR_BAD },
		[FUTURE_UNKNOWN] = { "UNKNOWN", COLOUR_DOUBT },
		[FUTURE_ABSENT] = { NULL, COLOUR_NONE },
	};
	const struct pg_step *step = &plan->plan.steps[index];
	const enum future future = plan_future(plan, index);
	char text[BDF_TEXT];
	bool behind;

	if (words[future].text) {
		fputs(", ", out);
		put_coloured(plan, out, words[future].colour, words[future].text);
	}
	if (!step->reason)
		return;
	fputs(": ", out);
	behind = step->culprit != PG_NONE &&
		 (step->reason == PG_UNVERIFIABLE || step->reason == PG_BUS_UNREACHED);
	if (step->culprit != PG_NONE && !behind)
		fprintf(out, "bridge %s ",
			bdf_text(plan->topology.functions[step->culprit].at, text));
	fputs(cause_text((enum pg_reason)step->reason), out);
	if (behind)
		fprintf(out, ": %s", bdf_text(plan->topology.functions[step->culprit].at, text));
	fprintf(out, " [%s]", pg_reason_code((enum pg_reason)step->reason));
}

/* Prints the reason on a bridge itself. It moves what is below the bridge, not the bridge. */
static void put_cause(const struct machine_plan *plan, FILE *out, uint16_t index)
{
	const struct pg_function *function = &plan->topology.functions[index];
	const enum pg_reason cause = plan_cause(plan, index);
	char text[BDF_TEXT];

	if (cause) {
		fputs(", ", out);
		put_coloured(plan, out, COLOUR_BAD, cause_text(cause));
		if (cause == PG_BUS_OVERLAP)
			fprintf(out, ", %s",
				bdf_text(plan->topology.functions[function->result.culprit].at,
					 text));
		fprintf(out, " [%s]", pg_reason_code(cause));
	} else if (plan_renumbers(plan, index)) {
		fputs(", ", out);
		put_coloured(plan, out, COLOUR_BAD, "renumbered");
	}
}

/* Prints the judgement, unless the line already has the same information. */
static void put_judgement(const struct machine_plan *plan, FILE *out, uint16_t index)
{
	const struct pg_judgement *judgement = plan_judgement(plan, index);

	if (!judgement || judgement->bridge)
		return;
	fputs(", ", out);
	put_coloured(plan, out, judgement->reason ? COLOUR_BAD : COLOUR_GOOD, "preserved");
	if (judgement->reason && judgement->reason != plan->plan.steps[index].reason)
		fprintf(out, ", %s: %s [%s]", judgement_text(judgement),
			pg_reason_sentence((enum pg_reason)judgement->reason),
			pg_reason_code((enum pg_reason)judgement->reason));
}

static void put_function(const void *ctx, FILE *out, uint16_t index)
{
	const struct machine_plan *plan = ctx;
	const struct pg_function *function = &plan->topology.functions[index];
	const enum future future = plan_future(plan, index);
	char text[BDF_TEXT];

	fputs(bdf_text(function->at, text), out);
	if (future == FUTURE_MOVES) {
		fprintf(out, " %s ", arrow(plan));
		put_coloured(plan, out, COLOUR_BAD, bdf_text(plan_address(plan, index), text));
	} else if (future == FUTURE_UNKNOWN) {
		fprintf(out, " %s ?", arrow(plan));
	}
	if (function->hw.id)
		fprintf(out, " %04x:%04x", function->hw.id & 0xffff, function->hw.id >> 16);
	if (future == FUTURE_ABSENT)
		fprintf(out, " %s", presence_text(function));
	else if (pg_function_is_bridge(function))
		put_bridge(plan, out, index);
	put_judgement(plan, out, index);
	put_cause(plan, out, index);
	put_future(plan, out, index);
	if (future != FUTURE_KEEPS)
		users_put(&plan->users, function->at,
			  future == FUTURE_MOVES ? plan_address(plan, index) : function->at, false,
			  ", used by ", out);
	names_put(options_of(plan), &plan->machine.config, &plan->topology, index, out);
	fputc('\n', out);
}

static void put_vfs(const void *ctx, FILE *out, uint16_t index, const char *prefix)
{
	const struct machine_plan *plan = ctx;

	vfs_put(&plan->session, plan->topology.functions[index].at, prefix, out);
}

static bool put_others(const struct machine_plan *plan, FILE *out)
{
	uint16_t *order = tree_order(&plan->topology);
	bool first = true;

	if (!order)
		return false;
	for (uint32_t i = 0; i < plan->topology.nr; i++) {
		if (is_shown(plan, order[i]))
			continue;
		if (first)
			fputs("no path leads to\n", out);
		first = false;
		fputs("   ", out);
		put_function(plan, out, order[i]);
	}
	free(order);
	return true;
}

void plan_summary(const struct machine_plan *plan, const char *separator, FILE *out)
{
	static const char *const words[FUTURE_COUNT] = {
		[FUTURE_UNSAFE] = "unsafe",
		[FUTURE_MOVES] = "move",
		[FUTURE_LOST] = "lost",
		[FUTURE_UNKNOWN] = "not known",
		[FUTURE_ABSENT] = "not answering",
	};

	fprintf(out, "%u of %u function%s keep their address", plan->counts[FUTURE_KEEPS],
		plan->topology.nr, plan->topology.nr == 1 ? "" : "s");
	for (int future = FUTURE_UNSAFE; future < FUTURE_COUNT; future++) {
		if (plan->counts[future])
			fprintf(out, "%s%u %s", separator, plan->counts[future], words[future]);
	}
	fputc('\n', out);
}

bool plan_tree(const struct machine_plan *plan, FILE *out)
{
	const struct tree_view view = {
		.topology = &plan->topology,
		.utf8 = options_of(plan)->utf8,
		.ctx = plan,
		.shown = is_shown,
		.group = root_of,
		.heading = put_heading,
		.function = put_function,
		.extra = put_vfs,
		.leaf = put_leaf,
	};

	if (!tree_draw(&view, out) || !put_others(plan, out))
		return false;
	if (plan->topology.nr)
		fputc('\n', out);
	plan_summary(plan, ", ", out);
	return true;
}
