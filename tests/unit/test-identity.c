// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-identity.c - lib/topology/identity.c: compares the functions that answer, and their paths,
 * with pcigate's own record; finds the faulty bridge if a device cannot be reached.
 */
#include "gate-fdt-writer.h"
#include "scan-fixture.h"

#define PCIE_ROOT_PORT 4u
#define PCIE_AT 0x40
#define DEVICE_CONTROL_2 (PCIE_AT + 0x28)
#define ARI_FORWARDING (1u << 5)
#define REG_SUBSYSTEM 0x2c
#define SERIAL_AT 0x100

static uint8_t fdt[OWN_BYTES];

static void begin(void)
{
	fixture_segment_0();
	own_begin(fdt, true);
	own_node(fdt, "bridges");
}

/* Ends the list of bridges, begins that of devices. */
static void devices(void)
{
	own_end(fdt);
	own_node(fdt, "devices");
}

static void finish(void)
{
	own_end(fdt);
	own_finish(fdt);
	f.record.own.present = true;
}

static void scan_identities(void)
{
	f.record.own = (struct pg_gate_fdt){
		.present = f.record.own.present,
		.fdt = fdt,
		.bridges = own_path(fdt, "/bridges"),
		.devices = own_path(fdt, "/devices"),
		.sriov = -FDT_ERR_NOTFOUND,
		.answer = -FDT_ERR_NOTFOUND,
	};
	f.config.reads = 0;
	fixture_scan();
	pg_scan_identities(&f.config.seam, &f.record, f.functions, &f.topology);
	assert_int_equal(f.topology.reads, f.config.reads);
}

static struct mock_function *port, *leaf;

/* Root port 00:03.0 [03], device 03:00.0 with all that a device can have. */
static void one_device(void)
{
	static const uint32_t path[] = { 0x18 };

	begin();
	own_bridge(fdt, 0, 0x18, 3, 1);
	devices();
	own_device(fdt, 0, 0x300, path, 1);
	finish();
	own_set(fdt, "/devices/device@0,300", "class", "\0\x02\x03\x04", 4);
	own_set(fdt, "/devices/device@0,300", "revision", "\0\0\0\x05", 4);
	own_set(fdt, "/devices/device@0,300", "subsystem", "\0\0\x11\x12\0\0\x13\x14", 8);
	own_set(fdt, "/devices/device@0,300", "serial", "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	port = mock_bridge(&f.config, 0, 3, 1, 0, 3, 3);
	mock_pcie(port, PCIE_ROOT_PORT);
	leaf = mock_device(&f.config, 1, 0, 0);
	leaf->regs[PG_REG_CLASS / 4] = 0x02030405;
	leaf->regs[REG_SUBSYSTEM / 4] = 0x13141112;
	leaf->regs[SERIAL_AT / 4] = 0x00010003;
	leaf->regs[SERIAL_AT / 4 + 1] = 0x05060708;
	leaf->regs[SERIAL_AT / 4 + 2] = 0x01020304;
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
}

static void the_same(void **state)
{
	(void)state;
	one_device();
	scan_identities();
	assert_true(f.functions[1].rec.device);
	assert_false(f.functions[1].result.different);
	assert_false(f.functions[1].result.rerouted);
	assert_false(f.functions[1].result.ari_differs);
	assert_false(f.functions[0].rec.device);
	assert_false(f.functions[0].result.different);
	/*
	 * Class, subsystem, and the two halves of the serial number; where that is, the scan has
	 * read.
	 */
	f.config.reads = 0;
	fixture_scan();
	assert_int_equal(f.config.reads, 3 + 31 + 3 + 3);
	pg_scan_identities(&f.config.seam, &f.record, f.functions, &f.topology);
	assert_int_equal(f.config.reads, 3 + 31 + 3 + 3 + 4);
}

/* One bit of one register, each time. */
static void each_difference(void **state)
{
	static const struct {
		unsigned int reg;
		uint32_t bit;
	} rows[] = {
		{ PG_REG_ID, 1u << 4 },	     { PG_REG_ID, 1u << 31 },
		{ PG_REG_CLASS, 1 },	     { PG_REG_CLASS, 1u << 8 },
		{ PG_REG_CLASS, 1u << 31 },  { REG_SUBSYSTEM, 1 },
		{ REG_SUBSYSTEM, 1u << 31 }, { SERIAL_AT + 4, 1 },
		{ SERIAL_AT + 4, 1u << 31 }, { SERIAL_AT + 8, 1 },
		{ SERIAL_AT + 8, 1u << 31 }, { SERIAL_AT, 1 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_teardown(state);
		fixture_setup(state);
		one_device();
		leaf->regs[rows[i].reg / 4] ^= rows[i].bit;
		scan_identities();
		assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
		assert_true(f.functions[1].rec.device);
		assert_true(f.functions[1].result.different);
		assert_false(f.functions[1].result.rerouted);
	}
}

/* What cannot be read is not the same either. */
static void unreadable(void **state)
{
	static const uint16_t from[] = { SERIAL_AT + 4, SERIAL_AT + 8, SERIAL_AT, REG_SUBSYSTEM };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_teardown(state);
		fixture_setup(state);
		one_device();
		leaf->no_window_from = from[i];
		scan_identities();
		assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
		assert_true(f.functions[1].result.different);
	}
}

/* What was not recorded is neither compared nor read. */
static void what_was_not_recorded(void **state)
{
	(void)state;
	one_device();
	own_delete(fdt, "/devices/device@0,300", "subsystem");
	own_delete(fdt, "/devices/device@0,300", "serial");
	leaf->regs[REG_SUBSYSTEM / 4] = 0xabcdef01;
	leaf->regs[SERIAL_AT / 4 + 1] = 0;
	scan_identities();
	assert_false(f.functions[1].result.different);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0), REG_SUBSYSTEM), 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0), SERIAL_AT + 4), 0);
}

