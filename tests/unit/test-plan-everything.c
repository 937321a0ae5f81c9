// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-plan-everything.c - lib/plan/number.c with a topology of all functions: what the
 * simulation adds to the paths.
 */
#include "sim-fixture.h"

static struct pg_plan plan;

static void make_plan(void)
{
	memset(m.steps, 0x5a, sizeof(m.steps));
	pg_plan_make(&m.topology, &m.policy, &m.sim, m.steps, &plan);
	assert_int_equal(plan.nr, m.topology.nr);
	assert_ptr_equal(plan.steps, m.steps);
}

static void assert_step(uint16_t index, enum pg_reason reason, uint16_t culprit)
{
	assert_string_equal(pg_reason_code((enum pg_reason)m.steps[index].reason),
			    pg_reason_code(reason));
	assert_int_equal(m.steps[index].culprit, culprit);
	/* Without being found it never keeps its address. */
	if (!m.steps[index].reason && m.functions[index].hw.presence == PG_PRESENT &&
	    m.topology.everything)
		assert_true(m.steps[index].found);
}

static void assert_found_at(uint16_t index, uint8_t bus, bool certain)
{
	assert_true(m.steps[index].found);
	assert_int_equal(m.steps[index].bus, bus);
	assert_int_equal(m.steps[index].certain, certain);
}

/* One bridge moves, and what is below it; the one beside it stays. */
SIM_TEST(one_moves)
{
	uint16_t reset, moved, kept, stays, top;

	root(0, 255);
	reset = reset_bridge(ON_ROOT(0), 1);
	moved = device(reset, 0);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 6);
	stays = device(kept, 0);
	top = device(ON_ROOT(0), 3);
	make_plan();
	assert_step(reset, PG_OK, PG_NONE);
	assert_step(moved, PG_BRIDGE_RESET, reset);
	assert_found_at(moved, 7, true);
	assert_numbers(reset, 0, 7, 7);
	assert_step(kept, PG_OK, PG_NONE);
	assert_step(stays, PG_OK, PG_NONE);
	assert_found_at(stays, 5, true);
	assert_numbers(kept, 0, 5, 6);
	assert_true(m.steps[kept].secondary_certain && m.steps[kept].subordinate_certain);
	assert_step(top, PG_OK, PG_NONE);
	assert_found_at(top, 0, true);
}

/* The same numbers anew are a reason all the same: in between the bridge is without them. */
SIM_TEST(same_numbers_anew)
{
	uint16_t it, below;

	root(0, 255);
	it = bridge(ON_ROOT(0), 1, 0, 1, 1);
	below = device(it, 0);
	m.policy.assign_busses = true;
	make_plan();
	assert_numbers(it, 0, 1, 1);
	assert_found_at(below, 1, true);
	assert_step(below, PG_REASSIGN_BUSSES, it);
}

/* Of the paths alone nothing is played through. */
SIM_TEST(paths_alone)
{
	uint16_t kept, stays;

	root(0, 255);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 6);
	stays = device(kept, 0);
	m.topology.everything = false;
	make_plan();
	assert_step(stays, PG_OK, PG_NONE);
	assert_false(m.steps[stays].found);
	assert_false(m.steps[stays].certain);
	assert_int_equal(m.steps[stays].bus, 0);
	m.functions[stays].result.hidden = true;
	make_plan();
	assert_step(stays, PG_DEVICE_HIDDEN, PG_NONE);
}

/* A function that Linux does not come to. */
SIM_TEST(hidden)
{
	uint16_t kept, stays, second;

	root(0, 255);
	kept = with_port(bridge(ON_ROOT(0), 2, 0, 5, 6), PG_PORT_LINK);
	stays = device(kept, 0);
	second = device(kept, 1);
	make_plan();
	assert_step(stays, PG_OK, PG_NONE);
	assert_step(second, PG_DEVICE_HIDDEN, PG_NONE);
	assert_false(m.steps[second].found);
	/* What the scan said of it counts even where the simulation finds it. */
	m.functions[stays].result.hidden = true;
	make_plan();
	assert_step(stays, PG_DEVICE_HIDDEN, PG_NONE);
}

/*
 * Linux finds 05:00.0 in the first pass. In the second, 00:01.0 gets the bus number that Enhanced
 * Allocation fixes for it, and from then on answers for bus 5: the device is known to Linux, but
 * requests do not get there any more.
 */
