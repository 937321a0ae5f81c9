// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-reserve.c - lib/plan/reserve.c: reserves numbers for cards that are added later. Hotplug
 * slots share the free numbers (pci_scan_child_bus_extend()); each CardBus bridge reserves three
 * (pci_cardbus_scan_bridge_extend()).
 */
#include "sim-tree.h"

/* Simulates the machine with pci=hpbussize=@buses. */
static void simulate_hpbussize(uint8_t buses, const char *text)
{
	begin_tree(text);
	m.policy.hotplug_buses = buses;
	check_tree();
}

SIM_TEST(an_empty_hotplug_bridge_gets_hpbussize_numbers)
{
	/* The number of the bus itself is one of the eight. */
	simulate_hpbussize(8, "root 00-ff\n"
			      " 1 reset link slot > 00/01-08\n"
			      " 2 reset > 00/09-09");
	/* The bridges below use numbers of the reserve: three of eight, then all of them. */
	simulate_hpbussize(8, "root 00-ff\n"
			      " 1 reset link slot > 00/01-08\n"
			      "  0 reset > 01/02-04\n"
			      "   0 reset\n"
			      "   1 reset");
	simulate_hpbussize(8, "root 00-ff\n"
			      " 1 reset link slot > 00/01-0a\n"
			      "  0 reset > 01/02-0a\n"
			      "   0 reset\n"
			      "   1 reset\n"
			      "   2 reset\n"
			      "   3 reset\n"
			      "   4 reset\n"
			      "   5 reset\n"
			      "   6 reset\n"
			      "   7 reset");
	/* The reserve ends where the bus above ends. */
	simulate_hpbussize(8, "root 00-04\n"
			      " 1 reset link slot > 00/01-04");
	/* A hotplug bridge that keeps its numbers gets no more. */
	simulate_hpbussize(8, "root 00-ff\n"
			      " 1 00/01-02 link slot > 00/01-02\n"
			      " 2 reset > 00/03-03");
}

/* is_hotplug_bridge in Linux: a downstream port or root port whose slot is capable of hotplug. */
SIM_TEST(a_hotplug_bridge_has_a_link_and_a_capable_slot)
{
	unsigned int port, i;

	for (port = PG_PORT_OTHER; port <= PG_PORT_LINK; port++) {
		for (i = 0; i < 8; i++) {
			const bool slot = i & 1, capable = i & 2, card = i & 4;
			const bool is = slot && capable && !card &&
					(port == PG_PORT_DOWNSTREAM || port == PG_PORT_LINK);
			uint16_t index;

			machine_setup(state);
			root(0, 255);
			index = with_port(reset_bridge(ON_ROOT(0), 1), (enum pg_port)port);
			m.functions[index].hw.slot = slot;
			m.functions[index].hw.hotplug = capable;
			if (card)
				m.functions[index].hw.header = PG_HEADER_CARDBUS;
			m.policy.hotplug_buses = 16;
			simulate();
			assert_numbers(index, 0, 1, is ? 16 : card ? 4 : 1);
		}
	}
}

/*
 * Linux computes hpbussize - 1, which wraps for 0. The reserve has no limit then, and the highest
 * number is one below the bridge's own. The bridge gets [01-00]. The next bridge gets the same
 * numbers, because bus 1 exists. The first bridge still claims its secondary bus, so Linux finds
 * nothing behind the second bridge.
 */
SIM_TEST(hpbussize_0_wraps)
{
	simulate_hpbussize(0, "root 00-ff\n"
			      " 1 reset link slot > 00/01-00\n"
			      "  0 device several > @01\n"
			      " 2 reset > 00/01-00\n"
			      "  0.1 device > lost");
	assert_int_equal(m.sim.nr_buses, 2);
}

/*
 * A switch without numbers is below a bridge that keeps [01-10]. The upstream port is the only
 * bridge on bus 1 and gets all 15 numbers, the first for its own bus. Each of the three downstream
 * ports needs one number. The two slots share the rest: half of 14 is 7 for the first, and the
 * second gets the 6 that remain.
 */