/* A bridge where a device was, with the same registers. */
static void bridge_in_its_place(void **state)
{
	(void)state;
	one_device();
	leaf->regs[PG_REG_HEADER / 4] = PG_HEADER_BRIDGE << 16;
	scan_identities();
	assert_true(f.functions[1].result.different);
}

static void absent(void **state)
{
	(void)state;
	one_device();
	leaf->regs[PG_REG_ID / 4] = 0xffffffff;
	scan_identities();
	assert_int_equal(f.functions[1].hw.presence, PG_ABSENT);
	assert_true(f.functions[1].rec.device);
	assert_false(f.functions[1].result.different);
	assert_false(f.functions[1].result.rerouted);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0), PG_REG_CLASS), 0);
}

/* Without pcigate's own record nothing is said and nothing is read. */
static void without_own_record(void **state)
{
	(void)state;
	one_device();
	f.record.own.present = false;
	leaf->regs[PG_REG_CLASS / 4] = 0;
	scan_identities();
	assert_false(f.functions[1].rec.device);
	assert_false(f.functions[1].result.different);
	assert_int_equal(f.config.reads, 3 + 31 + 3 + 3);
}

/* 00:03.0 [01-02] - 01:00.0 [02] - 02:00.0, with a path in the record as given. */
static bool rerouted(const uint32_t *path, unsigned int depth)
{
	void *state = NULL;
	bool answer;

	fixture_teardown(&state);
	fixture_setup(&state);
	begin();
	devices();
	own_device(fdt, 0, 0x200, path, depth);
	finish();
	mock_bridge(&f.config, 0, 3, 1, 0, 1, 2);
	mock_bridge(&f.config, 1, 0, 2, 1, 2, 2);
	mock_device(&f.config, 2, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 2, 0, 0, 1);
	scan_identities();
	assert_int_equal(f.functions[2].hw.presence, PG_PRESENT);
	assert_false(f.functions[2].result.different);
	answer = f.functions[2].result.rerouted;
	return answer;
}

