// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan.c - lib/topology/scan.c: the scan from the root buses to the recorded functions. Each
 * test describes its machine; wires are its physical buses. The tests check the number of config
 * reads as well, as it is a part of the interface.
 */
#include "finding.h"
#include "scan-fixture.h"
#include "unit.h"

#define PCIE_ENDPOINT 0u
#define PCIE_ROOT_PORT 4u
#define PCIE_UPSTREAM 5u
#define PCIE_DOWNSTREAM 6u
#define PCIE_TO_PCI 7u
#define PCI_TO_PCIE 8u

/* ID, header, and the first extended capability. */
#define READS_OF_A_DEVICE 3u
/* ID, header, bus numbers. */
#define READS_OF_A_BRIDGE 3u
/* The status register, and where there is a list the pointer and the capability. */
#define READS_OF_THE_PORT_TYPE 3u

static void assert_present(unsigned int i, uint16_t parent)
{
	assert_int_equal(f.functions[i].hw.presence, PG_PRESENT);
	assert_int_equal(f.functions[i].parent, parent);
	assert_true(f.functions[i].rec.recorded);
	assert_int_equal(f.functions[i].result.culprit, PG_NONE);
	assert_int_equal(f.functions[i].result.culprit, PG_NONE);
}

/* What does not answer holds zeros, as topology.h promises. */
static void assert_not_present(unsigned int i, enum pg_presence presence)
{
	const struct pg_function *function = &f.functions[i];

	assert_int_equal(function->hw.presence, presence);
	assert_int_equal(function->hw.id, 0);
	assert_int_equal(function->hw.header, 0);
	assert_int_equal(function->hw.primary, 0);
	assert_int_equal(function->hw.secondary, 0);
	assert_int_equal(function->hw.subordinate, 0);
	assert_false(function->hw.multifunction);
	assert_false(function->hw.vfs_enabled);
	assert_true(function->rec.recorded);
}

static void nothing_recorded(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0);
	fixture_scan();
	assert_int_equal(f.topology.nr, 0);
	assert_int_equal(f.topology.reads, 0);
}

/* On paths without bridges, all bridges count as well. */
static void device_on_the_root_bus(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 2, 0);
	mock_pcie(mock_bridge(&f.config, 0, 3, 1, 0, 1, 1), PCIE_ROOT_PORT);
	fixture_record(0, 0, 2, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_int_equal(f.functions[0].hw.id, 0x10d38086);
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_NORMAL);
	assert_int_equal(f.functions[0].rec.refcount, 1);
	assert_true(pg_bdf_equal(f.functions[0].at, pg_bdf(0, 0, 16)));
	assert_int_equal(f.topology.nr, 2);
	/* The other slots of the root bus, one of which holds a bridge, and the one behind that. */
	assert_int_equal(f.topology.reads, READS_OF_A_DEVICE + 31 + READS_OF_A_BRIDGE - 1 +
						   READS_OF_THE_PORT_TYPE + 1);
}

/* Root port 00:03.0 [bus 01], device 01:00.0. */
static struct mock_function *root_port_and_device(void)
{
	struct mock_function *port;

	fixture_segment_0();
	port = mock_bridge(&f.config, 0, 3, 1, 0, 1, 1);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	return port;
}

static void device_behind_a_root_port(void **state)
{
	(void)state;
	mock_pcie(root_port_and_device(), PCIE_ROOT_PORT);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_present(1, 0);
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_BRIDGE);
	assert_int_equal(f.functions[0].hw.primary, 0);
	assert_int_equal(f.functions[0].hw.secondary, 1);
	assert_int_equal(f.functions[0].hw.subordinate, 1);
	assert_int_equal(f.topology.nr, 2);
	/* Of the 31 other devices of bus 0 only the ID is asked; on bus 1 there is no other. */
	assert_int_equal(f.topology.reads,
			 READS_OF_A_BRIDGE + 31 + READS_OF_THE_PORT_TYPE + READS_OF_A_DEVICE);
}

