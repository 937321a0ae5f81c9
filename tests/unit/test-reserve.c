// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-reserve.c - lib/plan/reserve.c: numbers reserved for cards that are added later. Hotplug
 * slots share what is left over (pci_scan_child_bus_extend()), CardBus bridges keep three for each
 * (pci_cardbus_scan_bridge_extend()).
 */
#include "sim-tree.h"

/* With pci=hpbussize=@buses. */
static void simulate_hpbussize(uint8_t buses, const char *text)
{
	begin_tree(text);
	m.policy.hotplug_buses = buses;
	check_tree();
}

SIM_TEST(least_reserve)
{
	/* A hotplug bridge with nothing below it keeps eight numbers. */
	simulate_hpbussize(8, "root 00-ff\n"
			      " 1 reset link slot > 00/01-08\n"
			      " 2 reset > 00/09-09");
	/* The bridges below use the reserve first: three of eight here, and all of them there. */
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

/*
 * is_hotplug_bridge: the port has a slot that is capable of hotplug, and is of a type that has a
 * link below.
 */
SIM_TEST(what_is_a_hotplug_bridge)
{
	unsigned int port, i;

	for (port = PG_PORT_OTHER; port <= PG_PORT_LINK; port++) {
		for (i = 0; i < 8; i++) {
			const bool slot = i & 1, capable = i & 2, card = i & 4;
			const bool is = slot && capable && !card &&
					(port == PG_PORT_DOWNSTREAM || port == PG_PORT_LINK);
			uint16_t it;

			machine_setup(state);
			root(0, 255);
			it = with_port(reset_bridge(ON_ROOT(0), 1), (enum pg_port)port);
			m.functions[it].hw.slot = slot;
			m.functions[it].hw.hotplug = capable;
			if (card)
				m.functions[it].hw.header = PG_HEADER_CARDBUS;
			m.policy.hotplug_buses = 16;
			simulate();
			assert_numbers(it, 0, 1, is ? 16 : card ? 4 : 1);
		}
	}
}

/*
 * hpbussize=0 is taken as it is: "one less than that" wraps, so the reserve is endless and max ends
 * one below the bridge's own number. The bridge gets [01-00], and forwards nothing. The next bridge
 * finds bus 1 taken, and so on. The first bridge goes on claiming its secondary bus, so Linux finds
 * nothing of the other in the second scan.
 */
SIM_TEST(least_reserve_of_0_wraps)
{
	simulate_hpbussize(0, "root 00-ff\n"
			      " 1 reset link slot > 00/01-00\n"
			      "  0 device several > @01\n"
			      " 2 reset > 00/01-00\n"
			      "  0.1 device > lost");
	assert_int_equal(m.sim.nr_buses, 2);
}

/*
 * A switch below a bridge that keeps [01-10]; the upstream port and all below it are reset. The
 * upstream port is alone on bus 1 and gets all 15 numbers that are left there. Bus 2 is its own.
 * Each of three downstream ports takes one, and the rest, 12, goes to the slots, half of the 14
 * each as far as there are any: 7 and then 6.
 */
SIM_TEST(slots_share_what_is_left)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset up > 01/02-10\n"
		      "   0 reset down slot > 02/03-09\n"
		      "   1 reset down slot > 02/0a-0f\n"
		      "   2 reset down > 02/10-10");
	/* The same, with the port without a slot first. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset up > 01/02-10\n"
		      "   0 reset down > 02/03-03\n"
		      "   1 reset down slot > 02/04-0a\n"
		      "   2 reset down slot > 02/0b-10");
	/* One slot alone on a bus. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10\n"
		      "  0 reset down slot > 01/02-10");
	/* On a root bus there is nothing to share. */
	simulate_tree("root 00-ff\n"
		      " 1 reset link slot > 00/01-01\n"
		      " 2 reset link slot > 00/02-02");
}

SIM_TEST(what_reduces_the_share)
{
	/* Virtual functions: of 14, two for the ports, three for them, 10 for the one slot. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset up\n"
		      "   0 reset down slot > 02/06-0f\n"
		      "   1 reset down > 02/10-10\n"
		      "   2 device sriov=3");
	/* Kept numbers: [02-06] are five of 31, and one more is for the slot itself. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-20\n"
		      "  0 01/02-06 down > 01/02-06\n"
		      "  1 reset down slot > 01/07-20");
	/* And one more for a port behind the slot. */
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
 * A bridge without a slot passes the whole share on if it is the only bridge of its bus, and
 * otherwise nothing. Devices beside it do not count.
 */
SIM_TEST(plain_bridges_pass_the_share_on)
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
	/* A slot beside it takes the share. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10\n"
		      "  0 reset\n"
		      "   0 reset down slot > 02/03-03\n"
		      "  2 device\n"
		      "  1 reset down slot > 01/04-10");
}

/*
 * If more is used than was there, "what is left" wraps and is no limit any more. Bridge with
 * [01-04]: its upstream port has number 2, and two are left for five ports. The slot gets [03-04],
 * one more than there is. The others get numbers behind the end of the bridge.
 */
SIM_TEST(share_wraps)
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
 * Just enough: three for three ports, and the limit is one, which is the slot's own. With one
 * number less the limit is 0, which does not wrap.
 */
SIM_TEST(share_does_not_wrap_too_early)
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

/* A port below a downstream port is of an impossible type, so Linux ignores its slot. */
SIM_TEST(slots_of_impossible_ports)
{
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 link\n"
		      "  0 reset down slot > 01/02-02");
	simulate_tree("root 00-ff\n"
		      " 1 00/01-10 up\n"
		      "  0 reset down slot > 01/02-10");
}

/*
 * CardBus: Linux clears good numbers as well, and assigns four, three of them for cards with
 * bridges. It does not look for functions behind the bridge.
 */
SIM_TEST(cardbus_gets_four)
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
	/* Fixed numbers are for header layout 1 only (pci_ea_fixed_busnrs()). */
	simulate_tree("root 00-ff\n"
		      " 1 00/00-00 cardbus fixed=09-09 > 00/01-04");
}

/* The reserve ends before a bus that exists: here the root bus that was scanned first. */
SIM_TEST(cardbus_reserve_ends_at_a_bus)
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
 * Below a bridge with few numbers Linux takes half of what would fit, so that a second CardBus
 * bridge gets some. This bridge then sees no end within its reach and takes three beyond it.
 */
SIM_TEST(cardbus_below_a_narrow_bridge)
{
	static const struct {
		uint8_t above, first, second_from, second_to;
	} rows[] = {
		/* No number is left: an end that is reached already does not count. */
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

SIM_TEST(cardbus_below_two_bridges)
{
	/* The end of a bridge further up counts as well. */
	simulate_tree("root 00-ff\n"
		      " 1 00/01-05\n"
		      "  0 01/02-09\n"
		      "   0 reset cardbus > 02/03-04");
	/* The end of the root bus does not. */
	simulate_tree("root 00-02\n"
		      " 1 reset cardbus > 00/01-04");
}

/* With pci=assign-busses no bridge above is in the way. */
SIM_TEST(cardbus_with_assign_busses)
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
