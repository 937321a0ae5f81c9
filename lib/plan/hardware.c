// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * hardware.c - finds the function that answers at a bus number. A configuration request goes from
 * the root bus down, as bridges forward it (PCI-to-PCI Bridge 1.2, 3.1.2): a bridge forwards a
 * request of type 1 for the buses from secondary to subordinate, and converts one for its secondary
 * bus to type 0.
 */
#include "simulation.h"

/*
 * The first function on the root bus that leads to @bus. Sets @number to the number of that root
 * bus.
 */
static uint16_t enter(const struct pg_simulation *sim, uint8_t bus, uint8_t *number)
{
	uint32_t i;

	for (i = 0; i < sim->topology->nr_roots; i++) {
		const struct pg_root *root = &sim->topology->roots[i];

		if (root->segment != sim->segment || bus < root->first || bus > root->last)
			continue;
		*number = root->first;
		return root->child;
	}
	return PG_NONE;
}

static bool forwards(struct pg_simulation *sim, uint16_t index, uint8_t bus)
{
	const struct pg_step *step = &sim->steps[index];

	sim->work++;
	return pg_function_is_bridge(pg_sim_function(sim, index)) &&
	       pg_numbers_claim(step->secondary, step->subordinate, bus);
}

uint16_t pg_sim_route_bus(struct pg_simulation *sim, uint8_t bus)
{
	uint8_t number = bus;
	uint16_t index = enter(sim, bus, &number);
	/* Every step goes down one bridge of the topology's tree, so the loop ends. */
	while (number != bus) {
		const struct pg_function *bridge;

		/*
		 * If two bridges claim a bus, the one with the lower number is assumed to answer.
		 */
		while (index != PG_NONE && !forwards(sim, index, bus))
			index = pg_sim_function(sim, index)->sibling;
		if (index == PG_NONE)
			return PG_NONE;
		bridge = pg_sim_function(sim, index);
		/*
		 * If the record has only devices there, no bus numbers depend on them. With
		 * pci=pcie_scan_all, the next kernel may find more than the record has.
		 */
		sim->unvisited = index;
		if (!bridge->result.visited)
			return bridge->rec.unseen == 1 && !sim->policy->all_devices ? PG_NONE
										    : PG_UNKNOWN;
		number = sim->steps[index].secondary;
		index = bridge->child;
	}
	return index;
}

uint16_t pg_sim_route(struct pg_simulation *sim, uint8_t bus, uint8_t devfn)
{
	uint16_t index = pg_sim_route_bus(sim, bus);

	while (index != PG_NONE && index != PG_UNKNOWN &&
	       pg_sim_function(sim, index)->at.devfn != devfn)
		index = pg_sim_function(sim, index)->sibling;
	return index;
}
