// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * judge.c - step judge: compares the record with the topology and the plan.
 */
#include <pcigate/verdict.h>

static bool answered(const struct pg_function *function)
{
	return function->hw.presence == PG_PRESENT;
}

/* Judges the function by its registers, without its path. */
static enum pg_reason judge_presence(const struct pg_function *function)
{
	switch (function->hw.presence) {
	case PG_PRESENT:
		break;
	case PG_NOT_READY:
		return PG_DEVICE_NOT_READY;
	case PG_NO_WINDOW:
		return PG_SEGMENT_ABSENT;
	case PG_UNREADABLE:
		return PG_CONFIG_UNREADABLE;
	default:
		return PG_DEVICE_ABSENT;
	}
	/*
	 * Only a bridge has a refcount above 1, or a physical function with preserved virtual
	 * functions, so this function was a bridge when it was recorded.
	 */
	if (!pg_function_is_bridge(function) && !function->result.vfs_kept &&
	    function->rec.refcount > 1)
		return PG_DEVICE_DIFFERENT;
	if (function->result.different)
		return PG_DEVICE_DIFFERENT;
	if (function->result.rerouted)
		return PG_PATH_DIFFERS;
	if (function->result.ari_differs)
		return PG_ARI_DIFFERS;
	if (function->hw.vfs_enabled && !function->result.vfs_kept)
		return PG_VFS_ENABLED;
	/* The unread register may show enabled virtual functions. */
	if (function->hw.unread && !pg_function_is_bridge(function))
		return PG_CONFIG_UNREADABLE;
	return PG_OK;
}

/* Judges the next kernel's command line, without the hardware. */
static enum pg_reason judge_policy(const struct pg_topology *topology,
				   const struct pg_function *function,
				   const struct pg_policy *policy)
{
	const struct pg_function *above =
		function->parent == PG_NONE ? NULL : &topology->functions[function->parent];

	if (policy->pci_off)
		return PG_NEXT_WITHOUT_PCI;
	if (policy->acpi_off)
		return PG_NEXT_WITHOUT_ACPI;
	if (policy->kho_off)
		return PG_NEXT_WITHOUT_KHO;
	if (policy->liveupdate_off)
		return PG_NEXT_WITHOUT_LIVEUPDATE;
	if (policy->crash_kernel)
		return PG_NEXT_CRASH_KERNEL;
	if (policy->iommu_off && !function->rec.untranslated)
		return PG_NEXT_WITHOUT_IOMMU;
	if (policy->blacklist)
		return PG_NEXT_BLACKLIST;
	/* Without extended registers Linux disables ARI forwarding. */
	if (policy->no_mmconfig &&
	    (function->at.segment || (above && above->hw.ari_on && function->at.devfn > 7)))
		return PG_NEXT_WITHOUT_MMCONFIG;
	if (function->at.segment && policy->no_domains)
		return PG_NEXT_WITHOUT_DOMAINS;
	return PG_OK;
}

static void judge_one(const struct pg_topology *topology, const struct pg_function *function,
		      const struct pg_step *step, const struct pg_policy *policy,
		      struct pg_judgement *judgement)
{
	*judgement =
		(struct pg_judgement){ .reason = (uint8_t)judge_policy(topology, function, policy),
				       .culprit = PG_NONE };
	if (judgement->reason)
		return;
	if (step->reason) {
		judgement->reason = step->reason;
		judgement->culprit = step->culprit;
		judgement->lost = step->lost;
		return;
	}
	judgement->reason = (uint8_t)judge_presence(function);
	/* Name the port above: it controls power and link of the slot. */
	if (judgement->reason == PG_DEVICE_ABSENT)
		judgement->culprit = function->parent;
}

/*
 * Decides which entries are bridges: by pcigate's own record, or by the header of a function that
 * answers. Of the other entries, those with a refcount above 1 are bridges. The remaining files are
 * devices: the entries on the highest buses, because a device is below its bridges. There may be
 * more files than devices, so the copies count if there are any. Only the wording of the report
 * depends on this.
 */
static void mark_bridges(const struct pg_record *record, const struct pg_topology *topology,
			 struct pg_judgement *judgements)
{
	uint64_t files = record->copies.compared ? record->copies.compared : record->files;
	uint32_t i;

	for (i = 0; i < record->nr && record->own.present; i++)
		judgements[i].bridge = !topology->functions[i].rec.device;
	if (record->own.present && !record->own.partial)
		return;
	for (i = 0; i < record->nr; i++) {
		const struct pg_function *function = &topology->functions[i];

		if (function->rec.device)
			continue;
		judgements[i].bridge = answered(function) ? pg_function_is_bridge(function)
							  : function->rec.refcount > 1;
		if (answered(function) && !judgements[i].bridge && files)
			files--;
	}
	for (i = record->nr; i--;) {
		if (answered(&topology->functions[i]) || topology->functions[i].rec.device ||
		    judgements[i].bridge)
			continue;
		judgements[i].bridge = !files;
		if (files)
			files--;
	}
}

/* The number of preserved devices at a function: a physical function counts the virtual ones. */
static uint32_t devices_at(const struct pg_function *function)
{
	return function->result.vfs_kept ? function->rec.refcount : 1;
}

