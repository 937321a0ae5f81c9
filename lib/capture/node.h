/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * node.h - reads nodes and properties of a capture. Every unknown or wrong part is an error.
 *
 * Functions that return int return 0, or -1 after noting the error.
 */
#ifndef PCIGATE_CAPTURE_NODE_H
#define PCIGATE_CAPTURE_NODE_H

#include "capture.h"

#include <libfdt.h>

/**
 * struct node - a node that is being read
 * @fdt:    the tree
 * @offset: libfdt's offset of the node in the tree
 * @error:  gets the error
 */
struct node {
	const void *fdt;
	int offset;
	struct capture_error *error;
};

static inline struct node node_at(const struct node *other, int offset)
{
	return (struct node){ .fdt = other->fdt, .offset = offset, .error = other->error };
}

/* Notes "PATH: PROPERTY: MESSAGE" (@property may be NULL) and returns -1. */
int node_fail(const struct node *node, const char *property, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* node_is() - true if the name of the node is @name, with or without a unit address. */
bool node_is(const struct node *node, const char *name);

/* node_no_unit() - an error if the name has a unit address. */
int node_no_unit(const struct node *node);

/* node_unit() - reads the unit address, which must be a hexadecimal number up to @max. */
int node_unit(const struct node *node, uint64_t max, uint64_t *value);

/*
 * node_unit_devfn() - reads the unit address, which must be a device and function number as lspci
 * prints it ("1c.0").
 */
int node_unit_devfn(const struct node *node, uint8_t *devfn);

/* node_known() - an error if there is a property that is not one of the @nr @names. */
int node_known(const struct node *node, const char *const *names, size_t nr);

/* node_leaf() - an error if the node has subnodes. */
int node_leaf(const struct node *node);

/* node_bytes() - the raw value of @property; NULL if it is absent. */
const uint8_t *node_bytes(const struct node *node, const char *property, uint32_t *size);

/* node_flag() - *@value is true if the node has @property, which must have no value. */
int node_flag(const struct node *node, const char *property, bool *value);

/*
 * node_number() - reads a number of one or two cells, up to @max. If the property is absent,
 * *@present is false and *@value is unchanged.
 */
int node_number(const struct node *node, const char *property, uint64_t max, uint64_t *value,
		bool *present);

/* node_string() - reads a single string; *@value is NULL if the property is absent. */
int node_string(const struct node *node, const char *property, const char **value);

/* node_strings() - reads a list of strings. The caller frees the array. */
int node_strings(const struct node *node, const char *property, struct capture_strings *strings);

/* node_count() - the number of subnodes. */
uint32_t node_count(const struct node *node);

#define node_for_each(child, node)                                                                 \
	for ((child) = fdt_first_subnode((node)->fdt, (node)->offset); (child) >= 0;               \
	     (child) = fdt_next_subnode((node)->fdt, (child)))

/*
 * node_fill() - stores the contents of @node (raw@, fdt@, tree@, or a structure of the record) into
 * the @size bytes at @to. The unit address of @node is the offset. Without @wire, only raw@ is
 * allowed.
 */
int node_fill(const struct node *node, uint8_t *to, uint64_t size, bool wire);

/* node_fill_bytes() - copies the property "bytes", if there is one, to @to. */
int node_fill_bytes(const struct node *node, uint8_t *to, uint64_t size);

/*
 * node_fill_fdt() - flattens @node into @size bytes at @to. @native: with 64-bit numbers in the
 * byte order of the CPU, as in KHO's tree.
 */
int node_fill_fdt(const struct node *node, uint8_t *to, uint64_t size, bool native);

/* Functions that read and free the parts of a capture. */
int capture_read_memory(const struct node *root, struct capture *capture);
int capture_read_config(const struct node *config, struct capture *capture);
void capture_free_memory(struct capture *capture);
void capture_free_config(struct capture *capture);

#endif
