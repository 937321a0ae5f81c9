// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * compare.c - compares the plan with Linux.
 */
#include "compare.h"

#include <inttypes.h>
#include <string.h>

#include "compare_vfs.h"
#include "planned.h"
#include "record.h"
#include "results.h"
#include "sums.h"
#include "text.h"

#define NOWHERE 0xffffu

static struct machine machine;
static struct machine after;
static struct linux_result result;
static uint16_t future[MACHINE_MAX_FUNCTIONS];
static uint16_t future_above[MACHINE_MAX_FUNCTIONS];
/* Whether a disagreement was found, and whether to print it. */
static bool found_wrong;
static bool quiet;

static void note_future(const struct linux_find *find)
{
	future[find->function] = find->bus;
	future_above[find->function] =
		find->up == FIND_NONE ? MACHINE_NONE : result.finds[find->up].function;
}

/*
 * Finds the place of each function after Linux's scan: a place where Linux found it, and where
 * requests with these bus numbers reach it.
 */
static void find_future(void)
{
	uint32_t i;

	machine_copy(&after, &machine);
	for (i = 0; i < machine.nr; i++) {
		future[i] = NOWHERE;
		if (result.has_buses[i])
			machine_set_buses(&after.functions[i], result.buses[i]);
	}
	for (i = 0; i < result.nr_finds; i++) {
		const struct linux_find *find = &result.finds[i];

		if (find->function < machine.nr &&
		    machine_find_bus(&after, find->bus) ==
			    machine_bus_of(&machine.functions[find->function]))
			note_future(find);
	}
}

static bool cards_came(void)
{
	uint32_t i;

	for (i = 0; i < machine.nr; i++) {
		if (machine.functions[i].added)
			return true;
	}
	return false;
}

/*
 * Whether a function behind a bridge that lost its numbers is neither as recorded nor gone, while
 * not all functions there are reset. No config read can show this; the pipeline uses the record.
 */
static bool unseen_differs(void)
{
	bool kept = false, reset = false;
	uint32_t i;

	for (i = 0; i < machine.nr; i++) {
		const struct machine_function *function = &machine.functions[i];
		struct pg_bdf at;

		if (function->gone || record_address_of(&machine, i, &at))
			continue;
		if (function->added || (function->was && machine_buses(function)))
			return true;
		kept |= machine_is_bridge(function) && !function->was;
		reset |= function->was;
	}
	return kept && reset;
}

/* Notes a disagreement. Returns true if it is to be printed. */
static bool say(uint32_t index, const char *what)
{
	found_wrong = true;
	if (quiet)
		return false;
	printf("%s: ", machine.name);
	if (index != MACHINE_NONE)
		topo_print_path(stdout, &machine, index);
	printf(" %s", what);
	return true;
}

static void print_bus(uint16_t bus)
{
	if (bus == NOWHERE)
		printf("nowhere");
	else
		printf("on bus %02x", bus);
}

/*
 * Whether the plan is certain of a bridge's numbers. It is if nothing on the path is unknown, or if
 * a function below the bridge has a certain place. In the second case the subordinate number may
 * still be uncertain.
 */
static bool numbers_certain(const struct planned *planned, uint32_t index)
{
	uint32_t i;

	for (i = 0; planned->unknown && i < planned->plan.nr; i++) {
		const struct pg_bdf at = planned->topology.functions[i].at;
		const uint32_t there = machine_find(&machine, at.bus, at.devfn);

		if (planned->plan.steps[i].found && planned->plan.steps[i].certain &&
		    there != MACHINE_NONE && machine.functions[there].parent == index)
			return true;
	}
	return !planned->unknown;
}

/* Returns the machine's index of a function of the topology. */
static uint32_t index_of(const struct planned *planned, uint16_t which)
{
	const struct pg_bdf at = planned->topology.functions[which].at;

	return machine_find(&machine, at.bus, at.devfn);
}

