// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate.c - the pipeline.
 */
#include <pcigate/brief.h>

#include "workspace.h"

/* Sets a verdict without judgements: @reason concerns the record or the scan as a whole. */
static void refuse(struct pg_gate *gate, enum pg_reason reason, const struct pg_finding *finding)
{
	const bool open = gate->policy.mode != PG_MODE_ENFORCE;

	gate->verdict = (struct pg_verdict){
		.open = open,
		.by_policy = open,
		.record = reason,
		.finding = *finding,
	};
}

/*
 * Scans as briefly as the record allows. If anything is not as recorded, scans the bridges, which
 * takes few reads. Scans everything if the bridges do not decide, or if @everything is set.
 */
static enum pg_reason scan(const struct pg_config *config, bool everything,
			   struct pg_workspace *workspace, struct pg_gate *gate,
			   struct pg_finding *finding)
{
	struct pg_topology *topology = &gate->topology;
	unsigned int flags = pg_scan_flags(&gate->policy) | (everything ? PG_SCAN_EVERYTHING : 0);
	uint64_t reads = 0;

	/* At a firmware boot, nobody waits for the scan, and cards may have been replaced. */
	if (!gate->policy.booted && pg_scan_may_be_brief(&gate->record, flags))
		flags |= PG_SCAN_BRIEF;
	for (;;) {
		enum pg_reason reason = pg_scan(config, &gate->record, flags, workspace->functions,
						PG_MAX_FUNCTIONS, topology, finding);
		bool decided;

		if (!reason) {
			pg_scan_identities(config, &gate->record, workspace->functions, topology);
			pg_scan_vfs(config, &gate->record, workspace->functions, topology);
			if (topology->everything)
				pg_scan_details(config, &gate->record, workspace->functions,
						topology);
		}
		topology->reads += reads;
		decided = reason || topology->everything ||
			  (!topology->undecided &&
			   !pg_plan_needs_everything(topology, &gate->policy));
		if (!topology->brief && decided)
			return reason;
		if (topology->brief && decided && !reason && pg_scan_is_as_recorded(topology))
			return PG_OK;
		reads = topology->reads;
		flags = topology->brief ? flags & ~PG_SCAN_BRIEF : flags | PG_SCAN_EVERYTHING;
	}
}

static void judge(const struct pg_input *input, struct pg_workspace *workspace,
		  struct pg_gate *gate)
{
	struct pg_finding finding;
	const enum pg_reason reason =
		scan(input->config, input->everything, workspace, gate, &finding);

	if (input->clock)
		gate->scanned = input->clock();
	if (reason) {
		refuse(gate, reason, &finding);
		return;
	}
	pg_plan_make(&gate->topology, &gate->policy, &workspace->simulation, workspace->steps,
		     &gate->plan);
	pg_judge(&gate->record, &gate->topology, &gate->plan, &gate->policy, workspace->judgements,
		 &gate->verdict);
}

enum pg_reason pg_read_handover(void *ctx, const struct pg_policy *policy, struct pg_record *record,
				struct pg_record_entry *entries, struct pg_finding *finding)
{
	const struct pg_handover *handover = ctx;
	enum pg_reason reason;

	reason = pg_record_read(handover->memory, handover->setup_data_pa, record, entries,
				PG_MAX_RECORDED, finding);
	if (!reason && record->state == PG_RECORD_DEVICES)
		reason = pg_record_check_kept(handover->memory, record, policy->taken,
					      policy->nr_taken, finding);
	return reason;
}

static void decide(const struct pg_input *input, struct pg_workspace *workspace,
		   struct pg_gate *gate)
{
	struct pg_finding finding;
	enum pg_reason reason;

	reason = input->source.read(input->source.ctx, &gate->policy, &gate->record,
				    workspace->entries, &finding);
	if (input->clock)
		gate->recorded = gate->scanned = input->clock();
	if (!reason)
		pg_policy_keep_numbers(&gate->policy, &gate->record);
	if (!reason && gate->record.without_liveupdate)
		pg_policy_without_liveupdate(&gate->policy);
	else if (!reason && input->next && gate->record.state == PG_RECORD_DEVICES)
		reason = pg_next_kernel_check(input->next, &gate->record, &finding);
	if (reason)
		refuse(gate, reason, &finding);
	else if (gate->record.state == PG_RECORD_DEVICES)
		judge(input, workspace, gate);
	else
		gate->verdict = (struct pg_verdict){ .open = true };
}

void pg_gate_run(const struct pg_input *input, struct pg_workspace *workspace, struct pg_gate *gate)
{
	pg_record_clear(&gate->record);
	pg_topology_clear(&gate->topology);
	gate->plan = (struct pg_plan){ .nr = 0 };
	gate->recorded = gate->scanned = 0;
	if (input->clock)
		gate->recorded = gate->scanned = input->clock();
	if (input->policy)
		gate->policy = *input->policy;
	else
		pg_next_kernel_policy(input->next, input->cmdline, input->cmdline_len,
				      workspace->line, &gate->policy);
	if (input->booted)
		pg_policy_booted(&gate->policy);
	if (gate->policy.mode == PG_MODE_OFF && !input->despite_off)
		gate->verdict = (struct pg_verdict){ .open = true, .by_policy = true };
	else
		decide(input, workspace, gate);
	if (input->printer)
		pg_report(input->printer, gate);
}
