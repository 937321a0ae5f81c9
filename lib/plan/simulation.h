/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * simulation.h - the next kernel's scan of the buses, played through on a model: the parts share this.
 *
 * hardware.c is the machine: which function answers at a bus number, given the bridges' registers as they are at that
 * moment. busn.c is Linux's bookkeeping of bus numbers. enumerate.c is the scan.
 */
#ifndef PCIGATE_PLAN_SIMULATION_H
#define PCIGATE_PLAN_SIMULATION_H

#include <pcigate/plan.h>

/* The answer of pg_sim_route() where the topology cannot tell: below a bridge that did not forward when it was scanned. */
#define PG_UNKNOWN 0xfffeu

#define PG_BUS_NUMBERS 256u

/* Assumed for an unvisited bus of which the record tells nothing: what is below it needs fewer bus numbers than this. */
#define PG_NUMBERS_TO_SPARE 64u

static inline const struct pg_function *pg_sim_function(const struct pg_simulation *sim, uint16_t index)
{
	return &sim->topology->functions[index];
}

/* Are two functions on the same bus of the machine? */
static inline bool pg_sim_same_bus(const struct pg_simulation *sim, uint16_t a, uint16_t b)
{
	return pg_sim_function(sim, a)->parent == pg_sim_function(sim, b)->parent &&
	       pg_sim_function(sim, a)->at.bus == pg_sim_function(sim, b)->at.bus;
}

/* The function that leads to a bus of the next kernel, PG_NONE for a root bus. */
static inline uint16_t pg_sim_above(const struct pg_simulation *sim, uint16_t bus)
{
	const uint16_t self = sim->buses[bus].self;

	return self == PG_NONE ? (uint16_t)PG_NONE : sim->devices[self].function;
}

/*
 * pg_sim_route() - the function that answers at @bus and @devfn now: its index, PG_NONE if nothing does, PG_UNKNOWN: then
 * @sim->unvisited is the bridge that nobody has looked behind.
 * pg_sim_route_bus() - the first function on @bus, by the same rules.
 */
uint16_t pg_sim_route(struct pg_simulation *sim, uint8_t bus, uint8_t devfn);
uint16_t pg_sim_route_bus(struct pg_simulation *sim, uint8_t bus);

/* Linux's record of a new bus: drivers/pci/probe.c, pci_alloc_child_bus(). PG_NONE if there is no room. */
uint16_t pg_sim_add_bus(struct pg_simulation *sim, uint16_t parent, uint16_t self, int32_t number);

/* pci_bus_insert_busn_res() and pci_bus_update_busn_res_end() */
void pg_sim_insert(struct pg_simulation *sim, uint16_t bus, int32_t first, int32_t last);
void pg_sim_update_end(struct pg_simulation *sim, uint16_t bus, int32_t last);

/* pci_find_bus(): only the lower 8 bits of @number are looked at, as there. */
uint16_t pg_sim_find_bus(const struct pg_simulation *sim, int32_t number);

#endif
