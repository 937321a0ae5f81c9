/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * report-fixture.h - a verdict that a test assembles, and the lines that report it.
 */
#ifndef REPORT_FIXTURE_H
#define REPORT_FIXTURE_H

#include "lines.h"
#include "unit.h"

#define MOST 64

static struct pg_record record;
static struct pg_function functions[MOST];
static struct pg_topology topology;
static struct pg_policy policy;
static struct pg_judgement judgements[MOST];
static struct pg_step steps[MOST];
static const struct pg_plan plan = { .steps = steps };
static struct pg_verdict verdict;
static struct lines lines;

#define NO_IDENTITIES "no identities recorded: devices may have been exchanged or replaced"

static inline int setup(void **state)
{
	record = (struct pg_record){ .state = PG_RECORD_DEVICES,
				     .kho_version = "kho-v4",
				     .luo_version = "luo-v5",
				     .pci_version = 2 };
	memset(functions, 0, sizeof(functions));
	memset(judgements, 0, sizeof(judgements));
	memset(steps, 0, sizeof(steps));
	topology = (struct pg_topology){ .functions = functions };
	policy = (struct pg_policy){ .mode = PG_MODE_ENFORCE };
	verdict = (struct pg_verdict){ .open = true, .judgements = judgements };
	lines_begin(&lines);
	return 0;
}

static inline void add(struct pg_bdf at, bool bridge, enum pg_reason reason, uint16_t culprit)
{
	const uint32_t i = topology.nr++;

	functions[i] = (struct pg_function){
		.at = at,
		.hw.presence = PG_PRESENT,
		.hw.header = bridge ? PG_HEADER_BRIDGE : PG_HEADER_NORMAL,
		.hw.primary = at.bus,
		.hw.secondary = (uint8_t)(at.bus + 3),
		.hw.subordinate = (uint8_t)(at.bus + 5),
		.parent = PG_NONE,
		.result.culprit = PG_NONE,
		.rec.recorded = true,
	};
	judgements[i] = (struct pg_judgement){ .reason = (uint8_t)reason,
					       .culprit = culprit,
					       .bridge = bridge };
	topology.nr_recorded = record.nr = verdict.nr = topology.nr;
	verdict.devices += !bridge;
	verdict.bridges += bridge;
	if (bridge)
		verdict.bridges_bad += reason != PG_OK;
	else if (!reason)
		verdict.keep++;
	else if (pg_reason_is_move(reason))
		verdict.move++;
	else
		verdict.unverified++;
}

static inline const struct pg_gate *gate_of_parts(void)
{
	static struct pg_gate gate;

	gate = (struct pg_gate){ .policy = policy,
				 .record = record,
				 .topology = topology,
				 .plan = plan,
				 .verdict = verdict };
	return &gate;
}

static inline void details(void)
{
	lines_begin(&lines);
	pg_report(&lines.printer, gate_of_parts());
}

static inline void last_line(struct pg_cost cost, const char *outcome)
{
	lines_begin(&lines);
	pg_report_verdict(&lines.printer, gate_of_parts(), &cost, outcome);
}

static const struct pg_cost some_cost = { .reads = 41, .cycles = 81234 };

static inline struct pg_cost reads(uint32_t nr)
{
	return (struct pg_cost){ .reads = nr };
}

#define EXPECT(...) assert_lines(&lines, (const char *const[]){ __VA_ARGS__, NULL })

/* DETAILS() expects all lines but those of the verdict, LAST_LINE() the lines of the verdict. */
#define DETAILS(...)                                                                               \
	do {                                                                                       \
		details();                                                                         \
		EXPECT(__VA_ARGS__);                                                               \
	} while (0)

#define LAST_LINE(cost, outcome, ...)                                                              \
	do {                                                                                       \
		last_line(cost, outcome);                                                          \
		EXPECT(__VA_ARGS__);                                                               \
	} while (0)

#define TEST(name) UNIT_TEST_WITH(name, setup, NULL)

#endif