SIM_TEST(slots_share_the_free_numbers)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset up > 01/02-10\n"
		      "   0 reset down slot > 02/03-09\n"
		      "   1 reset down slot > 02/0a-0f\n"
		      "   2 reset down > 02/10-10");
	/* Now the port without a slot comes first. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset up > 01/02-10\n"
		      "   0 reset down > 02/03-03\n"
		      "   1 reset down slot > 02/04-0a\n"
		      "   2 reset down slot > 02/0b-10");
	/* One slot is alone on its bus. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10\n"
		      "  0 reset down slot > 01/02-10");
	/* Slots on a root bus share nothing. */
	simulate_tree("root 00-ff\n"
		      " 1 reset link slot > 00/01-01\n"
		      " 2 reset link slot > 00/02-02");
}

SIM_TEST(other_needs_reduce_the_share)
{
	/* Of 14 numbers, virtual functions need three. The slot gets [06-0f], the last port one. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset up\n"
		      "   0 reset down slot > 02/06-0f\n"
		      "   1 reset down > 02/10-10\n"
		      "   2 device sriov=3");
	/* [02-06] are kept. The slot gets the rest. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-20\n"
		      "  0 01/02-06 down > 01/02-06\n"
		      "  1 reset down slot > 01/07-20");
	/* A port after the slot needs one number. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-20\n"
		      "  0 01/02-06 down\n"
		      "  1 reset down slot > 01/07-1f\n"
		      "  2 reset > 01/20-20");
	simulate_tree("root 00-ff\n"
		      " 1 00/01-20\n"
		      "  0 01/02-03 down\n"
		      "  1 reset down slot > 01/04-1f\n"
		      "  2 reset > 01/20-20");
	/* Numbers that the second pass has assigned before: [02-05]. The share is 25, 6 included.
	 */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-1f\n"
		      "  0 reset > 01/02-05\n"
		      "   0 reset\n"
		      "   1 reset\n"
		      "   2 reset\n"
		      "  1 reset down slot > 01/06-1f");
	simulate_tree("root 00-ff\n"
		      " 1 00/01-1f\n"
		      "  0 reset > 01/02-05\n"
		      "   0 reset\n"
		      "   1 reset\n"
		      "   2 reset\n"
		      "  1 reset down slot > 01/06-1e\n"
		      "  2 reset > 01/1f-1f");
}

/*
 * A bridge without a slot passes on the whole share if there is no other bridge on its bus, and
 * nothing if there is one. Devices on this bus do not count.
 */
SIM_TEST(a_bridge_alone_on_its_bus_passes_the_share_on)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10\n"
		      "  0 reset > 01/02-10\n"
		      "   0 reset down slot > 02/03-10\n"
		      "  2 device");
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10\n"
		      "  0 reset\n"
		      "   0 reset down slot > 02/03-03\n"
		      "  2 device\n"
		      "  1 reset > 01/04-04");
	/* A slot on the same bus takes the share. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10\n"
		      "  0 reset\n"
		      "   0 reset down slot > 02/03-03\n"
		      "  2 device\n"
		      "  1 reset down slot > 01/04-10");
}

/*
 * If the ports need more numbers than there are, the number of free ones wraps, and is no limit any
 * more. The bridge has [01-04] and its upstream port number 2, so two numbers are left for five
 * ports. The slot gets [03-04], one more than its own. The other ports get numbers beyond the end
 * of the bridge.
 */
SIM_TEST(more_numbers_than_available_wrap_the_share)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-04 link > 00/01-04\n"
		      "  0 reset up > 01/02-08\n"
		      "   0 reset down slot > 02/03-04\n"
		      "   1 reset down > 02/05-05\n"
		      "   2 reset down > 02/06-06\n"
		      "   3 reset down > 02/07-07\n"
		      "   4 reset down > 02/08-08");
}

/*
 * There are three numbers for three ports, so the slot has its own number only. With one number
 * less, the limit is 0, which does not wrap.
 */
