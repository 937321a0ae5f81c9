// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan.c - the cost of scan and plan for machines of several sizes: config reads and time.
 *
 * The machine is that of machine.h. The time is processor time of this computer, so only its growth
 * is of interest: the time per bridge should be constant.
 */
#include <stdio.h>
#include <time.h>

#include "../../lib/workspace.h"
#include <pcigate/gate.h>

#include "machine.h"

#define ROUNDS_NS 200000000ull

static struct pg_workspace workspace;
static struct pg_gate gate;
static struct pg_simulation simulation;

/* Makes Linux's record of version 2, with every device and every bridge. */
static void make_record(uint32_t bridges)
{
	uint32_t segment, bus, devfn, nr = 0;

	machine.functions = (bridges / (PORTS + 2) ? bridges / (PORTS + 2) : 1) * PORTS;
	machine.per_device = 1;
	for (segment = 0; switches_of(segment); segment++) {
		for (bus = 0; bus < 256; bus++) {
			for (devfn = 0; devfn < 256; devfn += 8) {
				const struct pg_bdf at =
					pg_bdf(segment, (uint8_t)bus, (uint8_t)devfn);
				bool device;
				const uint32_t buses = bridge_at(at, &device);
				const bool port = buses && (buses >> 8 & 0xff) == buses >> 16;

				if (buses || device)
					workspace.entries[nr++] = (struct pg_record_entry){
						.at = at,
						.refcount = buses && !port ? PORTS : 1,
					};
			}
		}
	}
	gate.record = (struct pg_record){
		.state = PG_RECORD_DEVICES,
		.pci_version = 2,
		.nr = nr,
		.entries = workspace.entries,
	};
}

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

/* Measures the average time of a call, in microseconds. */
#define TIME_US(result, call)                                                                      \
	do {                                                                                       \
		const uint64_t begin_ = now_ns();                                                  \
		uint64_t rounds_ = 0, spent_;                                                      \
		do {                                                                               \
			call;                                                                      \
			rounds_++;                                                                 \
			spent_ = now_ns() - begin_;                                                \
		} while (spent_ < ROUNDS_NS);                                                      \
		(result) = (double)spent_ / (double)rounds_ / 1000.0;                              \
	} while (0)

int main(void)
{
	static const uint32_t sizes[] = { 34, 102, 340, 1020, 2040 };
	struct pg_finding finding;
	struct pg_plan plan;
	uint32_t i, j;

	printf("%8s %8s | %8s %10s | %8s %10s | %10s %12s\n", "bridges", "devices", "reads",
	       "paths us", "reads", "all us", "plan us", "ns a bridge");
	for (i = 0; i < PG_ARRAY_SIZE(sizes); i++) {
		uint32_t bridges = 0;
		double paths, all, made;
		uint64_t reads;

		make_record(sizes[i]);
		pg_policy_parse("kho=on liveupdate=on pci=assign-busses", 64, &gate.policy);
		TIME_US(paths, pg_scan(&config, &gate.record, false, workspace.functions,
				       PG_MAX_FUNCTIONS, &gate.topology, &finding));
		reads = gate.topology.reads;
		TIME_US(all, pg_scan(&config, &gate.record, true, workspace.functions,
				     PG_MAX_FUNCTIONS, &gate.topology, &finding));
		for (j = 0; j < gate.topology.nr; j++)
			bridges += pg_function_is_bridge(&gate.topology.functions[j]);
		TIME_US(made, pg_plan_make(&gate.topology, &gate.policy, &simulation,
					   workspace.steps, &plan));
		for (j = 0; j < plan.nr; j++) {
			if (!plan.steps[j].found) {
				fprintf(stderr, "bench: the plan lost a function of the generated "
						"machine\n");
				return 1;
			}
		}
		printf("%8u %8u | %8llu %10.0f | %8llu %10.0f | %10.0f %12.0f\n", bridges,
		       gate.record.nr - bridges, (unsigned long long)reads, paths,
		       (unsigned long long)gate.topology.reads, all, made, made * 1000 / bridges);
	}
	return 0;
}
