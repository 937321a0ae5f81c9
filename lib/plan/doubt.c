// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * doubt.c - facts that the topology lacks, and bus numbers that may depend on them.
 */
#include "simulation.h"

/* More bus numbers than a segment has. */
#define ANY_NUMBERS 0x10000u

/*
 * Notes that the topology lacks a fact about the function @index. Because of this, the next kernel
 * may assign up to @unseen bus numbers that the simulation does not assign. @sim->doubted is the
 * first such function; all later results depend on it.
 */
static void note_doubt(struct pg_simulation *sim, uint16_t index, uint32_t unseen)
{
	if (!sim->unknown)
		sim->doubted = index;
	sim->unknown = true;
	sim->incomplete = true;
	if (sim->unseen < ANY_NUMBERS)
		sim->unseen += unseen;
}

void pg_sim_doubt(struct pg_simulation *sim, uint16_t index)
{
	note_doubt(sim, index, ANY_NUMBERS);
}

void pg_sim_doubt_unvisited(struct pg_simulation *sim)
{
	const struct pg_function *bridge = pg_sim_function(sim, sim->unvisited);
	const bool may_differ =
		!bridge->rec.unseen || sim->policy->all_devices || sim->policy->no_ari;
	uint32_t numbers =
		bridge->rec.unseen ? (bridge->rec.unseen - 1u) * sim->policy->hotplug_buses : 0;

	if (may_differ && numbers < PG_NUMBERS_TO_SPARE)
		numbers = PG_NUMBERS_TO_SPARE;
	note_doubt(sim, sim->unvisited, numbers);
}

void pg_sim_leave_range(struct pg_simulation *sim, const struct pg_sim_frame *frame, uint32_t max)
{
	if (max + sim->unseen <= frame->end) {
		sim->unknown = frame->unknown;
		sim->unseen = frame->unseen;
	} else if (sim->unknown) {
		sim->unseen = ANY_NUMBERS;
	}
}

void pg_sim_note_overrun(struct pg_simulation *sim, const struct pg_sim_frame *frame)
{
	uint16_t device;

	for (device = sim->buses[frame->bus].devices; sim->unknown && device != PG_NONE;
	     device = sim->devices[device].next) {
		if (pg_sim_is_bridge(sim, device) &&
		    sim->steps[sim->devices[device].function].secondary >
			    sim->buses[frame->child].number)
			sim->overrun = true;
	}
}
