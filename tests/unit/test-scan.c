// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan.c - lib/topology/scan.c: the scan from the root buses to the recorded functions. The
 * tests also check the number of config reads, which is a part of the interface.
 */
#include "finding.h"
#include "scan-fixture.h"
#include "unit.h"

/* ID, header, and the first extended capability. */
#define READS_OF_A_DEVICE 3u
/* ID, header, bus numbers. */
#define READS_OF_A_BRIDGE 3u
/* Status register, pointer to the list, capability. */
#define READS_OF_THE_PORT_TYPE 3u

static unsigned int reads_at(uint8_t bus, uint8_t device, uint8_t function)
{
	return mock_reads_of(&f.config, pg_bdf(0, bus, pg_devfn(device, function)), 0xffff);
}

FIXTURE_TEST(without_recorded_functions_nothing_is_read)
{
	machine("0:01.0");
	fixture_scan();
	assert_int_equal(f.topology.nr, 0);
	assert_int_equal(f.topology.reads, 0);
}

/* The scan reads all bridges, even if no path has a bridge. */
FIXTURE_TEST(a_device_on_the_root_bus_is_found)
{
	machine("0:02.0  0:03.0>1 00/01-01 root");
	record("00:02.0");
	fixture_scan();
	expect("-");
	assert_int_equal(f.functions[0].hw.id, 0x10d38086);
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_NORMAL);
	assert_int_equal(f.functions[0].rec.refcount, 1);
	assert_true(pg_bdf_equal(f.functions[0].at, pg_bdf(0, 0, 16)));
	assert_int_equal(f.topology.nr, 2);
	/* One of the 31 other slots has a bridge. The last read is of the slot behind it. */
	assert_int_equal(f.topology.reads, READS_OF_A_DEVICE + 31 + READS_OF_A_BRIDGE - 1 +
						   READS_OF_THE_PORT_TYPE + 1);
}

FIXTURE_TEST(a_device_behind_a_root_port_is_found)
{
	mock_pcie(root_port_and_device(), PG_EXPRESS_ROOT_PORT);
	fixture_scan();
	expect("- 0");
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_BRIDGE);
	assert_int_equal(f.functions[0].hw.primary, 0);
	assert_int_equal(f.functions[0].hw.secondary, 1);
	assert_int_equal(f.functions[0].hw.subordinate, 1);
	assert_int_equal(f.topology.nr, 2);
	/* The scan reads the IDs of the 31 other devices of bus 0. Bus 1 has one device. */
	assert_int_equal(f.topology.reads,
			 READS_OF_A_BRIDGE + 31 + READS_OF_THE_PORT_TYPE + READS_OF_A_DEVICE);
}

/* The device is behind the second downstream port of a switch. */
FIXTURE_TEST(a_device_behind_a_switch_is_found)
{
	const struct pg_function *neighbour = &f.functions[4];

	machine("0:01.0>1 00/01-04 root  1:00.0>2 01/02-04 up  2:00.0>3 02/03-03 down "
		"2:01.0>4 02/04-04 down  4:00.0");
	record("00:01.0 01:00.0 02:01.0 04:00.0");
	fixture_scan();
	expect("- 0 1 2");
	/* The topology has the neighbour 02:00.0 as well, as a function that is not recorded. */
	assert_int_equal(f.topology.nr, 5);
	assert_true(pg_bdf_equal(neighbour->at, pg_bdf(0, 2, 0)));
	assert_false(neighbour->rec.recorded);
	assert_int_equal(neighbour->hw.presence, PG_PRESENT);
	assert_int_equal(neighbour->hw.id, 0x000c1b36);
	assert_int_equal(neighbour->rec.refcount, 0);
	assert_int_equal(neighbour->parent, 1);
	assert_int_equal(neighbour->hw.secondary, 3);
	assert_int_equal(neighbour->result.culprit, PG_NONE);
	/* Behind the root port, only device 0 is read. */
	assert_int_equal(reads_at(1, 1, 0), 0);
	assert_int_equal(f.topology.reads, 3 * READS_OF_A_BRIDGE + READS_OF_A_DEVICE /* recorded */
						   + 31 /* bus 0 */ + READS_OF_THE_PORT_TYPE +
						   1 /* bus 1: the first extended register */
						   + READS_OF_THE_PORT_TYPE + 30 +
						   READS_OF_A_BRIDGE /* bus 2 */
						   + READS_OF_THE_PORT_TYPE + 1 /* bus 3 */ +
						   READS_OF_THE_PORT_TYPE /* bus 4 */);
	/* The slot on bus 3 is empty. */
	assert_int_equal(reads_at(3, 0, 0), 1);
}

