/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * planned.h - a plan for a whole machine, and what must hold of it. For the targets that come to a
 * machine.
 */
#ifndef PCIGATE_FUZZ_PLANNED_H
#define PCIGATE_FUZZ_PLANNED_H

#include "fuzz.h"
#include "plan.h"

static struct options options;
static struct machine_plan plan;
static FILE *nowhere;

/*
 * The gate asks only where Linux would, the plan lists whatever answers: a bridge that Linux does
 * not come to may overlap with others without the gate's knowing.
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
	PROMISE(sum == plan.topology.nr);
	PROMISE(plan.topology.nr == plan.machine.nr);
	for (uint32_t i = 0; i < plan.topology.nr; i++) {
		const struct pg_judgement *judgement = plan_judgement(&plan, i);

		/* What the gate lets pass keeps its address in the plan. */
		if (comparable && judgement && !judgement->reason)
			PROMISE(plan_future(&plan, i) == FUTURE_KEEPS);
	}
}

static void preserve_some(void)
{
	options.nr_preserved = 0;
	for (uint32_t i = 0; i < plan.topology.nr && options.nr_preserved < 3; i++) {
		if (!pg_function_is_bridge(&plan.topology.functions[i]))
			options.preserved[options.nr_preserved++] = plan.topology.functions[i].at;
	}
	if (options.nr_preserved)
		PROMISE(!plan_preserve(&plan) && plan.judged);
}

/* Has @plan.machine planned for, a few of its devices judged, and all of it drawn. */
static void plan_and_check(void)
{
	/* Anything else would be held against all devices alike. */
	plan.session.cmdline = "kho=on liveupdate=on";
	plan.session.options = &options;
	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	plan_machine(&plan);
	check_finding(plan.reason, &plan.finding);
	if (!plan.reason) {
		preserve_some();
		check_plan();
		PROMISE(plan_tree(&plan, nowhere));
		plan_dot(&plan, nowhere);
	}
	machine_close(&plan.machine);
}

#endif
