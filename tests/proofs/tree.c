// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tree.c - a model of libfdt, for proofs of code that reads a tree. The model returns any result
 * that the documentation in libfdt.h allows:
 * - a property is missing, or @len bytes inside the blob; two calls may differ;
 * - a node is a negative error or a positive offset; below any node there are at most three, in the
 *   order of their offsets;
 * - a name is missing, or a string of up to seven bytes;
 * - a blob is whole or not. Before pg_fdt_check() accepts it, no other function may read it.
 */
#include "tree.h"

#include <pcigate/fdt.h>

#define NODES 3

static const uint8_t *whole;
static size_t whole_size;

void tree_is_whole(const void *fdt, size_t size)
{
	whole = fdt;
	whole_size = size;
}

int pg_fdt_check(const void *fdt, size_t size)
{
	PROVE(READABLE(fdt, size));
	if (nondet_bool())
		return -FDT_ERR_TRUNCATED;
	tree_is_whole(fdt, size);
	return 0;
}

const char *fdt_strerror(int err)
{
	PROVE(err);
	return "error";
}

static int any_error(void)
{
	const int err = nondet_int();

	ASSUME(err < 0 && err > -20);
	return err;
}

const void *fdt_getprop(const void *fdt, int node, const char *name, int *len)
{
	const size_t at = nondet_size();
	int bytes = nondet_bool() ? any_error() : nondet_int();

	PROVE(fdt == whole && node >= 0 && name);
	ASSUME(bytes < 0 || (at <= whole_size && (size_t)bytes <= whole_size - at));
	if (len)
		*len = bytes;
	return bytes < 0 ? NULL : whole + at;
}

static int any_node(int after)
{
	const int node = nondet_int();

	if (nondet_bool() || after >= NODES)
		return any_error();
	ASSUME(node > after && node <= NODES);
	return node;
}

int fdt_subnode_offset(const void *fdt, int parent, const char *name)
{
	PROVE(fdt == whole && parent >= 0 && name);
	return any_node(0);
}

int fdt_first_subnode(const void *fdt, int parent)
{
	PROVE(fdt == whole && parent >= 0);
	return any_node(0);
}

int fdt_next_subnode(const void *fdt, int node)
{
	PROVE(fdt == whole && node > 0);
	return any_node(node);
}

const char *fdt_get_name(const void *fdt, int node, int *len)
{
	char *name = malloc(8);

	PROVE(fdt == whole && node >= 0 && !len);
	ASSUME(name && !name[7]);
	return nondet_bool() ? name : NULL;
}
