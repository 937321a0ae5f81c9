/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * mock-config.h - config space of a small artificial machine.
 *
 * Each function is on a wire: a physical bus, which does not depend on bus numbers. Config reads
 * are routed as on hardware: a bridge forwards the numbers from its secondary to its subordinate
 * number. So a bridge that was reset hides everything below it.
 */
#ifndef MOCK_CONFIG_H
#define MOCK_CONFIG_H

#include "unit.h"

#include <pcigate/config.h>

#define MOCK_FUNCTIONS 600
#define MOCK_REGS 1024
#define MOCK_SEGMENTS 4
#define MOCK_LOG 20000
#define MOCK_NOWHERE (-1)

struct mock_function {
	int wire; /* the function's physical bus */
	uint8_t devfn;
	int below; /* the wire behind a bridge; MOCK_NOWHERE: no bridge */
	bool id_unreadable;
	int unreadable_from;  /* first register that cannot be read, 0 for none */
	int no_window_from;   /* first register without a window, 0 for none */
	uint32_t ready_at_ms; /* "not ready" before this time */
	uint32_t regs[MOCK_REGS];
};

struct mock_root {
	uint32_t segment;
	uint8_t bus;
	int wire;
};

struct mock_window {
	uint32_t segment;
	uint8_t first;
	uint8_t last;
};

struct mock_read {
	struct pg_bdf at;
	uint16_t reg;
};

struct mock_config {
	struct pg_config interface;
	struct mock_function *functions;
	unsigned int nr;
	struct mock_root roots[MOCK_SEGMENTS];
	unsigned int nr_roots;
	struct mock_window windows[MOCK_SEGMENTS];
	unsigned int nr_windows;
	struct mock_read log[MOCK_LOG];
	unsigned int reads;
	uint32_t now_ms;
	unsigned int waits;
};

static inline bool mock_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	const struct mock_config *config = ctx;
	unsigned int i;

	for (i = 0; i < config->nr_windows; i++) {
		if (config->windows[i].segment == segment) {
			*first = config->windows[i].first;
			*last = config->windows[i].last;
			return true;
		}
	}
	return false;
}

/* QEMU's root port */
#define MOCK_BRIDGE_ID 0x000c1b36u

/* Returns the wire of @bus. The search begins at @wire, which has the bus number @wire_bus. */
static inline int mock_route(const struct mock_config *config, int wire, uint8_t wire_bus,
			     uint8_t bus)
{
	unsigned int i, hops;

	for (hops = 0; hops < 300; hops++) {
		int next = MOCK_NOWHERE;

		if (bus == wire_bus)
			return wire;
		for (i = 0; i < config->nr && next == MOCK_NOWHERE; i++) {
			const struct mock_function *function = &config->functions[i];
			const uint32_t buses = function->regs[PG_REG_BUSES / 4];
			const uint8_t secondary = (uint8_t)(buses >> 8),
				      subordinate = (uint8_t)(buses >> 16);

			if (function->wire == wire && function->below != MOCK_NOWHERE &&
			    (secondary == bus || (secondary < bus && bus <= subordinate))) {
				next = function->below;
				wire_bus = secondary;
			}
		}
		if (next == MOCK_NOWHERE)
			return MOCK_NOWHERE;
		wire = next;
	}
	return MOCK_NOWHERE;
}

static inline enum pg_access mock_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	struct mock_config *config = ctx;
	uint8_t first, last;
	unsigned int i;
	int wire = MOCK_NOWHERE;

	assert_true(reg % 4 == 0 && reg < MOCK_REGS * 4);
	assert_true(config->reads < MOCK_LOG);
	config->log[config->reads++] = (struct mock_read){ .at = at, .reg = reg };
	*value = 0xffffffff;
	if (!mock_window(ctx, at.segment, &first, &last) || at.bus < first || at.bus > last)
		return PG_ACCESS_NO_WINDOW;
	for (i = 0; i < config->nr_roots && wire == MOCK_NOWHERE; i++) {
		if (config->roots[i].segment == at.segment)
			wire = mock_route(config, config->roots[i].wire, config->roots[i].bus,
					  at.bus);
	}
	for (i = 0; i < config->nr && wire != MOCK_NOWHERE; i++) {
		const struct mock_function *function = &config->functions[i];

		if (function->wire != wire || function->devfn != at.devfn)
			continue;
		if (function->id_unreadable ||
		    (function->unreadable_from && reg >= function->unreadable_from))
			return PG_ACCESS_UNREADABLE;
		if (function->no_window_from && reg >= function->no_window_from)
			return PG_ACCESS_NO_WINDOW;
		*value = function->regs[reg / 4];
		if (reg == PG_REG_ID && config->now_ms < function->ready_at_ms)
			*value = 0xffff0001;
		return *value == 0xffffffff ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
	}
	return PG_ACCESS_ABSENT;
}

