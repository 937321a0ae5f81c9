// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-slots.c - lib/plan/slots.c: which functions Linux finds on a bus. pci_scan_slot(),
 * only_one_child(), next_fn(), pci_configure_ari() and set_pcie_port_type() of drivers/pci/probe.c
 * and drivers/pci/pci.c, Linux 7.3.
 */
#include "sim-fixture.h"

static uint16_t function(uint16_t where, uint8_t devfn)
{
	return index_of(add_function(where, devfn));
}

static uint16_t multifunction(uint16_t index)
{
	m.functions[index].hw.multifunction = true;
	return index;
}

/*
 * Functions other than 0 are asked where function 0 is there and says that there are more; gaps do
 * not matter.
 */
SIM_TEST(functions_of_a_device)
{
	uint16_t single, behind_single, several, third, last, orphan;

	root(0, 255);
	single = function(ON_ROOT(0), pg_devfn(1, 0));
	behind_single = function(ON_ROOT(0), pg_devfn(1, 1));
	several = multifunction(function(ON_ROOT(0), pg_devfn(2, 0)));
	third = function(ON_ROOT(0), pg_devfn(2, 3));
	last = function(ON_ROOT(0), pg_devfn(2, 7));
	orphan = multifunction(function(ON_ROOT(0), pg_devfn(3, 1)));
	simulate();
	assert_found_on(single, 0);
	assert_not_found(behind_single);
	assert_found_on(several, 0);
	assert_found_on(third, 0);
	assert_found_on(last, 0);
	assert_not_found(orphan);
	/* Only function 0's word counts. */
	m.functions[several].hw.multifunction = false;
	m.functions[third].hw.multifunction = true;
	simulate();
	assert_not_found(third);
	assert_not_found(last);
}

/*
 * A header layout that Linux does not know makes a function that is not there; as function 0 it
 * hides the others.
 */
SIM_TEST(unknown_layouts)
{
	uint16_t zero, one, two;

	root(0, 255);
	zero = multifunction(function(ON_ROOT(0), 0));
	one = multifunction(function(ON_ROOT(0), 1));
	two = multifunction(function(ON_ROOT(0), 2));
	m.functions[one].hw.header = 3;
	simulate();
	assert_found_on(zero, 0);
	assert_not_found(one);
	assert_found_on(two, 0);
	m.functions[zero].hw.header = PG_HEADER_UNKNOWN;
	m.functions[one].hw.header = 0;
	simulate();
	assert_not_found(zero);
	assert_not_found(one);
	assert_not_found(two);
}

/*
 * pci=pcie_scan_all: behind links, too. What was not searched for there is then not known, and the
 * topology says so.
 */
SIM_TEST(all_devices)
{
	uint16_t port, zero, one;

	root(0, 255);
	port = with_port(bridge(ON_ROOT(0), 1, 0, 1, 1), PG_PORT_LINK);
	zero = device(port, 0);
	one = device(port, 1);
	simulate();
	assert_found_on(zero, 1);
	assert_not_found(one);
	m.policy.all_devices = true;
	simulate();
	assert_found_on(zero, 1);
	assert_found_on(one, 1);
}

/*
 * 00:01.0 [01-03], a port of type @upper; 01:00.0 [02-03], of type @lower; on bus 2 two devices. Is
 * the second found?
 */
static bool second_found_below(enum pg_port upper, enum pg_port lower)
{
	uint16_t above, below, second;
	void *state = NULL;
	uint8_t bus;
	bool certain;

	machine_setup(&state);
	root(0, 255);
	above = with_port(bridge(ON_ROOT(0), 1, 0, 1, 3), upper);
	below = with_port(bridge(above, 0, 1, 2, 3), lower);
	device(below, 0);
	second = device(below, 1);
	simulate();
	return found(second, &bus, &certain);
}

/* Two of a kind in a row: what Linux makes of the lower one is no port with a link any more. */
SIM_TEST(impossible_ports)
{
	assert_true(second_found_below(PG_PORT_LINK, PG_PORT_UPSTREAM));
	assert_false(second_found_below(PG_PORT_UPSTREAM, PG_PORT_DOWNSTREAM));
	assert_false(second_found_below(PG_PORT_OTHER, PG_PORT_DOWNSTREAM));
	assert_false(second_found_below(PG_PORT_OTHER, PG_PORT_LINK));
	assert_false(second_found_below(PG_PORT_LINK, PG_PORT_LINK));
	assert_true(second_found_below(PG_PORT_LINK, PG_PORT_DOWNSTREAM));
	assert_true(second_found_below(PG_PORT_DOWNSTREAM, PG_PORT_DOWNSTREAM));
	assert_true(second_found_below(PG_PORT_UPSTREAM, PG_PORT_UPSTREAM));
	assert_true(second_found_below(PG_PORT_OTHER, PG_PORT_OTHER));
}

