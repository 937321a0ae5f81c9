// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * slots.c - which functions Linux finds on a bus: pci_scan_slot() for all slots
 * (drivers/pci/probe.c).
 */
#include "simulation.h"

/* pci_get_slot() */
static uint16_t known_device(struct pg_simulation *sim, uint16_t bus, uint32_t devfn)
{
	uint16_t device = sim->buses[bus].devices;

	while (device != PG_NONE && sim->devices[device].devfn != devfn) {
		sim->work++;
		device = sim->devices[device].next;
	}
	return device;
}

/*
 * True if Linux finds @function on another bus number, or below other bridges: if another bridge
 * got the number first, Linux puts the functions below that bridge.
 */
static bool is_displaced(const struct pg_simulation *sim, uint16_t bus_index,
			 const struct pg_function *function)
{
	const struct pg_sim_bus *bus = &sim->buses[bus_index];

	return bus->number != function->at.bus ||
	       pg_sim_above(sim, bus_index) != function->parent ||
	       (bus->self != PG_NONE && sim->devices[bus->self].displaced);
}

/*
 * pci_liveupdate_setup_device(): the record names addresses, so a function that is found at another
 * address may be taken for a preserved one.
 */
static bool is_preserved(const struct pg_simulation *sim, const struct pg_sim_bus *bus,
			 const struct pg_function *function)
{
	uint16_t recorded;

	if (!sim->policy->keep_numbers)
		return false;
	if (bus->number == function->at.bus)
		return function->result.preserved;
	recorded = pg_find_recorded(sim->topology,
				    pg_bdf(sim->segment, bus->number, function->at.devfn));
	return recorded != PG_NONE && pg_sim_function(sim, recorded)->result.preserved;
}

static uint16_t add_device(struct pg_simulation *sim, uint16_t bus_index, uint16_t function)
{
	struct pg_sim_bus *bus = &sim->buses[bus_index];
	const uint8_t above =
		bus->self == PG_NONE ? (uint8_t)PG_PORT_OTHER : sim->devices[bus->self].port;
	const uint16_t index = (uint16_t)sim->nr_devices;

	if (sim->nr_devices == PG_SIM_DEVICES) {
		sim->exhausted = PG_BUS_EXHAUSTED;
		return PG_NONE;
	}
	sim->devices[sim->nr_devices++] = (struct pg_sim_device){
		.function = function,
		.next = PG_NONE,
		.bus = bus_index,
		.devfn = pg_sim_function(sim, function)->at.devfn,
		.port = 3u & pg_port_corrected(pg_sim_function(sim, function)->hw.port, above),
		.certain = !sim->unknown,
		.displaced = is_displaced(sim, bus_index, pg_sim_function(sim, function)),
		.preserved = is_preserved(sim, bus, pg_sim_function(sim, function)),
	};
	if (bus->last_device == PG_NONE)
		bus->devices = index;
	else
		sim->devices[bus->last_device].next = index;
	bus->last_device = index;
	return index;
}

/* True if ARI forwarding above a bus, whose function 0 is @index, decides what is found there. */
static bool depends_on_ari(const struct pg_simulation *sim, uint16_t index)
{
	while (index != PG_NONE) {
		const struct pg_function *function = pg_sim_function(sim, index);

		if (function->hw.multifunction || (function->hw.ari && function->hw.ari_next) ||
		    function->hw.extended.sriov)
			return true;
		index = function->sibling;
	}
	return false;
}

/* pci_configure_ari(): function 0 of a bus determines ARI forwarding of the bridge above. */
static void configure_ari(struct pg_simulation *sim, uint16_t device)
{
	const struct pg_sim_bus *bus = &sim->buses[sim->devices[device].bus];
	const struct pg_function *function = pg_sim_function(sim, sim->devices[device].function);
	const struct pg_function *above;
	const bool wanted = !sim->policy->no_ari && function->hw.ari && bus->extended;
	uint16_t forwarding;

	if (bus->self == PG_NONE || sim->devices[device].devfn)
		return;
	above = pg_sim_function(sim, sim->devices[bus->self].function);
	if (!above->hw.ari_forward)
		return;
	/* The scan reads the capability only below a bridge that can forward ARI. */
	if (function->parent == PG_NONE || !pg_sim_function(sim, function->parent)->hw.ari_forward)
		pg_sim_doubt(sim, sim->devices[device].function);
	/*
	 * If the capability could not be read but forwarding is off, the outgoing kernel found no
	 * capability.
	 */
	if (function->hw.unread && above->hw.ari_on)
		pg_sim_doubt(sim, sim->devices[device].function);
	/* Not every kernel that keeps bus numbers also keeps ARI forwarding. */
	if (sim->devices[bus->self].preserved && above->hw.ari_on != wanted &&
	    depends_on_ari(sim, sim->devices[device].function))
		pg_sim_doubt(sim, sim->devices[bus->self].function);
	if (sim->policy->no_ari)
		return;
	sim->devices[bus->self].ari = wanted;
	forwarding = pg_sim_bridge_at(sim, bus->self);
	if (forwarding != PG_NONE)
		sim->steps[forwarding].ari = sim->devices[bus->self].ari;
}

