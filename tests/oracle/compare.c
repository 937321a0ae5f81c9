// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * compare.c - the plan against Linux.
 */
#include "compare.h"

#include <inttypes.h>
#include <string.h>

#include "planned.h"
#include "record.h"
#include "results.h"
#include "text.h"

#define NOWHERE 0xffffu

/**
 * struct sums - sums over all topologies
 * @topologies:    number of topologies
 * @bridges:       number of bridges
 * @disagreements: topologies with at least one disagreement
 * @stale:         topologies with cards added since the record was made, where the plan for all
 * devices is wrong: it uses the record for hidden devices. Here only the gate's opens are checked.
 * @unseen:        topologies where the plan or the gate is wrong because of hidden devices that
 * are neither as recorded nor reset, behind a bridge that lost its numbers
 * @unseen_open:   those of @unseen where the gate opens wrongly
 * @unknown_roots: topologies where the gate opens wrongly because upstream's record does not name
 * the root buses
 * @dead:          topologies where Linux's scan crashes or does not end
 * @given_up:      topologies where the simulation exceeds its budget
 * @needless:      those of @given_up where Linux's scan ends
 * @steps:         functions compared
 * @uncertain:     functions whose place the plan marks as uncertain
 * @into_death:    those of @opens where the next kernel's scan crashes or does not end
 * @opens:         recorded devices that keep their address by the gate's verdict
 * @stops:         recorded devices that do not keep it by the gate's verdict, where pcigate's own
 * record exists and is complete
 * @too_careful:   those of @stops that had their address at all times
 * @partial_stops, @partial_careful: the same where the record lacks hidden devices
 * @reads:         config reads of the gate
 * @linux_reads:   config reads of Linux, on the same topologies
 */
struct sums {
	uint64_t topologies;
	uint64_t bridges;
	uint64_t disagreements;
	uint64_t stale;
	uint64_t unseen;
	uint64_t unseen_open;
	uint64_t unknown_roots;
	uint64_t dead;
	uint64_t given_up;
	uint64_t needless;
	uint64_t steps;
	uint64_t uncertain;
	uint64_t opens;
	uint64_t into_death;
	uint64_t stops;
	uint64_t too_careful;
	uint64_t partial_stops;
	uint64_t partial_careful;
	uint64_t reads;
	uint64_t linux_reads;
	uint64_t careful_reasons[PG_REASON_COUNT];
};

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
 * Where each function is after Linux's scan: the places that Linux recorded, if requests with these
 * bus numbers reach the function.
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
 * not all functions there are reset. No config read can show this; the gate uses the record.
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
	/*
	 * A bridge with another header type than it had is none, neither to Linux nor to the plan.
	 */
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

/* The plan for all functions, with a record of all that can be recorded. */
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
		/* Hidden devices can let Linux's scan fail; the plan does not know them. */
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

/* Whether the function is where it was, and no bridge above it had other numbers meanwhile. */
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

/* The gate's verdict on a few preserved devices, with the scan that the gate makes. */
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
		 * Nothing tells one bridge from another at its address; what counts is that no
		 * device below it opens.
		 */
		if (machine_is_bridge(&machine.functions[index]) && !gate.verdict.open)
			continue;

		if (!reason) {
			sums->opens++;
			if (result.status != LINUX_OK) {
				sums->into_death++;
			} else if (!stays && say(index, "the gate opens for it, but it does not "
							"keep its place: Linux:")) {
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
}

static void print_sums(const struct sums *sums)
{
	uint32_t i;

	for (i = 0; i < PG_REASON_COUNT; i++) {
		if (sums->careful_reasons[i])
			printf("careful %s %" PRIu64 "\n", pg_reason_code((enum pg_reason)i),
			       sums->careful_reasons[i]);
	}
	printf("compared %" PRIu64 " bridges=%" PRIu64 " disagreements=%" PRIu64 " dead=%" PRIu64
	       " given-up=%" PRIu64 " needless=%" PRIu64 " steps=%" PRIu64 " uncertain=%" PRIu64
	       " opens=%" PRIu64 " into-death=%" PRIu64,
	       sums->topologies, sums->bridges, sums->disagreements, sums->dead, sums->given_up,
	       sums->needless, sums->steps, sums->uncertain, sums->opens, sums->into_death);
	printf(" stops=%" PRIu64 " too-careful=%" PRIu64 " reads=%" PRIu64 " linux-reads=%" PRIu64
	       " partial-stops=%" PRIu64 " partial-careful=%" PRIu64 " stale=%" PRIu64
	       " unseen=%" PRIu64 " unseen-open=%" PRIu64 " unknown-roots=%" PRIu64 "\n",
	       sums->stops, sums->too_careful, sums->reads, sums->linux_reads, sums->partial_stops,
	       sums->partial_careful, sums->stale, sums->unseen, sums->unseen_open,
	       sums->unknown_roots);
}

/* Whether @compare_it finds a disagreement. Those that are counted apart are not printed. */
static bool is_wrong(void (*compare_it)(const char *cmdline, struct sums *sums),
		     const char *cmdline, struct sums *sums, bool apart)
{
	found_wrong = false;
	quiet = apart;
	compare_it(cmdline, sums);
	return found_wrong;
}

/* Compares the machine. Returns true for a disagreement that is not counted apart. */
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
		sums.dead += result.status != LINUX_OK;
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
	print_sums(&sums);
	return sums.disagreements ? 1 : 0;
}
