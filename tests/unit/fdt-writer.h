/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fdt-writer.h - writes KHO root FDTs as the kernel does: with libfdt's sequential writer, and with
 * little-endian u64 properties.
 */
#ifndef FDT_WRITER_H
#define FDT_WRITER_H

#include "mock-memory.h"
#include "unit.h"

#define FDT_BYTES 4096

#define MEMORY_MAP_PA 0x3000000u

static inline void fdt_begin(uint8_t *fdt)
{
	assert_int_equal(fdt_create(fdt, FDT_BYTES), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
}

static inline void fdt_end(uint8_t *fdt)
{
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
}

static inline void fdt_u64_native(uint8_t *fdt, const char *name, uint64_t value)
{
	uint8_t bytes[8];

	put64(bytes, value);
	assert_int_equal(fdt_property(fdt, name, bytes, sizeof(bytes)), 0);
}

static inline void fdt_child(uint8_t *fdt, const char *name, uint64_t pa, uint64_t size)
{
	assert_int_equal(fdt_begin_node(fdt, name), 0);
	fdt_u64_native(fdt, "preserved-data", pa);
	fdt_u64_native(fdt, "blob-size", size);
	assert_int_equal(fdt_end_node(fdt), 0);
}

static inline void fdt_begin_kho(uint8_t *fdt)
{
	fdt_begin(fdt);
	assert_int_equal(fdt_property_string(fdt, "compatible", "kho-v4"), 0);
	fdt_u64_native(fdt, "preserved-memory-map", MEMORY_MAP_PA);
}

/* A whole root FDT: memory map, the child of memblock, the child of the LUO. */
static inline void fdt_kho_v4(uint8_t *fdt, uint64_t luo_pa, uint64_t luo_size)
{
	fdt_begin_kho(fdt);
	fdt_child(fdt, "memblock", 0x4000000, 4096);
	fdt_child(fdt, "LUO", luo_pa, luo_size);
	fdt_end(fdt);
}

#endif