/* Adds a port of @type. Device 1 behind it is a bridge that leads to a recorded device. */
static unsigned int reads_of_device_1_behind(unsigned int type)
{
	unsigned int reads;

	fixture_again();
	machine("0:01.0>1 00/01-02  1:01.0>2 01/02-02  2:00.0");
	if (type != NO_PCIE)
		mock_pcie(&f.config.functions[0], type);
	record("02:00.0");
	fixture_scan();
	reads = mock_reads_of(&f.config, pg_bdf(0, 1, 8), PG_REG_ID);
	assert_int_equal(f.functions[0].parent != PG_NONE, reads != 0);
	return reads;
}

/* only_one_child() in drivers/pci/probe.c has the same types. */
FIXTURE_TEST(only_device_0_of_a_link_is_read)
{
	unsigned int type;

	for (type = 0; type <= NO_PCIE; type++) {
		const bool alone = type == PG_EXPRESS_ROOT_PORT || type == PG_EXPRESS_DOWNSTREAM ||
				   type == PG_EXPRESS_FROM_PCI;

		assert_int_equal(reads_of_device_1_behind(type), alone ? 0 : 1);
	}
}

FIXTURE_TEST(functions_are_read_if_function_0_is_multifunction)
{
	/* 00:01.0 has one function. Function 5 of 00:02 is a bridge. 00:03 has no function 0. */
	machine("0:01.0  0:02.0  0:02.5>1 00/01-01 root  0:03.1  1:00.0");
	mock_multifunction(&f.config.functions[1]);
	record("01:00.0");
	fixture_scan();
	expect("1");
	assert_true(pg_bdf_equal(f.functions[1].at, pg_bdf(0, 0, pg_devfn(2, 5))));
	assert_int_equal(reads_at(0, 1, 1), 0);
	assert_int_equal(reads_at(0, 2, 7), 1);
	assert_int_equal(reads_at(0, 3, 1), 0);
	assert_int_equal(reads_at(0, 31, 0), 1);
	/* 32 devices, 7 more functions of 00:02, the headers of two, the bridge, the device. */
	assert_int_equal(f.topology.reads, 32 + 7 + 2 + READS_OF_A_BRIDGE - 1 +
						   READS_OF_THE_PORT_TYPE + READS_OF_A_DEVICE);
}

FIXTURE_TEST(the_multifunction_bit_is_no_part_of_the_layout)
{
	mock_multifunction(root_port_and_device());
	fixture_scan();
	expect("- 0");
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_BRIDGE);
	assert_true(f.functions[0].hw.multifunction);
	/* The seven other functions may be bridges as well. */
	assert_int_equal(reads_at(0, 3, 7), 1);
}

FIXTURE_TEST(functions_of_a_recorded_device_are_read_once)
{
	machine("0:02.0  0:02.1>1 00/01-01  1:00.0");
	mock_multifunction(&f.config.functions[0]);
	record("00:02.0 00:02.1 01:00.0");
	fixture_scan();
	expect("- - 1");
	assert_true(f.functions[0].hw.multifunction);
	assert_false(f.functions[1].hw.multifunction);
	/* No register is read twice. */
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PG_REG_ID), 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PG_REG_HEADER), 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 17), PG_REG_ID), 1);
}

/*
 * The scan follows other bridges as well, because a bridge behind them may need a number.
 */
FIXTURE_TEST(a_function_is_behind_the_bridge_that_leads_to_its_bus)
{
	machine("0:01.0>1 00/01-04  0:02.0>2 00/05-05  0:03.0>3 00/06-09  2:00.0");
	record("05:00.0");
	fixture_scan();
	assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
	assert_true(pg_bdf_equal(f.functions[f.functions[0].parent].at, pg_bdf(0, 0, 16)));
	assert_int_equal(f.topology.nr, 4);
	assert_int_equal(reads_at(1, 0, 0), 1);
	assert_int_equal(reads_at(6, 0, 0), 1);
	assert_int_equal(reads_at(2, 0, 0), 0);
}