/* Switch: 00:01.0 [01-04] - 01:00.0 [02-04] - 02:00.0 [03], 02:01.0 [04] - device 04:00.0. */
static void device_two_deep_behind_a_switch(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_pcie(mock_bridge(&f.config, 0, 1, 1, 0, 1, 4), PCIE_ROOT_PORT);
	mock_pcie(mock_bridge(&f.config, 1, 0, 2, 1, 2, 4), PCIE_UPSTREAM);
	mock_pcie(mock_bridge(&f.config, 2, 0, 3, 2, 3, 3), PCIE_DOWNSTREAM);
	mock_pcie(mock_bridge(&f.config, 2, 1, 4, 2, 4, 4), PCIE_DOWNSTREAM);
	mock_device(&f.config, 4, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 2, 1, 0, 1);
	fixture_record(0, 4, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_present(1, 0);
	assert_present(2, 1);
	assert_present(3, 2);
	/* The neighbour 02:00.0 is in the topology, too, as a function that is not recorded. */
	assert_int_equal(f.topology.nr, 5);
	assert_true(pg_bdf_equal(f.functions[4].at, pg_bdf(0, 2, 0)));
	assert_false(f.functions[4].rec.recorded);
	assert_int_equal(f.functions[4].hw.presence, PG_PRESENT);
	assert_int_equal(f.functions[4].hw.id, 0x000c1b36);
	assert_int_equal(f.functions[4].rec.refcount, 0);
	assert_int_equal(f.functions[4].parent, 1);
	assert_int_equal(f.functions[4].hw.secondary, 3);
	assert_int_equal(f.functions[4].result.culprit, PG_NONE);
	assert_int_equal(f.functions[4].result.culprit, PG_NONE);
	/* Behind the root port there is only device 0: no question to the 31 others there. */
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 1, 8), 0xffff), 0);
	assert_int_equal(f.topology.reads, 3 * READS_OF_A_BRIDGE + READS_OF_A_DEVICE /* recorded */
						   + 31 /* bus 0 */ + READS_OF_THE_PORT_TYPE +
						   1 /* bus 1, and a chain of ARI from there? */
						   + READS_OF_THE_PORT_TYPE + 30 +
						   READS_OF_A_BRIDGE /* bus 2 */
						   + READS_OF_THE_PORT_TYPE + 1 /* bus 3 */ +
						   READS_OF_THE_PORT_TYPE /* bus 4 */);
	/* The slot on bus 3 is empty. */
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0), 0xffff), 1);
}

/*
 * Device 1 behind a port of @type: is it looked at? There is a bridge to find there, to a recorded
 * device.
 */
static unsigned int reads_of_device_1_behind(unsigned int type)
{
	void *state = NULL;
	unsigned int reads;
	struct mock_function *port;

	fixture_setup(&state);
	fixture_segment_0();
	port = mock_bridge(&f.config, 0, 1, 1, 0, 1, 2);
	if (type <= 15)
		mock_pcie(port, type);
	mock_bridge(&f.config, 1, 1, 2, 1, 2, 2);
	mock_device(&f.config, 2, 0, 0);
	fixture_record(0, 2, 0, 0, 1);
	fixture_scan();
	reads = mock_reads_of(&f.config, pg_bdf(0, 1, 8), PG_REG_ID);
	assert_int_equal(f.functions[0].parent != PG_NONE, reads != 0);
	fixture_teardown(&state);
	return reads;
}

/*
 * As only_one_child() in drivers/pci/probe.c: root port, downstream port, and a bridge from PCI to
 * PCI Express.
 */
static void only_device_0_behind_downstream_ports(void **state)
{
	unsigned int type;

	mock_config_end(&f.config);
	for (type = 0; type < 16; type++) {
		const bool alone =
			type == PCIE_ROOT_PORT || type == PCIE_DOWNSTREAM || type == PCI_TO_PCIE;

		assert_int_equal(reads_of_device_1_behind(type), alone ? 0 : 1);
	}
	/* No PCI Express at all. */
	assert_int_equal(reads_of_device_1_behind(16), 1);
	fixture_setup(state);
}

/* A function is only asked where function 0 is there and says that there are more. */
static void functions_of_a_device(void **state)
{
	struct mock_function *first, *second;

	(void)state;
	fixture_segment_0();
	/*
	 * 00:01.0 alone; 00:02.0 with several, a bridge as its function 5; 00:03 without function
	 * 0.
	 */
	mock_device(&f.config, 0, 1, 0);
	first = mock_device(&f.config, 0, 2, 0);
	mock_multifunction(first);
	second = mock_bridge(&f.config, 0, 2, 1, 0, 1, 1);
	second->devfn = pg_devfn(2, 5);
	mock_pcie(second, PCIE_ROOT_PORT);
	mock_device(&f.config, 0, 3, 1);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 1, 0, 0, 1);
	fixture_scan();
	assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
	assert_int_equal(f.functions[0].parent, 1);
	assert_true(pg_bdf_equal(f.functions[1].at, pg_bdf(0, 0, pg_devfn(2, 5))));
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, pg_devfn(1, 1)), 0xffff), 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, pg_devfn(2, 7)), 0xffff), 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, pg_devfn(3, 1)), 0xffff), 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, pg_devfn(31, 0)), 0xffff), 1);
	/*
	 * 32 devices, 7 more functions of 00:02, the headers of 00:01.0 and 00:02.0, the bridge,
	 * the device.
	 */
	assert_int_equal(f.topology.reads, 32 + 7 + 2 + READS_OF_A_BRIDGE - 1 +
						   READS_OF_THE_PORT_TYPE + READS_OF_A_DEVICE);
}

