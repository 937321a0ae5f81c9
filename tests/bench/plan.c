// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan.c - the cost of scan and plan for machines of several sizes: config reads and time.
 *
 * The machine is generated: switches with 32 ports behind root ports, in segments of up to 6
 * switches, with one preserved device behind every port. The time is processor time of this
 * computer, so only its growth is of interest: the time per bridge should be constant.
 */
#include <stdio.h>
#include <time.h>

#include "../../lib/workspace.h"
#include <pcigate/gate.h>

/* Ports of a switch. */
#define PORTS 32u
/* Buses behind a root port: the switch's own bus, that of its ports, and one for each device. */
#define SWITCH_BUSES 34u
/* Switches of a segment. */
#define SWITCHES 6u
#define ROUNDS_NS 200000000ull

static struct pg_workspace workspace;
static struct pg_gate gate;
static struct pg_simulation simulation;
static uint32_t nr_switches;

/* The number of switches of a segment. Each segment but the last one is full. */
static uint32_t switches_of(uint32_t segment)
{
	const uint32_t before = segment * SWITCHES;

	if (before >= nr_switches)
		return 0;
	return nr_switches - before < SWITCHES ? nr_switches - before : SWITCHES;
}

static uint32_t bus_numbers(uint32_t primary, uint32_t secondary, uint32_t subordinate)
{
	return primary | secondary << 8 | subordinate << 16;
}

/* Returns register 0x18 of the bridge at @at, or 0. Sets @device if a device is at @at. */
static uint32_t bridge_at(struct pg_bdf at, bool *device)
{
	const uint32_t nr = switches_of(at.segment), slot = at.devfn >> 3;
	const uint32_t first = at.bus ? (at.bus - 1u) / SWITCH_BUSES * SWITCH_BUSES + 1 : 0;

	*device = false;
	if (at.devfn & 7)
		return 0;
	if (!at.bus)
		return slot < nr
			       ? bus_numbers(0, slot * SWITCH_BUSES + 1, (slot + 1) * SWITCH_BUSES)
			       : 0;
	if (first > nr * SWITCH_BUSES)
		return 0;
	if (at.bus == first)
		return slot ? 0 : bus_numbers(first, first + 1, first + SWITCH_BUSES - 1);
	if (at.bus == first + 1)
		return slot < PORTS ? bus_numbers(first + 1, first + 2 + slot, first + 2 + slot)
				    : 0;
	*device = !slot;
	return 0;
}

static enum pg_access read_config(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	bool device;
	const uint32_t buses = bridge_at(at, &device);
	const uint32_t depth = !at.bus ? 4 : (at.bus - 1u) % SWITCH_BUSES ? 6 : 5;

	(void)ctx;
	*value = 0;
	if (!buses && !device) {
		*value = UINT32_MAX;
		return PG_ACCESS_ABSENT;
	}
	if (reg == PG_REG_ID)
		*value = 0x00107067;
	else if (reg == PG_REG_COMMAND)
		*value = PG_STATUS_CAPABILITIES;
	else if (reg == PG_REG_HEADER)
		*value = buses ? PG_HEADER_BRIDGE << 16 : 0;
	else if (reg == PG_REG_BUSES)
		*value = buses;
	else if (reg == PG_REG_CAPABILITIES)
		*value = 0x40;
	else if (reg == 0x40)
		*value = 0x10 | (buses ? depth : 0) << 20;
	return PG_ACCESS_OK;
}

static bool window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	(void)ctx;
	(void)segment;
	*first = 0;
	*last = 255;
	return true;
}

static const struct pg_config config = { .read = read_config, .window = window };

/* Makes Linux's record of version 2, with every device and every bridge. */
static void make_record(uint32_t bridges)
{
	uint32_t segment, bus, devfn, nr = 0;

	nr_switches = bridges / (PORTS + 2) ? bridges / (PORTS + 2) : 1;
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
