// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-slots.c - lib/plan/slots.c: simulates which functions Linux finds on a bus: pci_scan_slot(),
 * only_one_child(), next_fn(), pci_configure_ari() and set_pcie_port_type() of drivers/pci/probe.c
 * and drivers/pci/pci.c, Linux 7.3.
 */
#include "sim-tree.h"

/* Simulates the machine, and returns whether the result is incomplete. */
static bool incomplete(void)
{
	check_tree();
	return m.sim.incomplete;
}

static void with_all_devices(const char *text)
{
	begin_tree(text);
	m.policy.all_devices = true;
	check_tree();
}

/* Gaps between the functions do not matter. */
SIM_TEST(other_functions_need_a_multifunction_function_0)
{
	simulate_tree("root 00-ff\n"
		      " 1 device > @00\n"
		      " 1.1 device > lost\n"
		      " 2 device several > @00\n"
		      " 2.3 device > @00\n"
		      " 2.7 device > @00\n"
		      " 3.1 device several > lost");
	/* Only the bit of function 0 counts. */
	simulate_tree("root 00-ff\n"
		      " 2 device\n"
		      " 2.3 device several > lost\n"
		      " 2.7 device > lost");
}

/* If function 0 has such a layout, Linux does not find the other functions. */
SIM_TEST(functions_with_unknown_layouts_are_not_found)
{
	simulate_tree("root 00-ff\n"
		      " zero: 0 device several\n"
		      " one: 0.1 device several\n"
		      " two: 0.2 device several");
	m.functions[at("one")].hw.header = 3;
	check_tree();
	now("zero", "@00");
	now("one", "lost");
	now("two", "@00");
	m.functions[at("zero")].hw.header = PG_HEADER_UNKNOWN;
	m.functions[at("one")].hw.header = 0;
	check_tree();
	now("zero", "lost");
	now("one", "lost");
	now("two", "lost");
}

SIM_TEST(pcie_scan_all_finds_all_devices_behind_a_link)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01 link\n"
		      "  0 device > @01\n"
		      "  1 device > lost");
	with_all_devices("root 00-ff\n"
			 " 1 00/01-01 link\n"
			 "  0 device > @01\n"
			 "  1 device > @01");
}

/* Linux takes the lower of two equal ports in a chain for a port without a link. */
SIM_TEST(ports_of_impossible_types_have_no_link)
{
	static const struct {
		const char *upper, *lower, *second;
	} rows[] = {
		{ "link", "up", "@02" },   { "up", "down", "lost" },   { "", "down", "lost" },
		{ "", "link", "lost" },	   { "link", "link", "lost" }, { "link", "down", "@02" },
		{ "down", "down", "@02" }, { "up", "up", "@02" },      { "", "", "@02" },
	};
	char text[120];
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text),
			 "root 00-ff\n"
			 " 1 00/01-03 %s\n"
			 "  0 01/02-03 %s\n"
			 "   0 device\n"
			 "   1 device > %s",
			 rows[i].upper, rows[i].lower, rows[i].second);
		simulate_tree(text);
	}
}

