// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording_own.c - pcigate's own record of the devices (docs/kho-fdt.md).
 */
#include "maker.h"

#include <libfdt.h>

static void put_roots(struct maker *maker)
{
	maker_keep(maker, fdt_begin_node(maker->fdt, "host-bridges"));
	for (uint32_t i = 0; i < maker->recording->nr_roots; i++) {
		const struct pg_record_root *root = &maker->recording->roots[i];
		const uint32_t range[] = { root->first, root->last };

		maker_begin_at(maker, "bus", root->segment, root->first);
		maker_put32(maker, "segment", root->segment);
		maker_put_cells(maker, "bus-range", range, 2);
		maker_end(maker);
	}
	maker_end(maker);
}

static void put_id(struct maker *maker, const struct found *found)
{
	const uint32_t id[] = { found->identity.vendor_device & 0xffff,
				found->identity.vendor_device >> 16 };

	maker_put_cells(maker, "id", id, 2);
}

static void put_bridges(struct maker *maker)
{
	maker_keep(maker, fdt_begin_node(maker->fdt, "bridges"));
	for (uint32_t i = 0; i < maker->recording->functions->nr; i++) {
		const struct found *bridge = maker_found(maker, i);
		const uint32_t numbers[] = { bridge->primary, bridge->secondary,
					     bridge->subordinate };

		if (!found_is_bridge(bridge))
			continue;
		maker_begin_at(maker, "bridge", bridge->at.segment, bdf_cell(bridge->at));
		maker_put_reg(maker, bridge->at);
		maker_put_cells(maker, "bus-numbers", numbers, 3);
		put_id(maker, bridge);
		if (bridge->header == PG_HEADER_CARDBUS)
			maker_put(maker, "cardbus", NULL, 0);
		if (bridge->ari)
			maker_put(maker, "ari", NULL, 0);
		if (maker->refcounts[i])
			maker_put32(maker, "preserved", maker->refcounts[i]);
		maker_end(maker);
	}
	maker_end(maker);
}

static void put_path(struct maker *maker, const struct found *device)
{
	uint32_t path[PG_PATH_MAX];
	uint32_t depth = PG_PATH_MAX;

	for (uint16_t above = device->parent; above != PG_NONE && depth;
	     above = maker_found(maker, above)->parent)
		path[--depth] = bdf_cell(maker_found(maker, above)->at);
	maker_put_cells(maker, "path", path + depth, PG_PATH_MAX - depth);
}

static void put_devices(struct maker *maker)
{
	maker_keep(maker, fdt_begin_node(maker->fdt, "devices"));
	for (uint32_t i = 0; i < maker->recording->functions->nr; i++) {
		const struct found *device = maker_found(maker, i);
		const struct pg_identity *identity = &device->identity;
		const uint32_t subsystem[] = { identity->subsystem & 0xffff,
					       identity->subsystem >> 16 };
		const uint32_t serial[] = { (uint32_t)(identity->serial >> 32),
					    (uint32_t)identity->serial };

		if (found_is_bridge(device) || !maker->refcounts[i])
			continue;
		maker_begin_at(maker, "device", device->at.segment, bdf_cell(device->at));
		maker_put_reg(maker, device->at);
		put_id(maker, device);
		if (identity->subsystem)
			maker_put_cells(maker, "subsystem", subsystem, 2);
		maker_put32(maker, "class", identity->class_revision >> 8);
		maker_put32(maker, "revision", identity->class_revision & 0xff);
		if (identity->has_serial)
			maker_put_cells(maker, "serial", serial, 2);
		put_path(maker, device);
		maker_end(maker);
	}
	maker_end(maker);
}

void maker_put_own_record(struct maker *maker)
{
	maker_begin(maker, "tree@%llx",
		    (uint64_t)(PAGE_BLOCKS + maker_nr_blocks(maker)) * PG_PAGE_SIZE);
	maker_put_string(maker, "compatible", "pcigate-v1");
	maker_put(maker, "complete", NULL, 0);
	put_roots(maker);
	put_bridges(maker);
	put_devices(maker);
	maker_end(maker);
}
