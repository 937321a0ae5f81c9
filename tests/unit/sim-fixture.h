/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sim-fixture.h - a machine without config space, and the simulation of the next kernel's scan.
 *
 * A test adds functions to root buses and below bridges, on each bus in the order of device
 * numbers. The numbers in the bridges decide at each moment which function answers at a bus number.
 */
#ifndef SIM_FIXTURE_H
#define SIM_FIXTURE_H

#include "unit.h"

#include "../../lib/plan/simulation.h"

#define SIM_FUNCTIONS 640u

/* In place of a bridge: root bus number @n of the list. */
#define ON_ROOT(n) ((uint16_t)(0xf000u + (n)))

struct machine {
	struct pg_function functions[SIM_FUNCTIONS];
	struct pg_topology topology;
	struct pg_policy policy;
	struct pg_step steps[SIM_FUNCTIONS];
	struct pg_simulation sim;
};

static struct machine m;

static inline int machine_setup(void **state)
{
	memset(&m, 0, sizeof(m));
	memset(&m.sim, 0x5a, sizeof(m.sim));
	memset(m.steps, 0x5a, sizeof(m.steps));
	m.topology.functions = m.functions;
	m.topology.everything = true;
	m.policy.hotplug_buses = 1;
	return 0;
}

/* Root buses in the order in which Linux scans them. */
static inline uint16_t root_in(uint32_t segment, uint8_t first, uint8_t last)
{
	assert_true(m.topology.nr_roots < PG_MAX_ROOTS);
	m.topology.roots[m.topology.nr_roots] = (struct pg_root){
		.segment = segment,
		.first = first,
		.last = last,
		.child = PG_NONE,
	};
	return ON_ROOT(m.topology.nr_roots++);
}

static inline uint16_t root(uint8_t first, uint8_t last)
{
	return root_in(0, first, last);
}

static inline struct pg_function *add_function(uint16_t where, uint8_t devfn)
{
	const uint16_t index = (uint16_t)m.topology.nr++;
	struct pg_function *function = &m.functions[index];
	uint16_t *link;

	assert_true(m.topology.nr <= SIM_FUNCTIONS);
	*function = (struct pg_function){
		.hw.id = 0x10d38086,
		.parent = PG_NONE,
		.sibling = PG_NONE,
		.child = PG_NONE,
		.result.culprit = PG_NONE,
		.hw.presence = PG_PRESENT,
		.result.reached = true,
	};
	if (where >= ON_ROOT(0)) {
		struct pg_root *bus = &m.topology.roots[where - ON_ROOT(0)];

		function->at = pg_bdf(bus->segment, bus->first, devfn);
		link = &bus->child;
	} else {
		struct pg_function *above = &m.functions[where];

		function->at = pg_bdf(above->at.segment, above->hw.secondary, devfn);
		function->parent = where;
		link = &above->child;
	}
	while (*link != PG_NONE)
		link = &m.functions[*link].sibling;
	*link = index;
	return function;
}

static inline uint16_t index_of(const struct pg_function *function)
{
	return (uint16_t)(function - m.functions);
}

static inline uint16_t device(uint16_t where, uint8_t number)
{
	return index_of(add_function(where, pg_devfn(number, 0)));
}

/* A conventional bridge whose secondary bus was visited by the scan. */
static inline uint16_t bridge_at(uint16_t where, uint8_t devfn, uint8_t primary, uint8_t secondary,
				 uint8_t subordinate)
{
	struct pg_function *added = add_function(where, devfn);

	added->hw.header = PG_HEADER_BRIDGE;
	added->hw.primary = primary;
	added->hw.secondary = secondary;
	added->hw.subordinate = subordinate;
	added->result.visited = true;
	return index_of(added);
}

static inline uint16_t bridge(uint16_t where, uint8_t number, uint8_t primary, uint8_t secondary,
			      uint8_t subordinate)
{
	return bridge_at(where, pg_devfn(number, 0), primary, secondary, subordinate);
}

