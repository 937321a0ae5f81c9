// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * planned.c - record, scan and plan of a made-up machine.
 */
#include "planned.h"

#include <stdio.h>
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

/* Whoever boots the next kernel for a live update says so; what is tried out is the rest of the line. */
static void begin(const struct machine *machine, struct pg_record *record, const char *cmdline, struct pg_policy *policy)
{
	char line[256];
	const int length = snprintf(line, sizeof(line), "kho=on liveupdate=on %s", cmdline);

	memset(&workspace, 0, sizeof(workspace));
	record_begin(machine, record, workspace.entries);
	pg_policy_parse(line, (size_t)length, policy);
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

	memset(planned, 0, sizeof(*planned));
	begin(machine, &planned->record, cmdline, &planned->policy);
	for (i = 0; i < machine->nr; i++)
		record_device(machine, i, &planned->record, workspace.entries);
	record_end(&planned->record, workspace.entries);
	planned->reason = scan_everything(&config, planned);
	if (!planned->reason)
		make_plan(planned);
}

bool planned_gate(struct machine *machine, const char *cmdline, uint64_t seed, struct pg_gate *gate)
{
	const struct pg_config config = { .read = read_config, .window = window, .ctx = machine };
	uint32_t wanted = 1 + (uint32_t)(seed >> 60) % 3, tries;

	memset(gate, 0, sizeof(*gate));
	begin(machine, &gate->record, cmdline, &gate->policy);
	for (tries = 0; tries < 64 && wanted && machine->nr; tries++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		const uint32_t index = (uint32_t)(seed >> 33) % machine->nr;

		if (!machine_is_bridge(&machine->functions[index]) &&
		    record_device(machine, index, &gate->record, workspace.entries))
			wanted--;
	}
	if (!gate->record.nr)
		return false;
	record_end(&gate->record, workspace.entries);
	pg_gate_judge(&config, false, &workspace, gate);
	return true;
}
