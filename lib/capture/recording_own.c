// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording_own.c - writes pcigate's own record (docs/kho-fdt.md).
 */
#include "maker.h"

/*
 * Upper bounds of sizes: header and fixed nodes of the tree, and the other nodes with their
 * properties.
 */
#define SIZE_FIXED 1024u
#define SIZE_ROOT 160u
#define SIZE_FUNCTION 224u
#define SIZE_SRIOV 128u

#define ECAM_BUS_SIZE (1ull << 20)

static void put_reg(struct maker *maker, struct pg_bdf at)
{
	const uint32_t cells[] = { at.segment, maker_bdf(at) };

	maker_put_cells(maker, "reg", cells, 2);
}

static bool is_integrated(const struct functions *functions, const struct pg_record_root *root)
{
	for (uint32_t i = 0; i < functions->nr; i++) {
		const struct found *found = &functions->list[i];

		if (found->integrated && found->at.segment == root->segment &&
		    found->at.bus == root->first)
			return true;
	}
	return false;
}

static void put_ecam(struct maker *maker, const struct pg_record_root *root)
{
	const uint64_t size = root->ecam_buses * ECAM_BUS_SIZE;
	const uint32_t cells[] = { (uint32_t)(root->ecam >> 32), (uint32_t)root->ecam,
				   (uint32_t)(size >> 32), (uint32_t)size };

	if (root->ecam_buses)
		maker_put_cells(maker, "ecam", cells, 4);
}

static void put_roots(struct maker *maker)
{
	maker_keep(maker, fdt_begin_node(maker->fdt, "host-bridges"));
	for (uint32_t i = 0; i < maker->recording->nr_roots; i++) {
		const struct pg_record_root *root = &maker->recording->roots[i];
		const uint32_t range[] = { root->first, root->last };

		maker_begin_at(maker, "bus", root->segment, root->first);
		maker_put32(maker, "segment", root->segment);
		maker_put_cells(maker, "bus-range", range, 2);
		put_ecam(maker, root);
		if (is_integrated(maker->recording->functions, root))
			maker_put(maker, "no-slots", NULL, 0);
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
		maker_begin_at(maker, "bridge", bridge->at.segment, maker_bdf(bridge->at));
		put_reg(maker, bridge->at);
		maker_put_cells(maker, "bus-numbers", numbers, 3);
		put_id(maker, bridge);
		if (bridge->header == PG_HEADER_CARDBUS)
			maker_put(maker, "cardbus", NULL, 0);
		if (pg_port_is_downstream(bridge->acts_as))
			maker_put(maker, "link", NULL, 0);
		else if (bridge->acts_as == PG_PORT_UPSTREAM)
			maker_put(maker, "no-slots", NULL, 0);
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
		path[--depth] = maker_bdf(maker_found(maker, above)->at);
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
		maker_begin_at(maker, "device", device->at.segment, maker_bdf(device->at));
		put_reg(maker, device->at);
		put_id(maker, device);
		if (identity->subsystem)
			maker_put_cells(maker, "subsystem", subsystem, 2);
		maker_put32(maker, "class", identity->class_revision >> 8);
		maker_put32(maker, "revision", identity->class_revision & 0xff);
		if (identity->has_serial)
			maker_put_cells(maker, "serial", serial, 2);
		if (device->translated >= 0)
			maker_put32(maker, "dma-translated", device->translated > 0);
		put_path(maker, device);
		maker_end(maker);
	}
	maker_end(maker);
}

static void put_sriov(struct maker *maker)
{
	maker_keep(maker, fdt_begin_node(maker->fdt, "sriov"));
	for (uint32_t i = 0; i < maker->recording->functions->nr; i++) {
		const struct found *found = maker_found(maker, i);

		if (!found->has_vfs)
			continue;
		maker_begin_at(maker, "function", found->at.segment, maker_bdf(found->at));
		put_reg(maker, found->at);
		put_id(maker, found);
		maker_put32(maker, "buses", found->sriov_buses);
		maker_end(maker);
	}
	maker_end(maker);
}

void maker_put_own(struct maker *maker)
{
	maker_put_string(maker, "compatible", "pci-topology-v1");
	if (maker->recording->complete)
		maker_put(maker, "complete", NULL, 0);
	put_roots(maker);
	put_bridges(maker);
	put_devices(maker);
	put_sriov(maker);
}

uint32_t maker_own_size(const struct maker *maker)
{
	uint32_t size = SIZE_FIXED + maker->recording->nr_roots * SIZE_ROOT;

	for (uint32_t i = 0; i < maker->recording->functions->nr; i++) {
		const struct found *found = maker_found(maker, i);

		size += SIZE_FUNCTION + (found->has_vfs ? SIZE_SRIOV : 0);
		for (uint16_t above = found->parent; above != PG_NONE;
		     above = maker_found(maker, above)->parent)
			size += 4;
	}
	return size;
}
