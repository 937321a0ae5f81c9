// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-plan-everything.c - lib/plan/number.c with a topology of all functions: what the
 * simulation adds to the paths.
 */
#include "plan-tree.h"

/* One bridge moves, and what is below it; the bridge beside it stays. */
SIM_TEST(one_moves)
{
	plan_tree("root 00-ff\n"
		  " reset: 1 reset > ok 00/07-07\n"
		  "  0 device > bridge-reset:reset @07\n"
		  " kept: 2 00/05-06 > ok 00/05-06\n"
		  "  0 device > ok @05\n"
		  " 3 device > ok @00");
	assert_true(m.steps[at("kept")].secondary_certain &&
		    m.steps[at("kept")].subordinate_certain);
}

/* The same numbers assigned anew are a reason as well: in between the bridge has none. */
SIM_TEST(same_numbers_anew)
{
	begin_tree("root 00-ff\n"
		   " it: 1 00/01-01 > 00/01-01\n"
		   "  0 device > @01 reassign-busses:it");
	m.policy.assign_busses = true;
	check_plan();
}

/* A topology of the paths alone is not simulated. */
SIM_TEST(paths_alone)
{
	begin_tree("root 00-ff\n"
		   " 2 00/05-06\n"
		   "  stays: 0 device");
	m.topology.everything = false;
	make_plan();
	planned("stays", "ok");
	assert_false(m.steps[at("stays")].found);
	assert_false(m.steps[at("stays")].certain);
	assert_int_equal(m.steps[at("stays")].bus, 0);
	m.functions[at("stays")].result.hidden = true;
	make_plan();
	planned("stays", "device-hidden");
}

/* A function that Linux does not find. */
SIM_TEST(hidden)
{
	begin_tree("root 00-ff\n"
		   " 2 00/05-06 link\n"
		   "  stays: 0 device\n"
		   "  second: 1 device > device-hidden");
	check_plan();
	planned("stays", "ok");
	assert_false(m.steps[at("second")].found);
	/* What the scan says of it counts even if the simulation finds it. */
	m.functions[at("stays")].result.hidden = true;
	check_plan();
	planned("stays", "device-hidden");
}

/*
 * Linux finds 05:00.0 in the first pass. In the second, 00:01.0 gets the bus number that Enhanced
 * Allocation fixes for it, and claims bus 5 from then on: Linux knows the device, but config reads
 * do not reach it any more.
 */
SIM_TEST(bus_taken_in_the_second_pass)
{
	uint16_t cut_off;

	plan_tree("root 00-ff\n"
		  " 1 reset fixed=05-05 > ok\n"
		  " 2 00/05-05 > ok\n"
		  "  off: 0 device");
	cut_off = at("off");
	assert_found_on(cut_off, 5);
	assert_false(m.steps[cut_off].found);
	assert_int_not_equal(m.steps[cut_off].reason, PG_OK);
}

/*
 * Fixed numbers set the count back; what is unknown below the next bridge may then need numbers
 * that a neighbour has kept.
 */
SIM_TEST(unknown_below_a_kept_number)
{
	plan_tree("root 00-ff\n"
		  " fixed: 1 reset fixed=01-01\n"
		  " reset: 2 reset unseen\n"
		  " 3 00/05-06\n"
		  "  stays: 0 device");
	planned("reset", "00/02-02");
	planned("stays", "?@05 unverifiable:reset");
	/* Otherwise what is unknown comes behind all kept numbers. */
	m.functions[at("fixed")].hw.fixed_secondary = 0;
	make_plan();
	planned("stays", "ok");
}

SIM_TEST(found_on_another_bus)
{
	begin_tree("root 00-ff\n"
		   " 2 00/05-06\n"
		   "  elsewhere: 0 device > @05 bus-taken");
	m.functions[at("elsewhere")].at.bus = 6;
	check_plan();
}

/*
 * The number is the same, the bridge above is not: 02:00.0 gets 03 before Linux scans 00:03.0, as
 * nothing below 00:01.0 keeps it.
 */
