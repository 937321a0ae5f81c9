// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * planned.c - record, scan and plan of a made-up machine.
 */
#include "planned.h"

#include <string.h>

#include "record.h"

#define SEGMENT 0

static struct pg_workspace workspace;
static enum pg_access read_config(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	*value = 0xffffffff;
	if (at.segment != SEGMENT)
		return PG_ACCESS_NO_WINDOW;
	*value = machine_read(ctx, at.bus, at.devfn, reg, 4);
	return *value == 0xffffffff ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

static bool window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	(void)ctx;
	*first = 0;
	*last = 0xff;
	return segment == SEGMENT;
}

static void begin(struct planned *planned, const char *cmdline)
{
	memset(planned, 0, sizeof(*planned));
	memset(&workspace, 0, sizeof(workspace));
	record_begin(&planned->record, workspace.entries);
	pg_policy_parse(cmdline, strlen(cmdline), &planned->policy);
}

static void make_plan(struct planned *planned)
{
	pg_plan_make(&planned->topology, &planned->policy, &workspace.simulation, workspace.steps, &planned->plan);
	planned->exhausted = planned->topology.everything && workspace.simulation.exhausted;
	planned->unknown = planned->topology.everything && workspace.simulation.unknown;
}

static enum pg_reason scan_everything(const struct pg_config *config, struct planned *planned)
{
	struct pg_finding finding;
	enum pg_reason reason;

	reason = pg_scan(config, &planned->record, PG_SCAN_EVERYTHING | pg_scan_flags(&planned->policy), workspace.functions,
			 PG_MAX_FUNCTIONS, &planned->topology, &finding);
	if (!reason)
		pg_scan_details(config, &planned->record, workspace.functions, &planned->topology);
	return reason;
}

void planned_everything(struct machine *machine, const char *cmdline, struct planned *planned)
{
	const struct pg_config config = { .read = read_config, .window = window, .ctx = machine };
	uint32_t i;

	begin(planned, cmdline);
	for (i = 0; i < machine->nr; i++)
		record_device(machine, i, &planned->record, workspace.entries);
	record_end(machine, &planned->record, workspace.entries);
	planned->reason = scan_everything(&config, planned);
	if (!planned->reason)
		make_plan(planned);
}

bool planned_gate(struct machine *machine, const char *cmdline, uint64_t seed, struct planned *planned)
{
	const struct pg_config config = { .read = read_config, .window = window, .ctx = machine };
	uint32_t wanted = 1 + (uint32_t)(seed >> 60) % 3, tries;
	struct pg_finding finding;
	uint64_t reads;

	begin(planned, cmdline);
	for (tries = 0; tries < 64 && wanted && machine->nr; tries++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		const uint32_t index = (uint32_t)(seed >> 33) % machine->nr;

		if (!machine_is_bridge(&machine->functions[index]) && 
		    record_device(machine, index, &planned->record, workspace.entries))
			wanted--;
	}
	if (!planned->record.nr)
		return false;
	record_end(machine, &planned->record, workspace.entries);
	planned->reason = pg_scan(&config, &planned->record, pg_scan_flags(&planned->policy), workspace.functions, PG_MAX_FUNCTIONS,
				  &planned->topology, &finding);
	if (!planned->reason && pg_plan_needs_everything(&planned->topology, &planned->policy)) {
		reads = planned->topology.reads;
		planned->reason = scan_everything(&config, planned);
		planned->topology.reads += reads;
	}
	if (!planned->reason)
		make_plan(planned);
	return true;
}
