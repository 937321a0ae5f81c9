// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * scan_bridge.c - pci_scan_bridge_extend() (drivers/pci/probe.c) and
 * pci_cardbus_scan_bridge_extend() (drivers/pci/setup-cardbus.c): a bridge keeps its bus numbers in
 * the first pass, or gets new ones in the second.
 */
#include "simulation.h"

/* Updates the counts after a call of pci_scan_bridge_extend(), and goes to the next bridge. */
static void bridge_done(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t max)
{
	frame->max = max;
	if (!frame->pass)
		frame->used++;
	if (frame->max - frame->before > 1)
		frame->used += frame->max - frame->before - 1;
	frame->device = sim->devices[frame->device].next;
}

/*
 * pci_add_new_bus(). Only root ports and ports of switches have extended registers on both sides
 * (pci_bridge_child_ext_cfg_accessible()).
 */
static uint16_t add_bus(struct pg_simulation *sim, const struct pg_sim_frame *frame, int32_t number)
{
	const struct pg_sim_device *device = &sim->devices[frame->device];
	const uint16_t child = pg_sim_add_bus(sim, frame->bus, frame->device, number);

	sim->devices[frame->device].has_bus = child != PG_NONE;
	if (child != PG_NONE)
		sim->buses[child].extended = sim->buses[frame->bus].extended &&
					     device->port != PG_PORT_OTHER &&
					     !pg_sim_function(sim, device->function)->hw.from_pci;
	return child;
}

/* Assigns a number to a bridge's bus in the second pass: pci_find_bus() or pci_add_new_bus(). */
static uint16_t number_bus(struct pg_simulation *sim, const struct pg_sim_frame *frame,
			   int32_t number)
{
	uint16_t child = pg_sim_find_bus(sim, number);

	if (child != PG_NONE)
		return child;
	child = add_bus(sim, frame, number);
	if (child != PG_NONE)
		pg_sim_insert(sim, child, number, sim->buses[frame->bus].last);
	return child;
}

/*
 * Ends the simulation if there is no memory for the bus below a bridge, or if that bus is a root
 * bus: the kernel then crashes, because pbus_validate_busn() uses the parent of the bus.
 */
static bool is_fatal(struct pg_simulation *sim, uint16_t child)
{
	if (child == PG_NONE || sim->buses[child].parent == PG_NONE)
		sim->exhausted = PG_BUS_EXHAUSTED;
	return sim->exhausted;
}

/* Assigns new numbers to a bridge, in the second pass. */
static void number_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t available)
{
	const struct pg_function *function =
		pg_sim_function(sim, sim->devices[frame->device].function);
	int32_t number = (int32_t)frame->max + 1;
	const struct pg_function *answers = NULL;
	uint16_t child, now;
	uint8_t fixed = 0;

	if (frame->unsure != PG_NONE)
		pg_sim_doubt(sim, frame->unsure);
	/* pci_ea_fixed_busnrs() reads the function that answers at the bridge's address now. */
	if (function->hw.header == PG_HEADER_BRIDGE) {
		now = pg_sim_bridge_at(sim, frame->device);
		answers = now == PG_NONE ? NULL : pg_sim_function(sim, now);
	}
	if (answers && answers->hw.header == PG_HEADER_BRIDGE && answers->hw.fixed_secondary) {
		number = answers->hw.fixed_secondary;
		fixed = answers->hw.fixed_subordinate;
	}
	child = number_bus(sim, frame, number);
	if (is_fatal(sim, child))
		return;
	frame->max++;
	if (available)
		available--;
	pg_sim_write_numbers(sim, frame->device, sim->buses[child].primary,
			     (uint8_t)sim->buses[child].first, (uint8_t)sim->buses[child].last);

	if (function->hw.header == PG_HEADER_CARDBUS) {
		const uint32_t max =
			frame->max + pg_sim_cardbus_reserve(sim, frame->bus, frame->max);

		pg_sim_update_end(sim, child, (int32_t)max);
		pg_sim_write_subordinate(sim, frame->device, (uint8_t)max);
		bridge_done(sim, frame, max);
		return;
	}
	frame->child = child;
	frame->kept = false;
	frame->fixed = fixed;
	pg_sim_enter_bus(sim, child, available, 0);
}

/* Keeps the numbers of a bridge, in the first pass. */
static void keep_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint8_t primary,
			const struct pg_sim_numbers *numbers)
{
	uint16_t child = pg_sim_find_bus(sim, numbers->secondary);

	if (child == PG_NONE) {
		child = add_bus(sim, frame, numbers->secondary);
		if (child == PG_NONE) {
			sim->exhausted = PG_BUS_EXHAUSTED;
			return;
		}
		sim->buses[child].primary = primary;
		pg_sim_insert(sim, child, numbers->secondary, numbers->subordinate);
	}
	if (is_fatal(sim, child))
		return;
	frame->child = child;
	frame->kept = true;
	frame->subordinate = numbers->subordinate;
	pg_sim_enter_bus(sim, child, (uint32_t)numbers->subordinate - numbers->secondary,
			 numbers->subordinate);
}

/*
 * A preserved bridge on the bus has no numbers, or invalid ones. Its old numbers are not known, so
 * no bridge gets new ones from the same range: pci_liveupdate_refuse_bus_numbers().
 */
static bool refuses_numbers(struct pg_simulation *sim, const struct pg_sim_frame *frame)
{
	uint16_t device = sim->buses[frame->bus].devices;

	if (sim->devices[frame->device].has_bus)
		return false;
	while (device != PG_NONE &&
	       (!sim->devices[device].preserved || sim->devices[device].has_bus ||
		!pg_sim_is_bridge(sim, device))) {
		sim->work++;
		device = sim->devices[device].next;
	}
	return device != PG_NONE;
}

void pg_sim_scan_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t available)
{
	const struct pg_function *function =
		pg_sim_function(sim, sim->devices[frame->device].function);
	const uint8_t bus = sim->buses[frame->bus].number;
	const struct pg_sim_numbers numbers = pg_sim_read_numbers(sim, frame->device);
	uint8_t primary = numbers.primary;
	bool broken, kept;

	frame->before = frame->max;
	if (!primary && primary != bus && numbers.secondary && numbers.subordinate)
		primary = bus;
	broken = !frame->pass && (primary != bus || numbers.secondary <= bus ||
				  numbers.secondary > numbers.subordinate);

	kept = function->hw.header != PG_HEADER_CARDBUS && !broken &&
	       (numbers.secondary || numbers.subordinate) && !pg_policy_renumbers(sim->policy);
	if (kept && !frame->pass) {
		keep_bridge(sim, frame, primary, &numbers);
	} else if (!kept && frame->pass && !refuses_numbers(sim, frame)) {
		number_bridge(sim, frame, available);
	} else {
		/* The next kernel leaves a preserved bridge with invalid numbers as it is. */
		if (!kept && !frame->pass && !(broken && sim->devices[frame->device].preserved))
			pg_sim_write_numbers(sim, frame->device, 0, 0, 0);
		bridge_done(sim, frame, frame->max);
	}
}

void pg_sim_end_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t max)
{
	if (frame->kept) {
		max = frame->subordinate > frame->max ? frame->subordinate : frame->max;
	} else {
		if (frame->fixed)
			max = frame->fixed;
		pg_sim_note_overrun(sim, frame);
		pg_sim_update_end(sim, frame->child, (int32_t)max);
		pg_sim_write_subordinate(sim, frame->device, (uint8_t)max);
	}
	frame->child = PG_NONE;
	bridge_done(sim, frame, max);
}
