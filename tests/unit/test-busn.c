// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-busn.c - lib/plan/busn.c: the list of buses, and bus->busn_res in the tree of resources.
 * What is expected comes from pci_alloc_child_bus(), pci_bus_insert_busn_res(),
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

TEST(new_bus)
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
	/* Until it is inserted it ends at 0xff, and its primary number is its parent's. */
	assert_int_equal(added->primary, 5);
	assert_range(1, 7, 0xff, false);
	assert_int_equal(m.sim.buses[0].primary, 0);
}

/* bus->number has 8 bits, busn_res.start has not. */
TEST(number_256)
{
	uint16_t index;

	bus(PG_NONE, 1, 255);
	index = bus(0, 256, 255);
	assert_int_equal(m.sim.buses[index].number, 0);
	assert_range(index, 256, 255, false);
	assert_int_equal(pg_sim_find_bus(&m.sim, 0), index);
	assert_int_equal(pg_sim_find_bus(&m.sim, 256), index);
	assert_int_equal(pg_sim_find_bus(&m.sim, 257), 0);
	/* A bus below it has the lower 8 bits of 256 for its primary number. */
	assert_int_equal(m.sim.buses[pg_sim_add_bus(&m.sim, index, 0, 9)].primary, 0);
}

TEST(first_of_two_is_found)
{
	assert_int_equal(pg_sim_find_bus(&m.sim, 3), PG_NONE);
	bus(PG_NONE, 3, 3);
	bus(PG_NONE, 3, 3);
	assert_int_equal(pg_sim_find_bus(&m.sim, 3), 0);
	assert_int_equal(pg_sim_find_bus(&m.sim, 4), PG_NONE);
	assert_int_equal(m.sim.nr_buses, 2);
}

TEST(capacity)
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

TEST(insert_within_the_parent)
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
		/* A bus has its range also if this does not fit. */
		assert_range(1, rows[i].first, rows[i].last, rows[i].fits);
	}
}

TEST(insert_beside_neighbours)
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

/* Only buses in the tree conflict, and only on the same level. */
TEST(no_conflict)
{
	bus(PG_NONE, 0, 16);
	bus(0, 10, 20); /* does not fit, so it is not in the tree */
	assert_range(1, 10, 20, false);
	assert_range(bus(0, 10, 12), 10, 12, true);
	/* On another level. */
	assert_range(bus(2, 11, 12), 11, 12, true);
	/* Below a bus that is not in the tree there is a tree of its own. */
	assert_range(bus(1, 10, 20), 10, 20, true);
	assert_range(bus(1, 20, 20), 20, 20, false);
	/* A bus does not conflict with itself. */
	pg_sim_insert(&m.sim, 2, 11, 13);
	assert_range(2, 11, 13, true);
}

/* Root buses are neighbours in the tree of their domain, which goes from 0 to 255. */
TEST(root_buses)
{
	assert_range(bus(PG_NONE, 0, 15), 0, 15, true);
	assert_range(bus(PG_NONE, 16, 255), 16, 255, true);
	assert_range(bus(PG_NONE, 8, 20), 8, 20, false);
	assert_range(bus(PG_NONE, 15, 15), 15, 15, false);
	assert_range(bus(PG_NONE, 255, 255), 255, 255, false);
	assert_range(bus(PG_NONE, 256, 256), 256, 256, false);
}

TEST(update_end)
{
	static const struct {
		int32_t last;
		int32_t expected;
	} rows[] = {
		{ 4, 4 },  /* shorter */
		{ 9, 9 },  /* up to the neighbour at 10 */
		{ 10, 7 }, /* into the neighbour */
		{ 16, 7 }, /* beyond the parent */
		{ 3, 7 },  /* before its own first number: refused */
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

TEST(update_end_at_the_limits_of_the_parent)
{
	bus(PG_NONE, 4, 15);
	bus(0, 4, 7);
	pg_sim_update_end(&m.sim, 1, 15);
	assert_range(1, 4, 15, true);
	pg_sim_update_end(&m.sim, 1, 16);
	assert_range(1, 4, 15, true);
	/* The parent begins behind it now. */
	m.sim.buses[0].first = 5;
	pg_sim_update_end(&m.sim, 1, 8);
	assert_range(1, 4, 15, true);
}

TEST(update_end_must_hold_the_children)
{
	bus(PG_NONE, 0, 255);
	bus(0, 4, 20);
	bus(1, 5, 9);
	bus(1, 30, 31); /* does not fit: no child in the tree */
	bus(2, 9, 9);
	pg_sim_update_end(&m.sim, 1, 8);
	assert_range(1, 4, 20, true);
	pg_sim_update_end(&m.sim, 1, 9);
	assert_range(1, 4, 9, true);
	/* A child begins before it. */
	m.sim.buses[1].first = 6;
	pg_sim_update_end(&m.sim, 1, 12);
	assert_range(1, 6, 9, true);
}

/* A bus outside the tree has no parent there: its children count, and it is inserted again. */
TEST(update_end_of_one_outside_the_tree)
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
