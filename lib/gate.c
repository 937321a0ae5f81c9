// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate.c - the way through the house.
 */
#include <pcigate/gate.h>

/* A verdict without judgements: @reason is about the record or the scan as a whole. */
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

/* The bridges first, which is a small part of it all; the rest only where they do not decide, or if it is asked for. */
static enum pg_reason scan(const struct pg_config *config, bool everything, struct pg_workspace *workspace,
			   struct pg_gate *gate, struct pg_finding *finding)
{
	struct pg_topology *topology = &gate->topology;
	unsigned int flags = pg_scan_flags(&gate->policy) | (everything ? PG_SCAN_EVERYTHING : 0);
	uint64_t reads = 0;

	for (;;) {
		enum pg_reason reason = pg_scan(config, &gate->record, flags, workspace->functions,
						PG_MAX_FUNCTIONS, topology, finding);

		if (!reason) {
			pg_scan_identities(config, &gate->record, workspace->functions, topology);
			if (topology->everything)
				pg_scan_details(config, &gate->record, workspace->functions, topology);
		}
		topology->reads += reads;
		if (reason || topology->everything ||
		    (!topology->undecided && !pg_plan_needs_everything(topology, &gate->policy)))
			return reason;
		reads = topology->reads;
		flags |= PG_SCAN_EVERYTHING;
	}
}

void pg_gate_judge(const struct pg_config *config, bool everything, struct pg_workspace *workspace,
		   struct pg_gate *gate)
{
	struct pg_finding finding;
	const enum pg_reason reason = scan(config, everything, workspace, gate, &finding);

	if (reason) {
		refuse(gate, reason, &finding);
		return;
	}
	pg_plan_make(&gate->topology, &gate->policy, &workspace->simulation, workspace->steps, &gate->plan);
	pg_judge(&gate->record, &gate->topology, &gate->plan, &gate->policy, workspace->judgements, &gate->verdict);
}

bool pg_gate_is_off(const char *cmdline, size_t cmdline_len, struct pg_gate *gate)
{
	pg_policy_parse(cmdline, cmdline_len, &gate->policy);
	if (gate->policy.mode != PG_MODE_OFF)
		return false;
	gate->verdict = (struct pg_verdict){ .open = true, .by_policy = true };
	return true;
}

void pg_gate_decide(const struct pg_config *config, enum pg_reason reason, const struct pg_finding *finding,
		    struct pg_workspace *workspace, struct pg_gate *gate)
{
	if (reason)
		refuse(gate, reason, finding);
	else if (gate->record.state == PG_RECORD_DEVICES)
		pg_gate_judge(config, false, workspace, gate);
	else
		gate->verdict = (struct pg_verdict){ .open = true };
}

void pg_gate_run(const struct pg_input *input, struct pg_workspace *workspace, struct pg_gate *gate)
{
	struct pg_finding finding;
	enum pg_reason reason;

	memset(gate, 0, sizeof(*gate));
	if (pg_gate_is_off(input->cmdline, input->cmdline_len, gate))
		return;
	reason = pg_record_read(input->memory, input->setup_data_pa, &gate->record, workspace->entries,
				PG_MAX_RECORDED, &finding);
	if (!reason && gate->record.state == PG_RECORD_DEVICES)
		reason = pg_record_check_kept(input->memory, &gate->record, gate->policy.taken, gate->policy.nr_taken,
					      &finding);
	pg_gate_decide(input->config, reason, &finding, workspace, gate);
}
