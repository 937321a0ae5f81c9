/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tree.h - functions drawn below their bridges, one a line. What a line says is the viewer's.
 */
#ifndef PCIGATE_TREE_H
#define PCIGATE_TREE_H

#include <pcigate/topology.h>

#include <stdio.h>

/**
 * struct tree_view - what is drawn, and how
 * @topology: the functions and what is above them
 * @utf8:     with box characters
 * @ctx:      handed to the functions as it is
 * @shown:    whether a function has a place in the tree
 * @group:    the number of the heading below which it stands; functions of one group are neighbours
 * in the order of addresses
 * @heading:  prints the line above a group
 * @function: prints the rest of a function's line, with the line feed
 * @leaf:     a text to stand as the last thing below a bridge, or NULL; may itself be NULL
 */
struct tree_view {
	const struct pg_topology *topology;
	bool utf8;
	const void *ctx;
	bool (*shown)(const void *ctx, uint16_t index);
	uint32_t (*group)(const void *ctx, uint16_t index);
	void (*heading)(const void *ctx, FILE *out, uint32_t group);
	void (*function)(const void *ctx, FILE *out, uint16_t index);
	const char *(*leaf)(const void *ctx, uint16_t index);
};

/* tree_draw() - false without memory. */
bool tree_draw(const struct tree_view *view, FILE *out);

/*
 * tree_order() - the indices of all functions in the order of addresses, to be freed; NULL without
 * memory.
 */
uint16_t *tree_order(const struct pg_topology *topology);

#endif