/* Root port [01] that can forward ARI; its functions, each naming the next. */
static uint16_t ari_port(bool on)
{
	const uint16_t port = with_port(bridge(ON_ROOT(0), 1, 0, 1, 1), PG_PORT_LINK);

	m.functions[port].hw.ari_forward = true;
	m.functions[port].hw.ari_on = on;
	return port;
}

static uint16_t ari_function(uint16_t where, uint8_t devfn, uint8_t next)
{
	const uint16_t index = function(where, devfn);

	m.functions[index].hw.ari = true;
	m.functions[index].hw.ari_next = next;
	return index;
}

/* begin_steps() leaves forwarding off; pg_plan_make() takes it from the topology. */
static void simulate_ari(void)
{
	uint32_t i;

	begin_steps();
	for (i = 0; i < m.topology.nr; i++)
		m.steps[i].ari = m.functions[i].hw.ari_on;
	m.sim.work = 0;
	pg_simulate(&m.sim, &m.topology, &m.policy, 0, m.steps);
	assert_false(m.sim.exhausted);
}

/*
 * With ARI the chain alone says who is there: function 1 is not named, 9 and 255 are; it goes up
 * only.
 */
SIM_TEST(ari_chain)
{
	uint16_t port, zero, one, nine, last, back;

	root(0, 255);
	port = ari_port(true);
	zero = multifunction(ari_function(port, 0, 9));
	one = ari_function(port, 1, 0);
	nine = ari_function(port, 9, 255);
	back = ari_function(port, 16, 0);
	last = ari_function(port, 255, 16);
	simulate_ari();
	assert_found_on(zero, 1);
	assert_not_found(one);
	assert_found_on(nine, 1);
	assert_found_on(last, 1);
	assert_not_found(back);
	assert_true(m.steps[port].ari);
	assert_false(m.sim.incomplete);
}

/* A link of the chain that is missing ends it, and so does one without the capability. */
SIM_TEST(ari_chain_broken)
{
	uint16_t port, eight, nine;

	root(0, 255);
	port = ari_port(true);
	ari_function(port, 0, 8);
	eight = ari_function(port, 8, 9);
	nine = ari_function(port, 9, 0);
	m.functions[eight].hw.ari = false;
	simulate_ari();
	assert_found_on(eight, 1);
	assert_not_found(nine);
	m.functions[eight].hw.ari = true;
	m.functions[eight].at.devfn = 16;
	simulate_ari();
	assert_not_found(nine);
	assert_false(m.sim.incomplete);
}

/* Nor does one that names itself lead on, or round for ever. */
SIM_TEST(ari_chain_in_a_circle)
{
	uint16_t port, nine, ten;

	root(0, 255);
	port = ari_port(true);
	ari_function(port, 0, 9);
	nine = ari_function(port, 9, 9);
	ten = ari_function(port, 10, 0);
	simulate_ari();
	assert_found_on(nine, 1);
	assert_not_found(ten);
	m.functions[nine].hw.ari_next = 8;
	simulate_ari();
	assert_not_found(ten);
}

/*
 * Forwarding was off, and Linux switches it on: then a function that the chain names and nobody saw
 * may be there.
 */
SIM_TEST(ari_switched_on)
{
	uint16_t port, zero;

	root(0, 255);
	port = ari_port(false);
	zero = ari_function(port, 0, 9);
	simulate_ari();
	assert_true(m.steps[port].ari);
	assert_found_on(zero, 1);
	assert_true(m.sim.incomplete);
	m.functions[zero].hw.ari_next = 8;
	simulate_ari();
	assert_true(m.sim.incomplete);
	/* Numbers up to 7 are seen without it. */
	m.functions[zero].hw.ari_next = 7;
	simulate_ari();
	assert_false(m.sim.incomplete);
}

/*
 * Linux asks for device 1 behind a port (pci=pcie_scan_all) that forwards ARI now and does so no
 * longer then: the request does not come through, and what would answer it without ARI nobody
 * knows. Bridges that know no links let everything through.
 */
