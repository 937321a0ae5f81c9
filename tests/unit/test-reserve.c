// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-reserve.c - lib/plan/reserve.c: numbers reserved for cards that are added later. Hotplug
 * slots share what is left over (pci_scan_child_bus_extend()), CardBus bridges keep three for each
 * (pci_cardbus_scan_bridge_extend()).
 */
#include "sim-fixture.h"

/* pci=hpbussize=8: a hotplug bridge with nothing below it keeps eight numbers. */
SIM_TEST(least_reserve)
{
	uint16_t slot, next;

	root(0, 255);
	slot = with_hotplug(reset_bridge(ON_ROOT(0), 1), PG_PORT_LINK);
	next = reset_bridge(ON_ROOT(0), 2);
	m.policy.hotplug_buses = 8;
	simulate();
	assert_numbers(slot, 0, 1, 8);
	assert_numbers(next, 0, 9, 9);
}

/*
 * What is below counts towards it: three bridges are there, so five more numbers are kept, or none
 * if eight are there.
 */
SIM_TEST(least_reserve_is_used_first)
{
	uint16_t slot, below, i;

	root(0, 255);
	slot = with_hotplug(reset_bridge(ON_ROOT(0), 1), PG_PORT_LINK);
	below = reset_bridge(slot, 0);
	for (i = 0; i < 2; i++)
		reset_bridge(below, (uint8_t)i);
	m.policy.hotplug_buses = 8;
	simulate();
	assert_numbers(below, 1, 2, 4);
	assert_numbers(slot, 0, 1, 8);
	for (; i < 8; i++)
		reset_bridge(below, (uint8_t)i);
	simulate();
	assert_numbers(below, 1, 2, 10);
	assert_numbers(slot, 0, 1, 10);
}

/* No further than the bus above goes. */
SIM_TEST(least_reserve_ends_where_the_root_ends)
{
	uint16_t slot;

	root(0, 4);
	slot = with_hotplug(reset_bridge(ON_ROOT(0), 1), PG_PORT_LINK);
	m.policy.hotplug_buses = 8;
	simulate();
	assert_numbers(slot, 0, 1, 4);
}

/* A hotplug bridge that keeps its numbers gets no more. */
SIM_TEST(kept_slots_get_no_reserve)
{
	uint16_t slot, next;

	root(0, 255);
	slot = with_hotplug(bridge(ON_ROOT(0), 1, 0, 1, 2), PG_PORT_LINK);
	next = reset_bridge(ON_ROOT(0), 2);
	m.policy.hotplug_buses = 8;
	simulate();
	assert_numbers(slot, 0, 1, 2);
	assert_numbers(next, 0, 3, 3);
}

/*
 * is_hotplug_bridge: a slot is implemented, it is capable, and the port is one that has a link
 * below.
 */
