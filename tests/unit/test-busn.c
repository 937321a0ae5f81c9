// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-busn.c - lib/plan/busn.c: the list of buses, and bus->busn_res in the tree of resources.
 * The expected results come from pci_alloc_child_bus(), pci_bus_insert_busn_res(),
 * pci_bus_update_busn_res_end() (drivers/pci/probe.c), pci_find_bus() (drivers/pci/search.c),
 * __request_resource() and __adjust_resource() (kernel/resource.c) of Linux 7.3.
 */
#include "sim-fixture.h"

static int setup(void **state)
{
	unsigned int i;

	machine_setup(state);
	m.sim.nr_buses = 0;
	for (i = 0; i < PG_BUS_NUMBERS; i++)
		m.sim.by_number[i] = PG_NONE;
	return 0;
}

/* Adds a bus, and inserts its range into the tree of resources if it fits. */
static uint16_t bus(uint16_t parent, int32_t first, int32_t last)
{
	const uint16_t index =
		pg_sim_add_bus(&m.sim, parent, parent == PG_NONE ? PG_NONE : 7, first);

	assert_int_not_equal(index, PG_NONE);
	pg_sim_insert(&m.sim, index, first, last);
	return index;
}

static void assert_range(uint16_t index, int32_t first, int32_t last, bool inserted)
{
	assert_int_equal(m.sim.buses[index].first, first);
	assert_int_equal(m.sim.buses[index].last, last);
	assert_int_equal(m.sim.buses[index].inserted, inserted);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, NULL)

TEST(a_new_bus_ends_at_255_and_is_not_inserted)
{
	const struct pg_sim_bus *added;
	uint16_t index;

	bus(PG_NONE, 5, 9);
	index = pg_sim_add_bus(&m.sim, 0, 3, 7);
	assert_int_equal(index, 1);
	assert_int_equal(m.sim.nr_buses, 2);
	added = &m.sim.buses[1];
	assert_int_equal(added->parent, 0);
	assert_int_equal(added->self, 3);
	assert_int_equal(added->devices, PG_NONE);
	assert_int_equal(added->last_device, PG_NONE);
	assert_int_equal(added->number, 7);
	/* The primary number is the number of the parent. */
	assert_int_equal(added->primary, 5);
	assert_range(1, 7, 0xff, false);
	assert_int_equal(m.sim.buses[0].primary, 0);
}

/* bus->number has 8 bits, busn_res.start has more. */
TEST(bus_256_has_number_0)
{
	uint16_t index;

	bus(PG_NONE, 1, 255);
	index = bus(0, 256, 255);
	assert_int_equal(m.sim.buses[index].number, 0);
	assert_range(index, 256, 255, false);
	assert_int_equal(pg_sim_find_bus(&m.sim, 0), index);
	assert_int_equal(pg_sim_find_bus(&m.sim, 256), index);
	assert_int_equal(pg_sim_find_bus(&m.sim, 257), 0);
	/* The primary number of a bus below is the lower 8 bits of 256. */
	assert_int_equal(m.sim.buses[pg_sim_add_bus(&m.sim, index, 0, 9)].primary, 0);
}

TEST(of_two_buses_with_one_number_the_first_is_found)
{
	assert_int_equal(pg_sim_find_bus(&m.sim, 3), PG_NONE);
	bus(PG_NONE, 3, 3);
	bus(PG_NONE, 3, 3);
	assert_int_equal(pg_sim_find_bus(&m.sim, 3), 0);
	assert_int_equal(pg_sim_find_bus(&m.sim, 4), PG_NONE);
	assert_int_equal(m.sim.nr_buses, 2);
}

TEST(no_bus_is_added_beyond_the_capacity)
{
	unsigned int i;

	for (i = 0; i < PG_SIM_BUSES; i++)
		assert_int_equal(pg_sim_add_bus(&m.sim, PG_NONE, PG_NONE, 1), i);
	assert_int_equal(pg_sim_add_bus(&m.sim, PG_NONE, PG_NONE, 2), PG_NONE);
	assert_int_equal(m.sim.nr_buses, PG_SIM_BUSES);
	assert_int_equal(pg_sim_find_bus(&m.sim, 2), PG_NONE);
	/* Nothing is written behind the buses. */
	assert_int_equal(m.sim.by_number[0], PG_NONE);
}

