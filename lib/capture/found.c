// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * found.c - walks all buses, as they are numbered now, and reads the functions on them.
 */
#include "found.h"

#include <stdlib.h>

#include "../topology/reader.h"

/**
 * struct walk - a walk, with the state of the segment that it is in
 * @reader:    reads config space
 * @functions: the result
 * @visited:   buses that were walked
 * @link:      buses with a link, where only device 0 can be
 * @ari:       buses to which the bridge above forwards ARI function numbers
 * @bridge:    index of the first bridge that leads to the bus
 */
struct walk {
	struct pg_reader reader;
	struct functions *functions;
	uint8_t visited[256 / 8];
	bool link[256];
	bool ari[256];
	uint16_t bridge[256];
};

static bool read_serial(struct walk *walk, const struct found *found, uint32_t capability,
			uint64_t *serial)
{
	uint32_t low, high;

	if (!capability ||
	    pg_read(&walk->reader, found->at, pg_extended_register(capability, PG_SERIAL_LOW),
		    &low) ||
	    pg_read(&walk->reader, found->at, pg_extended_register(capability, PG_SERIAL_HIGH),
		    &high))
		return false;
	*serial = (uint64_t)high << 32 | low;
	return true;
}

/*
 * First VF Offset and VF Stride may depend on the number of virtual functions, which only a write
 * can set. The registers as they are tell nothing if they are 0.
 */
static void read_sriov(struct walk *walk, struct found *found, uint32_t capability)
{
	uint32_t total, places;

	if (!capability ||
	    pg_read(&walk->reader, found->at, pg_extended_register(capability, PG_SRIOV_TOTAL_VFS),
		    &total) ||
	    pg_read(&walk->reader, found->at,
		    pg_extended_register(capability, PG_SRIOV_OFFSET_STRIDE), &places))
		return;
	total >>= 16;
	found->has_vfs = total;
	if (!total)
		return;
	if (!(places & 0xffff) || (total > 1 && !(places >> 16)))
		found->sriov_buses = 0xff;
	else
		found->sriov_buses = pg_sriov_buses(found->at.devfn, total, places);
}

/* Only functions with a PCI Express capability have extended capabilities that Linux uses. */
static void read_device(struct walk *walk, struct found *found)
{
	struct pg_identity *identity = &found->identity;
	struct pg_extended extended;
	uint32_t first, type;

	if (pg_read(&walk->reader, found->at, PG_REG_SUBSYSTEM, &identity->subsystem))
		identity->subsystem = 0;
	found->express =
		pg_find_capability(&walk->reader, found->at, PG_CAPABILITY_EXPRESS, &first);
	if (!found->express)
		return;
	type = PG_EXPRESS_TYPE(first);
	found->integrated = type == PG_EXPRESS_ROOT_PORT || type == PG_EXPRESS_INTEGRATED ||
			    type == PG_EXPRESS_COLLECTOR;
	pg_walk_extended(&walk->reader, found->at, identity->vendor_device, &extended);
	identity->has_serial = read_serial(walk, found, extended.serial, &identity->serial);
	read_sriov(walk, found, extended.sriov);
}

/* Behind a link there is only device 0. It may answer at the other device numbers as well. */
static void read_bridge(struct walk *walk, struct found *found, uint16_t index)
{
	const uint8_t above = found->parent == PG_NONE
				      ? (uint8_t)PG_PORT_OTHER
				      : walk->functions->list[found->parent].acts_as;
	struct pg_function bridge = { .at = found->at };
	uint32_t buses;

	if (!pg_read(&walk->reader, found->at, PG_REG_BUSES, &buses)) {
		found->primary = (uint8_t)buses;
		found->secondary = (uint8_t)(buses >> 8);
		found->subordinate = (uint8_t)(buses >> 16);
		/* A bus belongs to the first bridge that leads there. */
		if (found->secondary > found->at.bus && walk->bridge[found->secondary] == PG_NONE)
			walk->bridge[found->secondary] = index;
	}
	if (found->header != PG_HEADER_BRIDGE)
		return;
	pg_read_port(&walk->reader, &bridge, above);
	pg_read_ari_forwarding(&walk->reader, &bridge);
	found->express = bridge.hw.capability;
	found->integrated = bridge.hw.port == PG_PORT_LINK && !bridge.hw.from_pci;
	found->acts_as = bridge.result.acts_as;
	found->ari = bridge.hw.ari_on;
	if (walk->bridge[found->secondary] != index)
		return;
	walk->ari[found->secondary] = found->ari;
	walk->link[found->secondary] = pg_port_is_downstream(bridge.hw.port);
}

static bool is_visited(const struct walk *walk, uint8_t bus)
{
	return walk->visited[bus / 8] & 1u << bus % 8;
}

/*
 * Whether the function is there; *@multifunction then says whether there may be more of the device.
 */