/*
 * True if requests reach @function. Function numbers above 7 look like devices other than 0. A port
 * forwards requests for them only while ARI forwarding is on. If such a function answered while
 * forwarding was off, the port forwards them in any case.
 */
static bool reaches(struct pg_simulation *sim, const struct pg_function *function)
{
	const struct pg_function *above;

	if (function->at.devfn < 8 || function->parent == PG_NONE)
		return true;
	above = pg_sim_function(sim, function->parent);
	if (!above->hw.ari_on || sim->steps[function->parent].ari || above->hw.from_pci ||
	    (above->hw.port != PG_PORT_LINK && above->hw.port != PG_PORT_DOWNSTREAM))
		return true;
	pg_sim_doubt(sim, function->parent);
	return false;
}

/*
 * pci_scan_single_device(): a device that is known already, or a new one; PG_NONE if there is none.
 * @first is the first function on the bus.
 */
static uint16_t scan_single_device(struct pg_simulation *sim, uint16_t bus, uint16_t first,
				   uint32_t devfn)
{
	uint16_t device = known_device(sim, bus, devfn), function = first;

	if (device != PG_NONE)
		return device;
	while (function != PG_NONE && pg_sim_function(sim, function)->at.devfn != devfn) {
		sim->work++;
		function = pg_sim_function(sim, function)->sibling;
	}
	if (function == PG_NONE || pg_sim_function(sim, function)->hw.header > PG_HEADER_CARDBUS ||
	    !reaches(sim, pg_sim_function(sim, function)))
		return PG_NONE;
	device = add_device(sim, bus, function);
	if (device != PG_NONE)
		configure_ari(sim, device);
	return device;
}

/*
 * next_fn(): the next function number to read in a slot; 0 at the end. @device is the device that
 * was found at @fn, or PG_NONE.
 */
static uint32_t next_function(struct pg_simulation *sim, uint16_t bus, uint16_t device, uint32_t fn)
{
	const uint16_t self = sim->buses[bus].self;
	const struct pg_function *function =
		device == PG_NONE ? NULL : pg_sim_function(sim, sim->devices[device].function);

	if (self != PG_NONE && sim->devices[self].ari)
		return function && function->hw.ari && function->hw.ari_next > fn
			       ? function->hw.ari_next
			       : 0;
	if (fn >= 7 || (!fn && function && !function->hw.multifunction))
		return 0;
	return fn + 1;
}

/* True if Linux has enabled ARI forwarding, which was off when the topology was scanned. */
static bool ari_is_new(const struct pg_simulation *sim, uint16_t bus)
{
	const uint16_t self = sim->buses[bus].self;

	return self != PG_NONE && sim->devices[self].ari &&
	       !pg_sim_function(sim, sim->devices[self].function)->hw.ari_on;
}

/* pci_scan_slot() */
static void scan_slot(struct pg_simulation *sim, uint16_t bus, uint16_t first, uint32_t slot)
{
	uint32_t fn = 0;

	sim->work++;
	do {
		const uint16_t device = scan_single_device(sim, bus, first, slot + fn);

		if (!fn && device == PG_NONE)
			return;
		/* With ARI forwarding there may be a function that cannot be reached now. */
		if (device == PG_NONE && slot + fn > 7 && ari_is_new(sim, bus))
			pg_sim_doubt(sim, pg_sim_above(sim, bus));
		fn = next_function(sim, bus, device, fn);
	} while (fn);
}

/*
 * The bridge above a physical bus whose first function is @first; PG_NONE if it is a root bus, or
 * empty.
 */
static uint16_t physically_above(const struct pg_simulation *sim, uint16_t first)
{
	return first == PG_NONE ? (uint16_t)PG_NONE : pg_sim_function(sim, first)->parent;
}

void pg_sim_scan_slots(struct pg_simulation *sim, uint16_t bus_index)
{
	const struct pg_sim_bus *bus = &sim->buses[bus_index];
	const bool only_device_0 = !sim->policy->all_devices && bus->self != PG_NONE &&
				   pg_port_is_downstream(sim->devices[bus->self].port);
	uint16_t first = pg_sim_route_bus(sim, bus->number), above;
	uint32_t slot;

	if (first == PG_UNKNOWN) {
		pg_sim_doubt_unvisited(sim);
		first = PG_NONE;
	}
	above = physically_above(sim, first);
	if (!only_device_0 && !sim->policy->all_devices && above != PG_NONE &&
	    pg_port_is_downstream(pg_sim_function(sim, above)->result.acts_as))
		pg_sim_doubt(sim, above);
	for (slot = 0; slot < (only_device_0 ? 8u : 256u); slot += 8)
		scan_slot(sim, bus_index, first, slot);
}
