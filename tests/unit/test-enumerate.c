// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-enumerate.c - lib/plan/enumerate.c: the rules of pci_scan_child_bus_extend() and
 * pci_scan_bridge_extend() (drivers/pci/probe.c of Linux 7.3), each with an example that was worked
 * out by hand. CardBus and hotplug have files of their own. Numbers in comments are hexadecimal
 * where they stand in brackets, as Linux prints them.
 */
#include "sim-fixture.h"

/* Nothing is wrong, so nothing changes. */
SIM_TEST(sound_numbers_are_kept)
{
	uint16_t upper, lower, leaf, aside;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 1, 3);
	lower = bridge(upper, 0, 1, 2, 2);
	leaf = device(lower, 0);
	aside = device(ON_ROOT(0), 2);
	simulate();
	assert_numbers(upper, 0, 1, 3);
	assert_numbers(lower, 1, 2, 2);
	assert_found_on(upper, 0);
	assert_found_on(lower, 1);
	assert_found_on(leaf, 2);
	assert_found_on(aside, 0);
}

/*
 * Two passes: 00:02.0 keeps [05-06] in the first, so 00:01.0, which comes before it, gets the
 * number behind those in the second.
 */
SIM_TEST(kept_numbers_come_first)
{
	uint16_t reset, kept, moved, stays;

	root(0, 255);
	reset = reset_bridge(ON_ROOT(0), 1);
	moved = device(reset, 0);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 6);
	stays = device(kept, 0);
	simulate();
	assert_numbers(reset, 0, 7, 7);
	assert_found_on(moved, 7);
	assert_numbers(kept, 0, 5, 6);
	assert_found_on(stays, 5);
}

/* The highest kept number counts, not the last. */
SIM_TEST(highest_kept_number_counts)
{
	uint16_t reset;

	root(0, 255);
	bridge(ON_ROOT(0), 1, 0, 5, 6);
	bridge(ON_ROOT(0), 2, 0, 3, 3);
	reset = reset_bridge(ON_ROOT(0), 3);
	simulate();
	assert_numbers(reset, 0, 7, 7);
}

/* Sanity test of the first pass. All of these are numbered anew, with the first free number. */
SIM_TEST(impossible_numbers)
{
	static const struct {
		uint8_t primary, secondary, subordinate;
	} rows[] = {
		{ 0, 0, 0 }, { 1, 7, 7 }, { 9, 7, 7 },	     { 0, 7, 6 },
		{ 0, 0, 7 }, { 0, 7, 0 }, { 255, 255, 255 },
	};
	uint16_t it, below;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		machine_setup(state);
		root(0, 255);
		it = bridge(ON_ROOT(0), 1, rows[i].primary, rows[i].secondary, rows[i].subordinate);
		below = device(it, 0);
		simulate();
		assert_numbers(it, 0, 1, 1);
		assert_found_on(below, 1);
	}
}

/* The same on bus 4, where secondary numbers from 0 to 4 are too low. */
SIM_TEST(impossible_numbers_below)
{
	static const struct {
		uint8_t primary, secondary, subordinate;
	} rows[] = {
		{ 4, 4, 5 }, { 4, 3, 5 }, { 4, 0, 0 }, { 4, 0, 5 }, { 3, 5, 5 }, { 5, 6, 6 },
		{ 4, 6, 5 }, { 0, 4, 5 }, { 0, 0, 5 }, { 0, 6, 5 }, { 0, 6, 0 },
	};
	uint16_t above, it, below;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		machine_setup(state);
		root(0, 255);
		above = bridge(ON_ROOT(0), 1, 0, 4, 9);
		it = bridge(above, 1, rows[i].primary, rows[i].secondary, rows[i].subordinate);
		below = device(it, 0);
		simulate();
		assert_numbers(above, 0, 4, 9);
		assert_numbers(it, 4, 5, 5);
		assert_found_on(below, 5);
	}
}

/* A primary number that is wired to 0 passes for the right one, if the others are set. */
SIM_TEST(primary_wired_to_0)
{
	uint16_t above, wired, below;

	root(0, 255);
	above = bridge(ON_ROOT(0), 1, 0, 4, 9);
	wired = bridge(above, 1, 0, 7, 8);
	below = device(wired, 0);
	simulate();
	assert_numbers(wired, 0, 7, 8);
	assert_found_on(below, 7);
}

