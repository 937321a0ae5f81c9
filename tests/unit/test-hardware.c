// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-hardware.c - lib/plan/hardware.c: which function answers at a bus number, given the bridges'
 * registers at that moment (PCI-to-PCI Bridge 1.2, 3.1.2).
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

static uint16_t route(uint8_t bus, uint8_t number)
{
	return pg_sim_route(&m.sim, bus, pg_devfn(number, 0));
}

UNIT_TEST_WITH(on_the_root_bus, setup, NULL)
{
	uint16_t first, second;

	root(0, 255);
	first = device(ON_ROOT(0), 1);
	second = device(ON_ROOT(0), 4);
	begin_steps();
	assert_int_equal(pg_sim_route_bus(&m.sim, 0), first);
	assert_int_equal(route(0, 1), first);
	assert_int_equal(route(0, 4), second);
	assert_int_equal(route(0, 2), PG_NONE);
	assert_int_equal(pg_sim_route(&m.sim, 0, pg_devfn(4, 1)), PG_NONE);
	/* No bridge leads to another bus, whatever is in the registers of a device. */
	m.steps[first].secondary = 1;
	m.steps[first].subordinate = 9;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_NONE);
	assert_int_equal(route(1, 1), PG_NONE);
}

UNIT_TEST_WITH(empty_root_bus, setup, NULL)
{
	root(0, 255);
	assert_int_equal(pg_sim_route_bus(&m.sim, 0), PG_NONE);
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_NONE);
}

/* A host bridge passes on what lies in its own range and in its own segment. */
UNIT_TEST_WITH(several_roots, setup, NULL)
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
	assert_int_equal(pg_sim_route_bus(&m.sim, 4), low);
	assert_int_equal(pg_sim_route_bus(&m.sim, 8), high);
	assert_int_equal(pg_sim_route_bus(&m.sim, 9), below);
	/* Buses of no root, though a bridge would forward them. */
	assert_int_equal(pg_sim_route_bus(&m.sim, 3), PG_NONE);
	m.steps[high].secondary = 21;
	assert_int_equal(pg_sim_route_bus(&m.sim, 21), PG_NONE);
	m.steps[high].secondary = 20;
	assert_int_equal(pg_sim_route_bus(&m.sim, 20), below);
	/* A bridge behind one root does not answer for another root's numbers. */
	m.steps[high].secondary = 5;
	assert_int_equal(pg_sim_route_bus(&m.sim, 5), PG_NONE);
	m.sim.segment = 1;
	assert_int_equal(pg_sim_route_bus(&m.sim, 0), other);
	assert_int_equal(pg_sim_route_bus(&m.sim, 8), PG_NONE);
}

/* 00:01.0 [02-08] - 02:00.0 [04-06] - 04:01.0. */
UNIT_TEST_WITH(two_bridges_deep, setup, NULL)
{
	uint16_t upper, lower, below;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 2, 8);
	lower = bridge(upper, 0, 2, 4, 6);
	below = device(lower, 1);
	begin_steps();
	assert_int_equal(pg_sim_route_bus(&m.sim, 2), lower);
	assert_int_equal(pg_sim_route_bus(&m.sim, 4), below);
	assert_int_equal(route(4, 1), below);
	assert_int_equal(route(4, 0), PG_NONE);
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_NONE);
	assert_int_equal(pg_sim_route_bus(&m.sim, 3), PG_NONE);
	/* Within the range, but no bridge has the number. */
	assert_int_equal(pg_sim_route_bus(&m.sim, 5), PG_NONE);
	assert_int_equal(pg_sim_route_bus(&m.sim, 6), PG_NONE);
	assert_int_equal(pg_sim_route_bus(&m.sim, 8), PG_NONE);
	assert_int_equal(pg_sim_route_bus(&m.sim, 9), PG_NONE);
}

/* The registers of this moment count, not those that were scanned. */
UNIT_TEST_WITH(numbers_change, setup, NULL)
{
	uint16_t first, second, below_first, below_second;

	root(0, 255);
	first = bridge(ON_ROOT(0), 1, 0, 1, 1);
	second = bridge(ON_ROOT(0), 2, 0, 2, 2);
	below_first = device(first, 0);
	below_second = device(second, 0);
	begin_steps();
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), below_first);
	assert_int_equal(pg_sim_route_bus(&m.sim, 2), below_second);
	m.steps[first].secondary = m.steps[first].subordinate = 0;
	m.steps[second].secondary = 1;
	m.steps[second].subordinate = 1;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), below_second);
	assert_int_equal(pg_sim_route_bus(&m.sim, 2), PG_NONE);
	/* Secondary number 0 forwards nothing, whatever the subordinate number is. */
	m.steps[second].secondary = 0;
	m.steps[second].subordinate = 255;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_NONE);
}

/* Where two claim a number the lower device number answers, and the other is cut off. */
UNIT_TEST_WITH(two_claim_it, setup, NULL)
{
	uint16_t first, second, below_second;

	root(0, 255);
	first = bridge(ON_ROOT(0), 1, 0, 1, 3);
	second = bridge(ON_ROOT(0), 2, 0, 3, 4);
	device(first, 0);
	below_second = device(second, 0);
	begin_steps();
	assert_int_equal(pg_sim_route_bus(&m.sim, 3), PG_NONE);
	m.steps[first].subordinate = 2;
	assert_int_equal(pg_sim_route_bus(&m.sim, 3), below_second);
}

UNIT_TEST_WITH(only_bridges_that_answer_forward, setup, NULL)
{
	uint16_t it, below;

	root(0, 255);
	it = bridge(ON_ROOT(0), 1, 0, 1, 1);
	below = device(it, 0);
	begin_steps();
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), below);
	m.functions[it].hw.header = PG_HEADER_CARDBUS;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), below);
	m.functions[it].hw.header = PG_HEADER_NORMAL;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_NONE);
	m.functions[it].hw.header = PG_HEADER_BRIDGE;
	m.functions[it].hw.presence = PG_ABSENT;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_NONE);
}

/*
 * What lies below a bridge that did not forward when the topology was scanned is not known: it is
 * not "nothing".
 */
UNIT_TEST_WITH(below_a_bridge_that_was_not_visited, setup, NULL)
{
	uint16_t it;

	root(0, 255);
	it = bridge(ON_ROOT(0), 1, 0, 1, 2);
	m.functions[it].result.visited = false;
	begin_steps();
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_UNKNOWN);
	assert_int_equal(pg_sim_route_bus(&m.sim, 2), PG_UNKNOWN);
	assert_int_equal(route(1, 0), PG_UNKNOWN);
	assert_int_equal(pg_sim_route_bus(&m.sim, 3), PG_NONE);
	assert_int_equal(route(0, 1), it);
}

/* By the record only devices are there, as long as no more of them are asked than then. */
UNIT_TEST_WITH(recorded_below_the_bridge, setup, NULL)
{
	uint16_t it;

	root(0, 255);
	it = bridge(ON_ROOT(0), 1, 0, 1, 2);
	m.functions[it].result.visited = false;
	m.functions[it].rec.unseen = 1;
	begin_steps();
	m.sim.policy = &m.policy;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_NONE);
	assert_int_equal(pg_sim_route_bus(&m.sim, 2), PG_NONE);
	m.policy.all_devices = true;
	assert_int_equal(pg_sim_route_bus(&m.sim, 1), PG_UNKNOWN);
}
