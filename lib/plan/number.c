// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * number.c - third room: which functions keep their address in the next kernel.
 */
#include <pcigate/plan.h>

enum pg_reason pg_bridge_fate(const struct pg_function *bridge, const struct pg_policy *policy)
{
	uint8_t primary = bridge->primary;

	if (bridge->header == PG_HEADER_CARDBUS)
		return PG_BRIDGE_CARDBUS;
	if (!bridge->secondary && !bridge->subordinate)
		return PG_BRIDGE_RESET;
	/* Some bridges have their primary number wired to 0; Linux knows and takes the bus it found them on. */
	if (!primary && bridge->secondary && bridge->subordinate)
		primary = bridge->at.bus;
	if (primary != bridge->at.bus || bridge->secondary <= bridge->at.bus ||
	    bridge->secondary > bridge->subordinate)
		return PG_BRIDGE_INVALID;
	if (policy->assign_busses)
		return PG_REASSIGN_BUSSES;
	return PG_OK;
}

/* What a path is worth on which @index is the lowest bridge: the fault that is nearest to the root bus counts. */
static struct pg_step path_from(const struct pg_topology *topology, const struct pg_policy *policy, uint16_t index)
{
	struct pg_step step = { .reason = PG_OK, .culprit = PG_NONE };

	while (index != PG_NONE) {
		const struct pg_function *bridge = &topology->functions[index];
		enum pg_reason fate = pg_bridge_fate(bridge, policy);

		if (!fate && bridge->overlap != PG_NONE)
			fate = PG_BUS_OVERLAP;
		if (fate)
			step = (struct pg_step){ .reason = (uint8_t)fate, .culprit = index };
		index = bridge->parent;
	}
	return step;
}

void pg_plan_make(const struct pg_topology *topology, const struct pg_policy *policy, struct pg_step *steps,
		  struct pg_plan *plan)
{
	uint32_t i;

	for (i = 0; i < topology->nr; i++) {
		const struct pg_function *function = &topology->functions[i];

		if (function->presence == PG_UNREACHED) {
			steps[i] = path_from(topology, policy, function->suspect);
			if (!steps[i].reason)
				steps[i] = (struct pg_step){ .reason = PG_BUS_UNREACHED, .culprit = PG_NONE };
		} else {
			steps[i] = path_from(topology, policy, function->parent);
		}
	}
	*plan = (struct pg_plan){ .nr = topology->nr, .steps = steps };
}
