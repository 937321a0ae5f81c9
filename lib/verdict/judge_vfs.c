// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * judge_vfs.c - judges the preserved virtual functions of pcigate's own record.
 */
#include <pcigate/verdict.h>

const struct pg_vf_difference *pg_vf_difference_of(const struct pg_topology *topology,
						   uint16_t index)
{
	const struct pg_topology_vfs *vfs = &topology->vfs;
	uint32_t i;

	for (i = 0; i < vfs->nr_differences; i++) {
		if (vfs->differences[i].function == index)
			return &vfs->differences[i];
	}
	return NULL;
}

/* What is wrong with a physical function is also wrong with its virtual functions. */
static enum pg_reason inherited(const struct pg_judgement *from)
{
	switch (from->reason) {
	case PG_DEVICE_ABSENT:
	case PG_DEVICE_NOT_READY:
	case PG_DEVICE_DIFFERENT:
		return PG_PF_ABSENT;
	default:
		return (enum pg_reason)from->reason;
	}
}

/* True if the outgoing kernel used ARI for a physical function, so that pci=noari changes it. */
static bool uses_ari(const struct pg_topology *topology, const struct pg_vf_walk *walk)
{
	const uint16_t above = topology->functions[walk->function].parent;

	return walk->pf.control & PG_SRIOV_ARI_HIERARCHY ||
	       (above != PG_NONE && topology->functions[above].rec.ari_recorded);
}

/* Judges the next kernel, by its image and its command line. */
static enum pg_reason judge_next(const struct pg_judged *judged, const struct pg_vf_walk *walk)
{
	if (judged->policy->keeps_vfs != PG_FACT_YES)
		return PG_NEXT_WITHOUT_SRIOV;
	/* Without extended registers, Linux finds no SR-IOV capability. */
	if (judged->policy->no_mmconfig)
		return PG_NEXT_WITHOUT_MMCONFIG;
	if (judged->policy->no_ari && uses_ari(judged->topology, walk))
		return PG_NEXT_WITHOUT_ARI;
	return PG_OK;
}

static enum pg_reason judge_registers(const struct pg_judged *judged, const struct pg_vf_walk *walk)
{
	const enum pg_reason reason = judge_next(judged, walk);

	return reason ? reason : (enum pg_reason)judged->topology->vfs.reasons[walk->number];
}

static bool is_above(const struct pg_topology *topology, uint16_t bridge, uint16_t function)
{
	while (function != PG_NONE && function != bridge)
		function = topology->functions[function].parent;
	return function == bridge;
}

/* True if a bridge has a bus from @first to @last in the next kernel, or may have it. */
static bool may_claim(const struct pg_step *step, uint32_t first, uint32_t last)
{
	const uint8_t subordinate = step->subordinate_certain ? step->subordinate : 0xff;

	while (step->secondary_certain && first <= last &&
	       !pg_numbers_claim(step->secondary, subordinate, (uint8_t)first))
		first++;
	return first <= last;
}

/* The bridge above the physical function, or the root bus, must forward up to bus @last. */
static enum pg_reason judge_range(const struct pg_judged *judged, const struct pg_vf_walk *walk,
				  uint8_t last)
{
	const struct pg_topology *topology = judged->topology;
	const struct pg_function *function = &topology->functions[walk->function];
	const struct pg_step *above;
	uint32_t root;

	if (function->parent == PG_NONE) {
		root = pg_root_of(topology, function);
		return root < topology->nr_roots && last <= topology->roots[root].last
			       ? PG_OK
			       : PG_BUS_UNREACHED;
	}
	above = &judged->plan->steps[function->parent];
	if (!above->subordinate_certain)
		return PG_UNVERIFIABLE;
	return last <= above->subordinate ? PG_OK : PG_BUS_UNREACHED;
}

/*
 * Virtual functions on other buses than that of the physical function have no bridge of their own.
 * In the next kernel, the bridges above the physical function, and no others, must claim these
 * buses. Otherwise the next kernel adds no virtual function, so also those count that are not
 * preserved.
 */
