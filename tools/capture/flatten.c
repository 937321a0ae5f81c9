// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flatten.c - a device tree inside the capture's own tree (fdt@, tree@), made into the blob that lies in memory.
 *
 * KHO keeps 64-bit numbers in its tree in the byte order of the CPU, the capture is an ordinary tree with big-endian
 * cells. So that both can be written readably, values of eight bytes are turned round for fdt@, unless they are a string.
 * In tree@ everything stays as it is.
 */
#include "node.h"

#include <stdlib.h>

/*
 * libfdt compares the name of each property with all that it has. The largest record that the gate takes has it go over 10 MiB, a
 * capture made for the purpose over terabytes.
 */
#define NAMES_MAX (256u << 20)
#define TOO_MANY_NAMES 1

/**
 * struct flat - a tree in the making
 * @blob:   of libfdt
 * @native: turn values of eight bytes round
 * @names:  bytes of names that were gone over so far
 */
struct flat {
	void *blob;
	bool native;
	uint64_t names;
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

	fdt_for_each_property_offset(property, node->fdt, node->offset) {
		const char *name = NULL;
		int len = 0;
		const uint8_t *value = fdt_getprop_by_offset(node->fdt, property, &name, &len);
		uint8_t turned[8];

		if (!value)
			return len;
		if (flat->native && len == 8 && !is_text(value)) {
			for (int i = 0; i < 8; i++)
				turned[i] = value[7 - i];
			value = turned;
		}
		error = fdt_property(flat->blob, name, value, len);
		if (error)
			return error;
		flat->names += fdt_size_dt_strings(flat->blob);
		if (flat->names > NAMES_MAX)
			return TOO_MANY_NAMES;
	}
	return 0;
}

static int put_node(const struct node *node, struct flat *flat, const char *name, unsigned int depth)
{
	int child;
	int error;

	if (depth > CAPTURE_MAX_DEPTH)
		return -FDT_ERR_BADSTRUCTURE;
	error = fdt_begin_node(flat->blob, name);
	if (!error)
		error = put_properties(node, flat);
	if (error)
		return error;
	node_for_each(child, node) {
		struct node below = node_at(node, child);

		error = put_node(&below, flat, fdt_get_name(node->fdt, child, NULL), depth + 1);
		if (error)
			return error;
	}
	return fdt_end_node(flat->blob);
}

int node_fill_fdt(const struct node *node, uint8_t *to, uint64_t size, bool native)
{
	/*
	 * libfdt wants its blob aligned to 8 bytes; a capture may put it anywhere, which is one of the faults to be
	 * shown.
	 */
	void *blob = calloc(1, size);
	struct flat flat = { .blob = blob, .native = native };
	int error;

	if (!blob)
		return node_fail(node, NULL, "out of memory");
	error = fdt_create(blob, (int)size);
	if (!error)
		error = fdt_finish_reservemap(blob);
	if (!error)
		error = put_node(node, &flat, "", 0);
	if (!error)
		error = fdt_finish(blob);
	if (!error)
		memcpy(to, blob, fdt_totalsize(blob));
	free(blob);
	if (error == -FDT_ERR_NOSPACE)
		return node_fail(node, NULL, "does not fit into the %llu bytes that are left there",
				 (unsigned long long)size);
	if (error == TOO_MANY_NAMES)
		return node_fail(node, NULL, "has too many properties of too many different names");
	return error ? node_fail(node, NULL, "cannot be flattened: %s", fdt_strerror(error)) : 0;
}
