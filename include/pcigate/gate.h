/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate.h - the pipeline: record -> scan -> plan -> judge -> report, and the memory that all steps
 * use.
 */
#ifndef PCIGATE_GATE_H
#define PCIGATE_GATE_H

#include <pcigate/plan.h>
#include <pcigate/record.h>
#include <pcigate/topology.h>
#include <pcigate/verdict.h>

struct pg_workspace;

/**
 * struct pg_source - where the record comes from
 * @read: fills @record, whose ->entries has room for PG_MAX_RECORDED; returns PG_OK, or what is
 * wrong, with the place in
 *        @finding. @policy is what the next kernel's command line says. Not called with pcigate=off
 * @ctx:  handed to @read as it is
 */
struct pg_source {
	enum pg_reason (*read)(void *ctx, const struct pg_policy *policy, struct pg_record *record,
			       struct pg_record_entry *entries, struct pg_finding *finding);
	void *ctx;
};

/**
 * struct pg_handover - what the outgoing kernel left in memory
 * @memory:        the memory that the record lies in
 * @setup_data_pa: head of the list of struct setup_data for the next kernel
 * (boot_params.hdr.setup_data)
 */
struct pg_handover {
	const struct pg_memory *memory;
	uint64_t setup_data_pa;
};

/*
 * pg_read_handover() - reads a record from a struct pg_handover (@ctx): pg_source.read of every
 * front end behind the jump.
 */
enum pg_reason pg_read_handover(void *ctx, const struct pg_policy *policy, struct pg_record *record,
				struct pg_record_entry *entries, struct pg_finding *finding);

struct pg_printer;

/* pg_read_given() - copies a struct pg_record (@ctx) that the caller made: a pg_source.read. */
enum pg_reason pg_read_given(void *ctx, const struct pg_policy *policy, struct pg_record *record,
			     struct pg_record_entry *entries, struct pg_finding *finding);

/**
 * struct pg_input - everything the pipeline reads
 * @source:      the record
 * @config:      configuration space
 * @cmdline:     the next kernel's command line, or NULL
 * @cmdline_len: length of that in bytes
 * @everything:  search all buses of the recorded segments from the start: then a bridge elsewhere
 * that lost its numbers counts as well. Otherwise this is left to records that name all bridges, as
 * the kernel's does
 * @booted:      the next kernel is booted by firmware, and gets no record: what Linux's Live Update
 * needs is not judged
 * @despite_off: read and judge with pcigate=off as well, for a command that shows what there is
 * @printer:     takes the lines of the report, all but the last; NULL for none
 */
struct pg_input {
	struct pg_source source;
	const struct pg_config *config;
	const char *cmdline;
	size_t cmdline_len;
	bool everything;
	bool booted;
	bool despite_off;
	const struct pg_printer *printer;
};

/**
 * struct pg_gate - the result of each step; the report reads it
 */
struct pg_gate {
	struct pg_policy policy;
	struct pg_record record;
	struct pg_topology topology;
	struct pg_plan plan;
	struct pg_verdict verdict;
};

/*
 * pg_gate_run() - the pipeline: record, scan, plan, judge, report. Afterwards @gate->verdict.open
 * says whether the gate opens.
 * @workspace is all the memory that it uses (lib/workspace.h); @gate points into it afterwards.
 *
 * Never fails: whatever is wrong is in the verdict. With pcigate=off neither memory nor
 * configuration space is read. Bounded: time grows with the number of entries and buses, no chain
 * is followed twice. The simulation of the next kernel's scan, which follows Linux where that goes
 * more than one way to a bus, ends after 2^24 steps (PG_SIM_STEPS_MAX) with PG_PLAN_BUDGET: that is
 * a tenth of a second. The largest machine that fits into the workspace takes less than half of
 * them.
 */
void pg_gate_run(const struct pg_input *input, struct pg_workspace *workspace,
		 struct pg_gate *gate);

/**
 * struct pg_live - the record of a kernel that is still running (lib/live.c)
 * @memory:      where @pci and @own lie
 * @kho_version: the version in which this kernel hands over (KHO_FDT_COMPATIBLE in
 * include/linux/kho/abi/kexec_handover.h)
 * @luo_version: the version of its orchestrator (LUO_ABI_COMPATIBLE in include/linux/kho/abi/luo.h)
 * @pci:         head of the PCI core's record, struct pci_ser; its size does not matter. Not
 * present where no device is preserved
 * @own:         pcigate's own entry, not present if there is none
 */
struct pg_live {
	const struct pg_memory *memory;
	const char *kho_version;
	const char *luo_version;
	struct pg_blob pci;
	struct pg_blob own;
};

/*
 * pg_record_read_live() - pg_record_read() for a kernel that is still running. The caller sees to
 * it that nothing is preserved and unpreserved meanwhile. The sessions cannot be compared: they are
 * not written yet.
 */
enum pg_reason pg_record_read_live(const struct pg_live *live, struct pg_record *record,
				   struct pg_record_entry *entries, uint32_t capacity,
				   struct pg_finding *finding);

/*
 * Columns of a line at most: a text screen has as many. And the size of a line with its terminating
 * zero.
 */
#define PG_LINE_COLUMNS 80
#define PG_LINE_SIZE (PG_LINE_COLUMNS + 1)

/*
 * Up to so many devices that keep their address are listed one by one; of more, the rest is counted
 * in one line.
 */
#define PG_REPORT_KEEPS 16u

/**
 * struct pg_printer - where lines go
 * @line: takes one line without a line feed, zero-terminated, at most PG_LINE_COLUMNS long
 * @ctx:  handed to @line as it is
 */
struct pg_printer {
	void (*line)(void *ctx, const char *text);
	void *ctx;
};

/*
 * pg_report() - every line but the last: what was found, and one line for each function that has
 * something to say.
 */
void pg_report(const struct pg_printer *printer, const struct pg_gate *gate);

/*
 * pg_report_verdict() - the last line, OPEN or STOP. @outcome is how a stop ends, in one word or
 * two ("halted"), or NULL where nothing follows (the command).
 */
void pg_report_verdict(const struct pg_printer *printer, const struct pg_gate *gate,
		       const struct pg_cost *cost, const char *outcome);

#endif
