// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate_nodes.c - the nodes of pcigate's own KHO entry: devices, bridges and physical functions.
 */
#include "gate_nodes.h"

bool pg_gate_cells(const void *fdt, int node, const char *name, uint32_t *cells, int nr)
{
	const fdt32_t *prop;
	int len, i;

	prop = fdt_getprop(fdt, node, name, &len);
	if (!prop || len != nr * 4)
		return false;
	for (i = 0; i < nr; i++)
		cells[i] = fdt32_ld(prop + i);
	return true;
}

bool pg_gate_optional_cells(const void *fdt, int node, const char *name, uint32_t *cells, int nr)
{
	return !fdt_getprop(fdt, node, name, NULL) || pg_gate_cells(fdt, node, name, cells, nr);
}

/* `reg`: segment and BDF. */
static bool read_reg(const void *fdt, int node, struct pg_bdf *at)
{
	uint32_t cells[2];

	if (!pg_gate_cells(fdt, node, "reg", cells, 2) || cells[1] > 0xffff)
		return false;
	*at = pg_bdf(cells[0], (uint8_t)(cells[1] >> 8), (uint8_t)cells[1]);
	return true;
}

static int next_node(const struct pg_gate_fdt *own, int parent, int node)
{
	pg_may_resched();
	return node < 0 ? fdt_first_subnode(own->fdt, parent) : fdt_next_subnode(own->fdt, node);
}

static bool read_device(const void *fdt, struct pg_gate_device *device)
{
	uint32_t id[2], subsystem[2] = { 0, 0 }, class, revision, serial[2] = { 0, 0 },
			translated = 1, i;
	int len;

	if (!read_reg(fdt, device->node, &device->at) ||
	    !pg_gate_cells(fdt, device->node, "id", id, 2) ||
	    !pg_gate_cells(fdt, device->node, "class", &class, 1) ||
	    !pg_gate_cells(fdt, device->node, "revision", &revision, 1) ||
	    !pg_gate_optional_cells(fdt, device->node, "subsystem", subsystem, 2) ||
	    !pg_gate_optional_cells(fdt, device->node, "serial", serial, 2) ||
	    !pg_gate_optional_cells(fdt, device->node, "dma-translated", &translated, 1))
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
		.has_serial = fdt_getprop(fdt, device->node, "serial", NULL),
	};
	device->path = fdt_getprop(fdt, device->node, "path", &len);
	if (!device->path || len % 4 || (uint32_t)len / 4 > PG_PATH_MAX)
		return false;
	device->depth = (uint32_t)len / 4;
	for (i = 0; i < device->depth; i++) {
		if (fdt32_ld(device->path + i) > 0xffff)
			return false;
	}
	return true;
}

/* Vendor and device ID; 0 if they were not recorded. */
static bool read_id(const void *fdt, int node, uint32_t *id)
{
	uint32_t cells[2] = { 0, 0 };

	if (!pg_gate_optional_cells(fdt, node, "id", cells, 2) || (cells[0] | cells[1]) > 0xffff)
		return false;
	*id = cells[0] | cells[1] << 16;
	return true;
}

static bool read_bridge(const void *fdt, struct pg_gate_bridge *bridge)
{
	uint32_t numbers[3];

	bridge->preserved = 0;
	if (!read_reg(fdt, bridge->node, &bridge->at) ||
	    !pg_gate_cells(fdt, bridge->node, "bus-numbers", numbers, 3) ||
	    !pg_gate_optional_cells(fdt, bridge->node, "preserved", &bridge->preserved, 1) ||
	    !read_id(fdt, bridge->node, &bridge->id) ||
	    (numbers[0] | numbers[1] | numbers[2]) > 0xff)
		return false;
	bridge->primary = (uint8_t)numbers[0];
	bridge->secondary = (uint8_t)numbers[1];
	bridge->subordinate = (uint8_t)numbers[2];
	bridge->ari = fdt_getprop(fdt, bridge->node, "ari", NULL);
	bridge->link = fdt_getprop(fdt, bridge->node, "link", NULL);
	bridge->no_slots = fdt_getprop(fdt, bridge->node, "no-slots", NULL);
	bridge->cardbus = fdt_getprop(fdt, bridge->node, "cardbus", NULL);
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
	uint32_t buses;

	sriov->node = own->sriov < 0 ? own->sriov : next_node(own, own->sriov, sriov->node);
	if (sriov->node < 0 || !read_reg(own->fdt, sriov->node, &sriov->at) ||
	    !read_id(own->fdt, sriov->node, &sriov->id) ||
	    !pg_gate_cells(own->fdt, sriov->node, "buses", &buses, 1) || buses > 0xff)
		return false;
	sriov->buses = (uint8_t)buses;
	return true;
}

enum pg_reason pg_gate_bad_node(const struct pg_gate_fdt *own, int node, const char *field,
				struct pg_finding *finding)
{
	const char *name = fdt_get_name(own->fdt, node, NULL);

	return pg_note_text(finding, PG_RECORD_MALFORMED, field, name ? name : "", PG_FINDING_TEXT,
			    own->pa);
}
