// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * main.c - the host's part of the oracle, as a command for tests/oracle/check.py:
 *
 *	oracle generate SEED FIRST COUNT
 *		prints topologies
 *	oracle flips SEED FIRST COUNT
 *		prints sound machines, each with one bit changed since the record
 *	oracle reduce MAX
 *		prints the first MAX reductions of the topology on stdin
 *	oracle print
 *		prints the topologies on stdin again
 *	oracle incoming
 *		prints the topologies on stdin with what Live Update hands over
 *	oracle count
 *		counts the topologies, functions and bridges on stdin
 *	oracle replay TOPOLOGY
 *		applies the operations on stdin to the topology (replay.h)
 *	oracle expect TOPOLOGIES RESULTS POLICY
 *		prints Linux's results in the form of a .topo file
 *	oracle compare TOPOLOGIES RESULTS CMDLINE NAMES
 *		compares the plan with Linux (compare.h)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "flips.h"
#include "generate.h"
#include "planned.h"
#include "reduce.h"
#include "replay.h"
#include "results.h"
#include "text.h"
#include "topo.h"

static struct machine machine;

static int run_generate(uint64_t seed, uint32_t first, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		generate(&machine, seed, first + i);
		topo_print(stdout, &machine);
	}
	return 0;
}

/* Prints each machine unchanged, and then with each bit flipped. */
static int run_flips(uint64_t seed, uint32_t first, uint32_t count)
{
	char name[sizeof(machine.name)];
	uint32_t i, nr;

	for (i = 0; i < count; i++) {
		struct flip flip = { 0 };

		generate_sound(&machine, seed, first + i);
		memcpy(name, machine.name, sizeof(name));
		nr = 0;
		do {
			snprintf(machine.name, sizeof(machine.name), "%.32s-%u", name, nr++);
			topo_print(stdout, &machine);
		} while (flip_next(&machine, &flip));
	}
	return 0;
}

static int run_reduce(uint32_t max)
{
	static struct machine smaller;
	struct text_file file = text_file_read("-");
	uint32_t i;

	if (!text_file_next(&file, &machine)) {
		fprintf(stderr, "oracle: no topology on stdin\n");
		return 2;
	}
	for (i = 0; i < max && reduce(&machine, i, &smaller); i++) {
		snprintf(smaller.name, sizeof(smaller.name), "r%u", i);
		topo_print(stdout, &smaller);
	}
	return 0;
}

static int run_print(void)
{
	struct text_file file = text_file_read("-");

	while (text_file_next(&file, &machine))
		topo_print(stdout, &machine);
	return 0;
}

static int run_incoming(void)
{
	struct text_file file = text_file_read("-");

	while (text_file_next(&file, &machine)) {
		planned_incoming(&machine);
		topo_print(stdout, &machine);
	}
	return 0;
}

static int run_count(void)
{
	struct text_file file = text_file_read("-");
	unsigned long topologies = 0, functions = 0, bridges = 0;
	uint32_t i;

	while (text_file_next(&file, &machine)) {
		topologies++;
		functions += machine.nr;
		for (i = 0; i < machine.nr; i++)
			bridges += machine_is_bridge(&machine.functions[i]);
	}
	printf("%lu %lu %lu\n", topologies, functions, bridges);
	return 0;
}

/* Prints the bridge that Linux has above a function, if it is not the real one. */
static void print_other_bridge(const struct linux_result *result, const struct linux_find *find)
{
	const uint32_t above =
		find->up == FIND_NONE ? MACHINE_NONE : result->finds[find->up].function;

	if (above == machine.functions[find->function].parent)
		return;
	printf(" below ");
	if (above == MACHINE_NONE)
		printf("a root bus");
	else
		topo_print_path(stdout, &machine, above);
}

static void print_expectation(const struct linux_result *result, const char *policy)
{
	static const char *const how[] = {
		[LINUX_OK] = "", [LINUX_ENDLESS] = " endless", [LINUX_CRASH] = " crash"
	};
	uint32_t i, n;

	printf("expect %s%s\n", policy, how[result->status]);
	for (i = 0; i < machine.nr && result->status == LINUX_OK; i++) {
		bool found = false;

		printf("  ");
		topo_print_path(stdout, &machine, i);
		for (n = 0; n < result->nr_finds; n++) {
			const struct linux_find *find = &result->finds[n];

			if (find->function != i)
				continue;
			printf("%s%02x:%02x.%x", found ? " and " : " at ", find->bus,
			       find->devfn >> 3, find->devfn & 7);
			print_other_bridge(result, find);
			found = true;
		}
		if (!found)
			printf(" nowhere");
		if (machine_is_bridge(&machine.functions[i]))
			printf(" with %02x/%02x-%02x", result->buses[i] & 0xff,
			       result->buses[i] >> 8 & 0xff, result->buses[i] >> 16);
		putchar('\n');
	}
	printf("end\n");
}

static int run_expect(const char *topologies, const char *results, const char *policy)
{
	static struct linux_result result;
	struct text_file file = text_file_read(topologies);
	FILE *in = fopen(results, "r");

	if (!in) {
		perror(results);
		return 2;
	}
	while (text_file_next(&file, &machine) && results_read(in, &result)) {
		printf("# %s\n", machine.name);
		print_expectation(&result, policy);
	}
	fclose(in);
	return 0;
}

uint32_t replay_read(uint8_t bus, uint8_t devfn, uint8_t reg)
{
	return machine_read(&machine, bus, devfn, reg, 4);
}

void replay_write(uint8_t bus, uint8_t devfn, uint8_t reg, uint32_t value)
{
	machine_write(&machine, bus, devfn, reg, 4, value);
}

static int run_replay(const char *topology)
{
	struct text_file file = text_file_read(topology);

	if (!text_file_next(&file, &machine)) {
		fprintf(stderr, "oracle: no topology in %s\n", topology);
		return 2;
	}
	replay(stdin, stdout);
	return 0;
}

static uint32_t number(const char *word)
{
	return (uint32_t)strtoul(word, NULL, 10);
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "generate"))
		return run_generate(strtoull(argv[2], NULL, 10), number(argv[3]), number(argv[4]));
	if (argc == 5 && !strcmp(argv[1], "flips"))
		return run_flips(strtoull(argv[2], NULL, 10), number(argv[3]), number(argv[4]));
	if (argc == 3 && !strcmp(argv[1], "reduce"))
		return run_reduce(number(argv[2]));
	if (argc == 2 && !strcmp(argv[1], "print"))
		return run_print();
	if (argc == 2 && !strcmp(argv[1], "incoming"))
		return run_incoming();
	if (argc == 2 && !strcmp(argv[1], "count"))
		return run_count();
	if (argc == 3 && !strcmp(argv[1], "replay"))
		return run_replay(argv[2]);
	if (argc == 5 && !strcmp(argv[1], "expect"))
		return run_expect(argv[2], argv[3], argv[4]);
	if (argc == 6 && !strcmp(argv[1], "compare"))
		return compare(argv[2], argv[3], argv[4], argv[5]);
	fprintf(stderr, "usage: see the head of tests/oracle/main.c\n");
	return 2;
}