SIM_TEST(bus_taken_in_the_second_pass)
{
	uint16_t fixed, kept, cut_off;

	root(0, 255);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 1), 5, 5);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 5);
	cut_off = device(kept, 0);
	make_plan();
	assert_found_on(cut_off, 5);
	assert_false(m.steps[cut_off].found);
	assert_int_not_equal(m.steps[cut_off].reason, PG_OK);
	assert_step(kept, PG_OK, PG_NONE);
	assert_step(fixed, PG_OK, PG_NONE);
}

/*
 * Fixed numbers set the count back; what is unknown below the next bridge may then need numbers
 * that a neighbour has kept.
 */
SIM_TEST(unknown_below_a_kept_number)
{
	uint16_t fixed, reset, kept, stays;

	root(0, 255);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 1), 1, 1);
	reset = reset_bridge(ON_ROOT(0), 2);
	m.functions[reset].result.visited = false;
	kept = bridge(ON_ROOT(0), 3, 0, 5, 6);
	stays = device(kept, 0);
	make_plan();
	assert_numbers(reset, 0, 2, 2);
	assert_found_at(stays, 5, false);
	assert_step(stays, PG_UNVERIFIABLE, reset);
	/* Without them what is unknown comes behind all that is kept. */
	m.functions[fixed].hw.fixed_secondary = 0;
	make_plan();
	assert_step(stays, PG_OK, PG_NONE);
}

SIM_TEST(found_on_another_bus)
{
	uint16_t kept, elsewhere;

	root(0, 255);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 6);
	elsewhere = device(kept, 0);
	m.functions[elsewhere].at.bus = 6;
	make_plan();
	assert_found_at(elsewhere, 5, true);
	assert_step(elsewhere, PG_BUS_TAKEN, PG_NONE);
}

/*
 * The number is the same, the bridge above is not: 02:00.0 gets 03 before 00:03.0 is scanned, as
 * nothing below 00:01.0 keeps it.
 */
SIM_TEST(foreign_bridge_takes_the_number)
{
	uint16_t left, switch_port, foreign, kept, stays, lower, below;

	root(0, 255);
	left = bridge(ON_ROOT(0), 1, 0, 1, 2);
	switch_port = bridge(left, 0, 1, 2, 2);
	foreign = reset_bridge(switch_port, 0);
	kept = bridge(ON_ROOT(0), 3, 0, 3, 4);
	stays = device(kept, 0);
	lower = bridge(kept, 1, 3, 4, 4);
	below = device(lower, 0);
	make_plan();
	assert_found_at(stays, 3, true);
	assert_int_equal(m.steps[stays].above, foreign);
	assert_step(stays, PG_BUS_TAKEN, foreign);
	/* Below its own bridge, but that one hangs below the foreign one. */
	assert_found_at(below, 4, true);
	assert_int_equal(m.steps[below].above, lower);
	assert_step(below, PG_BUS_TAKEN, foreign);
	assert_step(foreign, PG_OK, PG_NONE);
	assert_int_equal(m.steps[foreign].above, switch_port);
	assert_int_equal(m.steps[left].above, PG_NONE);
}

/* The same, as virtual functions on bus 01 reach to bus 02. */
SIM_TEST(number_behind_virtual_functions)
{
	uint16_t left, foreign, kept, stays;

	root(0, 255);
	left = with_port(bridge(ON_ROOT(0), 1, 0, 1, 1), PG_PORT_UPSTREAM);
	m.functions[device(left, 0)].result.sriov_buses = 1;
	foreign = reset_bridge(left, 1);
	kept = bridge(ON_ROOT(0), 3, 0, 3, 4);
	stays = device(kept, 0);
	make_plan();
	assert_step(stays, PG_BUS_TAKEN, foreign);
	assert_step(kept, PG_OK, PG_NONE);
}

/* A bridge that keeps numbers of a neighbour of the bridge above it. */
SIM_TEST(numbers_inside_a_neighbour)
{
	uint16_t left, foreign, kept, stays;

	root(0, 255);
	left = bridge(ON_ROOT(0), 1, 0, 1, 2);
	foreign = bridge(left, 0, 1, 3, 3);
	kept = bridge(ON_ROOT(0), 3, 0, 3, 4);
	stays = device(kept, 0);
	make_plan();
	assert_step(stays, PG_BUS_TAKEN, foreign);
	/* Of two that have the number the first one has the bus. */
	m.functions[left].at.devfn = pg_devfn(4, 0);
	m.functions[left].sibling = PG_NONE;
	m.functions[kept].sibling = left;
	m.topology.roots[0].child = kept;
	make_plan();
	assert_step(stays, PG_OK, PG_NONE);
}