SIM_TEST(foreign_bridge_takes_the_number)
{
	plan_tree("root 00-ff\n"
		  " left: 1 00/01-02\n"
		  "  switch: 0 01/02-02\n"
		  "   foreign: 0 reset > ok\n"
		  " 3 00/03-04\n"
		  "  stays: 0 device > @03 bus-taken:foreign\n"
		  "  lower: 1 03/04-04\n"
		  "   below: 0 device > @04 bus-taken:foreign");
	assert_int_equal(m.steps[at("stays")].above, at("foreign"));
	/* Below its own bridge, but Linux finds this one below the foreign one. */
	assert_int_equal(m.steps[at("below")].above, at("lower"));
	assert_int_equal(m.steps[at("foreign")].above, at("switch"));
	assert_int_equal(m.steps[at("left")].above, PG_NONE);
}

/* The same, as virtual functions on bus 01 reach to bus 02. */
SIM_TEST(number_behind_virtual_functions)
{
	plan_tree("root 00-ff\n"
		  " 1 00/01-01 up\n"
		  "  0 device sriov=1\n"
		  "  foreign: 1 reset\n"
		  " 3 00/03-04 > ok\n"
		  "  0 device > bus-taken:foreign");
}

/* A bridge that keeps numbers of a neighbour of the bridge above it. */
SIM_TEST(numbers_inside_a_neighbour)
{
	uint16_t left, kept;

	plan_tree("root 00-ff\n"
		  " left: 1 00/01-02\n"
		  "  foreign: 0 01/03-03\n"
		  " kept: 3 00/03-04\n"
		  "  stays: 0 device");
	planned("stays", "bus-taken:foreign");
	/* Of two bridges with the same number, the first has the bus. */
	left = at("left");
	kept = at("kept");
	m.functions[left].at.devfn = pg_devfn(4, 0);
	m.functions[left].sibling = PG_NONE;
	m.functions[kept].sibling = left;
	m.topology.roots[0].child = kept;
	make_plan();
	planned("stays", "ok");
}

/* If a bridge gets the number of a root bus, Linux finds what is on this bus below the bridge. */
SIM_TEST(root_bus_below_a_bridge)
{
	plan_tree("root 00-3f\n"
		  " 1 00/01-3f\n"
		  "  0 01/02-3f\n"
		  "  foreign: 1 reset\n"
		  "root 40-7f\n"
		  " stays: 0 device > @40 bus-taken:foreign");
	assert_int_equal(m.steps[at("stays")].above, at("foreign"));
}

/*
 * What comes after something unknown is not certain: here the root bus after the one with a bridge
 * that did not forward. That gets bus 06, and 58 numbers are left: it may need more.
 */
SIM_TEST(unverifiable)
{
	plan_tree("root 00-40\n"
		  " dead: 1 reset unseen\n"
		  " 2 00/05-05\n"
		  "  0 device > ok @05\n"
		  "root 80-ff\n"
		  " 1 80/81-81 > unverifiable:dead\n"
		  "  0 device > unverifiable:dead ?@81\n"
		  " reset: 2 reset\n"
		  "  0 device > bridge-reset:reset");
}

/* The same with enough numbers: 64 behind the bridge's own, or as many as the record tells. */
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
		/* A record that tells of more than 64 numbers counts with these words as well. */
		{ 0x69, 101, 1, true, false, false },
		{ 0x6a, 101, 1, true, false, true },
		{ 0x69, 101, 1, false, true, false },
		{ 0x6a, 101, 1, false, true, true },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		begin_tree("");
		m.policy.hotplug_buses = rows[i].hotplug_buses;
		m.policy.all_devices = rows[i].all_devices;
		m.policy.no_ari = rows[i].no_ari;
		tree("root 00-ff\n"
		     " dead: 1 reset unseen\n"
		     " 2 00/05-05\n"
		     "  0 device\n"
		     "root 80-ff\n"
		     " after: 0 device");
		m.topology.roots[0].last = rows[i].last;
		m.functions[at("dead")].rec.unseen = rows[i].unseen;
		make_plan();
		assert_true(m.sim.incomplete);
		planned("after", rows[i].open ? "@80 ok" : "?@80 unverifiable:dead");
	}
}

