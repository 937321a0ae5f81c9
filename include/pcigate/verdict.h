/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * verdict.h - step judge: decides whether any preserved device moves.
 */
#ifndef PCIGATE_VERDICT_H
#define PCIGATE_VERDICT_H

#include <pcigate/gate_fdt.h>
#include <pcigate/plan.h>
#include <pcigate/port.h>
#include <pcigate/reason.h>
#include <pcigate/record.h>
#include <pcigate/topology.h>

/**
 * struct pg_judgement - the verdict on one recorded function
 * @reason:  PG_OK if the function keeps its address and could be verified
 * @culprit: index of the function at fault; PG_NONE if this function is at fault
 * @bridge:  it is a bridge; inferred from the record if it does not answer
 * @lost:    with @reason: the next kernel will not find it (pg_step.lost)
 * @below:   for bridges of a record of version 2: number of recorded devices found below it
 */
struct pg_judgement {
	uint8_t reason;
	bool bridge;
	bool lost;
	uint16_t culprit;
	uint32_t below;
};

/**
 * struct pg_verdict - the verdict
 * @open:       open, otherwise stop
 * @by_policy:  open although something is wrong or unchecked, because of pcigate=report or
 * pcigate=off
 * @record:     PG_OK, or what is wrong with the record or the scan as a whole
 * @finding:    the place that @record (or an inconsistency found while judging) is about
 * @nr:         number of judgements, one for each entry of the record
 * @judgements: the judgements, in the record's order; owned by the workspace
 * @devices:    number of preserved devices, not bridges
 * @bridges:    number of entries that are bridges
 * @vfs:        number of preserved virtual functions. They have no entry in the record; @devices,
 * @keep, @move, @lost and @unverified count them
 * @vf_reason:  the reason of the first virtual function that has one, else PG_OK
 * @keep:       devices that keep their address
 * @move:       devices that would change it, or would not be found
 * @lost:       of these, devices that would not be found
 * @unverified: devices that cannot be verified
 * @bridges_bad: bridges that move or cannot be verified
 */
struct pg_verdict {
	bool open;
	bool by_policy;
	enum pg_reason record;
	struct pg_finding finding;
	uint32_t nr;
	const struct pg_judgement *judgements;
	uint32_t devices;
	uint32_t bridges;
	uint32_t vfs;
	enum pg_reason vf_reason;
	uint32_t keep;
	uint32_t move;
	uint32_t lost;
	uint32_t unverified;
	uint32_t bridges_bad;
};

/*
 * pg_judge() - compares record, topology and plan. @judgements has record->nr elements. A pure
 * function.
 */
void pg_judge(const struct pg_record *record, const struct pg_topology *topology,
	      const struct pg_plan *plan, const struct pg_policy *policy,
	      struct pg_judgement *judgements, struct pg_verdict *verdict);

/**
 * struct pg_vf_judgement - the verdict on a preserved virtual function
 * @at:     its address
 * @moved:  the address that the registers of the physical function give it now
 * @reason: PG_OK if it keeps its address and could be verified
 * @culprit: index of the function at fault; PG_NONE if the virtual function itself is at fault
 * @lost:   with @reason: the next kernel will not find it
 */
struct pg_vf_judgement {
	struct pg_bdf at;
	struct pg_bdf moved;
	uint8_t reason;
	uint16_t culprit;
	bool lost;
};

/**
 * struct pg_judged - what judgements on virtual functions are made from
 * @topology:   the result of the scan
 * @plan:       the result of the plan
 * @policy:     the next kernel's command line
 * @judgements: the judgements on the recorded functions
 */
struct pg_judged {
	const struct pg_topology *topology;
	const struct pg_plan *plan;
	const struct pg_policy *policy;
	const struct pg_judgement *judgements;
};

/*
 * pg_judge_pf() - judges whether the next kernel leaves SR-IOV of the physical function @walk
 * enabled, if that function keeps its address.
 */
enum pg_reason pg_judge_pf(const struct pg_judged *judged, struct pg_vf_walk *walk);

/*
 * pg_judge_vf() - judges the preserved virtual function @i of the physical function @walk. It needs
 * no memory for the judgements, of which there may be thousands. The buses
 * of the virtual functions are judged once: @walk keeps the result.
 */
void pg_judge_vf(const struct pg_judged *judged, struct pg_vf_walk *walk, uint32_t i,
		 struct pg_vf_judgement *judgement);

/*
 * pg_vf_difference_of() - the register of the physical function @index that is not as recorded;
 * NULL if all are, or if there are too many such functions.
 */
const struct pg_vf_difference *pg_vf_difference_of(const struct pg_topology *topology,
						   uint16_t index);

/**
 * struct pg_cost - the cost of the pipeline; printed in the last line
 * @reads:    config reads
 * @cycles:   cycles of the time stamp counter, 0 if not measured
 * @tsc_khz:  frequency of that counter in kHz, 0 if not known; then no time is printed
 */
struct pg_cost {
	uint64_t reads;
	uint64_t cycles;
	uint32_t tsc_khz;
};

/*
 * pg_verdict_answer() - fills @answer, which the stage passes to the next kernel, from an open
 * verdict.
 */
void pg_verdict_answer(const struct pg_verdict *verdict, const struct pg_cost *cost,
		       struct pg_answer *answer);

#endif
