// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-plan.c - lib/plan/number.c: decides for each bridge whether its numbers are kept, and which
 * functions move.
 */
#include "unit.h"

#include "../../lib/plan/simulation.h"
#include <pcigate/plan.h>

/*
 * Pass 0 of pci_scan_bridge_extend() (drivers/pci/probe.c of Linux 7.3), written in another form
 * than lib/plan/: are the numbers valid, and does Linux keep them?
 */
static bool linux_keeps(unsigned int bus, unsigned int primary, unsigned int secondary,
			unsigned int subordinate, bool cardbus, bool assign_all)
{
	const bool hard_wired = bus != 0 && primary == 0 && secondary != 0 && subordinate != 0;
	const unsigned int above = hard_wired ? bus : primary;
	const bool broken = above != bus || !(secondary > bus && subordinate >= secondary);
	const bool configured = secondary != 0 || subordinate != 0;

	if (cardbus)
		return false;
	return configured && !assign_all && !broken;
}

static struct pg_function bridge(uint8_t bus, uint8_t primary, uint8_t secondary,
				 uint8_t subordinate)
{
	return (struct pg_function){
		.at = { 0, bus, 0x18 },
		.hw.presence = PG_PRESENT,
		.hw.header = PG_HEADER_BRIDGE,
		.hw.primary = primary,
		.hw.secondary = secondary,
		.hw.subordinate = subordinate,
		.parent = PG_NONE,
		.result.culprit = PG_NONE,
	};
}

static const uint8_t numbers[] = { 0, 1, 2, 3, 4, 127, 128, 129, 253, 254, 255 };

#define NUMBERS PG_ARRAY_SIZE(numbers)

static void assert_fault(const struct pg_function *function, bool assign)
{
	const struct pg_policy policy = { .assign_busses = assign };
	const bool cardbus = function->hw.header == PG_HEADER_CARDBUS;
	const bool kept =
		linux_keeps(function->at.bus, function->hw.primary, function->hw.secondary,
			    function->hw.subordinate, cardbus, assign);
	const bool kept_by_itself =
		linux_keeps(function->at.bus, function->hw.primary, function->hw.secondary,
			    function->hw.subordinate, cardbus, false);
	const enum pg_reason fault = pg_bridge_fault(function, &policy);
	enum pg_reason expected = PG_OK;

	assert_int_equal(fault == PG_OK, kept);
	/* A fault of the bridge comes before the command line. */
	if (cardbus)
		expected = PG_BRIDGE_CARDBUS;
	else if (!function->hw.secondary && !function->hw.subordinate)
		expected = PG_BRIDGE_RESET;
	else if (!kept_by_itself)
		expected = PG_BRIDGE_INVALID;
	else if (!kept)
		expected = PG_REASSIGN_BUSSES;
	assert_string_equal(pg_reason_code(fault), pg_reason_code(expected));
}

UNIT_TEST(numbers_are_kept_as_in_linux)
{
	size_t i, n = NUMBERS;

	for (i = 0; i < n * n * n * n; i++) {
		struct pg_function function =
			bridge(numbers[i % n], numbers[i / n % n], numbers[i / n / n % n],
			       numbers[i / n / n / n]);

		assert_fault(&function, false);
		assert_fault(&function, true);
		function.hw.header = PG_HEADER_CARDBUS;
		assert_fault(&function, false);
		assert_fault(&function, true);
	}
}

/* These rows check linux_keeps(), too. */
UNIT_TEST(numbers_are_kept_as_worked_out_by_hand)
{
	static const struct {
		uint8_t bus, primary, secondary, subordinate;
		enum pg_reason fault;
	} rows[] = {
		{ 0, 0, 1, 1, PG_OK },
		{ 0, 0, 1, 255, PG_OK },
		{ 254, 254, 255, 255, PG_OK },
		{ 5, 5, 6, 9, PG_OK },
		{ 5, 0, 6, 9, PG_OK },
		{ 5, 4, 6, 9, PG_BRIDGE_INVALID },
		{ 0, 1, 2, 2, PG_BRIDGE_INVALID },
		{ 5, 5, 5, 9, PG_BRIDGE_INVALID },
		{ 5, 5, 4, 9, PG_BRIDGE_INVALID },
		{ 5, 5, 9, 8, PG_BRIDGE_INVALID },
		{ 0, 0, 0, 5, PG_BRIDGE_INVALID },
		{ 0, 0, 5, 0, PG_BRIDGE_INVALID },
		{ 5, 0, 0, 5, PG_BRIDGE_INVALID },
		{ 5, 0, 6, 0, PG_BRIDGE_INVALID },
		{ 0, 0, 0, 0, PG_BRIDGE_RESET },
		{ 5, 5, 0, 0, PG_BRIDGE_RESET },
		{ 5, 0, 0, 0, PG_BRIDGE_RESET },
		{ 5, 9, 0, 0, PG_BRIDGE_RESET },
		{ 255, 255, 255, 255, PG_BRIDGE_INVALID },
	};
	const struct pg_policy policy = { 0 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		const struct pg_function function = bridge(rows[i].bus, rows[i].primary,
							   rows[i].secondary, rows[i].subordinate);

		assert_string_equal(pg_reason_code(pg_bridge_fault(&function, &policy)),
				    pg_reason_code(rows[i].fault));
	}
}

#define MOST 8

static struct pg_function functions[MOST];
static struct pg_step steps[MOST + 1];
static struct pg_simulation simulation;
static struct pg_plan plan;