static void compare_step(const struct planned *planned, uint32_t which, struct sums *sums)
{
	const struct pg_function *function = &planned->topology.functions[which];
	const struct pg_step *step = &planned->plan.steps[which];
	const uint32_t index = machine_find(&machine, function->at.bus, function->at.devfn);
	const uint16_t bus = step->found ? step->bus : NOWHERE;
	uint32_t buses;

	if (index == MACHINE_NONE)
		return;
	sums->steps++;
	/* If something is unknown, a function that is not found is uncertain, too. */
	if (step->found ? !step->certain : planned->unknown) {
		sums->uncertain++;
		return;
	}
	if (step->found && bus == future[index] &&
	    (step->above == PG_NONE ? MACHINE_NONE : index_of(planned, step->above)) !=
		    future_above[index])
		say(index, "plan: another bridge above than Linux has\n");
	if (bus != future[index] && say(index, "plan: ")) {
		print_bus(bus);
		printf(", Linux: ");
		print_bus(future[index]);
		putchar('\n');
	}
	/* A bridge whose header type has changed is no bridge to Linux and to the plan. */
	if (!machine_is_bridge(&machine.functions[index]) || !pg_function_is_bridge(function) ||
	    bus == NOWHERE || !numbers_certain(planned, index))
		return;
	buses = result.buses[index] >> 8;
	if ((buses & 0xff) == step->secondary &&
	    (planned->unknown || buses >> 8 == step->subordinate))
		return;
	if (say(index, "plan: "))
		printf("[%02x-%02x], Linux: [%02x-%02x]\n", step->secondary, step->subordinate,
		       buses & 0xff, buses >> 8);
}

/* Compares the plan for all functions. Its record has all that can be recorded. */
static void compare_plan(const char *cmdline, struct sums *sums)
{
	static struct planned planned;
	uint32_t i;

	planned_everything(&machine, cmdline, &planned);
	if (!planned.record.nr)
		return;
	if (planned.reason) {
		if (say(MACHINE_NONE, "no plan: "))
			printf("%s\n", pg_reason_code(planned.reason));
		return;
	}
	if (planned.exhausted) {
		sums->given_up++;
		sums->needless += result.status == LINUX_OK;
		return;
	}
	if (result.status != LINUX_OK) {
		/* Linux's scan may fail because of hidden devices, which the plan does not know. */
		if (!planned.unknown &&
		    say(MACHINE_NONE, "the plan says that the next kernel's scan does not end: "))
			printf("%s\n", result.status == LINUX_CRASH ? "crash" : "endless");
		return;
	}
	for (i = 0; i < planned.plan.nr; i++) {
		if (planned.topology.functions[i].hw.presence == PG_PRESENT)
			compare_step(&planned, i, sums);
	}
}

/* Whether Linux found the function at its old address, below the same bridges. */
static bool in_place(const struct linux_find *find)
{
	for (;;) {
		const uint16_t parent = machine.functions[find->function].parent;

		if (find->bus != record_bus(find->function))
			return false;
		if (find->up == FIND_NONE)
			return parent == MACHINE_NONE;
		find = &result.finds[find->up];
		if (find->function != parent)
			return false;
	}
}

/* The only find of a function; NULL if there is none or more than one. */
static const struct linux_find *find_of(uint32_t index)
{
	const struct linux_find *found = NULL;
	uint32_t i;

	for (i = 0; i < result.nr_finds; i++) {
		if (result.finds[i].function != index)
			continue;
		if (found)
			return NULL;
		found = &result.finds[i];
	}
	return found;
}

/* Whether the function keeps its place, and no bridge above it had other numbers in between. */
static bool kept(uint32_t index, uint8_t bus)
{
	const struct linux_find *find;

	if (result.status != LINUX_OK || future[index] != bus)
		return false;
	find = find_of(index);
	if (!find || !in_place(find))
		return false;
	for (index = machine.functions[index].parent; index != MACHINE_NONE;
	     index = machine.functions[index].parent) {
		if (result.changed[index])
			return false;
	}
	return true;
}

/* Prints the bridges that Linux has above a function, the root bus first. */
static void print_place(const struct linux_find *find)
{
	if (find->up == FIND_NONE) {
		printf("root bus %02x", find->bus);
		return;
	}
	print_place(&result.finds[find->up]);
	printf(", %02x:%02x.%x", result.finds[find->up].bus, result.finds[find->up].devfn >> 3,
	       result.finds[find->up].devfn & 7);
}

