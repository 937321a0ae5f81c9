// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-enumerate.c - lib/plan/enumerate.c: the rules of pci_scan_child_bus_extend() and
 * pci_scan_bridge_extend() (drivers/pci/probe.c of Linux 7.3), each with an example that was worked
 * out by hand. test-reserve.c: CardBus and hotplug; test-slots.c: functions of a bus.
 */
#include "sim-tree.h"

SIM_TEST(sound_numbers_are_kept)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-03 > 00/01-03 @00\n"
		      "  0 01/02-02 > 01/02-02 @01\n"
		      "   0 device > @02\n"
		      " 2 device > @00");
}

/*
 * Two passes: 00:02.0 keeps [05-06] in the first, so 00:01.0, which comes before it, gets the
 * number behind those in the second.
 */
SIM_TEST(kept_numbers_come_first)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset > 00/07-07\n"
		      "  0 device > @07\n"
		      " 2 00/05-06 > 00/05-06\n"
		      "  0 device > @05");
	/* The highest kept number counts, not the last. */
	simulate_tree("root 00-ff\n"
		      " 1 00/05-06\n"
		      " 2 00/03-03\n"
		      " 3 reset > 00/07-07");
}

/* The first pass rejects these numbers, and the bridge gets the first free number. */
SIM_TEST(impossible_numbers)
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

/* The same on bus 4, where secondary numbers from 0 to 4 are too low. */
SIM_TEST(impossible_numbers_below)
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

/* Linux accepts a primary number that is hard-wired to 0 if the other numbers are set. */
SIM_TEST(primary_wired_to_0)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/04-09\n"
		      "  1 00/07-08 > 00/07-08\n"
		      "   0 device > @07");
}

/* Linux writes the primary number of the bus, here on a root bus 3. */
SIM_TEST(primary_that_is_written)
{
	simulate_tree("root 03-09\n"
		      " 1 reset > 03/04-05\n"
		      "  1 reset > 04/05-05");
}

/*
 * All bridges of a chain get numbers, the upper ones up to what is below them. The next chain gets
 * the numbers behind that.
 */
SIM_TEST(depth_first)
{
	uint8_t bus;

	simulate_tree("root 00-ff\n"
		      " 1 reset > 00/01-03\n"
		      "  0 reset > 01/02-02\n"
		      "   0 device > @02\n"
		      "  1 reset > 01/03-03\n"
		      " 2 reset > 00/04-04");
	/* bus->busn_res.end, which a later scan of the same bus begins with. */
	for (bus = 1; bus <= 4; bus++)
		assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, bus)].last,
				 bus == 1 ? 3 : bus);
}

/* pci=assign-busses: Linux clears good numbers as well, bus by bus, and assigns them in order. */
SIM_TEST(assign_all)
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
 * The first pass clears broken bridges. 00:01.0 with its wrong primary number claims [02-09].
 * Config reads reach the bus behind 00:02.0 [03-03], which is kept, only after that.
 */
SIM_TEST(broken_bridges_are_cleared)
{
	simulate_tree("root 00-ff\n"
		      " 1 07/02-09 > 00/04-04\n"
		      "  0 device > @04\n"
		      " 2 00/03-03\n"
		      "  0 device > @03");
}

/*
 * Linux keeps ranges that overlap. The bridge with the lower device number hides the bus of the
 * other.
 */
SIM_TEST(overlapping_ranges_are_kept)
{
	simulate_tree("root 00-ff\n"
		      " 2 00/02-09 > 00/02-09\n"
		      "  0 device > @02\n"
		      " 3 00/03-03 > 00/03-03\n"
		      "  0 device > lost");
}

/*
 * A number beyond what the bridge above forwards: 01:01.0 gets 3 below [01-02]. It does not fit
 * into the tree of resources, but Linux uses it, and finds nothing there. Its subordinate number
 * becomes 3, the bridge above keeps 2.
 */
SIM_TEST(beyond_the_bridge_above)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-02 > 00/01-02\n"
		      "  0 01/02-02 > 01/02-02\n"
		      "  1 reset > 01/03-03\n"
		      "   0 device > lost");
}

/*
 * A bus that exists already. As above 01:01.0 gets bus 3 below [01-02]. On bus 0 Linux is at 2
 * then, and would give 3 to 00:02.0: it finds the bus of that number and scans it once more, with
 * the primary number that bus was made with. What it finds now is behind 00:02.0.
 */
SIM_TEST(bus_exists_already)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-02\n"
		      "  0 01/02-02\n"
		      "  inner: 1 reset > 01/03-03\n"
		      "   0 device > lost\n"
		      " 2 reset > 01/03-03\n"
		      "  0 device > @03");
	/* One bus, and its bridge is the one it was made for. */
	assert_int_equal(m.sim.nr_buses, 4);
	assert_int_equal(m.sim.devices[m.sim.buses[pg_sim_find_bus(&m.sim, 3)].self].function,
			 at("inner"));
}

/*
 * Two kept bridges with the same numbers: the bus of the second exists, and the first hides what is
 * behind the second. The higher subordinate number of the two counts.
 */
SIM_TEST(same_numbers_twice)
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
 * The second pass reads the registers again, of the function that answers then. 00:02.0 [02-02] has
 * a bridge at 02:00.0, without numbers. 00:01.0 has the number 2 fixed by Enhanced Allocation.
 * Config reads of bus 2 reach it first, so what Linux now writes to "02:00.0" arrives at the bridge
 * behind 00:01.0, which Linux has not found.
 */
SIM_TEST(writes_reach_the_answering_function)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=02-02 > 00/02-02\n"
		      "  0 reset > lost 02/03-03\n"
		      " 2 00/02-02 > 00/02-02\n"
		      "  0 reset > 02/03-03 @02");
}

/*
 * As before, but no function answers there any more. All ones are bus numbers to Linux, and the
 * second pass does not change bridges that have numbers. The second scan of bus 2 finds 00:01.0's
 * device, behind the bridge that Linux knows there.
 */
SIM_TEST(reads_without_an_answer)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset fixed=02-02 up > 00/02-02\n"
		      "  5 device sriov=5 > @02\n"
		      " 2 00/02-02\n"
		      "  0 reset > 02/03-03");
	/* In that scan both passes left the bridge alone: Linux makes no bus 8. */
	assert_int_equal(m.sim.nr_buses, 3);
}

/* Behind root and downstream ports Linux looks for device 0 only, even for what is recorded. */
SIM_TEST(one_device_behind_a_link)
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
 * A bus that does not fit into the tree of resources does not stop the scan below it: [06-09] on a
 * bridge on bus 5 with [05-07]. Hardware forwards 6 and 7.
 */
SIM_TEST(insert_that_fails)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/05-07\n"
		      "  0 05/06-09 > 05/06-09\n"
		      "   0 device > @06");
	assert_false(m.sim.buses[pg_sim_find_bus(&m.sim, 6)].inserted);
}

/* A chain that uses all bus numbers. */
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

/* The simulation stops if there are more functions than its capacity. */
SIM_TEST(too_many_devices)
{
	static struct pg_function many[PG_SIM_DEVICES + 1];
	static struct pg_step steps[PG_SIM_DEVICES + 1];
	unsigned int i;

	for (i = 0; i <= PG_SIM_DEVICES; i++) {
		/* One first, then full buses; the last bus has the rest. */
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
