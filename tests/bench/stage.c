// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stage.c - the work of the stage on a generated machine (machine.h), for valgrind, which counts
 * instructions (tests/qemu/bench-blackout.py). It is linked with the objects of the stage.
 *
 *     stage FUNCTIONS
 *         One line: the number of config reads.
 *
 * The record has the form in which a kernel with the patches leaves it, but no sessions. Valgrind
 * counts stage_run() without read_config().
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "../../boot/x86/report.h"
#include "../../lib/capture/capture.h"
#include "../../lib/capture/recording.h"
#include "../../lib/workspace.h"
#include <pcigate/gate.h>

#include "machine.h"

/* The functions of a device: with one each, 4,096 devices need more bridges than a record has. */
#define PER_DEVICE 4u

static struct pg_workspace workspace;
static struct pg_gate gate;
static struct functions functions;
static struct pg_record_root roots[PG_MAX_ROOTS];

static void add_line(void *ctx, const char *text)
{
	(void)ctx;
	report_line(text);
}

/* The time of a read is modelled, so its instructions are not counted. */
static enum pg_access uncounted_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	enum pg_access access;

	CALLGRIND_TOGGLE_COLLECT;
	access = read_config(ctx, at, reg, value);
	CALLGRIND_TOGGLE_COLLECT;
	return access;
}

static const struct pg_config counting_config = { .read = uncounted_read, .window = window };

static const struct pg_printer printer = { .line = add_line };

static _Noreturn void fail(const char *text)
{
	fprintf(stderr, "bench/stage: %s\n", text);
	exit(1);
}

static struct capture *make_capture(void)
{
	struct recording recording = {
		.config = &config,
		.functions = &functions,
		.roots = roots,
		.complete = true,
		.description = "generated",
		.cmdline = RECORDING_WORDS,
	};
	struct capture_error complaint = { "out of memory" };
	struct capture *capture = NULL;
	const char *error;
	size_t size;
	void *fdt;

	for (uint32_t segment = 0; switches_of(segment); segment++)
		roots[recording.nr_roots++] =
			(struct pg_record_root){ .segment = segment, .last = 255 };
	functions.list = calloc(FUNCTIONS_MAX, sizeof(*functions.list));
	if (!functions.list)
		fail(complaint.text);
	error = functions_find(&config, roots, recording.nr_roots, &functions);
	if (error)
		fail(error);
	fdt = recording_make(&recording, &size, &error);
	if (fdt)
		capture = capture_parse(fdt, size, &complaint);
	if (!capture)
		fail(fdt ? complaint.text : error);
	free(fdt);
	return capture;
}

/* A range of the capture's memory, writable. */
static void *writable(struct capture *capture, uint64_t pa, uint64_t size)
{
	const struct pg_memory memory = capture_memory(capture);

	return (void *)(uintptr_t)pg_memory_map(&memory, pa, size);
}

/* Adds /answer to the tree that is being written. */
static int put_answer(void *fdt)
{
	static const uint8_t zeros[PG_ANSWER_REASON];
	static const struct {
		const char *name;
		int size;
	} properties[] = { { "verdict", 4 },
			   { "reason", PG_ANSWER_REASON },
			   { "devices", 16 },
			   { "config-reads", 4 },
			   { "cycles", 8 } };
	int error = fdt_begin_node(fdt, "answer");

	for (size_t i = 0; i < PG_ARRAY_SIZE(properties) && !error; i++)
		error = fdt_property(fdt, properties[i].name, zeros, properties[i].size);
	return error ? error : fdt_end_node(fdt);
}

/* Copies a node and what is below it. Below the root, /answer is last, as the kernel writes it. */
static int copy_node(void *to, const void *from, int node)
{
	int error = fdt_begin_node(to, fdt_get_name(from, node, NULL)), at, len;

	fdt_for_each_property_offset (at, from, node) {
		const char *name;
		const void *value = fdt_getprop_by_offset(from, at, &name, &len);

		error = error ? error : fdt_property(to, name, value, len);
	}
	if (!node && !error)
		error = fdt_property_u32(to, "crc32c", 0);
	fdt_for_each_subnode (at, from, node)
		error = error ? error : copy_node(to, from, at);
	if (!node && !error)
		error = put_answer(to);
	return error ? error : fdt_end_node(to);
}

/* Adds what the kernel writes and a capture does not have: /answer, the checksum, exact size. */
static void complete_own(struct capture *capture)
{
	const struct pg_record *record = &gate.record;
	const int capacity = (int)record->own.size;
	void *kho = writable(capture, record->kho.fdt_pa, record->kho.fdt_size);
	uint8_t *fdt = writable(capture, record->own.pa, record->own.size);
	void *tree = malloc(record->own.size);
	int error = tree ? fdt_create(tree, capacity) : -FDT_ERR_NOSPACE;
	int entry = fdt_first_subnode(kho, 0);
	uint64_t size;
	uint32_t at;

	error = error ? error : fdt_finish_reservemap(tree);
	error = error ? error : copy_node(tree, fdt, 0);
	error = error ? error : fdt_finish(tree);
	if (error)
		fail(fdt_strerror(error));
	/* The recorder writes this entry last. KHO's numbers are little-endian. */
	while (fdt_next_subnode(kho, entry) >= 0)
		entry = fdt_next_subnode(kho, entry);
	size = fdt_totalsize(tree);
	memcpy(fdt, tree, size);
	free(tree);
	error = fdt_setprop_inplace(kho, entry, "blob-size", &size, sizeof(size));
	if (error)
		fail(fdt_strerror(error));
	at = (uint32_t)((const uint8_t *)fdt_getprop(fdt, 0, "crc32c", NULL) - fdt);
	fdt32_st(fdt + at, pg_gate_crc(fdt, size, at));
}

/* The pipeline, the report in memory and the answer, as in flow_run() of boot/x86/flow.c. */
static void stage_run(const struct pg_input *input)
{
	const struct pg_gate_fdt *own = &gate.record.own;
	struct pg_answer answer;
	struct pg_cost cost = { 0 };

	CALLGRIND_TOGGLE_COLLECT;
	pg_gate_run(input, &workspace, &gate);
	cost.reads = gate.topology.reads;
	report_begin();
	pg_report(&printer, &gate);
	report_last_lines();
	pg_report_verdict(&printer, &gate, &cost, NULL);
	pg_verdict_answer(&gate.verdict, &cost, &answer);
	if (!pg_gate_write_answer(own, (void *)(uintptr_t)own->fdt, &answer))
		fail("the record has no complete /answer");
	CALLGRIND_TOGGLE_COLLECT;
}

int main(int argc, char **argv)
{
	struct capture *capture;
	struct pg_memory memory;
	struct pg_handover handover = { .memory = &memory };
	struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config,
		.cmdline = RECORDING_WORDS " quiet",
		.cmdline_len = strlen(RECORDING_WORDS " quiet"),
	};

	machine.per_device = PER_DEVICE;
	machine.functions = argc == 2 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	if (!machine.functions)
		fail("usage: stage FUNCTIONS");
	capture = make_capture();
	memory = capture_memory(capture);
	handover.setup_data_pa = capture->setup_data_pa;
	pg_gate_run(&input, &workspace, &gate);
	complete_own(capture);
	input.config = &counting_config;
	machine.reads = 0;
	stage_run(&input);
	if (!gate.verdict.open || gate.topology.everything || !gate.record.own.crc ||
	    gate.verdict.keep != machine.functions)
		fail("the gate does not open by the bridges alone");
	printf("%llu\n", (unsigned long long)machine.reads);
	capture_free(capture);
	free(functions.list);
	return 0;
}