/*
 * A switch that was reset, below a bridge that keeps [01-@last]; the device is below a bridge that
 * Linux scans later.
 */
SIM_TEST(switch_that_was_reset)
{
	uint8_t last;

	for (last = 4; last < 6; last++) {
		begin_tree("root 00-ff\n"
			   " upper: 1 00/01-04\n"
			   "  dead: 0 reset unseen\n"
			   " 2 00/06-06 > ok\n"
			   "  stays: 0 device");
		m.functions[at("upper")].hw.subordinate = last;
		m.functions[at("dead")].rec.unseen = 4;
		check_plan();
		planned("stays", last == 5 ? "ok" : "unverifiable:dead");
	}
}

/* A range counts as far as it is within the one above it. */
SIM_TEST(range_beyond_the_root_bus)
{
	begin_tree("root 00-04\n"
		   " 1 00/02-06\n"
		   "  dead: 0 reset unseen\n"
		   "root 05-ff\n"
		   " 0 device > unverifiable:dead");
	m.functions[at("dead")].rec.unseen = 3;
	check_plan();
}

SIM_TEST(range_up_to_255)
{
	begin_tree("root 80-ff\n"
		   " 1 80/81-fd\n"
		   " dead: 2 reset unseen > 80/fe-fe\n"
		   "root 00-7f\n"
		   " 0 device > ok");
	m.functions[at("dead")].rec.unseen = 2;
	check_plan();
}

/*
 * If a number above 191 is assigned, what is unknown may take the last ones, and what is found anew
 * is not certain.
 */
SIM_TEST(numbers_may_run_over)
{
	plan_tree("root 00-ff\n"
		  " 1 reset\n"
		  "  0 device > @be\n"
		  " 2 00/01-bd\n"
		  " 3 reset unseen > 00/bf-bf");
	plan_tree("root 00-ff\n"
		  " 1 reset\n"
		  "  0 device > ?@bf\n"
		  " 2 00/01-be\n"
		  " 3 reset unseen > 00/c0-c0");
}

/*
 * Each segment is numbered by itself, and once: a second time Linux would scan 00:01.0 before
 * 00:02.0. What is unknown in one segment does not matter to the other.
 */
SIM_TEST(every_segment_once)
{
	plan_tree("root 00-7f\n"
		  " 1 reset unseen > 00/06-06\n"
		  " 2 00/05-05\n"
		  "  0 device > @05\n"
		  "root 1:00-ff\n"
		  " 1 reset > 00/01-01 @00\n"
		  "  0 device > @01\n"
		  "root 80-ff");
}

/*
 * If no number is left, only faults of paths are known in the whole segment. The next kernel dies
 * before it scans the other segment.
 */
SIM_TEST(no_number_left)
{
	plan_tree("root 00-ff\n"
		  " 1 00/01-ff > bus-exhausted:reset\n"
		  "  0 device > bus-exhausted:reset\n"
		  " reset: 2 reset\n"
		  "  0 device > bridge-reset:reset\n"
		  " 3 device > bus-exhausted:reset\n"
		  "root 1:00-ff\n"
		  " 3 device > bus-exhausted:reset");
}

/* A function that does not answer is judged by the path alone. */
SIM_TEST(absent_functions)
{
	uint16_t unreached;

	begin_tree("root 00-ff\n"
		   " 2 00/05-06\n"
		   "  absent: 0 device > ok\n"
		   "  unreached: 1 device\n"
		   " suspect: 3 reset");
	unreached = at("unreached");
	m.functions[at("absent")].hw.presence = PG_ABSENT;
	m.functions[unreached].hw.presence = PG_UNREACHED;
	m.functions[unreached].parent = PG_NONE;
	check_plan();
	planned("unreached", "bus-unreached");
	m.functions[unreached].result.culprit = at("suspect");
	check_plan();
	planned("unreached", "bridge-reset:suspect");
}
