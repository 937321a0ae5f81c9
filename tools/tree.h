/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tree.h - draws functions below their bridges, one per line. The view provides the text of a line.
 */
#ifndef PCIGATE_TREE_H
#define PCIGATE_TREE_H

#include <pcigate/topology.h>

#include <stdio.h>

/**
 * struct tree_view - what is drawn, and how
 * @topology: the functions and the bridges above them
 * @utf8:     with box characters
 * @ctx:      passed to the callbacks
 * @shown:    whether a function is drawn in the tree
 * @group:    number of the heading above the function; functions of one group are neighbours when
 *            sorted by address
 * @heading:  prints the line above a group
 * @function: prints the rest of a function's line, with the line feed
 * @extra:    prints the lines below a function that are not functions of the topology, each after
 *            @prefix; the callback may be NULL
 * @leaf:     a text for the last line below a bridge, or NULL; the callback may itself be NULL
 */
struct tree_view {
	const struct pg_topology *topology;
	bool utf8;
	const void *ctx;
	bool (*shown)(const void *ctx, uint16_t index);
	uint32_t (*group)(const void *ctx, uint16_t index);
	void (*heading)(const void *ctx, FILE *out, uint32_t group);
	void (*function)(const void *ctx, FILE *out, uint16_t index);
	void (*extra)(const void *ctx, FILE *out, uint16_t index, const char *prefix);
	const char *(*leaf)(const void *ctx, uint16_t index);
};

/* tree_draw() - draws the tree. False if memory runs out. */
bool tree_draw(const struct tree_view *view, FILE *out);

/*
 * tree_order() - the indices of all functions sorted by address, for the caller to free; NULL if
 * memory runs out.
 */
uint16_t *tree_order(const struct pg_topology *topology);

#endif
