// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-keep-numbers.c - lib/plan/ for a next kernel that keeps bus numbers once a device is
 * preserved (kernel-patch/0007; upstream's Live Update for Linux 7.4). The expected results were
 * worked out by hand.
 */
#include "plan-tree.h"

static void begin_kept(const char *text)
{
	begin_tree(text);
	m.policy.keep_numbers = true;
}

static void keep_tree(const char *text)
{
	begin_kept(text);
	check_tree();
}

/* Also where nothing is preserved. */
SIM_TEST(assign_busses_changes_no_valid_number)
{
	begin_kept("root 00-7f\n"
		   " 1 00/05-09 preserved > 00/05-09\n"
		   "  0 05/06-06 preserved > 05/06-06\n"
		   "   0 device preserved > @06\n"
		   " 2 00/03-04 > 00/03-04\n"
		   "root 80-ff\n"
		   " 1 80/90-91 > 80/90-91\n"
		   "  0 device > @90");
	m.policy.assign_busses = true;
	check_tree();
}

SIM_TEST(a_bridge_without_numbers_is_numbered_above_the_others)
{
	keep_tree("root 00-ff\n"
		  " 1 reset > 00/07-07\n"
		  "  0 device > @07\n"
		  " 2 00/05-06 preserved > 00/05-06\n"
		  "  0 device preserved > @05\n"
		  " 3 04/09-09 > 00/08-08");
}

/*
 * The second pass of bus 01 runs before bus 00 is scanned further. So 01:01.0 gets 03, a number of
 * 00:02.0, and what is behind 00:02.0 is found as if it were below 01:01.0.
 */
SIM_TEST(a_nested_bridge_is_numbered_before_its_neighbour_is_scanned)
{
	begin_kept("root 00-ff\n"
		   " 1 00/01-02 > ok 00/01-02\n"
		   "  0 01/02-02 > ok 01/02-02\n"
		   "  new: 1 reset > ok 01/03-03\n"
		   " next: 2 00/03-04 preserved > ok 00/03-04\n"
		   "  taken: 0 device preserved > bus-taken:new @03");
	check_plan();
	assert_false(m.steps[at("taken")].lost);
}

SIM_TEST(a_preserved_bridge_that_lost_its_numbers_gets_none)
{
	keep_tree("root 00-ff\n"
		  " 1 reset preserved > 00/00-00\n"
		  "  0 device preserved > lost\n"
		  " 2 00/05-06 preserved > 00/05-06\n"
		  "  0 device preserved > @05");
}

/* The registers of a preserved bridge stay as they are, those of others are cleared. */
SIM_TEST(a_preserved_bridge_with_invalid_numbers_gets_none)
{
	static const char *const rows[] = { "00/00-00", "01/07-07", "00/07-06", "00/00-07" };
	char text[200];

	for (size_t i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		snprintf(text, sizeof(text),
			 "root 00-ff\n"
			 " 1 %s preserved > %s\n"
			 "  0 device preserved > lost\n"
			 " 2 %s > 00/00-00\n"
			 "  0 device > lost",
			 rows[i], rows[i], rows[i]);
		keep_tree(text);
	}
}

/* Bridges on other buses get numbers all the same. */
SIM_TEST(other_bridges_without_numbers_on_that_bus_get_none)
{
	keep_tree("root 00-ff\n"
		  " 1 reset > 00/00-00\n"
		  " 2 reset preserved > 00/00-00\n"
		  " 3 reset > 00/00-00\n"
		  " 4 reset cardbus > 00/00-00\n"
		  " 5 00/05-09 > 00/05-09\n"
		  "  1 reset > 05/06-06\n"
		  "   0 device > @06");
}

SIM_TEST(a_preserved_cardbus_bridge_gets_none)
{
	keep_tree("root 00-ff\n"
		  " 1 00/05-05 cardbus preserved > 00/00-00\n"
		  " 2 reset > 00/00-00");
}

/* A bridge that is preserved counts, not a device. */
SIM_TEST(preserved_devices_prevent_no_numbers)
{
	keep_tree("root 00-ff\n"
		  " 1 device preserved > @00\n"
		  " 2 reset > 00/01-01");
}

/*
 * 00:01.0 overlaps 00:02.0, so bus 02 exists when 00:02.0 is scanned, and no bus is added for it:
 * for Linux it has no numbers.
 */
SIM_TEST(an_overlapping_bridge_prevents_new_numbers)
{
	keep_tree("root 00-ff\n"
		  " 1 00/02-03 > 00/02-03\n"
		  " 2 00/02-02 preserved > 00/02-02\n"
		  " 3 reset > 00/00-00");
}

/*
 * The record names addresses. 02:01.0 is recorded, and another bridge is found there: the one that
 * was at 03:01.0 before 00:01.0 lost its numbers.
 */
SIM_TEST(a_bridge_at_a_recorded_address_counts_as_preserved)
{
	begin_kept("root 00-ff\n"
		   " 0 00/01-01\n"
		   "  lost: 1 device\n"
		   " 1 00/05-04\n"
		   "  moved: 1 reset > 00/00-00\n"
		   "  also: 2 reset > 00/00-00\n");
	/* The functions of the record come first. */
	m.topology.nr_recorded = 2;
	m.functions[at("lost")].at = pg_bdf(0, 2, pg_devfn(1, 0));
	m.functions[at("lost")].result.preserved = true;
	check_tree();
	m.functions[at("lost")].result.preserved = false;
	simulate();
	assert_numbers(at("moved"), 2, 3, 3);
	assert_numbers(at("also"), 2, 4, 4);
}

/* pci_cardbus_scan_bridge_extend() still looks at the parameter only. */
SIM_TEST(with_assign_busses_no_bridge_limits_cardbus)
{
	begin_kept("root 00-04\n"
		   " 1 reset > 00/01-05\n"
		   "  0 reset cardbus > 01/02-05");
	m.policy.assign_busses = true;
	check_tree();
}

/* Without preserved devices the rules are the usual ones. */
SIM_TEST(another_next_kernel_renumbers)
{
	simulate_tree("root 00-ff\n"
		      " 1 reset preserved > 00/01-01\n"
		      " 2 reset > 00/02-02");
}

SIM_TEST(the_plan_says_what_will_not_be_found)
{
	begin_kept("root 00-ff\n"
		   " port: 1 reset preserved > ok 00/00-00\n"
		   "  below: 0 device preserved > bridge-reset:port\n"
		   " other: 2 reset > ok 00/00-00\n"
		   "  foreign: 0 device > bridge-reset:other\n"
		   " sound: 3 00/05-05 preserved > ok 00/05-05\n"
		   "  kept: 0 device preserved > ok @05");
	m.policy.assign_busses = true;
	check_plan();
	assert_true(m.steps[at("below")].lost && !m.steps[at("below")].found);
	assert_false(m.steps[at("foreign")].lost || m.steps[at("foreign")].found);
	assert_false(m.steps[at("kept")].lost || m.steps[at("port")].lost);
	m.policy.keep_numbers = false;
	make_plan();
	assert_false(m.steps[at("below")].lost);
	planned("kept", "reassign-busses:sound");
}

SIM_TEST(valid_numbers_need_no_full_scan_despite_assign_busses)
{
	begin_kept("root 00-ff\n"
		   " port: 1 00/05-05 preserved\n"
		   "  0 device preserved");
	m.policy.assign_busses = true;
	assert_false(pg_plan_needs_everything(&m.topology, &m.policy));
	m.functions[at("port")].hw.secondary = 0;
	assert_true(pg_plan_needs_everything(&m.topology, &m.policy));
	m.functions[at("port")].hw.secondary = 5;
	/* ARI forwarding may be kept, too. */
	m.policy.no_ari = true;
	assert_true(pg_plan_needs_everything(&m.topology, &m.policy));
	m.policy.no_ari = false;
	m.policy.no_mmconfig = true;
	assert_true(pg_plan_needs_everything(&m.topology, &m.policy));
}

/* Whether ARI forwarding of a preserved bridge stays as it is depends on the kernel. */
SIM_TEST(ari_forwarding_that_differs_is_not_certain)
{
	static const struct {
		const char *port;
		const char *device;
		bool noari;
		bool certain;
	} rows[] = {
		{ "on", "ari=1", false, true },
		{ "forward", "", false, true },
		{ "forward", "ari=1", false, false },
		{ "on", "several", false, false },
		{ "on", "ari=1", true, false },
		{ "forward", "ari=1", true, true },
		/* The function is alone on its bus in any case. */
		{ "forward", "ari=0", false, true },
		{ "on", "", false, true },
		{ "on", "ari=0", true, true },
		/* Another device of the bus. */
		{ "on", "\n  1 device several", false, false },
		{ "on", "\n  1 device", false, true },
	};
	char text[120];

	for (size_t i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		for (int keeps = 0; keeps < 2; keeps++) {
			bool certain = rows[i].certain || !keeps;

			snprintf(text, sizeof(text),
				 "root 00-ff\n"
				 " 1 00/05-05 up %s preserved\n"
				 "  0 device preserved %s\n"
				 " last: 2 reset",
				 rows[i].port, rows[i].device);
			begin_tree(text);
			m.policy.keep_numbers = keeps;
			m.policy.no_ari = rows[i].noari;
			simulate();
			assert_int_equal(m.steps[at("last")].secondary_certain, certain);
		}
	}
}