/* What is on a root bus whose number was given to a bridge hangs below that bridge. */
SIM_TEST(root_bus_below_a_bridge)
{
	uint16_t left, foreign, stays;

	root(0, 0x3f);
	root(0x40, 0x7f);
	left = bridge(ON_ROOT(0), 1, 0, 1, 0x3f);
	bridge(left, 0, 1, 2, 0x3f);
	foreign = reset_bridge(left, 1);
	stays = device(ON_ROOT(1), 0);
	make_plan();
	assert_found_at(stays, 0x40, true);
	assert_step(stays, PG_BUS_TAKEN, foreign);
	assert_int_equal(m.steps[stays].above, foreign);
}

/*
 * What comes after something unknown is not certain: here the root bus after the one with a bridge
 * that did not forward.
 */
SIM_TEST(unverifiable)
{
	uint16_t dead, before, kept, after, reset, moved;

	/* Bus 06 for the bridge, and 58 numbers: it may need more. */
	root(0, 0x40);
	root(0x80, 0xff);
	dead = reset_bridge(ON_ROOT(0), 1);
	m.functions[dead].result.visited = false;
	before = device(bridge(ON_ROOT(0), 2, 0, 5, 5), 0);
	kept = bridge(ON_ROOT(1), 1, 0x80, 0x81, 0x81);
	after = device(kept, 0);
	reset = reset_bridge(ON_ROOT(1), 2);
	moved = device(reset, 0);
	make_plan();
	assert_step(before, PG_OK, PG_NONE);
	assert_found_at(before, 5, true);
	assert_step(after, PG_UNVERIFIABLE, dead);
	assert_found_at(after, 0x81, false);
	assert_step(kept, PG_UNVERIFIABLE, dead);
	/* What is wrong with the path is said first. */
	assert_step(moved, PG_BRIDGE_RESET, reset);
}

/* The same, with numbers enough: 64 behind the bridge's own, or as many as the record tells. */
SIM_TEST(no_effect_outside)
{
	static const struct {
		uint8_t last, unseen;
		uint32_t hotplug_buses;
		bool all_devices, no_ari, open;
	} rows[] = {
		{ 0x45, 0, 1, false, false, false },
		{ 0x46, 0, 1, false, false, true },
		{ 7, 3, 1, false, false, false },
		{ 8, 3, 1, false, false, true },
		{ 8, 3, 2, false, false, false },
		{ 10, 3, 2, false, false, true },
		{ 8, 3, 1, true, false, false },
		{ 8, 3, 1, false, true, false },
		/* A record that tells of more than 64 numbers counts with these words, too. */
		{ 0x69, 101, 1, true, false, false },
		{ 0x6a, 101, 1, true, false, true },
		{ 0x69, 101, 1, false, true, false },
		{ 0x6a, 101, 1, false, true, true },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		uint16_t dead, after;

		machine_setup(state);
		m.policy.hotplug_buses = rows[i].hotplug_buses;
		m.policy.all_devices = rows[i].all_devices;
		m.policy.no_ari = rows[i].no_ari;
		root(0, rows[i].last);
		root(0x80, 0xff);
		dead = reset_bridge(ON_ROOT(0), 1);
		m.functions[dead].result.visited = false;
		m.functions[dead].rec.unseen = rows[i].unseen;
		device(bridge(ON_ROOT(0), 2, 0, 5, 5), 0);
		after = device(ON_ROOT(1), 0);
		make_plan();
		assert_true(m.sim.incomplete);
		assert_found_at(after, 0x80, rows[i].open);
		assert_step(after, rows[i].open ? PG_OK : PG_UNVERIFIABLE,
			    rows[i].open ? (uint16_t)PG_NONE : dead);
	}
}

/*
 * A switch that was reset, below a bridge that keeps [01-@last]; the device is below a bridge that
 * is scanned later.
 */
