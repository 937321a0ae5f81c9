// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording_config.c - config space of every function.
 */
#include "maker.h"

#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#define SPACE_ORDINARY 256u

/*
 * Config space of one function, as far as it is not zero. Registers that cannot be read are listed.
 */
static void put_space(struct maker *maker, const struct found *found)
{
	uint32_t bad[64], nr_bad = 0, value, size = SPACE_ORDINARY;
	uint8_t *space = maker->space;
	bool extended;

	/* Without extended registers all ones come back, or the ordinary ones once more. */
	extended = !pg_read(&maker->reader, found->at, PG_REG_EXTENDED, &value) &&
		   value != found->identity.vendor_device;
	if (extended && value)
		size = MAKER_SPACE;
	memset(space, 0, MAKER_SPACE);
	for (uint32_t reg = 0; reg < size; reg += 4) {
		const enum pg_access access =
			pg_read(&maker->reader, found->at, (uint16_t)reg, &value);

		if (access == PG_ACCESS_UNREADABLE && nr_bad < PG_ARRAY_SIZE(bad))
			bad[nr_bad++] = reg;
		for (uint32_t byte = 0; byte < 4; byte++)
			space[reg + byte] = (uint8_t)(value >> 8 * byte);
	}
	while (size > 64 && !space[size - 1])
		size--;
	maker_put(maker, "bytes", space, size);
	if (extended)
		maker_put(maker, "extended", NULL, 0);
	if (nr_bad)
		maker_put_cells(maker, "unreadable", bad, nr_bad);
}

static void put_function(struct maker *maker, const struct found *found)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%x.%x", found_is_bridge(found) ? "bridge" : "function",
		 found->at.devfn >> 3, found->at.devfn & 7);
	maker_keep(maker, fdt_begin_node(maker->fdt, name));
	put_space(maker, found);
	maker_end(maker);
}

uint32_t maker_put_segment(struct maker *maker, uint32_t from)
{
	const struct functions *functions = maker->recording->functions;
	const uint32_t segment = functions->list[from].at.segment;
	const uint32_t window[] = { functions->list[from].at.bus, 255 };
	uint32_t i = from;

	maker_begin(maker, "segment@%llx", segment);
	maker_put_cells(maker, "buses", window, 2);
	while (i < functions->nr && functions->list[i].at.segment == segment) {
		const uint8_t bus = functions->list[i].at.bus;

		maker_begin(maker, "bus@%llx", bus);
		for (; i < functions->nr && functions->list[i].at.segment == segment &&
		       functions->list[i].at.bus == bus;
		     i++)
			put_function(maker, maker_found(maker, i));
		maker_end(maker);
	}
	maker_end(maker);
	return i;
}