TEST(a_range_must_lie_inside_the_parent)
{
	static const struct {
		int32_t first, last;
		bool fits;
	} rows[] = {
		{ 4, 8, true },	 { 5, 5, true },  { 4, 4, true },  { 8, 8, true },  { 3, 5, false },
		{ 7, 9, false }, { 2, 3, false }, { 9, 9, false }, { 6, 5, false }, { 3, 9, false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		setup(state);
		bus(bus(PG_NONE, 4, 8), rows[i].first, rows[i].last);
		/* A bus that is not inserted has its range, too. */
		assert_range(1, rows[i].first, rows[i].last, rows[i].fits);
	}
}

TEST(a_range_must_not_overlap_a_sibling)
{
	static const struct {
		int32_t first, last;
		bool fits;
	} rows[] = {
		{ 1, 3, true },	 { 7, 9, true },  { 1, 4, false }, { 6, 9, false },
		{ 4, 6, false }, { 5, 5, false }, { 1, 9, false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		setup(state);
		bus(PG_NONE, 0, 255);
		bus(0, 4, 6);
		assert_range(bus(0, rows[i].first, rows[i].last), rows[i].first, rows[i].last,
			     rows[i].fits);
	}
}

TEST(only_siblings_in_the_tree_conflict)
{
	bus(PG_NONE, 0, 16);
	bus(0, 10, 20); /* does not fit, so it is not in the tree */
	assert_range(1, 10, 20, false);
	assert_range(bus(0, 10, 12), 10, 12, true);
	/* On another level. */
	assert_range(bus(2, 11, 12), 11, 12, true);
	/* A bus that is not in the tree is the root of another tree. */
	assert_range(bus(1, 10, 20), 10, 20, true);
	assert_range(bus(1, 20, 20), 20, 20, false);
	/* A bus does not conflict with itself. */
	pg_sim_insert(&m.sim, 2, 11, 13);
	assert_range(2, 11, 13, true);
}

/* The range of the domain is 0 to 255. */
TEST(root_buses_are_siblings_in_their_domain)
{
	assert_range(bus(PG_NONE, 0, 15), 0, 15, true);
	assert_range(bus(PG_NONE, 16, 255), 16, 255, true);
	assert_range(bus(PG_NONE, 8, 20), 8, 20, false);
	assert_range(bus(PG_NONE, 15, 15), 15, 15, false);
	assert_range(bus(PG_NONE, 255, 255), 255, 255, false);
	assert_range(bus(PG_NONE, 256, 256), 256, 256, false);
}

TEST(the_end_must_fit_parent_and_siblings)
{
	static const struct {
		int32_t last;
		int32_t expected;
	} rows[] = {
		{ 4, 4 },  /* shorter */
		{ 9, 9 },  /* up to the neighbour at 10 */
		{ 10, 7 }, /* into the neighbour */
		{ 16, 7 }, /* beyond the parent */
		{ 3, 7 },  /* before the first number of the bus */
		{ 0, 7 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		setup(state);
		bus(PG_NONE, 0, 15);
		bus(0, 4, 7);
		bus(0, 10, 12);
		bus(0, 1, 3);
		pg_sim_update_end(&m.sim, 1, rows[i].last);
		assert_range(1, 4, rows[i].expected, true);
	}
}

TEST(the_end_stays_inside_the_parent)
{
	bus(PG_NONE, 4, 15);
	bus(0, 4, 7);
	pg_sim_update_end(&m.sim, 1, 15);
	assert_range(1, 4, 15, true);
	pg_sim_update_end(&m.sim, 1, 16);
	assert_range(1, 4, 15, true);
	/* Now the parent begins after the bus does. */
	m.sim.buses[0].first = 5;
	pg_sim_update_end(&m.sim, 1, 8);
	assert_range(1, 4, 15, true);
}

TEST(the_end_must_include_the_children)
{
	bus(PG_NONE, 0, 255);
	bus(0, 4, 20);
	bus(1, 5, 9);
	bus(1, 30, 31); /* does not fit, so it is not in the tree */
	bus(2, 9, 9);
	pg_sim_update_end(&m.sim, 1, 8);
	assert_range(1, 4, 20, true);
	pg_sim_update_end(&m.sim, 1, 9);
	assert_range(1, 4, 9, true);
	/* Now a child begins before the bus does. */
	m.sim.buses[1].first = 6;
	pg_sim_update_end(&m.sim, 1, 12);
	assert_range(1, 6, 9, true);
}

/* For a bus outside the tree, only its children limit the end. Linux then inserts it again. */
TEST(a_new_end_can_insert_a_bus_outside_the_tree)
{
	bus(PG_NONE, 0, 15);
	bus(0, 4, 7);
	bus(0, 8, 20);
	assert_range(2, 8, 20, false);
	pg_sim_update_end(&m.sim, 2, 17);
	assert_range(2, 8, 17, false);
	pg_sim_update_end(&m.sim, 2, 9);
	assert_range(2, 8, 9, true);

	bus(0, 7, 12);
	assert_range(3, 7, 12, false);
	bus(3, 9, 10);
	pg_sim_update_end(&m.sim, 3, 9);
	assert_range(3, 7, 12, false);
	pg_sim_update_end(&m.sim, 3, 11);
	assert_range(3, 7, 11, false);
	pg_sim_update_end(&m.sim, 3, 6);
	assert_range(3, 7, 11, false);
}
