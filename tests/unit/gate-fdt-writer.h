/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate-fdt-writer.h - writes pcigate's own record (docs/kho-fdt.md). A test can replace properties
 * of the finished tree.
 */
#ifndef GATE_FDT_WRITER_H
#define GATE_FDT_WRITER_H

#include "unit.h"

#include <pcigate/record.h>

#define OWN_BYTES 65536u
#define OWN_PA 0x7000000u

static inline void own_cells(void *fdt, const char *name, const uint32_t *cells, unsigned int nr)
{
	fdt32_t bytes[256];
	unsigned int i;

	assert_true(nr <= PG_ARRAY_SIZE(bytes));
	for (i = 0; i < nr; i++)
		bytes[i] = cpu_to_fdt32(cells[i]);
	assert_int_equal(fdt_property(fdt, name, bytes, (int)nr * 4), 0);
}

#define OWN_CELLS(fdt, name, ...)                                                                  \
	own_cells(fdt, name, (const uint32_t[]){ __VA_ARGS__ },                                    \
		  PG_ARRAY_SIZE(((const uint32_t[]){ __VA_ARGS__ })))

static inline void own_node(void *fdt, const char *name)
{
	assert_int_equal(fdt_begin_node(fdt, name), 0);
}

static inline void own_node_at(void *fdt, const char *type, uint32_t segment, uint32_t unit)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%x,%x", type, segment, unit);
	own_node(fdt, name);
}

static inline void own_end(void *fdt)
{
	assert_int_equal(fdt_end_node(fdt), 0);
}

static inline void own_begin(void *fdt, bool complete)
{
	assert_int_equal(fdt_create(fdt, (int)OWN_BYTES), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	own_node(fdt, "");
	assert_int_equal(fdt_property_string(fdt, "compatible", "pci-topology-v1"), 0);
	if (complete)
		assert_int_equal(fdt_property(fdt, "complete", NULL, 0), 0);
}

/* Ends the tree, and leaves space to change it. */
static inline void own_finish(void *fdt)
{
	own_end(fdt);
	assert_int_equal(fdt_finish(fdt), 0);
	assert_int_equal(fdt_open_into(fdt, fdt, (int)OWN_BYTES), 0);
}

static inline void own_root(void *fdt, uint32_t segment, uint32_t first, uint32_t last)
{
	own_node_at(fdt, "bus", segment, first);
	OWN_CELLS(fdt, "segment", segment);
	OWN_CELLS(fdt, "bus-range", first, last);
	OWN_CELLS(fdt, "ecam", 0, 0xb0000000u, 0, 0x10000000u);
	own_end(fdt);
}

static inline void own_bridge(void *fdt, uint32_t segment, uint32_t bdf, uint32_t secondary,
			      uint32_t preserved)
{
	own_node_at(fdt, "bridge", segment, bdf);
	OWN_CELLS(fdt, "reg", segment, bdf);
	OWN_CELLS(fdt, "bus-numbers", bdf >> 8, secondary, secondary);
	if (preserved)
		OWN_CELLS(fdt, "preserved", preserved);
	own_end(fdt);
}

/* The identity is that of mock_device(). */
static inline void own_device(void *fdt, uint32_t segment, uint32_t bdf, const uint32_t *path,
			      unsigned int depth)
{
	own_node_at(fdt, "device", segment, bdf);
	OWN_CELLS(fdt, "reg", segment, bdf);
	OWN_CELLS(fdt, "id", 0x8086, 0x10d3);
	OWN_CELLS(fdt, "class", 0);
	OWN_CELLS(fdt, "revision", 0);
	own_cells(fdt, "path", path, depth);
	own_end(fdt);
}

static inline void own_answer(void *fdt)
{
	static const uint8_t zeros[PG_ANSWER_REASON];

	own_node(fdt, "answer");
	OWN_CELLS(fdt, "verdict", 0);
	assert_int_equal(fdt_property(fdt, "reason", zeros, sizeof(zeros)), 0);
	OWN_CELLS(fdt, "devices", 0, 0, 0, 0);
	OWN_CELLS(fdt, "config-reads", 0);
	OWN_CELLS(fdt, "cycles", 0, 0);
	own_end(fdt);
}

static inline int own_path(const void *fdt, const char *path)
{
	const int node = fdt_path_offset(fdt, path);

	if (node < 0)
		fail_msg("no %s: %s", path, fdt_strerror(node));
	return node;
}

/* Replaces a property by one of @len bytes, or adds it. */
static inline void own_set(void *fdt, const char *path, const char *name, const void *bytes,
			   unsigned int len)
{
	assert_int_equal(fdt_setprop(fdt, own_path(fdt, path), name, bytes, (int)len), 0);
}

static inline void own_set_cell(void *fdt, const char *path, const char *name, unsigned int index,
				uint32_t value)
{
	const fdt32_t cell = cpu_to_fdt32(value);

	assert_int_equal(fdt_setprop_inplace_namelen_partial(fdt, own_path(fdt, path), name,
							     (int)strlen(name), index * 4, &cell,
							     sizeof(cell)),
			 0);
}

static inline void own_delete(void *fdt, const char *path, const char *name)
{
	assert_int_equal(fdt_delprop(fdt, own_path(fdt, path), name), 0);
}

#endif
