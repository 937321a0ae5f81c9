// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-identity.c - lib/topology/identity.c: compares functions and their paths with pcigate's own
 * record, and finds the culprit if a device cannot be reached.
 */
#include "own-fixture.h"

#define SERIAL_AT 0x100

static void scan_identities(void)
{
	own_offsets();
	f.config.reads = 0;
	fixture_scan();
	pg_scan_identities(&f.config.interface, &f.record, f.functions, &f.topology);
	assert_int_equal(f.topology.reads, f.config.reads);
}

static struct mock_function *leaf;

/* Root port 00:03.0 [03-03], and device 03:00.0 with all properties of an identity. */
static void one_device(void)
{
	own(false, "00:03.0 00/03-03", "03:00.0<00:03.0");
	own_set(fdt, "/devices/device@0,300", "class", "\0\x02\x03\x04", 4);
	own_set(fdt, "/devices/device@0,300", "revision", "\0\0\0\x05", 4);
	own_set(fdt, "/devices/device@0,300", "subsystem", "\0\0\x11\x12\0\0\x13\x14", 8);
	own_set(fdt, "/devices/device@0,300", "serial", "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	machine("0:03.0>1 00/03-03 root  1:00.0");
	leaf = &f.config.functions[1];
	leaf->regs[PG_REG_CLASS / 4] = 0x02030405;
	leaf->regs[PG_REG_SUBSYSTEM / 4] = 0x13141112;
	leaf->regs[SERIAL_AT / 4] = 0x00010003;
	leaf->regs[SERIAL_AT / 4 + 1] = 0x05060708;
	leaf->regs[SERIAL_AT / 4 + 2] = 0x01020304;
	record("00:03.0 03:00.0");
}

FIXTURE_TEST(an_unchanged_device_is_the_same)
{
	one_device();
	scan_identities();
	assert_true(f.functions[1].rec.device);
	assert_false(f.functions[1].result.different);
	assert_false(f.functions[1].result.rerouted);
	assert_false(f.functions[1].result.ari_differs);
	assert_false(f.functions[0].rec.device);
	assert_false(f.functions[0].result.different);
	/*
	 * The four reads are class, subsystem and two halves of the serial number. The scan has
	 * found the offset of the serial number.
	 */
	f.config.reads = 0;
	fixture_scan();
	assert_int_equal(f.config.reads, 3 + 31 + 3 + 3);
	pg_scan_identities(&f.config.interface, &f.record, f.functions, &f.topology);
	assert_int_equal(f.config.reads, 3 + 31 + 3 + 3 + 4);
}

FIXTURE_TEST(one_changed_bit_is_a_difference)
{
	static const struct {
		unsigned int reg;
		uint32_t bit;
	} rows[] = {
		{ PG_REG_ID, 1u << 4 },
		{ PG_REG_ID, 1u << 31 },
		{ PG_REG_CLASS, 1 },
		{ PG_REG_CLASS, 1u << 8 },
		{ PG_REG_CLASS, 1u << 31 },
		{ PG_REG_SUBSYSTEM, 1 },
		{ PG_REG_SUBSYSTEM, 1u << 31 },
		{ SERIAL_AT + 4, 1 },
		{ SERIAL_AT + 4, 1u << 31 },
		{ SERIAL_AT + 8, 1 },
		{ SERIAL_AT + 8, 1u << 31 },
		{ SERIAL_AT, 1 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		one_device();
		leaf->regs[rows[i].reg / 4] ^= rows[i].bit;
		scan_identities();
		assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
		assert_true(f.functions[1].rec.device);
		assert_true(f.functions[1].result.different);
		assert_false(f.functions[1].result.rerouted);
	}
}

FIXTURE_TEST(an_unreadable_register_is_a_difference)
{
	static const uint16_t from[] = { SERIAL_AT + 4, SERIAL_AT + 8, SERIAL_AT,
					 PG_REG_SUBSYSTEM };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_again();
		one_device();
		leaf->no_window_from = from[i];
		scan_identities();
		assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
		assert_true(f.functions[1].result.different);
	}
}

FIXTURE_TEST(unrecorded_properties_are_not_compared)
{
	one_device();
	own_delete(fdt, "/devices/device@0,300", "subsystem");
	own_delete(fdt, "/devices/device@0,300", "serial");
	leaf->regs[PG_REG_SUBSYSTEM / 4] = 0xabcdef01;
	leaf->regs[SERIAL_AT / 4 + 1] = 0;
	scan_identities();
	assert_false(f.functions[1].result.different);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0), PG_REG_SUBSYSTEM), 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0), SERIAL_AT + 4), 0);
}