/* A bridge without numbers. */
static inline uint16_t reset_bridge(uint16_t where, uint8_t number)
{
	return bridge(where, number, 0, 0, 0);
}

static inline uint16_t with_port(uint16_t index, enum pg_port port)
{
	m.functions[index].hw.port = 3u & (unsigned int)port;
	return index;
}

static inline uint16_t with_hotplug(uint16_t index, enum pg_port port)
{
	m.functions[index].hw.slot = true;
	m.functions[index].hw.hotplug = true;
	return with_port(index, port);
}

static inline uint16_t with_fixed(uint16_t index, uint8_t secondary, uint8_t subordinate)
{
	m.functions[index].hw.fixed_secondary = secondary;
	m.functions[index].hw.fixed_subordinate = subordinate;
	return index;
}

static inline uint16_t cardbus(uint16_t where, uint8_t number, uint8_t primary, uint8_t secondary,
			       uint8_t subordinate)
{
	const uint16_t index = bridge(where, number, primary, secondary, subordinate);

	m.functions[index].hw.header = PG_HEADER_CARDBUS;
	return index;
}

/* The simulation begins with the registers that the scan of the topology read. */
static inline void begin_steps(void)
{
	uint32_t i;

	for (i = 0; i < m.topology.nr; i++) {
		m.steps[i] = (struct pg_step){
			.culprit = PG_NONE,
			.primary = m.functions[i].hw.primary,
			.secondary = m.functions[i].hw.secondary,
			.subordinate = m.functions[i].hw.subordinate,
			.ari = m.functions[i].hw.ari_on,
		};
	}
}

static inline void simulate_segment(uint32_t segment)
{
	begin_steps();
	m.sim.work = 0;
	pg_simulate(&m.sim, &m.topology, &m.policy, segment, m.steps);
}

static inline void simulate(void)
{
	simulate_segment(0);
	assert_false(m.sim.exhausted);
	assert_int_equal(m.sim.depth, 0);
}

static inline void assert_numbers(uint16_t index, uint8_t primary, uint8_t secondary,
				  uint8_t subordinate)
{
	const struct pg_step *step = &m.steps[index];

	if (step->primary != primary || step->secondary != secondary ||
	    step->subordinate != subordinate)
		fail_msg("bridge %u has %02x/%02x-%02x, not %02x/%02x-%02x", index, step->primary,
			 step->secondary, step->subordinate, primary, secondary, subordinate);
}

/* Counts how often the simulation found a function. @bus is the last bus on which it was found. */
static inline unsigned int found(uint16_t index, uint8_t *bus, bool *certain)
{
	unsigned int times = 0;
	uint32_t i;

	for (i = 0; i < m.sim.nr_devices; i++) {
		if (m.sim.devices[i].function != index)
			continue;
		*bus = m.sim.buses[m.sim.devices[i].bus].number;
		*certain = m.sim.devices[i].certain;
		times++;
	}
	return times;
}

/* The function was found once, on @bus. Returns whether this is certain. */
static inline bool assert_placed_on(uint16_t index, uint8_t bus)
{
	uint8_t on = 0;
	bool certain = false;

	if (found(index, &on, &certain) != 1)
		fail_msg("function %u was found %u times", index, found(index, &on, &certain));
	if (on != bus)
		fail_msg("function %u was found on bus %02x, not %02x", index, on, bus);
	return certain;
}

static inline void assert_found_on(uint16_t index, uint8_t bus)
{
	assert_true(assert_placed_on(index, bus));
}

static inline void assert_not_found(uint16_t index)
{
	uint8_t on = 0;
	bool certain;

	if (found(index, &on, &certain))
		fail_msg("function %u was found on bus %02x", index, on);
}

#define SIM_TEST(name) UNIT_TEST_WITH(name, machine_setup, NULL)

#endif
