// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-plan-needs.c - lib/plan/number.c: decides whether the paths suffice, or the whole machine
 * must be read.
 */
#include "plan-tree.h"

static void assert_needs(bool everything)
{
	assert_int_equal(pg_plan_needs_everything(&m.topology, &m.policy), everything);
}

SIM_TEST(valid_paths_decide)
{
	uint16_t kept, below;

	root(0, 255);
	assert_needs(false);
	kept = bridge(ON_ROOT(0), 2, 0, 5, 6);
	below = device(kept, 0);
	assert_needs(false);

	m.functions[below].hw.presence = PG_UNREACHED;
	assert_needs(true);
	/* The path of an absent device is valid. */
	m.functions[below].hw.presence = PG_ABSENT;
	assert_needs(false);

	m.functions[kept].result.culprit = below;
	assert_needs(true);
	m.functions[kept].result.culprit = PG_NONE;
	m.functions[kept].hw.secondary = 0;
	assert_needs(true);
	/* The same fields of a device have no meaning. */
	m.functions[kept].hw.header = PG_HEADER_NORMAL;
	m.functions[kept].result.culprit = below;
	assert_needs(false);
	m.functions[kept].hw.header = PG_HEADER_CARDBUS;
	m.functions[kept].result.culprit = PG_NONE;
	m.functions[kept].hw.secondary = 5;
	assert_needs(true);
	m.functions[kept].hw.header = PG_HEADER_BRIDGE;
	assert_needs(false);
	m.policy.assign_busses = true;
	assert_needs(true);
}

/* The numbers of the bridge are valid, but Linux does not find the bridge. */
SIM_TEST(a_hidden_bridge_hides_the_functions_below)
{
	uint16_t hiding, upper, below;

	root(0, 255);
	upper = bridge(ON_ROOT(0), 1, 0, 4, 8);
	hiding = bridge(upper, 2, 4, 5, 6);
	below = device(hiding, 0);
	m.topology.everything = false;
	make_plan();
	assert_step(below, "ok", PG_NONE);
	assert_needs(false);
	m.functions[hiding].result.hidden = true;
	make_plan();
	assert_step(below, "device-hidden", hiding);
	assert_step(hiding, "device-hidden", PG_NONE);
	assert_step(upper, "ok", PG_NONE);
	assert_needs(true);
	/* The bridge's own fault comes first. */
	m.functions[hiding].hw.primary = 9;
	make_plan();
	assert_step(below, "bridge-invalid", hiding);
}

/* Linux may assign a number of such a range to another bridge. */
SIM_TEST(a_range_beyond_its_parent_needs_everything)
{
	uint16_t upper, lower;

	root(0, 255);
	root(0x40, 0x7f);
	upper = bridge(ON_ROOT(1), 1, 0x40, 0x41, 0x7f);
	lower = bridge(upper, 0, 0x41, 0x42, 0x7f);
	assert_needs(false);
	m.functions[lower].hw.subordinate = 0x80;
	assert_needs(true);
	m.functions[lower].hw.subordinate = 0x42;
	m.functions[upper].hw.subordinate = 0x42;
	assert_needs(false);
	m.functions[upper].hw.subordinate = 0x80;
	assert_needs(true);
	m.functions[upper].hw.subordinate = 0x7f;
	m.functions[upper].hw.secondary = 0x7f;
	m.functions[lower].hw.secondary = 0x80;
	m.functions[lower].hw.subordinate = 0x80;
	assert_needs(true);
}