SIM_TEST(what_is_a_hotplug_bridge)
{
	unsigned int port, slot, capable, card;

	for (port = PG_PORT_OTHER; port <= PG_PORT_LINK; port++) {
		for (slot = 0; slot < 2; slot++) {
			for (capable = 0; capable < 2; capable++) {
				for (card = 0; card < 2; card++) {
					const bool is = slot && capable && !card &&
							(port == PG_PORT_DOWNSTREAM ||
							 port == PG_PORT_LINK);
					uint16_t it;

					machine_setup(state);
					root(0, 255);
					it = with_port(reset_bridge(ON_ROOT(0), 1),
						       (enum pg_port)port);
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
	}
}

/*
 * hpbussize=0 is taken as it stands: "one less than that" wraps, so the reserve is endless and max
 * ends up one below the bridge's own number. It gets [01-00], and forwards nothing. The next bridge
 * finds bus 1 taken, and so on.
 */
SIM_TEST(least_reserve_of_0_wraps)
{
	uint16_t slot, next, below_slot, below_next;

	root(0, 255);
	slot = with_hotplug(reset_bridge(ON_ROOT(0), 1), PG_PORT_LINK);
	below_slot = device(slot, 0);
	m.functions[below_slot].hw.multifunction = true;
	next = reset_bridge(ON_ROOT(0), 2);
	below_next = index_of(add_function(next, 1));
	m.policy.hotplug_buses = 0;
	simulate();
	assert_numbers(slot, 0, 1, 0);
	assert_numbers(next, 0, 1, 0);
	assert_found_on(below_slot, 1);
	assert_int_equal(m.sim.nr_buses, 2);
	/*
	 * The first slot goes on answering for its secondary bus, so nothing of the other is found
	 * in the second scan.
	 */
	assert_not_found(below_next);
}

/*
 * Switch with 16 numbers, [01-10], below a bridge that keeps them; the upstream port and all below
 * it are reset. The upstream port is alone on bus 1 and gets all 15 that are left there. One is its
 * own, bus 2. Three downstream ports: one each is set aside, the rest, 12, goes to the slots, half
 * of the 14 each, as far as there are any: 7 and then 6.
 */
SIM_TEST(slots_share_what_is_left)
{
	uint16_t above, up, first, second, plain;

	root(0, 255);
	above = with_port(bridge(ON_ROOT(0), 1, 0, 1, 0x10), PG_PORT_LINK);
	up = with_port(reset_bridge(above, 0), PG_PORT_UPSTREAM);
	first = with_hotplug(reset_bridge(up, 0), PG_PORT_DOWNSTREAM);
	second = with_hotplug(reset_bridge(up, 1), PG_PORT_DOWNSTREAM);
	plain = with_port(reset_bridge(up, 2), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(up, 1, 2, 0x10);
	assert_numbers(first, 2, 3, 9);
	assert_numbers(second, 2, 0xa, 0xf);
	assert_numbers(plain, 2, 0x10, 0x10);
}

/* The same, with a port without a slot in front. */
SIM_TEST(slots_share_behind_a_plain_port)
{
	uint16_t above, up, plain, first, second;

	root(0, 255);
	above = with_port(bridge(ON_ROOT(0), 1, 0, 1, 0x10), PG_PORT_LINK);
	up = with_port(reset_bridge(above, 0), PG_PORT_UPSTREAM);
	plain = with_port(reset_bridge(up, 0), PG_PORT_DOWNSTREAM);
	first = with_hotplug(reset_bridge(up, 1), PG_PORT_DOWNSTREAM);
	second = with_hotplug(reset_bridge(up, 2), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(plain, 2, 3, 3);
	assert_numbers(first, 2, 4, 0xa);
	assert_numbers(second, 2, 0xb, 0x10);
	assert_numbers(up, 1, 2, 0x10);
}

/*
 * Numbers that SR-IOV keeps on the bus are used already: of 14, two for the ports, three for them,
 * 10 for the one slot.
 */
SIM_TEST(sriov_reduces_the_share)
{
	uint16_t above, up, slot, plain;

	root(0, 255);
	above = with_port(bridge(ON_ROOT(0), 1, 0, 1, 0x10), PG_PORT_LINK);
	up = with_port(reset_bridge(above, 0), PG_PORT_UPSTREAM);
	slot = with_hotplug(reset_bridge(up, 0), PG_PORT_DOWNSTREAM);
	plain = with_port(reset_bridge(up, 1), PG_PORT_DOWNSTREAM);
	m.functions[device(up, 2)].result.sriov_buses = 3;
	simulate();
	assert_numbers(slot, 2, 6, 0xf);
	assert_numbers(plain, 2, 0x10, 0x10);
}

/* And so are those that are kept: [02-06] are five of 31, one more is for the slot itself. */
SIM_TEST(kept_numbers_reduce_the_share)
{
	uint16_t above, kept, slot, plain;

	root(0, 255);
	above = bridge(ON_ROOT(0), 1, 0, 1, 0x20);
	kept = with_port(bridge(above, 0, 1, 2, 6), PG_PORT_DOWNSTREAM);
	slot = with_hotplug(reset_bridge(above, 1), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(kept, 1, 2, 6);
	assert_numbers(slot, 1, 7, 0x20);
	/* One more number is for a port behind the slot. */
	plain = reset_bridge(above, 2);
	simulate();
	assert_numbers(slot, 1, 7, 0x1f);
	assert_numbers(plain, 1, 0x20, 0x20);
	/* Two kept numbers are two less. */
	m.functions[kept].hw.subordinate = 3;
	simulate();
	assert_numbers(slot, 1, 4, 0x1f);
	assert_numbers(plain, 1, 0x20, 0x20);
}

/*
 * So are those that the second pass has given to others before: [02-05], and the slot's share is
 * 25, number 6 included.
 */
SIM_TEST(assigned_numbers_reduce_the_share)
{
	uint16_t above, plain, slot, last, i;

	root(0, 255);
	above = bridge(ON_ROOT(0), 1, 0, 1, 0x1f);
	plain = reset_bridge(above, 0);
	for (i = 0; i < 3; i++)
		reset_bridge(plain, (uint8_t)i);
	slot = with_hotplug(reset_bridge(above, 1), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(plain, 1, 2, 5);
	assert_numbers(slot, 1, 6, 0x1f);
	last = reset_bridge(above, 2);
	simulate();
	assert_numbers(slot, 1, 6, 0x1e);
	assert_numbers(last, 1, 0x1f, 0x1f);
}

/* One slot alone on a bus. */
SIM_TEST(single_slot_gets_all)
{
	uint16_t above, slot;

	root(0, 255);
	above = bridge(ON_ROOT(0), 1, 0, 1, 0x10);
	slot = with_hotplug(reset_bridge(above, 0), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(slot, 1, 2, 0x10);
}

/*
 * Bridges without a slot hand nothing on where there are several; where there is one alone it hands
 * on all.
 */
SIM_TEST(plain_bridges_pass_the_share_on)
{
	uint16_t above, first, slot, second;

	root(0, 255);
	above = bridge(ON_ROOT(0), 1, 0, 1, 0x10);
	first = reset_bridge(above, 0);
	slot = with_hotplug(reset_bridge(first, 0), PG_PORT_DOWNSTREAM);
	/* Devices beside it are no bridges. */
	device(above, 2);
	simulate();
	assert_numbers(first, 1, 2, 0x10);
	assert_numbers(slot, 2, 3, 0x10);
	second = reset_bridge(above, 1);
	simulate();
	assert_numbers(slot, 2, 3, 3);
	assert_numbers(second, 1, 4, 4);
	/* A slot beside it takes the share, and it has none to hand on. */
	with_hotplug(second, PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(slot, 2, 3, 3);
	assert_numbers(second, 1, 4, 0x10);
}

/* On a root bus there is nothing to share: what is handed down there is 0. */
SIM_TEST(root_buses_share_nothing)
{
	uint16_t first, second;

	root(0, 255);
	first = with_hotplug(reset_bridge(ON_ROOT(0), 1), PG_PORT_LINK);
	second = with_hotplug(reset_bridge(ON_ROOT(0), 2), PG_PORT_LINK);
	simulate();
	assert_numbers(first, 0, 1, 1);
	assert_numbers(second, 0, 2, 2);
}

/*
 * Where more is used than was there, "what is left" wraps and is no limit any more. Bridge with
 * [01-04]: its upstream port has number 2, and two are left for five ports. The slot gets 2, where
 * none was to spare: [03-04]. The others are pushed out.
 */
SIM_TEST(share_wraps)
{
	uint16_t above, up, slot, others[4], i;

	root(0, 255);
	above = with_port(bridge(ON_ROOT(0), 1, 0, 1, 4), PG_PORT_LINK);
	up = with_port(reset_bridge(above, 0), PG_PORT_UPSTREAM);
	slot = with_hotplug(reset_bridge(up, 0), PG_PORT_DOWNSTREAM);
	for (i = 0; i < 4; i++)
		others[i] = with_port(reset_bridge(up, (uint8_t)(i + 1)), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(slot, 2, 3, 4);
	for (i = 0; i < 4; i++)
		assert_numbers(others[i], 2, (uint8_t)(5 + i), (uint8_t)(5 + i));
	assert_numbers(up, 1, 2, 8);
	assert_numbers(above, 0, 1, 4);
}

/*
 * Just enough: three for three ports, and the limit is one, which is the slot's own. It does not
 * wrap at 0.
 */
SIM_TEST(share_does_not_wrap_too_early)
{
	uint16_t above, up, slot, first, second;

	root(0, 255);
	above = with_port(bridge(ON_ROOT(0), 1, 0, 1, 5), PG_PORT_LINK);
	up = with_port(reset_bridge(above, 0), PG_PORT_UPSTREAM);
	slot = with_hotplug(reset_bridge(up, 0), PG_PORT_DOWNSTREAM);
	first = with_port(reset_bridge(up, 1), PG_PORT_DOWNSTREAM);
	second = with_port(reset_bridge(up, 2), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(slot, 2, 3, 3);
	assert_numbers(first, 2, 4, 4);
	assert_numbers(second, 2, 5, 5);
	/* One less: two for three, the limit is 0. */
	m.functions[above].hw.subordinate = 4;
	simulate();
	assert_numbers(slot, 2, 3, 3);
	assert_numbers(first, 2, 4, 4);
	assert_numbers(second, 2, 5, 5);
}

/*
 * A port below a downstream port is none with a slot, whatever it says: its type is an impossible
 * one.
 */
SIM_TEST(slots_of_impossible_ports)
{
	uint16_t above, slot;

	root(0, 255);
	above = with_port(bridge(ON_ROOT(0), 1, 0, 1, 0x10), PG_PORT_LINK);
	slot = with_hotplug(reset_bridge(above, 0), PG_PORT_DOWNSTREAM);
	simulate();
	assert_numbers(slot, 1, 2, 2);
	with_port(above, PG_PORT_UPSTREAM);
	simulate();
	assert_numbers(slot, 1, 2, 0x10);
}

/*
 * CardBus: Linux clears good numbers, too, and assigns four, three of them for cards with bridges.
 * It does not look for functions behind the bridge.
 */
SIM_TEST(cardbus_gets_four)
{
	uint16_t card, below, next;

	root(0, 255);
	card = cardbus(ON_ROOT(0), 1, 0, 0x40, 0x43);
	below = device(card, 0);
	next = reset_bridge(ON_ROOT(0), 2);
	simulate();
	assert_numbers(card, 0, 1, 4);
	assert_int_equal(m.sim.buses[pg_sim_find_bus(&m.sim, 1)].last, 4);
	assert_not_found(below);
	assert_numbers(next, 0, 5, 5);
}

/* It is cleared before the next bridge has its turn, so what it claimed is not hidden any more. */
SIM_TEST(cardbus_is_cleared_first)
{
	uint16_t card, kept, below;

	root(0, 255);
	card = cardbus(ON_ROOT(0), 1, 0, 4, 5);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 5);
	below = device(kept, 0);
	simulate();
	assert_numbers(card, 0, 6, 9);
	assert_found_on(below, 5);
}

/* Fixed numbers are for other bridges (pci_ea_fixed_busnrs() wants header layout 1). */
SIM_TEST(cardbus_has_no_fixed_numbers)
{
	uint16_t card;

	root(0, 255);
	card = with_fixed(cardbus(ON_ROOT(0), 1, 0, 0, 0), 9, 9);
	simulate();
	assert_numbers(card, 0, 1, 4);
}

/* The reserve ends in front of a bus that exists: here root bus 3, which was scanned before. */
SIM_TEST(cardbus_reserve_ends_at_a_bus)
{
	static const struct {
		uint8_t other, subordinate;
	} rows[] = { { 2, 1 }, { 3, 2 }, { 4, 3 }, { 5, 4 } };
	uint16_t card;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		machine_setup(state);
		root(rows[i].other, 255);
		root(0, (uint8_t)(rows[i].other - 1));
		card = cardbus(ON_ROOT(1), 1, 0, 0, 0);
		simulate();
		assert_numbers(card, 0, 1, rows[i].subordinate);
	}
}

/*
 * Below a bridge with few numbers only half of what would fit is taken, so that a second CardBus
 * bridge has some. That one then sees no end within its reach and takes three beyond it.
 */
SIM_TEST(cardbus_below_a_narrow_bridge)
{
	static const struct {
		uint8_t above, first, second_from, second_to;
	} rows[] = {
		{ 2, 5, 6,
		  9 }, /* no number left over: an end that is reached already is none in the way */
		{ 3, 2, 3, 6 },
		{ 4, 3, 4, 7 },
		{ 5, 5, 6, 9 }, /* all three fit */
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

/* The end of a bridge further up counts as well; the root bus's own does not. */
SIM_TEST(cardbus_below_two_bridges)
{
	uint16_t card;

	root(0, 255);
	card = cardbus(bridge(bridge(ON_ROOT(0), 1, 0, 1, 5), 0, 1, 2, 9), 0, 0, 0, 0);
	simulate();
	assert_numbers(card, 2, 3, 4);
	machine_setup(state);
	root(0, 2);
	card = cardbus(ON_ROOT(0), 1, 0, 0, 0);
	simulate();
	assert_numbers(card, 0, 1, 4);
}

/* With pci=assign-busses no bridge above is in the way. */
SIM_TEST(cardbus_with_assign_busses)
{
	uint16_t above, card;

	root(0, 4);
	above = reset_bridge(ON_ROOT(0), 1);
	card = cardbus(above, 0, 0, 0, 0);
	simulate();
	assert_numbers(card, 1, 2, 3);
	assert_numbers(above, 0, 1, 3);
	m.policy.assign_busses = true;
	simulate();
	assert_numbers(card, 1, 2, 5);
	assert_numbers(above, 0, 1, 5);
}