/* A bridge that is one of several functions: bit 7 is no part of the layout. */
static void multifunction_bridge(void **state)
{
	(void)state;
	mock_multifunction(root_port_and_device());
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_BRIDGE);
	assert_true(f.functions[0].hw.multifunction);
	assert_present(1, 0);
	/* Its seven other functions may be bridges, too. */
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, pg_devfn(3, 7)), PG_REG_ID), 1);
}

/* Function 0 is recorded itself: what it said about being one of several counts there, too. */
static void functions_of_a_recorded_device(void **state)
{
	struct mock_function *first;

	(void)state;
	fixture_segment_0();
	first = mock_device(&f.config, 0, 2, 0);
	mock_multifunction(first);
	mock_bridge(&f.config, 0, 2, 1, 0, 1, 1)->devfn = pg_devfn(2, 1);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 0, 2, 0, 1);
	fixture_record(0, 0, 2, 1, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_true(f.functions[0].hw.multifunction);
	assert_present(1, PG_NONE);
	assert_false(f.functions[1].hw.multifunction);
	assert_present(2, 1);
	/* No ID is read twice. */
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PG_REG_ID), 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PG_REG_HEADER), 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 17), PG_REG_ID), 1);
}

/*
 * A function is behind the bridge that leads to its bus. Others are followed as well: a bridge
 * behind them may want a number.
 */
static void forwarding_is_by_bus_numbers(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 1, 4);
	mock_bridge(&f.config, 0, 2, 2, 0, 5, 5);
	mock_bridge(&f.config, 0, 3, 3, 0, 6, 9);
	mock_device(&f.config, 2, 0, 0);
	fixture_record(0, 5, 0, 0, 1);
	fixture_scan();
	assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
	assert_true(pg_bdf_equal(f.functions[f.functions[0].parent].at, pg_bdf(0, 0, 16)));
	assert_int_equal(f.topology.nr, 4);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 1, 0), 0xffff), 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 6, 0), 0xffff), 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 2, 0), 0xffff), 0);
}

/*
 * A wrong primary number does not change forwarding: the scan follows the bridge, the plan judges
 * it.
 */
static void wrong_primary_is_followed(void **state)
{
	(void)state;
	mock_buses(root_port_and_device(), 7, 1, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_int_equal(f.functions[0].hw.primary, 7);
	assert_present(1, 0);
}

static void reset_root_port(void **state)
{
	(void)state;
	mock_buses(root_port_and_device(), 0, 0, 0);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_not_present(1, PG_UNREACHED);
	assert_int_equal(f.functions[1].result.culprit, 0);
	assert_int_equal(f.functions[1].parent, PG_NONE);
	/*
	 * The scan does not look for a root bus there: a recorded bridge forwards nothing, so the
	 * device was behind that bridge.
	 */
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 1, 0), 0xffff), 0);
}

/* What the workspace holds behind the topology is no culprit. */
static void stale_workspace_is_no_suspect(void **state)
{
	(void)state;
	mock_buses(root_port_and_device(), 0, 0, 0);
	f.functions[2] =
		(struct pg_function){ .hw.header = PG_HEADER_BRIDGE, .rec.recorded = true };
	fixture_scan();
	assert_int_equal(f.topology.nr, 2);
	assert_int_equal(f.functions[1].result.culprit, 0);
}

/*
 * The bridge in the middle is reset: what lies below is unreached, and the bridge is named, not the
 * one above it.
 */
static void reset_bridge_in_the_middle(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 1, 4);
	mock_bridge(&f.config, 1, 0, 2, 0, 0, 0);
	mock_bridge(&f.config, 2, 0, 3, 2, 3, 3);
	mock_device(&f.config, 3, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 2, 0, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_present(1, 0);
	assert_not_present(2, PG_UNREACHED);
	assert_not_present(3, PG_UNREACHED);
	assert_int_equal(f.functions[2].result.culprit, 1);
	assert_int_equal(f.functions[3].result.culprit, 1);
}

