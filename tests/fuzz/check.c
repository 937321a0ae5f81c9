// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * check.c - checks findings, records and results of the pipeline, for any input.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: requirement failed: %s\n", file, line, condition);
	abort();
}

static const void *count_map(void *ctx, uint64_t pa, uint64_t len)
{
	struct counter *counter = ctx;

	REQUIRE(len && pa + len >= pa);
	REQUIRE(++counter->maps <= MAX_MAPS);
	return counter->memory.map(counter->memory.ctx, pa, len);
}

static enum pg_access count_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	struct counter *counter = ctx;

	REQUIRE(reg % 4 == 0 && reg < 4096);
	counter->reads++;
	return counter->config.read(counter->config.ctx, at, reg, value);
}

static bool count_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	struct counter *counter = ctx;

	return counter->config.window(counter->config.ctx, segment, first, last);
}

struct pg_memory counted_memory(struct counter *counter)
{
	return (struct pg_memory){ .map = count_map, .ctx = counter };
}

struct pg_config counted_config(struct counter *counter)
{
	return (struct pg_config){ .read = count_read, .window = count_window, .ctx = counter };
}

static void check_text(const char *text, size_t size)
{
	REQUIRE(memchr(text, 0, size));
	for (; *text; text++)
		REQUIRE(*text >= 0x20 && *text < 0x7f);
}

void check_finding(enum pg_reason reason, const struct pg_finding *finding)
{
	REQUIRE(reason >= PG_OK && reason < PG_REASON_COUNT);
	if (reason == PG_OK)
		return;
	REQUIRE(finding->reason == reason);
	REQUIRE(finding->field && *finding->field);
	check_text(finding->text, sizeof(finding->text));
	REQUIRE(finding->text[0]);
}

void check_record(const struct pg_record *record)
{
	check_text(record->kho_version, sizeof(record->kho_version));
	check_text(record->luo_version, sizeof(record->luo_version));
	REQUIRE(record->nr <= PG_MAX_RECORDED);
	for (uint32_t i = 0; i < record->nr; i++) {
		REQUIRE(record->entries[i].refcount);
		REQUIRE(!i ||
			pg_bdf_key(record->entries[i - 1].at) < pg_bdf_key(record->entries[i].at));
	}
}

static void check_topology(const struct pg_topology *topology, const struct pg_record *record)
{
	REQUIRE(topology->nr >= topology->nr_recorded && topology->nr <= PG_MAX_FUNCTIONS);
	REQUIRE(topology->nr_recorded == record->nr);
	for (uint32_t i = 0; i < topology->nr; i++) {
		const struct pg_function *function = &topology->functions[i];
		uint32_t depth = 0;

		REQUIRE(function->rec.recorded == (i < topology->nr_recorded));
		REQUIRE(!function->rec.recorded || function->rec.refcount);
		REQUIRE(!function->rec.recorded || !i ||
			pg_bdf_key(function[-1].at) < pg_bdf_key(function->at));
		REQUIRE(function->result.culprit == PG_NONE ||
			function->result.culprit < topology->nr);
		REQUIRE(function->hw.presence == PG_PRESENT || !function->hw.vfs_enabled);
		/* The parents of a function end at a root bus. */
		for (uint16_t above = function->parent; above != PG_NONE;
		     above = topology->functions[above].parent) {
			REQUIRE(above < topology->nr);
			REQUIRE(++depth <= 256);
		}
	}
}

/*
 * If the verdict is open, each recorded function answered, and so did every bridge above it, with
 * valid bus numbers.
 */
static void check_open(const struct pg_gate *gate)
{
	for (uint32_t i = 0; i < gate->record.nr; i++) {
		const struct pg_function *function = &gate->topology.functions[i];

		REQUIRE(function->hw.presence == PG_PRESENT);
		REQUIRE(!function->hw.vfs_enabled || function->result.vfs_kept);
		for (uint16_t above = function->parent; above != PG_NONE;
		     above = gate->topology.functions[above].parent) {
			const struct pg_function *bridge = &gate->topology.functions[above];

			REQUIRE(bridge->hw.presence == PG_PRESENT &&
				bridge->hw.header == PG_HEADER_BRIDGE);
			REQUIRE(bridge->hw.secondary > bridge->at.bus &&
				bridge->hw.secondary <= bridge->hw.subordinate);
			REQUIRE(bridge->hw.primary == bridge->at.bus || !bridge->hw.primary);
			REQUIRE(bridge->result.culprit == PG_NONE &&
				!pg_policy_renumbers(&gate->policy));
			REQUIRE(bridge->hw.secondary <= function->at.bus &&
				function->at.bus <= bridge->hw.subordinate);
		}
	}
}

/*
 * If the verdict is open, each bridge of the capture that forwards config reads of a recorded
 * function is a bridge that the scan found above it. In particular, the scan has not taken a bus
 * behind a bridge for a root bus.
 */
