// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-enumerate-roots.c - lib/plan/enumerate.c: root buses, bus numbers beyond 255, fixed numbers,
 * numbers reserved for virtual functions, and uncertain results.
 */
#include "sim-tree.h"

/* The first number below a bus comes after the numbers that its virtual functions need. */
SIM_TEST(numbers_of_virtual_functions_are_skipped)
{
	simulate_tree("root 00-ff\n"
		      " 1 device sriov=2\n"
		      " 2 device sriov=3\n"
		      " 3 device sriov=1\n"
		      " 4 reset up > 00/04-07\n"
		      "  0 device sriov=2 > @04\n"
		      "  1 reset > 04/07-07\n"
		      "   0 device > @07");
	/* Numbers that are kept may lie among the reserved ones. */
	simulate_tree("root 00-ff\n"
		      " 1 device sriov=4\n"
		      " 2 00/02-03 > 00/02-03\n"
		      " 3 reset > 00/05-05");
}

/* Kept numbers stay certain. */
SIM_TEST(an_unknown_reserve_makes_new_numbers_uncertain)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01\n"
		      "  0 device > @01\n"
		      " kept: 2 00/02-02 up > 00/02-02\n"
		      "  pf: 0 device\n"
		      " 3 00/03-03\n"
		      "  behind: 0 device");
	m.functions[at("pf")].result.sriov_buses = PG_SRIOV_UNKNOWN;
	check_tree();
	now("behind", "@03");
	assert_false(m.sim.incomplete);
	assert_true(m.sim.devices[m.sim.nr_devices - 1].certain);
	reset_bridge(at("kept"), 1);
	check_tree();
	assert_true(m.sim.incomplete);
	assert_true(m.sim.devices[1].certain);
	assert_int_equal(m.sim.devices[m.sim.nr_devices - 1].function, at("behind"));
	assert_false(m.sim.devices[m.sim.nr_devices - 1].certain);
}

/* Enhanced Allocation fixes the numbers. The next bridge gets the number after them. */
SIM_TEST(fixed_numbers_are_used)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=05-09 > 00/05-09\n"
		      "  0 device > @05\n"
		      "  1 reset > 05/06-06\n"
		      " 2 reset > 00/0a-0a");
	/* A bridge that keeps its numbers does not use fixed numbers, and these reserve nothing. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01 fixed=09-09 > 00/01-01\n"
		      " 2 reset > 00/02-02");
}

/*
 * Linux continues after the fixed subordinate number even if it is lower than the highest number in
 * use: 00:03.0 gets 4, which is inside [01-06] of 00:01.0. Config reads of bus 4 reach 00:01.0, so
 * Linux finds nothing there.
 */
SIM_TEST(a_fixed_subordinate_number_can_lower_the_next_number)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-06 > 00/01-06\n"
		      " 2 reset fixed=02-03 > 00/02-03\n"
		      " 3 reset > 00/04-04\n"
		      "  0 device > lost");
}

/*
 * Linux does not raise the fixed subordinate number if more numbers are needed below. 00:02.0 then
 * gets 7, and bus 7 exists already, because Linux made it for the bridge on bus 6.
 */
SIM_TEST(a_fixed_subordinate_number_is_never_raised)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=05-06 > 00/05-06\n"
		      "  0 reset > 05/06-07\n"
		      "   0 reset > 06/07-07\n"
		      " 2 reset > 06/07-07");
}

SIM_TEST(a_root_bus_has_32_devices)
{
	simulate_tree("root 00-ff\n"
		      " 0 device\n"
		      " 1f device > @00");
}

/* Linux assigns such numbers, but no config read reaches these buses. */
SIM_TEST(numbers_beyond_the_root_bus_lead_nowhere)
{
	simulate_tree("root 00-02\n"
		      " 1 reset > 00/01-01\n"
		      " 2 reset > 00/02-02\n"
		      "  0 device > @02\n"
		      " 3 reset > 00/03-03\n"
		      "  0 device > lost");
}

