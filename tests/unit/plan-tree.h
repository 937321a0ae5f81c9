/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * plan-tree.h - a machine as text (sim-tree.h), and the plan for it.
 */
#ifndef PLAN_TREE_H
#define PLAN_TREE_H

#include "sim-tree.h"

static struct pg_plan plan;

static inline void make_plan(void)
{
	memset(m.steps, 0x5a, sizeof(m.steps));
	pg_plan_make(&m.topology, &m.policy, &m.sim, m.steps, &plan);
	assert_int_equal(plan.nr, m.topology.nr);
	assert_ptr_equal(plan.steps, m.steps);
}

static inline void assert_step(uint16_t index, const char *reason, uint16_t culprit)
{
	const struct pg_step *step = &m.steps[index];

	assert_string_equal(pg_reason_code((enum pg_reason)step->reason), reason);
	assert_int_equal(step->culprit, culprit);
	/* A function that Linux does not find never keeps its address. */
	if (!step->reason && m.functions[index].hw.presence == PG_PRESENT && m.topology.everything)
		assert_true(step->found);
}

/*
 * An expected step is a list of words: "ok", or a reason, with a colon and the name of the culprit;
 * bus numbers; "@" and the bus on which Linux finds the function ("?@" if this is not certain).
 */
static inline void step_check(uint16_t index, const char *expected)
{
	unsigned int a, b, c;
	char word[40];
	int len;

	for (; sscanf(expected, " %39s%n", word, &len) == 1; expected += len) {
		const char *bus = strchr(word, '@');
		char *culprit = strchr(word, ':');

		if (sscanf(word, "%x/%x-%x", &a, &b, &c) == 3) {
			assert_numbers(index, (uint8_t)a, (uint8_t)b, (uint8_t)c);
		} else if (bus) {
			assert_true(m.steps[index].found);
			assert_int_equal(m.steps[index].bus, strtoul(bus + 1, NULL, 16));
			assert_int_equal(m.steps[index].certain, bus == word);
		} else {
			if (culprit)
				*culprit++ = 0;
			assert_step(index, word, culprit ? at(culprit) : PG_NONE);
		}
	}
}

static inline void planned(const char *name, const char *expected)
{
	step_check(at(name), expected);
}

static inline void check_plan(void)
{
	unsigned int i;

	make_plan();
	for (i = 0; i < tree_nr; i++)
		step_check(tree_names[i].index, tree_names[i].expected);
}

static inline void plan_tree(const char *text)
{
	begin_tree(text);
	check_plan();
}

#endif
