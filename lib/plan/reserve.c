// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * reserve.c - how many bus numbers Linux reserves: for virtual functions, for hotplug bridges and
 * for CardBus bridges.
 */
#include "simulation.h"

#define CARDBUS_RESERVE_BUSNR 3

bool pg_sim_is_hotplug_bridge(const struct pg_simulation *sim, uint16_t device)
{
	const struct pg_function *function = pg_sim_function(sim, sim->devices[device].function);

	return function->hw.header == PG_HEADER_BRIDGE &&
	       pg_port_is_downstream(sim->devices[device].port) && function->hw.slot &&
	       function->hw.hotplug;
}

uint32_t pg_sim_sriov_buses(const struct pg_simulation *sim, uint16_t bus_index, uint16_t *unsure)
{
	const struct pg_sim_bus *bus = &sim->buses[bus_index];
	uint16_t device, farthest = PG_NONE;
	uint32_t most = 0;

	for (device = bus->devices; bus->extended && device != PG_NONE;
	     device = sim->devices[device].next) {
		const struct pg_function *function =
			pg_sim_function(sim, sim->devices[device].function);

		if (pg_function_is_bridge(function))
			continue;
		/*
		 * Without ARI, and below another bridge, virtual functions have other addresses.
		 * Only a write would show them.
		 */
		if (function->result.sriov_buses == PG_SRIOV_UNKNOWN ||
		    (sim->policy->no_ari && function->hw.ari && function->hw.extended.sriov) ||
		    (pg_sim_above(sim, bus_index) != function->parent &&
		     (function->result.sriov_buses || function->hw.extended.sriov))) {
			*unsure = sim->devices[device].function;
		} else if (function->result.sriov_buses > most) {
			most = function->result.sriov_buses;
			farthest = sim->devices[device].function;
		}
	}
	/*
	 * Linux has 8 bits for the last bus. If the last bus is above 255, the result depends on
	 * the order in which Linux tries the numbers of virtual functions.
	 */
	if (bus->number + most > 0xff)
		*unsure = farthest;
	return most;
}

uint32_t pg_sim_available_buses(const struct pg_simulation *sim, const struct pg_sim_frame *frame)
{
	uint32_t buses, rest;

	if (!frame->hotplug && frame->normal == 1)
		return frame->available;
	if (!pg_sim_is_hotplug_bridge(sim, frame->device))
		return 0;
	/*
	 * If two paths lead to a bus, a bridge may have been added to the bus after the bridges
	 * were counted.
	 */
	buses = frame->hotplug ? frame->available / frame->hotplug : 0;
	rest = frame->available - frame->used + 1;
	return buses < rest ? buses : rest;
}

uint32_t pg_sim_max_with_reserve(const struct pg_simulation *sim, const struct pg_sim_frame *frame)
{
	const struct pg_sim_bus *bus = &sim->buses[frame->bus];
	uint32_t used, max = frame->max;

	if (bus->self == PG_NONE || !pg_sim_is_hotplug_bridge(sim, bus->self))
		return max;
	used = sim->policy->hotplug_buses - 1;
	if (frame->available > used)
		used = frame->available;
	if (max - frame->start < used) {
		max = frame->start + used;
		if (max > (uint32_t)bus->last)
			max = (uint32_t)bus->last;
	}
	return max;
}

uint32_t pg_sim_cardbus_reserve(const struct pg_simulation *sim, uint16_t bus_index, uint32_t max)
{
	bool tight = false;
	uint32_t i;

	for (i = 0; i < CARDBUS_RESERVE_BUSNR; i++) {
		const struct pg_sim_bus *parent = &sim->buses[bus_index];

		if (pg_sim_find_bus(sim, (int32_t)(max + i + 1)) != PG_NONE)
			break;
		for (; parent->parent != PG_NONE; parent = &sim->buses[parent->parent]) {
			if (!sim->policy->assign_busses && parent->last > (int32_t)max &&
			    parent->last <= (int32_t)(max + i))
				tight = true;
		}
		if (tight)
			return i / 2;
	}
	return i;
}