/* Secondary above subordinate: nothing is forwarded, but the numbers still tell what lay behind. */
static void inverted_range(void **state)
{
	static const struct {
		uint8_t secondary, subordinate, bus;
		bool suspect;
	} cases[] = {
		{ 5, 2, 2, true },  { 5, 2, 3, true }, { 5, 2, 4, true },  { 5, 2, 1, false },
		{ 5, 2, 6, false }, { 2, 0, 1, true }, { 5, 0, 6, false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		mock_bridge(&f.config, 0, 1, 1, 0, cases[i].secondary, cases[i].subordinate);
		mock_device(&f.config, 1, 0, 0);
		fixture_record(0, 0, 1, 0, 1);
		fixture_record(0, cases[i].bus, 0, 0, 1);
		fixture_scan();
		assert_not_present(1, PG_UNREACHED);
		assert_int_equal(f.functions[1].result.culprit, cases[i].suspect ? 0 : PG_NONE);
	}
}

/* Two bridges can have led there: none of them is named. */
static void two_suspects_are_none(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	mock_bridge(&f.config, 0, 2, 2, 0, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 0, 2, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 2, 0, 0, 1);
	fixture_scan();
	assert_not_present(2, PG_UNREACHED);
	assert_int_equal(f.functions[2].result.culprit, PG_NONE);
	assert_not_present(3, PG_UNREACHED);
	assert_int_equal(f.functions[3].result.culprit, PG_NONE);
}

/* A reset bridge cannot have led to a bus whose number is not above its own. */
static void suspect_must_lie_above(void **state)
{
	(void)state;
	mock_segment(&f.config, 0, 0, 255);
	mock_root_bus(&f.config, 0, 0, 0);
	mock_bridge(&f.config, 0, 1, 1, 0, 4, 5);
	mock_bridge(&f.config, 1, 0, 2, 0, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
	fixture_record(0, 4, 0, 0, 1);
	fixture_record(0, 5, 0, 0, 1);
	fixture_scan();
	assert_not_present(1, PG_UNREACHED);
	assert_int_equal(f.functions[1].result.culprit, PG_NONE);
	assert_not_present(3, PG_UNREACHED);
	assert_int_equal(f.functions[3].result.culprit, 2);
}

/* The bridge above a device is recorded: another reset bridge is no suspect. */
static void suspects_are_recorded(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	fixture_record(0, 1, 0, 0, 1);
	fixture_scan();
	assert_int_equal(f.functions[0].hw.presence, PG_UNREACHED);
	assert_int_equal(f.functions[0].result.culprit, PG_NONE);
}

/* A bridge of one segment is no suspect for a bus of another. */
static void suspects_stay_in_their_segment(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_segment(&f.config, 1, 0, 255);
	mock_root_bus(&f.config, 1, 0, 10);
	mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(1, 1, 0, 0, 1);
	fixture_scan();
	assert_not_present(1, PG_UNREACHED);
	assert_int_equal(f.functions[1].result.culprit, PG_NONE);
}

/* A second root bus of the segment: found because a recorded function answers there. */
static void two_roots(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_root_bus(&f.config, 0, 0x80, 8);
	mock_device(&f.config, 0, 1, 0);
	mock_bridge(&f.config, 8, 1, 9, 0x80, 0x81, 0x81);
	mock_device(&f.config, 9, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 0x80, 1, 0, 1);
	fixture_record(0, 0x81, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_present(1, PG_NONE);
	assert_present(2, 1);
}

/*
 * One question for a bus that nothing leads to, however many functions are recorded on it; none for
 * the buses behind it.
 */
static void unreached_bus_is_read_once(void **state)
{
	uint8_t function;

	(void)state;
	fixture_segment_0();
	for (function = 0; function < 8; function++)
		fixture_record(0, 7, 0, function, 1);
	fixture_record(0, 8, 0, 0, 1);
	fixture_scan();
	for (function = 0; function < 8; function++) {
		assert_not_present(function, PG_UNREACHED);
		assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 7, function), 0xffff),
				 function ? 0 : 1);
	}
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 8, 0), 0xffff), 0);
	assert_int_equal(f.topology.reads, 32 + 1);
}

/* The first bus of a window is a root bus, whatever its number. */
static void window_begins_above_bus_0(void **state)
{
	(void)state;
	mock_segment(&f.config, 3, 0x40, 0x4f);
	mock_root_bus(&f.config, 3, 0x40, 0);
	mock_bridge(&f.config, 0, 0, 1, 0x40, 0x41, 0x4f);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(3, 0x40, 0, 0, 1);
	fixture_record(3, 0x41, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_present(1, 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(3, 0, 0), 0xffff), 0);
}

