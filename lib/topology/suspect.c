// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * suspect.c - finds the bridge that led to a recorded function and no longer does.
 */
#include "scan.h"

static bool may_have_led_to(const struct pg_function *bridge, uint8_t bus)
{
	if (!bridge->hw.secondary && !bridge->hw.subordinate)
		return bus > bridge->at.bus;
	if (bridge->hw.secondary > bridge->hw.subordinate)
		return bridge->hw.subordinate <= bus && bus <= bridge->hw.secondary;
	return bridge->result.culprit != PG_NONE && bridge->hw.secondary <= bus &&
	       bus <= bridge->hw.subordinate;
}

/*
 * Sets the culprit by the record: of the bridges that led to the bus of a function, the first that
 * no longer forwards or is no bridge now; if all forward, the last one. False if the record does
 * not have the path.
 */
static bool name_by_record(const struct pg_scan_state *scan, struct pg_function *function)
{
	struct pg_gate_bridge bridge = { .node = scan->bridges_before };
	bool known = false;

	/* Bridges are sorted by address, so those nearer to the root bus come first. */
	while (scan->record->own.present && pg_gate_next_bridge(&scan->record->own, &bridge) &&
	       (bridge.at.segment < scan->segment ||
		(bridge.at.segment == scan->segment && bridge.at.bus < function->at.bus))) {
		uint16_t index;

		if (bridge.at.segment < scan->segment ||
		    !pg_numbers_claim(bridge.secondary, bridge.subordinate, function->at.bus))
			continue;
		known = true;
		index = pg_find_function(scan->topology, bridge.at);
		if (index == PG_NONE)
			return true;
		function->result.culprit = index;
		if (!pg_function_is_bridge(&scan->functions[index]) ||
		    !scan->functions[index].result.visited)
			return true;
	}
	return known;
}

/* Uses the record, or the only bridge that is possible. */
void pg_scan_name_suspect(struct pg_scan_state *scan, struct pg_function *function)
{
	uint32_t i, suspects = 0;

	if (name_by_record(scan, function))
		return;
	for (i = 0; i < scan->topology->nr; i++) {
		const struct pg_function *bridge = &scan->functions[i];

		if (bridge->at.segment != scan->segment || !pg_function_is_bridge(bridge))
			continue;
		/* The bridge above a recorded function is recorded itself. */
		if (!bridge->rec.recorded)
			continue;
		if (!may_have_led_to(bridge, function->at.bus))
			continue;
		function->result.culprit = (uint16_t)i;
		/*
		 * A bridge with this secondary bus is more likely than one whose range only
		 * includes the bus.
		 */
		if (bridge->hw.secondary == function->at.bus)
			return;
		suspects++;
	}
	if (suspects != 1)
		function->result.culprit = PG_NONE;
}
