// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-listed.c - lib/topology/listed.c: the scan if pcigate's own record lists every bridge.
 */
#include "own-fixture.h"

/* Makes a record that lists every bridge if it is @complete. */
static void list_of_bridges(bool complete)
{
	own(complete,
	    "00:02.0 00/09-09  00:03.0 00/03-03 link  00:04.0 00/04-04 link  03:00.0 03/08-08 "
	    "1:00:05.0 00/04-04",
	    "");
	fixture_root(0, 0, 255)->no_slots = true;
}

/*
 * The scan reads three registers each of the recorded bridge and of the device, two of the
 * neighbour and one behind it, and one of 00:02.0, which is absent. Without the list it reads 31
 * slots, and two more registers of the neighbour.
 */
FIXTURE_TEST(with_a_complete_list_empty_slots_are_not_read)
{
	unsigned int complete;

	for (complete = 0; complete < 2; complete++) {
		fixture_again();
		list_of_bridges(complete);
		machine("0:03.0>1 00/03-03  0:04.0>2 00/04-04  1:00.0");
		record("00:03.0 03:00.0");
		fixture_scan();
		assert_int_equal(f.functions[1].hw.presence, PG_PRESENT);
		assert_int_equal(f.topology.nr, 3);
		assert_int_equal(fixture_function(0, 4, 0)->hw.secondary, 4);
		assert_int_equal(f.topology.reads,
				 complete ? 3 + 3 + 2 + 1 + 1 : 3 + 3 + 31 + 2 + 1);
		assert_int_equal(f.topology.undecided, complete);
		/* A full scan reads all slots. */
		f.config.reads = 0;
		fixture_scan_everything();
		assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 0xf8), PG_REG_ID), 1);
		assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 3, 0xf8), PG_REG_ID), 1);
	}
}

FIXTURE_TEST(a_listed_neighbour_that_overlaps_is_a_culprit)
{
	list_of_bridges(true);
	machine("0:03.0>1 00/03-03  0:04.0>2 00/03-04  1:00.0");
	record("00:03.0 03:00.0");
	fixture_scan();
	assert_int_equal(f.functions[0].result.culprit, 2);
	assert_int_equal(f.functions[2].result.culprit, 0);
}

FIXTURE_TEST(an_unreadable_listed_neighbour_is_refused)
{
	list_of_bridges(true);
	machine("0:03.0>1 00/03-03");
	mock_bridge(&f.config, 0, 4, 2, 0, 4, 4)->id_unreadable = true;
	machine("1:00.0");
	record("00:03.0 03:00.0");
	assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_CONFIG_UNREADABLE);
	assert_string_equal(f.finding.text, "0000:00:04.0");
}

/*
 * This includes bridges on no preserved path, because each of them can take a number that a path
 * needs.
 */
FIXTURE_TEST(every_listed_bridge_is_read)
{
	own(true,
	    "00:01.0 00/01-01 link  00:02.0 00/02-02 no-slots  02:00.0 02/03-03 link "
	    "02:01.0 02/09-09  1:02:00.0 02/09-09",
	    "");
	fixture_root(0, 0, 255)->no_slots = true;
	machine("0:01.0>1 00/01-01  0:02.0>2 00/02-03  2:00.0>3 02/03-03  1:00.0 "
		"2:05.0");
	record("00:01.0 01:00.0");
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
	 * There are three reads of each recorded function, two of each listed bridge, one of
	 * 02:01.0, which is absent, and one of the link behind 02:00.0, which may be empty.
	 */
	assert_int_equal(f.topology.reads, 2 * 3 + 2 * 2 + 1 + 1);
	assert_true(f.topology.undecided);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 2, 0x08), 0xffff), 1);
	/* Without the list, the scan finds the bridges with more reads. */
	f.record.own.complete = false;
	fixture_scan();
	assert_int_equal(f.topology.nr, 4);
	assert_true(fixture_function(2, 0, 0)->result.visited);
	assert_true(f.topology.reads > 32 + 32);
	assert_false(f.topology.undecided);
}
