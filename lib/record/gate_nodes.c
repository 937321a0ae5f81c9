// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate_nodes.c - the nodes of pcigate's own KHO entry: devices, bridges and physical functions.
 */
#include "gate_nodes.h"

void pg_gate_read_node(const void *fdt, int node, struct pg_fdt_seen *seen,
		       struct pg_fdt_values *values)
{
	static const char names[PG_GATE_NAMES][PG_FDT_NAME] = {
		[PG_GATE_REG] = "reg",
		[PG_GATE_ID] = "id",
		[PG_GATE_CLASS] = "class",
		[PG_GATE_REVISION] = "revision",
		[PG_GATE_SUBSYSTEM] = "subsystem",
		[PG_GATE_SERIAL] = "serial",
		[PG_GATE_PATH] = "path",
		[PG_GATE_DMA_TRANSLATED] = "dma-translated",
		[PG_GATE_BUS_NUMBERS] = "bus-numbers",
		[PG_GATE_PRESERVED] = "preserved",
		[PG_GATE_ARI] = "ari",
		[PG_GATE_LINK] = "link",
		[PG_GATE_NO_SLOTS] = "no-slots",
		[PG_GATE_CARDBUS] = "cardbus",
		[PG_GATE_BUSES] = "buses",
		[PG_GATE_SEGMENT] = "segment",
		[PG_GATE_BUS_RANGE] = "bus-range",
		[PG_GATE_ECAM] = "ecam",
	};

	_Static_assert(PG_GATE_NAMES <= PG_FDT_VALUES, "one value for each name");
	pg_fdt_read(fdt, node, names, PG_GATE_NAMES, seen, values);
}

/* `reg`: segment and BDF. */
static bool read_reg(const struct pg_fdt_values *node, struct pg_bdf *at)
{
	uint32_t cells[2];

	if (!pg_gate_cells(node, PG_GATE_REG, cells, 2) || cells[1] > 0xffff)
		return false;
	*at = pg_bdf(cells[0], (uint8_t)(cells[1] >> 8), (uint8_t)cells[1]);
	return true;
}

/* The node after @node, whose properties end at @next if that is not 0. */
static int next_node(const struct pg_gate_fdt *own, int parent, int node, uint32_t next)
{
	pg_may_resched();
	if (node < 0)
		return pg_fdt_first_child(own->fdt, parent);
	return next ? pg_fdt_next_after(own->fdt, next) : pg_fdt_next_sibling(own->fdt, node);
}

static bool read_device(const void *fdt, struct pg_gate_device *device)
{
	uint32_t id[2], subsystem[2] = { 0, 0 }, class, revision, serial[2] = { 0, 0 },
			translated = 1, i;
	struct pg_fdt_values node;

	pg_gate_read_node(fdt, device->node, &device->seen, &node);
	device->next = node.next;
	if (!read_reg(&node, &device->at) || !pg_gate_cells(&node, PG_GATE_ID, id, 2) ||
	    !pg_gate_cells(&node, PG_GATE_CLASS, &class, 1) ||
	    !pg_gate_cells(&node, PG_GATE_REVISION, &revision, 1) ||
	    !pg_gate_optional_cells(&node, PG_GATE_SUBSYSTEM, subsystem, 2) ||
	    !pg_gate_optional_cells(&node, PG_GATE_SERIAL, serial, 2) ||
	    !pg_gate_optional_cells(&node, PG_GATE_DMA_TRANSLATED, &translated, 1))
		return false;
	/* Reject out-of-range cells: truncated, they could match another value. */
	if ((id[0] | id[1] | subsystem[0] | subsystem[1]) > 0xffff || class > 0xffffff ||
	    revision > 0xff || translated > 1)
		return false;
	device->untranslated = !translated;
	device->identity = (struct pg_identity){
		.vendor_device = id[0] | id[1] << 16,
		.class_revision = class << 8 | revision,
		.subsystem = subsystem[0] | subsystem[1] << 16,
		.serial = (uint64_t)serial[0] << 32 | serial[1],
		.has_serial = pg_gate_has(&node, PG_GATE_SERIAL),
	};
	if (!pg_gate_has(&node, PG_GATE_PATH))
		return false;
	device->path = node.value[PG_GATE_PATH];
	device->depth = node.len[PG_GATE_PATH] / 4;
	if (node.len[PG_GATE_PATH] % 4 || device->depth > PG_PATH_MAX)
		return false;
	for (i = 0; i < device->depth; i++) {
		if (fdt32_ld(device->path + i) > 0xffff)
			return false;
	}
	return true;
}