SIM_TEST(switch_that_was_reset)
{
	uint8_t last;

	for (last = 4; last < 6; last++) {
		uint16_t upper, dead, outer, stays;

		machine_setup(state);
		root(0, 0xff);
		upper = bridge(ON_ROOT(0), 1, 0, 1, last);
		dead = reset_bridge(upper, 0);
		m.functions[dead].result.visited = false;
		m.functions[dead].rec.unseen = 4;
		outer = bridge(ON_ROOT(0), 2, 0, 6, 6);
		stays = device(outer, 0);
		make_plan();
		assert_step(stays, last == 5 ? PG_OK : PG_UNVERIFIABLE,
			    last == 5 ? (uint16_t)PG_NONE : dead);
		/* It was found before. */
		assert_step(outer, PG_OK, PG_NONE);
	}
}

/*
 * A range counts as far as it is within the one above it: [02-06] on a root bus that ends with 04.
 */
SIM_TEST(range_beyond_the_root_bus)
{
	uint16_t upper, dead, after;

	root(0, 4);
	root(5, 0xff);
	upper = bridge(ON_ROOT(0), 1, 0, 2, 6);
	dead = reset_bridge(upper, 0);
	m.functions[dead].result.visited = false;
	m.functions[dead].rec.unseen = 3;
	after = device(ON_ROOT(1), 0);
	make_plan();
	assert_step(after, PG_UNVERIFIABLE, dead);
}

/* Up to the last number that there is. */
SIM_TEST(range_up_to_255)
{
	uint16_t dead, after;

	root(0x80, 0xff);
	root(0, 0x7f);
	bridge(ON_ROOT(0), 1, 0x80, 0x81, 0xfd);
	dead = reset_bridge(ON_ROOT(0), 2);
	m.functions[dead].result.visited = false;
	m.functions[dead].rec.unseen = 2;
	after = device(ON_ROOT(1), 0);
	make_plan();
	assert_numbers(dead, 0x80, 0xfe, 0xfe);
	assert_step(after, PG_OK, PG_NONE);
}

/*
 * Where a number above 191 is given out, what is unknown may take the last ones, and what was found
 * anew is not certain.
 */
SIM_TEST(numbers_may_run_over)
{
	uint8_t last;

	for (last = 0xbd; last < 0xbf; last++) {
		uint16_t moved, dead;

		machine_setup(state);
		root(0, 0xff);
		moved = device(reset_bridge(ON_ROOT(0), 1), 0);
		bridge(ON_ROOT(0), 2, 0, 1, last);
		dead = reset_bridge(ON_ROOT(0), 3);
		m.functions[dead].result.visited = false;
		make_plan();
		assert_numbers(dead, 0, (uint8_t)(last + 2), (uint8_t)(last + 2));
		assert_found_at(moved, (uint8_t)(last + 1), last == 0xbd);
	}
}

/*
 * Segments are numbered each by itself, and each once: a second time 00:01.0 would be scanned
 * before 00:02.0.
 */
SIM_TEST(every_segment_once)
{
	uint16_t dead, before, other, moved;

	root(0, 0x7f);
	root_in(1, 0, 0xff);
	root(0x80, 0xff);
	dead = reset_bridge(ON_ROOT(0), 1);
	m.functions[dead].result.visited = false;
	before = device(bridge(ON_ROOT(0), 2, 0, 5, 5), 0);
	other = reset_bridge(ON_ROOT(1), 1);
	moved = device(other, 0);
	make_plan();
	assert_numbers(dead, 0, 6, 6);
	assert_found_at(before, 5, true);
	assert_numbers(other, 0, 1, 1);
	/* What is unknown in one segment is nothing to the other. */
	assert_found_at(moved, 1, true);
	assert_found_at(other, 0, true);
}

/* Where no number is left, nothing is said of the whole segment but what a path tells. */
SIM_TEST(no_number_left)
{
	uint16_t full, kept_below, reset, below, top, elsewhere;

	root(0, 255);
	root_in(1, 0, 255);
	full = bridge(ON_ROOT(0), 1, 0, 1, 255);
	kept_below = device(full, 0);
	reset = reset_bridge(ON_ROOT(0), 2);
	below = device(reset, 0);
	top = device(ON_ROOT(0), 3);
	elsewhere = device(ON_ROOT(1), 3);
	make_plan();
	assert_step(kept_below, PG_BUS_EXHAUSTED, reset);
	assert_step(full, PG_BUS_EXHAUSTED, reset);
	assert_step(top, PG_BUS_EXHAUSTED, reset);
	assert_step(below, PG_BRIDGE_RESET, reset);
	/* The kernel that dies of it does not come to the other segment either. */
	assert_step(elsewhere, PG_BUS_EXHAUSTED, reset);
}

