// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-enumerate.c - lib/plan/enumerate.c: the rules of pci_scan_child_bus_extend() and
 * pci_scan_bridge_extend() (drivers/pci/probe.c of Linux 7.3). The expected results were worked out
 * by hand. test-reserve.c has CardBus and hotplug, test-slots.c the functions of a bus.
 */
#include "sim-tree.h"

SIM_TEST(valid_numbers_are_kept)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-03 > 00/01-03 @00\n"
		      "  0 01/02-02 > 01/02-02 @01\n"
		      "   0 device > @02\n"
		      " 2 device > @00");
}

/*
 * In the first pass 00:02.0 keeps [05-06]. In the second pass 00:01.0 gets the number after these,
 * although its device number is lower.
 */
SIM_TEST(new_numbers_follow_all_kept_numbers)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset > 00/07-07\n"
		      "  0 device > @07\n"
		      " 2 00/05-06 > 00/05-06\n"
		      "  0 device > @05");
	/* The highest kept number counts, not the one that was kept last. */
	simulate_tree("root 00-ff\n"
		      " 1 00/05-06\n"
		      " 2 00/03-03\n"
		      " 3 reset > 00/07-07");
}

/* The first pass rejects these numbers, and the second gives the bridge the first free number. */
SIM_TEST(invalid_numbers_are_replaced)
{
	static const char *const rows[] = { "00/00-00", "01/07-07", "09/07-07", "00/07-06",
					    "00/00-07", "00/07-00", "ff/ff-ff" };
	char text[80];
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text),
			 "root 00-ff\n"
			 " 1 %s > 00/01-01\n"
			 "  0 device > @01",
			 rows[i]);
		simulate_tree(text);
	}
}

/* On bus 4, secondary numbers from 0 to 4 are too low. */
SIM_TEST(numbers_not_above_the_own_bus_are_replaced)
{
	static const char *const rows[] = {
		"04/04-05", "04/03-05", "04/00-00", "04/00-05", "03/05-05", "05/06-06",
		"04/06-05", "00/04-05", "00/00-05", "00/06-05", "00/06-00",
	};
	char text[100];
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text),
			 "root 00-ff\n"
			 " 1 00/04-09 > 00/04-09\n"
			 "  1 %s > 04/05-05\n"
			 "   0 device > @05",
			 rows[i]);
		simulate_tree(text);
	}
}

/* The other numbers must be valid. */
SIM_TEST(a_primary_number_wired_to_0_is_accepted)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/04-09\n"
		      "  1 00/07-08 > 00/07-08\n"
		      "   0 device > @07");
}

/* The root bus of this machine is 3. */
SIM_TEST(the_primary_number_becomes_the_own_bus)
{
	simulate_tree("root 03-09\n"
		      " 1 reset > 03/04-05\n"
		      "  1 reset > 04/05-05");
}

/*
 * All bridges of a chain get numbers before the next chain does. A subordinate number is the
 * highest number below the bridge.
 */
SIM_TEST(numbers_are_assigned_depth_first)
{
	uint8_t bus;

	simulate_tree("root 00-ff\n"
		      " 1 reset > 00/01-03\n"
		      "  0 reset > 01/02-02\n"
		      "   0 device > @02\n"
		      "  1 reset > 01/03-03\n"
		      " 2 reset > 00/04-04");
	/* This is bus->busn_res.end. A later scan of the same bus begins with it. */
	for (bus = 1; bus <= 4; bus++)
		assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, bus)].last,
				 bus == 1 ? 3 : bus);
}

/* Linux clears valid numbers as well, bus by bus, and assigns numbers in order. */
SIM_TEST(assign_busses_renumbers_all_bridges)
{
	begin_tree("root 00-ff\n"
		   " 1 00/05-09 > 00/01-02\n"
		   "  0 05/06-06 > 01/02-02\n"
		   "   0 device > @02\n"
		   " 2 00/03-04 > 00/03-03");
	m.policy.assign_busses = true;
	check_tree();
}

/*
 * 00:01.0 has a wrong primary number and claims [02-09]. Config reads reach the bus behind 00:02.0
 * [03-03] only after 00:01.0 is cleared.
 */
SIM_TEST(the_first_pass_clears_invalid_bridges)
{
	simulate_tree("root 00-ff\n"
		      " 1 07/02-09 > 00/04-04\n"
		      "  0 device > @04\n"
		      " 2 00/03-03\n"
		      "  0 device > @03");
}

/* The bridge with the lower device number hides the bus of the other bridge. */
SIM_TEST(overlapping_ranges_are_kept)
{
	simulate_tree("root 00-ff\n"
		      " 2 00/02-09 > 00/02-09\n"
		      "  0 device > @02\n"
		      " 3 00/03-03 > 00/03-03\n"
		      "  0 device > lost");
}

