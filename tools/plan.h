/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * plan.h - the plan for a whole machine: the bus numbers of today and of the next kernel.
 */
#ifndef PCIGATE_TOOLS_PLAN_H
#define PCIGATE_TOOLS_PLAN_H

#include "cli.h"
#include "machine/machine.h"
#include "users/users.h"

/**
 * enum future - what happens to a function
 * @FUTURE_KEEPS:   it keeps its address
 * @FUTURE_UNSAFE:  it has the same address in the end, but the bus numbers on its path change for a
 *                  while
 * @FUTURE_MOVES:   it gets another address
 * @FUTURE_LOST:    it answers, but the next kernel does not find it
 * @FUTURE_UNKNOWN: it depends on something that is not known
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
 * struct machine_plan - a plan and what it was made from
 * @session:   has the verdict, if @judged
 * @machine:   the machine
 * @judged:    a device is preserved, or the record cannot be read
 * @policy:    from the next kernel's command line
 * @record:    all functions of the machine, as if all of them were preserved, so that each is
 *             followed
 * @topology:  result of the scan step for @record
 * @plan:      result of the plan step; not valid if @reason is set
 * @reason:    why there is no plan, or PG_OK
 * @finding:   the place that @reason is about
 * @counts:    number of functions for each future
 * @users:     what depends on the addresses of this host; none for another machine
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
	struct users users;
};

/*
 * plan_scan() - scans @plan->machine for the plan with @plan->session.cmdline. All plans share one
 * workspace.
 */
void plan_scan(struct machine_plan *plan);

/*
 * plan_preserve() - judges the @nr @devices as preserved. Returns 0, or an exit status if one of
 * them cannot be preserved.
 */
int plan_preserve(struct machine_plan *plan, const struct pg_bdf *devices, uint32_t nr);

/* plan_finish() - makes the plan, after it is known which devices are preserved. */
void plan_finish(struct machine_plan *plan);

/* plan_future() - what happens to function @index. */
enum future plan_future(const struct machine_plan *plan, uint32_t index);

/*
 * plan_buses() - the bus numbers behind the bridge @index in the next kernel: the secondary one in
 * @buses[0], the subordinate one in @buses[1]. NUMBER_UNKNOWN stands for a number that is not
 * certain.
 */
#define NUMBER_UNKNOWN (-1)
void plan_buses(const struct machine_plan *plan, uint32_t index, int buses[2]);

/* buses_text() - such bus numbers as text: "none", "01", "02-05", "02-?" or "?". */
#define BUSES_TEXT 8
const char *buses_text(const int buses[2], char text[BUSES_TEXT]);

/* plan_renumbers() - whether the bridge @index gets other bus numbers, or may get them. */
bool plan_renumbers(const struct machine_plan *plan, uint32_t index);

/* plan_cause() - the reason on the bridge @index itself; PG_OK if there is none. */
enum pg_reason plan_cause(const struct machine_plan *plan, uint32_t index);

/* plan_judgement() - the judgement on function @index, or NULL if it is not recorded. */
const struct pg_judgement *plan_judgement(const struct machine_plan *plan, uint32_t index);

/*
 * plan_disagrees() - true if the verdict says that function @index keeps its address, but the plan
 * has another one. This happens if the record does not name all bridges: the pipeline then knows
 * only the paths. A bridge beside a path can use up bus numbers, or take those of a path.
 */
bool plan_disagrees(const struct machine_plan *plan, uint32_t index);

/*
 * plan_address() - the next address of function @index, if its future is FUTURE_MOVES, _UNSAFE or
 * _KEEPS.
 */
struct pg_bdf plan_address(const struct machine_plan *plan, uint32_t index);

/* "keeps", "moves" and so on. */
const char *future_text(enum future future);

/* plan_summary() - how many functions have which future, with @separator between the parts. */
void plan_summary(const struct machine_plan *plan, const char *separator, FILE *out);

/* plan_moves() - what does not keep its address, in short lines. */
void plan_moves(const struct machine_plan *plan, FILE *out);

/* The three kinds of output. Return false if memory runs out, or an exit status. */
bool plan_tree(const struct machine_plan *plan, FILE *out);
void plan_dot(const struct machine_plan *plan, FILE *out);
int plan_json(const struct machine_plan *plan, int status);

#endif
