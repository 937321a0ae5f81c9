/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * node.h - reading nodes and properties of a capture, strictly, with a message for whatever is
 * wrong.
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
 * @offset: the node in it, as libfdt counts
 * @error:  where to note what is wrong
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

/* node_is() - true if the node is called @name, with or without an @unit address. */
bool node_is(const struct node *node, const char *name);

/* node_no_unit() - an error if the name has a unit address. */
int node_no_unit(const struct node *node);

/* node_unit() - the unit address, which must be a hexadecimal number up to @max. */
int node_unit(const struct node *node, uint64_t max, uint64_t *value);

/*
 * node_unit_devfn() - the unit address, which must be a device and function number as lspci writes
 * it ("1c.0").
 */
int node_unit_devfn(const struct node *node, uint8_t *devfn);

/* node_known() - an error if there is a property whose name is not among the @nr in @names. */
int node_known(const struct node *node, const char *const *names, size_t nr);

/* node_leaf() - an error if there are nodes below. */
int node_leaf(const struct node *node);

/* node_bytes() - the raw value of @property; NULL if it is absent. */
const uint8_t *node_bytes(const struct node *node, const char *property, uint32_t *size);

/* node_flag() - a property that is there or not and has no value. */
int node_flag(const struct node *node, const char *property, bool *value);

/*
 * node_number() - a number in one cell or two, up to @max. *@present tells whether it was there;
 * @value stays if not.
 */
int node_number(const struct node *node, const char *property, uint64_t max, uint64_t *value,
		bool *present);

/* node_string() - a single string; *@value stays NULL if it is absent. */
int node_string(const struct node *node, const char *property, const char **value);

/* node_strings() - a list of strings; the array is to be freed. */
int node_strings(const struct node *node, const char *property, struct capture_strings *strings);

/* node_count() - how many nodes are directly below. */
uint32_t node_count(const struct node *node);

#define node_for_each(child, node)                                                                 \
	for ((child) = fdt_first_subnode((node)->fdt, (node)->offset); (child) >= 0;               \
	     (child) = fdt_next_subnode((node)->fdt, (child)))

/*
 * node_fill() - fills @size bytes at @to from the pieces that say what lies there (docs/capture.md,
 * "Pieces"): @node is one of them, and stands for an offset. @wire allows fdt@, tree@ and the
 * structures of the record.
 */
int node_fill(const struct node *node, uint8_t *to, uint64_t size, bool wire);

/* node_fill_bytes() - copies the property bytes, if there is one, to the beginning. */
int node_fill_bytes(const struct node *node, uint8_t *to, uint64_t size);

/*
 * node_fill_fdt() - flattens what is below @node into @size bytes at @to. @native: as KHO's own
 * tree, see flatten.c.
 */
int node_fill_fdt(const struct node *node, uint8_t *to, uint64_t size, bool native);

/* The parts of a capture. */
int capture_read_memory(const struct node *root, struct capture *capture);
int capture_read_config(const struct node *config, struct capture *capture);
void capture_free_memory(struct capture *capture);
void capture_free_config(struct capture *capture);

#endif