static void path(void **state)
{
	static const uint32_t right[] = { 0x18, 0x100 }, other_upper[] = { 0x10, 0x100 },
			      other_lower[] = { 0x18, 0x101 }, reversed[] = { 0x100, 0x18 },
			      longer[] = { 0x18, 0x100, 0x200 },
			      longer_above[] = { 0x08, 0x18, 0x100 };

	(void)state;
	assert_false(rerouted(right, 2));
	assert_true(rerouted(other_upper, 2));
	assert_true(rerouted(other_lower, 2));
	assert_true(rerouted(reversed, 2));
	assert_true(rerouted(longer, 3));
	assert_true(rerouted(longer_above, 3));
	assert_true(rerouted(right, 1));
	assert_true(rerouted(right + 1, 1));
	assert_true(rerouted(NULL, 0));
}

static void path_of_a_device_on_the_root_bus(void **state)
{
	static const uint32_t path[] = { 0x18 };

	(void)state;
	begin();
	devices();
	own_device(fdt, 0, 0x10, NULL, 0);
	own_device(fdt, 0, 0x20, path, 1);
	finish();
	mock_device(&f.config, 0, 2, 0);
	mock_device(&f.config, 0, 4, 0);
	fixture_record(0, 0, 2, 0, 1);
	fixture_record(0, 0, 4, 0, 1);
	scan_identities();
	assert_false(f.functions[0].result.rerouted);
	assert_true(f.functions[1].result.rerouted);
}

/*
 * The same numbers in another segment are another bridge; devices that Linux's record does not know
 * are left alone.
 */
static void segments(void **state)
{
	static const uint32_t path[] = { 0x18 };

	(void)state;
	one_device();
	begin();
	devices();
	own_device(fdt, 0, 0x100, path, 1);
	own_device(fdt, 0, 0x2ff, path, 1);
	own_device(fdt, 0, 0xffff, path, 1);
	own_device(fdt, 1, 0x300, path, 1);
	finish();
	scan_identities();
	assert_false(f.functions[0].rec.device);
	assert_false(f.functions[1].rec.device);
}

/*
 * Function 1 of "device 1" behind a root port, which is function 9 of device 0 under ARI. @recorded
 * and @now: is ARI forwarding on in the bridge?
 */
static bool ari_differs(bool recorded, bool now, uint8_t devfn)
{
	static const uint32_t path[] = { 0x18 };
	void *state = NULL;

	fixture_teardown(&state);
	fixture_setup(&state);
	begin();
	own_bridge(fdt, 0, 0x10, 9, 0);
	own_bridge(fdt, 0, 0x18, 3, 1);
	own_bridge(fdt, 0, 0x20, 4, 0);
	devices();
	own_device(fdt, 0, 0x300u | devfn, path, 1);
	finish();
	if (recorded)
		own_set(fdt, "/bridges/bridge@0,18", "ari", NULL, 0);
	port = mock_bridge(&f.config, 0, 3, 1, 0, 3, 3);
	mock_pcie(port, PCIE_ROOT_PORT);
	port->regs[DEVICE_CONTROL_2 / 4] = now ? ARI_FORWARDING : 0xffffffffu ^ ARI_FORWARDING;
	mock_device(&f.config, 1, devfn >> 3, devfn & 7);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 3, devfn >> 3, devfn & 7, 1);
	scan_identities();
	assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
	return f.functions[1].result.ari_differs;
}

static void ari(void **state)
{
	(void)state;
	assert_false(ari_differs(false, false, 9));
	assert_false(ari_differs(true, true, 9));
	assert_true(ari_differs(false, true, 9));
	assert_true(ari_differs(true, false, 9));
	assert_true(ari_differs(true, false, 8));
	assert_true(ari_differs(true, false, 255));
	/* Numbers up to 7 mean the same with and without it, and nothing is read. */
	assert_false(ari_differs(true, false, 7));
	assert_false(ari_differs(false, true, 0));
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), DEVICE_CONTROL_2), 0);
}

/*
 * A bridge that has no such register cannot forward by ARI; of one that does not show it, nothing
 * is known.
 */
