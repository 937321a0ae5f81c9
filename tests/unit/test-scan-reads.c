// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-reads.c - lib/topology/functions.c: what the scan reads of one function: is it present
 * and ready, which header layout does it have, are virtual functions enabled?
 */
#include "finding.h"
#include "scan-fixture.h"
#include "unit.h"

FIXTURE_TEST(device_not_ready)
{
	machine("0:01.0");
	f.config.functions[0].ready_at_ms = 100000;
	record("00:01.0");
	fixture_scan();
	expect("not-ready");
	assert_int_equal(f.config.now_ms, PG_NOT_READY_TOTAL_MS);
}

FIXTURE_TEST(device_ready_in_time)
{
	machine("0:01.0");
	f.config.functions[0].ready_at_ms = 500;
	record("00:01.0");
	fixture_scan();
	expect("-");
	assert_int_equal(f.functions[0].hw.id, 0x10d38086);
}

/* If one register is unreadable, the registers that were read before do not count. */
FIXTURE_TEST(device_unreadable_from)
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

FIXTURE_TEST(device_id_unreadable)
{
	machine("0:01.0");
	f.config.functions[0].id_unreadable = true;
	record("00:01.0");
	fixture_scan();
	expect("unreadable");
	assert_int_equal(f.topology.reads, 1 + 31);
}

/* An unreadable device changes nothing for the next one. */
FIXTURE_TEST(device_after_an_unreadable_one)
{
	machine("0:01.0  0:02.0");
	f.config.functions[0].unreadable_from = PG_REG_HEADER;
	record("00:01.0 00:02.0");
	fixture_scan();
	expect("unreadable -");
}

/* Without ECAM, Linux sees no extended capabilities either: this is no obstacle. */
FIXTURE_TEST(no_window_for_extended_registers)
{
	machine("0:01.0");
	f.config.functions[0].no_window_from = PG_REG_EXTENDED;
	record("00:01.0");
	fixture_scan();
	expect("-");
	assert_false(f.functions[0].hw.vfs_enabled);
}

/* Root port 00:03.0 [bus 01], device 01:00.0. */
static struct mock_function *root_port_and_device(void)
{
	machine("0:03.0>1 00/01-01  1:00.0");
	record("00:03.0 01:00.0");
	return &f.config.functions[0];
}

/* A bridge whose bus numbers read all ones was removed during the scan. */
FIXTURE_TEST(bridge_removed_during_the_scan)
{
	root_port_and_device()->regs[PG_REG_BUSES / 4] = 0xffffffff;
	fixture_scan();
	expect("absent unreached");
}

/* The scan cannot know which buses an unreadable neighbour leads to. */
FIXTURE_TEST(neighbour_unreadable)
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

FIXTURE_TEST(cardbus_bridge)
{
	root_port_and_device()->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	fixture_scan();
	expect("- 0");
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_CARDBUS);
	assert_int_equal(f.functions[0].hw.secondary, 1);
}

/* Header layout 3 is no bridge: register 0x18 has another meaning there. */
FIXTURE_TEST(other_header_layouts)
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

/* SR-IOV capability at 0x140 with the given control and status. */
static void put_sriov(struct mock_function *device, uint32_t control)
{
	device->regs[0x100 / 4] = 0x14010001;
	device->regs[0x140 / 4] = 0x00010010;
	device->regs[0x148 / 4] = control;
}

FIXTURE_TEST(virtual_functions)
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
		/* All ones: the device was removed, which is not "disabled". */
		{ 0xffffffff, true },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		fixture_again();
		machine("0:01.0");
		put_sriov(&f.config.functions[0], cases[i].control);
		record("00:01.0");
		fixture_scan();
		expect("-");
		assert_int_equal(f.functions[0].hw.vfs_enabled, cases[i].enabled);
		assert_false(f.functions[0].hw.unread);
		assert_int_equal(f.topology.reads, 5 + 31);
	}
}

/*
 * If they are unreadable, virtual functions may be enabled. Linux does not read extended registers
 * of a conventional device.
 */
FIXTURE_TEST(virtual_functions_unreadable)
{
	static const int from[] = { 0x100, 0x140, 0x148 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_again();
		machine("0:01.0");
		put_sriov(&f.config.functions[0], 0);
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

/* A capability in the last four bytes has no room for its control register. */
FIXTURE_TEST(virtual_functions_outside)
{
	machine("0:01.0");
	f.config.functions[0].regs[0x100 / 4] = 0xffc10001;
	f.config.functions[0].regs[0xffc / 4] = 0x00010010;
	record("00:01.0");
	fixture_scan();
	expect("-");
	assert_true(f.functions[0].hw.unread);
}

/* A bridge has no virtual functions: the scan does not read the registers for them. */
FIXTURE_TEST(bridges_have_no_virtual_functions)
{
	put_sriov(root_port_and_device(), 1);
	fixture_scan();
	assert_false(f.functions[0].hw.vfs_enabled);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), PG_REG_EXTENDED), 0);
}