static void check_wires(const struct pg_gate *gate, const struct capture *capture)
{
	for (uint32_t i = 0; i < gate->record.nr; i++) {
		struct pg_bdf path[CAPTURE_MAX_DEPTH + 1];
		uint32_t nr = capture_path(capture, gate->topology.functions[i].at, path);

		for (uint32_t p = 0; p < nr; p++) {
			uint16_t above = gate->topology.functions[i].parent;

			while (above != PG_NONE &&
			       !pg_bdf_equal(gate->topology.functions[above].at, path[p]))
				above = gate->topology.functions[above].parent;
			REQUIRE(above != PG_NONE);
		}
	}
}

/* Each preserved virtual function is judged, has an address after its physical function, and
 * counts. */
static void check_vfs(const struct pg_gate *gate)
{
	const struct pg_judged judged = pg_gate_judged(gate);
	const struct pg_verdict *verdict = &gate->verdict;
	struct pg_vf_judgement vf;
	uint32_t nr = 0, bad = 0;
	struct pg_vf_walk walk;

	REQUIRE(!verdict->vfs || verdict->vfs == gate->record.nr_vfs);
	pg_vf_walk_begin(&walk);
	while (verdict->vfs && pg_vf_walk_next(&walk, &gate->record, &gate->topology)) {
		for (uint32_t i = 0; i < walk.pf.nr; i++, nr++) {
			pg_judge_vf(&judged, &walk, i, &vf);
			REQUIRE(vf.reason < PG_REASON_COUNT);
			REQUIRE(vf.culprit == PG_NONE || vf.culprit < gate->topology.nr);
			REQUIRE(pg_bdf_key(vf.at) > pg_bdf_key(walk.pf.at));
			bad += vf.reason != PG_OK;
		}
	}
	REQUIRE(nr == verdict->vfs && !bad == !verdict->vf_reason);
	REQUIRE(!verdict->open || verdict->by_policy || !bad);
}

static void check_verdict(const struct pg_gate *gate)
{
	const struct pg_verdict *verdict = &gate->verdict;

	check_finding(verdict->record, &verdict->finding);
	REQUIRE(verdict->nr == 0 || verdict->nr == gate->record.nr);
	REQUIRE(verdict->devices + verdict->bridges == verdict->nr + verdict->vfs);
	check_vfs(gate);
	REQUIRE(verdict->keep + verdict->move + verdict->unverified == verdict->devices);
	REQUIRE(verdict->lost <= verdict->move);
	REQUIRE(!verdict->lost || gate->policy.keep_numbers);
	for (uint32_t i = 0; i < verdict->nr; i++) {
		REQUIRE(verdict->judgements[i].reason < PG_REASON_COUNT);
		REQUIRE(verdict->judgements[i].culprit == PG_NONE ||
			verdict->judgements[i].culprit < gate->topology.nr);
		REQUIRE(!verdict->open || verdict->by_policy || !verdict->judgements[i].reason);
	}
	REQUIRE(!verdict->by_policy || (verdict->open && gate->policy.mode != PG_MODE_ENFORCE));
	if (!verdict->open || verdict->by_policy)
		return;
	REQUIRE(!verdict->record);
	REQUIRE(gate->record.state != PG_RECORD_DEVICES || verdict->nr);
	check_open(gate);
}

/* The number of lines printed so far, and the last line. */
struct page {
	uint32_t lines;
	char last[PG_LINE_SIZE];
};

static void check_line(void *ctx, const char *text)
{
	struct page *page = ctx;
	size_t len = strlen(text);

	REQUIRE(len <= PG_LINE_COLUMNS);
	REQUIRE(!strncmp(text, "pcigate: ", 9));
	check_text(text, len + 1);
	/*
	 * No line is truncated inside a code, so each '[' has a ']'. An unknown parameter or value
	 * may contain a '['.
	 */
	REQUIRE(strstr(text, ": unknown ") || !strrchr(text, '[') ||
		strchr(strrchr(text, '['), ']'));
	memcpy(page->last, text, len + 1);
	page->lines++;
}

void check_gate(const struct pg_gate *gate, const struct counter *counter,
		const struct capture *capture)
{
	struct page page = { 0 };
	const struct pg_printer printer = { .line = check_line, .ctx = &page };
	const struct pg_cost cost = { .reads = gate->topology.reads,
				      .cycles = UINT64_MAX,
				      .tsc_khz = 1 };

	/* The simulation may have overwritten the record's entries; the functions are a copy. */
	if (!gate->topology.functions) {
		check_record(&gate->record);
	} else {
		REQUIRE(gate->topology.reads == counter->reads);
		check_topology(&gate->topology, &gate->record);
	}
	check_verdict(gate);
	if (capture && gate->verdict.open && !gate->verdict.by_policy)
		check_wires(gate, capture);
	pg_report(&printer, gate);
	pg_report_verdict(&printer, gate, &cost, "halted");
	REQUIRE(strstr(page.last, gate->verdict.open ? ": OPEN: " : ": STOP: "));
}