/* Who does not answer is judged by the path alone. */
SIM_TEST(absent_functions)
{
	uint16_t kept, absent, unreached, suspect;

	root(0, 255);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 6);
	absent = device(kept, 0);
	m.functions[absent].hw.presence = PG_ABSENT;
	unreached = device(kept, 1);
	m.functions[unreached].hw.presence = PG_UNREACHED;
	m.functions[unreached].parent = PG_NONE;
	suspect = reset_bridge(ON_ROOT(0), 3);
	make_plan();
	assert_step(absent, PG_OK, PG_NONE);
	assert_step(unreached, PG_BUS_UNREACHED, PG_NONE);
	m.functions[unreached].result.culprit = suspect;
	make_plan();
	assert_step(unreached, PG_BRIDGE_RESET, suspect);
}

static void assert_needs(bool everything)
{
	assert_int_equal(pg_plan_needs_everything(&m.topology, &m.policy), everything);
}

/* The paths do for the gate as long as all of them are sound. */
SIM_TEST(if_the_paths_decide)
{
	uint16_t kept, below;

	root(0, 255);
	assert_needs(false);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 6);
	below = device(kept, 0);
	assert_needs(false);

	m.functions[below].hw.presence = PG_UNREACHED;
	assert_needs(true);
	/* Absent is another matter: the path was gone. */
	m.functions[below].hw.presence = PG_ABSENT;
	assert_needs(false);

	m.functions[kept].result.culprit = below;
	assert_needs(true);
	m.functions[kept].result.culprit = PG_NONE;
	m.functions[kept].hw.secondary = 0;
	assert_needs(true);
	/* In a device the same place is no overlap, and 0 no number. */
	m.functions[kept].hw.header = PG_HEADER_NORMAL;
	m.functions[kept].result.culprit = below;
	assert_needs(false);
	m.functions[kept].hw.header = PG_HEADER_CARDBUS;
	m.functions[kept].result.culprit = PG_NONE;
	m.functions[kept].hw.secondary = 5;
	assert_needs(true);
	m.functions[kept].hw.header = PG_HEADER_BRIDGE;
	assert_needs(false);
	m.policy.assign_busses = true;
	assert_needs(true);
}

/* A bridge that Linux does not come to hides what is behind it, however sound its numbers are. */
SIM_TEST(below_a_hidden_bridge)
{
	uint16_t hiding, upper, below;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 4, 8);
	hiding = bridge(upper, 2, 4, 5, 6);
	below = device(hiding, 0);
	m.topology.everything = false;
	make_plan();
	assert_step(below, PG_OK, PG_NONE);
	assert_needs(false);
	m.functions[hiding].result.hidden = true;
	make_plan();
	assert_step(below, PG_DEVICE_HIDDEN, hiding);
	assert_step(hiding, PG_DEVICE_HIDDEN, PG_NONE);
	assert_step(upper, PG_OK, PG_NONE);
	assert_needs(true);
	/* Its own fault is told first. */
	m.functions[hiding].hw.primary = 9;
	make_plan();
	assert_step(below, PG_BRIDGE_INVALID, hiding);
}

/*
 * A bridge that says it leads further than the one above it, or than its root bus: Linux may number
 * another one into that.
 */
SIM_TEST(range_beyond_the_parent)
{
	uint16_t upper, lower;

	root(0, 255);
	root(0x40, 0x7f);
	upper = bridge(ON_ROOT(1), 1, 0x40, 0x41, 0x7f);
	lower = bridge(upper, 0, 0x41, 0x42, 0x7f);
	assert_needs(false);
	m.functions[lower].hw.subordinate = 0x80;
	assert_needs(true);
	m.functions[lower].hw.subordinate = 0x42;
	m.functions[upper].hw.subordinate = 0x42;
	assert_needs(false);
	m.functions[upper].hw.subordinate = 0x80;
	assert_needs(true);
	m.functions[upper].hw.subordinate = 0x7f;
	m.functions[upper].hw.secondary = 0x7f;
	m.functions[lower].hw.secondary = 0x80;
	m.functions[lower].hw.subordinate = 0x80;
	assert_needs(true);
}
