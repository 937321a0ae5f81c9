// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flatten.c - a device tree inside the capture's own tree (fdt@, tree@), made into the blob that
 * lies in memory.
 *
 * KHO keeps 64-bit numbers in its tree in the byte order of the CPU, the capture is an ordinary
 * tree with big-endian cells. So that both can be written readably, values of eight bytes are
 * turned round for fdt@, unless they are a string. In tree@ everything stays as it is.
 */
#include "node.h"

#include <stdlib.h>

/*
 * All names of properties together. libfdt compares each property's name with all of them, so that
 * without a limit the time grows with the square of the size. The record has about 300 bytes of
 * names.
 */
#define NAMES_MAX 2048u
#define TOO_MANY_NAMES 1
#define OUT_OF_MEMORY 2

/* Nodes below nodes. libfdt goes over all that is below a node once for each level. */
#define DEPTH_MAX 16u

/*
 * What is allocated first. The memory around a tree may be much larger than the tree, and there may
 * be many trees in it.
 */
#define ROOM_MIN 4096u

/**
 * struct flat - a tree in the making
 * @blob:   of libfdt
 * @native: turn values of eight bytes round
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
		uint8_t turned[8];
		size_t name_len;

		if (!value)
			return len;
		if (flat->native && len == 8 && !is_text(value)) {
			for (int i = 0; i < 8; i++)
				turned[i] = value[7 - i];
			value = turned;
		}
		name_len = strlen(name);
		if (name_len >= NAMES_MAX)
			return TOO_MANY_NAMES;
		/*
		 * libfdt (1.6 and 1.7) writes a name that is longer than the whole buffer in front
		 * of the buffer.
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

/* Flattens @node into a block of @room bytes. @flat->blob is to be freed. */
static int flatten(const struct node *node, struct flat *flat, uint64_t room)
{
	int error;

	/*
	 * libfdt wants its blob aligned to 8 bytes; a capture may put it anywhere, which is one of
	 * the faults to be shown. It does not write the bytes that fill a value up, hence calloc().
	 */
	flat->blob = calloc(1, room);
	if (!flat->blob)
		return OUT_OF_MEMORY;
	error = fdt_create(flat->blob, (int)room);
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
	uint64_t room = ROOM_MIN;
	int error;

	for (;; room *= 4) {
		room = room < size ? room : size;
		error = flatten(node, &flat, room);
		if (error != -FDT_ERR_NOSPACE || room == size)
			break;
		free(flat.blob);
	}
	if (!error)
		memcpy(to, flat.blob, fdt_totalsize(flat.blob));
	free(flat.blob);
	if (error == OUT_OF_MEMORY)
		return node_fail(node, NULL, "out of memory");
	if (error == -FDT_ERR_NOSPACE)
		return node_fail(node, NULL, "does not fit into the %llu bytes that are left there",
				 (unsigned long long)size);
	if (error == TOO_MANY_NAMES)
		return node_fail(node, NULL, "has more than %u bytes of names of properties",
				 NAMES_MAX);
	return error ? node_fail(node, NULL, "cannot be flattened: %s", fdt_strerror(error)) : 0;
}