SIM_TEST(a_share_of_zero_does_not_wrap)
{
	simulate_tree("root 00-ff\n"
		      " above: 1 00/01-05 link\n"
		      "  0 reset up\n"
		      "   0 reset down slot > 02/03-03\n"
		      "   1 reset down > 02/04-04\n"
		      "   2 reset down > 02/05-05");
	m.functions[at("above")].hw.subordinate = 4;
	check_tree();
}

/* A downstream port below a root port has an impossible type. */
SIM_TEST(slots_of_impossible_ports_are_ignored)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset down slot > 01/02-02");
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 up\n"
		      "  0 reset down slot > 01/02-10");
}

/*
 * Linux clears valid numbers of a CardBus bridge as well, and assigns four: three are for cards
 * with bridges. It does not look for functions behind the bridge.
 */
SIM_TEST(a_cardbus_bridge_gets_four_numbers)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/40-43 cardbus > 00/01-04\n"
		      "  0 device > lost\n"
		      " 2 reset > 00/05-05");
	assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, 1)].last, 4);
	/* Linux clears it before it reads the next bridge, so this bridge is not hidden any more.
	 */
	simulate_tree("root 00-ff\n"
		      " 1 00/04-05 cardbus > 00/06-09\n"
		      " 2 00/05-05\n"
		      "  0 device > @05");
	/* Only header layout 1 has fixed numbers (pci_ea_fixed_busnrs()). */
	simulate_tree("root 00-ff\n"
		      " 1 00/00-00 cardbus fixed=09-09 > 00/01-04");
}

/* The existing bus is the root bus that Linux scans first. */
SIM_TEST(a_cardbus_reserve_ends_before_an_existing_bus)
{
	simulate_tree("root 02-ff\n"
		      "root 00-01\n"
		      " 1 reset cardbus > 00/01-01");
	simulate_tree("root 03-ff\n"
		      "root 00-02\n"
		      " 1 reset cardbus > 00/01-02");
	simulate_tree("root 04-ff\n"
		      "root 00-03\n"
		      " 1 reset cardbus > 00/01-03");
	simulate_tree("root 05-ff\n"
		      "root 00-04\n"
		      " 1 reset cardbus > 00/01-04");
}

/*
 * If the three numbers do not fit, Linux reserves half of those that fit, so that a second CardBus
 * bridge gets some. The second bridge then reserves three numbers beyond the end.
 */
SIM_TEST(below_a_narrow_bridge_cardbus_gets_half)
{
	static const struct {
		uint8_t above, first, second_from, second_to;
	} rows[] = {
		/* No number is left. An end that is reached already does not count. */
		{ 2, 5, 6, 9 },
		{ 3, 2, 3, 6 },
		{ 4, 3, 4, 7 },
		/* All three fit. */
		{ 5, 5, 6, 9 },
	};
	uint16_t above, first, second;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		machine_setup(state);
		root(0, 255);
		above = bridge(ON_ROOT(0), 1, 0, 1, rows[i].above);
		first = cardbus(above, 0, 0, 0, 0);
		second = cardbus(above, 1, 0, 0, 0);
		simulate();
		assert_numbers(above, 0, 1, rows[i].above);
		assert_numbers(first, 1, 2, rows[i].first);
		assert_numbers(second, 1, rows[i].second_from, rows[i].second_to);
	}
}

SIM_TEST(the_narrowest_bridge_above_cardbus_counts)
{
	/* The end of any bridge above counts. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-05\n"
		      "  0 01/02-09\n"
		      "   0 reset cardbus > 02/03-04");
	/* The end of the root bus does not count. */
	simulate_tree("root 00-02\n"
		      " 1 reset cardbus > 00/01-04");
}

SIM_TEST(with_assign_busses_no_bridge_limits_cardbus)
{
	simulate_tree("root 00-04\n"
		      " 1 reset > 00/01-03\n"
		      "  0 reset cardbus > 01/02-03");
	begin_tree("root 00-04\n"
		   " 1 reset > 00/01-05\n"
		   "  0 reset cardbus > 01/02-05");
	m.policy.assign_busses = true;
	check_tree();
}