/*
 * The number after 255 is 256; the registers hold its lower 8 bits, 0. If there is no bus 00, Linux
 * makes bus 256.
 */
SIM_TEST(bus_256_leads_nowhere)
{
	simulate_tree("root 01-ff\n"
		      " 1 01/02-ff > 01/02-ff\n"
		      " 2 reset > 01/00-00\n"
		      "  0 device > lost");
}

/* Linux scans this machine without end, or crashes. */
static void exhausts(const char *text)
{
	begin_tree(text);
	simulate_segment(0);
	assert_true(m.sim.exhausted);
}

SIM_TEST(endless_scans_exhaust_the_simulation)
{
	/* Number 256 is 0 in the registers: Linux takes bus 00 for the bus behind 00:02.0. */
	exhausts("root 00-ff\n"
		 " 1 00/01-ff\n"
		 " 2 reset");
	/* The fixed number is the number of the bus that the bridge is on. */
	exhausts("root 00-ff\n"
		 " 1 00/05-09\n"
		 "  0 reset fixed=05-05");
	/* The first pass clears two bridges before Linux crashes at the number of a root bus. */
	exhausts("root 05-ff\n"
		 "root 00-04\n"
		 " broken: 1 07/02-09\n"
		 " card: 2 00/01-01 cardbus\n"
		 " 3 00/05-05");
	now("broken", "00/00-00");
	now("card", "00/00-00");
}

SIM_TEST(root_buses_are_scanned_in_the_order_of_the_list)
{
	simulate_tree("root 40-ff\n"
		      " high: 1 reset > 40/41-41\n"
		      "root 00-3f\n"
		      " 1 reset > 00/01-01\n"
		      "root 1:80-ff\n"
		      " other: 1 reset > 00/00-00 lost");
	assert_int_equal(m.sim.buses[0].number, 0x40);
	simulate_segment(1);
	now("other", "80/81-81");
	now("high", "00/00-00 lost");
}

/*
 * Linux assigns the number 2 to 00:02.0 before it scans the second root bus, which has this number.
 * Then it takes the root bus for scanned. Config reads of bus 2 reach the second host bridge, so
 * Linux finds the functions of the root bus "behind" 00:02.0.
 */
SIM_TEST(the_number_of_a_later_root_bus_may_be_assigned)
{
	simulate_tree("root 00-01\n"
		      " 1 reset\n"
		      " taker: 2 reset > 00/02-02\n"
		      "  0 device > lost\n"
		      "root 02-ff\n"
		      " 0 device > @02\n"
		      " second: 1 device");
	now("second", "@02");
	assert_int_equal(m.sim.nr_buses, 3);
	assert_int_equal(m.sim.buses[2].self, at("taker"));
	/* Behind a port with a link, Linux finds the first of these functions only. */
	with_port(at("taker"), PG_PORT_LINK);
	check_tree();
	now("second", "lost");
}

/*
 * The scan could not visit the bus of a bridge that forwards nothing. What Linux finds before it
 * gives numbers to this bridge is certain; what Linux finds later is not.
 */
SIM_TEST(results_after_an_unvisited_bus_are_uncertain)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset unseen > 00/06-06\n"
		      " 2 00/05-05\n"
		      "  0 device > @05\n"
		      " 3 reset > 00/07-07\n"
		      "  0 device > ?@07\n"
		      " 4 device > @00");
	assert_true(m.sim.incomplete);
	/* If this bridge comes last, everything is certain. */
	simulate_tree("root 00-ff\n"
		      " 1 reset\n"
		      "  0 device > @01\n"
		      " dead: 2 reset unseen");
	assert_true(m.sim.incomplete);
	/* The next simulation resets the flag. */
	m.functions[at("dead")].result.visited = true;
	check_tree();
	assert_false(m.sim.incomplete);
}