/* The other registers are the same. */
FIXTURE_TEST(a_bridge_in_place_of_a_device_is_a_difference)
{
	one_device();
	leaf->regs[PG_REG_HEADER / 4] = PG_HEADER_BRIDGE << 16;
	scan_identities();
	assert_true(f.functions[1].result.different);
}

FIXTURE_TEST(an_absent_device_is_not_compared)
{
	one_device();
	leaf->regs[PG_REG_ID / 4] = 0xffffffff;
	scan_identities();
	assert_int_equal(f.functions[1].hw.presence, PG_ABSENT);
	assert_true(f.functions[1].rec.device);
	assert_false(f.functions[1].result.different);
	assert_false(f.functions[1].result.rerouted);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0), PG_REG_CLASS), 0);
}

FIXTURE_TEST(without_own_record_nothing_is_compared)
{
	one_device();
	f.record.own.present = false;
	leaf->regs[PG_REG_CLASS / 4] = 0;
	scan_identities();
	assert_false(f.functions[1].rec.device);
	assert_false(f.functions[1].result.different);
	assert_int_equal(f.config.reads, 3 + 31 + 3 + 3);
}

FIXTURE_TEST(a_changed_path_is_noticed)
{
	static const struct {
		const char *recorded;
		bool rerouted;
	} rows[] = {
		{ "02:00.0<01:00.0<00:03.0", false },
		{ "02:00.0<01:00.0<00:02.0", true },
		{ "02:00.0<01:00.1<00:03.0", true },
		{ "02:00.0<00:03.0<01:00.0", true },
		{ "02:00.0<02:00.0<01:00.0<00:03.0", true },
		{ "02:00.0<01:00.0<00:03.0<00:01.0", true },
		{ "02:00.0<00:03.0", true },
		{ "02:00.0<01:00.0", true },
		{ "02:00.0", true },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		own(false, "", rows[i].recorded);
		machine("0:03.0>1 00/01-02  1:00.0>2 01/02-02  2:00.0");
		record("00:03.0 01:00.0 02:00.0");
		scan_identities();
		expect("- 0 1");
		assert_false(f.functions[2].result.different);
		assert_int_equal(f.functions[2].result.rerouted, rows[i].rerouted);
	}
}

FIXTURE_TEST(a_device_on_the_root_bus_has_an_empty_path)
{
	own(false, "", "00:02.0  00:04.0<00:03.0");
	machine("0:02.0  0:04.0");
	record("00:02.0 00:04.0");
	scan_identities();
	assert_false(f.functions[0].result.rerouted);
	assert_true(f.functions[1].result.rerouted);
}

/* Devices that Linux's record does not name are ignored as well. */
FIXTURE_TEST(devices_of_other_segments_are_ignored)
{
	one_device();
	own(false, "", "01:00.0<00:03.0  02:1f.7<00:03.0  ff:1f.7<00:03.0  1:03:00.0<00:03.0");
	scan_identities();
	assert_false(f.functions[0].rec.device);
	assert_false(f.functions[1].rec.device);
}

/* What the next kernel does with ARI forwarding of preserved bridges: PG_SCAN_MAY_KEEP_ARI or 0. */
static unsigned int keeps_ari;

