// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * maker.c - writes nodes and properties of a recording with libfdt.
 */
#include "maker.h"

#include <stdio.h>
#include <string.h>

/* Keeps libfdt's first error until the end. */
void maker_keep(struct maker *maker, int error)
{
	if (error && !maker->error)
		maker->error = error;
}

void maker_begin(struct maker *maker, const char *format, uint64_t unit)
{
	char name[40];

	snprintf(name, sizeof(name), format, (unsigned long long)unit);
	maker_keep(maker, fdt_begin_node(maker->fdt, name));
}

void maker_end(struct maker *maker)
{
	maker_keep(maker, fdt_end_node(maker->fdt));
}

void maker_put(struct maker *maker, const char *name, const void *value, size_t len)
{
	maker_keep(maker, fdt_property(maker->fdt, name, value, (int)len));
}

void maker_put_string(struct maker *maker, const char *name, const char *value)
{
	maker_put(maker, name, value, strlen(value) + 1);
}

void maker_put32(struct maker *maker, const char *name, uint32_t value)
{
	maker_keep(maker, fdt_property_u32(maker->fdt, name, value));
}

void maker_put64(struct maker *maker, const char *name, uint64_t value)
{
	maker_keep(maker, fdt_property_u64(maker->fdt, name, value));
}

void maker_put_cells(struct maker *maker, const char *name, const uint32_t *cells, uint32_t nr)
{
	fdt32_t *value = NULL;

	maker_keep(maker, fdt_property_placeholder(maker->fdt, name, (int)(nr * sizeof(*value)),
						   (void **)&value));
	for (uint32_t i = 0; !maker->error && i < nr; i++)
		fdt32_st(value + i, cells[i]);
}

/* "device@0,310" */
void maker_begin_at(struct maker *maker, const char *kind, uint32_t segment, uint32_t number)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%x,%x", kind, segment, number);
	maker_keep(maker, fdt_begin_node(maker->fdt, name));
}
