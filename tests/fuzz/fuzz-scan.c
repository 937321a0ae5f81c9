// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Scan, plan and verdict on any record and any config space:
 * { kind8 cmdline8 files8 nr8 of entries { segment8 bus8 devfn8 refcount8 } }. If kind is even, a
 * config space follows (fuzz.h). If it is odd, each read returns the next value of the stream, like
 * hardware that contradicts itself.
 */
#include "fuzz.h"

#include "../../lib/workspace.h"
#include <stdlib.h>

static struct pg_workspace workspace;

static enum pg_access answer_anything(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	struct stream *stream = ctx;
	uint8_t kind = take8(stream);

	(void)at;
	(void)reg;
	*value = UINT32_MAX;
	if (kind >= 0xfc)
		return (enum pg_access)(kind - 0xfc);
	*value = take32(stream);
	return *value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

static bool every_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	(void)ctx;
	*first = (uint8_t)segment;
	*last = 0xff;
	return true;
}

static int by_key(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(((const struct pg_record_entry *)a)->at);
	const uint64_t y = pg_bdf_key(((const struct pg_record_entry *)b)->at);

	return x < y ? -1 : x > y;
}

static void take_record(struct pg_record *record, struct stream *stream)
{
	uint32_t nr, kept = 0;

	record->state = PG_RECORD_DEVICES;
	record->pci_version = 2;
	record->files = take8(stream);
	nr = take8(stream);
	for (uint32_t i = 0; i < nr; i++) {
		const uint8_t segment = take8(stream), bus = take8(stream), devfn = take8(stream);
		const uint8_t refcount = take8(stream);

		workspace.entries[i] = (struct pg_record_entry){
			.at = pg_bdf(segment, bus, devfn),
			.refcount = refcount ? refcount : 1,
		};
	}
	qsort(workspace.entries, nr, sizeof(*workspace.entries), by_key);
	for (uint32_t i = 0; i < nr; i++) {
		if (!kept || !pg_bdf_equal(workspace.entries[kept - 1].at, workspace.entries[i].at))
			workspace.entries[kept++] = workspace.entries[i];
	}
	record->nr = kept;
	record->entries = workspace.entries;
}

/* A bounded scan makes a few reads for each possible bus and function. */
static void check_cost(const struct counter *counter, uint32_t recorded)
{
	uint64_t buses = recorded < 256 ? recorded + 1 : 256;

	REQUIRE(counter->reads <= buses * (256 * 2 + 100) + (uint64_t)recorded * 1200);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const cmdlines[] = { "", "pci=assign-busses", "pcigate=report", "quiet",
						"pci=off" };
	struct stream stream = { data, size };
	const bool arbitrary = take8(&stream) & 1;
	const char *cmdline = cmdlines[take8(&stream) % PG_ARRAY_SIZE(cmdlines)];
	struct capture *model = model_new();
	struct counter counter = { .config = capture_config(model) };
	const struct pg_config config = counted_config(&counter);
	struct pg_gate gate = { 0 };
	struct pg_finding finding;
	enum pg_reason reason;

	if (arbitrary)
		counter.config = (struct pg_config){ .read = answer_anything,
						     .window = every_window,
						     .ctx = &stream };
	pg_policy_parse(cmdline, strlen(cmdline), &gate.policy);
	take_record(&gate.record, &stream);
	if (!arbitrary)
		model_take_config(model, &stream);
	reason = pg_scan(&config, &gate.record, take8(&stream) & 1, workspace.functions,
			 gate.record.nr + take8(&stream), &gate.topology, &finding);
	check_finding(reason, &finding);
	check_cost(&counter, gate.record.nr);
	if (!reason && gate.record.nr) {
		pg_plan_make(&gate.topology, &gate.policy, &workspace.simulation, workspace.steps,
			     &gate.plan);
		pg_judge(&gate.record, &gate.topology, &gate.plan, &gate.policy,
			 workspace.judgements, &gate.verdict);
		check_gate(&gate, &counter, arbitrary ? NULL : model);
	}
	capture_free(model);
	return 0;
}
