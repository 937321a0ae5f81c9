/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate.h - the pipeline: record -> scan -> plan -> judge -> report, and the memory that all steps
 * use.
 */
#ifndef PCIGATE_GATE_H
#define PCIGATE_GATE_H

#include <pcigate/next_kernel.h>
#include <pcigate/plan.h>
#include <pcigate/record.h>
#include <pcigate/topology.h>
#include <pcigate/verdict.h>

struct pg_workspace;

/**
 * struct pg_source - where the record comes from
 * @read: fills @record and up to PG_MAX_RECORDED @entries; returns PG_OK, or the reason with
 * @finding filled. @policy is the next kernel's parsed command line. Not called with pcigate=off
 * unless pg_input.despite_off is set
 * @ctx:  passed to @read
 */
struct pg_source {
	enum pg_reason (*read)(void *ctx, const struct pg_policy *policy, struct pg_record *record,
			       struct pg_record_entry *entries, struct pg_finding *finding);
	void *ctx;
};

/**
 * struct pg_handover - what the outgoing kernel left in memory
 * @memory:        the memory that contains the record
 * @setup_data_pa: head of the list of struct setup_data for the next kernel
 * (boot_params.hdr.setup_data)
 */
struct pg_handover {
	const struct pg_memory *memory;
	uint64_t setup_data_pa;
};

/*
 * pg_read_handover() - reads a record from a struct pg_handover (@ctx): the pg_source.read of
 * the front ends that run after the handoff.
 */
enum pg_reason pg_read_handover(void *ctx, const struct pg_policy *policy, struct pg_record *record,
				struct pg_record_entry *entries, struct pg_finding *finding);

struct pg_printer;

/* pg_read_given() - a pg_source.read that copies a struct pg_record (@ctx) of the caller. */
enum pg_reason pg_read_given(void *ctx, const struct pg_policy *policy, struct pg_record *record,
			     struct pg_record_entry *entries, struct pg_finding *finding);

/**
 * struct pg_host_record - a record that user space made, and that of the outgoing kernel
 * @handover: what the outgoing kernel left in memory
 * @tree:     pcigate's own record (docs/kho-fdt.md), which must have a checksum
 * @window:   the physical address of firmware's window for @bus of @segment, as if the window began
 * at bus 0; 0 if firmware tells none. NULL if that is not known
 * @damage:   what is wrong with the image or the initrd that carries it; then nothing is read
 */
struct pg_host_record {
	struct pg_handover handover;
	struct pg_blob tree;
	uint64_t (*window)(uint32_t segment, uint8_t bus);
	struct pg_finding damage;
};

/*
 * pg_read_host() - reads a record from a struct pg_host_record (@ctx): the pg_source.read of the
 * gated image. If the outgoing kernel wrote its own entry, that entry replaces @tree.
 */
enum pg_reason pg_read_host(void *ctx, const struct pg_policy *policy, struct pg_record *record,
			    struct pg_record_entry *entries, struct pg_finding *finding);

/**
 * struct pg_input - everything the pipeline reads
 * @source:      the record
 * @config:      configuration space
 * @cmdline:     the next kernel's command line, or NULL
 * @cmdline_len: length of that in bytes
 * @policy:      what it says, if it was parsed before, or NULL
 * @next:        what is known about the next kernel from its image, or NULL
 * @everything:  read every function of the recorded segments from the start. Needed if the record
 * does not list all bridges: a bridge that lost its numbers may then be off the recorded paths
 * @booted:      firmware boots the next kernel, which gets no record: what Live Update needs is not
 * judged
 * @despite_off: read and judge with pcigate=off as well (for the command)
 * @printer:     takes all lines of the report except the last; NULL prints nothing
 * @clock:       counts the cycles of the time stamp counter; NULL measures nothing
 */
struct pg_input {
	struct pg_source source;
	const struct pg_config *config;
	const char *cmdline;
	size_t cmdline_len;
	const struct pg_policy *policy;
	const struct pg_next_kernel *next;
	bool everything;
	bool booted;
	bool despite_off;
	const struct pg_printer *printer;
	uint64_t (*clock)(void);
};

