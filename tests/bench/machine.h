/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * machine.h - config space of a generated machine: switches with 32 ports behind root ports, in
 * segments of up to 6 switches, with one preserved device behind every port.
 */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <pcigate/config.h>

/* Ports of a switch. */
#define PORTS 32u
/* Buses behind a root port: the switch's own bus, that of its ports, and one for each device. */
#define SWITCH_BUSES 34u
/* Switches of a segment. */
#define SWITCHES 6u

/**
 * struct machine - the size of the machine, and what was read
 * @functions:     preserved functions in all
 * @per_device:    functions of a device; only the last one may have fewer
 * @reads:         config reads so far
 */
struct machine {
	uint32_t functions;
	uint32_t per_device;
	uint64_t reads;
};

static struct machine machine;

/* The number of switches of a segment. Each segment but the last one is full. */
static uint32_t switches_of(uint32_t segment)
{
	const uint32_t per_switch = PORTS * machine.per_device, before = segment * SWITCHES;
	const uint32_t nr = (machine.functions + per_switch - 1) / per_switch;

	if (before >= nr)
		return 0;
	return nr - before < SWITCHES ? nr - before : SWITCHES;
}

/* The number of functions behind port @port of a switch. */
static uint32_t functions_behind(uint32_t segment, uint32_t number, uint32_t port)
{
	const uint32_t before = ((segment * SWITCHES + number) * PORTS + port) * machine.per_device;
	const uint32_t left = before < machine.functions ? machine.functions - before : 0;

	return left < machine.per_device ? left : machine.per_device;
}

static uint32_t bus_numbers(uint32_t primary, uint32_t secondary, uint32_t subordinate)
{
	return primary | secondary << 8 | subordinate << 16;
}

/* Returns register 0x18 of the bridge at @at, or 0. Sets @device if a device is at @at. */
static uint32_t bridge_at(struct pg_bdf at, bool *device)
{
	const uint32_t nr = switches_of(at.segment), slot = at.devfn >> 3, function = at.devfn & 7;
	const uint32_t number = at.bus ? (at.bus - 1u) / SWITCH_BUSES : slot;
	const uint32_t first = number * SWITCH_BUSES + 1, last = first + SWITCH_BUSES - 1;

	*device = false;
	if (number >= nr)
		return 0;
	if (at.bus > first + 1) {
		*device = !slot &&
			  function < functions_behind(at.segment, number, at.bus - first - 2);
		return 0;
	}
	if (function)
		return 0;
	if (!at.bus)
		return bus_numbers(0, first, last);
	if (at.bus == first)
		return slot ? 0 : bus_numbers(first, first + 1, last);
	return functions_behind(at.segment, number, slot)
		       ? bus_numbers(first + 1, first + 2 + slot, first + 2 + slot)
		       : 0;
}

static enum pg_access read_config(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	bool device;
	const uint32_t buses = bridge_at(at, &device);
	const uint32_t depth = !at.bus ? 4 : (at.bus - 1u) % SWITCH_BUSES ? 6 : 5;

	(void)ctx;
	machine.reads++;
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
		*value = buses ? PG_HEADER_BRIDGE << 16 : (machine.per_device > 1 ? 1u << 23 : 0);
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

#endif