/*
 * 01:01.0 gets 3, but the bridge above forwards [01-02] only. The number does not fit into the tree
 * of resources. Linux uses it all the same, and finds nothing there. The subordinate number of the
 * bridge above stays 2.
 */
SIM_TEST(numbers_beyond_the_bridge_above_lead_nowhere)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-02 > 00/01-02\n"
		      "  0 01/02-02 > 01/02-02\n"
		      "  1 reset > 01/03-03\n"
		      "   0 device > lost");
}

/*
 * As in the test before, 01:01.0 gets bus 3 below [01-02]. On bus 0, the next number is 3 as well,
 * for 00:02.0. Linux finds that bus 3 exists, and scans it again with the primary number it was
 * made with. The device that Linux finds there is behind 00:02.0.
 */
SIM_TEST(an_existing_bus_is_scanned_again)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-02\n"
		      "  0 01/02-02\n"
		      "  inner: 1 reset > 01/03-03\n"
		      "   0 device > lost\n"
		      " 2 reset > 01/03-03\n"
		      "  0 device > @03");
	/* There is one bus 3, and it belongs to the bridge for which it was made. */
	assert_int_equal(m.sim.nr_buses, 4);
	assert_int_equal(m.sim.devices[m.sim.buses[pg_sim_find_bus(&m.sim, 3)].self].function,
			 at("inner"));
}

/*
 * Both bridges keep their numbers. The bus exists when Linux comes to the second bridge. The higher
 * subordinate number of the two counts for the next bridge.
 */
SIM_TEST(the_first_of_two_equal_bridges_hides_the_second)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/05-06 > 00/05-06\n"
		      "  0 device > @05\n"
		      " 2 00/05-07 > 00/05-07\n"
		      "  1 device > lost\n"
		      " 3 reset > 00/08-08");
	assert_int_equal(m.sim.nr_buses, 3);
}

/*
 * Linux finds a bridge without numbers at 02:00.0, behind 00:02.0 [02-02]. Then 00:01.0 gets the
 * number 2, which Enhanced Allocation fixes. From now on config accesses to bus 2 reach 00:01.0. So
 * the second pass reads and writes "02:00.0" of the bridge behind 00:01.0, which Linux has not
 * found.
 */
SIM_TEST(writes_reach_the_function_that_answers)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=02-02 > 00/02-02\n"
		      "  0 reset > lost 02/03-03\n"
		      " 2 00/02-02 > 00/02-02\n"
		      "  0 reset > 02/03-03 @02");
}

/*
 * As in the test before, but no function answers at 02:00.0 after the change. Linux reads all ones,
 * which it takes for bus numbers, and the second pass does not change a bridge that has numbers.
 * The second scan of bus 2 finds the device behind 00:01.0.
 */
SIM_TEST(all_ones_count_as_bus_numbers)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=02-02 up > 00/02-02\n"
		      "  5 device sriov=5 > @02\n"
		      " 2 00/02-02\n"
		      "  0 reset > 02/03-03");
	/* Linux makes no bus 8, because both passes of that scan ignore the bridge. */
	assert_int_equal(m.sim.nr_buses, 3);
}

/* Of recorded devices behind a root port or downstream port, too, Linux finds device 0 only. */
SIM_TEST(only_device_0_of_a_link_is_found)
{
	static const struct {
		const char *port;
		const char *others;
	} rows[] = { { "", "@01" }, { "up", "@01" }, { "down", "lost" }, { "link", "lost" } };
	char text[120];
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text),
			 "root 00-ff\n"
			 " 1 reset %s\n"
			 "  0 device several > @01\n"
			 "  0.7 device > @01\n"
			 "  1 device > %s\n"
			 "  recorded: 2 device > %s",
			 rows[i].port, rows[i].others, rows[i].others);
		begin_tree(text);
		m.functions[at("recorded")].rec.recorded = true;
		check_tree();
	}
}

/*
 * [06-09] does not fit into [05-07] of the bridge above. Linux scans the bus all the same. Hardware
 * forwards 6 and 7.
 */
SIM_TEST(a_bus_outside_the_resource_tree_is_scanned)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/05-07\n"
		      "  0 05/06-09 > 05/06-09\n"
		      "   0 device > @06");
	assert_false(m.sim.buses[pg_sim_find_bus(&m.sim, 6)].inserted);
}

SIM_TEST(a_chain_of_255_bridges_uses_all_numbers)
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

SIM_TEST(too_many_functions_exhaust_the_simulation)
{
	static struct pg_function many[PG_SIM_DEVICES + 1];
	static struct pg_step steps[PG_SIM_DEVICES + 1];
	unsigned int i;

	for (i = 0; i <= PG_SIM_DEVICES; i++) {
		/* The first bus has one function; all others but the last are full. */
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