/**
 * struct pg_gate - the result of each step; the report reads it
 * @recorded: pg_input.clock when the record has been read, 0 without a clock
 * @scanned:  the same when config space has been scanned
 */
struct pg_gate {
	struct pg_policy policy;
	struct pg_record record;
	struct pg_topology topology;
	struct pg_plan plan;
	struct pg_verdict verdict;
	uint64_t recorded;
	uint64_t scanned;
};

/* What pg_judge_vf() needs, after pg_gate_run(). Valid if the verdict has judgements. */
static inline struct pg_judged pg_gate_judged(const struct pg_gate *gate)
{
	return (struct pg_judged){ &gate->topology, &gate->plan, &gate->policy,
				   gate->verdict.judgements };
}

/*
 * pg_gate_run() - the pipeline: record, scan, plan, judge, report. Afterwards @gate->verdict.open
 * is the verdict. The pipeline uses no memory other than @workspace (lib/workspace.h). Afterwards
 * @gate points into @workspace.
 *
 * The function never fails: every fault is in the verdict. With pcigate=off it reads neither memory
 * nor config space. Its time is bounded: the time grows with the number of entries and buses, and
 * no chain is followed twice. The simulation of Linux's scan, which may visit a bus once for each
 * path to it, ends with PG_PLAN_BUDGET after 2^24 steps (PG_SIM_STEPS_MAX, a tenth of a second).
 * The largest machine that fits into the workspace takes less than half of these steps.
 */
void pg_gate_run(const struct pg_input *input, struct pg_workspace *workspace,
		 struct pg_gate *gate);

/**
 * struct pg_live - the record of a kernel that is still running (lib/live.c)
 * @memory:      the memory that @pci and @own are in
 * @kho_version: the version of its KHO (KHO_FDT_COMPATIBLE in
 * include/linux/kho/abi/kexec_handover.h)
 * @luo_version: the version of its LUO (LUO_ABI_COMPATIBLE in include/linux/kho/abi/luo.h)
 * @pci:         head of the PCI core's record, struct pci_ser; its size does not matter. Not
 * present if no device is preserved
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
 * pg_record_read_live() - pg_record_read() for a kernel that is still running. The caller
 * ensures that no device is preserved or unpreserved during the call. The sessions are not
 * compared, because LUO has not written them yet.
 */
enum pg_reason pg_record_read_live(const struct pg_live *live, struct pg_record *record,
				   struct pg_record_entry *entries, uint32_t capacity,
				   struct pg_finding *finding);

/*
 * The columns of a text screen limit a line. PG_LINE_SIZE includes the terminating zero.
 */
#define PG_LINE_COLUMNS 80
#define PG_LINE_SIZE (PG_LINE_COLUMNS + 1)

/*
 * At most this many devices that keep their address get a line each; one more line counts the
 * others.
 */
#define PG_REPORT_KEEPS 16u

/**
 * struct pg_printer - the output of the report
 * @line: takes one line without a line feed, zero-terminated, at most PG_LINE_COLUMNS long
 * @ctx:  passed to @line
 */
struct pg_printer {
	void (*line)(void *ctx, const char *text);
	void *ctx;
};

struct pg_text;

/* pg_vf_difference_text() - adds a register with its values to @text: "NumVFs 4, was 8". */
void pg_vf_difference_text(struct pg_text *text, const struct pg_vf_difference *difference);

/*
 * pg_report() - prints every line but the last: the record, and one line for each function that is
 * listed.
 */
void pg_report(const struct pg_printer *printer, const struct pg_gate *gate);

/*
 * pg_report_verdict() - the last line, OPEN or STOP. @outcome is what follows a stop, in one or two
 * words ("halted"); NULL if nothing does (the command). @cost may be NULL.
 */
void pg_report_verdict(const struct pg_printer *printer, const struct pg_gate *gate,
		       const struct pg_cost *cost, const char *outcome);

#endif
