/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fdt.h - the check of a flattened device tree before libfdt reads it.
 */
#ifndef PCIGATE_FDT_H
#define PCIGATE_FDT_H

#include <pcigate/port.h>

/*
 * pg_fdt_check() - checks the whole tree at @fdt in @size bytes: the header, and each token of the
 * structure block against the end of its block. Afterwards all properties and names that any
 * version of libfdt returns are inside the tree. Returns 0 or a negative error of libfdt.
 *
 * fdt_check_full() of libfdt 1.6 (Debian 12) accepts property lengths from 0xfffffff4 on, and
 * libfdt of the kernel has no such function. Headers before version 17 do not have the size of
 * the structure block. Such trees are rejected.
 */
int pg_fdt_check(const void *fdt, size_t size);

/*
 * A walk that relies on pg_fdt_check(): libfdt would check each token again, and search each
 * property from the beginning of its node, which takes most of the stage's instructions. A node is
 * its offset in the structure block, as in libfdt.
 */

/* pg_fdt_first_child() - the first node below @node; -1 if there is none. */
int pg_fdt_first_child(const void *fdt, int node);

/* pg_fdt_find_child() - the first node below @node with this name; -1 if there is none. */
int pg_fdt_find_child(const void *fdt, int node, const char *name);

/* pg_fdt_next_sibling() - the next node below the same parent; -1 if there is none. */
int pg_fdt_next_sibling(const void *fdt, int node);

/*
 * pg_fdt_next_after() - the same for the node that contains the token at offset @at, which is
 * behind the name of the node.
 */
int pg_fdt_next_after(const void *fdt, uint32_t at);

/* pg_fdt_name() - the name of @node with its unit address, zero-terminated. */
const char *pg_fdt_name(const void *fdt, int node);

/* The size of a name in pg_fdt_read(), with its terminating zero, and the most names. */
#define PG_FDT_NAME 16u
#define PG_FDT_VALUES 18u

/* As many as a node of pcigate's own record has properties, and a few more. */
#define PG_FDT_SEEN 12u

/**
 * struct pg_fdt_seen - the names that a walk over nodes has met, so that pg_fdt_read() compares the
 * offsets of most names only. Zeroed before the walk
 * @nr:    their number
 * @last:  index of the one that was met last
 * @which: index of each in the names that are wanted
 * @names: their offsets in the strings block
 */
struct pg_fdt_seen {
	uint8_t nr;
	uint8_t last;
	uint8_t which[PG_FDT_SEEN];
	uint32_t names[PG_FDT_SEEN];
};

/**
 * struct pg_fdt_values - the properties of a node
 * @next:  offset of the token after the properties
 * @has:   bit n is set if the node has property n
 * @value: the value of each property that it has, in the tree
 * @len:   length of each in bytes
 */
struct pg_fdt_values {
	uint32_t next;
	uint32_t has;
	const fdt32_t *value[PG_FDT_VALUES];
	uint32_t len[PG_FDT_VALUES];
};

/*
 * pg_fdt_read() - finds those properties of @node that are among the @nr names (at most
 * PG_FDT_VALUES), in one pass. Of two properties with one name, the first counts.
 */
void pg_fdt_read(const void *fdt, int node, const char names[][PG_FDT_NAME], uint32_t nr,
		 struct pg_fdt_seen *seen, struct pg_fdt_values *values);

/*
 * pg_fdt_get() - the value of the first property of @node with this name, and its length in @len
 * (may be NULL); NULL if there is none.
 */
const void *pg_fdt_get(const void *fdt, int node, const char *name, uint32_t *len);

#endif