static void make_plan(uint32_t nr, bool assign)
{
	const struct pg_topology topology = { .nr = nr, .nr_recorded = nr, .functions = functions };
	const struct pg_policy policy = { .assign_busses = assign };

	memset(steps, 0x5a, sizeof(steps));
	pg_plan_make(&topology, &policy, &simulation, steps, &plan);
	assert_int_equal(plan.nr, nr);
	assert_ptr_equal(plan.steps, steps);
	assert_int_equal(steps[nr].reason, 0x5a);
}

static void assert_step(unsigned int i, enum pg_reason reason, uint16_t culprit)
{
	assert_string_equal(pg_reason_code((enum pg_reason)steps[i].reason),
			    pg_reason_code(reason));
	assert_int_equal(steps[i].culprit, culprit);
}

/*
 * 0: 00:03.0 [01-03], 1: 01:03.0 [02-03], 2: 02:03.0 [03], 3: device on bus 3, 4: device on bus 0.
 */
static void path_of_three_bridges(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		functions[i] = bridge((uint8_t)i, (uint8_t)i, (uint8_t)(i + 1), 3);
		functions[i].parent = i ? (uint16_t)(i - 1) : PG_NONE;
	}
	functions[3] = bridge(3, 0, 0, 0);
	functions[3].hw.header = PG_HEADER_NORMAL;
	functions[3].parent = 2;
	functions[4] = functions[3];
	functions[4].at.bus = 0;
	functions[4].parent = PG_NONE;
}

UNIT_TEST(a_valid_path_keeps_all_addresses)
{
	unsigned int i;

	path_of_three_bridges();
	make_plan(5, false);
	for (i = 0; i < 5; i++)
		assert_step(i, PG_OK, PG_NONE);
}

UNIT_TEST(an_empty_topology_has_an_empty_plan)
{
	make_plan(0, false);
}

/* The bridge itself keeps its address. */
UNIT_TEST(a_faulty_bridge_moves_the_functions_below)
{
	unsigned int faulty, i;

	for (faulty = 0; faulty < 3; faulty++) {
		path_of_three_bridges();
		functions[faulty].hw.secondary = 0;
		functions[faulty].hw.subordinate = 0;
		make_plan(5, false);
		for (i = 0; i < 4; i++) {
			if (i <= faulty)
				assert_step(i, PG_OK, PG_NONE);
			else
				assert_step(i, PG_BRIDGE_RESET, (uint16_t)faulty);
		}
		assert_step(4, PG_OK, PG_NONE);
	}
}

UNIT_TEST(the_fault_nearest_to_the_root_counts)
{
	path_of_three_bridges();
	functions[1].hw.primary = 9;
	functions[2].hw.secondary = functions[2].hw.subordinate = 0;
	make_plan(5, false);
	assert_step(2, PG_BRIDGE_INVALID, 1);
	assert_step(3, PG_BRIDGE_INVALID, 1);
}

UNIT_TEST(an_overlap_moves_the_functions_below)
{
	path_of_three_bridges();
	functions[1].result.culprit = 4;
	make_plan(5, false);
	assert_step(1, PG_OK, PG_NONE);
	assert_step(2, PG_BUS_OVERLAP, 1);
	assert_step(3, PG_BUS_OVERLAP, 1);
	/* The fault of a bridge comes before its overlap. */
	functions[1].result.culprit = PG_NONE;
	functions[2].result.culprit = 4;
	functions[2].hw.primary = 9;
	make_plan(5, false);
	assert_step(3, PG_BRIDGE_INVALID, 2);
}

UNIT_TEST(reassigning_moves_all_functions_below_a_bridge)
{
	unsigned int i;

	path_of_three_bridges();
	make_plan(5, true);
	for (i = 0; i < 5; i++) {
		if (i == 0 || i == 4)
			assert_step(i, PG_OK, PG_NONE);
		else
			assert_step(i, PG_REASSIGN_BUSSES, 0);
	}
}

UNIT_TEST(an_unreached_function_has_the_reason_of_its_suspect)
{
	path_of_three_bridges();
	functions[3].hw.presence = PG_UNREACHED;
	functions[3].parent = PG_NONE;
	make_plan(5, false);
	assert_step(3, PG_BUS_UNREACHED, PG_NONE);
	/* A suspect that keeps its numbers is named, without a reason of its own. */
	functions[3].result.culprit = 2;
	make_plan(5, false);
	assert_step(3, PG_BUS_UNREACHED, 2);
	functions[2].hw.secondary = functions[2].hw.subordinate = 0;
	make_plan(5, false);
	assert_step(3, PG_BRIDGE_RESET, 2);
	/* Another fault above the suspect counts first. */
	functions[0].hw.primary = 9;
	make_plan(5, false);
	assert_step(3, PG_BRIDGE_INVALID, 0);
}

UNIT_TEST(suspects_of_reached_functions_do_not_count)
{
	path_of_three_bridges();
	functions[4].result.culprit = 5;
	functions[5] = bridge(0, 0, 0, 0);
	make_plan(6, false);
	assert_step(4, PG_OK, PG_NONE);
}

/* pg_judge() gives it the reason "absent". */
UNIT_TEST(an_absent_device_is_planned_like_any_other)
{
	path_of_three_bridges();
	functions[3].hw.presence = PG_ABSENT;
	make_plan(5, false);
	assert_step(3, PG_OK, PG_NONE);
}
