// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * compare_vfs.c - compares the verdict on preserved virtual functions with Linux.
 */
#include "compare_vfs.h"

#include "record.h"

static uint32_t added(const struct linux_result *result, uint32_t function)
{
	uint32_t i, nr = 0;

	for (i = 0; i < result->nr_vfs; i++)
		nr += result->vfs[i].function == function;
	return nr;
}

static bool has_vf(const struct linux_result *result, uint32_t function, uint32_t index,
		   struct pg_bdf at)
{
	uint32_t i;

	for (i = 0; i < result->nr_vfs; i++) {
		const struct linux_vf *vf = &result->vfs[i];

		if (vf->function == function && vf->index == index)
			return vf->bus == at.bus && vf->devfn == at.devfn;
	}
	return false;
}

/* @stays: Linux keeps the virtual functions in question. */
static void check(const struct vf_comparison *comparison, uint32_t function, enum pg_reason reason,
		  bool stays, struct sums *sums)
{
	if (comparison->gate->verdict.record)
		reason = comparison->gate->verdict.record;
	if (reason) {
		sums->vf_stops++;
		sums->vf_careful += stays;
		sums->careful_reasons[reason] += stays;
		return;
	}
	sums->vf_opens++;
	if (comparison->result->status == LINUX_OK && !stays &&
	    comparison->say(function, "the verdict on its virtual functions is open, but one does "
				      "not keep its place: Linux:"))
		printf(" %u of them%s\n", added(comparison->result, function),
		       comparison->result->changed[function] ? ", changed" : "");
}

void compare_vfs(const struct vf_comparison *comparison, struct sums *sums)
{
	const struct pg_gate *gate = comparison->gate;
	const struct linux_result *result = comparison->result;
	const struct pg_judged judged = { &gate->topology, &gate->plan, &gate->policy,
					  gate->verdict.judgements };
	struct pg_vf_judgement judgement;
	struct pg_vf_walk walk;
	uint32_t i;

	pg_vf_walk_begin(&walk);
	while (gate->record.nr_pfs && judged.judgements &&
	       pg_vf_walk_next(&walk, &gate->record, &gate->topology)) {
		const uint32_t function = record_find(walk.pf.at);
		const bool stays =
			comparison->kept(function, walk.pf.at.bus) && !result->changed[function];

		/* Preserved itself, with none of its virtual functions: it needs all of them. */
		if (!walk.pf.nr && walk.function != PG_NONE)
			check(comparison, function,
			      (enum pg_reason)judged.judgements[walk.function].reason,
			      stays && added(result, function) == walk.pf.number, sums);
		for (i = 0; i < walk.pf.nr; i++) {
			pg_judge_vf(&judged, &walk, i, &judgement);
			check(comparison, function, (enum pg_reason)judgement.reason,
			      stays && has_vf(result, function, pg_vf_index(&walk.pf, i),
					      judgement.at),
			      sums);
		}
	}
}
