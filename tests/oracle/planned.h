/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * planned.h - the gate's view of a made-up machine: a record by hand, then scan and plan of lib/ on it.
 */
#ifndef ORACLE_PLANNED_H
#define ORACLE_PLANNED_H

#include <pcigate/gate.h>

#include "machine.h"

/**
 * struct planned - what the gate says about a machine
 * @reason:    PG_OK, or why there is no plan
 * @record:    what was recorded: devices of the machine with the bridges above them, the root buses, SR-IOV
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
 * planned_everything() - all functions that can be reached are recorded, and every bus is searched. The machine stays as it
 * is but for its counters.
 */
void planned_everything(struct machine *machine, const char *cmdline, struct planned *planned);

/*
 * planned_gate() - one to three devices are recorded, by chance from @seed, and the way is the gate's own, from the scan to the verdict. False
 * if the machine has no device to record.
 */
bool planned_gate(struct machine *machine, const char *cmdline, uint64_t seed, struct pg_gate *gate);

#endif
