// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-slots.c - lib/plan/slots.c: which functions Linux finds on a bus. pci_scan_slot(),
 * only_one_child(), next_fn(), pci_configure_ari() and set_pcie_port_type() of drivers/pci/probe.c
 * and drivers/pci/pci.c, Linux 7.3.
 */
#include "sim-tree.h"

/* Simulates the machine as it is now. Is the result incomplete? */
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

/* Linux looks for other functions if function 0 has the multifunction bit. Gaps do not matter. */
SIM_TEST(functions_of_a_device)
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

/*
 * Linux does not find a function with an unknown header layout. As function 0 it hides the others.
 */
SIM_TEST(unknown_layouts)
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

/* pci=pcie_scan_all: all devices, also behind links. */
SIM_TEST(all_devices)
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

/* Two ports of a kind in a row: Linux takes the lower one for no port with a link. */
SIM_TEST(impossible_ports)
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

/* With ARI only the functions of the chain are found, and the chain goes up only. */
SIM_TEST(ari_chain)
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
	/* A function that names itself ends it, and so does one that names a lower one. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-01 link on\n"
		      "  0 device ari=9\n"
		      "  nine: 1.1 device ari=9 > @01\n"
		      "  1.2 device ari=0 > lost");
	m.functions[at("nine")].hw.ari_next = 8;
	check_tree();
}

/*
 * Forwarding was off, and Linux switches it on: a function that the chain names, and that no read
 * could reach before, may be present. Functions up to 7 were reached without ARI.
 */
SIM_TEST(ari_switched_on)
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
 * Linux looks for device 1 behind a port (pci=pcie_scan_all) that forwards ARI now and no longer
 * does so then: the read does not reach it, and it is unknown what would answer without ARI. Ports
 * without a link forward everything.
 */
SIM_TEST(out_of_reach_without_ari)
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
 * 00:02.0 [05] is a bus with 32 devices to Linux; 00:01.0 gets 5, fixed by Enhanced Allocation, and
 * claims it first from then on. It has a link, behind which only device 0 was read.
 */
SIM_TEST(link_taken_for_a_bus)
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
	/* Linux looks for device 0 only as well; or all devices were read. */
	with_port(kept, PG_PORT_LINK);
	assert_false(incomplete());
	with_port(kept, PG_PORT_OTHER);
	m.policy.all_devices = true;
	assert_false(incomplete());
	m.policy.all_devices = false;
	m.functions[fixed].result.acts_as = PG_PORT_OTHER;
	assert_false(incomplete());
	/* Nothing is behind it, and it does not matter that function 0 of the list is a port. */
	m.functions[fixed].result.acts_as = PG_PORT_LINK;
	m.functions[fixed].child = PG_NONE;
	assert_false(incomplete());
}

/*
 * The bridge that Linux assumes above can forward ARI. The real one, or a host bridge, cannot, so
 * the scan did not read the capability of what Linux finds now. 00:02.0 [05] is empty until 00:01.0
 * takes its number.
 */
SIM_TEST(ari_of_what_is_found_elsewhere)
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

/* Function 0 has no capability: Linux switches forwarding off, and no read reaches function 9. */
SIM_TEST(ari_switched_off)
{
	simulate_tree("root 00-ff\n"
		      " port: 1 00/01-01 link on\n"
		      "  0 device several > @01\n"
		      "  1.1 device ari=0 > lost");
	assert_false(m.steps[at("port")].ari);
}

/* A bridge that cannot forward ARI, or must not: Linux looks for devices and functions. */
SIM_TEST(without_ari)
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
	 * The registers do not show where virtual functions are without ARI. This matters if Linux
	 * assigns a number behind them.
	 */
	m.functions[bridge_at(port, 2, 0, 0, 0)].result.visited = true;
	assert_false(incomplete());
	m.functions[zero].hw.extended.sriov = 0x40;
	assert_true(incomplete());
	m.functions[zero].hw.ari = false;
	assert_false(incomplete());
}

/*
 * Linux reads no extended registers behind a conventional bridge or one from PCI: it sees no ARI
 * capability there, and no SR-IOV.
 */
SIM_TEST(extended_registers)
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

/* Virtual functions beyond bus 255: Linux keeps the last bus in 8 bits, so it is unknown. */
SIM_TEST(sriov_beyond_255)
{
	begin_tree("root 00-ff\n"
		   " kept: 1 00/f0-ff link\n"
		   "  pf: 0 device several sriov=16");
	assert_false(incomplete());
	/* Until here Linux assigns no number behind them. */
	m.functions[bridge_at(at("kept"), 1, 0, 0, 0)].result.visited = true;
	m.functions[at("pf")].result.sriov_buses = 14;
	assert_false(incomplete());
	m.functions[at("pf")].result.sriov_buses = 16;
	assert_true(incomplete());
}

/*
 * A bridge that has the numbers that Enhanced Allocation fixes may have them hard-wired: it is
 * unknown what writing others does.
 */
SIM_TEST(fixed_numbers_may_be_wired)
{
	struct pg_function *it;

	begin_tree("root 00-ff\n"
		   " it: 1 09/05-07 fixed=05-07\n"
		   " 2 00/08-08\n"
		   "  later: 0 device");
	it = &m.functions[at("it")];
	assert_true(incomplete());
	/* The first pass clears them before it comes to the next bridge. */
	now("later", "?@08");
	/* Other numbers can be written. */
	it->hw.subordinate = 6;
	assert_false(incomplete());
	now("it", "00/05-07");
	it->hw.secondary = 4;
	it->hw.subordinate = 7;
	assert_false(incomplete());
	/* Kept as they are: nothing is written. */
	it->hw.primary = 0;
	it->hw.secondary = 5;
	assert_false(incomplete());
	now("it", "00/05-07");
}

/* Linux takes a root bus for the bus behind a bridge, follows its missing parent, and dies. */
SIM_TEST(root_bus_below_a_bridge)
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