/* The numbers of the functions of a chain must rise. */
SIM_TEST(with_ari_only_the_functions_of_the_chain_are_found)
{
	simulate_tree("root 00-ff\n"
		      " port: 1 00/01-01 link on\n"
		      "  0 device several ari=9 > @01\n"
		      "  0.1 device ari=0 > lost\n"
		      "  1.1 device ari=ff > @01\n"
		      "  2 device ari=0 > lost\n"
		      "  1f.7 device ari=10 > @01");
	assert_true(m.steps[at("port")].ari);
	assert_false(m.sim.incomplete);
	/* A function without the capability ends the chain, and so does a missing function. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01 link on\n"
		      "  0 device ari=8\n"
		      "  1 device > @01\n"
		      "  1.1 device ari=0 > lost");
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01 link on\n"
		      "  0 device ari=8\n"
		      "  2 device ari=9\n"
		      "  1.1 device ari=0 > lost");
	assert_false(m.sim.incomplete);
	/* A function that names itself or a lower function ends the chain. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01 link on\n"
		      "  0 device ari=9\n"
		      "  nine: 1.1 device ari=9 > @01\n"
		      "  1.2 device ari=0 > lost");
	m.functions[at("nine")].hw.ari_next = 8;
	check_tree();
}

/*
 * The chain may name a function that no config read could reach before. Functions 0 to 7 are
 * reached without ARI.
 */
SIM_TEST(after_ari_is_switched_on_new_functions_may_answer)
{
	uint16_t zero;

	begin_tree("root 00-ff\n"
		   " port: 1 00/01-01 link forward\n"
		   "  zero: 0 device ari=9 > @01");
	zero = at("zero");
	assert_true(incomplete());
	assert_true(m.steps[at("port")].ari);
	m.functions[zero].hw.ari_next = 8;
	assert_true(incomplete());
	m.functions[zero].hw.ari_next = 7;
	assert_false(incomplete());
}

/*
 * With pci=pcie_scan_all, Linux looks for device 1 behind a port. If the port forwards by ARI now
 * and does not after Linux has switched ARI off, the device is lost, and it is unknown what answers
 * without ARI. Ports without a link forward all devices.
 */
SIM_TEST(without_ari_forwarding_device_1_is_unknown)
{
	static const struct {
		const char *port;
		bool reached;
	} rows[] = {
		{ "link on", false },	  { "down on", false }, { "link pci on", true },
		{ "up on", true },	  { "on", true },	{ "link forward", true },
		{ "down forward", true },
	};
	static const char *const numbers[] = { "1", "2", "0.7" };
	char text[100];
	size_t i, j;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		for (j = 0; j < PG_ARRAY_SIZE(numbers); j++) {
			const bool reached = rows[i].reached || j == 2;

			snprintf(text, sizeof(text),
				 "root 00-ff\n"
				 " 1 00/01-01 %s\n"
				 "  0 device several\n"
				 "  %s device > %s",
				 rows[i].port, numbers[j], reached ? "@01" : "lost");
			with_all_devices(text);
			assert_int_equal(m.sim.incomplete, !reached);
		}
	}
}

/*
 * Linux looks for 32 devices on the bus of 00:02.0 [05-05]. Then 00:01.0 gets number 5, which
 * Enhanced Allocation fixes, and claims the bus. 00:01.0 has a link, behind which the scan read
 * device 0 only.
 */
SIM_TEST(devices_behind_a_link_taken_for_a_bus_are_unknown)
{
	uint16_t fixed, kept;

	begin_tree("root 00-ff\n"
		   " fixed: 1 reset fixed=05-05 link\n"
		   "  0 device\n"
		   " kept: 2 00/05-05");
	fixed = at("fixed");
	kept = at("kept");
	m.functions[fixed].result.acts_as = PG_PORT_LINK;
	assert_true(incomplete());
	/* Now Linux looks for device 0 only, or the scan has read all devices. */
	with_port(kept, PG_PORT_LINK);
	assert_false(incomplete());
	with_port(kept, PG_PORT_OTHER);
	m.policy.all_devices = true;
	assert_false(incomplete());
	m.policy.all_devices = false;
	m.functions[fixed].result.acts_as = PG_PORT_OTHER;
	assert_false(incomplete());
	/* Nothing is behind 00:01.0. That the first function of the list is a port does not matter.
	 */
	m.functions[fixed].result.acts_as = PG_PORT_LINK;
	m.functions[fixed].child = PG_NONE;
	assert_false(incomplete());
}

/*
 * 00:02.0 [05-05] is empty until 00:01.0 takes its number. Linux then finds the device of 00:01.0
 * behind 00:02.0, which can forward ARI. 00:01.0 cannot, so the scan did not read the ARI
 * capability of the device. A host bridge cannot forward ARI either.
 */
SIM_TEST(ari_of_functions_found_behind_another_bridge_is_unknown)
{
	begin_tree("root 00-ff\n"
		   " fixed: 1 reset fixed=05-05\n"
		   "  0 device\n"
		   " kept: 2 00/05-05");
	assert_false(incomplete());
	m.functions[at("kept")].hw.ari_forward = true;
	assert_true(incomplete());
	m.functions[at("fixed")].hw.ari_forward = true;
	assert_false(incomplete());

	begin_tree("root 00-01\n"
		   " 1 reset\n"
		   " taker: 2 reset\n"
		   "root 02-ff\n"
		   " 0 device");
	assert_false(incomplete());
	m.functions[at("taker")].hw.ari_forward = true;
	assert_true(incomplete());
}

/* With ARI off, no config read reaches function 9. */
SIM_TEST(linux_switches_ari_off_without_a_capability)
{
	simulate_tree("root 00-ff\n"
		      " port: 1 00/01-01 link on\n"
		      "  0 device several > @01\n"
		      "  1.1 device ari=0 > lost");
	assert_false(m.steps[at("port")].ari);
}

