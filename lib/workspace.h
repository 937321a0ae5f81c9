/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * workspace.h - the memory of the pipeline, which front ends provide.
 */
#ifndef PCIGATE_WORKSPACE_H
#define PCIGATE_WORKSPACE_H

#include <pcigate/gate.h>

#include "plan/simulation.h"

/**
 * struct pg_workspace - all memory that the pipeline uses; the caller need not initialise it
 *
 * @line holds the command line of a next kernel with a built-in one.
 * About 330 KiB: in .bss of the purgatory and of the command; the kernel allocates it.
 */
struct pg_workspace {
	struct pg_function functions[PG_MAX_FUNCTIONS];
	struct pg_step steps[PG_MAX_FUNCTIONS];
	char line[PG_NEXT_LINE_SIZE];
	union {
		struct pg_record_entry entries[PG_MAX_RECORDED]; /* until the plan is made */
		struct pg_simulation simulation;		 /* while it is made */
		struct pg_judgement judgements[PG_MAX_RECORDED]; /* afterwards */
	};
};

#endif