/*
 * Checks that every bridge above a device is in the record, with the number of devices below it.
 * @below counts the paths that hardware shows now. A function that does not answer may be below any
 * bridge, so each one extends the accepted range. The same holds for a function that was behind
 * other bridges when the record was made.
 */
static enum pg_reason check_bridges(const struct pg_record *record,
				    const struct pg_topology *topology,
				    struct pg_judgement *judgements, struct pg_finding *finding)
{
	uint32_t i, lost = 0;

	for (i = 0; i < topology->nr_recorded; i++) {
		const struct pg_function *function = &topology->functions[i];
		const uint32_t devices = pg_function_is_bridge(function) ? 0 : devices_at(function);
		uint16_t above;

		if (!answered(function) || function->result.rerouted) {
			lost += devices_at(function);
			continue;
		}
		for (above = function->parent; above != PG_NONE;
		     above = topology->functions[above].parent) {
			if (above < topology->nr_recorded) {
				judgements[above].below += devices;
			} else if (!record->own.present) {
				return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
						   "pci_dev_ser: no entry for the bridge",
						   topology->functions[above].at, 0);
			}
		}
	}
	for (i = 0; i < topology->nr_recorded; i++) {
		const struct pg_function *function = &topology->functions[i];
		const uint32_t below = judgements[i].below;

		if (pg_function_is_bridge(function) &&
		    (function->rec.refcount < below || function->rec.refcount > below + lost))
			return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
						     "pci_dev_ser.refcount", function->rec.refcount,
						     below, "are below", 0);
	}
	return PG_OK;
}

static void count_device(struct pg_verdict *verdict, enum pg_reason reason, bool lost)
{
	verdict->devices++;
	verdict->lost += lost;
	if (!reason)
		verdict->keep++;
	else if (pg_reason_is_move(reason))
		verdict->move++;
	else
		verdict->unverified++;
}

/*
 * A physical function that is preserved itself, with none of its virtual functions, must not lose
 * these: its user has enabled them.
 */
static void judge_pfs(const struct pg_record *record, const struct pg_judged *judged,
		      struct pg_judgement *judgements)
{
	struct pg_vf_walk walk;

	pg_vf_walk_begin(&walk);
	while (record->nr_pfs && pg_vf_walk_next(&walk, record, judged->topology)) {
		if (walk.function != PG_NONE && !walk.pf.nr && !judgements[walk.function].reason)
			judgements[walk.function].reason = (uint8_t)pg_judge_pf(judged, &walk);
	}
}

static void count_vfs(const struct pg_record *record, const struct pg_judged *judged,
		      struct pg_verdict *verdict)
{
	struct pg_vf_judgement judgement;
	struct pg_vf_walk walk;
	uint32_t i;

	pg_vf_walk_begin(&walk);
	while (record->nr_pfs && pg_vf_walk_next(&walk, record, judged->topology)) {
		for (i = 0; i < walk.pf.nr; i++) {
			pg_judge_vf(judged, &walk, i, &judgement);
			count_device(verdict, (enum pg_reason)judgement.reason, judgement.lost);
			if (!verdict->vf_reason)
				verdict->vf_reason = (enum pg_reason)judgement.reason;
		}
	}
	verdict->vfs = record->nr_vfs;
}

static void count(struct pg_verdict *verdict)
{
	uint32_t i;

	for (i = 0; i < verdict->nr; i++) {
		const struct pg_judgement *judgement = &verdict->judgements[i];

		if (judgement->bridge) {
			verdict->bridges++;
			verdict->bridges_bad += judgement->reason != PG_OK;
			continue;
		}
		count_device(verdict, (enum pg_reason)judgement->reason, judgement->lost);
	}
}

void pg_judge(const struct pg_record *record, const struct pg_topology *topology,
	      const struct pg_plan *plan, const struct pg_policy *policy,
	      struct pg_judgement *judgements, struct pg_verdict *verdict)
{
	const struct pg_judged judged = { topology, plan, policy, judgements };
	bool sound;
	uint32_t i;

	*verdict = (struct pg_verdict){ .nr = record->nr, .judgements = judgements };
	for (i = 0; i < record->nr; i++)
		judge_one(topology, &topology->functions[i], &plan->steps[i], policy,
			  &judgements[i]);
	judge_pfs(record, &judged, judgements);
	mark_bridges(record, topology, judgements);
	verdict->record = check_bridges(record, topology, judgements, &verdict->finding);
	count(verdict);
	count_vfs(record, &judged, verdict);
	/*
	 * A machine that has changed contradicts the record. Report the verdicts on the devices
	 * then, not the contradiction.
	 */
	if (policy->booted && verdict->record == PG_RECORD_INCONSISTENT &&
	    (verdict->move || verdict->unverified || verdict->bridges_bad))
		verdict->record = PG_OK;

	sound = !verdict->record && !verdict->move && !verdict->unverified && !verdict->bridges_bad;
	verdict->open = sound || policy->mode != PG_MODE_ENFORCE;
	verdict->by_policy = !sound && verdict->open;
}
