/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * captured.h - reads the bytes of a .dtb as a capture, and runs the pipeline and the plan on it.
 */
#ifndef PCIGATE_FUZZ_CAPTURED_H
#define PCIGATE_FUZZ_CAPTURED_H

#include "../../lib/workspace.h"
#include "fuzz.h"
#include "plan.h"

static struct pg_workspace workspace;
static struct machine_plan plan;

static void run_gate(struct capture *capture, struct pg_gate *gate)
{
	struct counter counter = { .memory = capture_memory(capture),
				   .config = capture_config(capture) };
	const struct pg_memory memory = counted_memory(&counter);
	const struct pg_config config = counted_config(&counter);
	struct pg_handover handover = { .memory = &memory,
					.setup_data_pa = capture->setup_data_pa };
	const struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config,
		.cmdline = capture->cmdline,
		.cmdline_len = capture->cmdline ? strlen(capture->cmdline) : 0,
	};

	pg_gate_run(&input, &workspace, gate);
	check_gate(gate, &counter, capture);
}

static void run_plan(struct capture *capture, const struct pg_gate *gate)
{
	static const struct options options;
	static FILE *null;
	struct capture_error error;

	if (!null)
		null = fopen("/dev/null", "w");
	memset(&plan, 0, sizeof(plan));
	plan.session =
		(struct session){ .options = &options, .cmdline = capture->cmdline, .gate = *gate };
	REQUIRE(machine_of_capture(&plan.machine, capture, &gate->record, &error));
	plan.judged = gate->verdict.record || gate->record.state == PG_RECORD_DEVICES;
	plan_scan(&plan);
	plan_finish(&plan);
	check_finding(plan.reason, &plan.finding);
	if (!plan.reason) {
		REQUIRE(plan_tree(&plan, null));
		plan_dot(&plan, null);
	}
	machine_close(&plan.machine);
}

static void run_capture(const uint8_t *data, size_t size)
{
	struct capture_error error;
	struct capture *capture = capture_parse(data, size, &error);
	struct pg_gate gate;

	if (!capture) {
		REQUIRE(error.text[0] && memchr(error.text, 0, sizeof(error.text)));
		return;
	}
	run_gate(capture, &gate);
	run_plan(capture, &gate);
	capture_free(capture);
}

#endif
