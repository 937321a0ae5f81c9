// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * show_tree.c - draws the recorded functions and all bridges of their segments, as config space
 * shows them.
 */
#include "cli.h"
#include "names.h"
#include "tree.h"
#include "vfs.h"

#include <stdlib.h>

/* False for a function that is not in the tree, because no path leads to it. */
static bool is_placed(const struct pg_function *function)
{
	return function->hw.presence != PG_UNREACHED && function->hw.presence != PG_NO_WINDOW;
}

/* False for a function that is neither recorded nor a bridge. */
static bool is_of_interest(const struct pg_function *function)
{
	return function->rec.recorded || pg_function_is_bridge(function);
}

static void put_bridge(FILE *out, const struct pg_function *function)
{
	fprintf(out, "%s",
		function->hw.header == PG_HEADER_CARDBUS ? " CardBus bridge" : " bridge");
	if (!function->hw.secondary && !function->hw.subordinate)
		fputs(" without bus numbers", out);
	else if (function->hw.secondary == function->hw.subordinate)
		fprintf(out, " to bus %02x", function->hw.secondary);
	else
		fprintf(out, " to buses %02x-%02x", function->hw.secondary,
			function->hw.subordinate);
	if (function->hw.primary != function->at.bus)
		fprintf(out, " (primary %02x)", function->hw.primary);
}

static void put_function(const void *ctx, FILE *out, uint16_t index)
{
	const struct session *session = ctx;
	const struct pg_topology *topology = &session->gate.topology;
	const struct pg_function *function = &topology->functions[index];
	const struct options *options = session->options;
	const struct pg_config config = capture_config(session->capture);
	char text[BDF_TEXT];

	fprintf(out, "%s", bdf_text(function->at, text));
	if (function->hw.presence != PG_PRESENT) {
		fprintf(out, " %s%s%s", colour(options, COLOUR_DOUBT), presence_text(function),
			colour(options, COLOUR_NONE));
	} else {
		if (function->hw.id)
			fprintf(out, " %04x:%04x", function->hw.id & 0xffff, function->hw.id >> 16);
		if (function->hw.header == PG_HEADER_BRIDGE ||
		    function->hw.header == PG_HEADER_CARDBUS)
			put_bridge(out, function);
	}
	if (function->hw.vfs_enabled)
		fputs(", virtual functions enabled", out);
	if (!function->rec.recorded)
		fprintf(out, " %snot recorded%s", colour(options, COLOUR_FAINT),
			colour(options, COLOUR_NONE));
	else if (function->hw.presence == PG_PRESENT && function->hw.header == PG_HEADER_NORMAL)
		fprintf(out, " %spreserved%s", colour(options, COLOUR_GOOD),
			colour(options, COLOUR_NONE));
	else
		fprintf(out, ", %u preserved", function->rec.refcount);
	if (function->result.culprit != PG_NONE)
		fprintf(out, ", overlaps %s",
			bdf_text(topology->functions[function->result.culprit].at, text));
	names_put(options, &config, topology, index, out);
	fputc('\n', out);
}

static void put_vfs(const void *ctx, FILE *out, uint16_t index, const char *prefix)
{
	const struct session *session = ctx;

	vfs_put(session, session->gate.topology.functions[index].at, prefix, out);
}

static bool is_shown(const void *ctx, uint16_t index)
{
	const struct pg_function *function =
		&((const struct session *)ctx)->gate.topology.functions[index];

	return is_placed(function) && is_of_interest(function);
}

static uint32_t segment_of(const void *ctx, uint16_t index)
{
	return ((const struct session *)ctx)->gate.topology.functions[index].at.segment;
}

static void put_heading(const void *ctx, FILE *out, uint32_t segment)
{
	(void)ctx;
	fprintf(out, "segment %04x\n", segment);
}

static bool put_unplaced(const struct pg_topology *topology, FILE *out)
{
	uint16_t *order = tree_order(topology);
	bool first = true;

	if (!order)
		return false;
	for (uint32_t i = 0; i < topology->nr; i++) {
		const struct pg_function *function = &topology->functions[order[i]];
		char text[BDF_TEXT];

		if (is_placed(function))
			continue;
		if (first)
			fputs("no path leads to\n", out);
		first = false;
		fprintf(out, "   %s %s, %u preserved", bdf_text(function->at, text),
			presence_text(function), function->rec.refcount);
		if (function->result.culprit != PG_NONE)
			fprintf(out, "; once behind %s",
				bdf_text(topology->functions[function->result.culprit].at, text));
		fputc('\n', out);
	}
	free(order);
	return true;
}

bool show_tree(const struct session *session, FILE *out)
{
	const struct tree_view view = {
		.topology = &session->gate.topology,
		.utf8 = session->options->utf8,
		.ctx = session,
		.shown = is_shown,
		.group = segment_of,
		.heading = put_heading,
		.function = put_function,
		.extra = put_vfs,
	};

	return tree_draw(&view, out) && put_unplaced(view.topology, out);
}