/* Only presence and paths of the recorded functions are checked. */
FIXTURE_TEST(paths_are_found_by_bus_numbers)
{
	static const struct scenario rows[] = {
		/* The second root bus is found because a recorded function answers there. */
		{ "0:01.0  8:01.0>9 80/81-81  9:00.0", "00:01.0 80:01.0 81:00.0", "- - 1" },
		/* The range of the lower bridge lies inside that of the upper one. */
		{ "0:01.0>1 00/01-02  1:01.0>2 01/02-02  2:00.0", "00:01.0 01:01.0 02:00.0",
		  "- 0 1" },
		{ "0:03.0>1 00/01-01", "00:03.0 01:00.0", "- absent" },
		/* The highest bus number. */
		{ "0:03.0>1 00/ff-ff  1:00.0", "00:03.0 ff:00.0", "- 0" },
		/* A wrong primary number does not change the forwarding. */
		{ "0:03.0>1 07/01-01  1:00.0", "00:03.0 01:00.0", "- 0" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		mock_root_bus(&f.config, 0, 0x80, 8);
		machine(rows[i].machine);
		record(rows[i].record);
		fixture_scan();
		expect(rows[i].expected);
	}
	assert_int_equal(f.functions[0].hw.primary, 7);
}

FIXTURE_TEST(the_first_bus_of_a_window_is_a_root_bus)
{
	mock_segment(&f.config, 3, 0x40, 0x4f);
	mock_root_bus(&f.config, 3, 0x40, 10);
	machine("10:00.0>11 40/41-4f  11:00.0");
	record("3:40:00.0 3:41:00.0");
	fixture_scan();
	expect("- 0");
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(3, 0, 0), 0xffff), 0);
}

FIXTURE_TEST(a_device_on_root_bus_40_is_found)
{
	fixture_window(0x40, 0x4f);
	machine("0:00.0");
	record("40:00.0");
	fixture_scan();
	expect("-");
	assert_int_equal(f.topology.reads, READS_OF_A_DEVICE + 31);
}

/* Bus 0 of this segment is wire 10. */
static void add_segment_1(void)
{
	mock_segment(&f.config, 1, 0, 255);
	mock_root_bus(&f.config, 1, 0, 10);
}

FIXTURE_TEST(equal_addresses_in_two_segments_are_different)
{
	add_segment_1();
	machine("0:03.0>1 00/01-01 root  1:00.0  10:03.0>11 00/01-01 root  11:00.0");
	f.config.functions[1].regs[0] = 0x11111111;
	f.config.functions[3].regs[0] = 0x22222222;
	record("00:03.0 01:00.0 1:00:03.0 1:01:00.0");
	fixture_scan();
	expect("- 0 - 2");
	assert_int_equal(f.functions[1].hw.id, 0x11111111);
	assert_int_equal(f.functions[3].hw.id, 0x22222222);
	assert_int_equal(f.topology.reads,
			 2 * (READS_OF_A_BRIDGE + 31 + READS_OF_THE_PORT_TYPE + READS_OF_A_DEVICE));
}

/* The bridge to bus 01 of segment 0 is not looked for in segment 1. */
FIXTURE_TEST(each_segment_is_searched_for_its_own_record)
{
	add_segment_1();
	machine("0:03.0>1 00/01-01 root  1:00.0  10:01.0");
	record("00:03.0 01:00.0 1:00:01.0");
	fixture_scan();
	expect("- 0 -");
	assert_int_equal(f.topology.reads, READS_OF_A_BRIDGE + 31 + READS_OF_THE_PORT_TYPE +
						   READS_OF_A_DEVICE + READS_OF_A_DEVICE + 31);
}

FIXTURE_TEST(a_segment_without_a_window_is_reported)
{
	machine("0:01.0");
	record("00:01.0 5:00:01.0 5:01:00.0 10000:00:00.0");
	fixture_scan();
	expect("- no-window no-window no-window");
	assert_int_equal(f.functions[4].rec.refcount, 0x5a5a);
	assert_int_equal(f.topology.reads, READS_OF_A_DEVICE + 31);
}

/* A bridge leads to the bus, but the window ends before it. */
FIXTURE_TEST(a_bus_outside_the_window_is_reported)
{
	fixture_window(0, 3);
	machine("0:01.0>1 00/04-04  1:00.0");
	record("00:01.0 04:00.0");
	fixture_scan();
	expect("- no-window");
	assert_int_equal(f.functions[1].parent, PG_NONE);
}

