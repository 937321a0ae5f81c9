// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * busn.c - Linux's data about bus numbers: the list of buses, and the tree of resources that
 * contains bus->busn_res (drivers/pci/probe.c, drivers/pci/search.c, kernel/resource.c).
 */
#include "simulation.h"

uint16_t pg_sim_add_bus(struct pg_simulation *sim, uint16_t parent, uint16_t self, int32_t number)
{
	struct pg_sim_bus *bus;

	if (sim->nr_buses == PG_SIM_BUSES)
		return PG_NONE;
	bus = &sim->buses[sim->nr_buses];
	*bus = (struct pg_sim_bus){
		.parent = parent,
		.self = self,
		.devices = PG_NONE,
		.last_device = PG_NONE,
		.number = (uint8_t)number,
		.primary = parent == PG_NONE ? 0 : (uint8_t)sim->buses[parent].first,
		.first = number,
		.last = 0xff,
	};
	/* Linux finds the first of two buses with the same number. */
	if (sim->by_number[bus->number] == PG_NONE)
		sim->by_number[bus->number] = (uint16_t)sim->nr_buses;
	return (uint16_t)sim->nr_buses++;
}

uint16_t pg_sim_find_bus(const struct pg_simulation *sim, int32_t number)
{
	return sim->by_number[number & 0xff];
}

/* True if a sibling of @bus in the tree has one of the numbers from @first to @last. */
static bool taken(struct pg_simulation *sim, uint16_t bus, int32_t first, int32_t last)
{
	uint32_t i;

	sim->work += sim->nr_buses;
	for (i = 0; i < sim->nr_buses; i++) {
		const struct pg_sim_bus *other = &sim->buses[i];

		if (i != bus && other->inserted && other->parent == sim->buses[bus].parent &&
		    other->first <= last && first <= other->last)
			return true;
	}
	return false;
}

void pg_sim_insert(struct pg_simulation *sim, uint16_t index, int32_t first, int32_t last)
{
	struct pg_sim_bus *bus = &sim->buses[index];
	int32_t lowest = 0, highest = 0xff;

	bus->first = first;
	bus->last = last;
	if (bus->parent != PG_NONE) {
		lowest = sim->buses[bus->parent].first;
		highest = sim->buses[bus->parent].last;
	}
	bus->inserted = first <= last && first >= lowest && last <= highest &&
			!taken(sim, index, first, last);
}

/* True if all buses below @index that are in the tree are within @first and @last. */
static bool children_fit(struct pg_simulation *sim, uint16_t index, int32_t first, int32_t last)
{
	uint32_t i;

	sim->work += sim->nr_buses;
	for (i = 0; i < sim->nr_buses; i++) {
		const struct pg_sim_bus *child = &sim->buses[i];

		if (child->inserted && child->parent == index &&
		    (child->first < first || child->last > last))
			return false;
	}
	return true;
}

void pg_sim_update_end(struct pg_simulation *sim, uint16_t index, int32_t last)
{
	struct pg_sim_bus *bus = &sim->buses[index];

	if (bus->first > last)
		return;
	if (bus->inserted && bus->parent != PG_NONE &&
	    (bus->first < sim->buses[bus->parent].first || last > sim->buses[bus->parent].last ||
	     taken(sim, index, bus->first, last)))
		return;
	if (!children_fit(sim, index, bus->first, last))
		return;
	bus->last = last;
	if (!bus->inserted)
		pg_sim_insert(sim, index, bus->first, last);
}
