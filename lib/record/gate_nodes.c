// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate_nodes.c - the nodes of pcigate's own KHO entry: devices, bridges and physical functions.
 */
#include "gate_nodes.h"

void pg_gate_read_node(const void *fdt, int node, struct pg_gate_node *properties)
{
	static const char names[PG_GATE_NAMES][16] = {
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
	struct pg_fdt_property property;
	uint32_t i;

	memset(properties, 0, sizeof(*properties));
	pg_fdt_properties(fdt, node, &property);
	while (pg_fdt_next_property(fdt, &property)) {
		for (i = 0; i < PG_GATE_NAMES; i++) {
			if (names[i][0] != property.name[0] || properties->value[i] ||
			    strncmp(names[i], property.name, sizeof(names[i])))
				continue;
			properties->value[i] = property.value;
			properties->len[i] = property.len;
			break;
		}
	}
}

bool pg_gate_cells(const struct pg_gate_node *node, enum pg_gate_name name, uint32_t *cells,
		   uint32_t nr)
{
	uint32_t i;

	if (!node->value[name] || node->len[name] != nr * 4)
		return false;
	for (i = 0; i < nr; i++)
		cells[i] = fdt32_ld(node->value[name] + i);
	return true;
}

bool pg_gate_optional_cells(const struct pg_gate_node *node, enum pg_gate_name name,
			    uint32_t *cells, uint32_t nr)
{
	return !node->value[name] || pg_gate_cells(node, name, cells, nr);
}

/* `reg`: segment and BDF. */
static bool read_reg(const struct pg_gate_node *node, struct pg_bdf *at)
{
	uint32_t cells[2];

	if (!pg_gate_cells(node, PG_GATE_REG, cells, 2) || cells[1] > 0xffff)
		return false;
	*at = pg_bdf(cells[0], (uint8_t)(cells[1] >> 8), (uint8_t)cells[1]);
	return true;
}

static int next_node(const struct pg_gate_fdt *own, int parent, int node)
{
	pg_may_resched();
	return node < 0 ? pg_fdt_first_child(own->fdt, parent)
			: pg_fdt_next_sibling(own->fdt, node);
}

static bool read_device(const void *fdt, struct pg_gate_device *device)
{
	uint32_t id[2], subsystem[2] = { 0, 0 }, class, revision, serial[2] = { 0, 0 },
			translated = 1, i;
	struct pg_gate_node node;

	pg_gate_read_node(fdt, device->node, &node);
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
		.has_serial = node.value[PG_GATE_SERIAL],
	};
	device->path = node.value[PG_GATE_PATH];
	device->depth = node.len[PG_GATE_PATH] / 4;
	if (!device->path || node.len[PG_GATE_PATH] % 4 || device->depth > PG_PATH_MAX)
		return false;
	for (i = 0; i < device->depth; i++) {
		if (fdt32_ld(device->path + i) > 0xffff)
			return false;
	}
	return true;
}

/* Vendor and device ID; 0 if they were not recorded. */
static bool read_id(const struct pg_gate_node *node, uint32_t *id)
{
	uint32_t cells[2] = { 0, 0 };

	if (!pg_gate_optional_cells(node, PG_GATE_ID, cells, 2) || (cells[0] | cells[1]) > 0xffff)
		return false;
	*id = cells[0] | cells[1] << 16;
	return true;
}

static bool read_bridge(const void *fdt, struct pg_gate_bridge *bridge)
{
	struct pg_gate_node node;
	uint32_t numbers[3];

	pg_gate_read_node(fdt, bridge->node, &node);
	bridge->preserved = 0;
	if (!read_reg(&node, &bridge->at) ||
	    !pg_gate_cells(&node, PG_GATE_BUS_NUMBERS, numbers, 3) ||
	    !pg_gate_optional_cells(&node, PG_GATE_PRESERVED, &bridge->preserved, 1) ||
	    !read_id(&node, &bridge->id) || (numbers[0] | numbers[1] | numbers[2]) > 0xff)
		return false;
	bridge->primary = (uint8_t)numbers[0];
	bridge->secondary = (uint8_t)numbers[1];
	bridge->subordinate = (uint8_t)numbers[2];
	bridge->ari = node.value[PG_GATE_ARI];
	bridge->link = node.value[PG_GATE_LINK];
	bridge->no_slots = node.value[PG_GATE_NO_SLOTS];
	bridge->cardbus = node.value[PG_GATE_CARDBUS];
	return true;
}

bool pg_gate_next_device(const struct pg_gate_fdt *own, struct pg_gate_device *device)
{
	device->node = next_node(own, own->devices, device->node);
	return device->node >= 0 && read_device(own->fdt, device);
}

bool pg_gate_next_bridge(const struct pg_gate_fdt *own, struct pg_gate_bridge *bridge)
{
	bridge->node = next_node(own, own->bridges, bridge->node);
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
	struct pg_gate_node node;
	uint32_t buses;

	sriov->node = own->sriov < 0 ? own->sriov : next_node(own, own->sriov, sriov->node);
	if (sriov->node < 0)
		return false;
	pg_gate_read_node(own->fdt, sriov->node, &node);
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
