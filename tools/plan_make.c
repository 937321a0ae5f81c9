// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan_make.c - makes the plan for a whole machine.
 *
 * lib/ scans and plans for the functions of a record. So there are two records here: one of all
 * functions that answer, which is drawn, and one of the preserved devices, which the pipeline
 * judges.
 */
#include "plan.h"

#include "../lib/workspace.h"
#include <stdlib.h>

static struct pg_workspace whole;

static enum pg_reason record_everything(struct machine_plan *plan)
{
	const struct machine *machine = &plan->machine;

	if (machine->nr > PG_MAX_RECORDED)
		return pg_note_count(&plan->finding, PG_WORKSPACE_FULL,
				     "functions and bridges: more than", PG_MAX_RECORDED, 0);
	if (machine->nr_roots > PG_MAX_ROOTS)
		return pg_note_count(&plan->finding, PG_WORKSPACE_FULL, "root buses: more than",
				     PG_MAX_ROOTS, 0);
	for (uint32_t i = 0; i < machine->nr; i++)
		whole.entries[i] = (struct pg_record_entry){ .at = machine->functions[i].at,
							     .refcount = 1,
							     .named_only = true };
	plan->record = (struct pg_record){
		.state = PG_RECORD_DEVICES,
		.pci_version = 2,
		.nr = machine->nr,
		.entries = whole.entries,
		.nr_roots = machine->nr_roots,
		/* It has the number of buses that virtual functions reach to. */
		.own = plan->session.gate.record.own,
		.nr_pfs = plan->session.gate.record.nr_pfs,
		.nr_vfs = plan->session.gate.record.nr_vfs,
	};
	memcpy(plan->record.pfs, plan->session.gate.record.pfs, sizeof(plan->record.pfs));
	memcpy(plan->record.roots, machine->roots, machine->nr_roots * sizeof(*machine->roots));
	return PG_OK;
}

void plan_scan(struct machine_plan *plan)
{
	const char *cmdline = plan->session.cmdline;
	const struct capture *capture = plan->session.capture;
	const struct pg_config *config = &plan->machine.config;

	pg_next_kernel_policy(capture && capture->knows_next ? &capture->next : NULL, cmdline,
			      cmdline ? strlen(cmdline) : 0, whole.line, &plan->policy);
	plan->finding = (struct pg_finding){ .reason = PG_OK };
	plan->topology = (struct pg_topology){ .nr = 0 };
	plan->reason = record_everything(plan);
	if (!plan->reason)
		plan->reason = pg_scan(
			config, &plan->record, pg_scan_flags(&plan->policy) | PG_SCAN_EVERYTHING,
			whole.functions, PG_MAX_FUNCTIONS, &plan->topology, &plan->finding);
	if (plan->reason)
		return;
	pg_scan_vfs(config, &plan->record, whole.functions, &plan->topology);
	pg_scan_details(config, &plan->record, whole.functions, &plan->topology);
}

/* Marks what the next kernel takes for preserved, on which the bus numbers depend. */
static void mark_preserved(struct machine_plan *plan)
{
	const struct pg_topology *judged = &plan->session.gate.topology;

	if (!plan->judged || !plan->session.gate.verdict.nr)
		return;
	plan->policy.keep_numbers = plan->session.gate.policy.keep_numbers;
	for (uint32_t i = 0; i < plan->topology.nr_recorded; i++) {
		const uint16_t recorded = pg_find_recorded(judged, whole.functions[i].at);

		whole.functions[i].result.preserved =
			recorded != PG_NONE && judged->functions[recorded].result.preserved;
	}
}

void plan_finish(struct machine_plan *plan)
{
	if (plan->reason)
		return;
	mark_preserved(plan);
	pg_plan_make(&plan->topology, &plan->policy, &whole.simulation, whole.steps, &plan->plan);
	for (uint32_t i = 0; i < plan->topology.nr; i++)
		plan->counts[plan_future(plan, i)]++;
}

enum future plan_future(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_function *function = &plan->topology.functions[index];
	const struct pg_step *step = &plan->plan.steps[index];

	if (function->hw.presence != PG_PRESENT)
		return FUTURE_ABSENT;
	if (step->reason == PG_BUS_EXHAUSTED)
		return FUTURE_UNKNOWN;
	if (!step->found)
		return FUTURE_LOST;
	if (!step->certain)
		return FUTURE_UNKNOWN;
	if (step->bus != function->at.bus)
		return FUTURE_MOVES;
	return step->reason ? FUTURE_UNSAFE : FUTURE_KEEPS;
}

const char *future_text(enum future future)
{
	static const char *const texts[FUTURE_COUNT] = {
		[FUTURE_KEEPS] = "keeps", [FUTURE_UNSAFE] = "unsafe",	[FUTURE_MOVES] = "moves",
		[FUTURE_LOST] = "lost",	  [FUTURE_UNKNOWN] = "unknown", [FUTURE_ABSENT] = "absent",
	};

	return texts[future];
}

void plan_buses(const struct machine_plan *plan, uint32_t index, int buses[2])
{
	const struct pg_step *step = &plan->plan.steps[index];
	const enum future future = plan_future(plan, index);
	const bool known =
		future == FUTURE_KEEPS || future == FUTURE_UNSAFE || future == FUTURE_MOVES;

	buses[0] = known && step->secondary_certain ? step->secondary : NUMBER_UNKNOWN;
	buses[1] = known && step->subordinate_certain ? step->subordinate : NUMBER_UNKNOWN;
}