/* The bridge cannot forward ARI, or the command line forbids ARI. */
SIM_TEST(without_ari_devices_and_functions_are_searched)
{
	uint16_t port, zero;

	begin_tree("root 00-ff\n"
		   " port: 1 00/01-01 link\n"
		   "  zero: 0 device several ari=9 > @01\n"
		   "  0.1 device ari=0 > @01\n"
		   "  1.1 device ari=0 > lost");
	port = at("port");
	zero = at("zero");
	assert_false(incomplete());
	assert_false(m.steps[port].ari);
	m.functions[port].hw.ari_forward = true;
	m.policy.no_ari = true;
	assert_false(incomplete());
	assert_false(m.steps[port].ari);
	/*
	 * The registers do not show the numbers of virtual functions without ARI. This matters if
	 * Linux assigns a bus number after them.
	 */
	m.functions[bridge_at(port, 2, 0, 0, 0)].result.visited = true;
	assert_false(incomplete());
	m.functions[zero].hw.extended.sriov = 0x40;
	assert_true(incomplete());
	m.functions[zero].hw.ari = false;
	assert_false(incomplete());
}

/*
 * Behind a conventional bridge, Linux finds no ARI and no SR-IOV capability, and behind a bridge
 * from PCI neither.
 */
SIM_TEST(extended_registers_end_at_a_conventional_bridge)
{
	static const struct {
		const char *above, *port, *next;
	} rows[] = {
		{ "link", "up", "02/05-05" },
		{ "", "up", "02/03-03" },
		{ "link pci", "up", "02/03-03" },
		{ "link", "", "02/03-03" },
	};
	char text[160];
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text),
			 "root 00-ff\n"
			 " 2 00/01-09 %s\n"
			 "  port: 0 01/02-09 %s forward\n"
			 "   0 device several ari=1 sriov=2\n"
			 "   0.1 reset > %s",
			 rows[i].above, rows[i].port, rows[i].next);
		simulate_tree(text);
		assert_int_equal(m.steps[at("port")].ari, i == 0);
	}
}

/* Linux stores the last bus in 8 bits. */
SIM_TEST(virtual_functions_beyond_bus_255_are_unknown)
{
	begin_tree("root 00-ff\n"
		   " kept: 1 00/f0-ff link\n"
		   "  pf: 0 device several sriov=16");
	assert_false(incomplete());
	/* Before this bridge exists, Linux assigns no number after them. */
	m.functions[bridge_at(at("kept"), 1, 0, 0, 0)].result.visited = true;
	m.functions[at("pf")].result.sriov_buses = 14;
	assert_false(incomplete());
	m.functions[at("pf")].result.sriov_buses = 16;
	assert_true(incomplete());
}

/*
 * If a bridge has the numbers that Enhanced Allocation fixes, they may be hard-wired. Then it is
 * unknown what a write of other numbers does.
 */
SIM_TEST(fixed_numbers_may_be_hard_wired)
{
	struct pg_function *port;

	begin_tree("root 00-ff\n"
		   " port: 1 09/05-07 fixed=05-07\n"
		   " 2 00/08-08\n"
		   "  later: 0 device");
	port = &m.functions[at("port")];
	assert_true(incomplete());
	/* The first pass clears the numbers before it comes to the next bridge. */
	now("later", "?@08");
	/* Other numbers can be written. */
	port->hw.subordinate = 6;
	assert_false(incomplete());
	now("port", "00/05-07");
	port->hw.secondary = 4;
	port->hw.subordinate = 7;
	assert_false(incomplete());
	/* Linux keeps valid numbers and writes nothing. */
	port->hw.primary = 0;
	port->hw.secondary = 5;
	assert_false(incomplete());
	now("port", "00/05-07");
}

/* Linux takes the root bus for the bus behind a bridge, follows its missing parent, and crashes. */
SIM_TEST(a_root_bus_below_a_bridge_exhausts_the_simulation)
{
	static const char *const bridges[] = {
		" 1 00/05-06",
		" 1 reset fixed=05-06",
		" 1 00/01-04\n"
		" 2 reset",
		" 1 00/01-04\n"
		" 2 reset cardbus",
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(bridges); i++) {
		begin_tree("root 05-ff\n"
			   "root 00-04");
		tree(bridges[i]);
		simulate_segment(0);
		assert_true(m.sim.exhausted);
	}
}