/*
 * With ARI, function 1 of "device 1" behind a root port is function 9 of device 0. @recorded and
 * @now say whether ARI forwarding of the bridge is on.
 */
static bool ari_differs(bool recorded, bool now, uint8_t devfn)
{
	struct mock_function *port;
	char device[32];

	fixture_again();
	snprintf(device, sizeof(device), "03:%02x.%u<00:03.0", devfn >> 3, devfn & 7u);
	own(false,
	    recorded ? "00:02.0 00/09-09  00:03.0 00/03-03 ari  00:04.0 00/04-04"
		     : "00:02.0 00/09-09  00:03.0 00/03-03  00:04.0 00/04-04",
	    device);
	machine("0:03.0>1 00/03-03 root");
	port = &f.config.functions[0];
	port->regs[DEVICE_CONTROL_2 / 4] =
		now ? PG_ARI_FORWARDING : 0xffffffffu ^ PG_ARI_FORWARDING;
	mock_device(&f.config, 1, devfn >> 3, devfn & 7);
	record("00:03.0");
	fixture_record(pg_bdf(0, 3, devfn));
	own_offsets();
	fixture_scan_as(keeps_ari);
	pg_scan_identities(&f.config.interface, &f.record, f.functions, &f.topology);
	assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
	return f.functions[1].result.ari_differs;
}

FIXTURE_TEST(changed_ari_forwarding_matters_above_function_7)
{
	assert_false(ari_differs(false, false, 9));
	assert_false(ari_differs(true, true, 9));
	assert_true(ari_differs(false, true, 9));
	assert_true(ari_differs(true, false, 9));
	assert_true(ari_differs(true, false, 8));
	assert_true(ari_differs(true, false, 255));
	/* Functions 0 to 7 are the same with and without ARI. No register is read for them. */
	assert_false(ari_differs(true, false, 7));
	assert_false(ari_differs(false, true, 0));
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), DEVICE_CONTROL_2), 0);
}

/*
 * A next kernel that keeps ARI forwarding enabled finds functions by ARI only. If it keeps it
 * disabled, it finds functions 0 to 7 in any case.
 */
FIXTURE_TEST(enabled_ari_forwarding_matters_above_function_0_if_it_is_kept)
{
	uint8_t fn;

	keeps_ari = PG_SCAN_MAY_KEEP_ARI;
	for (fn = 1; fn < 8; fn++) {
		assert_true(ari_differs(false, true, fn));
		assert_false(ari_differs(true, false, fn));
		assert_false(ari_differs(true, true, fn));
		assert_false(ari_differs(false, false, fn));
	}
	assert_true(ari_differs(true, false, 8));
	assert_false(ari_differs(false, true, 0));
	keeps_ari = 0;
}

/*
 * A bridge without the register (rounds 0 and 1) cannot forward by ARI. With an unreadable register
 * (rounds 2 and 3), the forwarding is unknown.
 */
FIXTURE_TEST(unreadable_ari_forwarding_is_a_difference)
{
	unsigned int round;

	for (round = 0; round < 4; round++) {
		fixture_again();
		own(false, round & 1 ? "00:03.0 00/03-03 ari" : "00:03.0 00/03-03",
		    "03:01.1<00:03.0");
		machine("0:03.0>1 00/03-03  1:01.1");
		if (round & 2) {
			mock_pcie(&f.config.functions[0], PG_EXPRESS_ROOT_PORT);
			f.config.functions[0].no_window_from = DEVICE_CONTROL_2;
		}
		record("00:03.0 03:01.1");
		scan_identities();
		assert_int_equal(f.functions[1].result.ari_differs, round != 0);
	}
}