static bool visit(struct walk *walk, struct pg_bdf at, uint16_t parent, bool *multifunction)
{
	struct functions *functions = walk->functions;
	struct found *found;
	uint32_t id, header;

	if (pg_read_id(&walk->reader, at, &id) != PG_PRESENT)
		return false;
	if (functions->nr == FUNCTIONS_MAX) {
		functions->full = true;
		return false;
	}
	found = &functions->list[functions->nr];
	*found = (struct found){ .at = at, .parent = parent, .translated = -1 };
	if (!pg_read(&walk->reader, at, PG_REG_HEADER, &header)) {
		found->header = header >> 16 & 0x7f;
		found->multifunction = header >> 23 & 1;
	}
	*multifunction = found->multifunction;
	found->identity.vendor_device = id;
	pg_read(&walk->reader, at, PG_REG_CLASS, &found->identity.class_revision);
	if (found_is_bridge(found))
		read_bridge(walk, found, (uint16_t)functions->nr);
	else
		read_device(walk, found);
	functions->nr++;
	return true;
}

static void walk_bus(struct walk *walk, uint32_t segment, uint8_t bus, uint16_t parent)
{
	const unsigned int devices = walk->link[bus] && !walk->ari[bus] ? 1 : 32;

	walk->visited[bus / 8] |= (uint8_t)(1u << bus % 8);
	for (unsigned int device = 0; device < devices; device++) {
		bool multifunction = false, ignored;

		/* Under ARI all 8 bits are the function, and any of them may be missing. */
		if (!visit(walk, pg_bdf(segment, bus, (uint8_t)(device << 3)), parent,
			   &multifunction) &&
		    !(walk->link[bus] && walk->ari[bus] && device))
			continue;
		for (unsigned int function = 1; function < 8 && (multifunction || walk->ari[bus]);
		     function++)
			visit(walk, pg_bdf(segment, bus, (uint8_t)(device << 3 | function)), parent,
			      &ignored);
	}
}

/* Buses in ascending order: a bridge's secondary bus is above its own, or it leads nowhere. */
static void walk_root(struct walk *walk, const struct pg_record_root *root)
{
	uint32_t done = walk->functions->nr;

	walk_bus(walk, root->segment, root->first, PG_NONE);
	for (; done < walk->functions->nr; done++) {
		const struct found bridge = walk->functions->list[done];

		if (!found_is_bridge(&bridge) || bridge.secondary <= bridge.at.bus ||
		    is_visited(walk, bridge.secondary))
			continue;
		walk_bus(walk, root->segment, bridge.secondary, (uint16_t)done);
	}
}

static int by_address(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(((const struct found *)a)->at),
		       y = pg_bdf_key(((const struct found *)b)->at);

	return x < y ? -1 : x > y;
}

static void sort(struct functions *functions)
{
	/* While the indexes change, a parent is its BDF. No bridge on bus ff is a parent. */
	for (uint32_t i = 0; i < functions->nr; i++) {
		struct found *found = &functions->list[i];

		if (found->parent != PG_NONE)
			found->parent = (uint16_t)(functions->list[found->parent].at.bus << 8 |
						   functions->list[found->parent].at.devfn);
	}
	qsort(functions->list, functions->nr, sizeof(*functions->list), by_address);
	for (uint32_t i = 0; i < functions->nr; i++) {
		struct found *found = &functions->list[i];

		if (found->parent != PG_NONE)
			found->parent = (uint16_t)functions_at(
				functions, pg_bdf(found->at.segment, (uint8_t)(found->parent >> 8),
						  (uint8_t)found->parent));
	}
}

void functions_find(const struct pg_config *config, const struct pg_record_root *roots,
		    uint32_t nr_roots, struct functions *functions)
{
	struct walk walk = { .reader = { .config = config }, .functions = functions };

	functions->nr = 0;
	functions->full = false;
	for (uint32_t i = 0; i < nr_roots; i++) {
		if (!i || roots[i].segment != roots[i - 1].segment) {
			memset(walk.visited, 0, sizeof(walk.visited));
			memset(walk.link, 0, sizeof(walk.link));
			memset(walk.ari, 0, sizeof(walk.ari));
			memset(walk.bridge, 0xff, sizeof(walk.bridge));
		}
		if (!is_visited(&walk, roots[i].first))
			walk_root(&walk, &roots[i]);
	}
	functions->reads = walk.reader.reads;
	sort(functions);
}

uint32_t functions_at(const struct functions *functions, struct pg_bdf at)
{
	uint32_t low = 0, high = functions->nr;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (pg_bdf_key(functions->list[middle].at) < pg_bdf_key(at))
			low = middle + 1;
		else
			high = middle;
	}
	return low < functions->nr && pg_bdf_equal(functions->list[low].at, at) ? low : PG_NONE;
}
