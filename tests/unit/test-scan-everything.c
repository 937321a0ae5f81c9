// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-everything.c - lib/topology/scan.c: the scan of every bus, root buses and bridges that
 * the record lists, and functions that Linux will not find.
 */
#include "gate-fdt-writer.h"
#include "scan-fixture.h"

#define PCIE_ROOT_PORT 4u
#define PCIE_ENDPOINT 0u
#define DEVICE_CAPABILITIES_2 (0x40 + 0x24)
#define ARI_FORWARDING_SUPPORTED (1u << 5)

static uint8_t fdt[OWN_BYTES];

static void tell_root(uint32_t segment, uint8_t first, uint8_t last)
{
	f.record.roots[f.record.nr_roots++] = (struct pg_record_root){
		.segment = segment,
		.first = first,
		.last = last,
	};
}

/* The functions on a bus, as a list from @first on. */
static void assert_list(uint16_t first, uint8_t bus, const uint8_t *devfns, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr && first != PG_NONE; i++) {
		assert_true(pg_bdf_equal(f.functions[first].at, pg_bdf(0, bus, devfns[i])));
		first = f.functions[first].sibling;
	}
	assert_int_equal(i, nr);
	assert_int_equal(first, PG_NONE);
}

static uint16_t index_at(uint8_t bus, uint8_t device, uint8_t function)
{
	return (uint16_t)(fixture_function(bus, device, function) - f.functions);
}

/*
 * 00:01.0, 00:02.0 [01-02], 00:02.3, 00:04.0 [05]; behind the first 01:00.0 [02] and 01:06.0, and
 * there 02:00.0; 05:1f.0. Only 01:06.0 is recorded, and comes first in the array.
 */
static void every_bus(void **state)
{
	static const uint8_t on_0[] = { 0x08, 0x10, 0x13, 0x20 }, on_1[] = { 0x00, 0x30 },
			     on_2[] = { 0x00 }, on_5[] = { 0xf8 };
	uint16_t i;

	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0);
	mock_multifunction(mock_bridge(&f.config, 0, 2, 1, 0, 1, 2));
	mock_device(&f.config, 0, 2, 3);
	mock_bridge(&f.config, 0, 4, 5, 0, 5, 5);
	mock_bridge(&f.config, 1, 0, 2, 1, 2, 2);
	mock_device(&f.config, 1, 6, 0);
	mock_device(&f.config, 2, 0, 0);
	mock_device(&f.config, 5, 31, 0);
	fixture_record(0, 1, 6, 0, 1);
	fixture_scan_everything();
	assert_int_equal(f.topology.nr, 8);
	assert_int_equal(f.topology.nr_recorded, 1);
	assert_int_equal(f.topology.nr_roots, 1);
	assert_list(f.topology.roots[0].child, 0, on_0, 4);
	assert_list(fixture_function(0, 2, 0)->child, 1, on_1, 2);
	assert_list(fixture_function(1, 0, 0)->child, 2, on_2, 1);
	assert_list(fixture_function(0, 4, 0)->child, 5, on_5, 1);
	assert_int_equal(fixture_function(0, 1, 0)->child, PG_NONE);
	assert_int_equal(fixture_function(0, 1, 0)->parent, PG_NONE);
	assert_int_equal(fixture_function(1, 0, 0)->parent, index_at(0, 2, 0));
	assert_int_equal(fixture_function(2, 0, 0)->parent, index_at(1, 0, 0));
	assert_true(fixture_function(0, 2, 0)->result.visited);
	assert_true(fixture_function(0, 4, 0)->result.visited);
	assert_true(fixture_function(1, 0, 0)->result.visited);
	assert_false(fixture_function(0, 1, 0)->result.visited);
	assert_false(fixture_function(0, 1, 0)->rec.recorded);
	assert_true(f.functions[0].rec.recorded);
	for (i = 0; i < f.topology.nr; i++) {
		assert_int_equal(f.functions[i].hw.presence, PG_PRESENT);
		assert_int_equal(pg_root_of(&f.topology, &f.functions[i]), 0);
		assert_false(f.functions[i].result.hidden);
	}
}