static inline void mock_wait_ms(void *ctx, uint32_t ms)
{
	struct mock_config *config = ctx;

	config->now_ms += ms;
	config->waits++;
}

static inline void mock_config_begin(struct mock_config *config)
{
	memset(config, 0, sizeof(*config));
	config->interface = (struct pg_config){
		.read = mock_read,
		.window = mock_window,
		.wait_ms = mock_wait_ms,
		.ctx = config,
	};
	config->functions = calloc(MOCK_FUNCTIONS, sizeof(config->functions[0]));
	assert_non_null(config->functions);
}

static inline void mock_config_end(struct mock_config *config)
{
	free(config->functions);
}

static inline void mock_segment(struct mock_config *config, uint32_t segment, uint8_t first,
				uint8_t last)
{
	assert_true(config->nr_windows < MOCK_SEGMENTS);
	config->windows[config->nr_windows++] = (struct mock_window){ segment, first, last };
}

static inline void mock_root_bus(struct mock_config *config, uint32_t segment, uint8_t bus,
				 int wire)
{
	assert_true(config->nr_roots < MOCK_SEGMENTS);
	config->roots[config->nr_roots++] = (struct mock_root){ segment, bus, wire };
}

static inline struct mock_function *mock_device(struct mock_config *config, int wire,
						uint8_t device, uint8_t function)
{
	struct mock_function *added = &config->functions[config->nr++];

	assert_true(config->nr <= MOCK_FUNCTIONS);
	added->wire = wire;
	added->below = MOCK_NOWHERE;
	added->devfn = pg_devfn(device, function);
	added->regs[PG_REG_ID / 4] = 0x10d38086;
	return added;
}

static inline void mock_buses(struct mock_function *bridge, uint8_t primary, uint8_t secondary,
			      uint8_t subordinate)
{
	bridge->regs[PG_REG_BUSES / 4] = (uint32_t)(primary | secondary << 8 | subordinate << 16);
}

static inline struct mock_function *mock_bridge(struct mock_config *config, int wire,
						uint8_t device, int below, uint8_t primary,
						uint8_t secondary, uint8_t subordinate)
{
	struct mock_function *bridge = mock_device(config, wire, device, 0);

	bridge->below = below;
	bridge->regs[PG_REG_ID / 4] = MOCK_BRIDGE_ID;
	bridge->regs[PG_REG_HEADER / 4] = PG_HEADER_BRIDGE << 16;
	mock_buses(bridge, primary, secondary, subordinate);
	return bridge;
}

static inline void mock_multifunction(struct mock_function *function)
{
	function->regs[PG_REG_HEADER / 4] |= 1u << 23;
}

/* Adds a PCI Express capability with this device/port type. */
static inline void mock_pcie(struct mock_function *function, unsigned int type)
{
	function->regs[PG_REG_COMMAND / 4] |= PG_STATUS_CAPABILITIES;
	function->regs[PG_REG_CAPABILITIES / 4] = 0x40;
	function->regs[0x40 / 4] = 0x00020010 | type << 20;
}

/* Adds a capability as the first of the list, with @content in its second dword. */
static inline void mock_capability(struct mock_function *function, uint8_t offset, uint8_t id,
				   uint32_t content)
{
	const bool list = function->regs[PG_REG_COMMAND / 4] & PG_STATUS_CAPABILITIES;

	function->regs[PG_REG_COMMAND / 4] |= PG_STATUS_CAPABILITIES;
	function->regs[offset / 4] |=
		id | (list ? function->regs[PG_REG_CAPABILITIES / 4] & 0xff : 0) << 8;
	function->regs[offset / 4 + 1] = content;
	function->regs[PG_REG_CAPABILITIES / 4] = offset;
}

/* Counts the reads of register @reg of @at; 0xffff is any register. */
static inline unsigned int mock_reads_of(const struct mock_config *config, struct pg_bdf at,
					 uint16_t reg)
{
	unsigned int i, nr = 0;

	for (i = 0; i < config->reads; i++)
		nr += pg_bdf_equal(config->log[i].at, at) &&
		      (reg == 0xffff || config->log[i].reg == reg);
	return nr;
}

#endif
