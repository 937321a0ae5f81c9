// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-linux.c - lib/topology/scan.c: functions that answer and that Linux does not find:
 * empty IDs, unknown layouts, functions and devices that Linux does not read, ARI with and without
 * use by Linux.
 */
#include "gate-fdt-writer.h"
#include "scan-fixture.h"

#define PCIE_ENDPOINT 0u
#define PCIE_ROOT_PORT 4u
#define PCIE_UPSTREAM 5u
#define PCIE_DOWNSTREAM 6u
#define PCI_TO_PCIE 8u
#define NO_PCIE 16u

#define PCIE_AT 0x40
#define DEVICE_CAPABILITIES_2 (PCIE_AT + 0x24)
#define DEVICE_CONTROL_2 (PCIE_AT + 0x28)
#define ARI_FORWARDING (1u << 5)

static void begin_again(void)
{
	void *state = NULL;

	fixture_teardown(&state);
	fixture_setup(&state);
	fixture_segment_0();
}

static void assert_listed(uint8_t bus, uint8_t devfn, bool listed)
{
	bool is = false;
	uint32_t i;

	for (i = 0; i < f.topology.nr; i++)
		is |= pg_bdf_equal(f.functions[i].at, pg_bdf(0, bus, devfn)) &&
		      f.functions[i].hw.presence == PG_PRESENT;
	if (is != listed)
		fail_msg("%02x:%02x.%u is %slisted", bus, devfn >> 3, devfn & 7, is ? "" : "not ");
}

/*
 * Three IDs that Linux takes for an empty slot: it does not see the function, nor any behind
 * function 0.
 */
static void empty_ids(void **state)
{
	static const uint32_t ids[] = { 0, 0x0000ffff, 0xffff0000 };
	struct mock_function *zero, *one;
	size_t i;

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(ids); i++) {
		begin_again();
		mock_device(&f.config, 0, 1, 0);
		zero = mock_device(&f.config, 0, 2, 0);
		mock_multifunction(zero);
		one = mock_device(&f.config, 0, 2, 1);
		mock_device(&f.config, 0, 2, 2);
		fixture_record(0, 0, 1, 0, 1);
		one->regs[PG_REG_ID / 4] = ids[i];
		fixture_scan_everything();
		assert_listed(0, pg_devfn(2, 0), true);
		assert_listed(0, pg_devfn(2, 1), false);
		assert_listed(0, pg_devfn(2, 2), true);
		one->regs[PG_REG_ID / 4] = 0x10d38086;
		zero->regs[PG_REG_ID / 4] = ids[i];
		fixture_scan_everything();
		assert_listed(0, pg_devfn(2, 0), false);
		assert_listed(0, pg_devfn(2, 1), false);
		assert_listed(0, pg_devfn(2, 2), false);
	}
}

/* One that asks for more time is there: Linux waits for it. */
static void not_ready_is_there(void **state)
{
	struct mock_function *zero;

	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0);
	zero = mock_device(&f.config, 0, 2, 0);
	mock_multifunction(zero);
	zero->ready_at_ms = 50;
	mock_device(&f.config, 0, 2, 1);
	fixture_record(0, 0, 1, 0, 1);
	fixture_scan_everything();
	assert_listed(0, pg_devfn(2, 0), true);
	assert_listed(0, pg_devfn(2, 1), true);
}

/* Header layouts other than 0, 1 and 2. */
static void unknown_layouts(void **state)
{
	unsigned int layout;

	(void)state;
	for (layout = 0; layout < 0x80; layout++) {
		struct mock_function *zero;

		begin_again();
		mock_device(&f.config, 0, 1, 0);
		zero = mock_device(&f.config, 0, 2, 0);
		zero->regs[PG_REG_HEADER / 4] = layout << 16;
		mock_multifunction(zero);
		mock_device(&f.config, 0, 2, 1);
		fixture_record(0, 0, 1, 0, 1);
		fixture_scan_everything();
		assert_listed(0, pg_devfn(2, 0), layout <= 2);
		assert_listed(0, pg_devfn(2, 1), layout <= 2);
	}
}

