// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * number.c - step plan: decides which functions keep their address in the next kernel.
 */
#include "simulation.h"

enum pg_reason pg_bridge_fault(const struct pg_function *bridge, const struct pg_policy *policy)
{
	uint8_t primary = bridge->hw.primary;

	if (bridge->hw.header == PG_HEADER_CARDBUS)
		return PG_BRIDGE_CARDBUS;
	if (!bridge->hw.secondary && !bridge->hw.subordinate)
		return PG_BRIDGE_RESET;
	/*
	 * In some bridges the primary number is hard-wired to 0. Linux then uses the number of the
	 * bus that the bridge is on.
	 */
	if (!primary && bridge->hw.secondary && bridge->hw.subordinate)
		primary = bridge->at.bus;
	if (primary != bridge->at.bus || bridge->hw.secondary <= bridge->at.bus ||
	    bridge->hw.secondary > bridge->hw.subordinate)
		return PG_BRIDGE_INVALID;
	if (pg_policy_renumbers(policy))
		return PG_REASSIGN_BUSSES;
	return PG_OK;
}

bool pg_bridge_gets_none(const struct pg_function *bridge, const struct pg_policy *policy)
{
	const enum pg_reason fault = pg_bridge_fault(bridge, policy);

	return policy->keep_numbers && bridge->result.preserved &&
	       (fault == PG_BRIDGE_RESET || fault == PG_BRIDGE_INVALID ||
		fault == PG_BRIDGE_CARDBUS);
}

/*
 * The fault of the path whose lowest bridge is @index: of several, the one nearest to the root bus.
 */
static struct pg_step path_fault(const struct pg_topology *topology, const struct pg_policy *policy,
				 uint16_t index)
{
	struct pg_step step = { .reason = PG_OK, .culprit = PG_NONE };

	while (index != PG_NONE) {
		const struct pg_function *bridge = &topology->functions[index];
		enum pg_reason fault = pg_bridge_fault(bridge, policy);

		if (!fault && bridge->result.culprit != PG_NONE)
			fault = PG_BUS_OVERLAP;
		if (!fault && bridge->result.hidden)
			fault = PG_DEVICE_HIDDEN;
		if (fault)
			step = (struct pg_step){ .reason = (uint8_t)fault,
						 .culprit = index,
						 .lost = pg_bridge_gets_none(bridge, policy) };
		index = bridge->parent;
	}
	return step;
}

/*
 * True if hidden functions may need more numbers than are left. Linux would then write 256 as 00
 * into the bridges above, and these would no longer forward to the functions behind them. If
 * PG_NUMBERS_TO_SPARE numbers are left, this overflow is ignored.
 */
static bool numbers_may_run_out(const struct pg_simulation *sim)
{
	uint32_t i;

	for (i = PG_BUS_NUMBERS - PG_NUMBERS_TO_SPARE; i < PG_BUS_NUMBERS && sim->incomplete; i++) {
		if (sim->by_number[i] != PG_NONE)
			return true;
	}
	return false;
}

/*
 * The bridge that is on the simulated path of a displaced device but not on its real path: of
 * several, the one nearest to the root bus.
 */
static uint16_t foreign_bridge(const struct pg_simulation *sim, uint16_t device)
{
	uint16_t foreign = PG_NONE;

	while (device != PG_NONE) {
		const uint16_t bus = sim->devices[device].bus, above = pg_sim_above(sim, bus);

		if (above != pg_sim_function(sim, sim->devices[device].function)->parent)
			foreign = above;
		device = sim->buses[bus].self;
	}
	return foreign;
}

/*
 * Notes where the simulation of a segment found each function. Linux may keep a device that the bus
 * numbers assigned later make unreachable; such a device is not found.
 */
static void note_found(struct pg_simulation *sim, struct pg_step *steps)
{
	const bool doubtful = numbers_may_run_out(sim);
	uint16_t first = PG_NONE, routed = PG_NONE;
	uint32_t i;

	for (i = 0; i < sim->nr_devices; i++) {
		const struct pg_sim_device *device = &sim->devices[i];
		const struct pg_function *function = pg_sim_function(sim, device->function);
		const uint8_t bus = sim->buses[device->bus].number;
		struct pg_step *step = &steps[device->function];

		/* The devices of a bus are usually consecutive. */
		if (device->bus != routed)
			first = pg_sim_route_bus(sim, bus);
		routed = device->bus;
		if (first == PG_NONE || first == PG_UNKNOWN ||
		    !pg_sim_same_bus(sim, first, device->function))
			continue;
		step->found = true;
		step->certain = device->certain && !sim->overrun &&
				!(doubtful &&
				  path_fault(sim->topology, sim->policy, function->parent).reason);
		if (!step->certain)
			step->culprit = sim->doubted;
		step->bus = bus;
		step->above = pg_sim_above(sim, device->bus);
		if (device->displaced) {
			step->reason = PG_BUS_TAKEN;
			step->culprit = foreign_bridge(sim, (uint16_t)i);
		}
	}
}