/* A root bus has no bridge above, and the record does not list 00:03.0. */
FIXTURE_TEST(ari_is_compared_below_recorded_bridges_only)
{
	own(false, "", "00:02.1  03:01.1<00:03.0");
	machine("0:02.1  0:03.0>1 00/03-03 root  1:01.1");
	f.config.functions[1].regs[DEVICE_CONTROL_2 / 4] = PG_ARI_FORWARDING;
	record("00:02.1 00:03.0 03:01.1");
	scan_identities();
	assert_false(f.functions[0].result.ari_differs);
	assert_false(f.functions[2].result.ari_differs);
}

FIXTURE_TEST(the_culprit_is_on_the_recorded_path)
{
	static const struct {
		const char *bridges, *devices;
		struct scenario now;
	} rows[] = {
		/*
		 * 00:03.0 [01-03] - 01:00.0 without numbers - 02:00.0 - 03:00.0: 01:00.0 is the
		 * culprit for all functions below it.
		 */
		{ "00:03.0 00/01-03  00:05.0 00/04-04  01:00.0 01/02-03  02:00.0 02/03-03",
		  "03:00.0<02:00.0<01:00.0<00:03.0",
		  { "0:03.0>1 00/01-03  1:00.0>2 01/00-00  0:05.0>9 00/00-00",
		    "00:03.0 00:05.0 01:00.0 02:00.0 03:00.0", "- - 0 unreached/2 unreached/2" } },
		/*
		 * Two bridges of the path have no numbers. The upper one is the culprit. The lower
		 * one answers because another bridge leads to its bus.
		 */
		{ "00:03.0 00/01-03  00:04.0 00/04-04  01:00.0 01/03-03",
		  "03:00.0<01:00.0<00:03.0",
		  { "0:03.0>1 00/00-00  0:04.0>2 00/01-01  2:00.0>3 01/00-00",
		    "00:03.0 01:00.0 03:00.0", "- 3 unreached/0" } },
		/*
		 * Linux's record of version 1 has no bridges. pcigate's own record names the bridge
		 * of the path, so 00:04.0, which has no numbers either, does not matter.
		 */
		{ "00:03.0 00/03-03  00:04.0 00/04-04",
		  "03:00.0<00:03.0",
		  { "0:03.0>1 00/00-00  0:04.0>2 00/00-00", "03:00.0", "unreached/1" } },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		own(false, rows[i].bridges, rows[i].devices);
		machine(rows[i].now.machine);
		record(rows[i].now.record);
		scan_identities();
		expect(rows[i].now.expected);
	}
}

/*
 * With Linux's record alone, no culprit or a wrong one is found. In the second machine, the bridge
 * that led to the device does not answer; in the third, a device is in its place.
 */
FIXTURE_TEST(own_record_corrects_the_culprit)
{
	static const struct {
		const char *bridges, *devices, *machine, *record, *without, *with;
	} rows[] = {
		{ "00:03.0 00/04-04  00:04.0 00/03-03", "03:00.0<00:04.0  04:00.0<00:03.0",
		  "0:03.0>1 00/00-00  0:04.0>2 00/00-00", "00:03.0 00:04.0 03:00.0 04:00.0",
		  "- - unreached/- unreached/-", "- - unreached/1 unreached/0" },
		{ "00:03.0 00/03-03  00:04.0 00/04-04", "03:00.0<00:03.0", "0:04.0>2 00/00-00",
		  "00:03.0 00:04.0 03:00.0", "absent - unreached/1", "absent - unreached/0" },
		{ "00:03.0 00/03-03  00:04.0 00/04-04", "03:00.0<00:03.0",
		  "0:03.0  0:04.0>2 00/00-00", "00:03.0 00:04.0 03:00.0", "- - unreached/1",
		  "- - unreached/0" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		own(false, rows[i].bridges, rows[i].devices);
		machine(rows[i].machine);
		record(rows[i].record);
		f.record.own.present = false;
		fixture_scan();
		expect(rows[i].without);
		f.record.own.present = true;
		scan_identities();
		expect(rows[i].with);
		assert_true(f.functions[2].rec.device);
		assert_false(f.functions[2].result.different);
		assert_false(f.functions[2].result.rerouted);
	}
}
