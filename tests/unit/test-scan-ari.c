// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-ari.c - lib/topology/ari.c: the functions that Linux finds by ARI.
 */
#include "own-fixture.h"

static void put_ari(struct mock_function *function, uint8_t next)
{
	mock_pcie(function, PCIE_ENDPOINT);
	function->regs[PG_REG_EXTENDED / 4] = 0x0001000e;
	function->regs[PG_REG_EXTENDED / 4 + 1] = (uint32_t)next << 8 | 0xabcd0012;
}

/* Adds a port 00:01.0 [01-01] of @type that can forward ARI. */
static struct mock_function *ari_port(unsigned int type)
{
	struct mock_function *added = mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);

	mock_pcie(added, type);
	added->regs[DEVICE_CAPABILITIES_2 / 4] = PG_ARI_FORWARDING;
	return added;
}

/* @chain has function numbers behind the root port, and the next function that each names. */
static bool hidden_in_chain(const uint8_t (*chain)[2], unsigned int nr, uint8_t wanted)
{
	unsigned int i;

	fixture_again();
	ari_port(PG_EXPRESS_ROOT_PORT);
	for (i = 0; i < nr; i++)
		put_ari(mock_device(&f.config, 1, chain[i][0] >> 3, chain[i][0] & 7), chain[i][1]);
	record("00:01.0");
	fixture_record(pg_bdf(0, 1, pg_devfn(wanted >> 3, wanted & 7)));
	fixture_scan();
	assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
	return f.functions[1].result.hidden;
}

FIXTURE_TEST(functions_of_an_ari_chain_are_found)
{
	static const uint8_t direct[][2] = { { 0, 9 }, { 9, 0 } };
	static const uint8_t steps[][2] = { { 0, 3 }, { 3, 8 }, { 8, 255 }, { 255, 0 } };
	static const uint8_t past[][2] = { { 0, 10 }, { 9, 10 }, { 10, 0 } };
	static const uint8_t gap[][2] = { { 0, 5 }, { 9, 0 } };
	static const uint8_t back[][2] = { { 0, 12 }, { 12, 9 }, { 9, 0 } };
	static const uint8_t itself[][2] = { { 0, 12 }, { 12, 12 }, { 20, 0 } };
	static const uint8_t headless[][2] = { { 9, 0 } };

	assert_false(hidden_in_chain(direct, 2, 9));
	assert_false(hidden_in_chain(steps, 4, 8));
	assert_false(hidden_in_chain(steps, 4, 255));
	assert_true(hidden_in_chain(past, 3, 9));
	assert_true(hidden_in_chain(gap, 2, 9));
	assert_true(hidden_in_chain(back, 3, 9));
	assert_true(hidden_in_chain(itself, 3, 20));
	assert_true(hidden_in_chain(headless, 1, 9));
}

FIXTURE_TEST(without_an_ari_capability_the_chain_ends)
{
	unsigned int round;

	for (round = 0; round < 4; round++) {
		struct mock_function *zero;

		fixture_again();
		ari_port(PG_EXPRESS_ROOT_PORT);
		zero = mock_device(&f.config, 1, 0, 0);
		put_ari(zero, 9);
		if (round == 1)
			zero->regs[PG_REG_EXTENDED / 4] = 0;
		if (round == 2)
			zero->no_window_from = PG_REG_EXTENDED;
		/* The capability is present, but its register is unreadable. */
		if (round == 3)
			zero->no_window_from = PG_REG_EXTENDED + 4;
		machine("1:01.1");
		record("01:01.1");
		if (round == 3) {
			assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_CONFIG_UNREADABLE);
			continue;
		}
		fixture_scan();
		assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
		assert_int_equal(f.functions[0].result.hidden, round != 0);
	}
}

/* Linux ignores a function that is not PCI Express, or has an unknown layout. */
FIXTURE_TEST(a_function_that_linux_ignores_ends_the_chain)
{
	static const struct {
		uint16_t reg;
		uint32_t flip;
		bool hidden;
	} rows[] = {
		{ PG_REG_CLASS, 1, false },			  /* its revision */
		{ 0x40, 1, true },				  /* another capability */
		{ PG_REG_COMMAND, PG_STATUS_CAPABILITIES, true }, /* none */
		{ PG_REG_CAPABILITIES, 0x40, true },
		{ PG_REG_HEADER, PG_HEADER_CARDBUS << 16, true },
		{ PG_REG_HEADER, 4u << 16, true }, /* an unknown layout */
	};
	unsigned int i;

	/* In odd rounds, this function is recorded. */
	for (i = 0; i < 2 * PG_ARRAY_SIZE(rows); i++) {
		struct mock_function *link;

		fixture_again();
		ari_port(PG_EXPRESS_ROOT_PORT);
		put_ari(mock_device(&f.config, 1, 0, 0), 3);
		link = mock_device(&f.config, 1, 0, 3);
		put_ari(link, 9);
		put_ari(mock_device(&f.config, 1, 1, 1), 0);
		link->regs[rows[i / 2].reg / 4] ^= rows[i / 2].flip;
		if (i % 2)
			record("01:00.3");
		record("01:01.1");
		fixture_scan();
		assert_int_equal(f.functions[i % 2].at.devfn, 9);
		assert_int_equal(f.functions[i % 2].result.hidden, rows[i / 2].hidden);
	}
}