static void simulate_all(const struct pg_topology *topology, const struct pg_policy *policy,
			 struct pg_simulation *sim, struct pg_step *steps)
{
	uint32_t i, j;

	sim->work = 0;
	sim->exhausted = PG_OK;
	for (i = 0; i < topology->nr_roots && !sim->exhausted; i++) {
		for (j = 0; j < i && topology->roots[j].segment != topology->roots[i].segment; j++)
			;
		if (j < i)
			continue;
		pg_simulate(sim, topology, policy, topology->roots[i].segment, steps);
		note_found(sim, steps);
	}
	/* A kernel whose scan of one segment does not end does not scan the others. */
	for (i = 0; i < topology->nr && sim->exhausted; i++) {
		steps[i].reason = (uint8_t)sim->exhausted;
		steps[i].culprit = sim->culprit;
	}
}

/*
 * Judges a function that answers and whose path has no fault. Linux keeps the numbers of such a
 * path, whatever other functions there are: Linux handles each bridge of the path in the first
 * pass, and numbers that the second pass assigns are above all kept numbers of the bus. The
 * simulation decides the two exceptions: fixed numbers, and a lack of numbers.
 */
static enum pg_reason judge_sound_path(const struct pg_topology *topology,
				       const struct pg_function *function, struct pg_step *step)
{
	if (step->reason)
		return step->reason;
	if (function->result.hidden || (topology->everything && !step->found)) {
		step->culprit = PG_NONE;
		return PG_DEVICE_HIDDEN;
	}
	return !topology->everything || step->certain ? PG_OK : PG_UNVERIFIABLE;
}

/*
 * True if a bridge's range exceeds that of the bridge or root bus above. Linux keeps such a range,
 * and may assign numbers of it to another bridge.
 */
static bool exceeds_range_above(const struct pg_topology *topology,
				const struct pg_function *bridge)
{
	uint32_t root;

	if (bridge->parent != PG_NONE)
		return bridge->hw.subordinate > topology->functions[bridge->parent].hw.subordinate;
	root = pg_root_of(topology, bridge);
	return root < topology->nr_roots && bridge->hw.subordinate > topology->roots[root].last;
}

bool pg_plan_needs_everything(const struct pg_topology *topology, const struct pg_policy *policy)
{
	uint32_t i;

	/* A kernel that keeps bus numbers may keep ARI forwarding, too. The simulation judges it.
	 */
	if (policy->keep_numbers && (policy->no_ari || policy->no_mmconfig))
		return true;
	for (i = 0; i < topology->nr; i++) {
		const struct pg_function *function = &topology->functions[i];

		if (function->hw.presence == PG_UNREACHED)
			return true;
		if (pg_function_is_bridge(function) &&
		    (pg_bridge_fault(function, policy) || function->result.culprit != PG_NONE ||
		     function->result.hidden || exceeds_range_above(topology, function)))
			return true;
	}
	return false;
}

void pg_plan_make(const struct pg_topology *topology, const struct pg_policy *policy,
		  struct pg_simulation *sim, struct pg_step *steps, struct pg_plan *plan)
{
	struct pg_step path = { .reason = PG_OK };
	uint16_t lowest = PG_NONE;
	uint32_t i;

	for (i = 0; i < topology->nr; i++) {
		const struct pg_function *function = &topology->functions[i];

		steps[i] = (struct pg_step){
			.culprit = PG_NONE,
			.above = PG_NONE,
			.primary = function->hw.primary,
			.secondary = function->hw.secondary,
			.subordinate = function->hw.subordinate,
			.secondary_certain = true,
			.subordinate_certain = true,
			.ari = function->hw.ari_on,
		};
	}
	if (topology->everything)
		simulate_all(topology, policy, sim, steps);

	for (i = 0; i < topology->nr; i++) {
		const struct pg_function *function = &topology->functions[i];
		const bool unreached = function->hw.presence == PG_UNREACHED;
		const uint16_t above = unreached ? function->result.culprit : function->parent;
		const bool bridge =
			above != PG_NONE && pg_function_is_bridge(&topology->functions[above]);

		/* Functions of one bus are usually consecutive. */
		if (lowest != (bridge ? above : PG_NONE)) {
			lowest = bridge ? above : (uint16_t)PG_NONE;
			path = path_fault(topology, policy, lowest);
		}
		if (path.reason || unreached) {
			steps[i].reason = path.reason ? path.reason : (uint8_t)PG_BUS_UNREACHED;
			steps[i].culprit = path.reason ? path.culprit : above;
			steps[i].lost = path.lost;
		} else if (function->hw.presence == PG_PRESENT) {
			steps[i].reason = (uint8_t)judge_sound_path(topology, function, &steps[i]);
		}
	}
	*plan = (struct pg_plan){ .nr = topology->nr, .steps = steps };
}
