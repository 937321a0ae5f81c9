// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-everything.c - lib/topology/scan.c and roots.c: the full scan, and root buses.
 */
#include "scan-fixture.h"

static uint16_t index_at(uint8_t bus, uint8_t device, uint8_t function)
{
	return (uint16_t)(fixture_function(bus, device, function) - f.functions);
}

/* Only 01:06.0 is recorded, so it comes first in the array. */
FIXTURE_TEST(a_full_scan_reads_every_bus)
{
	uint16_t i;

	machine("0:01.0  0:02.0>1 00/01-02  0:02.3  0:04.0>5 00/05-05  1:00.0>2 01/02-02 "
		"1:06.0  2:00.0  5:1f.0");
	mock_multifunction(&f.config.functions[1]);
	record("01:06.0");
	fixture_scan_everything();
	assert_int_equal(f.topology.nr, 8);
	assert_int_equal(f.topology.nr_recorded, 1);
	assert_int_equal(f.topology.nr_roots, 1);
	assert_list(f.topology.roots[0].child, "00:01.0 00:02.0 00:02.3 00:04.0");
	assert_list(fixture_function(0, 2, 0)->child, "01:00.0 01:06.0");
	assert_list(fixture_function(1, 0, 0)->child, "02:00.0");
	assert_list(fixture_function(0, 4, 0)->child, "05:1f.0");
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

FIXTURE_TEST(all_segments_of_recorded_root_buses_are_scanned)
{
	static const struct pg_record_root roots[] = {
		{ .segment = 0, .first = 0, .last = 0x7f },
		{ .segment = 0, .first = 0x80, .last = 0xff },
		{ .segment = 7, .first = 0, .last = 0xff },
	};

	machine("0:02.0>1 00/01-02  1:00.0");
	mock_root_bus(&f.config, 0, 0x80, 8);
	mock_device(&f.config, 8, 3, 0);
	mock_segment(&f.config, 7, 0, 255);
	mock_root_bus(&f.config, 7, 0, 7);
	mock_device(&f.config, 7, 1, 0);
	fixture_scan_everything();
	assert_int_equal(f.topology.nr, 0);
	memcpy(f.record.roots, roots, sizeof(roots));
	f.record.nr_roots = 3;
	fixture_scan_everything();
	assert_int_equal(f.topology.nr, 4);
	assert_int_equal(f.topology.nr_recorded, 0);
	assert_int_equal(f.topology.nr_roots, 3);
	assert_int_equal(f.functions[1].parent, 0);
	assert_true(pg_bdf_equal(f.functions[2].at, pg_bdf(0, 0x80, 3 << 3)));
	assert_true(pg_bdf_equal(f.functions[3].at, pg_bdf(7, 0, 1 << 3)));
}

/* The machine is that of the test before. */
FIXTURE_TEST(a_scan_of_the_paths_reads_bridges_only)
{
	machine("0:01.0  0:02.0>1 00/01-02  0:04.0>5 00/05-05  1:00.0>2 01/02-02 "
		"1:06.0");
	record("01:06.0");
	fixture_scan();
	assert_int_equal(f.topology.nr, 4);
	assert_false(f.topology.everything);
	assert_list(f.topology.roots[0].child, "00:02.0 00:04.0");
	assert_list(fixture_function(0, 2, 0)->child, "01:00.0 01:06.0");
	assert_true(fixture_function(0, 2, 0)->result.visited);
	assert_true(fixture_function(0, 4, 0)->result.visited);
	assert_true(fixture_function(1, 0, 0)->result.visited);
}

/*
 * These are buses behind a reset bridge, behind a bridge that leads back or beyond the root bus,
 * and behind the second of two bridges with the same bus.
 */
FIXTURE_TEST(buses_that_no_config_read_reaches_are_not_visited)
{
	fixture_window(4, 255);
	fixture_root(0, 4, 0x7f);
	machine("0:01.0>1 04/00-00  0:02.0>2 04/03-09  0:03.0>3 04/04-04 "
		"0:05.0>5 04/80-81  0:06.0>6 04/7f-81  0:07.0>7 04/20-21 "
		"0:08.0>8 04/20-22  0:09.0>9 04/21-21  0:0a.0>10 04/31-30");
	record("04:01.0");
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

/* The scan keeps their order and ranges, and looks for no others. */
FIXTURE_TEST(the_record_lists_the_root_buses)
{
	mock_segment(&f.config, 1, 0, 255);
	mock_root_bus(&f.config, 0, 0x40, 1);
	mock_root_bus(&f.config, 0, 0x80, 2);
	fixture_root(0, 0x40, 0x7f);
	fixture_root(1, 0x10, 0x20);
	fixture_root(0, 0, 0x3f);
	fixture_root(2, 0, 0);
	machine("0:01.0  1:01.0  2:01.0");
	record("00:01.0 40:01.0 80:01.0");
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
	/* Bus 80 answers, but the record does not list it as a root bus. */
	assert_int_equal(f.functions[2].hw.presence, PG_UNREACHED);
	assert_false(f.functions[2].result.reached);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0x80, 8), 0xffff), 0);
}