/* The bridges of the same, and what is recorded. */
static void the_paths_alone(void **state)
{
	static const uint8_t on_0[] = { 0x10, 0x20 }, on_1[] = { 0x00, 0x30 };

	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0);
	mock_bridge(&f.config, 0, 2, 1, 0, 1, 2);
	mock_bridge(&f.config, 0, 4, 5, 0, 5, 5);
	mock_bridge(&f.config, 1, 0, 2, 1, 2, 2);
	mock_device(&f.config, 1, 6, 0);
	fixture_record(0, 1, 6, 0, 1);
	fixture_scan();
	assert_int_equal(f.topology.nr, 4);
	assert_false(f.topology.everything);
	assert_list(f.topology.roots[0].child, 0, on_0, 2);
	assert_list(fixture_function(0, 2, 0)->child, 1, on_1, 2);
	assert_true(fixture_function(0, 2, 0)->result.visited);
	assert_true(fixture_function(0, 4, 0)->result.visited);
	assert_true(fixture_function(1, 0, 0)->result.visited);
}

/*
 * What no request comes to was not visited: a reset bridge, one that leads back or beyond the root
 * bus, the second of two.
 */
static void not_visited(void **state)
{
	(void)state;
	mock_segment(&f.config, 0, 4, 255);
	mock_root_bus(&f.config, 0, 4, 0);
	tell_root(0, 4, 0x7f);
	mock_bridge(&f.config, 0, 1, 1, 4, 0, 0);
	mock_bridge(&f.config, 0, 2, 2, 4, 3, 9);
	mock_bridge(&f.config, 0, 3, 3, 4, 4, 4);
	mock_bridge(&f.config, 0, 5, 5, 4, 0x80, 0x81);
	mock_bridge(&f.config, 0, 6, 6, 4, 0x7f, 0x81);
	mock_bridge(&f.config, 0, 7, 7, 4, 0x20, 0x21);
	mock_bridge(&f.config, 0, 8, 8, 4, 0x20, 0x22);
	mock_bridge(&f.config, 0, 9, 9, 4, 0x21, 0x21);
	mock_bridge(&f.config, 0, 10, 10, 4, 0x31, 0x30);
	fixture_record(0, 4, 1, 0, 1);
	fixture_scan_everything();
	assert_false(fixture_function(4, 1, 0)->result.visited);
	assert_false(fixture_function(4, 2, 0)->result.visited);
	assert_false(fixture_function(4, 3, 0)->result.visited);
	assert_false(fixture_function(4, 5, 0)->result.visited);
	assert_true(fixture_function(4, 6, 0)->result.visited);
	assert_true(fixture_function(4, 7, 0)->result.visited);
	assert_false(fixture_function(4, 8, 0)->result.visited);
	assert_false(fixture_function(4, 9, 0)->result.visited);
}

/* Root buses that the record tells, in its order, with its ranges; none is looked for. */
static void roots_from_the_record(void **state)
{
	(void)state;
	mock_segment(&f.config, 0, 0, 255);
	mock_segment(&f.config, 1, 0, 255);
	mock_root_bus(&f.config, 0, 0, 0);
	mock_root_bus(&f.config, 0, 0x40, 1);
	mock_root_bus(&f.config, 0, 0x80, 2);
	tell_root(0, 0x40, 0x7f);
	tell_root(1, 0x10, 0x20);
	tell_root(0, 0, 0x3f);
	tell_root(2, 0, 0);
	mock_device(&f.config, 0, 1, 0);
	mock_device(&f.config, 1, 1, 0);
	mock_device(&f.config, 2, 1, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 0x40, 1, 0, 1);
	fixture_record(0, 0x80, 1, 0, 1);
	fixture_scan();
	assert_int_equal(f.topology.nr_roots, 2);
	assert_int_equal(f.topology.roots[0].first, 0x40);
	assert_int_equal(f.topology.roots[0].last, 0x7f);
	assert_int_equal(f.topology.roots[1].first, 0);
	assert_int_equal(f.topology.roots[1].last, 0x3f);
	assert_false(f.topology.roots[0].assumed);
	assert_false(f.topology.roots[1].assumed);
	assert_int_equal(pg_root_of(&f.topology, &f.functions[0]), 1);
	assert_int_equal(pg_root_of(&f.topology, &f.functions[1]), 0);
	/* A bus that answers, but is no root bus by the record. */
	assert_int_equal(f.functions[2].hw.presence, PG_UNREACHED);
	assert_false(f.functions[2].result.reached);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0x80, 8), 0xffff), 0);
}

