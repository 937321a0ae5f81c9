/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * planned.h - makes the plan for a whole machine, and checks it. For targets whose input is a
 * machine.
 */
#ifndef PCIGATE_FUZZ_PLANNED_H
#define PCIGATE_FUZZ_PLANNED_H

#include "fuzz.h"
#include "plan.h"

static struct options options;
static struct machine_plan plan;
static FILE *null;

/*
 * The pipeline reads only functions that Linux would find, the plan of a machine lists all that
 * answer. If a bridge that Linux does not find overlaps with others, the two may differ.
 */
static bool has_hidden_bridge(void)
{
	for (uint32_t i = 0; i < plan.topology.nr; i++) {
		if (plan.topology.functions[i].result.hidden &&
		    pg_function_is_bridge(&plan.topology.functions[i]))
			return true;
	}
	return false;
}

static void check_plan(void)
{
	const bool comparable = !has_hidden_bridge();
	uint32_t sum = 0;

	for (int future = 0; future < FUTURE_COUNT; future++)
		sum += plan.counts[future];
	REQUIRE(sum == plan.topology.nr);
	REQUIRE(plan.topology.nr == plan.machine.nr);
	for (uint32_t i = 0; i < plan.topology.nr; i++) {
		const struct pg_judgement *judgement = plan_judgement(&plan, i);

		/* A function that the pipeline has no reason against keeps its address in the plan.
		 */
		if (comparable && judgement && !judgement->reason)
			REQUIRE(plan_future(&plan, i) == FUTURE_KEEPS);
	}
}

static void preserve_some(void)
{
	struct pg_bdf devices[3];
	uint32_t nr = 0;

	for (uint32_t i = 0; i < plan.topology.nr && nr < PG_ARRAY_SIZE(devices); i++) {
		if (!pg_function_is_bridge(&plan.topology.functions[i]))
			devices[nr++] = plan.topology.functions[i].at;
	}
	if (nr)
		REQUIRE(!plan_preserve(&plan, devices, nr) && plan.judged);
}

/*
 * Makes the plan of @plan.machine, judges a few devices, and draws the tree and the graph. @keeps:
 * the next kernel keeps bus numbers.
 */
static void plan_and_check(bool keeps)
{
	/* Without these words, the verdict on every device would be bad. */
#define WORDS "kho=on liveupdate=on"
	plan.session.cmdline = keeps ? WORDS " pcigate.buses=keep pci=assign-busses" : WORDS;
#undef WORDS
	plan.session.options = &options;
	if (!null)
		null = fopen("/dev/null", "w");
	plan_scan(&plan);
	check_finding(plan.reason, &plan.finding);
	if (!plan.reason) {
		preserve_some();
		plan_finish(&plan);
		check_plan();
		REQUIRE(plan_tree(&plan, null));
		plan_dot(&plan, null);
	}
	machine_close(&plan.machine);
}

#endif