/* A root bus ends before the next one. */
FIXTURE_TEST(without_own_record_root_buses_are_assumed)
{
	fixture_window(0, 0xf0);
	mock_root_bus(&f.config, 0, 0x40, 1);
	mock_root_bus(&f.config, 0, 0x80, 2);
	machine("0:01.0  1:01.0  2:01.0");
	record("40:01.0 80:01.0");
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

/* The bus that answers may be behind the lost bridge. */
FIXTURE_TEST(no_root_bus_is_assumed_if_a_path_may_be_lost)
{
	unsigned int round;

	for (round = 0; round < 3; round++) {
		struct mock_function *lost;

		fixture_again();
		mock_root_bus(&f.config, 0, 0x40, 1);
		lost = round == 2 ? mock_bridge(&f.config, 0, 1, 5, 0, 0, 0)
				  : mock_device(&f.config, 0, 1, 0);
		if (round == 1)
			lost->regs[PG_REG_ID / 4] = 0xffffffff;
		machine("1:01.0");
		record("00:01.0 40:01.0");
		fixture_scan();
		assert_int_equal(f.topology.nr_roots, round ? 1 : 2);
		assert_int_equal(f.functions[1].hw.presence, round ? PG_UNREACHED : PG_PRESENT);
	}
}

FIXTURE_TEST(more_than_512_root_buses_are_refused)
{
	unsigned int i;

	record("00:01.0");
	for (i = 0; i < PG_MAX_ROOTS; i++)
		fixture_root(i / 256, (uint8_t)i, (uint8_t)i);
	for (i = 1; i < PG_MAX_ROOTS / 256; i++) {
		mock_segment(&f.config, i, 0, 255);
		fixture_record(pg_bdf(i, 0xff, pg_devfn(1, 0)));
	}
	fixture_scan();
	assert_int_equal(f.topology.nr_roots, PG_MAX_ROOTS);
	/* The index of this root bus does not fit into 8 bits. */
	assert_true(f.functions[1].result.reached);
	assert_int_equal(pg_root_of(&f.topology, &f.functions[1]), PG_MAX_ROOTS - 1);
	mock_segment(&f.config, 2, 0, 255);
	record("2:00:01.0");
	assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_WORKSPACE_FULL);
	assert_string_equal(f.finding.text, "512");
}

FIXTURE_TEST(a_root_bus_listed_twice_is_scanned_once)
{
	fixture_root(0, 0, 255);
	fixture_root(0, 0, 255);
	machine("0:01.0");
	record("00:01.0");
	fixture_scan_everything();
	assert_int_equal(f.topology.nr_roots, 2);
	assert_int_equal(f.topology.roots[0].child, 0);
	assert_int_equal(f.topology.roots[1].child, PG_NONE);
	assert_int_equal(f.functions[0].sibling, PG_NONE);
}

/* The subordinate number does not matter. */
FIXTURE_TEST(a_bridge_always_claims_its_secondary_bus)
{
	static const struct {
		uint8_t secondary, subordinate;
		bool reached;
	} rows[] = { { 5, 5, true }, { 5, 9, true },  { 5, 4, true },
		     { 5, 0, true }, { 4, 5, false }, { 6, 4, false } };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		mock_bridge(&f.config, 0, 1, 1, 0, rows[i].secondary, rows[i].subordinate);
		machine("1:00.0");
		record("00:01.0 05:00.0");
		fixture_scan();
		assert_int_equal(f.functions[1].hw.presence == PG_PRESENT, rows[i].reached);
		assert_int_equal(f.functions[1].parent, rows[i].reached ? 0 : PG_NONE);
	}
}
