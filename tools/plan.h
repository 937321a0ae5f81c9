/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * plan.h - the plan for a whole machine: today's numbers and tomorrow's.
 */
#ifndef PCIGATE_TOOLS_PLAN_H
#define PCIGATE_TOOLS_PLAN_H

#include "cli.h"
#include "machine/machine.h"

/**
 * enum future - what becomes of a function
 * @FUTURE_KEEPS:   it keeps its address
 * @FUTURE_UNSAFE:  it ends up at the same address, but the numbers on its way there are not kept
 * all the time
 * @FUTURE_MOVES:   it gets another address
 * @FUTURE_LOST:    it answers, but the next kernel does not find it
 * @FUTURE_UNKNOWN: it depends on something that cannot be seen
 * @FUTURE_ABSENT:  it does not answer today
 */
enum future {
	FUTURE_KEEPS,
	FUTURE_UNSAFE,
	FUTURE_MOVES,
	FUTURE_LOST,
	FUTURE_UNKNOWN,
	FUTURE_ABSENT,
	FUTURE_COUNT,
};

/**
 * struct machine_plan - what was planned
 * @session:   with the gate's own verdict, if @judged
 * @machine:   for which
 * @judged:    something is preserved, or should be and the record cannot be read
 * @policy:    what the next kernel is told
 * @record:    all functions of the machine, as if all of them were preserved: so each is followed
 * @topology:  what the scan made of it
 * @plan:      what the next kernel will make of it; not valid with @reason
 * @reason:    why there is no plan, or PG_OK
 * @finding:   the place that @reason is about
 * @counts:    how many functions have each future
 */
struct machine_plan {
	struct session session;
	struct machine machine;
	bool judged;
	struct pg_policy policy;
	struct pg_record record;
	struct pg_topology topology;
	struct pg_plan plan;
	enum pg_reason reason;
	struct pg_finding finding;
	uint32_t counts[FUTURE_COUNT];
};

/*
 * plan_machine() - the plan for @plan->machine, from @plan->session.cmdline. The workspace is one
 * for all.
 */
void plan_machine(struct machine_plan *plan);

/*
 * plan_preserve() - has the gate judge the devices that the options name. Returns 0, or an exit
 * status if one of them cannot be preserved.
 */
int plan_preserve(struct machine_plan *plan);

/* plan_future() - what becomes of function @index. */
enum future plan_future(const struct machine_plan *plan, uint32_t index);

/*
 * plan_buses() - the bus numbers behind the bridge @index in the next kernel, NUMBER_UNKNOWN for
 * one that is not certain:
 * @buses[0] the secondary one, @buses[1] the subordinate one.
 */
#define NUMBER_UNKNOWN (-1)
void plan_buses(const struct machine_plan *plan, uint32_t index, int buses[2]);

/* buses_text() - such numbers: "none", "01", "02-05", "02-?" or "?". */
#define BUSES_TEXT 8
const char *buses_text(const int buses[2], char text[BUSES_TEXT]);

/*
 * plan_renumbers() - whether the bridge @index gets other bus numbers than it has, or may get them.
 */
bool plan_renumbers(const struct machine_plan *plan, uint32_t index);

/* plan_cause() - what is the matter with the bridge @index itself; PG_OK if nothing. */
enum pg_reason plan_cause(const struct machine_plan *plan, uint32_t index);

/* plan_judgement() - the gate's judgement on function @index, or NULL if it is not recorded. */
const struct pg_judgement *plan_judgement(const struct machine_plan *plan, uint32_t index);

/*
 * plan_disagrees() - whether the gate lets function @index pass although the plan has it elsewhere.
 * A record that does not name all bridges leaves the gate with the paths, and numbers may run out,
 * or be taken, by what is beside them.
 */
bool plan_disagrees(const struct machine_plan *plan, uint32_t index);

/* plan_address() - where function @index will be, if FUTURE_MOVES, _UNSAFE or _KEEPS. */
struct pg_bdf plan_address(const struct machine_plan *plan, uint32_t index);

/* "keeps", "moves" and so on. */
const char *future_text(enum future future);

/* The three kinds of output. false without memory, or an exit status. */
bool plan_tree(const struct machine_plan *plan, FILE *out);
void plan_dot(const struct machine_plan *plan, FILE *out);
int plan_json(const struct machine_plan *plan, int status);

#endif