/* Without pcigate's own record, a root bus ends before the next one. */
static void roots_that_were_found(void **state)
{
	(void)state;
	mock_segment(&f.config, 0, 0, 0xf0);
	mock_root_bus(&f.config, 0, 0, 0);
	mock_root_bus(&f.config, 0, 0x40, 1);
	mock_root_bus(&f.config, 0, 0x80, 2);
	mock_device(&f.config, 0, 1, 0);
	mock_device(&f.config, 1, 1, 0);
	mock_device(&f.config, 2, 1, 0);
	fixture_record(0, 0x40, 1, 0, 1);
	fixture_record(0, 0x80, 1, 0, 1);
	fixture_scan();
	assert_int_equal(f.topology.nr_roots, 3);
	assert_int_equal(f.topology.roots[0].first, 0);
	assert_int_equal(f.topology.roots[0].last, 0x3f);
	assert_false(f.topology.roots[0].assumed);
	assert_int_equal(f.topology.roots[1].first, 0x40);
	assert_int_equal(f.topology.roots[1].last, 0x7f);
	assert_true(f.topology.roots[1].assumed);
	assert_int_equal(f.topology.roots[2].first, 0x80);
	assert_int_equal(f.topology.roots[2].last, 0xf0);
	assert_true(f.topology.roots[2].assumed);
}

/* Not where a path may have been lost: a bus that answers may then be one below a bridge. */
static void no_root_where_a_path_is_lost(void **state)
{
	unsigned int round;

	for (round = 0; round < 3; round++) {
		struct mock_function *lost;

		fixture_teardown(state);
		fixture_setup(state);
		mock_segment(&f.config, 0, 0, 255);
		mock_root_bus(&f.config, 0, 0, 0);
		mock_root_bus(&f.config, 0, 0x40, 1);
		lost = round == 2 ? mock_bridge(&f.config, 0, 1, 5, 0, 0, 0)
				  : mock_device(&f.config, 0, 1, 0);
		if (round == 1)
			lost->regs[PG_REG_ID / 4] = 0xffffffff;
		mock_device(&f.config, 1, 1, 0);
		fixture_record(0, 0, 1, 0, 1);
		fixture_record(0, 0x40, 1, 0, 1);
		fixture_scan();
		assert_int_equal(f.topology.nr_roots, round ? 1 : 2);
		assert_int_equal(f.functions[1].hw.presence, round ? PG_UNREACHED : PG_PRESENT);
	}
}

static void capacity_for_root_buses(void **state)
{
	unsigned int i;

	(void)state;
	mock_segment(&f.config, 0, 0, 255);
	mock_root_bus(&f.config, 0, 0, 0);
	fixture_record(0, 0, 1, 0, 1);
	for (i = 0; i < PG_MAX_ROOTS; i++)
		tell_root(i / 256, (uint8_t)i, (uint8_t)i);
	for (i = 1; i < PG_MAX_ROOTS / 256; i++) {
		mock_segment(&f.config, i, 0, 255);
		fixture_record(i, 0xff, 1, 0, 1);
	}
	fixture_scan();
	assert_int_equal(f.topology.nr_roots, PG_MAX_ROOTS);
	/* The index of a root bus does not fit into 8 bits. */
	assert_true(f.functions[1].result.reached);
	assert_int_equal(pg_root_of(&f.topology, &f.functions[1]), PG_MAX_ROOTS - 1);
	mock_segment(&f.config, 2, 0, 255);
	fixture_record(2, 0, 1, 0, 1);
	assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_WORKSPACE_FULL);
	assert_string_equal(f.finding.text, "512");
}

