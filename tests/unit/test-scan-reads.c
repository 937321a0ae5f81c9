// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-reads.c - lib/topology/functions.c: reads whether a function is present and ready, its
 * header layout, and whether virtual functions are enabled.
 */
#include "finding.h"
#include "scan-fixture.h"
#include "unit.h"

FIXTURE_TEST(a_device_that_is_never_ready_is_reported)
{
	machine("0:01.0");
	f.config.functions[0].ready_at_ms = 100000;
	record("00:01.0");
	fixture_scan();
	expect("not-ready");
	assert_int_equal(f.config.now_ms, PG_NOT_READY_TOTAL_MS);
}

FIXTURE_TEST(a_device_that_becomes_ready_is_present)
{
	machine("0:01.0");
	f.config.functions[0].ready_at_ms = 500;
	record("00:01.0");
	fixture_scan();
	expect("-");
	assert_int_equal(f.functions[0].hw.id, 0x10d38086);
}

/* The registers that were read before do not count. */
FIXTURE_TEST(a_device_with_an_unreadable_register_is_unreadable)
{
	static const int from[] = { PG_REG_COMMAND, PG_REG_HEADER, PG_REG_BUSES };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_again();
		machine(from[i] == PG_REG_BUSES ? "0:01.0>1 00/01-01" : "0:01.0");
		mock_multifunction(&f.config.functions[0]);
		f.config.functions[0].unreadable_from = from[i];
		record("00:01.0");
		fixture_scan();
		expect("unreadable");
	}
}

FIXTURE_TEST(a_device_with_an_unreadable_id_is_unreadable)
{
	machine("0:01.0");
	f.config.functions[0].id_unreadable = true;
	record("00:01.0");
	fixture_scan();
	expect("unreadable");
	assert_int_equal(f.topology.reads, 1 + 31);
}

FIXTURE_TEST(an_unreadable_device_does_not_affect_the_next)
{
	machine("0:01.0  0:02.0");
	f.config.functions[0].unreadable_from = PG_REG_HEADER;
	record("00:01.0 00:02.0");
	fixture_scan();
	expect("unreadable -");
}

/* Without ECAM, Linux sees no extended capabilities either. */
FIXTURE_TEST(extended_registers_need_no_window)
{
	machine("0:01.0");
	f.config.functions[0].no_window_from = PG_REG_EXTENDED;
	record("00:01.0");
	fixture_scan();
	expect("-");
	assert_false(f.functions[0].hw.vfs_enabled);
}

/* The bridge was removed after the scan had read its ID. */
FIXTURE_TEST(a_bridge_with_all_ones_was_removed)
{
	root_port_and_device()->regs[PG_REG_BUSES / 4] = 0xffffffff;
	fixture_scan();
	expect("absent unreached");
}

/* The scan cannot know which buses the neighbour leads to. */
FIXTURE_TEST(an_unreadable_neighbour_is_refused)
{
	unsigned int round;

	for (round = 0; round < 3; round++) {
		struct mock_function *neighbour;

		fixture_again();
		root_port_and_device();
		machine(round == 1 ? "0:09.0>2 00/02-02" : "0:09.0");
		neighbour = &f.config.functions[2];
		neighbour->id_unreadable = round == 0;
		neighbour->unreadable_from = round == 1 ? PG_REG_BUSES : 0;
		neighbour->no_window_from = round == 2 ? PG_REG_HEADER : 0;
		assert_finding(fixture_scan_with(FIXTURE_CAPACITY), &f.finding,
			       PG_CONFIG_UNREADABLE, "function", "0000:00:09.0");
		assert_int_equal(f.finding.at, 0);
	}
}

FIXTURE_TEST(a_cardbus_bridge_has_bus_numbers)
{
	root_port_and_device()->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	fixture_scan();
	expect("- 0");
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_CARDBUS);
	assert_int_equal(f.functions[0].hw.secondary, 1);
}

/* Register 0x18 has another meaning in this layout. */
FIXTURE_TEST(header_layout_3_has_no_bus_numbers)
{
	struct mock_function *other = root_port_and_device();

	other->regs[PG_REG_HEADER / 4] = 3u << 16;
	other->below = MOCK_NOWHERE;
	fixture_scan();
	expect("- unreached");
	assert_int_equal(f.functions[0].hw.header, 3);
	assert_int_equal(f.functions[0].hw.secondary, 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), PG_REG_BUSES), 0);
}

/* Adds an SR-IOV capability at 0x140 with this control and status register. */
static void put_sriov_control(struct mock_function *device, uint32_t control)
{
	device->regs[0x100 / 4] = 0x14010001;
	device->regs[0x140 / 4] = 0x00010010;
	device->regs[0x148 / 4] = control;
}

FIXTURE_TEST(enabled_virtual_functions_are_noticed)
{
	static const struct {
		uint32_t control;
		bool enabled;
	} cases[] = {
		{ 0x0000, false },
		{ 0x0001, true },
		{ 0x0018, false },
		{ 0x0019, true },
		{ 0x00010000, false },
		/* The device was removed, so its virtual functions may be enabled. */
		{ 0xffffffff, true },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		fixture_again();
		machine("0:01.0");
		put_sriov_control(&f.config.functions[0], cases[i].control);
		record("00:01.0");
		fixture_scan();
		expect("-");
		assert_int_equal(f.functions[0].hw.vfs_enabled, cases[i].enabled);
		assert_false(f.functions[0].hw.unread);
		assert_int_equal(f.topology.reads, 5 + 31);
	}
}

/*
 * Virtual functions may be enabled then. Linux does not read extended registers of a conventional
 * device.
 */
FIXTURE_TEST(unreadable_sriov_registers_are_noted)
{
	static const int from[] = { 0x100, 0x140, 0x148 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_again();
		machine("0:01.0");
		put_sriov_control(&f.config.functions[0], 0);
		f.config.functions[0].unreadable_from = from[i];
		record("00:01.0");
		fixture_scan();
		expect("-");
		assert_int_equal(f.functions[0].hw.unread, from[i] == 0x148);
		mock_pcie(&f.config.functions[0], PCIE_ENDPOINT);
		fixture_scan();
		expect("-");
		assert_true(f.functions[0].hw.unread);
	}
}

/* Its control register would lie outside config space. */
FIXTURE_TEST(a_capability_in_the_last_bytes_is_unreadable)
{
	machine("0:01.0");
	f.config.functions[0].regs[0x100 / 4] = 0xffc10001;
	f.config.functions[0].regs[0xffc / 4] = 0x00010010;
	record("00:01.0");
	fixture_scan();
	expect("-");
	assert_true(f.functions[0].hw.unread);
}

/* A bridge has no virtual functions. */
FIXTURE_TEST(sriov_registers_of_bridges_are_not_read)
{
	put_sriov_control(root_port_and_device(), 1);
	fixture_scan();
	assert_false(f.functions[0].hw.vfs_enabled);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), PG_REG_EXTENDED), 0);
}