static void ari_of_other_bridges(void **state)
{
	static const uint32_t path[] = { 0x18 };
	unsigned int round;

	for (round = 0; round < 4; round++) {
		fixture_teardown(state);
		fixture_setup(state);
		begin();
		own_bridge(fdt, 0, 0x18, 3, 1);
		devices();
		own_device(fdt, 0, 0x309, path, 1);
		finish();
		if (round & 1)
			own_set(fdt, "/bridges/bridge@0,18", "ari", NULL, 0);
		port = mock_bridge(&f.config, 0, 3, 1, 0, 3, 3);
		if (round & 2) {
			mock_pcie(port, PCIE_ROOT_PORT);
			port->no_window_from = DEVICE_CONTROL_2;
		}
		mock_device(&f.config, 1, 1, 1);
		fixture_record(0, 0, 3, 0, 1);
		fixture_record(0, 3, 1, 1, 1);
		scan_identities();
		assert_int_equal(f.functions[1].result.ari_differs, round != 0);
	}
}

/*
 * On a root bus there is no bridge, and of one that the record does not know nothing was recorded.
 */
static void ari_without_a_recorded_bridge(void **state)
{
	static const uint32_t path[] = { 0x18 };

	(void)state;
	begin();
	devices();
	own_device(fdt, 0, 0x11, NULL, 0);
	own_device(fdt, 0, 0x309, path, 1);
	finish();
	mock_device(&f.config, 0, 2, 1);
	port = mock_bridge(&f.config, 0, 3, 1, 0, 3, 3);
	mock_pcie(port, PCIE_ROOT_PORT);
	port->regs[DEVICE_CONTROL_2 / 4] = ARI_FORWARDING;
	mock_device(&f.config, 1, 1, 1);
	fixture_record(0, 0, 2, 1, 1);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 3, 1, 1, 1);
	scan_identities();
	assert_false(f.functions[0].result.ari_differs);
	assert_false(f.functions[2].result.ari_differs);
}

/* A bridge of the record that leads from @secondary to @subordinate. */
static void led(uint32_t bdf, uint32_t secondary, uint32_t subordinate)
{
	own_node_at(fdt, "bridge", 0, bdf);
	OWN_CELLS(fdt, "reg", 0, bdf);
	OWN_CELLS(fdt, "bus-numbers", bdf >> 8, secondary, subordinate);
	own_end(fdt);
}

/*
 * Two root ports without numbers, a device behind each: only pcigate's record can tell which led
 * where.
 */
