// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-enumerate-roots.c - lib/plan/enumerate.c: root buses, bus numbers beyond the last, numbers
 * that are fixed or reserved for virtual functions, and what is unknown.
 */
#include "sim-tree.h"

/* The first number behind a bus is behind the numbers that virtual functions need. */
SIM_TEST(sriov_reserve)
{
	simulate_tree("root 00-ff\n"
		      " 1 device sriov=2\n"
		      " 2 device sriov=3\n"
		      " 3 device sriov=1\n"
		      " 4 reset up > 00/04-07\n"
		      "  0 device sriov=2 > @04\n"
		      "  1 reset > 04/07-07\n"
		      "   0 device > @07");
	/* Kept numbers in the reserve stay there. */
	simulate_tree("root 00-ff\n"
		      " 1 device sriov=4\n"
		      " 2 00/02-03 > 00/02-03\n"
		      " 3 reset > 00/05-05");
}

/*
 * If it is not known how many numbers virtual functions need, kept numbers are certain, and numbers
 * assigned anew are not.
 */
SIM_TEST(sriov_reserve_unknown)
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

/* Enhanced Allocation: the bridge gets the fixed numbers, and Linux counts on behind them. */
SIM_TEST(fixed_numbers)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=05-09 > 00/05-09\n"
		      "  0 device > @05\n"
		      "  1 reset > 05/06-06\n"
		      " 2 reset > 00/0a-0a");
	/* They do not matter to a bridge that keeps its numbers, and reserve nothing. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01 fixed=09-09 > 00/01-01\n"
		      " 2 reset > 00/02-02");
}

/*
 * Linux counts on behind the fixed subordinate number also if that is a step back: 00:03.0 gets 4,
 * which is within [01-06] of 00:01.0. Config reads of bus 4 reach 00:01.0, so nothing is found.
 */
SIM_TEST(fixed_numbers_lower_the_count)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-06 > 00/01-06\n"
		      " 2 reset fixed=02-03 > 00/02-03\n"
		      " 3 reset > 00/04-04\n"
		      "  0 device > lost");
}

/*
 * The fixed subordinate number wins also if more numbers are needed below. Bus 7 exists then, made
 * for the bridge on bus 6.
 */
SIM_TEST(fixed_subordinate_too_low)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=05-06 > 00/05-06\n"
		      "  0 reset > 05/06-07\n"
		      "   0 reset > 06/07-07\n"
		      " 2 reset > 06/07-07");
}

/* Root buses have all 32 devices. */
SIM_TEST(all_devices_on_a_root_bus)
{
	simulate_tree("root 00-ff\n"
		      " 0 device\n"
		      " 1f device > @00");
}

/* Linux assigns bus numbers beyond the range of the root bus, but no config read reaches these. */
SIM_TEST(beyond_the_root_bus)
{
	simulate_tree("root 00-02\n"
		      " 1 reset > 00/01-01\n"
		      " 2 reset > 00/02-02\n"
		      "  0 device > @02\n"
		      " 3 reset > 00/03-03\n"
		      "  0 device > lost");
}

/*
 * The number behind 255 is 256, of which the registers hold 0. If there is no bus 00, Linux makes
 * bus 256, and nothing leads to it.
 */
SIM_TEST(number_256_without_a_bus_0)
{
	simulate_tree("root 01-ff\n"
		      " 1 01/02-ff > 01/02-ff\n"
		      " 2 reset > 01/00-00\n"
		      "  0 device > lost");
}

/* Machines on which Linux scans without end, or dies. */
static void exhausts(const char *text)
{
	begin_tree(text);
	simulate_segment(0);
	assert_true(m.sim.exhausted);
}

SIM_TEST(exhausted)
{
	/* With a bus 00, Linux takes that for the bus behind the bridge. */
	exhausts("root 00-ff\n"
		 " 1 00/01-ff\n"
		 " 2 reset");
	/* A fixed number that is the number of the bridge's own bus. */
	exhausts("root 00-ff\n"
		 " 1 00/05-09\n"
		 "  0 reset fixed=05-05");
	/* The first pass has cleared bridges before Linux dies at the number of a root bus. */
	exhausts("root 05-ff\n"
		 "root 00-04\n"
		 " broken: 1 07/02-09\n"
		 " card: 2 00/01-01 cardbus\n"
		 " 3 00/05-05");
	now("broken", "00/00-00");
	now("card", "00/00-00");
}

/* Linux scans every root bus of the segment, in the order of the list. */
SIM_TEST(several_roots)
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
 * The first root bus hands out the second one's number before Linux scans that: Linux finds the bus
 * and takes the root bus for scanned. Config reads of bus 2 reach the second host bridge, so Linux
 * finds its functions "behind" 00:02.0.
 */
SIM_TEST(number_of_a_root_that_comes_later)
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
	/* Behind a port with a link Linux finds the first of them only. */
	with_port(at("taker"), PG_PORT_LINK);
	check_tree();
	now("second", "lost");
}

/*
 * What is behind a bridge that did not forward is unknown until the bridge has numbers. What Linux
 * finds before that is certain; what it finds later is not.
 */
SIM_TEST(unknown_behind_a_reset_bridge)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset unseen > 00/06-06\n"
		      " 2 00/05-05\n"
		      "  0 device > @05\n"
		      " 3 reset > 00/07-07\n"
		      "  0 device > ?@07\n"
		      " 4 device > @00");
	assert_true(m.sim.incomplete);
	/* If it comes last, everything is certain. */
	simulate_tree("root 00-ff\n"
		      " 1 reset\n"
		      "  0 device > @01\n"
		      " dead: 2 reset unseen");
	assert_true(m.sim.incomplete);
	/* The next simulation begins anew. */
	m.functions[at("dead")].result.visited = true;
	check_tree();
	assert_false(m.sim.incomplete);
}