static void judge_buses(const struct pg_judged *judged, struct pg_vf_walk *walk)
{
	const struct pg_topology *topology = judged->topology;
	struct pg_bdf first, last;
	uint32_t i;

	if (walk->judged)
		return;
	walk->judged = true;
	walk->bus_reason = PG_OK;
	walk->bus_culprit = PG_NONE;
	if (!pg_vf_address(&walk->pf, walk->pf.number - 1u, &last) || last.bus == walk->pf.at.bus)
		return;
	pg_vf_address(&walk->pf, 0, &first);
	if (first.bus == walk->pf.at.bus)
		first.bus++;
	for (i = 0; i < topology->nr; i++) {
		const struct pg_function *bridge = &topology->functions[i];
		const struct pg_step *step = &judged->plan->steps[i];

		if (bridge->at.segment != walk->pf.at.segment || !pg_function_is_bridge(bridge) ||
		    !may_claim(step, first.bus, last.bus) ||
		    is_above(topology, (uint16_t)i, walk->function))
			continue;
		walk->bus_culprit = (uint16_t)i;
		walk->bus_reason = step->secondary_certain && step->subordinate_certain
					   ? PG_BUS_TAKEN
					   : PG_UNVERIFIABLE;
		return;
	}
	walk->bus_reason = (uint8_t)judge_range(judged, walk, last.bus);
	walk->bus_culprit = topology->functions[walk->function].parent;
}

enum pg_reason pg_judge_pf(const struct pg_judged *judged, struct pg_vf_walk *walk)
{
	const enum pg_reason reason = judge_registers(judged, walk);

	if (reason)
		return reason;
	judge_buses(judged, walk);
	return (enum pg_reason)walk->bus_reason;
}

/* The address by the registers as they are now. */
static struct pg_bdf address_now(const struct pg_judged *judged, const struct pg_vf_walk *walk,
				 uint32_t i)
{
	const struct pg_vf_difference *difference =
		pg_vf_difference_of(judged->topology, walk->function);
	struct pg_gate_pf pf = walk->pf;
	struct pg_bdf at;

	if (difference && difference->reg == PG_VF_OFFSET_STRIDE) {
		pf.first_offset = (uint16_t)difference->now;
		pf.stride = (uint16_t)(difference->now >> 16);
	}
	return pg_vf_address(&pf, pg_vf_index(&pf, i), &at) ? at : walk->pf.at;
}

void pg_judge_vf(const struct pg_judged *judged, struct pg_vf_walk *walk, uint32_t i,
		 struct pg_vf_judgement *judgement)
{
	const struct pg_topology_vfs *vfs = &judged->topology->vfs;
	const uint32_t bit = walk->first + i;
	const struct pg_judgement *pf;
	enum pg_reason reason;

	*judgement = (struct pg_vf_judgement){ .reason = PG_PF_ABSENT, .culprit = PG_NONE };
	pg_vf_address(&walk->pf, pg_vf_index(&walk->pf, i), &judgement->at);
	judgement->moved = judgement->at;
	if (walk->function == PG_NONE)
		return;
	pf = &judged->judgements[walk->function];
	reason = inherited(pf);
	if (reason) {
		judgement->culprit = reason == PG_PF_ABSENT || pf->culprit == PG_NONE
					     ? walk->function
					     : pf->culprit;
		judgement->lost = pf->lost;
	}
	if (!reason) {
		reason = judge_registers(judged, walk);
		if (reason == PG_VF_OFFSET_DIFFERS)
			judgement->moved = address_now(judged, walk, i);
	}
	if (!reason && vfs->absent[bit / 32] >> bit % 32 & 1)
		reason = PG_VF_ABSENT;
	if (!reason) {
		judge_buses(judged, walk);
		reason = (enum pg_reason)walk->bus_reason;
		judgement->culprit = reason ? walk->bus_culprit : PG_NONE;
	}
	judgement->reason = (uint8_t)reason;
}