/* Checks the verdict of the whole pipeline on the preserved devices. */
static void compare_gate(const char *cmdline, struct sums *sums)
{
	static struct pg_gate gate;
	uint32_t i, n;

	machine.reads = 0;
	if (!planned_gate(&machine, cmdline, &gate))
		return;
	sums->reads += machine.reads;
	sums->linux_reads += result.reads;
	if (result.status == LINUX_OK)
		printf("ratio %" PRIu64 "\n", machine.reads * 1000 / result.reads);
	for (i = 0; i < gate.record.nr; i++) {
		const struct pg_bdf at = gate.record.entries[i].at;
		const uint32_t index = record_find(at);
		/* A fault of the whole record or scan stops for all devices. */
		const uint8_t reason = gate.verdict.record ? (uint8_t)gate.verdict.record
							   : gate.verdict.judgements[i].reason;
		const bool stays = kept(index, at.bus);

		/*
		 * No data distinguishes two bridges at the same address. So of bridges only open
		 * verdicts are checked.
		 */
		if (machine_is_bridge(&machine.functions[index]) && !gate.verdict.open)
			continue;

		if (!reason) {
			sums->opens++;
			if (result.status != LINUX_OK) {
				sums->into_failure++;
			} else if (!stays && say(index, "the verdict is open, but the device "
							"does not keep its place: Linux:")) {
				for (n = 0; n < result.nr_finds; n++) {
					if (result.finds[n].function != index)
						continue;
					printf(" %02x:%02x.%x below ", result.finds[n].bus,
					       result.finds[n].devfn >> 3,
					       result.finds[n].devfn & 7);
					print_place(&result.finds[n]);
				}
				putchar('\n');
			}
		} else if (machine.record == MACHINE_RECORD_OWN) {
			sums->stops++;
			sums->too_careful += stays;
			sums->careful_reasons[reason] += stays;
		} else {
			sums->partial_stops++;
			sums->partial_careful += stays;
		}
	}
	compare_vfs(&(struct vf_comparison){ &result, &gate, kept, say }, sums);
}

/* Whether @compare_it finds a disagreement. Those that are counted separately are not printed. */
static bool is_wrong(void (*compare_it)(const char *cmdline, struct sums *sums),
		     const char *cmdline, struct sums *sums, bool apart)
{
	found_wrong = false;
	quiet = apart;
	compare_it(cmdline, sums);
	return found_wrong;
}

/* Compares the machine. Returns true for a disagreement that is not counted separately. */
static bool disagrees(const char *cmdline, struct sums *sums)
{
	const bool unseen = unseen_differs();
	const bool came = cards_came();
	const bool unknown_roots =
		machine.record == MACHINE_RECORD_UPSTREAM && machine.nr_roots > 1;
	const bool plan = is_wrong(compare_plan, cmdline, sums, unseen || came);
	const bool gate = is_wrong(compare_gate, cmdline, sums, unseen || unknown_roots);

	if (unseen) {
		sums->unseen += plan || gate;
		sums->unseen_open += gate;
		return false;
	}
	sums->stale += plan && came;
	sums->unknown_roots += gate && unknown_roots;
	return (plan && !came) || (gate && !unknown_roots);
}

int compare(const char *topologies, const char *results, const char *cmdline, const char *names)
{
	struct text_file file = text_file_read(topologies);
	FILE *in = fopen(results, "r"), *out = fopen(names, "w");
	struct sums sums = { 0 };
	uint32_t i;

	if (!in || !out) {
		perror(in ? names : results);
		return 2;
	}
	while (text_file_next(&file, &machine)) {
		if (!results_read(in, &result) ||
		    (result.name[0] != '#' && strcmp(result.name, machine.name))) {
			fprintf(stderr, "oracle: %s has no result for %s\n", results, machine.name);
			return 2;
		}
		sums.topologies++;
		sums.failed += result.status != LINUX_OK;
		for (i = 0; i < machine.nr; i++)
			sums.bridges += machine_is_bridge(&machine.functions[i]);
		find_future();
		if (disagrees(cmdline, &sums)) {
			fprintf(out, "%s\n", machine.name);
			sums.disagreements++;
		}
	}
	fclose(in);
	fclose(out);
	sums_print(&sums);
	return sums.disagreements ? 1 : 0;
}