/*
 * Is 00:02.1, recorded, behind a function 0 like this one, with @id and @layout, hidden from Linux?
 */
static bool hidden_behind(uint32_t id, unsigned int layout, bool recorded)
{
	struct mock_function *zero;

	begin_again();
	zero = mock_device(&f.config, 0, 2, 0);
	zero->regs[PG_REG_ID / 4] = id;
	zero->regs[PG_REG_HEADER / 4] = layout << 16;
	mock_multifunction(zero);
	mock_device(&f.config, 0, 2, 1);
	mock_device(&f.config, 0, 1, 0);
	fixture_record(0, 0, 1, 0, 1);
	if (recorded)
		fixture_record(0, 0, 2, 0, 1);
	fixture_record(0, 0, 2, 1, 1);
	fixture_scan();
	return f.functions[f.record.nr - 1].result.hidden;
}

static void recorded_functions_behind_what_linux_does_not_see(void **state)
{
	unsigned int recorded;

	(void)state;
	for (recorded = 0; recorded < 2; recorded++) {
		assert_false(hidden_behind(0x10d38086, 0, recorded));
		assert_false(hidden_behind(0x10d38086, 2, recorded));
		assert_true(hidden_behind(0x10d38086, 3, recorded));
		assert_true(hidden_behind(0x00000000, 0, recorded));
		assert_true(hidden_behind(0x0000ffff, 0, recorded));
		assert_true(hidden_behind(0xffff0000, 0, recorded));
	}
}

/* A recorded function whose own layout is unknown. */
static void recorded_with_an_unknown_layout(void **state)
{
	struct mock_function *it;

	(void)state;
	fixture_segment_0();
	it = mock_device(&f.config, 0, 2, 0);
	fixture_record(0, 0, 2, 0, 1);
	fixture_scan();
	assert_false(f.functions[0].result.hidden);
	it->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	fixture_scan();
	assert_false(f.functions[0].result.hidden);
	it->regs[PG_REG_HEADER / 4] = 3 << 16;
	fixture_scan();
	assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
	assert_true(f.functions[0].result.hidden);
}

/*
 * pci=pcie_scan_all: all devices behind a link, as far as Linux is concerned and as far as is
 * searched.
 */
static void all_devices(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_pcie(mock_bridge(&f.config, 0, 1, 1, 0, 1, 1), PCIE_ROOT_PORT);
	mock_device(&f.config, 1, 0, 0);
	mock_device(&f.config, 1, 1, 0);
	mock_device(&f.config, 1, 31, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 1, 0, 1);
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	fixture_scan_as(PG_SCAN_ALL_DEVICES);
	assert_false(f.functions[1].result.hidden);
	fixture_scan_everything();
	assert_listed(1, 0, true);
	assert_listed(1, pg_devfn(31, 0), false);
	fixture_scan_as(PG_SCAN_EVERYTHING | PG_SCAN_ALL_DEVICES);
	assert_listed(1, pg_devfn(31, 0), true);
	assert_false(f.functions[1].result.hidden);
}

/* An ARI capability that names @next. */
static void put_ari(struct mock_function *function, uint8_t next)
{
	mock_pcie(function, PCIE_ENDPOINT);
	function->regs[PG_REG_EXTENDED / 4] = 0x0001000e;
	function->regs[PG_REG_EXTENDED / 4 + 1] = (uint32_t)next << 8;
}

static struct mock_function *port, *zero;

/*
 * A port of @type that can forward ARI, on the root bus; functions 0 and 9, the one naming the
 * other; 9 is recorded.
 */
