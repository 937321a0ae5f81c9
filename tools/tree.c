// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tree.c - draws functions below their bridges.
 */
#define _GNU_SOURCE /* qsort_r() */

#include "tree.h"

#include <stdlib.h>

/* Each bridge below another one takes a bus number, so no branch is longer than this. */
#define MAX_DEPTH 256u
#define STEP_ROOM 8u

/* The characters of a branch. */
struct strokes {
	const char *more;
	const char *last;
	const char *down;
	const char *gap;
};

static const struct strokes unicode = { "├─ ", "└─ ", "│  ", "   " };
static const struct strokes ascii = { "|- ", "`- ", "|  ", "   " };

struct tree {
	const struct tree_view *view;
	const struct strokes *strokes;
	FILE *out;
	uint16_t *order; /* indices, by address */
	char prefix[MAX_DEPTH * STEP_ROOM];
};

static bool is_child(const struct tree *tree, uint16_t index, uint16_t parent, uint32_t group)
{
	const struct tree_view *view = tree->view;

	return view->topology->functions[index].parent == parent && view->shown(view->ctx, index) &&
	       view->group(view->ctx, index) == group;
}

/* The first child of @parent from position @i of the order on. */
static uint32_t next_child(const struct tree *tree, uint32_t i, uint16_t parent, uint32_t group)
{
	while (i < tree->view->topology->nr && !is_child(tree, tree->order[i], parent, group))
		i++;
	return i;
}

/*
 * @len is the length of the prefix. Each level is a bus of its own, so the buses of a segment limit
 * the depth.
 */
static void put_children(struct tree *tree, uint16_t parent, uint32_t group, size_t len)
{
	const struct tree_view *view = tree->view;
	const uint32_t nr = view->topology->nr;
	const char *leaf = view->leaf && parent != PG_NONE ? view->leaf(view->ctx, parent) : NULL;
	uint32_t i, next;

	for (i = next_child(tree, 0, parent, group); i < nr; i = next) {
		const char *step;
		bool more;

		next = next_child(tree, i + 1, parent, group);
		more = next < nr || leaf;
		fprintf(tree->out, "%.*s%s", (int)len, tree->prefix,
			more ? tree->strokes->more : tree->strokes->last);
		view->function(view->ctx, tree->out, tree->order[i]);
		step = more ? tree->strokes->down : tree->strokes->gap;
		if (len + strlen(step) > sizeof(tree->prefix))
			continue;
		memcpy(tree->prefix + len, step, strlen(step));
		if (view->extra) {
			char prefix[sizeof(tree->prefix) + 1];

			snprintf(prefix, sizeof(prefix), "%.*s", (int)(len + strlen(step)),
				 tree->prefix);
			view->extra(view->ctx, tree->out, tree->order[i], prefix);
		}
		put_children(tree, tree->order[i], group, len + strlen(step));
	}
	if (leaf)
		fprintf(tree->out, "%.*s%s%s\n", (int)len, tree->prefix, tree->strokes->last, leaf);
}

static int by_address(const void *a, const void *b, void *topology)
{
	const struct pg_function *functions = ((const struct pg_topology *)topology)->functions;
	const uint64_t x = pg_bdf_key(functions[*(const uint16_t *)a].at);
	const uint64_t y = pg_bdf_key(functions[*(const uint16_t *)b].at);

	return x < y ? -1 : x > y;
}

uint16_t *tree_order(const struct pg_topology *topology)
{
	uint16_t *order = malloc((topology->nr ? topology->nr : 1) * sizeof(*order));

	if (!order)
		return NULL;
	for (uint32_t i = 0; i < topology->nr; i++)
		order[i] = (uint16_t)i;
	qsort_r(order, topology->nr, sizeof(*order), by_address, (void *)(uintptr_t)topology);
	return order;
}

bool tree_draw(const struct tree_view *view, FILE *out)
{
	struct tree tree = { .view = view, .strokes = view->utf8 ? &unicode : &ascii, .out = out };
	uint32_t done = 0, group = 0;

	tree.order = tree_order(view->topology);
	if (!tree.order)
		return false;
	for (uint32_t i = 0; i < view->topology->nr; i++) {
		const uint16_t index = tree.order[i];

		if (view->topology->functions[index].parent != PG_NONE ||
		    !view->shown(view->ctx, index) ||
		    (done && view->group(view->ctx, index) == group))
			continue;
		group = view->group(view->ctx, index);
		done++;
		view->heading(view->ctx, out, group);
		put_children(&tree, PG_NONE, group, 0);
	}
	free(tree.order);
	return true;
}