static void blame_with_several_reset(void **state)
{
	static const uint32_t first[] = { 0x18 }, second[] = { 0x20 };

	(void)state;
	begin();
	led(0x18, 4, 4);
	led(0x20, 3, 3);
	devices();
	own_device(fdt, 0, 0x300, second, 1);
	own_device(fdt, 0, 0x400, first, 1);
	finish();
	mock_bridge(&f.config, 0, 3, 1, 0, 0, 0);
	mock_bridge(&f.config, 0, 4, 2, 0, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 0, 4, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
	fixture_record(0, 4, 0, 0, 1);
	f.record.own.present = false;
	fixture_scan();
	assert_int_equal(f.functions[2].result.culprit, PG_NONE);
	assert_int_equal(f.functions[3].result.culprit, PG_NONE);
	f.record.own.present = true;
	scan_identities();
	assert_int_equal(f.functions[2].result.culprit, 1);
	assert_int_equal(f.functions[3].result.culprit, 0);
	assert_true(f.functions[2].rec.device);
	assert_false(f.functions[2].result.different);
	assert_false(f.functions[2].result.rerouted);
}

/*
 * 00:03.0 [01-03] - 01:00.0 without numbers - 02:00.0 - 03:00.0: the second bridge is named as the
 * culprit for all that is below it.
 */
static void blame_in_a_chain(void **state)
{
	static const uint32_t chain[] = { 0x18, 0x100, 0x200 };

	(void)state;
	begin();
	led(0x18, 1, 3);
	led(0x28, 4, 4);
	led(0x100, 2, 3);
	led(0x200, 3, 3);
	devices();
	own_device(fdt, 0, 0x300, chain, 3);
	finish();
	mock_bridge(&f.config, 0, 3, 1, 0, 1, 3);
	mock_bridge(&f.config, 1, 0, 2, 0, 0, 0);
	mock_bridge(&f.config, 0, 5, 9, 0, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 0, 5, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 2, 0, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
	scan_identities();
	assert_int_equal(f.functions[2].hw.presence, PG_PRESENT);
	assert_int_equal(f.functions[3].hw.presence, PG_UNREACHED);
	assert_int_equal(f.functions[4].hw.presence, PG_UNREACHED);
	assert_int_equal(f.functions[3].result.culprit, 2);
	assert_int_equal(f.functions[4].result.culprit, 2);
	assert_int_equal(f.functions[0].result.culprit, PG_NONE);
}

/*
 * Of two that lead nowhere the upper one. Here the lower is found because another bridge leads to
 * its bus.
 */
static void blame_the_first(void **state)
{
	static const uint32_t chain[] = { 0x18, 0x100 };

	(void)state;
	begin();
	led(0x18, 1, 3);
	led(0x20, 4, 4);
	led(0x100, 3, 3);
	devices();
	own_device(fdt, 0, 0x300, chain, 2);
	finish();
	mock_bridge(&f.config, 0, 3, 1, 0, 0, 0);
	mock_bridge(&f.config, 0, 4, 2, 0, 1, 1);
	mock_bridge(&f.config, 2, 0, 3, 1, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
	scan_identities();
	assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
	assert_int_equal(f.functions[2].hw.presence, PG_UNREACHED);
	assert_int_equal(f.functions[2].result.culprit, 0);
}

/* A bridge that does not answer led there once, and so did one in whose place a device is now. */
static void blame_a_former_bridge(void **state)
{
	static const uint32_t chain[] = { 0x18 };
	unsigned int round;

	for (round = 0; round < 2; round++) {
		fixture_teardown(state);
		fixture_setup(state);
		begin();
		led(0x18, 3, 3);
		led(0x20, 4, 4);
		devices();
		own_device(fdt, 0, 0x300, chain, 1);
		finish();
		if (round)
			mock_device(&f.config, 0, 3, 0);
		mock_bridge(&f.config, 0, 4, 2, 0, 0, 0);
		fixture_record(0, 0, 3, 0, 1);
		fixture_record(0, 0, 4, 0, 1);
		fixture_record(0, 3, 0, 0, 1);
		f.record.own.present = false;
		fixture_scan();
		assert_int_equal(f.functions[2].hw.presence, PG_UNREACHED);
		assert_int_equal(f.functions[2].result.culprit, 1);
		f.record.own.present = true;
		scan_identities();
		assert_int_equal(f.functions[2].result.culprit, 0);
	}
}

/*
 * Version 1 does not record bridges; pcigate's record does, and so it is no matter that others lead
 * nowhere, too.
 */
static void blame_without_recorded_bridges(void **state)
{
	static const uint32_t chain[] = { 0x18 };

	(void)state;
	begin();
	led(0x18, 3, 3);
	led(0x20, 4, 4);
	devices();
	own_device(fdt, 0, 0x300, chain, 1);
	finish();
	mock_bridge(&f.config, 0, 3, 1, 0, 0, 0);
	mock_bridge(&f.config, 0, 4, 2, 0, 0, 0);
	fixture_record(0, 3, 0, 0, 1);
	scan_identities();
	assert_int_equal(f.functions[0].hw.presence, PG_UNREACHED);
	assert_int_equal(f.functions[0].result.culprit, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(the_same),
		FIXTURE_TEST(each_difference),
		FIXTURE_TEST(unreadable),
		FIXTURE_TEST(what_was_not_recorded),
		FIXTURE_TEST(bridge_in_its_place),
		FIXTURE_TEST(absent),
		FIXTURE_TEST(without_own_record),
		FIXTURE_TEST(path),
		FIXTURE_TEST(path_of_a_device_on_the_root_bus),
		FIXTURE_TEST(segments),
		FIXTURE_TEST(ari),
		FIXTURE_TEST(ari_of_other_bridges),
		FIXTURE_TEST(ari_without_a_recorded_bridge),
		FIXTURE_TEST(blame_with_several_reset),
		FIXTURE_TEST(blame_in_a_chain),
		FIXTURE_TEST(blame_the_first),
		FIXTURE_TEST(blame_a_former_bridge),
		FIXTURE_TEST(blame_without_recorded_bridges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
