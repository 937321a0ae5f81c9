// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flatten.c - flattens a device tree inside the capture (fdt@, tree@) into a blob in memory.
 *
 * KHO stores 64-bit numbers in its tree in the byte order of the CPU. The capture has big-endian
 * cells. So in fdt@ the bytes of each value of eight bytes are reversed, unless it is a string. In
 * tree@ all values are copied unchanged.
 */
#include "node.h"

#include <stdlib.h>

/*
 * Limit of the names of all properties together. libfdt compares each name with all others, so the
 * time grows with the square of the size. The record has about 300 bytes of names.
 */
#define NAMES_MAX 2048u
#define TOO_MANY_NAMES 1
#define OUT_OF_MEMORY 2

/* Limit of nodes below each other. libfdt walks a subtree once for each level above it. */
#define DEPTH_MAX 16u

/*
 * Size of the first buffer. The memory range may be much larger than the tree, and may contain many
 * trees.
 */
#define BUFFER_MIN 4096u

/**
 * struct flat - a tree that is being written
 * @blob:   the buffer of libfdt
 * @native: reverse the bytes of values of eight bytes
 */
struct flat {
	void *blob;
	bool native;
};

/* Seven printable characters and a zero. */
static bool is_text(const uint8_t *value)
{
	for (int i = 0; i < 7; i++) {
		if (value[i] < 0x20 || value[i] > 0x7e)
			return false;
	}
	return !value[7];
}

static int put_properties(const struct node *node, struct flat *flat)
{
	int property;
	int error = 0;

	fdt_for_each_property_offset (property, node->fdt, node->offset) {
		const char *name = NULL;
		int len = 0;
		const uint8_t *value = fdt_getprop_by_offset(node->fdt, property, &name, &len);
		uint8_t reversed[8];
		size_t name_len;

		if (!value)
			return len;
		if (flat->native && len == 8 && !is_text(value)) {
			for (int i = 0; i < 8; i++)
				reversed[i] = value[7 - i];
			value = reversed;
		}
		name_len = strlen(name);
		if (name_len >= NAMES_MAX)
			return TOO_MANY_NAMES;
		/*
		 * libfdt (1.6 and 1.7) writes before the buffer if a name is longer than the
		 * buffer.
		 */
		if (fdt_size_dt_strings(flat->blob) + name_len >= fdt_totalsize(flat->blob))
			return -FDT_ERR_NOSPACE;
		error = fdt_property(flat->blob, name, value, len);
		if (error)
			return error;
		if (fdt_size_dt_strings(flat->blob) > NAMES_MAX)
			return TOO_MANY_NAMES;
	}
	return 0;
}

static int put_node(const struct node *node, struct flat *flat, const char *name,
		    unsigned int depth)
{
	int child;
	int error;

	if (depth > DEPTH_MAX)
		return -FDT_ERR_BADSTRUCTURE;
	error = fdt_begin_node(flat->blob, name);
	if (!error)
		error = put_properties(node, flat);
	if (error)
		return error;
	node_for_each(child, node)
	{
		struct node below = node_at(node, child);

		error = put_node(&below, flat, fdt_get_name(node->fdt, child, NULL), depth + 1);
		if (error)
			return error;
	}
	return fdt_end_node(flat->blob);
}

/* Flattens @node into a buffer of @size bytes. The caller frees @flat->blob. */
static int flatten(const struct node *node, struct flat *flat, uint64_t size)
{
	int error;

	/*
	 * libfdt needs a buffer aligned to 8 bytes, but a capture may place the tree at any
	 * address. libfdt does not write the padding of values, so the buffer is zeroed.
	 */
	flat->blob = calloc(1, size);
	if (!flat->blob)
		return OUT_OF_MEMORY;
	error = fdt_create(flat->blob, (int)size);
	if (!error)
		error = fdt_finish_reservemap(flat->blob);
	if (!error)
		error = put_node(node, flat, "", 0);
	if (!error)
		error = fdt_finish(flat->blob);
	return error;
}

int node_fill_fdt(const struct node *node, uint8_t *to, uint64_t size, bool native)
{
	struct flat flat = { .native = native };
	uint64_t buffer = BUFFER_MIN;
	int error;

	for (;; buffer *= 4) {
		buffer = buffer < size ? buffer : size;
		error = flatten(node, &flat, buffer);
		if (error != -FDT_ERR_NOSPACE || buffer == size)
			break;
		free(flat.blob);
	}
	if (!error)
		memcpy(to, flat.blob, fdt_totalsize(flat.blob));
	free(flat.blob);
	if (error == OUT_OF_MEMORY)
		return node_fail(node, NULL, "out of memory");
	if (error == -FDT_ERR_NOSPACE)
		return node_fail(node, NULL, "does not fit into the %llu bytes that are left",
				 (unsigned long long)size);
	if (error == TOO_MANY_NAMES)
		return node_fail(node, NULL, "has more than %u bytes of names of properties",
				 NAMES_MAX);
	return error ? node_fail(node, NULL, "cannot be flattened: %s", fdt_strerror(error)) : 0;
}
