// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tree.c - draws the functions of a topology below their bridges.
 */
#include "cli.h"

#include <stdlib.h>

/* A bridge above another one takes a bus number, so that no branch is longer than this. */
#define MAX_DEPTH 256u
#define STEP_ROOM 8u

/* What a branch is drawn with. */
struct strokes {
	const char *more;
	const char *last;
	const char *down;
	const char *gap;
};

static const struct strokes unicode = { "├─ ", "└─ ", "│  ", "   " };
static const struct strokes ascii = { "|- ", "`- ", "|  ", "   " };

struct tree {
	const struct session *session;
	const struct pg_topology *topology;
	const struct strokes *strokes;
	FILE *out;
	uint16_t *order; /* indices, by address */
	char prefix[MAX_DEPTH * STEP_ROOM];
};

/* Functions that cannot be placed in the tree: no way leads to them. */
static bool is_placed(const struct pg_function *function)
{
	return function->presence != PG_UNREACHED && function->presence != PG_NO_WINDOW;
}

/* What was met on the way and is neither preserved nor a bridge has no part in the story. */
static bool is_of_interest(const struct pg_function *function)
{
	return function->recorded || pg_function_is_bridge(function);
}

static void put_bridge(struct tree *tree, const struct pg_function *function)
{
	fprintf(tree->out, "%s", function->header == PG_HEADER_CARDBUS ? " CardBus bridge" : " bridge");
	if (!function->secondary && !function->subordinate)
		fputs(" without bus numbers", tree->out);
	else if (function->secondary == function->subordinate)
		fprintf(tree->out, " to bus %02x", function->secondary);
	else
		fprintf(tree->out, " to buses %02x-%02x", function->secondary, function->subordinate);
	if (function->primary != function->at.bus)
		fprintf(tree->out, " (primary %02x)", function->primary);
}

static void put_function(struct tree *tree, const struct pg_function *function)
{
	const struct options *options = tree->session->options;
	char text[BDF_TEXT];

	fprintf(tree->out, "%s", bdf_text(function->at, text));
	if (function->presence != PG_PRESENT) {
		fprintf(tree->out, " %s%s%s", colour(options, COLOUR_DOUBT), presence_text(function),
			colour(options, COLOUR_NONE));
	} else {
		if (function->id)
			fprintf(tree->out, " %04x:%04x", function->id & 0xffff, function->id >> 16);
		if (function->header == PG_HEADER_BRIDGE || function->header == PG_HEADER_CARDBUS)
			put_bridge(tree, function);
	}
	if (function->vfs_enabled)
		fputs(", virtual functions enabled", tree->out);
	if (!function->recorded)
		fprintf(tree->out, " %snot recorded%s", colour(options, COLOUR_FAINT), colour(options, COLOUR_NONE));
	else if (function->presence == PG_PRESENT && function->header == PG_HEADER_NORMAL)
		fprintf(tree->out, " %spreserved%s", colour(options, COLOUR_GOOD), colour(options, COLOUR_NONE));
	else
		fprintf(tree->out, ", %u preserved", function->refcount);
	if (function->overlap != PG_NONE)
		fprintf(tree->out, ", overlaps %s", bdf_text(tree->topology->functions[function->overlap].at, text));
	fputc('\n', tree->out);
}

static bool is_child(const struct tree *tree, uint16_t index, uint16_t parent, uint32_t segment)
{
	const struct pg_function *function = &tree->topology->functions[index];

	return function->parent == parent && function->at.segment == segment && is_placed(function) &&
	       is_of_interest(function);
}

/* @len is the length of the prefix. Each level is one bus further, so the depth is bounded by the buses of a segment.
 */
static void put_children(struct tree *tree, uint16_t parent, uint32_t segment, size_t len)
{
	const uint32_t nr = tree->topology->nr;
	uint32_t i = 0, next;

	while (i < nr && !is_child(tree, tree->order[i], parent, segment))
		i++;
	for (; i < nr; i = next) {
		const uint16_t index = tree->order[i];
		const char *step;

		for (next = i + 1; next < nr && !is_child(tree, tree->order[next], parent, segment);)
			next++;
		fprintf(tree->out, "%.*s%s", (int)len, tree->prefix,
			next < nr ? tree->strokes->more : tree->strokes->last);
		put_function(tree, &tree->topology->functions[index]);
		step = next < nr ? tree->strokes->down : tree->strokes->gap;
		if (len + strlen(step) > sizeof(tree->prefix))
			continue;
		memcpy(tree->prefix + len, step, strlen(step));
		put_children(tree, index, segment, len + strlen(step));
	}
}

static const struct pg_topology *sorted_topology;

static int by_address(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(sorted_topology->functions[*(const uint16_t *)a].at);
	const uint64_t y = pg_bdf_key(sorted_topology->functions[*(const uint16_t *)b].at);

	return x < y ? -1 : x > y;
}

static void put_unplaced(struct tree *tree)
{
	bool first = true;

	for (uint32_t i = 0; i < tree->topology->nr; i++) {
		const struct pg_function *function = &tree->topology->functions[tree->order[i]];
		char text[BDF_TEXT];

		if (is_placed(function))
			continue;
		if (first)
			fputs("no way leads to\n", tree->out);
		first = false;
		fprintf(tree->out, "   %s %s, %u preserved", bdf_text(function->at, text), presence_text(function),
			function->refcount);
		if (function->suspect != PG_NONE)
			fprintf(tree->out, "; once behind %s",
				bdf_text(tree->topology->functions[function->suspect].at, text));
		fputc('\n', tree->out);
	}
}

bool tree_print(const struct session *session, FILE *out)
{
	struct tree tree = {
		.session = session,
		.topology = &session->gate.topology,
		.strokes = session->options->utf8 ? &unicode : &ascii,
		.out = out,
	};
	uint32_t segment = 0;
	bool first = true;

	tree.order = malloc((size_t)tree.topology->nr * sizeof(*tree.order));
	if (!tree.order)
		return false;
	for (uint32_t i = 0; i < tree.topology->nr; i++)
		tree.order[i] = (uint16_t)i;
	sorted_topology = tree.topology;
	qsort(tree.order, tree.topology->nr, sizeof(*tree.order), by_address);
	for (uint32_t i = 0; i < tree.topology->nr; i++) {
		const struct pg_function *function = &tree.topology->functions[tree.order[i]];

		if (!is_placed(function) || (!first && function->at.segment == segment))
			continue;
		segment = function->at.segment;
		first = false;
		fprintf(out, "segment %04x\n", segment);
		put_children(&tree, PG_NONE, segment, 0);
	}
	put_unplaced(&tree);
	free(tree.order);
	return true;
}
