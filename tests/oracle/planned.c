// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * planned.c - record, scan and plan of a generated machine.
 */
#include "planned.h"

#include <stdio.h>
#include <string.h>

#include "../../lib/workspace.h"
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

/* The command line of a Live Update begins with these words. */
#define LIVE_UPDATE "kho=on liveupdate=on "

static void make_plan(struct planned *planned)
{
	pg_plan_make(&planned->topology, &planned->policy, &workspace.simulation, workspace.steps,
		     &planned->plan);
	planned->exhausted = planned->topology.everything && workspace.simulation.exhausted;
	planned->unknown = planned->topology.everything && workspace.simulation.incomplete;
}

static enum pg_reason scan_everything(const struct pg_config *config, struct planned *planned)
{
	struct pg_finding finding;
	enum pg_reason reason;

	reason = pg_scan(config, &planned->record,
			 PG_SCAN_EVERYTHING | pg_scan_flags(&planned->policy), workspace.functions,
			 PG_MAX_FUNCTIONS, &planned->topology, &finding);
	if (!reason) {
		pg_scan_vfs(config, &planned->record, workspace.functions, &planned->topology);
		pg_scan_details(config, &planned->record, workspace.functions, &planned->topology);
	}
	return reason;
}

/* The record of the preserved devices, before record_end(). */
static void begin_preserved(const struct machine *machine, struct pg_record *record,
			    struct pg_record_entry *entries)
{
	uint32_t i;

	record_begin(machine, record, entries);
	for (i = 0; i < machine->nr; i++) {
		if (machine->functions[i].preserved)
			record_device(machine, i, record, entries);
	}
}

void planned_incoming(struct machine *machine)
{
	struct pg_record record;
	uint32_t i;

	begin_preserved(machine, &record, workspace.entries);
	machine->has_incoming = true;
	machine->nr_incoming = record.nr;
	for (i = 0; i < record.nr; i++) {
		machine->incoming[i] =
			(uint16_t)(record.entries[i].at.bus << 8 | record.entries[i].at.devfn);
		machine->references[i] = record.entries[i].refcount;
	}
	machine->nr_pfs = record_pfs(&record, machine->pfs);
}

/* Leaves as preserved only what Live Update hands over. */
static void mark_preserved(const struct machine *machine, struct planned *planned)
{
	uint32_t i, k;

	planned->policy.keep_numbers = machine->has_incoming;
	for (i = 0; i < planned->record.nr; i++) {
		const struct pg_bdf at = workspace.entries[i].at;

		for (k = 0;
		     k < machine->nr_incoming && machine->incoming[k] != (at.bus << 8 | at.devfn);
		     k++)
			;
		workspace.entries[i].named_only = k == machine->nr_incoming;
	}
}

void planned_everything(struct machine *machine, const char *cmdline, struct planned *planned)
{
	const struct pg_config config = { .read = read_config, .window = window, .ctx = machine };
	const uint8_t record = machine->record;
	char line[256];
	uint32_t i;

	memset(planned, 0, sizeof(*planned));
	machine->record = MACHINE_RECORD_OWN;
	record_begin(machine, &planned->record, workspace.entries);
	pg_policy_parse(line, (size_t)snprintf(line, sizeof(line), LIVE_UPDATE "%s", cmdline),
			&planned->policy);
	for (i = 0; i < machine->nr; i++)
		record_device(machine, i, &planned->record, workspace.entries);
	record_end(&planned->record, workspace.entries);
	/* Without them in the record that is handed over, Linux disables virtual functions. */
	if (!machine->nr_pfs)
		planned->record.nr_pfs = 0;
	machine->record = record;
	mark_preserved(machine, planned);
	planned->reason = scan_everything(&config, planned);
	if (!planned->reason)
		make_plan(planned);
}

bool planned_gate(struct machine *machine, const char *cmdline, struct pg_gate *gate)
{
	const struct pg_config config = { .read = read_config, .window = window, .ctx = machine };
	static struct pg_record_entry entries[PG_MAX_RECORDED];
	struct pg_record record;
	char line[256];
	const struct pg_input input = {
		.source = { .read = pg_read_given, .ctx = &record },
		.config = &config,
		.cmdline = line,
		.cmdline_len = (size_t)snprintf(line, sizeof(line), LIVE_UPDATE "%s", cmdline),
	};

	begin_preserved(machine, &record, entries);
	if (!record.nr)
		return false;
	record_end(&record, entries);
	pg_gate_run(&input, &workspace, gate);
	/* The plan has overwritten the entries in the workspace. */
	gate->record.entries = entries;
	return true;
}
