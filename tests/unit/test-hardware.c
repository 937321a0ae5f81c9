// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-hardware.c - lib/plan/hardware.c: finds the function that answers at a bus number, by the
 * present registers of the bridges (PCI-to-PCI Bridge 1.2, 3.1.2).
 */
#include "sim-fixture.h"

static int setup(void **state)
{
	machine_setup(state);
	m.sim.topology = &m.topology;
	m.sim.steps = m.steps;
	m.sim.segment = 0;
	return 0;
}

static void assert_route(uint8_t bus, uint16_t first)
{
	assert_int_equal(pg_sim_route_bus(&m.sim, bus), first);
}

static uint16_t route(uint8_t bus, uint8_t number)
{
	return pg_sim_route(&m.sim, bus, pg_devfn(number, 0));
}

#define TEST(name) UNIT_TEST_WITH(name, setup, NULL)

TEST(devices_on_the_root_bus_answer)
{
	uint16_t first, second;

	root(0, 255);
	first = device(ON_ROOT(0), 1);
	second = device(ON_ROOT(0), 4);
	begin_steps();
	assert_route(0, first);
	assert_int_equal(route(0, 1), first);
	assert_int_equal(route(0, 4), second);
	assert_int_equal(route(0, 2), PG_NONE);
	assert_int_equal(pg_sim_route(&m.sim, 0, pg_devfn(4, 1)), PG_NONE);
	/* A device forwards nothing, whatever its registers are. */
	m.steps[first].secondary = 1;
	m.steps[first].subordinate = 9;
	assert_route(1, PG_NONE);
	assert_int_equal(route(1, 1), PG_NONE);
}

TEST(nothing_answers_on_an_empty_root_bus)
{
	root(0, 255);
	assert_route(0, PG_NONE);
	assert_route(1, PG_NONE);
}

TEST(a_host_bridge_forwards_its_own_range_only)
{
	uint16_t low, high, other, below;

	root(4, 7);
	root(8, 20);
	root_in(1, 0, 255);
	low = device(ON_ROOT(0), 1);
	high = bridge(ON_ROOT(1), 1, 8, 9, 30);
	below = device(high, 0);
	other = device(ON_ROOT(2), 1);
	begin_steps();
	assert_route(4, low);
	assert_route(8, high);
	assert_route(9, below);
	/* These numbers belong to no root bus, although a bridge would forward the second. */
	assert_route(3, PG_NONE);
	m.steps[high].secondary = 21;
	assert_route(21, PG_NONE);
	m.steps[high].secondary = 20;
	assert_route(20, below);
	/* A bridge on one root bus does not claim the numbers of another root bus. */
	m.steps[high].secondary = 5;
	assert_route(5, PG_NONE);
	m.sim.segment = 1;
	assert_route(0, other);
	assert_route(8, PG_NONE);
}

TEST(config_reads_pass_two_bridges)
{
	uint16_t upper, lower, below;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 2, 8);
	lower = bridge(upper, 0, 2, 4, 6);
	below = device(lower, 1);
	begin_steps();
	assert_route(2, lower);
	assert_route(4, below);
	assert_int_equal(route(4, 1), below);
	assert_int_equal(route(4, 0), PG_NONE);
	assert_route(1, PG_NONE);
	assert_route(3, PG_NONE);
	/* The first three are inside the range, but no bridge has them as secondary number. */
	assert_route(5, PG_NONE);
	assert_route(6, PG_NONE);
	assert_route(8, PG_NONE);
	assert_route(9, PG_NONE);
}

/* The registers can differ from those that the scan read. */
TEST(current_registers_decide)
{
	uint16_t first, second, below_first, below_second;

	root(0, 255);
	first = bridge(ON_ROOT(0), 1, 0, 1, 1);
	second = bridge(ON_ROOT(0), 2, 0, 2, 2);
	below_first = device(first, 0);
	below_second = device(second, 0);
	begin_steps();
	assert_route(1, below_first);
	assert_route(2, below_second);
	m.steps[first].secondary = m.steps[first].subordinate = 0;
	m.steps[second].secondary = 1;
	m.steps[second].subordinate = 1;
	assert_route(1, below_second);
	assert_route(2, PG_NONE);
	/* Secondary number 0 forwards nothing, whatever the subordinate number is. */
	m.steps[second].secondary = 0;
	m.steps[second].subordinate = 255;
	assert_route(1, PG_NONE);
}

/* Two bridges claim number 3. */
TEST(the_lower_of_two_device_numbers_answers)
{
	uint16_t first, second, below_second;

	root(0, 255);
	first = bridge(ON_ROOT(0), 1, 0, 1, 3);
	second = bridge(ON_ROOT(0), 2, 0, 3, 4);
	device(first, 0);
	below_second = device(second, 0);
	begin_steps();
	assert_route(3, PG_NONE);
	m.steps[first].subordinate = 2;
	assert_route(3, below_second);
}

TEST(only_bridges_that_answer_forward)
{
	uint16_t upper, below;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 1, 1);
	below = device(upper, 0);
	begin_steps();
	assert_route(1, below);
	m.functions[upper].hw.header = PG_HEADER_CARDBUS;
	assert_route(1, below);
	m.functions[upper].hw.header = PG_HEADER_NORMAL;
	assert_route(1, PG_NONE);
	m.functions[upper].hw.header = PG_HEADER_BRIDGE;
	m.functions[upper].hw.presence = PG_ABSENT;
	assert_route(1, PG_NONE);
}

/* The bridge did not forward during the scan. */
TEST(an_unvisited_bus_is_unknown)
{
	uint16_t upper;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 1, 2);
	m.functions[upper].result.visited = false;
	begin_steps();
	assert_route(1, PG_UNKNOWN);
	assert_route(2, PG_UNKNOWN);
	assert_int_equal(route(1, 0), PG_UNKNOWN);
	assert_route(3, PG_NONE);
	assert_int_equal(route(0, 1), upper);
}

/*
 * The record says that only devices are on the bus. This does not count if the next kernel looks
 * for more devices.
 */
TEST(the_record_may_know_an_unvisited_bus)
{
	uint16_t upper;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 1, 2);
	m.functions[upper].result.visited = false;
	m.functions[upper].rec.unseen = 1;
	begin_steps();
	m.sim.policy = &m.policy;
	assert_route(1, PG_NONE);
	assert_route(2, PG_NONE);
	m.policy.all_devices = true;
	assert_route(1, PG_UNKNOWN);
}