SIM_TEST(out_of_reach_without_ari)
{
	static const struct {
		enum pg_port port;
		bool from_pci, on, reached;
	} rows[] = {
		{ PG_PORT_LINK, false, true, false },
		{ PG_PORT_DOWNSTREAM, false, true, false },
		{ PG_PORT_LINK, true, true, true },
		{ PG_PORT_UPSTREAM, false, true, true },
		{ PG_PORT_OTHER, false, true, true },
		{ PG_PORT_LINK, false, false, true },
		{ PG_PORT_DOWNSTREAM, false, false, true },
	};
	static const uint8_t numbers[] = { 8, 16, 7 };
	size_t i, j;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		for (j = 0; j < PG_ARRAY_SIZE(numbers); j++) {
			const bool reached = rows[i].reached || numbers[j] == 7;
			uint16_t port, it;

			machine_setup(state);
			root(0, 255);
			port = with_port(ari_port(rows[i].on), rows[i].port);
			m.functions[port].hw.from_pci = rows[i].from_pci;
			multifunction(function(port, 0));
			it = function(port, numbers[j]);
			m.policy.all_devices = true;
			simulate_ari();
			if (reached)
				assert_found_on(it, 1);
			else
				assert_not_found(it);
			assert_int_equal(m.sim.incomplete, !reached);
		}
	}
}

/*
 * 00:02.0 [05] is a bus with 32 devices to Linux; 00:01.0 gets 5, fixed by Enhanced Allocation, and
 * answers first from then on. Behind that there is a link, of which only device 0 was looked at.
 */
SIM_TEST(link_taken_for_a_bus)
{
	uint16_t fixed, kept;

	root(0, 255);
	fixed = with_port(with_fixed(reset_bridge(ON_ROOT(0), 1), 5, 5), PG_PORT_LINK);
	m.functions[fixed].result.acts_as = PG_PORT_LINK;
	device(fixed, 0);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 5);
	simulate();
	assert_true(m.sim.incomplete);
	/* Linux looks for device 0 only, too; or all were looked at. */
	with_port(kept, PG_PORT_LINK);
	simulate();
	assert_false(m.sim.incomplete);
	with_port(kept, PG_PORT_OTHER);
	m.policy.all_devices = true;
	simulate();
	assert_false(m.sim.incomplete);
	m.policy.all_devices = false;
	m.functions[fixed].result.acts_as = PG_PORT_OTHER;
	simulate();
	assert_false(m.sim.incomplete);
	/* Nobody there at all, and function 0 of the list being a port does not matter. */
	m.functions[fixed].result.acts_as = PG_PORT_LINK;
	m.functions[fixed].child = PG_NONE;
	simulate();
	assert_false(m.sim.incomplete);
}

/*
 * The bridge that Linux believes above can forward ARI; the one that is, or a host bridge, was no
 * reason to look for the capability in what is found now. 00:02.0 [05] is empty until 00:01.0 takes
 * its number.
 */
SIM_TEST(ari_of_what_is_found_elsewhere)
{
	uint16_t fixed, kept, taker;

	root(0, 255);
	fixed = with_fixed(reset_bridge(ON_ROOT(0), 1), 5, 5);
	device(fixed, 0);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 5);
	simulate();
	assert_false(m.sim.incomplete);
	m.functions[kept].hw.ari_forward = true;
	simulate();
	assert_true(m.sim.incomplete);
	m.functions[fixed].hw.ari_forward = true;
	simulate();
	assert_false(m.sim.incomplete);

	machine_setup(state);
	root(0, 1);
	root(2, 255);
	reset_bridge(ON_ROOT(0), 1);
	taker = reset_bridge(ON_ROOT(0), 2);
	device(ON_ROOT(1), 0);
	simulate();
	assert_false(m.sim.incomplete);
	m.functions[taker].hw.ari_forward = true;
	simulate();
	assert_true(m.sim.incomplete);
}

/*
 * Function 0 has no such capability: Linux switches forwarding off, and what was behind it is out
 * of reach.
 */
SIM_TEST(ari_switched_off)
{
	uint16_t port, zero, nine;

	root(0, 255);
	port = ari_port(true);
	zero = multifunction(function(port, 0));
	nine = ari_function(port, 9, 0);
	simulate_ari();
	assert_false(m.steps[port].ari);
	assert_found_on(zero, 1);
	assert_not_found(nine);
}

/* A bridge that cannot forward, or is told not to, goes by devices and functions. */
SIM_TEST(without_ari)
{
	uint16_t port, zero, one, nine;

	root(0, 255);
	port = ari_port(false);
	m.functions[port].hw.ari_forward = false;
	zero = multifunction(ari_function(port, 0, 9));
	one = ari_function(port, 1, 0);
	nine = ari_function(port, 9, 0);
	simulate_ari();
	assert_found_on(zero, 1);
	assert_found_on(one, 1);
	assert_not_found(nine);
	assert_false(m.sim.incomplete);
	assert_false(m.steps[port].ari);
	m.functions[port].hw.ari_forward = true;
	m.policy.no_ari = true;
	simulate_ari();
	assert_found_on(zero, 1);
	assert_not_found(nine);
	assert_false(m.steps[port].ari);
	/*
	 * Where virtual functions are without ARI cannot be read: it matters once a number is given
	 * away behind them.
	 */
	assert_false(m.sim.incomplete);
	m.functions[bridge_at(port, 2, 0, 0, 0)].result.visited = true;
	simulate_ari();
	assert_false(m.sim.incomplete);
	m.functions[zero].hw.extended.sriov = 0x40;
	simulate_ari();
	assert_true(m.sim.incomplete);
	m.functions[zero].hw.ari = false;
	simulate_ari();
	assert_false(m.sim.incomplete);
}