static void device_on_a_root_bus_of_higher_number(void **state)
{
	(void)state;
	mock_segment(&f.config, 3, 0x40, 0x4f);
	mock_root_bus(&f.config, 3, 0x40, 0);
	mock_device(&f.config, 0, 0, 0);
	fixture_record(3, 0x40, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_int_equal(f.topology.reads, READS_OF_A_DEVICE + 31);
}

static void two_segments(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_segment(&f.config, 1, 0, 255);
	mock_root_bus(&f.config, 1, 0, 10);
	mock_pcie(mock_bridge(&f.config, 0, 3, 1, 0, 1, 1), PCIE_ROOT_PORT);
	mock_device(&f.config, 1, 0, 0)->regs[0] = 0x11111111;
	mock_pcie(mock_bridge(&f.config, 10, 3, 11, 0, 1, 1), PCIE_ROOT_PORT);
	mock_device(&f.config, 11, 0, 0)->regs[0] = 0x22222222;
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(1, 0, 3, 0, 1);
	fixture_record(1, 1, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_present(1, 0);
	assert_int_equal(f.functions[1].hw.id, 0x11111111);
	assert_present(2, PG_NONE);
	assert_present(3, 2);
	assert_int_equal(f.functions[3].hw.id, 0x22222222);
	assert_int_equal(f.topology.reads,
			 2 * (READS_OF_A_BRIDGE + 31 + READS_OF_THE_PORT_TYPE + READS_OF_A_DEVICE));
}

/* What is looked for in one segment is not looked for in the next. */
static void segments_are_scanned_apart(void **state)
{
	(void)state;
	mock_pcie(root_port_and_device(), PCIE_ROOT_PORT);
	mock_segment(&f.config, 1, 0, 255);
	mock_root_bus(&f.config, 1, 0, 10);
	mock_device(&f.config, 10, 1, 0);
	fixture_record(1, 0, 1, 0, 1);
	fixture_scan();
	assert_present(2, PG_NONE);
	assert_int_equal(f.topology.reads, READS_OF_A_BRIDGE + 31 + READS_OF_THE_PORT_TYPE +
						   READS_OF_A_DEVICE + READS_OF_A_DEVICE + 31);
}

static void segment_without_a_window(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(5, 0, 1, 0, 1);
	fixture_record(5, 1, 0, 0, 1);
	fixture_record(0x10000, 0, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_not_present(1, PG_NO_WINDOW);
	assert_not_present(2, PG_NO_WINDOW);
	assert_not_present(3, PG_NO_WINDOW);
	assert_int_equal(f.functions[4].rec.refcount, 0x5a5a);
	assert_int_equal(f.topology.reads, READS_OF_A_DEVICE + 31);
}

/* A bus behind a bridge, but behind the end of the window, too. */
static void bus_outside_the_window(void **state)
{
	(void)state;
	mock_segment(&f.config, 0, 0, 3);
	mock_root_bus(&f.config, 0, 0, 0);
	mock_bridge(&f.config, 0, 1, 1, 0, 4, 4);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 4, 0, 0, 1);
	fixture_scan();
	assert_not_present(1, PG_NO_WINDOW);
	assert_int_equal(f.functions[1].parent, PG_NONE);
}

static void siblings_that_overlap(void **state)
{
	static const struct {
		uint8_t secondary, subordinate;
		bool overlap;
	} cases[] = {
		/* The other one is 03-05. */
		{ 1, 2, false }, { 1, 3, true },  { 1, 9, true },  { 3, 5, true },
		{ 4, 4, true },	 { 5, 9, true },  { 6, 9, false }, { 0, 9, false },
		{ 0, 0, false }, { 5, 4, false }, { 9, 1, false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		unsigned int other;

		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		mock_bridge(&f.config, 0, 1, 1, 0, 3, 5);
		mock_bridge(&f.config, 0, 2, 2, 0, cases[i].secondary, cases[i].subordinate);
		mock_device(&f.config, 1, 0, 0);
		fixture_record(0, 0, 1, 0, 1);
		fixture_record(0, 3, 0, 0, 1);
		fixture_scan();
		assert_int_equal(f.topology.nr, 3);
		for (other = 0; other <= 2; other += 2) {
			assert_int_equal(f.functions[other].hw.presence, PG_PRESENT);
			assert_int_equal(f.functions[other].result.culprit,
					 cases[i].overlap ? 2 - other : PG_NONE);
		}
	}
}

/* Ranges of bridges on different buses may lie within each other: that is what bridges are for. */
static void nested_ranges_do_not_overlap(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 1, 2);
	mock_bridge(&f.config, 1, 1, 2, 1, 2, 2);
	mock_device(&f.config, 2, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 1, 0, 1);
	fixture_record(0, 2, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_present(1, 0);
	assert_present(2, 1);
}

/* A bridge that leads to its own bus, to the bus above, or to both: every bus is visited once. */
static void bridges_in_a_loop(void **state)
{
	static const struct {
		uint8_t secondary, subordinate;
	} cases[] = { { 1, 2 }, { 1, 255 }, { 1, 1 } };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		mock_bridge(&f.config, 0, 1, 1, 0, 1, 2);
		mock_bridge(&f.config, 1, 0, 1, 1, cases[i].secondary, cases[i].subordinate);
		fixture_record(0, 0, 1, 0, 1);
		fixture_record(0, 1, 0, 0, 1);
		fixture_record(0, 2, 0, 0, 1);
		fixture_scan();
		assert_present(0, PG_NONE);
		assert_present(1, 0);
		assert_not_present(2, PG_UNREACHED);
		assert_true(f.topology.reads < 3 * 32 + 20);
	}
}

static void root_bridge_that_leads_to_its_own_bus(void **state)
{
	(void)state;
	mock_segment(&f.config, 0, 4, 9);
	mock_root_bus(&f.config, 0, 4, 0);
	mock_bridge(&f.config, 0, 1, 1, 4, 4, 9);
	fixture_record(0, 4, 1, 0, 1);
	fixture_record(0, 5, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_not_present(1, PG_UNREACHED);
	assert_true(f.topology.reads < 32 + 10);
}

/* Bus n leads to bus n + 1 all the way: the longest path there can be. */
static void chain_of_256_buses(void **state)
{
	unsigned int bus;

	(void)state;
	fixture_segment_0();
	for (bus = 0; bus < 255; bus++) {
		mock_pcie(mock_bridge(&f.config, (int)bus, 0, (int)bus + 1, (uint8_t)bus,
				      (uint8_t)(bus + 1), 255),
			  PCIE_ROOT_PORT);
		fixture_record(0, (uint8_t)bus, 0, 0, 1);
	}
	mock_device(&f.config, 255, 0, 0);
	fixture_record(0, 255, 0, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	for (bus = 1; bus < 256; bus++)
		assert_present(bus, (uint16_t)(bus - 1));
	assert_int_equal(f.topology.nr, 256);
	/*
	 * Behind each of them Linux would follow ARI: the first extended register of all bridges
	 * but the first tells.
	 */
	assert_int_equal(f.topology.reads, 255 * READS_OF_A_BRIDGE + 31 +
						   255 * READS_OF_THE_PORT_TYPE + 254 +
						   READS_OF_A_DEVICE);
}

static void device_absent(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 3, 1, 0, 1, 1);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_scan();
	assert_not_present(1, PG_ABSENT);
	assert_int_equal(f.functions[1].parent, 0);
}

static void device_not_ready(void **state)
{
	struct mock_function *device;

	(void)state;
	fixture_segment_0();
	device = mock_device(&f.config, 0, 1, 0);
	device->ready_at_ms = 100000;
	fixture_record(0, 0, 1, 0, 1);
	fixture_scan();
	assert_not_present(0, PG_NOT_READY);
	assert_int_equal(f.config.now_ms, PG_NOT_READY_TOTAL_MS);
}

static void device_ready_in_time(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0)->ready_at_ms = 500;
	fixture_record(0, 0, 1, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_int_equal(f.functions[0].hw.id, 0x10d38086);
}

/* Wherever the reading breaks off, what came before it does not count. */
static void device_unreadable_from(void **state)
{
	static const int from[] = { PG_REG_COMMAND, PG_REG_HEADER, PG_REG_BUSES };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		struct mock_function *function;

		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		if (from[i] == PG_REG_BUSES)
			function = mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);
		else
			function = mock_device(&f.config, 0, 1, 0);
		mock_multifunction(function);
		function->unreadable_from = from[i];
		fixture_record(0, 0, 1, 0, 1);
		fixture_scan();
		assert_not_present(0, PG_UNREADABLE);
	}
}

static void device_id_unreadable(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0)->id_unreadable = true;
	fixture_record(0, 0, 1, 0, 1);
	fixture_scan();
	assert_not_present(0, PG_UNREADABLE);
	assert_int_equal(f.topology.reads, 1 + 31);
}