/* A root bus that is given twice is scanned once. */
static void root_twice(void **state)
{
	(void)state;
	fixture_segment_0();
	tell_root(0, 0, 255);
	tell_root(0, 0, 255);
	mock_device(&f.config, 0, 1, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_scan_everything();
	assert_int_equal(f.topology.nr_roots, 2);
	assert_int_equal(f.topology.roots[0].child, 0);
	assert_int_equal(f.topology.roots[1].child, PG_NONE);
	assert_int_equal(f.functions[0].sibling, PG_NONE);
}

/* A function that is not the first of its device, recorded; is it one that Linux comes to? */
static bool hidden(struct mock_function *zero, bool multifunction, bool recorded)
{
	if (zero && multifunction)
		mock_multifunction(zero);
	mock_device(&f.config, 0, 1, 3);
	if (recorded)
		fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 0, 1, 3, 1);
	fixture_scan();
	assert_int_equal(f.functions[f.record.nr - 1].hw.presence, PG_PRESENT);
	return f.functions[f.record.nr - 1].result.hidden;
}

static void functions_behind_function_0(void **state)
{
	unsigned int there, multifunction, recorded;

	for (there = 0; there < 2; there++) {
		for (multifunction = 0; multifunction < 2; multifunction++) {
			for (recorded = 0; recorded < 2; recorded++) {
				struct mock_function *zero = NULL;

				fixture_teardown(state);
				fixture_setup(state);
				fixture_segment_0();
				if (there)
					zero = mock_device(&f.config, 0, 1, 0);
				assert_int_equal(hidden(zero, multifunction, recorded),
						 !there || !multifunction);
			}
		}
	}
}

/* A neighbour that answers and is no device 0 of its own. */
static void function_0_of_another_device_is_irrelevant(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_multifunction(mock_device(&f.config, 0, 0, 0));
	mock_multifunction(mock_device(&f.config, 0, 2, 0));
	assert_true(hidden(NULL, false, false));
}

/* Root port 00:01.0 [01] that can forward ARI. */
static void ari_port(void)
{
	struct mock_function *port = mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);

	mock_pcie(port, PCIE_ROOT_PORT);
	port->regs[DEVICE_CAPABILITIES_2 / 4] = ARI_FORWARDING_SUPPORTED;
}

/* An ARI capability that names @next. */
static void put_ari(struct mock_function *function, uint8_t next)
{
	mock_pcie(function, PCIE_ENDPOINT);
	function->regs[PG_REG_EXTENDED / 4] = 0x0001000e;
	function->regs[PG_REG_EXTENDED / 4 + 1] = (uint32_t)next << 8 | 0xabcd0012;
}

/*
 * Behind the root port functions with these numbers, each naming the next one; @wanted is recorded.
 */
static bool hidden_in_chain(const uint8_t (*chain)[2], unsigned int nr, uint8_t wanted)
{
	void *state = NULL;
	unsigned int i;

	fixture_teardown(&state);
	fixture_setup(&state);
	fixture_segment_0();
	ari_port();
	for (i = 0; i < nr; i++)
		put_ari(mock_device(&f.config, 1, chain[i][0] >> 3, chain[i][0] & 7), chain[i][1]);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, wanted >> 3, wanted & 7, 1);
	fixture_scan();
	assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
	return f.functions[1].result.hidden;
}

static void ari_chains(void **state)
{
	static const uint8_t direct[][2] = { { 0, 9 }, { 9, 0 } };
	static const uint8_t steps[][2] = { { 0, 3 }, { 3, 8 }, { 8, 255 }, { 255, 0 } };
	static const uint8_t past[][2] = { { 0, 10 }, { 9, 10 }, { 10, 0 } };
	static const uint8_t gap[][2] = { { 0, 5 }, { 9, 0 } };
	static const uint8_t back[][2] = { { 0, 12 }, { 12, 9 }, { 9, 0 } };
	static const uint8_t itself[][2] = { { 0, 12 }, { 12, 12 }, { 20, 0 } };
	static const uint8_t headless[][2] = { { 9, 0 } };

	(void)state;
	assert_false(hidden_in_chain(direct, 2, 9));
	assert_false(hidden_in_chain(steps, 4, 8));
	assert_false(hidden_in_chain(steps, 4, 255));
	assert_true(hidden_in_chain(past, 3, 9));
	assert_true(hidden_in_chain(gap, 2, 9));
	assert_true(hidden_in_chain(back, 3, 9));
	assert_true(hidden_in_chain(itself, 3, 20));
	assert_true(hidden_in_chain(headless, 1, 9));
}