/*
 * Linux writes the primary number of the bus, and it is the bus that is numbered, wherever it is:
 * here bus 3 on root 3.
 */
SIM_TEST(primary_that_is_written)
{
	uint16_t upper, lower;

	root(3, 9);
	upper = reset_bridge(ON_ROOT(0), 1);
	lower = reset_bridge(upper, 1);
	simulate();
	assert_numbers(upper, 3, 4, 5);
	assert_numbers(lower, 4, 5, 5);
}

/*
 * All bridges of a chain get numbers, the upper ones up to what is below them. Beside it goes on
 * behind that.
 */
SIM_TEST(depth_first)
{
	uint16_t a, a_a, a_b, b, leaf;

	root(0, 255);
	a = reset_bridge(ON_ROOT(0), 1);
	a_a = reset_bridge(a, 0);
	leaf = device(a_a, 0);
	a_b = reset_bridge(a, 1);
	b = reset_bridge(ON_ROOT(0), 2);
	simulate();
	assert_numbers(a, 0, 1, 3);
	assert_numbers(a_a, 1, 2, 2);
	assert_numbers(a_b, 1, 3, 3);
	assert_numbers(b, 0, 4, 4);
	assert_found_on(leaf, 2);
	/* bus->busn_res.end, which a later scan of the same bus begins with. */
	assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, 1)].last, 3);
	assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, 2)].last, 2);
	assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, 3)].last, 3);
	assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, 4)].last, 4);
}

/*
 * pci=assign-busses: good numbers are cleared, too, on each bus when Linux comes to it, and given
 * out in order.
 */
SIM_TEST(assign_all)
{
	uint16_t a, a_a, b, leaf;

	root(0, 255);
	a = bridge(ON_ROOT(0), 1, 0, 5, 9);
	a_a = bridge(a, 0, 5, 6, 6);
	leaf = device(a_a, 0);
	b = bridge(ON_ROOT(0), 2, 0, 3, 4);
	m.policy.assign_busses = true;
	simulate();
	assert_numbers(a, 0, 1, 2);
	assert_numbers(a_a, 1, 2, 2);
	assert_numbers(b, 0, 3, 3);
	assert_found_on(leaf, 2);
}

/*
 * The first pass clears broken bridges. 00:01.0 with its wrong primary number claims [02-09].
 * Requests reach the bus behind 00:02.0 [03-03], which is kept, only after that.
 */
SIM_TEST(broken_bridges_are_cleared)
{
	uint16_t broken, kept, below_broken, below_kept;

	root(0, 255);
	broken = bridge(ON_ROOT(0), 1, 7, 2, 9);
	below_broken = device(broken, 0);
	kept = bridge(ON_ROOT(0), 2, 0, 3, 3);
	below_kept = device(kept, 0);
	simulate();
	assert_found_on(below_kept, 3);
	assert_numbers(broken, 0, 4, 4);
	assert_found_on(below_broken, 4);
}

/*
 * Overlapping ranges are no fault by themselves: both are kept, and the lower device number hides
 * the other's bus.
 */
SIM_TEST(overlapping_ranges_are_kept)
{
	uint16_t wide, narrow, below_wide, below_narrow;

	root(0, 255);
	wide = bridge(ON_ROOT(0), 2, 0, 2, 9);
	below_wide = device(wide, 0);
	narrow = bridge(ON_ROOT(0), 3, 0, 3, 3);
	below_narrow = device(narrow, 0);
	simulate();
	assert_numbers(wide, 0, 2, 9);
	assert_numbers(narrow, 0, 3, 3);
	assert_found_on(below_wide, 2);
	assert_not_found(below_narrow);
}

/*
 * A number beyond what the bridge above forwards: 01:01.0 gets 3 below [01-02]. It does not fit
 * into the tree of resources, is used all the same, and nothing is found there. Its subordinate
 * number becomes 3, the bridge above keeps 2.
 */