static void ari_machine(unsigned int type)
{
	begin_again();
	port = mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);
	mock_pcie(port, type);
	port->regs[DEVICE_CAPABILITIES_2 / 4] = ARI_FORWARDING;
	zero = mock_device(&f.config, 1, 0, 0);
	put_ari(zero, 9);
	put_ari(mock_device(&f.config, 1, 1, 1), 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 1, 1, 1);
}

static void ari(void **state)
{
	(void)state;
	ari_machine(PCIE_ROOT_PORT);
	fixture_scan();
	assert_false(f.functions[1].result.hidden);
	/* pci=noari */
	fixture_scan_as(PG_SCAN_NO_ARI);
	assert_true(f.functions[1].result.hidden);
	/* A port that cannot forward it, or whose capability is too old to have the register. */
	port->regs[DEVICE_CAPABILITIES_2 / 4] = ~ARI_FORWARDING;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	ari_machine(PCIE_ROOT_PORT);
	port->regs[PCIE_AT / 4] ^= 3u << 16;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	port->regs[PCIE_AT / 4] ^= 2u << 16;
	fixture_scan();
	assert_false(f.functions[1].result.hidden);
	/* A function 0 that is not there. */
	zero->regs[PG_REG_ID / 4] = 0xffff0000;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
}

/*
 * pci_bridge_child_ext_cfg_accessible(): no ARI capability is seen behind what is no root port or
 * port of a switch.
 */
static void ari_by_type_of_port(void **state)
{
	unsigned int type;

	(void)state;
	for (type = 0; type < 16; type++) {
		ari_machine(type);
		mock_multifunction(mock_device(&f.config, 1, 1, 0));
		fixture_scan();
		/* Other bridges have devices behind them, and 01:01.1 is function 1 of device 1. */
		assert_int_equal(f.functions[1].result.hidden, type == PCI_TO_PCIE);
		fixture_scan_everything();
		assert_int_equal(fixture_function(0, 1, 0)->hw.from_pci, type == PCI_TO_PCIE);
		assert_int_equal(fixture_function(1, 0, 0)->hw.ari, true);
		assert_int_equal(fixture_function(1, 0, 0)->hw.ari_next, 9);
		/* Of recorded functions as well. */
		assert_true(f.functions[1].hw.ari);
		assert_true(fixture_function(0, 1, 0)->hw.ari_forward);
		assert_false(fixture_function(0, 1, 0)->hw.ari_on);
	}
}

/* Nor below such a bridge further up. @type is that of 00:01.0, above a switch. */
static bool ari_hidden_below_as(unsigned int type, bool complete)
{
	static uint8_t fdt[OWN_BYTES];

	begin_again();
	own_begin(fdt, complete);
	own_node(fdt, "bridges");
	own_bridge(fdt, 0, 0x008, 1, 1);
	own_bridge(fdt, 0, 0x100, 2, 1);
	own_bridge(fdt, 0, 0x200, 3, 1);
	own_end(fdt);
	own_finish(fdt);
	f.record.own = (struct pg_gate_fdt){
		.present = complete,
		.complete = complete,
		.fdt = fdt,
		.bridges = own_path(fdt, "/bridges"),
	};
	port = mock_bridge(&f.config, 0, 1, 1, 0, 1, 3);
	if (type < NO_PCIE)
		mock_pcie(port, type);
	mock_pcie(mock_bridge(&f.config, 1, 0, 2, 1, 2, 3), PCIE_UPSTREAM);
	port = mock_bridge(&f.config, 2, 0, 3, 2, 3, 3);
	mock_pcie(port, PCIE_DOWNSTREAM);
	port->regs[DEVICE_CAPABILITIES_2 / 4] = ARI_FORWARDING;
	put_ari(mock_device(&f.config, 3, 0, 0), 9);
	put_ari(mock_device(&f.config, 3, 1, 1), 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 2, 0, 0, 1);
	fixture_record(0, 3, 1, 1, 1);
	fixture_scan();
	assert_int_equal(f.functions[3].hw.presence, PG_PRESENT);
	return f.functions[3].result.hidden;
}