/* One that cannot be read throws no shadow on the next. */
static void device_after_an_unreadable_one(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0)->unreadable_from = PG_REG_HEADER;
	mock_device(&f.config, 0, 2, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 0, 2, 0, 1);
	fixture_scan();
	assert_not_present(0, PG_UNREADABLE);
	assert_present(1, PG_NONE);
}

/* The last bus number there is. */
static void device_on_bus_255(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 3, 1, 0, 255, 255);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 255, 0, 0, 1);
	fixture_scan();
	assert_present(1, 0);
}

/* What stands behind the last entry was never recorded, whatever it was once. */
static void nothing_behind_the_record_counts(void **state)
{
	(void)state;
	root_port_and_device();
	mock_bridge(&f.config, 0, 9, 2, 0, 2, 2);
	f.entries[f.record.nr] =
		(struct pg_record_entry){ .at = pg_bdf(0, 0, pg_devfn(9, 0)), .refcount = 1 };
	f.record.nr = 1;
	f.entries[0] = f.entries[1];
	f.entries[1] = f.entries[2];
	fixture_scan();
	assert_present(0, 1);
	assert_int_equal(f.topology.nr, 3);
	assert_true(pg_bdf_equal(f.functions[2].at, pg_bdf(0, 0, pg_devfn(9, 0))));
	assert_int_equal(f.functions[2].hw.presence, PG_PRESENT);
	assert_false(f.functions[2].rec.recorded);
}

/* Without ECAM Linux sees no extended capabilities either: no obstacle. */
static void no_window_for_extended_registers(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0)->no_window_from = PG_REG_EXTENDED;
	fixture_record(0, 0, 1, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_false(f.functions[0].hw.vfs_enabled);
}

/* A bridge whose bus numbers read all ones has gone away in between. */
static void bridge_gone_during_the_scan(void **state)
{
	(void)state;
	root_port_and_device()->regs[PG_REG_BUSES / 4] = 0xffffffff;
	fixture_scan();
	assert_not_present(0, PG_ABSENT);
	assert_not_present(1, PG_UNREACHED);
}

