// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-plan-budget.c - lib/plan/: the work of the simulation, with the worst bus numbers.
 */
#include "sim-fixture.h"

#include <time.h>

static struct pg_plan plan;

static double make_plan(void)
{
	const clock_t begin = clock();

	m.topology.nr_recorded = m.topology.nr;
	pg_plan_make(&m.topology, &m.policy, &m.sim, m.steps, &plan);
	return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

/*
 * A simulation has at most PG_SIM_STEPS_MAX steps. It ends after the bus on which it exceeds them.
 */
static void assert_cost(const char *what, uint32_t levels, double seconds)
{
	print_message("# %s, %u levels: %u steps, %.3f s, %s\n", what, levels, m.sim.work, seconds,
		      pg_reason_code(m.sim.exhausted));
	assert_true(m.sim.work < PG_SIM_STEPS_MAX + (1u << 18));
	assert_true(seconds < 5);
}

/* Adds @width bridges with the same numbers to each bus. Returns the deepest device. */
static uint16_t overlapping(uint32_t levels, uint8_t width)
{
	uint16_t above = root(0, 255), first = PG_NONE;
	uint32_t level;
	uint8_t i;

	for (level = 0; level < levels; level++) {
		for (i = 0; i < width; i++) {
			const uint16_t added = bridge(above, i, (uint8_t)level,
						      (uint8_t)(level + 1), (uint8_t)levels);

			if (!i)
				first = added;
			else
				m.functions[added].result.visited = false;
			m.functions[added].result.culprit = i ? first : (uint16_t)(added + 1);
		}
		above = first;
	}
	return device(above, 0);
}

/* No function keeps its address for certain, and the root bus has this reason. */
static void assert_all(enum pg_reason reason)
{
	uint32_t i;

	for (i = 0; i < m.topology.nr; i++) {
		if (m.functions[i].parent == PG_NONE)
			assert_string_equal(pg_reason_code((enum pg_reason)m.steps[i].reason),
					    pg_reason_code(reason));
		assert_int_not_equal(m.steps[i].reason, PG_OK);
		assert_int_not_equal(m.steps[i].culprit, PG_NONE);
	}
}

static void overlaps(uint8_t width, uint32_t levels)
{
	double seconds;

	machine_setup(NULL);
	overlapping(levels, width);
	seconds = make_plan();
	assert_cost(width == 2 ? "two bridges a bus" : "three bridges a bus", levels, seconds);
	if (levels >= 40) {
		assert_string_equal(pg_reason_code(m.sim.exhausted), "plan-budget");
		assert_all(PG_PLAN_BUDGET);
	}
}

SIM_TEST(two_overlapping_bridges_on_each_bus_exceed_the_budget)
{
	overlaps(2, 4);
	overlaps(2, 20);
	overlaps(2, 22);
	overlaps(2, 40);
	overlaps(2, 255);
}

SIM_TEST(three_overlapping_bridges_on_each_bus_exceed_the_budget)
{
	overlaps(3, 4);
	overlaps(3, 20);
	overlaps(3, 40);
	overlaps(3, 212);
}

static struct pg_function largest[PG_MAX_FUNCTIONS];
static struct pg_step largest_steps[PG_MAX_FUNCTIONS];

/*
 * Fills the workspace with a chain of bridges. Each is the last function of its bus, so all
 * searches are long.
 */
static void fill(bool numbers)
{
	const uint32_t levels = 255, width = PG_MAX_FUNCTIONS / levels;
	uint32_t level, i;

	machine_setup(NULL);
	root(0, 255);
	m.topology.roots[0].child = 0;
	m.topology.functions = largest;
	m.topology.nr = levels * width;
	for (level = 0; level < levels; level++) {
		for (i = 0; i < width; i++) {
			const uint32_t index = level * width + i;
			const bool last = i == width - 1;

			largest[index] = (struct pg_function){
				.at = pg_bdf(0, (uint8_t)level, (uint8_t)i),
				.parent = level ? (uint16_t)(level * width - 1) : PG_NONE,
				.sibling = last ? PG_NONE : (uint16_t)(index + 1),
				.child = last && level < levels - 1 ? (uint16_t)(index + 1)
								    : PG_NONE,
				.result.culprit = PG_NONE,
				.hw.header = last ? PG_HEADER_BRIDGE : PG_HEADER_NORMAL,
				.hw.primary = last && numbers ? (uint8_t)level : 0,
				.hw.secondary = last && numbers ? (uint8_t)(level + 1) : 0,
				.hw.subordinate = last && numbers ? 255 : 0,
				.hw.multifunction = true,
				.result.visited = last,
			};
		}
	}
}

SIM_TEST(the_largest_machine_is_simulated_in_full)
{
	double seconds;
	uint32_t i;

	for (i = 0; i < 2; i++) {
		const clock_t begin = clock();

		fill(i == 0);
		pg_plan_make(&m.topology, &m.policy, &m.sim, largest_steps, &plan);
		seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
		assert_cost(i ? "6,375 functions, no numbers" : "6,375 functions", 255, seconds);
		assert_string_equal(pg_reason_code(m.sim.exhausted), "ok");
		assert_int_equal(m.sim.nr_devices, m.topology.nr);
	}
}