SIM_TEST(beyond_the_bridge_above)
{
	uint16_t above, kept, reset, lost;

	root(0, 255);
	above = bridge(ON_ROOT(0), 1, 0, 1, 2);
	kept = bridge(above, 0, 1, 2, 2);
	reset = reset_bridge(above, 1);
	lost = device(reset, 0);
	simulate();
	assert_numbers(above, 0, 1, 2);
	assert_numbers(kept, 1, 2, 2);
	assert_numbers(reset, 1, 3, 3);
	assert_not_found(lost);
}

/*
 * A bus that exists already. As above 01:01.0 gets bus 3 below [01-02]. On bus 0 Linux is at 2
 * then, and would give 3 to 00:02.0: it finds the bus of that number and scans it once more, with
 * the primary number that bus was made with. What is found now lies behind 00:02.0.
 */
SIM_TEST(bus_exists_already)
{
	uint16_t above, inner, outer, lost, below;

	root(0, 255);
	above = bridge(ON_ROOT(0), 1, 0, 1, 2);
	bridge(above, 0, 1, 2, 2);
	inner = reset_bridge(above, 1);
	lost = device(inner, 0);
	outer = reset_bridge(ON_ROOT(0), 2);
	below = device(outer, 0);
	simulate();
	assert_numbers(inner, 1, 3, 3);
	assert_numbers(outer, 1, 3, 3);
	assert_not_found(lost);
	assert_found_on(below, 3);
	/* One bus, and its bridge is the one it was made for. */
	assert_int_equal(m.sim.nr_buses, 4);
	assert_int_equal(m.sim.devices[m.sim.buses[pg_sim_find_bus(&m.sim, 3)].self].function,
			 inner);
}

/*
 * Two kept bridges with the same numbers: the second one's bus exists, and the first hides what is
 * behind the second.
 */
SIM_TEST(same_numbers_twice)
{
	uint16_t first, second, third, below_first, below_second;

	root(0, 255);
	first = bridge(ON_ROOT(0), 1, 0, 5, 6);
	below_first = device(first, 0);
	second = bridge(ON_ROOT(0), 2, 0, 5, 7);
	below_second = device(second, 1);
	third = reset_bridge(ON_ROOT(0), 3);
	simulate();
	assert_numbers(first, 0, 5, 6);
	assert_numbers(second, 0, 5, 7);
	assert_found_on(below_first, 5);
	assert_not_found(below_second);
	/* The higher subordinate number of the two counts. */
	assert_numbers(third, 0, 8, 8);
	assert_int_equal(m.sim.nr_buses, 3);
}

/*
 * The second pass reads the registers again, of the function that answers then. 00:02.0 [02-02] has
 * a bridge at 02:00.0, without numbers. 00:01.0 has the number 2 fixed by Enhanced Allocation.
 * Requests for bus 2 reach it first, so what Linux now writes to "02:00.0" arrives at the bridge
 * behind 00:01.0, which Linux has not found.
 */
SIM_TEST(writes_reach_the_answering_function)
{
	uint16_t fixed, kept, known, other;

	root(0, 255);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 1), 2, 2);
	other = reset_bridge(fixed, 0);
	kept = bridge(ON_ROOT(0), 2, 0, 2, 2);
	known = reset_bridge(kept, 0);
	simulate();
	assert_numbers(kept, 0, 2, 2);
	assert_numbers(known, 2, 3, 3);
	assert_found_on(known, 2);
	assert_numbers(fixed, 0, 2, 2);
	assert_not_found(other);
	assert_numbers(other, 2, 3, 3);
}

/*
 * As before, but no function answers there any more. All ones are bus numbers to Linux, and the
 * second pass does not change bridges that have numbers.
 */
SIM_TEST(reads_without_an_answer)
{
	uint16_t fixed, kept, known, aside;

	root(0, 255);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 1), 2, 2);
	aside = device(with_port(fixed, PG_PORT_UPSTREAM), 5);
	m.functions[aside].result.sriov_buses = 5;
	kept = bridge(ON_ROOT(0), 2, 0, 2, 2);
	known = reset_bridge(kept, 0);
	simulate();
	/* Found by the second scan of bus 2, behind the bridge that is known there. */
	assert_found_on(aside, 2);
	assert_numbers(known, 2, 3, 3);
	/*
	 * In that scan the first pass cleared nothing, and the second left it alone: no bus 8 was
	 * made behind the reserve.
	 */
	assert_int_equal(m.sim.nr_buses, 3);
	assert_numbers(fixed, 0, 2, 2);
}