/* With a complete list of bridges no bus is searched, and ports are only read for this. */
static bool ari_hidden_below(unsigned int type)
{
	const bool hidden = ari_hidden_below_as(type, false);

	assert_int_equal(ari_hidden_below_as(type, true), hidden);
	return hidden;
}

static void ari_by_what_is_above(void **state)
{
	(void)state;
	assert_false(ari_hidden_below(PCIE_ROOT_PORT));
	assert_true(ari_hidden_below(PCI_TO_PCIE));
	assert_true(ari_hidden_below(NO_PCIE));
	assert_true(ari_hidden_below(PCIE_ENDPOINT));
	/*
	 * An upstream port below an upstream port is an endpoint for Linux, and what is below that
	 * has devices again.
	 */
	assert_true(ari_hidden_below(PCIE_UPSTREAM));
}

/*
 * Forwarding that is on and will be switched off, for want of a capability in function 0: what it
 * led to is out of reach.
 */
static void ari_will_be_switched_off(void **state)
{
	(void)state;
	ari_machine(PCIE_ROOT_PORT);
	zero->regs[PG_REG_EXTENDED / 4] = 0;
	mock_multifunction(mock_device(&f.config, 1, 1, 0));
	port->regs[DEVICE_CONTROL_2 / 4] = ARI_FORWARDING;
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	fixture_scan_as(PG_SCAN_EVERYTHING);
	assert_true(fixture_function(0, 1, 0)->hw.ari_on);
	assert_false(fixture_function(1, 0, 0)->hw.ari);
	/*
	 * With pci=pcie_scan_all Linux looks for device 1. It has switched ARI forwarding off, as
	 * function 0 has no ARI capability, so the port passes on requests for device 0 only. With
	 * pci=noari Linux leaves ARI forwarding on, and the request reaches the function.
	 */
	fixture_scan_as(PG_SCAN_ALL_DEVICES);
	assert_true(f.functions[1].result.hidden);
	fixture_scan_as(PG_SCAN_ALL_DEVICES | PG_SCAN_NO_ARI);
	assert_false(f.functions[1].result.hidden);
}

/*
 * What the chain names is found by the search of everything, recorded or not, and behind links
 * alone what it names.
 */
static void chain_in_the_list(void **state)
{
	(void)state;
	ari_machine(PCIE_ROOT_PORT);
	zero->regs[PG_REG_EXTENDED / 4 + 1] = 0x1000;
	put_ari(mock_device(&f.config, 1, 2, 0), 9);
	mock_device(&f.config, 1, 3, 0);
	f.record.nr = 1;
	fixture_scan_everything();
	assert_listed(1, 0, true);
	assert_listed(1, 0x10, true);
	assert_listed(1, 0x09, false);
	assert_listed(1, 0x18, false);
	assert_true(fixture_function(1, 2, 0)->hw.ari);
	assert_int_equal(fixture_function(1, 2, 0)->hw.ari_next, 9);
	/* One that names itself ends it. */
	f.config.functions[3].regs[PG_REG_EXTENDED / 4 + 1] = 0x1000;
	fixture_scan_everything();
	assert_listed(1, 0x10, true);
	assert_int_equal(fixture_function(1, 2, 0)->hw.ari_next, 0x10);
}

/* PCI-to-PCI bridges take what is for their secondary bus, whatever the subordinate number is. */
static void inverted_ranges(void **state)
{
	static const struct {
		uint8_t secondary, subordinate;
		bool reached;
	} rows[] = { { 5, 5, true }, { 5, 9, true },  { 5, 4, true },
		     { 5, 0, true }, { 4, 5, false }, { 6, 4, false } };
	size_t i;

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		begin_again();
		mock_bridge(&f.config, 0, 1, 1, 0, rows[i].secondary, rows[i].subordinate);
		mock_device(&f.config, 1, 0, 0);
		fixture_record(0, 0, 1, 0, 1);
		fixture_record(0, 5, 0, 0, 1);
		fixture_scan();
		assert_int_equal(f.functions[1].hw.presence == PG_PRESENT, rows[i].reached);
		assert_int_equal(f.functions[1].parent, rows[i].reached ? 0 : PG_NONE);
	}
}