bool plan_renumbers(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_function *function = &plan->topology.functions[index];
	int buses[2];

	if (!pg_function_is_bridge(function))
		return false;
	plan_buses(plan, index, buses);
	return buses[0] != function->hw.secondary || buses[1] != function->hw.subordinate;
}

static void put_number(int number, char text[3])
{
	if (number == NUMBER_UNKNOWN)
		snprintf(text, 3, "?");
	else
		snprintf(text, 3, "%02x", (unsigned int)number & 0xff);
}

const char *buses_text(const int buses[2], char text[BUSES_TEXT])
{
	char first[3], last[3];

	put_number(buses[0], first);
	put_number(buses[1], last);
	if (!buses[0] && !buses[1])
		snprintf(text, BUSES_TEXT, "none");
	else if (buses[0] == buses[1])
		snprintf(text, BUSES_TEXT, "%s", first);
	else
		snprintf(text, BUSES_TEXT, "%s-%s", first, last);
	return text;
}

enum pg_reason plan_cause(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_function *function = &plan->topology.functions[index];
	enum pg_reason fate = PG_OK;

	if (pg_function_is_bridge(function)) {
		fate = pg_bridge_fault(function, &plan->policy);
		if (!fate && function->result.culprit != PG_NONE)
			fate = PG_BUS_OVERLAP;
	}
	return fate;
}

const struct pg_judgement *plan_judgement(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_gate *gate = &plan->session.gate;
	uint16_t recorded;

	/* Without judgements the record itself was rejected. */
	if (!plan->judged || !gate->verdict.nr)
		return NULL;
	recorded = pg_find_recorded(&gate->topology, plan->topology.functions[index].at);
	return recorded == PG_NONE ? NULL : &gate->verdict.judgements[recorded];
}

bool plan_disagrees(const struct machine_plan *plan, uint32_t index)
{
	const struct pg_judgement *judgement = plan->reason ? NULL : plan_judgement(plan, index);

	return judgement && !judgement->reason && plan_future(plan, index) != FUTURE_KEEPS;
}

struct pg_bdf plan_address(const struct machine_plan *plan, uint32_t index)
{
	struct pg_bdf at = plan->topology.functions[index].at;

	at.bus = plan->plan.steps[index].bus;
	return at;
}

/*
 * Adds a function to the record of preserved devices, which is kept sorted, or counts one more
 * device below it.
 */
static void record_one(struct pg_record_entry *entries, uint32_t *nr, struct pg_bdf at)
{
	uint32_t place = 0;

	while (place < *nr && pg_bdf_key(entries[place].at) < pg_bdf_key(at))
		place++;
	if (place == *nr || !pg_bdf_equal(entries[place].at, at)) {
		memmove(&entries[place + 1], &entries[place], (*nr - place) * sizeof(*entries));
		entries[place] = (struct pg_record_entry){ .at = at };
		(*nr)++;
	}
	entries[place].refcount++;
}

/* Returns the index of the function, or a negative exit status. */
static int find_preserved(const struct machine_plan *plan, struct pg_bdf at)
{
	const struct machine *machine = &plan->machine;
	const struct machine_function *function = machine_find(machine->functions, machine->nr, at);
	char text[BDF_TEXT];

	bdf_text(at, text);
	if (machine_find(machine->silent, machine->nr_silent, at))
		return -complain("--preserve: %s reads as all ones: it is a virtual function, or "
				 "it does not respond",
				 text);
	if (!function)
		return -complain("--preserve: there is no function %s", text);
	if (pg_function_is_bridge(&plan->topology.functions[function - machine->functions]))
		return -complain(
			"--preserve: %s is a bridge: it is preserved with the devices below it",
			text);
	return (int)(function - machine->functions);
}

int plan_preserve(struct machine_plan *plan, const struct pg_bdf *devices, uint32_t nr_devices)
{
	struct pg_record_entry *entries = calloc(PG_MAX_RECORDED, sizeof(*entries));
	bool *named = calloc(PG_MAX_FUNCTIONS, sizeof(*named));
	uint32_t nr = 0;
	int status = 0;

	if (!entries || !named)
		status = complain("out of memory");
	for (uint32_t i = 0; !status && i < nr_devices; i++) {
		int index = find_preserved(plan, devices[i]);

		if (index < 0) {
			status = -index;
			break;
		}
		if (named[index])
			continue;
		named[index] = true;
		/*
		 * The record can hold all functions of the machine, so all that are added here fit.
		 */
		for (uint16_t up = (uint16_t)index; up != PG_NONE;
		     up = plan->topology.functions[up].parent)
			record_one(entries, &nr, plan->topology.functions[up].at);
	}
	if (!status) {
		struct pg_record record = {
			.state = PG_RECORD_DEVICES,
			.pci_version = 2,
			.nr = nr,
			.entries = entries,
			.nr_roots = plan->machine.nr_roots,
		};

		memcpy(record.roots, plan->machine.roots,
		       record.nr_roots * sizeof(record.roots[0]));
		session_judge(&plan->session, &plan->machine.config, &record);
		plan->judged = true;
	}
	free(entries);
	free(named);
	return status;
}
