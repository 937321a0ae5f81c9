// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * found.c - walks all buses, as they are numbered now, and reads who is there.
 */
#include "found.h"

#include <stdlib.h>

#include "../topology/reader.h"

/* One walk: what has been walked of the segment that it is in. */
struct walk {
	struct pg_reader reader;
	struct functions *functions;
	uint8_t visited[256 / 8];
	bool link[256];
	bool ari[256];
	uint16_t bridge[256];
};

static void read_identity(struct walk *walk, struct found *found, uint32_t id)
{
	struct pg_identity *identity = &found->identity;
	struct pg_extended extended;
	uint32_t low, high;

	*identity = (struct pg_identity){ .vendor_device = id };
	pg_read(&walk->reader, found->at, PG_REG_CLASS, &identity->class_revision);
	if (found_is_bridge(found))
		return;
	if (pg_read(&walk->reader, found->at, PG_REG_SUBSYSTEM, &identity->subsystem))
		identity->subsystem = 0;
	pg_walk_extended(&walk->reader, found->at, id, &extended);
	if (!extended.serial ||
	    pg_read(&walk->reader, found->at, pg_extended_register(extended.serial, PG_SERIAL_LOW),
		    &low) ||
	    pg_read(&walk->reader, found->at, pg_extended_register(extended.serial, PG_SERIAL_HIGH),
		    &high))
		return;
	identity->serial = (uint64_t)high << 32 | low;
	identity->has_serial = true;
}

/* Behind a link there is device 0 only; who answers elsewhere is the same one again. */
static void read_bridge(struct walk *walk, struct found *found, uint16_t index)
{
	uint32_t buses, first, control;
	uint8_t at;

	if (pg_read(&walk->reader, found->at, PG_REG_BUSES, &buses))
		return;
	found->primary = (uint8_t)buses;
	found->secondary = (uint8_t)(buses >> 8);
	found->subordinate = (uint8_t)(buses >> 16);
	if (found->header != PG_HEADER_BRIDGE)
		return;
	at = pg_find_capability(&walk->reader, found->at, PG_CAPABILITY_EXPRESS, &first);
	if (!at)
		return;
	if (!pg_read(&walk->reader, found->at, (uint16_t)(at + PG_EXPRESS_DEVICE_CONTROL_2),
		     &control))
		found->ari = control & PG_ARI_FORWARDING;
	if (walk->bridge[found->secondary] != index)
		return;
	walk->ari[found->secondary] = found->ari;
	walk->link[found->secondary] = PG_EXPRESS_TYPE(first) == PG_EXPRESS_ROOT_PORT ||
				       PG_EXPRESS_TYPE(first) == PG_EXPRESS_DOWNSTREAM ||
				       PG_EXPRESS_TYPE(first) == PG_EXPRESS_FROM_PCI;
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
	*found = (struct found){ .at = at, .parent = parent };
	if (!pg_read(&walk->reader, at, PG_REG_HEADER, &header)) {
		found->header = header >> 16 & 0x7f;
		found->multifunction = header >> 23 & 1;
	}
	*multifunction = found->multifunction;
	read_identity(walk, found, id);
	if (found_is_bridge(found)) {
		uint32_t buses;

		/* A bus belongs to the first bridge that leads there. */
		if (!pg_read(&walk->reader, at, PG_REG_BUSES, &buses) &&
		    walk->bridge[buses >> 8 & 0xff] == PG_NONE)
			walk->bridge[buses >> 8 & 0xff] = (uint16_t)functions->nr;
		read_bridge(walk, found, (uint16_t)functions->nr);
	}
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

/* In the order of addresses, with what points at them following. */
static int by_address(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(((const struct found *)a)->at),
		       y = pg_bdf_key(((const struct found *)b)->at);

	return x < y ? -1 : x > y;
}

static void sort(struct functions *functions)
{
	/* Parents by address while the indexes change: PG_NONE never is a bridge's own bus. */
	for (uint32_t i = 0; i < functions->nr; i++) {
		struct found *found = &functions->list[i];

		if (found->parent != PG_NONE)
			found->parent = (uint16_t)(functions->list[found->parent].at.bus << 8 |
						   functions->list[found->parent].at.devfn);
		else
			found->parent = PG_NONE;
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