/*
 * A neighbour that cannot be read leaves open what it leads to: then nothing is known about the
 * bus.
 */
static void neighbour_unreadable(void **state)
{
	(void)state;
	root_port_and_device();
	mock_device(&f.config, 0, 9, 0)->id_unreadable = true;
	assert_finding(fixture_scan_with(FIXTURE_CAPACITY), &f.finding, PG_CONFIG_UNREADABLE,
		       "function", "0000:00:09.0");
	assert_int_equal(f.finding.at, 0);
}

static void neighbour_bridge_unreadable(void **state)
{
	(void)state;
	root_port_and_device();
	mock_bridge(&f.config, 0, 9, 2, 0, 2, 2)->unreadable_from = PG_REG_BUSES;
	assert_finding(fixture_scan_with(FIXTURE_CAPACITY), &f.finding, PG_CONFIG_UNREADABLE,
		       "function", "0000:00:09.0");
	assert_int_equal(f.finding.at, 0);
}

static void neighbour_without_window(void **state)
{
	(void)state;
	root_port_and_device();
	mock_device(&f.config, 0, 9, 0)->no_window_from = PG_REG_HEADER;
	assert_finding(fixture_scan_with(FIXTURE_CAPACITY), &f.finding, PG_CONFIG_UNREADABLE,
		       "function", "0000:00:09.0");
	assert_int_equal(f.finding.at, 0);
}

static void cardbus_bridge(void **state)
{
	struct mock_function *bridge;

	(void)state;
	bridge = root_port_and_device();
	bridge->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_int_equal(f.functions[0].hw.header, PG_HEADER_CARDBUS);
	assert_int_equal(f.functions[0].hw.secondary, 1);
	assert_present(1, 0);
}

/* Layout 3 is no bridge: register 0x18 means something else there. */
static void other_header_layouts(void **state)
{
	struct mock_function *other = root_port_and_device();

	(void)state;
	other->regs[PG_REG_HEADER / 4] = 3u << 16;
	other->below = MOCK_NOWHERE;
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_int_equal(f.functions[0].hw.header, 3);
	assert_int_equal(f.functions[0].hw.secondary, 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), PG_REG_BUSES), 0);
	assert_not_present(1, PG_UNREACHED);
}

/* SR-IOV capability at 0x140 with the given control and status. */
static void put_sriov(struct mock_function *device, uint32_t control)
{
	device->regs[0x100 / 4] = 0x14010001;
	device->regs[0x140 / 4] = 0x00010010;
	device->regs[0x148 / 4] = control;
}

static void virtual_functions(void **state)
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
		/* All ones: it went away, and that is not "disabled". */
		{ 0xffffffff, true },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		put_sriov(mock_device(&f.config, 0, 1, 0), cases[i].control);
		fixture_record(0, 0, 1, 0, 1);
		fixture_scan();
		assert_present(0, PG_NONE);
		assert_int_equal(f.functions[0].hw.vfs_enabled, cases[i].enabled);
		assert_false(f.functions[0].hw.unread);
		assert_int_equal(f.topology.reads, 5 + 31);
	}
}

/* They may be enabled, then. Of a conventional device Linux reads no extended registers. */
static void virtual_functions_unreadable(void **state)
{
	static const int from[] = { 0x100, 0x140, 0x148 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		struct mock_function *device;

		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		device = mock_device(&f.config, 0, 1, 0);
		put_sriov(device, 0);
		device->unreadable_from = from[i];
		fixture_record(0, 0, 1, 0, 1);
		fixture_scan();
		assert_present(0, PG_NONE);
		assert_int_equal(f.functions[0].hw.unread, from[i] == 0x148);
		mock_pcie(device, PCIE_ENDPOINT);
		fixture_scan();
		assert_present(0, PG_NONE);
		assert_true(f.functions[0].hw.unread);
	}
}

/* The control register of a capability in the last four bytes would be another function's. */
static void virtual_functions_outside(void **state)
{
	struct mock_function *device;

	(void)state;
	fixture_segment_0();
	device = mock_device(&f.config, 0, 1, 0);
	device->regs[0x100 / 4] = 0xffc10001;
	device->regs[0xffc / 4] = 0x00010010;
	fixture_record(0, 0, 1, 0, 1);
	fixture_scan();
	assert_present(0, PG_NONE);
	assert_true(f.functions[0].hw.unread);
}

/* A bridge has no virtual functions: it is not asked for them. */
static void bridges_are_not_read_for_virtual_functions(void **state)
{
	(void)state;
	put_sriov(root_port_and_device(), 1);
	fixture_scan();
	assert_false(f.functions[0].hw.vfs_enabled);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), PG_REG_EXTENDED), 0);
}

/*
 * Five neighbours that are bridges: room for two recorded functions and five more, and not one
 * less.
 */