/*
 * No extended registers behind a conventional bridge or one from PCI: Linux sees no ARI capability
 * there, and no SR-IOV.
 */
SIM_TEST(extended_registers)
{
	unsigned int round;

	for (round = 0; round < 4; round++) {
		const bool extended = round == 0;
		uint16_t above, port, next, zero;

		machine_setup(state);
		root(0, 255);
		above = bridge(ON_ROOT(0), 2, 0, 1, 9);
		with_port(above, round == 1 ? PG_PORT_OTHER : PG_PORT_LINK);
		m.functions[above].hw.from_pci = round == 2;
		port = with_port(bridge(above, 0, 1, 2, 9),
				 round == 3 ? PG_PORT_OTHER : PG_PORT_UPSTREAM);
		m.functions[port].hw.ari_forward = true;
		zero = multifunction(ari_function(port, 0, 0));
		m.functions[zero].result.sriov_buses = 2;
		next = bridge_at(port, 1, 0, 0, 0);
		m.functions[zero].hw.ari_next = 1;
		simulate_ari();
		assert_int_equal(m.steps[port].ari, extended);
		assert_numbers(next, 2, extended ? 5 : 3, extended ? 5 : 3);
	}
}

/*
 * Virtual functions that reach beyond bus 255: the last bus is kept in 8 bits, and which one it is
 * cannot be told.
 */
SIM_TEST(sriov_beyond_255)
{
	uint16_t kept, it;

	root(0, 255);
	kept = with_port(bridge(ON_ROOT(0), 1, 0, 0xf0, 0xff), PG_PORT_LINK);
	it = device(kept, 0);
	m.functions[it].hw.multifunction = true;
	m.functions[it].result.sriov_buses = 16;
	simulate();
	assert_false(m.sim.incomplete);
	/* Nothing gets a number behind them until here. */
	m.functions[bridge_at(kept, 1, 0, 0, 0)].result.visited = true;
	m.functions[it].result.sriov_buses = 14;
	simulate();
	assert_false(m.sim.incomplete);
	m.functions[it].result.sriov_buses = 16;
	simulate();
	assert_true(m.sim.incomplete);
}

/*
 * Bus numbers that stand where Enhanced Allocation fixes them may be wired: what a write of others
 * does is not known.
 */
SIM_TEST(fixed_numbers_may_be_wired)
{
	uint16_t it, later;

	root(0, 255);
	it = with_fixed(bridge(ON_ROOT(0), 1, 9, 5, 7), 5, 7);
	later = device(bridge(ON_ROOT(0), 2, 0, 8, 8), 0);
	simulate();
	assert_true(m.sim.incomplete);
	/*
	 * From the moment on when the first pass clears them, which is before it comes to the next
	 * bridge.
	 */
	assert_false(assert_placed_on(later, 8));
	/* Others stand there: they can be written. */
	m.functions[it].hw.subordinate = 6;
	simulate();
	assert_false(m.sim.incomplete);
	assert_numbers(it, 0, 5, 7);
	m.functions[it].hw.secondary = 4;
	m.functions[it].hw.subordinate = 7;
	simulate();
	assert_false(m.sim.incomplete);
	/* Kept as they are: nothing is written. */
	m.functions[it].hw.primary = 0;
	m.functions[it].hw.secondary = 5;
	simulate();
	assert_false(m.sim.incomplete);
	assert_numbers(it, 0, 5, 7);
}

/*
 * Linux follows the missing parent of a root bus that it takes for the one behind a bridge, and
 * dies.
 */
SIM_TEST(root_bus_below_a_bridge)
{
	unsigned int round;

	for (round = 0; round < 4; round++) {
		machine_setup(state);
		root(5, 255);
		root(0, 4);
		if (round == 0)
			bridge(ON_ROOT(1), 1, 0, 5, 6);
		if (round == 1)
			with_fixed(reset_bridge(ON_ROOT(1), 1), 5, 6);
		if (round == 2) {
			bridge(ON_ROOT(1), 1, 0, 1, 4);
			reset_bridge(ON_ROOT(1), 2);
		}
		if (round == 3) {
			bridge(ON_ROOT(1), 1, 0, 1, 4);
			cardbus(ON_ROOT(1), 2, 0, 0, 0);
		}
		simulate_segment(0);
		assert_true(m.sim.exhausted);
	}
}