/*
 * SR-IOV: the first number behind the bus is what the virtual functions leave over. The greatest
 * reach counts.
 */
SIM_TEST(sriov_reserve)
{
	uint16_t on_root, below, lower, leaf;

	root(0, 255);
	m.functions[device(ON_ROOT(0), 1)].result.sriov_buses = 2;
	m.functions[device(ON_ROOT(0), 2)].result.sriov_buses = 3;
	m.functions[device(ON_ROOT(0), 3)].result.sriov_buses = 1;
	on_root = with_port(reset_bridge(ON_ROOT(0), 4), PG_PORT_UPSTREAM);
	below = device(on_root, 0);
	m.functions[below].result.sriov_buses = 2;
	lower = reset_bridge(on_root, 1);
	leaf = device(lower, 0);
	simulate();
	assert_numbers(on_root, 0, 4, 7);
	assert_numbers(lower, 4, 7, 7);
	assert_found_on(below, 4);
	assert_found_on(leaf, 7);
}

/*
 * How far they reach is not known: that is no matter while numbers are kept, and what is numbered
 * anew is not vouched for.
 */
SIM_TEST(sriov_reserve_unknown)
{
	uint16_t before, kept, behind;

	root(0, 255);
	before = device(bridge(ON_ROOT(0), 1, 0, 1, 1), 0);
	kept = with_port(bridge(ON_ROOT(0), 2, 0, 2, 2), PG_PORT_UPSTREAM);
	m.functions[device(kept, 0)].result.sriov_buses = PG_SRIOV_UNKNOWN;
	behind = device(bridge(ON_ROOT(0), 3, 0, 3, 3), 0);
	simulate();
	assert_found_on(behind, 3);
	assert_false(m.sim.incomplete);
	assert_true(m.sim.devices[m.sim.nr_devices - 1].certain);
	reset_bridge(kept, 1);
	simulate();
	assert_found_on(before, 1);
	assert_true(m.sim.incomplete);
	assert_false(m.sim.exhausted);
	assert_true(m.sim.devices[1].certain);
	assert_int_equal(m.sim.devices[m.sim.nr_devices - 1].function, behind);
	assert_false(m.sim.devices[m.sim.nr_devices - 1].certain);
	assert_numbers(kept, 0, 2, 2);
}

/* Where kept numbers are in the reserve they stay there. */
SIM_TEST(sriov_reserve_over_kept_numbers)
{
	uint16_t kept, reset;

	root(0, 255);
	m.functions[device(ON_ROOT(0), 1)].result.sriov_buses = 4;
	kept = bridge(ON_ROOT(0), 2, 0, 2, 3);
	reset = reset_bridge(ON_ROOT(0), 3);
	simulate();
	assert_numbers(kept, 0, 2, 3);
	assert_numbers(reset, 0, 5, 5);
}

/* In bridges the same place holds the fixed number: it is no reserve. */
SIM_TEST(fixed_numbers_are_no_reserve)
{
	uint16_t kept, reset;

	root(0, 255);
	kept = with_fixed(bridge(ON_ROOT(0), 1, 0, 1, 1), 9, 9);
	reset = reset_bridge(ON_ROOT(0), 2);
	simulate();
	/* Nor does it matter to a bridge that keeps its numbers. */
	assert_numbers(kept, 0, 1, 1);
	assert_numbers(reset, 0, 2, 2);
}

/* Enhanced Allocation: the bridge gets the fixed numbers, and counting goes on behind them. */
SIM_TEST(fixed_numbers)
{
	uint16_t fixed, below, lower, next;

	root(0, 255);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 1), 5, 9);
	below = device(fixed, 0);
	lower = reset_bridge(fixed, 1);
	next = reset_bridge(ON_ROOT(0), 2);
	simulate();
	assert_numbers(fixed, 0, 5, 9);
	assert_found_on(below, 5);
	assert_numbers(lower, 5, 6, 6);
	assert_numbers(next, 0, 10, 10);
}