/* A bridge leads to its own bus, or to a bus above. */
FIXTURE_TEST(bridges_in_a_loop_are_visited_once)
{
	static const char *const machines[] = {
		"0:01.0>1 00/01-02  1:00.0>1 01/01-02",
		"0:01.0>1 00/01-02  1:00.0>1 01/01-ff",
		"0:01.0>1 00/01-02  1:00.0>1 01/01-01",
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(machines); i++) {
		run_scenario(&(struct scenario){ machines[i], "00:01.0 01:00.0 02:00.0",
						 "- 0 unreached" });
		assert_true(f.topology.reads < 3 * 32 + 20);
	}
	fixture_again();
	fixture_window(4, 9);
	machine("0:01.0>1 04/04-09");
	record("04:01.0 05:00.0");
	fixture_scan();
	expect("- unreached");
	assert_true(f.topology.reads < 32 + 10);
}

/* Bus n leads to bus n + 1. This is the longest possible path. */
FIXTURE_TEST(a_chain_of_256_buses_is_scanned)
{
	unsigned int bus;

	for (bus = 0; bus < 255; bus++) {
		mock_pcie(mock_bridge(&f.config, (int)bus, 0, (int)bus + 1, (uint8_t)bus,
				      (uint8_t)(bus + 1), 255),
			  PG_EXPRESS_ROOT_PORT);
		fixture_record(pg_bdf(0, (uint8_t)bus, 0));
	}
	mock_device(&f.config, 255, 0, 0);
	fixture_record(pg_bdf(0, 255, 0));
	fixture_scan();
	for (bus = 0; bus < 256; bus++) {
		assert_int_equal(f.functions[bus].hw.presence, PG_PRESENT);
		assert_int_equal(f.functions[bus].parent, bus ? bus - 1 : PG_NONE);
		assert_int_equal(f.functions[bus].result.culprit, PG_NONE);
		assert_true(f.functions[bus].rec.recorded);
	}
	assert_int_equal(f.topology.nr, 256);
	/*
	 * Linux would follow an ARI chain behind each bridge, so the scan reads the first extended
	 * register of all bridges but the first.
	 */
	assert_int_equal(f.topology.reads, 255 * READS_OF_A_BRIDGE + 31 +
						   255 * READS_OF_THE_PORT_TYPE + 254 +
						   READS_OF_A_DEVICE);
}

FIXTURE_TEST(entries_beyond_the_record_do_not_count)
{
	machine("0:03.0>1 00/01-01  1:00.0  0:09.0>2 00/02-02");
	record("01:00.0 00:09.0");
	f.record.nr = 1;
	fixture_scan();
	expect("1");
	assert_int_equal(f.topology.nr, 3);
	assert_true(pg_bdf_equal(f.functions[2].at, pg_bdf(0, 0, pg_devfn(9, 0))));
	assert_int_equal(f.functions[2].hw.presence, PG_PRESENT);
	assert_false(f.functions[2].rec.recorded);
}

static void assert_full(uint32_t capacity, const char *text)
{
	assert_finding(fixture_scan_with(capacity), &f.finding, PG_WORKSPACE_FULL,
		       "functions and bridges: more than", text);
	assert_int_equal(f.finding.at, 0);
}

/* Two recorded functions and five neighbours, which are bridges, need a capacity of seven. */
FIXTURE_TEST(more_functions_than_the_capacity_are_refused)
{
	root_port_and_device();
	machine("0:0a.0>2 00/02-02  0:0b.0>3 00/03-03  0:0c.0>4 00/04-04  0:0d.0>5 00/05-05 "
		"0:0e.0>6 00/06-06");
	assert_int_equal(fixture_scan_with(7), PG_OK);
	assert_int_equal(f.topology.nr, 7);
	assert_full(6, "6");
	assert_full(2, "2");
	assert_full(1, "1");
	assert_int_equal(f.config.reads, 0);
}

FIXTURE_TEST(a_capacity_for_the_recorded_functions_suffices)
{
	root_port_and_device();
	assert_int_equal(fixture_scan_with(2), PG_OK);
	assert_int_equal(f.topology.nr, 2);
	assert_int_equal(f.functions[2].rec.refcount, 0x5a5a);
}
