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
 * About 400 KiB: the purgatory keeps it in .bss, the kernel allocates it, the command has it static.
 */
struct pg_workspace {
	struct pg_record_entry entries[PG_MAX_RECORDED];
	struct pg_function functions[PG_MAX_FUNCTIONS];
	struct pg_step steps[PG_MAX_FUNCTIONS];
	union {
		struct pg_simulation simulation;		  /* while the plan is made */
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
 * Bounded: time grows with the number of entries and buses, no chain is followed twice.
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

#endif