/*
 * With a complete list every bridge of the segment is read, also those on no preserved path: each
 * of them can get a number that a path needs. 00:01.0 [01], 00:02.0 [02-03], 02:00.0 [03]; only a
 * device on bus 1 is recorded.
 */
static void every_known_bridge_is_read(void **state)
{
	static uint8_t fdt[OWN_BYTES];

	(void)state;
	own_begin(fdt, true);
	own_node(fdt, "bridges");
	own_bridge(fdt, 0, 0x08, 1, 1);
	own_bridge(fdt, 0, 0x10, 2, 0);
	own_bridge(fdt, 0, 0x200, 3, 0);
	own_bridge(fdt, 0, 0x208, 9, 0);
	own_bridge(fdt, 1, 0x200, 9, 0);
	own_end(fdt);
	own_finish(fdt);
	own_set(fdt, "/bridges/bridge@0,8", "link", NULL, 0);
	own_set(fdt, "/bridges/bridge@0,10", "no-slots", NULL, 0);
	own_set(fdt, "/bridges/bridge@0,200", "link", NULL, 0);
	f.record.roots[f.record.nr_roots++] =
		(struct pg_record_root){ .last = 255, .no_slots = true };
	f.record.own = (struct pg_gate_fdt){
		.present = true,
		.complete = true,
		.fdt = fdt,
		.bridges = own_path(fdt, "/bridges"),
	};
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);
	mock_bridge(&f.config, 0, 2, 2, 0, 2, 3);
	mock_bridge(&f.config, 2, 0, 3, 2, 3, 3);
	mock_device(&f.config, 1, 0, 0);
	mock_device(&f.config, 2, 5, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_scan();
	assert_listed(0, 0x08, true);
	assert_listed(0, 0x10, true);
	assert_listed(2, 0x00, true);
	assert_listed(2, 0x28, false);
	assert_int_equal(f.topology.nr, 4);
	assert_true(fixture_function(0, 2, 0)->result.visited);
	assert_true(fixture_function(2, 0, 0)->result.visited);
	assert_int_equal(fixture_function(2, 0, 0)->parent,
			 fixture_function(0, 2, 0) - f.functions);
	/*
	 * Recorded: three each. Known: two each, and one for 02:01.0, which is gone. The link
	 * behind 02:00.0: is it empty?
	 */
	assert_int_equal(f.topology.reads, 2 * 3 + 2 * 2 + 1 + 1);
	assert_true(f.topology.undecided);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 2, 0x08), 0xffff), 1);
	/* Without the list they are found as well, at a price. */
	f.record.own.complete = false;
	fixture_scan();
	assert_int_equal(f.topology.nr, 4);
	assert_true(fixture_function(2, 0, 0)->result.visited);
	assert_true(f.topology.reads > 32 + 32);
	assert_false(f.topology.undecided);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(empty_ids),
		FIXTURE_TEST(not_ready_is_there),
		FIXTURE_TEST(unknown_layouts),
		FIXTURE_TEST(recorded_functions_behind_what_linux_does_not_see),
		FIXTURE_TEST(recorded_with_an_unknown_layout),
		FIXTURE_TEST(all_devices),
		FIXTURE_TEST(ari),
		FIXTURE_TEST(ari_by_type_of_port),
		FIXTURE_TEST(ari_by_what_is_above),
		FIXTURE_TEST(ari_will_be_switched_off),
		FIXTURE_TEST(chain_in_the_list),
		FIXTURE_TEST(inverted_ranges),
		FIXTURE_TEST(every_known_bridge_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