/* Without the capability, or where it cannot be read, nothing follows function 0. */
static void ari_chain_that_cannot_be_followed(void **state)
{
	unsigned int round;

	for (round = 0; round < 4; round++) {
		struct mock_function *zero;

		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		ari_port();
		zero = mock_device(&f.config, 1, 0, 0);
		put_ari(zero, 9);
		if (round == 1)
			zero->regs[PG_REG_EXTENDED / 4] = 0;
		if (round == 2)
			zero->no_window_from = PG_REG_EXTENDED;
		/* The capability is there, but its register is out of reach. */
		if (round == 3)
			zero->no_window_from = PG_REG_EXTENDED + 4;
		mock_device(&f.config, 1, 1, 1);
		fixture_record(0, 1, 1, 1, 1);
		if (round == 3) {
			assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_CONFIG_UNREADABLE);
			continue;
		}
		fixture_scan();
		assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
		assert_int_equal(f.functions[0].result.hidden, round != 0);
	}
}

/*
 * A link that is not PCI Express, or no function, for Linux: nothing follows it, whatever its
 * extended registers are.
 */
static void ari_chain_through_what_linux_ignores(void **state)
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
		{ PG_REG_HEADER, 4u << 16, true }, /* a header layout that there is not */
	};
	unsigned int i;

	/* Each with the link in the record and without. */
	for (i = 0; i < 2 * PG_ARRAY_SIZE(rows); i++) {
		struct mock_function *link;

		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		ari_port();
		put_ari(mock_device(&f.config, 1, 0, 0), 3);
		link = mock_device(&f.config, 1, 0, 3);
		put_ari(link, 9);
		put_ari(mock_device(&f.config, 1, 1, 1), 0);
		link->regs[rows[i / 2].reg / 4] ^= rows[i / 2].flip;
		if (i % 2)
			fixture_record(0, 1, 0, 3, 1);
		fixture_record(0, 1, 1, 1, 1);
		fixture_scan();
		assert_int_equal(f.functions[i % 2].at.devfn, 9);
		assert_int_equal(f.functions[i % 2].result.hidden, rows[i / 2].hidden);
	}
}

/* Where there are 32 devices the number is a device's: ARI is no matter there. */
static void no_ari_behind_other_bridges(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);
	mock_multifunction(mock_device(&f.config, 1, 1, 0));
	mock_device(&f.config, 1, 1, 1);
	mock_device(&f.config, 1, 2, 1);
	mock_device(&f.config, 1, 3, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 1, 1, 1);
	fixture_record(0, 1, 2, 1, 1);
	fixture_record(0, 1, 3, 0, 1);
	fixture_scan();
	assert_false(f.functions[1].result.hidden);
	assert_true(f.functions[2].result.hidden);
	assert_false(f.functions[3].result.hidden);
}

/*
 * What is recorded and answers is in the list of its bus, hidden or not: Linux may take the bus for
 * another one.
 */
static void ari_functions_in_the_list(void **state)
{
	static const uint8_t on_1[] = { 0, 9, 16 };

	(void)state;
	fixture_segment_0();
	ari_port();
	put_ari(mock_device(&f.config, 1, 0, 0), 9);
	put_ari(mock_device(&f.config, 1, 1, 1), 0);
	mock_device(&f.config, 1, 2, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 1, 0, 0, 1);
	fixture_record(0, 1, 1, 0, 1);
	fixture_record(0, 1, 1, 1, 1);
	fixture_record(0, 1, 2, 0, 1);
	fixture_scan_everything();
	assert_int_equal(f.functions[2].hw.presence, PG_ABSENT);
	assert_false(f.functions[3].result.hidden);
	assert_true(f.functions[4].result.hidden);
	assert_list(f.functions[0].child, 1, on_1, 3);
}