/*
 * Counting goes on behind the fixed subordinate number also where that is a step back: 00:03.0 gets
 * 4, which is within [01-06] of 00:01.0. That answers for it, so nothing is found, though 00:03.0
 * says [04-04].
 */
SIM_TEST(fixed_numbers_lower_the_count)
{
	uint16_t kept, fixed, next, lost;

	root(0, 255);
	kept = bridge(ON_ROOT(0), 1, 0, 1, 6);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 2), 2, 3);
	next = reset_bridge(ON_ROOT(0), 3);
	lost = device(next, 0);
	simulate();
	assert_numbers(kept, 0, 1, 6);
	assert_numbers(fixed, 0, 2, 3);
	assert_numbers(next, 0, 4, 4);
	assert_not_found(lost);
}

/* The fixed subordinate number wins also where more was needed below. */
SIM_TEST(fixed_subordinate_too_low)
{
	uint16_t fixed, lower, lowest, next;

	root(0, 255);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 1), 5, 6);
	lower = reset_bridge(fixed, 0);
	lowest = reset_bridge(lower, 0);
	next = reset_bridge(ON_ROOT(0), 2);
	simulate();
	assert_numbers(lower, 5, 6, 7);
	assert_numbers(lowest, 6, 7, 7);
	assert_numbers(fixed, 0, 5, 6);
	/* Bus 7 exists, made for the bridge on bus 6. */
	assert_numbers(next, 6, 7, 7);
}

/* Behind root and downstream ports only device 0 is asked, even for what is recorded. */
SIM_TEST(one_device_behind_a_link)
{
	static const struct {
		enum pg_port port;
		bool alone;
	} rows[] = {
		{ PG_PORT_OTHER, false },
		{ PG_PORT_UPSTREAM, false },
		{ PG_PORT_DOWNSTREAM, true },
		{ PG_PORT_LINK, true },
	};
	uint16_t above, zero, seven, one, recorded;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		machine_setup(state);
		root(0, 255);
		above = with_port(reset_bridge(ON_ROOT(0), 1), rows[i].port);
		zero = device(above, 0);
		m.functions[zero].hw.multifunction = true;
		seven = index_of(add_function(above, 7));
		one = device(above, 1);
		recorded = device(above, 2);
		m.functions[recorded].rec.recorded = true;
		simulate();
		assert_found_on(zero, 1);
		assert_found_on(seven, 1);
		if (rows[i].alone) {
			assert_not_found(one);
			assert_not_found(recorded);
		} else {
			assert_found_on(one, 1);
			assert_found_on(recorded, 1);
		}
	}
}

/* Root buses have all 32 devices. */
SIM_TEST(all_devices_on_a_root_bus)
{
	uint16_t last;

	root(0, 255);
	device(ON_ROOT(0), 0);
	last = device(ON_ROOT(0), 31);
	simulate();
	assert_found_on(last, 0);
}

/*
 * Linux assigns bus numbers beyond the range of the root bus, but no config read reaches these
 * buses: nothing is found there.
 */
SIM_TEST(beyond_the_root_bus)
{
	uint16_t first, second, third, last, lost;

	root(0, 2);
	first = reset_bridge(ON_ROOT(0), 1);
	second = reset_bridge(ON_ROOT(0), 2);
	last = device(second, 0);
	third = reset_bridge(ON_ROOT(0), 3);
	lost = device(third, 0);
	simulate();
	assert_numbers(first, 0, 1, 1);
	assert_numbers(second, 0, 2, 2);
	assert_found_on(last, 2);
	assert_numbers(third, 0, 3, 3);
	assert_not_found(lost);
}