static void buffer_just_large_enough(void **state)
{
	uint8_t i;

	(void)state;
	root_port_and_device();
	for (i = 0; i < 5; i++)
		mock_bridge(&f.config, 0, (uint8_t)(10 + i), 2 + i, 0, (uint8_t)(2 + i),
			    (uint8_t)(2 + i));
	assert_int_equal(fixture_scan_with(7), PG_OK);
	assert_int_equal(f.topology.nr, 7);
	f.config.reads = 0;
	assert_finding(fixture_scan_with(6), &f.finding, PG_WORKSPACE_FULL,
		       "functions and bridges: more than", "6");
	assert_int_equal(f.finding.at, 0);
	f.config.reads = 0;
	assert_int_equal(fixture_scan_with(2), PG_WORKSPACE_FULL);
	f.config.reads = 0;
	assert_finding(fixture_scan_with(1), &f.finding, PG_WORKSPACE_FULL,
		       "functions and bridges: more than", "1");
	assert_int_equal(f.finding.at, 0);
	assert_int_equal(f.config.reads, 0);
}

static void buffer_for_the_recorded_functions_only(void **state)
{
	(void)state;
	root_port_and_device();
	assert_int_equal(fixture_scan_with(2), PG_OK);
	assert_int_equal(f.topology.nr, 2);
	assert_int_equal(f.functions[2].rec.refcount, 0x5a5a);
}

/*
 * Two bridges lead to the same bus: it is asked once, below the first of them, and both are marked.
 */
static void two_ways_to_one_bus(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);
	mock_bridge(&f.config, 0, 2, 2, 0, 1, 1);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 0, 2, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_scan();
	assert_int_equal(f.functions[0].result.culprit, 1);
	assert_int_equal(f.functions[1].result.culprit, 0);
	assert_present(2, 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 1, 0), PG_REG_ID), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(nothing_recorded),
		FIXTURE_TEST(device_on_the_root_bus),
		FIXTURE_TEST(device_behind_a_root_port),
		FIXTURE_TEST(device_two_deep_behind_a_switch),
		FIXTURE_TEST(only_device_0_behind_downstream_ports),
		FIXTURE_TEST(functions_of_a_device),
		FIXTURE_TEST(multifunction_bridge),
		FIXTURE_TEST(functions_of_a_recorded_device),
		FIXTURE_TEST(forwarding_is_by_bus_numbers),
		FIXTURE_TEST(wrong_primary_is_followed),
		FIXTURE_TEST(reset_root_port),
		FIXTURE_TEST(stale_workspace_is_no_suspect),
		FIXTURE_TEST(reset_bridge_in_the_middle),
		FIXTURE_TEST(inverted_range),
		FIXTURE_TEST(two_suspects_are_none),
		FIXTURE_TEST(suspect_must_lie_above),
		FIXTURE_TEST(suspects_are_recorded),
		FIXTURE_TEST(suspects_stay_in_their_segment),
		FIXTURE_TEST(two_roots),
		FIXTURE_TEST(unreached_bus_is_read_once),
		FIXTURE_TEST(window_begins_above_bus_0),
		FIXTURE_TEST(device_on_a_root_bus_of_higher_number),
		FIXTURE_TEST(two_segments),
		FIXTURE_TEST(segments_are_scanned_apart),
		FIXTURE_TEST(segment_without_a_window),
		FIXTURE_TEST(bus_outside_the_window),
		FIXTURE_TEST(siblings_that_overlap),
		FIXTURE_TEST(nested_ranges_do_not_overlap),
		FIXTURE_TEST(bridges_in_a_loop),
		FIXTURE_TEST(root_bridge_that_leads_to_its_own_bus),
		FIXTURE_TEST(chain_of_256_buses),
		FIXTURE_TEST(device_absent),
		FIXTURE_TEST(device_not_ready),
		FIXTURE_TEST(device_ready_in_time),
		FIXTURE_TEST(device_unreadable_from),
		FIXTURE_TEST(device_id_unreadable),
		FIXTURE_TEST(device_after_an_unreadable_one),
		FIXTURE_TEST(device_on_bus_255),
		FIXTURE_TEST(nothing_behind_the_record_counts),
		FIXTURE_TEST(no_window_for_extended_registers),
		FIXTURE_TEST(bridge_gone_during_the_scan),
		FIXTURE_TEST(neighbour_unreadable),
		FIXTURE_TEST(neighbour_bridge_unreadable),
		FIXTURE_TEST(neighbour_without_window),
		FIXTURE_TEST(cardbus_bridge),
		FIXTURE_TEST(other_header_layouts),
		FIXTURE_TEST(virtual_functions),
		FIXTURE_TEST(virtual_functions_unreadable),
		FIXTURE_TEST(virtual_functions_outside),
		FIXTURE_TEST(bridges_are_not_read_for_virtual_functions),
		FIXTURE_TEST(buffer_just_large_enough),
		FIXTURE_TEST(buffer_for_the_recorded_functions_only),
		FIXTURE_TEST(two_ways_to_one_bus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
