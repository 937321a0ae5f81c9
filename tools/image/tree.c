// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tree.c - the tree that a gated image carries: pcigate's own record, or an empty one.
 */
#include "tree.h"

#include "image.h"

#include <pcigate/gate_fdt.h>
#include <pcigate/record.h>

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

/* More than the changes to a record take. */
#define GROWTH 4096

static const char *const nodes[] = { "host-bridges", "bridges", "devices" };

static int make_empty(void *fdt)
{
	int err = fdt_create_empty_tree(fdt, GROWTH);

	for (size_t i = 0; i < PG_ARRAY_SIZE(nodes) && !err; i++) {
		const int node = fdt_add_subnode(fdt, 0, nodes[i]);

		err = node < 0 ? node : 0;
	}
	return err ? err : fdt_setprop_string(fdt, 0, "compatible", "pcigate-v1");
}

/* The stage demands a checksum, and nothing is to be written into an answer. */
static int seal(void *fdt)
{
	const int answer = fdt_subnode_offset(fdt, 0, "answer");
	int err = answer < 0 ? 0 : fdt_del_node(fdt, answer);
	fdt32_t *cell;
	uint32_t hole, size;

	if (!err)
		err = fdt_setprop_u32(fdt, 0, "crc32", 0);
	if (!err)
		err = fdt_pack(fdt);
	if (err)
		return err;
	/* A trailer needs a size that is a multiple of 8. */
	size = fdt_totalsize(fdt);
	memset((char *)fdt + size, 0, 7);
	fdt_set_totalsize(fdt, (size + 7) & ~7u);
	cell = fdt_getprop_w(fdt, 0, "crc32", NULL);
	hole = (uint32_t)((const char *)cell - (const char *)fdt);
	*cell = cpu_to_fdt32(pg_gate_crc(fdt, fdt_totalsize(fdt), hole));
	return 0;
}

void *image_tree_make(const void *record, size_t record_size, size_t *size,
		      struct capture_error *error)
{
	void *fdt = malloc(record_size + GROWTH);
	int err;

	if (!fdt) {
		image_fail(error, "not enough memory");
		return NULL;
	}
	if (record)
		err = fdt_open_into(record, fdt, (int)(record_size + GROWTH));
	else
		err = make_empty(fdt);
	if (!err)
		err = seal(fdt);
	if (err) {
		image_fail(error, "cannot make the image's tree: %s", fdt_strerror(err));
		free(fdt);
		return NULL;
	}
	*size = fdt_totalsize(fdt);
	return fdt;
}