/* A bus object that does not fit where it should hang does not stop the scan below it. */
SIM_TEST(insert_that_fails)
{
	uint16_t kept, inside, below;

	root(0, 255);
	/* [06-09] on a bridge on bus 5 that says [05-07]: hardware forwards 6 and 7. */
	kept = bridge(ON_ROOT(0), 1, 0, 5, 7);
	inside = bridge(kept, 0, 5, 6, 9);
	below = device(inside, 0);
	simulate();
	assert_numbers(inside, 5, 6, 9);
	assert_found_on(below, 6);
	assert_false(m.sim.buses[pg_sim_find_bus(&m.sim, 6)].inserted);
}

/*
 * The number behind 255 is 256, of which the registers hold 0. Without a bus 00 it can be made, and
 * leads nowhere.
 */
SIM_TEST(number_256_without_a_bus_0)
{
	uint16_t kept, reset, lost;

	root(1, 255);
	kept = bridge(ON_ROOT(0), 1, 1, 2, 255);
	reset = reset_bridge(ON_ROOT(0), 2);
	lost = device(reset, 0);
	simulate();
	assert_numbers(kept, 1, 2, 255);
	assert_numbers(reset, 1, 0, 0);
	assert_not_found(lost);
}

/*
 * With a bus 00, Linux takes that for the bus behind the bridge, and scans it without end.
 */
SIM_TEST(number_256_with_a_bus_0)
{
	root(0, 255);
	bridge(ON_ROOT(0), 1, 0, 1, 255);
	reset_bridge(ON_ROOT(0), 2);
	simulate_segment(0);
	assert_true(m.sim.exhausted);
}

/*
 * What the first pass cleared is clear where Linux dies behind it: of a bridge that has the number
 * of a root bus.
 */
SIM_TEST(cleared_before_the_end)
{
	uint16_t broken, card;

	root(5, 255);
	root(0, 4);
	broken = bridge(ON_ROOT(1), 1, 7, 2, 9);
	card = cardbus(ON_ROOT(1), 2, 0, 1, 1);
	bridge(ON_ROOT(1), 3, 0, 5, 5);
	simulate_segment(0);
	assert_true(m.sim.exhausted);
	assert_numbers(broken, 0, 0, 0);
	assert_numbers(card, 0, 0, 0);
}

/* So it is with a fixed number that is the bridge's own bus. */
SIM_TEST(fixed_number_of_its_own_bus)
{
	root(0, 255);
	with_fixed(reset_bridge(bridge(ON_ROOT(0), 1, 0, 5, 9), 0), 5, 5);
	simulate_segment(0);
	assert_true(m.sim.exhausted);
}

/* Every root bus of the segment is scanned, in the order of the list, each by itself. */
SIM_TEST(several_roots)
{
	uint16_t high, low, other;

	root(0x40, 0xff);
	root(0, 0x3f);
	root_in(1, 0x80, 0xff);
	high = reset_bridge(ON_ROOT(0), 1);
	low = reset_bridge(ON_ROOT(1), 1);
	other = reset_bridge(ON_ROOT(2), 1);
	simulate();
	assert_numbers(high, 0x40, 0x41, 0x41);
	assert_numbers(low, 0, 1, 1);
	assert_numbers(other, 0, 0, 0);
	assert_not_found(other);
	assert_int_equal(m.sim.buses[0].number, 0x40);

	simulate_segment(1);
	assert_numbers(other, 0x80, 0x81, 0x81);
	assert_numbers(high, 0, 0, 0);
	assert_not_found(high);
}

/*
 * The first root bus hands out the second one's number before that is scanned: Linux finds the bus
 * and takes the root for scanned. Requests for 2 go to the second host bridge, so its functions are
 * what is found "behind" 00:02.0.
 */
SIM_TEST(number_of_a_root_that_comes_later)
{
	uint16_t taker, behind, first, second;

	root(0, 1);
	root(2, 255);
	reset_bridge(ON_ROOT(0), 1);
	taker = reset_bridge(ON_ROOT(0), 2);
	behind = device(taker, 0);
	first = device(ON_ROOT(1), 0);
	second = device(ON_ROOT(1), 1);
	simulate();
	assert_numbers(taker, 0, 2, 2);
	assert_not_found(behind);
	assert_found_on(first, 2);
	assert_found_on(second, 2);
	assert_int_equal(m.sim.nr_buses, 3);
	assert_int_equal(m.sim.buses[2].self, taker);

	/* A port with a link behind it finds the first of them only. */
	with_port(taker, PG_PORT_LINK);
	simulate();
	assert_found_on(first, 2);
	assert_not_found(second);
}

