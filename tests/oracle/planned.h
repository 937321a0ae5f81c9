/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * planned.h - the gate's view of a made-up machine: a record by hand, then scan and plan of lib/ on
 * it.
 */
#ifndef ORACLE_PLANNED_H
#define ORACLE_PLANNED_H

#include <pcigate/gate.h>

#include "machine.h"

/**
 * struct planned - what the gate says about a machine
 * @reason:    PG_OK, or why there is no plan
 * @record:    what was recorded: devices of the machine with the bridges above them, the root
 * buses, SR-IOV
 * @policy:    of the next kernel
 * @topology:  what the scan found
 * @plan:      the plan for it
 * @exhausted: the simulation gave up
 * @unknown:   it came by something that the scan had not seen
 */
struct planned {
	enum pg_reason reason;
	struct pg_record record;
	struct pg_policy policy;
	struct pg_topology topology;
	struct pg_plan plan;
	bool exhausted;
	bool unknown;
};

/*
 * planned_everything() - all functions that can be reached are recorded in a complete record,
 * whatever the machine has, and every bus is searched: only then the plan knows as much as Linux.
 * The machine stays as it is but for its counters.
 */
void planned_everything(struct machine *machine, const char *cmdline, struct planned *planned);

/*
 * planned_gate() - the devices marked as preserved are recorded, and the verdict is the gate's own.
 * False if none could be.
 */
bool planned_gate(struct machine *machine, const char *cmdline, struct pg_gate *gate);

#endif