FIXTURE_TEST(ari_does_not_apply_behind_a_conventional_bridge)
{
	machine("0:01.0>1 00/01-01");
	mock_multifunction(mock_device(&f.config, 1, 1, 0));
	machine("1:01.1  1:02.1  1:03.0");
	record("00:01.0 01:01.1 01:02.1 01:03.0");
	fixture_scan();
	assert_false(f.functions[1].result.hidden);
	assert_true(f.functions[2].result.hidden);
	assert_false(f.functions[3].result.hidden);
}

static struct mock_function *port, *zero;

/* Adds functions 0 and 9 behind the port. Function 0 names function 9, which is recorded. */
static void ari_machine(unsigned int type)
{
	fixture_again();
	port = ari_port(type);
	zero = mock_device(&f.config, 1, 0, 0);
	put_ari(zero, 9);
	put_ari(mock_device(&f.config, 1, 1, 1), 0);
	record("00:01.0 01:01.1");
}

/*
 * The next kernel may keep ARI forwarding as it is. A function is found for certain only if it is
 * found with and without.
 */
FIXTURE_TEST(ari_forwarding_that_may_stay_hides_functions)
{
	static const struct {
		bool on;
		uint8_t next;
		bool hidden;
		bool undecided;
	} rows[] = {
		/* ARI forwarding is on, and function 0 has no ARI capability. */
		{ true, 0, true, true },
		/* Forwarding is off, and the chain lacks function 1 or has it. */
		{ false, 2, true, true },
		{ false, 1, false, true },
		{ true, 1, false, false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		port = ari_port(PG_EXPRESS_ROOT_PORT);
		port->regs[DEVICE_CONTROL_2 / 4] = rows[i].on ? PG_ARI_FORWARDING : 0;
		zero = mock_device(&f.config, 1, 0, 0);
		mock_multifunction(zero);
		if (rows[i].next)
			put_ari(zero, rows[i].next);
		put_ari(mock_device(&f.config, 1, 0, 1), 0);
		record("00:01.0 01:00.1");
		fixture_scan_as(PG_SCAN_MAY_KEEP_ARI);
		assert_int_equal(f.functions[1].result.hidden, rows[i].hidden);
		assert_int_equal(f.topology.undecided, rows[i].undecided);
		fixture_scan();
		assert_int_equal(f.functions[1].result.hidden, rows[i].next == 2);
		assert_false(f.topology.undecided);
	}
}

FIXTURE_TEST(ari_needs_a_port_and_a_function_0_that_support_it)
{
	ari_machine(PG_EXPRESS_ROOT_PORT);
	fixture_scan();
	assert_false(f.functions[1].result.hidden);
	/* pci=noari */
	fixture_scan_as(PG_SCAN_NO_ARI);
	assert_true(f.functions[1].result.hidden);
	/* The port cannot forward ARI, or its capability is too old to have the register. */
	port->regs[DEVICE_CAPABILITIES_2 / 4] = ~PG_ARI_FORWARDING;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	ari_machine(PG_EXPRESS_ROOT_PORT);
	port->regs[PCIE_AT / 4] ^= 3u << 16;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	port->regs[PCIE_AT / 4] ^= 2u << 16;
	fixture_scan();
	assert_false(f.functions[1].result.hidden);
	/* Function 0 is absent. */
	zero->regs[PG_REG_ID / 4] = 0xffff0000;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
}

/*
 * pci_bridge_child_ext_cfg_accessible(): Linux sees no ARI capability behind a bridge that is
 * neither a root port nor a port of a switch.
 */
FIXTURE_TEST(ari_does_not_apply_behind_a_bridge_from_pci)
{
	unsigned int type;

	for (type = 0; type < 16; type++) {
		ari_machine(type);
		mock_multifunction(mock_device(&f.config, 1, 1, 0));
		fixture_scan();
		/* Behind other bridges, 01:01.1 is function 1 of device 1. */
		assert_int_equal(f.functions[1].result.hidden, type == PG_EXPRESS_FROM_PCI);
		fixture_scan_everything();
		assert_int_equal(fixture_function(0, 1, 0)->hw.from_pci,
				 type == PG_EXPRESS_FROM_PCI);
		assert_int_equal(fixture_function(1, 0, 0)->hw.ari, true);
		assert_int_equal(fixture_function(1, 0, 0)->hw.ari_next, 9);
		/* The recorded function has the capability as well. */
		assert_true(f.functions[1].hw.ari);
		assert_true(fixture_function(0, 1, 0)->hw.ari_forward);
		assert_false(fixture_function(0, 1, 0)->hw.ari_on);
	}
}

/* Adds 00:01.0 of @type, with a switch below it. */
static bool ari_hidden_below_as(unsigned int type, bool complete)
{
	fixture_again();
	own(complete, "00:01.0 00/01-01  01:00.0 01/02-02  02:00.0 02/03-03", "");
	f.record.own.present = complete;
	port = mock_bridge(&f.config, 0, 1, 1, 0, 1, 3);
	if (type < NO_PCIE)
		mock_pcie(port, type);
	machine("1:00.0>2 01/02-03 up");
	port = mock_bridge(&f.config, 2, 0, 3, 2, 3, 3);
	mock_pcie(port, PG_EXPRESS_DOWNSTREAM);
	port->regs[DEVICE_CAPABILITIES_2 / 4] = PG_ARI_FORWARDING;
	put_ari(mock_device(&f.config, 3, 0, 0), 9);
	put_ari(mock_device(&f.config, 3, 1, 1), 0);
	record("00:01.0 01:00.0 02:00.0 03:01.1");
	fixture_scan();
	assert_int_equal(f.functions[3].hw.presence, PG_PRESENT);
	return f.functions[3].result.hidden;
}

/* With a complete list of bridges, the scan searches no bus, but the result must be the same. */
static bool ari_hidden_below(unsigned int type)
{
	const bool hidden = ari_hidden_below_as(type, false);

	assert_int_equal(ari_hidden_below_as(type, true), hidden);
	return hidden;
}

FIXTURE_TEST(below_a_conventional_bridge_ari_does_not_apply)
{
	assert_false(ari_hidden_below(PG_EXPRESS_ROOT_PORT));
	assert_true(ari_hidden_below(PG_EXPRESS_FROM_PCI));
	assert_true(ari_hidden_below(NO_PCIE));
	assert_true(ari_hidden_below(PCIE_ENDPOINT));
	/* Linux takes an upstream port below an upstream port for an endpoint. */
	assert_true(ari_hidden_below(PG_EXPRESS_UPSTREAM));
}

/*
 * Function 0 has no ARI capability. After Linux has switched ARI forwarding off, no config read
 * reaches functions above 7.
 */
FIXTURE_TEST(linux_switches_ari_off_without_a_capability)
{
	ari_machine(PG_EXPRESS_ROOT_PORT);
	zero->regs[PG_REG_EXTENDED / 4] = 0;
	mock_multifunction(mock_device(&f.config, 1, 1, 0));
	port->regs[DEVICE_CONTROL_2 / 4] = PG_ARI_FORWARDING;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	fixture_scan_as(PG_SCAN_EVERYTHING);
	assert_true(fixture_function(0, 1, 0)->hw.ari_on);
	assert_false(fixture_function(1, 0, 0)->hw.ari);
	/*
	 * With pci=pcie_scan_all, Linux looks for device 1, but the port forwards config reads for
	 * device 0 only. With pci=noari, Linux leaves ARI forwarding on, and the config read
	 * reaches the function.
	 */
	fixture_scan_as(PG_SCAN_ALL_DEVICES);
	assert_true(f.functions[1].result.hidden);
	fixture_scan_as(PG_SCAN_ALL_DEVICES | PG_SCAN_NO_ARI);
	assert_false(f.functions[1].result.hidden);
}

/*
 * It does not matter whether they are recorded. Behind a link, the scan finds no other functions.
 */
FIXTURE_TEST(a_full_scan_lists_the_functions_of_the_chain)
{
	ari_machine(PG_EXPRESS_ROOT_PORT);
	zero->regs[PG_REG_EXTENDED / 4 + 1] = 0x1000;
	put_ari(mock_device(&f.config, 1, 2, 0), 9);
	machine("1:03.0");
	f.record.nr = 1;
	fixture_scan_everything();
	assert_listed(1, 0, true);
	assert_listed(1, 0x10, true);
	assert_listed(1, 0x09, false);
	assert_listed(1, 0x18, false);
	assert_true(fixture_function(1, 2, 0)->hw.ari);
	assert_int_equal(fixture_function(1, 2, 0)->hw.ari_next, 9);
	/* A function that names itself ends the chain. */
	f.config.functions[3].regs[PG_REG_EXTENDED / 4 + 1] = 0x1000;
	fixture_scan_everything();
	assert_listed(1, 0x10, true);
	assert_int_equal(fixture_function(1, 2, 0)->hw.ari_next, 0x10);
}

/*
 * Linux may reach the bus through another bridge, and then find the function.
 */
FIXTURE_TEST(recorded_functions_are_listed_even_if_hidden)
{
	ari_port(PG_EXPRESS_ROOT_PORT);
	put_ari(mock_device(&f.config, 1, 0, 0), 9);
	put_ari(mock_device(&f.config, 1, 1, 1), 0);
	machine("1:02.0");
	record("00:01.0 01:00.0 01:01.0 01:01.1 01:02.0");
	fixture_scan_everything();
	assert_int_equal(f.functions[2].hw.presence, PG_ABSENT);
	assert_false(f.functions[3].result.hidden);
	assert_true(f.functions[4].result.hidden);
	assert_list(f.functions[0].child, "01:00.0 01:01.1 01:02.0");
}