/*
 * What lies behind a bridge that did not forward is unknown until it has numbers. From then on the
 * scan is not certain: what was found before is, what is found after is not.
 */
SIM_TEST(unknown_behind_a_reset_bridge)
{
	uint16_t dead, kept, later, before, after, aside;
	uint8_t bus = 0;
	bool certain = true;

	root(0, 255);
	dead = reset_bridge(ON_ROOT(0), 1);
	m.functions[dead].result.visited = false;
	kept = bridge(ON_ROOT(0), 2, 0, 5, 5);
	before = device(kept, 0);
	later = reset_bridge(ON_ROOT(0), 3);
	after = device(later, 0);
	aside = device(ON_ROOT(0), 4);
	simulate();
	assert_numbers(dead, 0, 6, 6);
	assert_true(m.sim.incomplete);
	assert_found_on(before, 5);
	assert_found_on(aside, 0);
	assert_numbers(later, 0, 7, 7);
	assert_int_equal(found(after, &bus, &certain), 1);
	assert_int_equal(bus, 7);
	assert_false(certain);
}

/* Behind all that can be known nothing is left to doubt. */
SIM_TEST(unknown_comes_last)
{
	uint16_t dead, reset, below;

	root(0, 255);
	reset = reset_bridge(ON_ROOT(0), 1);
	below = device(reset, 0);
	dead = reset_bridge(ON_ROOT(0), 2);
	m.functions[dead].result.visited = false;
	simulate();
	assert_found_on(below, 1);
	assert_true(m.sim.incomplete);
	/* In the next scan all begins anew. */
	m.functions[dead].result.visited = true;
	simulate();
	assert_false(m.sim.incomplete);
}

/* As deep as bus numbers go. */
SIM_TEST(chain_of_255_bridges)
{
	uint16_t above = root(0, 255);
	unsigned int i;

	for (i = 0; i < 255; i++)
		above = reset_bridge(above, 0);
	above = device(above, 1);
	simulate();
	for (i = 0; i < 255; i++)
		assert_numbers((uint16_t)i, (uint8_t)i, (uint8_t)(i + 1), 255);
	assert_found_on(above, 255);
}

/* More functions than there is room for: given up. */
SIM_TEST(too_many_devices)
{
	static struct pg_function many[PG_SIM_DEVICES + 1];
	static struct pg_step steps[PG_SIM_DEVICES + 1];
	unsigned int i;

	for (i = 0; i <= PG_SIM_DEVICES; i++) {
		/* One in front, then full buses: the last of them takes what is left. */
		const unsigned int devfn = i ? (i - 1) % 256 : 255;

		if (devfn == 0)
			root((uint8_t)m.topology.nr_roots, (uint8_t)m.topology.nr_roots);
		many[i] = (struct pg_function){
			.at = { .devfn = (uint8_t)devfn },
			.parent = PG_NONE,
			.sibling = devfn == 255 ? (uint16_t)PG_NONE : (uint16_t)(i + 1),
			.child = PG_NONE,
			.hw.multifunction = true,
		};
		if (devfn == 0)
			m.topology.roots[m.topology.nr_roots - 1].child = (uint16_t)i;
	}
	many[PG_SIM_DEVICES].sibling = PG_NONE;
	m.topology.functions = many;
	m.sim.work = 0;
	pg_simulate(&m.sim, &m.topology, &m.policy, 0, steps);
	assert_false(m.sim.exhausted);
	assert_int_equal(m.sim.nr_devices, PG_SIM_DEVICES);
	many[0].at.devfn = 0;
	root((uint8_t)m.topology.nr_roots, (uint8_t)m.topology.nr_roots);
	m.topology.roots[m.topology.nr_roots - 1].child = 0;
	m.sim.work = 0;
	pg_simulate(&m.sim, &m.topology, &m.policy, 0, steps);
	assert_true(m.sim.exhausted);
	assert_int_equal(m.sim.nr_devices, PG_SIM_DEVICES);
}
