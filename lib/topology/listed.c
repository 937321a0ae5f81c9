// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * listed.c - compares the bridges that answer with those that pcigate's own record lists, and with
 * each other.
 */
#include "scan.h"

/*
 * Finds the first bridge of each bus in the record, which is sorted by address.
 */
void pg_scan_find_listed(struct pg_scan_state *scan)
{
	struct pg_gate_bridge bridge = { .node = scan->bridges_before };
	int before;

	scan->listed_on = (struct pg_bus_set){ { 0 } };
	for (before = bridge.node;
	     scan->record->own.present && pg_gate_next_bridge(&scan->record->own, &bridge) &&
	     bridge.at.segment <= scan->segment;
	     before = bridge.node) {
		if (bridge.at.segment < scan->segment)
			scan->bridges_before = bridge.node;
		else if (!pg_bus_set_has(&scan->listed_on, bridge.at.bus))
			scan->bridges_on[bridge.at.bus] = before;
		if (bridge.at.segment == scan->segment)
			pg_bus_set_add(&scan->listed_on, bridge.at.bus);
	}
}

void pg_scan_read_listed(struct pg_scan_state *scan, struct pg_place *place)
{
	struct pg_gate_bridge bridge = { .node = scan->bridges_on[place->number] };

	if (!pg_bus_set_has(&scan->listed_on, place->number))
		return;
	while (pg_gate_next_bridge(&scan->record->own, &bridge) &&
	       bridge.at.segment == scan->segment && bridge.at.bus == place->number) {
		place->nr_listed++;
		pg_bus_set_add(&place->listed, bridge.at.devfn);
		place->bridges[bridge.at.devfn] = (struct pg_listed){
			.secondary = bridge.secondary,
			.ari = bridge.ari,
			.link = bridge.link,
			.no_slots = bridge.no_slots,
			.cardbus = bridge.cardbus,
		};
	}
}

/*
 * If the record lists all bridges, then one that is missing, new, or has another secondary bus may
 * mean that other bridges have moved, too.
 */
void pg_scan_compare_bridges(struct pg_scan_state *scan, const struct pg_place *place,
			     uint16_t index)
{
	uint32_t found = 0;
	bool differs = false;

	for (; index != PG_NONE; index = scan->functions[index].sibling) {
		struct pg_function *function = &scan->functions[index];
		const struct pg_listed *listed = &place->bridges[function->at.devfn];

		if (pg_bus_set_has(&place->listed, function->at.devfn)) {
			found++;
			function->result.as_recorded = pg_function_is_bridge(function) &&
						       function->hw.secondary == listed->secondary;
			function->rec.listed = true;
			function->rec.ari_recorded = listed->ari;
			function->rec.link = listed->link;
			function->rec.no_slots = listed->no_slots;
			/* The brief scan takes every bridge for one to PCI. */
			differs |= scan->brief && listed->cardbus;
		}
		if (pg_function_is_bridge(function) && !function->result.as_recorded)
			differs = true;
	}
	if (scan->complete && (differs || found != place->nr_listed))
		scan->topology->undecided = true;
}

static bool has_range(const struct pg_function *function)
{
	return pg_function_is_bridge(function) && function->hw.secondary &&
	       function->hw.secondary <= function->hw.subordinate;
}

/* True if each range begins after all ranges before it, as is usual: then none overlap. */
static bool ranges_ascend(const struct pg_scan_state *scan, uint16_t i)
{
	uint8_t last = 0;

	for (; i != PG_NONE; i = scan->functions[i].sibling) {
		const struct pg_function *bridge = &scan->functions[i];

		if (!has_range(bridge))
			continue;
		if (bridge->hw.secondary <= last)
			return false;
		last = bridge->hw.subordinate;
	}
	return true;
}

void pg_scan_mark_overlaps(struct pg_scan_state *scan, uint16_t first)
{
	uint16_t i, j;

	if (ranges_ascend(scan, first))
		return;
	for (i = first; i != PG_NONE; i = scan->functions[i].sibling) {
		struct pg_function *a = &scan->functions[i];

		for (j = first; j != PG_NONE && has_range(a); j = scan->functions[j].sibling) {
			const struct pg_function *b = &scan->functions[j];

			if (i != j && has_range(b) && a->hw.secondary <= b->hw.subordinate &&
			    b->hw.secondary <= a->hw.subordinate)
				a->result.culprit = j;
		}
	}
}

/*
 * True if the range of a bridge on a root bus includes another root bus. This is possible if
 * firmware does not report separate ranges for them.
 */
static bool leads_to_a_root(const struct pg_topology *topology, const struct pg_function *bridge)
{
	uint32_t i;

	for (i = 0; i < topology->nr_roots && has_range(bridge); i++) {
		const struct pg_root *root = &topology->roots[i];

		if (root->segment == bridge->at.segment && bridge->hw.secondary <= root->first &&
		    root->first <= bridge->hw.subordinate)
			return true;
	}
	return false;
}

bool pg_scan_buses_as_recorded(const struct pg_scan_state *scan)
{
	const struct pg_topology *topology = scan->topology;
	uint32_t i, j;

	for (i = 0; scan->complete && i < PG_ARRAY_SIZE(scan->queued.bits); i++) {
		if (scan->listed_on.bits[i] & ~scan->queued.bits[i])
			return false;
	}
	for (i = 0; i < topology->nr_roots; i++) {
		for (j = topology->roots[i].child; j != PG_NONE; j = scan->functions[j].sibling) {
			if (leads_to_a_root(topology, &scan->functions[j]))
				return false;
		}
	}
	return true;
}