/* Vendor and device ID; 0 if they were not recorded. */
static bool read_id(const struct pg_fdt_values *node, uint32_t *id)
{
	uint32_t cells[2] = { 0, 0 };

	if (!pg_gate_optional_cells(node, PG_GATE_ID, cells, 2) || (cells[0] | cells[1]) > 0xffff)
		return false;
	*id = cells[0] | cells[1] << 16;
	return true;
}

static bool read_bridge(const void *fdt, struct pg_gate_bridge *bridge)
{
	struct pg_fdt_values node;
	uint32_t numbers[3];

	pg_gate_read_node(fdt, bridge->node, &bridge->seen, &node);
	bridge->next = node.next;
	bridge->preserved = 0;
	if (!read_reg(&node, &bridge->at) ||
	    !pg_gate_cells(&node, PG_GATE_BUS_NUMBERS, numbers, 3) ||
	    !pg_gate_optional_cells(&node, PG_GATE_PRESERVED, &bridge->preserved, 1) ||
	    !read_id(&node, &bridge->id) || (numbers[0] | numbers[1] | numbers[2]) > 0xff)
		return false;
	bridge->primary = (uint8_t)numbers[0];
	bridge->secondary = (uint8_t)numbers[1];
	bridge->subordinate = (uint8_t)numbers[2];
	bridge->ari = pg_gate_has(&node, PG_GATE_ARI);
	bridge->link = pg_gate_has(&node, PG_GATE_LINK);
	bridge->no_slots = pg_gate_has(&node, PG_GATE_NO_SLOTS);
	bridge->cardbus = pg_gate_has(&node, PG_GATE_CARDBUS);
	return true;
}

bool pg_gate_next_device(const struct pg_gate_fdt *own, struct pg_gate_device *device)
{
	if (!device->seen.nr)
		device->seen = own->seen_device;
	device->node = next_node(own, own->devices, device->node, device->next);
	return device->node >= 0 && read_device(own->fdt, device);
}

bool pg_gate_next_bridge(const struct pg_gate_fdt *own, struct pg_gate_bridge *bridge)
{
	if (!bridge->seen.nr)
		bridge->seen = own->seen_bridge;
	bridge->node = next_node(own, own->bridges, bridge->node, bridge->next);
	return bridge->node >= 0 && read_bridge(own->fdt, bridge);
}

bool pg_gate_find_bridge(const struct pg_gate_fdt *own, struct pg_bdf at,
			 struct pg_gate_bridge *bridge)
{
	*bridge = (struct pg_gate_bridge){ .node = -1 };
	while (pg_gate_next_bridge(own, bridge)) {
		if (pg_bdf_equal(bridge->at, at))
			return true;
	}
	return false;
}

bool pg_gate_next_sriov(const struct pg_gate_fdt *own, struct pg_gate_sriov *sriov)
{
	struct pg_fdt_values node;
	uint32_t buses;

	sriov->node =
		own->sriov < 0 ? own->sriov : next_node(own, own->sriov, sriov->node, sriov->next);
	if (sriov->node < 0)
		return false;
	pg_gate_read_node(own->fdt, sriov->node, &sriov->seen, &node);
	sriov->next = node.next;
	if (!read_reg(&node, &sriov->at) || !read_id(&node, &sriov->id) ||
	    !pg_gate_cells(&node, PG_GATE_BUSES, &buses, 1) || buses > 0xff)
		return false;
	sriov->buses = (uint8_t)buses;
	return true;
}

enum pg_reason pg_gate_bad_node(const struct pg_gate_fdt *own, int node, const char *field,
				struct pg_finding *finding)
{
	return pg_note_text(finding, PG_RECORD_MALFORMED, field, pg_fdt_name(own->fdt, node),
			    PG_FINDING_TEXT, own->pa);
}
