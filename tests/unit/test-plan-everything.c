// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-plan-everything.c - lib/plan/number.c with a topology of all functions: the reasons that the
 * simulation finds.
 */
#include "plan-tree.h"

SIM_TEST(only_functions_below_a_reset_bridge_move)
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

/* For a short time, the bridge has no numbers. */
SIM_TEST(reassigning_the_same_numbers_is_a_reason)
{
	begin_tree("root 00-ff\n"
		   " port: 1 00/01-01 > 00/01-01\n"
		   "  0 device > @01 reassign-busses:port");
	m.policy.assign_busses = true;
	check_plan();
}

SIM_TEST(a_topology_of_the_paths_is_not_simulated)
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

SIM_TEST(a_function_that_linux_does_not_find_is_hidden)
{
	begin_tree("root 00-ff\n"
		   " 2 00/05-06 link\n"
		   "  stays: 0 device\n"
		   "  second: 1 device > device-hidden");
	check_plan();
	planned("stays", "ok");
	assert_false(m.steps[at("second")].found);
	/* If the scan says "hidden", this counts even if the simulation finds the function. */
	m.functions[at("stays")].result.hidden = true;
	check_plan();
	planned("stays", "device-hidden");
}

/*
 * Linux finds 05:00.0 in the first pass. In the second pass, 00:01.0 gets number 5, which Enhanced
 * Allocation fixes, and claims bus 5. Linux still knows the device, but config reads do not reach
 * it any more.
 */
SIM_TEST(a_bus_may_be_taken_in_the_second_pass)
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
 * The fixed number lowers the next number. The unseen functions behind 00:02.0 may then need
 * numbers that 00:03.0 has kept.
 */
SIM_TEST(an_unknown_need_may_take_a_kept_number)
{
	plan_tree("root 00-ff\n"
		  " fixed: 1 reset fixed=01-01\n"
		  " reset: 2 reset unseen\n"
		  " 3 00/05-06\n"
		  "  stays: 0 device");
	planned("reset", "00/02-02");
	planned("stays", "?@05 unverifiable:reset");
	/* Without the fixed number, 00:02.0 gets a number after all kept numbers. */
	m.functions[at("fixed")].hw.fixed_secondary = 0;
	make_plan();
	planned("stays", "ok");
}

SIM_TEST(a_function_found_on_another_bus_moves)
{
	begin_tree("root 00-ff\n"
		   " 2 00/05-06\n"
		   "  elsewhere: 0 device > @05 bus-taken");
	m.functions[at("elsewhere")].at.bus = 6;
	check_plan();
}

/*
 * 02:00.0 gets number 03 before Linux scans 00:03.0, because no bridge below 00:01.0 keeps it. The
 * device then has the same number, but another bridge above it.
 */
SIM_TEST(a_foreign_bridge_can_take_a_number)
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
	/* This device is below its own bridge, which Linux finds below the foreign bridge. */
	assert_int_equal(m.steps[at("below")].above, at("lower"));
	assert_int_equal(m.steps[at("foreign")].above, at("switch"));
	assert_int_equal(m.steps[at("left")].above, PG_NONE);
}

/* The virtual functions of bus 01 take number 02, so the foreign bridge gets 03. */
SIM_TEST(virtual_functions_can_lead_to_a_taken_number)
{
	plan_tree("root 00-ff\n"
		  " 1 00/01-01 up\n"
		  "  0 device sriov=1\n"
		  "  foreign: 1 reset\n"
		  " 3 00/03-04 > ok\n"
		  "  0 device > bus-taken:foreign");
}

/* The foreign bridge is below 00:01.0, and keeps numbers of 00:03.0. */
SIM_TEST(a_foreign_bridge_can_keep_a_number)
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

/* Linux then finds the functions of the root bus below the bridge. */
SIM_TEST(a_foreign_bridge_can_take_the_number_of_a_root_bus)
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
 * The first root bus has a bridge that did not forward. This bridge gets number 06, with 58 numbers
 * after it, and may need more. So the second root bus is not certain.
 */
SIM_TEST(functions_after_an_unknown_need_are_unverifiable)
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

/* Enough is 64 numbers after the bridge's own, or the number in the record. */
SIM_TEST(enough_free_numbers_make_an_unknown_need_harmless)
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
		/* If the record has more than 64, it also counts with these parameters. */
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
 * The switch is below a bridge that keeps [01-@last] and needs 4 numbers. Linux scans the bridge
 * above the device later.
 */
SIM_TEST(a_reset_switch_may_need_numbers_of_a_neighbour)
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

SIM_TEST(a_range_counts_up_to_the_end_of_the_root_bus)
{
	begin_tree("root 00-04\n"
		   " 1 00/02-06\n"
		   "  dead: 0 reset unseen\n"
		   "root 05-ff\n"
		   " 0 device > unverifiable:dead");
	m.functions[at("dead")].rec.unseen = 3;
	check_plan();
}

SIM_TEST(a_root_bus_can_end_at_255)
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
 * If Linux assigns a number above 191, unseen functions may need the last numbers. Then functions
 * at new addresses are not certain.
 */
SIM_TEST(numbers_above_191_may_run_out)
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
 * In a second simulation, Linux would scan 00:01.0 before 00:02.0. Unseen functions of one segment
 * do not matter to the other segment.
 */
SIM_TEST(each_segment_is_simulated_once)
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
 * Only faults of paths are known in this segment. The next kernel crashes before it scans the other
 * segment.
 */
SIM_TEST(without_a_free_number_all_functions_are_bad)
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

SIM_TEST(absent_functions_are_judged_by_their_path)
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
