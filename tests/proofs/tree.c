// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tree.c - a model of lib/fdt.c, for proofs of code that reads a tree. The model returns any result
 * that pcigate/fdt.h allows:
 * - a property is missing, or @len bytes inside the blob; two calls may differ;
 * - a node is -1 or a positive offset; below any node there are at most three, in the order of
 * their offsets;
 * - the name of a node is a string of up to 15 bytes;
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

const void *pg_fdt_get(const void *fdt, int node, const char *name, uint32_t *len)
{
	const size_t at = nondet_size();
	const uint32_t bytes = nondet_u32();

	PROVE(fdt == whole && node >= 0 && name);
	if (nondet_bool())
		return NULL;
	ASSUME(at <= whole_size && bytes <= whole_size - at);
	if (len)
		*len = bytes;
	return whole + at;
}

void pg_fdt_read(const void *fdt, int node, const char names[][PG_FDT_NAME], uint32_t nr,
		 struct pg_fdt_seen *seen, struct pg_fdt_values *values)
{
	PROVE(fdt == whole && node >= 0 && nr <= PG_FDT_VALUES && READABLE(seen, sizeof(*seen)));
	values->next = (uint32_t)node;
	values->has = 0;
	for (uint32_t i = 0; i < nr; i++) {
		values->value[i] = pg_fdt_get(fdt, node, names[i], &values->len[i]);
		values->has |= (uint32_t) !!values->value[i] << i;
	}
}

/* The names of properties are not in the model: each comparison has any result. */
int strncmp(const char *a, const char *b, size_t len)
{
	(void)a;
	(void)b;
	(void)len;
	return nondet_int();
}

static int any_node(int after)
{
	const int node = nondet_int();

	if (nondet_bool() || after >= NODES)
		return -1;
	ASSUME(node > after && node <= NODES);
	return node;
}

int pg_fdt_find_child(const void *fdt, int parent, const char *name)
{
	PROVE(fdt == whole && parent >= 0 && name);
	return any_node(0);
}

int pg_fdt_first_child(const void *fdt, int parent)
{
	PROVE(fdt == whole && parent >= 0);
	return any_node(0);
}

int pg_fdt_next_sibling(const void *fdt, int node)
{
	PROVE(fdt == whole && node > 0);
	return any_node(node);
}

int pg_fdt_next_after(const void *fdt, uint32_t at)
{
	PROVE(fdt == whole && at <= INT_MAX);
	return any_node((int)at);
}

const char *pg_fdt_name(const void *fdt, int node)
{
	char *name = malloc(16);

	PROVE(fdt == whole && node >= 0);
	ASSUME(name && !name[15]);
	return name;
}
