// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-culprits.c - lib/topology/suspect.c and scan.c: find the culprit of an unreached
 * function, and bridges whose ranges overlap.
 */
#include "scan-fixture.h"

FIXTURE_TEST(a_bridge_that_lost_its_numbers_is_the_culprit)
{
	static const struct scenario rows[] = {
		/* The bridge in the middle is reset. */
		{ "0:01.0>1 00/01-04  1:00.0>2 00/00-00  2:00.0>3 02/03-03  3:00.0",
		  "00:01.0 01:00.0 02:00.0 03:00.0", "- 0 unreached/1 unreached/1" },
		/*
		 * The secondary number is above the subordinate number, so nothing is forwarded.
		 * But the numbers show which buses were behind the bridge.
		 */
		{ "0:01.0>1 00/05-02  1:00.0", "00:01.0 02:00.0", "- unreached/0" },
		{ "0:01.0>1 00/05-02  1:00.0", "00:01.0 03:00.0", "- unreached/0" },
		{ "0:01.0>1 00/05-02  1:00.0", "00:01.0 04:00.0", "- unreached/0" },
		{ "0:01.0>1 00/05-02  1:00.0", "00:01.0 01:00.0", "- unreached/-" },
		{ "0:01.0>1 00/05-02  1:00.0", "00:01.0 06:00.0", "- unreached/-" },
		{ "0:01.0>1 00/02-00  1:00.0", "00:01.0 01:00.0", "- unreached/0" },
		{ "0:01.0>1 00/05-00  1:00.0", "00:01.0 06:00.0", "- unreached/-" },
		/* Each of two bridges may have led to the bus, so neither is named. */
		{ "0:01.0>1 00/00-00  0:02.0>2 00/00-00", "00:01.0 00:02.0 01:00.0 02:00.0",
		  "- - unreached/- unreached/-" },
		/* A reset bridge only led to buses with higher numbers than its own bus. */
		{ "0:01.0>1 00/04-05  1:00.0>2 00/00-00", "00:01.0 03:00.0 04:00.0 05:00.0",
		  "- unreached/- 0 unreached/2" },
		/* A bridge that is not recorded is no suspect. */
		{ "0:01.0>1 00/00-00", "01:00.0", "unreached/-" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++)
		run_scenario(&rows[i]);
}

FIXTURE_TEST(a_reset_root_port_is_the_culprit)
{
	machine("0:03.0>1 00/00-00  1:00.0");
	record("00:03.0 01:00.0");
	/* Data in the workspace after the topology is no suspect. */
	f.functions[2] =
		(struct pg_function){ .hw.header = PG_HEADER_BRIDGE, .rec.recorded = true };
	fixture_scan();
	expect("- unreached/0");
	assert_int_equal(f.topology.nr, 2);
	assert_int_equal(f.functions[1].parent, PG_NONE);
	/*
	 * A recorded bridge forwards nothing, so the device was behind that bridge. The scan does
	 * not look for a root bus 01.
	 */
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 1, 0), 0xffff), 0);
}

FIXTURE_TEST(suspects_stay_in_their_segment)
{
	mock_segment(&f.config, 1, 0, 255);
	mock_root_bus(&f.config, 1, 0, 10);
	machine("0:01.0>1 00/00-00");
	record("00:01.0 1:01:00.0");
	fixture_scan();
	expect("- unreached/-");
}

/* Eight functions are recorded on the bus. Buses after it are not read at all. */
FIXTURE_TEST(an_unreached_bus_is_read_once)
{
	uint8_t function;

	record("07:00.0 07:00.1 07:00.2 07:00.3 07:00.4 07:00.5 07:00.6 07:00.7 08:00.0");
	fixture_scan();
	expect("unreached unreached unreached unreached unreached unreached unreached unreached");
	for (function = 0; function < 8; function++)
		assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 7, function), 0xffff),
				 function ? 0 : 1);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 8, 0), 0xffff), 0);
	assert_int_equal(f.topology.reads, 32 + 1);
}

/* The other bridge has [03-05]. */
FIXTURE_TEST(overlapping_siblings_are_culprits_of_each_other)
{
	static const struct {
		uint8_t secondary, subordinate;
		bool overlap;
	} cases[] = {
		{ 1, 2, false }, { 1, 3, true },  { 1, 9, true },  { 3, 5, true },
		{ 4, 4, true },	 { 5, 9, true },  { 6, 9, false }, { 0, 9, false },
		{ 0, 0, false }, { 5, 4, false }, { 9, 1, false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		unsigned int other;

		fixture_again();
		machine("0:01.0>1 00/03-05  1:00.0");
		mock_bridge(&f.config, 0, 2, 2, 0, cases[i].secondary, cases[i].subordinate);
		record("00:01.0 03:00.0");
		fixture_scan();
		assert_int_equal(f.topology.nr, 3);
		for (other = 0; other <= 2; other += 2) {
			assert_int_equal(f.functions[other].hw.presence, PG_PRESENT);
			assert_int_equal(f.functions[other].result.culprit,
					 cases[i].overlap ? 2 - other : PG_NONE);
		}
	}
}

/* The bus is below the first bridge. Each bridge is the culprit of the other. */
FIXTURE_TEST(the_bus_of_two_bridges_is_read_once)
{
	machine("0:01.0>1 00/01-01  0:02.0>2 00/01-01  1:00.0");
	record("00:01.0 00:02.0 01:00.0");
	fixture_scan();
	assert_int_equal(f.functions[0].result.culprit, 1);
	assert_int_equal(f.functions[1].result.culprit, 0);
	expect("? ? 0");
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 1, 0), PG_REG_ID), 1);
}
