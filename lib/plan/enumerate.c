// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * enumerate.c - simulates Linux's scan of the buses of one segment: the two passes of
 * pci_scan_child_bus_extend() (drivers/pci/probe.c).
 *
 * The simulation mirrors Linux 7.2 and 7.3 step by step. Frames replace Linux's recursion, so that
 * the depth is bounded and no stack is needed. docs/numbering.md explains the simulation.
 */
#include "simulation.h"

static struct pg_sim_frame *top(struct pg_simulation *sim)
{
	return &sim->frames[sim->depth - 1];
}

void pg_sim_enter_bus(struct pg_simulation *sim, uint16_t bus_index, uint32_t available,
		      uint8_t range_end)
{
	struct pg_sim_frame *frame;
	const bool unknown = sim->unknown;
	const uint32_t unseen = sim->unseen;
	uint8_t end = sim->depth ? top(sim)->end : 0xff;
	uint16_t device;

	if (sim->depth == PG_SIM_BUSES) {
		sim->exhausted = PG_BUS_EXHAUSTED;
		return;
	}
	if (range_end)
		sim->unseen = 0;
	if (range_end && range_end < end)
		end = range_end;
	pg_sim_scan_slots(sim, bus_index);
	frame = &sim->frames[sim->depth++];
	*frame = (struct pg_sim_frame){
		.bus = bus_index,
		.available = available,
		.start = (uint32_t)sim->buses[bus_index].first,
		.device = sim->buses[bus_index].devices,
		.child = PG_NONE,
		.unsure = PG_NONE,
		.ranged = range_end,
		.end = end,
		.unknown = unknown,
		.unseen = unseen,
	};
	frame->used = pg_sim_sriov_buses(sim, bus_index, &frame->unsure);
	frame->max = frame->start + frame->used;
	for (device = frame->device; device != PG_NONE; device = sim->devices[device].next) {
		if (!pg_sim_is_bridge(sim, device))
			continue;
		/* It is not known whether the bridge has a slot or fixed numbers. */
		if (pg_sim_function(sim, sim->devices[device].function)->hw.unread)
			frame->unsure = sim->devices[device].function;
		if (pg_sim_is_hotplug_bridge(sim, device))
			frame->hotplug++;
		else
			frame->normal++;
	}
}

/* One step: handles one bridge, or ends a pass or a bus. */
static void step(struct pg_simulation *sim)
{
	struct pg_sim_frame *frame = top(sim);
	uint32_t max;

	while (frame->device != PG_NONE && !pg_sim_is_bridge(sim, frame->device))
		frame->device = sim->devices[frame->device].next;
	if (frame->device != PG_NONE) {
		pg_sim_scan_bridge(sim, frame,
				   frame->pass ? pg_sim_available_buses(sim, frame) : 0);
		return;
	}
	if (!frame->pass) {
		frame->pass = 1;
		frame->device = sim->buses[frame->bus].devices;
		return;
	}
	max = pg_sim_max_with_reserve(sim, frame);
	if (frame->ranged)
		pg_sim_leave_range(sim, frame, max);
	sim->depth--;
	if (!sim->depth)
		return;
	/* A bridge that keeps its numbers does not depend on its secondary bus. */
	if (frame->unsure != PG_NONE && !top(sim)->kept)
		pg_sim_doubt(sim, frame->unsure);
	pg_sim_end_bridge(sim, top(sim), max);
}

/*
 * Notes the bridge at which the simulation ends: the lowest one whose bus is being scanned, or that
 * was about to get a bus.
 */
static void note_culprit(struct pg_simulation *sim)
{
	uint32_t level;

	for (level = sim->depth; level && sim->culprit == PG_NONE; level--) {
		const uint16_t device = sim->frames[level - 1].device;

		if (device != PG_NONE)
			sim->culprit = sim->devices[device].function;
	}
}

static void scan_root(struct pg_simulation *sim, const struct pg_root *root)
{
	uint16_t bus;

	/* pci_acpi_scan_root() does not scan a root bus whose number another bus already has. */
	if (pg_sim_find_bus(sim, root->first) != PG_NONE)
		return;
	bus = pg_sim_add_bus(sim, PG_NONE, PG_NONE, root->first);
	if (bus == PG_NONE) {
		sim->exhausted = PG_BUS_EXHAUSTED;
		return;
	}
	sim->buses[bus].extended = !sim->policy->no_mmconfig;
	pg_sim_insert(sim, bus, root->first, root->last);
	pg_sim_enter_bus(sim, bus, 0, root->last);
	while (sim->depth && !sim->exhausted) {
		step(sim);
		if (sim->work > PG_SIM_STEPS_MAX)
			sim->exhausted = PG_PLAN_BUDGET;
	}
	if (sim->exhausted)
		note_culprit(sim);
}

void pg_simulate(struct pg_simulation *sim, const struct pg_topology *topology,
		 const struct pg_policy *policy, uint32_t segment, struct pg_step *steps)
{
	uint32_t i;

	sim->topology = topology;
	sim->policy = policy;
	sim->segment = segment;
	sim->steps = steps;
	sim->nr_devices = 0;
	sim->nr_buses = 0;
	sim->depth = 0;
	sim->unknown = false;
	sim->unseen = 0;
	sim->incomplete = false;
	sim->overrun = false;
	sim->doubted = PG_NONE;
	sim->exhausted = PG_OK;
	sim->culprit = PG_NONE;
	for (i = 0; i < PG_BUS_NUMBERS; i++)
		sim->by_number[i] = PG_NONE;
	for (i = 0; i < topology->nr_roots && !sim->exhausted; i++) {
		if (topology->roots[i].segment == segment)
			scan_root(sim, &topology->roots[i]);
	}
}
