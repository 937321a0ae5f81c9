// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * numbers_below.c - counts, in the record, the bus numbers needed behind a bridge that the scan
 * could not visit.
 */
#include "gate_nodes.h"

/* True if @bus is in the range of the root bus above the function @at. */
static bool same_root(const struct pg_record *record, struct pg_bdf at, uint8_t bus)
{
	uint32_t i;

	for (i = 0; i < record->nr_roots; i++) {
		const struct pg_record_root *root = &record->roots[i];

		if (root->segment == at.segment && root->first <= at.bus && at.bus <= root->last)
			return bus <= root->last;
	}
	return false;
}

/*
 * For a CardBus bridge, Linux reserves this many bus numbers after the secondary one
 * (drivers/pci/setup-cardbus.c).
 */
#define CARDBUS_RESERVE 3u

static bool is_within(const struct pg_gate_bridge *bridge, uint8_t bus)
{
	return bridge->secondary <= bus && bus <= bridge->subordinate;
}

/*
 * True if Linux keeps the numbers of a bridge, so that a bus with this number exists. Otherwise the
 * registers may hold numbers without a bus.
 */
static bool is_sound(const struct pg_gate_bridge *bridge, uint8_t last)
{
	return bridge->primary == bridge->at.bus && bridge->secondary > bridge->at.bus &&
	       bridge->secondary <= bridge->subordinate && bridge->subordinate <= last;
}

/*
 * True if @other forwards to some of the buses behind @bridge, but not to all of them and to the
 * bus of @bridge. Functions on these buses may then have been below @other.
 */
static bool shares_buses(const struct pg_gate_bridge *bridge, const struct pg_gate_bridge *other)
{
	const bool above = pg_numbers_claim(other->secondary, other->subordinate, bridge->at.bus);

	return above != pg_numbers_claim(other->secondary, other->subordinate, bridge->secondary) ||
	       above != pg_numbers_claim(other->secondary, other->subordinate,
					 bridge->subordinate) ||
	       (!above && is_within(bridge, other->secondary));
}

uint32_t pg_record_numbers_below(const struct pg_record *record, struct pg_bdf at)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_bridge bridge, other = { .node = -1 };
	struct pg_gate_sriov sriov = { .node = -1 };
	uint32_t numbers = 1, cardbus = 0, kept;

	if (!own->complete || own->sriov < 0 || !pg_gate_find_bridge(own, at, &bridge) ||
	    bridge.cardbus)
		return 0;
	if (!is_sound(&bridge, 0xff) || !same_root(record, at, bridge.secondary))
		return 0;
	while (pg_gate_next_bridge(own, &other)) {
		if (other.at.segment != at.segment || pg_bdf_equal(other.at, at))
			continue;
		if (is_within(&bridge, other.at.bus)) {
			if (!other.cardbus && !is_sound(&other, bridge.subordinate))
				return 0;
			numbers++;
			cardbus += other.cardbus;
		} else if ((other.secondary || other.subordinate) &&
			   shares_buses(&bridge, &other)) {
			/* A bridge without numbers forwarded nothing. */
			return 0;
		}
	}
	while (pg_gate_next_sriov(own, &sriov)) {
		if (sriov.at.segment == at.segment && is_within(&bridge, sriov.at.bus))
			numbers += 1u + sriov.buses;
	}
	if (sriov.node >= 0)
		return 0;
	numbers += cardbus * CARDBUS_RESERVE;
	/* CardBus bridges get new numbers, above those that the other bridges keep. */
	kept = 1u + bridge.subordinate - bridge.secondary + cardbus * (1 + CARDBUS_RESERVE);
	return cardbus && kept > numbers ? kept : numbers;
}