/* The record lists every bridge: then empty slots are not asked. */
static void list_of_bridges(bool complete)
{
	own_begin(fdt, complete);
	own_node(fdt, "bridges");
	own_bridge(fdt, 0, 0x10, 9, 0);
	own_bridge(fdt, 0, 0x18, 3, 1);
	own_bridge(fdt, 0, 0x20, 4, 0);
	own_bridge(fdt, 0, 0x300, 8, 0);
	own_bridge(fdt, 1, 0x28, 4, 0);
	own_end(fdt);
	own_finish(fdt);
	f.record.own = (struct pg_gate_fdt){
		.present = true,
		.complete = complete,
		.fdt = fdt,
		.bridges = own_path(fdt, "/bridges"),
	};
	own_set(fdt, "/bridges/bridge@0,18", "link", NULL, 0);
	own_set(fdt, "/bridges/bridge@0,20", "link", NULL, 0);
	f.record.roots[0] = (struct pg_record_root){ .last = 255, .no_slots = true };
	f.record.nr_roots = 1;
}

/*
 * Bridges 00:03.0 [03] and 00:04.0 [04], device 03:00.0. Of the recorded bridge and of the device
 * three registers each; of the neighbour two, and one for what may be behind it; and one of
 * 00:02.0, which is gone. Without the list 31 slots, and two more registers of the neighbour.
 */
static void complete_list_of_bridges(void **state)
{
	unsigned int complete;

	for (complete = 0; complete < 2; complete++) {
		fixture_teardown(state);
		fixture_setup(state);
		list_of_bridges(complete);
		fixture_segment_0();
		mock_bridge(&f.config, 0, 3, 1, 0, 3, 3);
		mock_bridge(&f.config, 0, 4, 2, 0, 4, 4);
		mock_device(&f.config, 1, 0, 0);
		fixture_record(0, 0, 3, 0, 1);
		fixture_record(0, 3, 0, 0, 1);
		fixture_scan();
		assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
		assert_int_equal(f.topology.nr, 3);
		assert_int_equal(fixture_function(0, 4, 0)->hw.secondary, 4);
		assert_int_equal(f.topology.reads,
				 complete ? 3 + 3 + 2 + 1 + 1 : 3 + 3 + 31 + 2 + 1);
		assert_int_equal(f.topology.undecided, complete);
		/* A search of everything asks all slots. */
		f.config.reads = 0;
		fixture_scan_everything();
		assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 0xf8), PG_REG_ID), 1);
		assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0xf8), PG_REG_ID), 1);
	}
}

/* What was listed overlaps now. */
static void listed_neighbour_overlaps(void **state)
{
	(void)state;
	list_of_bridges(true);
	fixture_segment_0();
	mock_bridge(&f.config, 0, 3, 1, 0, 3, 3);
	mock_bridge(&f.config, 0, 4, 2, 0, 3, 4);
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
	fixture_scan();
	assert_int_equal(f.functions[0].result.culprit, 2);
	assert_int_equal(f.functions[2].result.culprit, 0);
}

static void listed_neighbour_unreadable(void **state)
{
	(void)state;
	list_of_bridges(true);
	fixture_segment_0();
	mock_bridge(&f.config, 0, 3, 1, 0, 3, 3);
	mock_bridge(&f.config, 0, 4, 2, 0, 4, 4)->id_unreadable = true;
	mock_device(&f.config, 1, 0, 0);
	fixture_record(0, 0, 3, 0, 1);
	fixture_record(0, 3, 0, 0, 1);
	assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_CONFIG_UNREADABLE);
	assert_string_equal(f.finding.text, "0000:00:04.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(every_bus),
		FIXTURE_TEST(the_paths_alone),
		FIXTURE_TEST(not_visited),
		FIXTURE_TEST(roots_from_the_record),
		FIXTURE_TEST(roots_that_were_found),
		FIXTURE_TEST(no_root_where_a_path_is_lost),
		FIXTURE_TEST(capacity_for_root_buses),
		FIXTURE_TEST(root_twice),
		FIXTURE_TEST(functions_behind_function_0),
		FIXTURE_TEST(function_0_of_another_device_is_irrelevant),
		FIXTURE_TEST(ari_chains),
		FIXTURE_TEST(ari_chain_that_cannot_be_followed),
		FIXTURE_TEST(ari_chain_through_what_linux_ignores),
		FIXTURE_TEST(no_ari_behind_other_bridges),
		FIXTURE_TEST(ari_functions_in_the_list),
		FIXTURE_TEST(complete_list_of_bridges),
		FIXTURE_TEST(listed_neighbour_overlaps),
		FIXTURE_TEST(listed_neighbour_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
