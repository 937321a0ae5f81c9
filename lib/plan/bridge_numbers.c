// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bridge_numbers.c - reads and writes a bridge's bus numbers, register 0x18, at the address that
 * Linux has for the bridge.
 */
#include "simulation.h"

uint16_t pg_sim_bridge_at(struct pg_simulation *sim, uint16_t device)
{
	const struct pg_sim_device *dev = &sim->devices[device];
	const uint16_t function = pg_sim_route(sim, sim->buses[dev->bus].number, dev->devfn);

	if (function != PG_UNKNOWN)
		return function;
	pg_sim_doubt_unvisited(sim);
	return PG_NONE;
}

struct pg_sim_numbers pg_sim_read_numbers(struct pg_simulation *sim, uint16_t device)
{
	const uint16_t function = pg_sim_bridge_at(sim, device);

	if (function == PG_NONE)
		return (struct pg_sim_numbers){ 0xff, 0xff, 0xff };
	return (struct pg_sim_numbers){ sim->steps[function].primary,
					sim->steps[function].secondary,
					sim->steps[function].subordinate };
}

/* True if the registers may be hard-wired to fixed numbers. Only a write would show this. */
static bool may_be_hardwired(const struct pg_simulation *sim, uint16_t index)
{
	const struct pg_function *bridge = pg_sim_function(sim, index);

	return bridge->hw.header == PG_HEADER_BRIDGE && bridge->hw.fixed_secondary &&
	       bridge->hw.secondary == bridge->hw.fixed_secondary &&
	       bridge->hw.subordinate == bridge->hw.fixed_subordinate;
}

void pg_sim_write_numbers(struct pg_simulation *sim, uint16_t device, uint8_t primary,
			  uint8_t secondary, uint8_t subordinate)
{
	const uint16_t function = pg_sim_bridge_at(sim, device);

	if (function == PG_NONE)
		return;
	if (may_be_hardwired(sim, function) && (secondary != sim->steps[function].secondary ||
						subordinate != sim->steps[function].subordinate))
		pg_sim_doubt(sim, function);
	sim->steps[function].primary = primary;
	sim->steps[function].secondary = secondary;
	sim->steps[function].subordinate = subordinate;
	sim->steps[function].secondary_certain = !sim->unknown;
	sim->steps[function].subordinate_certain = !sim->unknown;
}

void pg_sim_write_subordinate(struct pg_simulation *sim, uint16_t device, uint8_t subordinate)
{
	const uint16_t function = pg_sim_bridge_at(sim, device);

	if (function == PG_NONE)
		return;
	if (may_be_hardwired(sim, function) && subordinate != sim->steps[function].subordinate)
		pg_sim_doubt(sim, function);
	sim->steps[function].subordinate = subordinate;
	sim->steps[function].subordinate_certain = !sim->unknown;
}
