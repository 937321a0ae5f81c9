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

/* pg_fdt_name() - the name of @node with its unit address, zero-terminated. */
const char *pg_fdt_name(const void *fdt, int node);

/**
 * struct pg_fdt_property - a property, in the tree
 * @name:  its name, zero-terminated
 * @value: its value
 * @len:   length of @value in bytes
 * @next:  offset of the next token
 */
struct pg_fdt_property {
	const char *name;
	const void *value;
	uint32_t len;
	uint32_t next;
};

/*
 * pg_fdt_properties() - prepares @property for pg_fdt_next_property(), which moves it to the first
 * property of @node, then to the next one. It returns false after the last one.
 */
void pg_fdt_properties(const void *fdt, int node, struct pg_fdt_property *property);
bool pg_fdt_next_property(const void *fdt, struct pg_fdt_property *property);

/*
 * pg_fdt_get() - the value of the first property of @node with this name, and its length in @len
 * (may be NULL); NULL if there is none.
 */
const void *pg_fdt_get(const void *fdt, int node, const char *name, uint32_t *len);

#endif
