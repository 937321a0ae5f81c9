/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate.h - the way through the house: record -> scan -> plan -> judge, and the room that all of it needs.
 */
#ifndef PCIGATE_GATE_H
#define PCIGATE_GATE_H

#include <pcigate/plan.h>
#include <pcigate/record.h>
#include <pcigate/topology.h>
#include <pcigate/verdict.h>

/**
 * struct pg_workspace - all the memory the core uses; the caller provides it, uninitialised is fine
 *
 * About 330 KiB: the purgatory keeps it in .bss, the kernel allocates it, the command has it static.
 */
struct pg_workspace {
	struct pg_function functions[PG_MAX_FUNCTIONS];
	struct pg_step steps[PG_MAX_FUNCTIONS];
	union {
		struct pg_record_entry entries[PG_MAX_RECORDED];  /* until the plan is made */
		struct pg_simulation simulation;		  /* while it is made */
		struct pg_judgement judgements[PG_MAX_RECORDED]; /* afterwards */
	};
};

/**
 * struct pg_input - everything the gate looks at
 * @memory:        the memory that the record lies in
 * @config:        configuration space
 * @setup_data_pa: head of the list of struct setup_data for the next kernel (boot_params.hdr.setup_data)
 * @cmdline:       its command line, or NULL
 * @cmdline_len:   length of that in bytes
 */
struct pg_input {
	const struct pg_memory *memory;
	const struct pg_config *config;
	uint64_t setup_data_pa;
	const char *cmdline;
	size_t cmdline_len;
};

/**
 * struct pg_gate - what each room handed on; the report reads it
 */
struct pg_gate {
	struct pg_policy policy;
	struct pg_record record;
	struct pg_topology topology;
	struct pg_plan plan;
	struct pg_verdict verdict;
};

/*
 * pg_gate_run() - goes through all rooms. Afterwards @gate->verdict.open says whether the gate opens.
 *
 * Never fails: whatever is wrong is in the verdict. With pcigate=off neither memory nor configuration space is read.
 * Bounded: time grows with the number of entries and buses, no chain is followed twice. The simulation of the next kernel's scan, which
 * follows Linux where that goes more than one way to a bus, ends after PG_SIM_STEPS_MAX (2^24) steps with PG_PLAN_BUDGET: that is a
 * tenth of a second. The largest machine that fits into the workspace takes less than half of them.
 */
void pg_gate_run(const struct pg_input *input, struct pg_workspace *workspace, struct pg_gate *gate);

/*
 * pg_gate_judge() - goes through the rooms behind the first. @gate->policy and @gate->record are filled, ->record.state is
 * PG_RECORD_DEVICES, and the entries may lie in @workspace. For a record that no kernel wrote (the command, asked about a
 * machine on which nothing is preserved yet).
 *
 * With @everything all buses of the recorded segments are searched from the start: then a bridge elsewhere that lost its
 * numbers counts as well. Otherwise this is left to records that name all bridges, as the kernel's does.
 */
void pg_gate_judge(const struct pg_config *config, bool everything, struct pg_workspace *workspace,
		   struct pg_gate *gate);

/*
 * The parts of pg_gate_run() around the reading of the record.
 *
 * pg_gate_is_off() - reads the command line into @gate->policy; true with pcigate=off, and then the verdict is made.
 * pg_gate_decide() - the verdict on a record that was read: @reason and @finding are what the reading returned, @gate->record
 * and ->policy are filled, and the entries may lie in @workspace.
 */
bool pg_gate_is_off(const char *cmdline, size_t cmdline_len, struct pg_gate *gate);
void pg_gate_decide(const struct pg_config *config, enum pg_reason reason, const struct pg_finding *finding,
		    struct pg_workspace *workspace, struct pg_gate *gate);

/**
 * struct pg_live - the record of a kernel that is still running (lib/live.c)
 * @memory:      where @pci and @own lie
 * @kho_version: the version in which this kernel hands over (KHO_FDT_COMPATIBLE in include/linux/kho/abi/kexec_handover.h)
 * @luo_version: the version of its orchestrator (LUO_ABI_COMPATIBLE in include/linux/kho/abi/luo.h)
 * @pci:         head of the PCI core's record, struct pci_ser; its size does not matter. Not present where no device is preserved
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
 * pg_record_read_live() - pg_record_read() for a kernel that is still running. The caller sees to it that nothing is preserved
 * and unpreserved meanwhile. The sessions cannot be compared: they are not written yet.
 */
enum pg_reason pg_record_read_live(const struct pg_live *live, struct pg_record *record,
				   struct pg_record_entry *entries, uint32_t capacity, struct pg_finding *finding);

/*
 * pg_gate_run_live() - goes through the rooms behind the first, for a kernel that is still running. @gate->record is what
 * pg_record_read_live() filled, its entries lie in @workspace, and @reason and @finding are what that returned. With
 * pcigate=off in @cmdline configuration space is not read.
 */
void pg_gate_run_live(const struct pg_config *config, const char *cmdline, size_t cmdline_len, enum pg_reason reason,
		      const struct pg_finding *finding, struct pg_workspace *workspace, struct pg_gate *gate);

#endif
