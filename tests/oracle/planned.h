/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * planned.h - makes a record of a generated machine, then runs scan and plan of lib/ on the
 * machine.
 */
#ifndef ORACLE_PLANNED_H
#define ORACLE_PLANNED_H

#include <pcigate/gate.h>

#include "machine.h"

/**
 * struct planned - the plan of a whole machine
 * @reason:    PG_OK, or why there is no plan
 * @record:    the record: devices of the machine with the bridges above them, the root buses,
 * SR-IOV
 * @policy:    of the next kernel
 * @topology:  the result of the scan
 * @plan:      the plan for this topology
 * @exhausted: the simulation exceeded its budget
 * @unknown:   the simulation met a bus or function that the scan had not seen
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
 * planned_everything() - makes the plan from a scan of every bus and from a complete record of all
 * functions that can be reached. It ignores the kind of the machine's record, so that the plan has
 * the same facts as Linux. Only the machine's counters change.
 */
void planned_everything(struct machine *machine, const char *cmdline, struct planned *planned);

/*
 * planned_incoming() - sets @machine->incoming: what Live Update hands over of the devices that are
 * marked as preserved.
 */
void planned_incoming(struct machine *machine);

/*
 * planned_gate() - records the devices that are marked as preserved, and runs the pipeline. Returns
 * false if none of them could be recorded.
 */
bool planned_gate(struct machine *machine, const char *cmdline, struct pg_gate *gate);

#endif
