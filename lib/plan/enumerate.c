// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * enumerate.c - simulates Linux's scan of the buses of one segment.
 *
 * It mirrors pci_scan_child_bus_extend(), pci_scan_bridge_extend() (drivers/pci/probe.c) and
 * pci_cardbus_scan_bridge_extend() (drivers/pci/setup-cardbus.c) of Linux 7.2 and 7.3, step by
 * step. What Linux does by recursion is done here with frames, so that the depth is bounded and no
 * stack is needed. docs/numbering.md explains it.
 */
#include "simulation.h"

#define CARDBUS_RESERVE_BUSNR 3

/* More bus numbers than a segment has. */
#define ANY_NUMBERS 0x10000u

/*
 * Notes that the topology does not tell enough of the function @index. Because of it, the next
 * kernel may give out up to @unseen bus numbers that the simulation does not. @sim->doubted keeps
 * the first such function: what follows depends on it.
 */
static void note_doubt(struct pg_simulation *sim, uint16_t index, uint32_t unseen)
{
	if (!sim->unknown)
		sim->doubted = index;
	sim->unknown = true;
	sim->incomplete = true;
	if (sim->unseen < ANY_NUMBERS)
		sim->unseen += unseen;
}

static void doubt(struct pg_simulation *sim, uint16_t index)
{
	note_doubt(sim, index, ANY_NUMBERS);
}

/*
 * A request was forwarded to a bridge whose secondary bus the scan did not visit. The record may
 * tell how many numbers are needed there. A kernel that finds more devices (pci=pcie_scan_all), or
 * virtual functions elsewhere (pci=noari), may need more than that.
 */
static void doubt_unvisited(struct pg_simulation *sim)
{
	const struct pg_function *bridge = pg_sim_function(sim, sim->unvisited);
	const bool may_differ =
		!bridge->rec.unseen || sim->policy->all_devices || sim->policy->no_ari;
	uint32_t numbers =
		bridge->rec.unseen ? (bridge->rec.unseen - 1u) * sim->policy->hotplug_buses : 0;

	if (may_differ && numbers < PG_NUMBERS_TO_SPARE)
		numbers = PG_NUMBERS_TO_SPARE;
	note_doubt(sim, sim->unvisited, numbers);
}

/*
 * Ends the scan of a bus that keeps a range of numbers, up to @frame->end. The simulation has given
 * out those up to @max. If the rest of the range suffices for what could not be seen there, no bus
 * outside the range depends on it.
 */
static void leave_range(struct pg_simulation *sim, const struct pg_sim_frame *frame, uint32_t max)
{
	if (max + sim->unseen <= frame->end) {
		sim->unknown = frame->unknown;
		sim->unseen = frame->unseen;
	} else if (sim->unknown) {
		sim->unseen = ANY_NUMBERS;
	}
}

static struct pg_sim_frame *top(struct pg_simulation *sim)
{
	return &sim->frames[sim->depth - 1];
}

static bool device_is_bridge(const struct pg_simulation *sim, uint16_t device)
{
	return pg_function_is_bridge(pg_sim_function(sim, sim->devices[device].function));
}

/*
 * dev->is_hotplug_bridge: set_pcie_hotplug_bridge(), which sees a slot only behind a downstream
 * port.
 */
static bool is_hotplug_bridge(const struct pg_simulation *sim, uint16_t device)
{
	const struct pg_function *function = pg_sim_function(sim, sim->devices[device].function);

	return function->hw.header == PG_HEADER_BRIDGE &&
	       pg_port_is_downstream(sim->devices[device].port) && function->hw.slot &&
	       function->hw.hotplug;
}

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
 * Is a function not where it was, although it may have the same bus number? If a foreign bridge was
 * assigned the number first, Linux puts the functions behind the right bridge below the foreign
 * one.
 */
static bool goes_astray(const struct pg_simulation *sim, uint16_t bus_index,
			const struct pg_function *function)
{
	const struct pg_sim_bus *bus = &sim->buses[bus_index];

	return bus->number != function->at.bus ||
	       pg_sim_above(sim, bus_index) != function->parent ||
	       (bus->self != PG_NONE && sim->devices[bus->self].astray);
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
		.astray = goes_astray(sim, bus_index, pg_sim_function(sim, function)),
	};
	if (bus->last_device == PG_NONE)
		bus->devices = index;
	else
		sim->devices[bus->last_device].next = index;
	bus->last_device = index;
	return index;
}

/* The bridge that answers where Linux believes @device to be, at this moment. */
static uint16_t bridge_at(struct pg_simulation *sim, uint16_t device)
{
	const struct pg_sim_device *dev = &sim->devices[device];
	const uint16_t function = pg_sim_route(sim, sim->buses[dev->bus].number, dev->devfn);

	if (function != PG_UNKNOWN)
		return function;
	doubt_unvisited(sim);
	return PG_NONE;
}

/* pci_configure_ari(): the function 0 of a bus decides for the bridge above. */
static void configure_ari(struct pg_simulation *sim, uint16_t device)
{
	const struct pg_sim_bus *bus = &sim->buses[sim->devices[device].bus];
	const struct pg_function *function = pg_sim_function(sim, sim->devices[device].function);
	const struct pg_function *above;
	uint16_t forwarding;

	if (bus->self == PG_NONE || sim->devices[device].devfn)
		return;
	above = pg_sim_function(sim, sim->devices[bus->self].function);
	if (!above->hw.ari_forward)
		return;
	/* The scan reads the capability only below a bridge that can forward ARI. */
	if (function->parent == PG_NONE || !pg_sim_function(sim, function->parent)->hw.ari_forward)
		doubt(sim, sim->devices[device].function);
	/*
	 * If the capability could not be read but forwarding is off, the outgoing kernel found
	 * none.
	 */
	if (function->hw.unread && above->hw.ari_on)
		doubt(sim, sim->devices[device].function);
	if (sim->policy->no_ari)
		return;
	sim->devices[bus->self].ari = function->hw.ari && bus->extended;
	forwarding = bridge_at(sim, bus->self);
	if (forwarding != PG_NONE)
		sim->steps[forwarding].ari = sim->devices[bus->self].ari;
}

/*
 * Function numbers above 7 look like devices other than 0. A port forwards requests for them only
 * while ARI forwarding is on; one that does so although it is off is known by what answered.
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
	doubt(sim, function->parent);
	return false;
}

/*
 * pci_scan_single_device(): the device, known or new; PG_NONE if there is none. @first is the first
 * function on the bus.
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
 * next_fn(): the function number to ask next in a slot, after @fn, where @device was found or
 * nothing; 0 at the end.
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

/* Did Linux switch ARI forwarding on, that was off when the topology was scanned? */
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
		/* A function that is not reached now may be there with ARI forwarding. */
		if (device == PG_NONE && slot + fn > 7 && ari_is_new(sim, bus))
			doubt(sim, pg_sim_above(sim, bus));
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

/*
 * pci_scan_slot() for all slots. Devices that are known on the bus already stay what they were.
 * If the scan read only device 0 behind a link, and Linux does not treat the bus as behind a link,
 * the other devices are unknown.
 */
static void scan_slots(struct pg_simulation *sim, uint16_t bus_index)
{
	const struct pg_sim_bus *bus = &sim->buses[bus_index];
	const bool only_device_0 = !sim->policy->all_devices && bus->self != PG_NONE &&
				   pg_port_is_downstream(sim->devices[bus->self].port);
	uint16_t first = pg_sim_route_bus(sim, bus->number), above;
	uint32_t slot;

	if (first == PG_UNKNOWN) {
		doubt_unvisited(sim);
		first = PG_NONE;
	}
	above = physically_above(sim, first);
	if (!only_device_0 && !sim->policy->all_devices && above != PG_NONE &&
	    pg_port_is_downstream(pg_sim_function(sim, above)->result.acts_as))
		doubt(sim, above);
	for (slot = 0; slot < (only_device_0 ? 8u : 256u); slot += 8)
		scan_slot(sim, bus_index, first, slot);
}

/* pci_iov_bus_range(); @unsure is set to what keeps that from being known. */
static uint32_t sriov_buses(const struct pg_simulation *sim, uint16_t bus_index, uint16_t *unsure)
{
	const struct pg_sim_bus *bus = &sim->buses[bus_index];
	uint16_t device, farthest = PG_NONE;
	uint32_t most = 0;

	for (device = bus->devices; bus->extended && device != PG_NONE;
	     device = sim->devices[device].next) {
		const struct pg_function *function =
			pg_sim_function(sim, sim->devices[device].function);

		if (pg_function_is_bridge(function))
			continue;
		/*
		 * Without ARI, and below a foreign bridge, virtual functions have other addresses,
		 * which only a write would show.
		 */
		if (function->result.sriov_buses == PG_SRIOV_UNKNOWN ||
		    (sim->policy->no_ari && function->hw.ari && function->hw.extended.sriov) ||
		    (pg_sim_above(sim, bus_index) != function->parent &&
		     (function->result.sriov_buses || function->hw.extended.sriov))) {
			*unsure = sim->devices[device].function;
		} else if (function->result.sriov_buses > most) {
			most = function->result.sriov_buses;
			farthest = sim->devices[device].function;
		}
	}
	/*
	 * Linux keeps the last bus in 8 bits. Which of the buses after 255 counts depends on the
	 * order in which Linux tries them.
	 */
	if (bus->number + most > 0xff)
		*unsure = farthest;
	return most;
}

/*
 * struct numbers - register 0x18 of a bridge
 */
struct numbers {
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
};

static struct numbers read_numbers(struct pg_simulation *sim, uint16_t device)
{
	const uint16_t function = bridge_at(sim, device);

	if (function == PG_NONE)
		return (struct numbers){ 0xff, 0xff, 0xff };
	return (struct numbers){ sim->steps[function].primary, sim->steps[function].secondary,
				 sim->steps[function].subordinate };
}

/*
 * Registers that hold fixed numbers may be read-only. Only a write would show this.
 */
static bool may_be_wired(const struct pg_simulation *sim, uint16_t index)
{
	const struct pg_function *bridge = pg_sim_function(sim, index);

	return bridge->hw.header == PG_HEADER_BRIDGE && bridge->hw.fixed_secondary &&
	       bridge->hw.secondary == bridge->hw.fixed_secondary &&
	       bridge->hw.subordinate == bridge->hw.fixed_subordinate;
}

static void write_numbers(struct pg_simulation *sim, uint16_t device, uint8_t primary,
			  uint8_t secondary, uint8_t subordinate)
{
	const uint16_t function = bridge_at(sim, device);

	if (function == PG_NONE)
		return;
	if (may_be_wired(sim, function) && (secondary != sim->steps[function].secondary ||
					    subordinate != sim->steps[function].subordinate))
		doubt(sim, function);
	sim->steps[function].primary = primary;
	sim->steps[function].secondary = secondary;
	sim->steps[function].subordinate = subordinate;
	sim->steps[function].secondary_certain = !sim->unknown;
	sim->steps[function].subordinate_certain = !sim->unknown;
}

static void write_subordinate(struct pg_simulation *sim, uint16_t device, uint8_t subordinate)
{
	const uint16_t function = bridge_at(sim, device);

	if (function == PG_NONE)
		return;
	if (may_be_wired(sim, function) && subordinate != sim->steps[function].subordinate)
		doubt(sim, function);
	sim->steps[function].subordinate = subordinate;
	sim->steps[function].subordinate_certain = !sim->unknown;
}

/*
 * Begins pci_scan_child_bus_extend(): everything before its first pass over the bridges. @range_end
 * is the last of the numbers that are kept for the bus, 0 if none are.
 */
static void enter_bus(struct pg_simulation *sim, uint16_t bus_index, uint32_t available,
		      uint8_t range_end)
{
	struct pg_sim_frame *frame;
	const bool unknown = sim->unknown;
	const uint32_t unseen = sim->unseen;
	uint8_t end = sim->depth ? top(sim)->end : 0xff;
	uint16_t device;

	if (sim->depth == PG_SIM_BUSES) {
		sim->exhausted = PG_BUS_EXHAUSTED;
		return;
	}
	if (range_end)
		sim->unseen = 0;
	if (range_end && range_end < end)
		end = range_end;
	scan_slots(sim, bus_index);
	frame = &sim->frames[sim->depth++];
	*frame = (struct pg_sim_frame){
		.bus = bus_index,
		.available = available,
		.start = (uint32_t)sim->buses[bus_index].first,
		.device = sim->buses[bus_index].devices,
		.child = PG_NONE,
		.unsure = PG_NONE,
		.ranged = range_end,
		.end = end,
		.unknown = unknown,
		.unseen = unseen,
	};
	frame->used = sriov_buses(sim, bus_index, &frame->unsure);
	frame->max = frame->start + frame->used;
	for (device = frame->device; device != PG_NONE; device = sim->devices[device].next) {
		if (!device_is_bridge(sim, device))
			continue;
		/* It is not known whether the bridge has a slot or fixed numbers. */
		if (pg_sim_function(sim, sim->devices[device].function)->hw.unread)
			frame->unsure = sim->devices[device].function;
		if (is_hotplug_bridge(sim, device))
			frame->hotplug++;
		else
			frame->normal++;
	}
}

/* The accounting behind each call of pci_scan_bridge_extend(), and on to the next bridge. */
static void bridge_done(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t max)
{
	frame->max = max;
	if (!frame->pass)
		frame->used++;
	if (frame->max - frame->before > 1)
		frame->used += frame->max - frame->before - 1;
	frame->device = sim->devices[frame->device].next;
}

/*
 * pci_add_new_bus(). Only root ports and ports of switches have extended registers on both sides
 * (pci_bridge_child_ext_cfg_accessible()).
 */
static uint16_t add_bus(struct pg_simulation *sim, const struct pg_sim_frame *frame, int32_t number)
{
	const struct pg_sim_device *device = &sim->devices[frame->device];
	const uint16_t child = pg_sim_add_bus(sim, frame->bus, frame->device, number);

	if (child != PG_NONE)
		sim->buses[child].extended = sim->buses[frame->bus].extended &&
					     device->port != PG_PORT_OTHER &&
					     !pg_sim_function(sim, device->function)->hw.from_pci;
	return child;
}

/* Gives a bridge's bus a number in the second pass: pci_find_bus() or pci_add_new_bus(). */
static uint16_t number_bus(struct pg_simulation *sim, const struct pg_sim_frame *frame,
			   int32_t number)
{
	uint16_t child = pg_sim_find_bus(sim, number);

	if (child != PG_NONE)
		return child;
	child = add_bus(sim, frame, number);
	if (child != PG_NONE)
		pg_sim_insert(sim, child, number, sim->buses[frame->bus].last);
	return child;
}

/*
 * A bus that Linux finds below a bridge and that is a root bus: pbus_validate_busn() follows its
 * missing parent.
 */
static bool kills(struct pg_simulation *sim, uint16_t child)
{
	if (child == PG_NONE || sim->buses[child].parent == PG_NONE)
		sim->exhausted = PG_BUS_EXHAUSTED;
	return sim->exhausted;
}

/* How many numbers behind @max a CardBus bridge keeps for cards with bridges on them. */
static uint32_t cardbus_reserve(const struct pg_simulation *sim, uint16_t bus_index, uint32_t max)
{
	bool tight = false;
	uint32_t i;

	for (i = 0; i < CARDBUS_RESERVE_BUSNR; i++) {
		const struct pg_sim_bus *parent = &sim->buses[bus_index];

		if (pg_sim_find_bus(sim, (int32_t)(max + i + 1)) != PG_NONE)
			break;
		for (; parent->parent != PG_NONE; parent = &sim->buses[parent->parent]) {
			if (!sim->policy->assign_busses && parent->last > (int32_t)max &&
			    parent->last <= (int32_t)(max + i))
				tight = true;
		}
		if (tight)
			return i / 2;
	}
	return i;
}

/* A bridge that gets new numbers, in the second pass. */
static void number_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t available)
{
	const struct pg_function *function =
		pg_sim_function(sim, sim->devices[frame->device].function);
	int32_t number = (int32_t)frame->max + 1;
	const struct pg_function *answers = NULL;
	uint16_t child, now;
	uint8_t fixed = 0;

	if (frame->unsure != PG_NONE)
		doubt(sim, frame->unsure);
	/*
	 * pci_ea_fixed_busnrs() reads the function that answers at the bridge's address at this
	 * moment.
	 */
	if (function->hw.header == PG_HEADER_BRIDGE) {
		now = bridge_at(sim, frame->device);
		answers = now == PG_NONE ? NULL : pg_sim_function(sim, now);
	}
	if (answers && answers->hw.header == PG_HEADER_BRIDGE && answers->hw.fixed_secondary) {
		number = answers->hw.fixed_secondary;
		fixed = answers->hw.fixed_subordinate;
	}
	child = number_bus(sim, frame, number);
	if (kills(sim, child))
		return;
	frame->max++;
	if (available)
		available--;
	write_numbers(sim, frame->device, sim->buses[child].primary,
		      (uint8_t)sim->buses[child].first, (uint8_t)sim->buses[child].last);

	if (function->hw.header == PG_HEADER_CARDBUS) {
		const uint32_t max = frame->max + cardbus_reserve(sim, frame->bus, frame->max);

		pg_sim_update_end(sim, child, (int32_t)max);
		write_subordinate(sim, frame->device, (uint8_t)max);
		bridge_done(sim, frame, max);
		return;
	}
	frame->child = child;
	frame->kept = false;
	frame->fixed = fixed;
	enter_bus(sim, child, available, 0);
}

/* A bridge whose numbers are kept, in the first pass. */
static void keep_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint8_t primary,
			const struct numbers *numbers)
{
	uint16_t child = pg_sim_find_bus(sim, numbers->secondary);

	if (child == PG_NONE) {
		child = add_bus(sim, frame, numbers->secondary);
		if (child == PG_NONE) {
			sim->exhausted = PG_BUS_EXHAUSTED;
			return;
		}
		sim->buses[child].primary = primary;
		pg_sim_insert(sim, child, numbers->secondary, numbers->subordinate);
	}
	if (kills(sim, child))
		return;
	frame->child = child;
	frame->kept = true;
	frame->subordinate = numbers->subordinate;
	enter_bus(sim, child, (uint32_t)numbers->subordinate - numbers->secondary,
		  numbers->subordinate);
}

/* pci_scan_bridge_extend(), up to where it scans the bus behind the bridge. */
static void scan_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t available)
{
	const struct pg_function *function =
		pg_sim_function(sim, sim->devices[frame->device].function);
	const uint8_t bus = sim->buses[frame->bus].number;
	const struct numbers numbers = read_numbers(sim, frame->device);
	uint8_t primary = numbers.primary;
	bool broken;

	frame->before = frame->max;
	if (!primary && primary != bus && numbers.secondary && numbers.subordinate)
		primary = bus;
	broken = !frame->pass && (primary != bus || numbers.secondary <= bus ||
				  numbers.secondary > numbers.subordinate);

	if (function->hw.header == PG_HEADER_CARDBUS) {
		if (frame->pass) {
			number_bridge(sim, frame, available);
		} else {
			write_numbers(sim, frame->device, 0, 0, 0);
			bridge_done(sim, frame, frame->max);
		}
	} else if ((numbers.secondary || numbers.subordinate) && !sim->policy->assign_busses &&
		   !broken) {
		if (frame->pass)
			bridge_done(sim, frame, frame->max);
		else
			keep_bridge(sim, frame, primary, &numbers);
	} else if (frame->pass) {
		number_bridge(sim, frame, available);
	} else {
		if (sim->policy->assign_busses || broken)
			write_numbers(sim, frame->device, 0, 0, 0);
		bridge_done(sim, frame, frame->max);
	}
}

/*
 * How many buses the second pass offers to a bridge. Unsigned arithmetic, underflow included, as
 * there.
 */
static uint32_t share(const struct pg_simulation *sim, const struct pg_sim_frame *frame)
{
	uint32_t buses, rest;

	if (!frame->hotplug && frame->normal == 1)
		return frame->available;
	if (!is_hotplug_bridge(sim, frame->device))
		return 0;
	/*
	 * If a bus is reached by two paths, it may have got a bridge after the bridges were
	 * counted.
	 */
	buses = frame->hotplug ? frame->available / frame->hotplug : 0;
	rest = frame->available - frame->used + 1;
	return buses < rest ? buses : rest;
}

/* The end of pci_scan_child_bus_extend(): the reserve of a hotplug bridge. Returns max. */
static uint32_t leave_bus(const struct pg_simulation *sim, const struct pg_sim_frame *frame)
{
	const struct pg_sim_bus *bus = &sim->buses[frame->bus];
	uint32_t used, max = frame->max;

	if (bus->self == PG_NONE || !is_hotplug_bridge(sim, bus->self))
		return max;
	used = sim->policy->hotplug_buses - 1;
	if (frame->available > used)
		used = frame->available;
	if (max - frame->start < used) {
		max = frame->start + used;
		if (max > (uint32_t)bus->last)
			max = (uint32_t)bus->last;
	}
	return max;
}

/*
 * New numbers are above all that were kept on the bus, unless Enhanced Allocation lowers the count.
 * Then a bridge that needs more numbers than known takes them from bridges that were scanned
 * before.
 */
static void note_overrun(struct pg_simulation *sim, const struct pg_sim_frame *frame)
{
	uint16_t device;

	for (device = sim->buses[frame->bus].devices; sim->unknown && device != PG_NONE;
	     device = sim->devices[device].next) {
		if (device_is_bridge(sim, device) &&
		    sim->steps[sim->devices[device].function].secondary >
			    sim->buses[frame->child].number)
			sim->overrun = true;
	}
}

/*
 * The end of pci_scan_bridge_extend(), when the bus behind the bridge has been scanned up to @max.
 */
static void return_to(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t max)
{
	if (frame->kept) {
		max = frame->subordinate > frame->max ? frame->subordinate : frame->max;
	} else {
		if (frame->fixed)
			max = frame->fixed;
		note_overrun(sim, frame);
		pg_sim_update_end(sim, frame->child, (int32_t)max);
		write_subordinate(sim, frame->device, (uint8_t)max);
	}
	frame->child = PG_NONE;
	bridge_done(sim, frame, max);
}

/* One step: looks at one bridge, or ends a pass, or a bus. */
static void step(struct pg_simulation *sim)
{
	struct pg_sim_frame *frame = top(sim);
	uint32_t max;

	while (frame->device != PG_NONE && !device_is_bridge(sim, frame->device))
		frame->device = sim->devices[frame->device].next;
	if (frame->device != PG_NONE) {
		scan_bridge(sim, frame, frame->pass ? share(sim, frame) : 0);
		return;
	}
	if (!frame->pass) {
		frame->pass = 1;
		frame->device = sim->buses[frame->bus].devices;
		return;
	}
	max = leave_bus(sim, frame);
	if (frame->ranged)
		leave_range(sim, frame, max);
	sim->depth--;
	if (!sim->depth)
		return;
	/* A bridge that keeps its numbers does so whatever is on its secondary bus. */
	if (frame->unsure != PG_NONE && !top(sim)->kept)
		doubt(sim, frame->unsure);
	return_to(sim, top(sim), max);
}

/*
 * The bridge at which the simulation ends: the lowest one whose bus is being scanned, or that was
 * to get a bus.
 */
static void note_culprit(struct pg_simulation *sim)
{
	uint32_t level;

	for (level = sim->depth; level && sim->culprit == PG_NONE; level--) {
		const uint16_t device = sim->frames[level - 1].device;

		if (device != PG_NONE)
			sim->culprit = sim->devices[device].function;
	}
}

static void scan_root(struct pg_simulation *sim, const struct pg_root *root)
{
	uint16_t bus;

	/* pci_acpi_scan_root() takes a root bus whose number was given away already for scanned. */
	if (pg_sim_find_bus(sim, root->first) != PG_NONE)
		return;
	bus = pg_sim_add_bus(sim, PG_NONE, PG_NONE, root->first);
	if (bus == PG_NONE) {
		sim->exhausted = PG_BUS_EXHAUSTED;
		return;
	}
	sim->buses[bus].extended = !sim->policy->no_mmconfig;
	pg_sim_insert(sim, bus, root->first, root->last);
	enter_bus(sim, bus, 0, root->last);
	while (sim->depth && !sim->exhausted) {
		step(sim);
		if (sim->work > PG_SIM_STEPS_MAX)
			sim->exhausted = PG_PLAN_BUDGET;
	}
	if (sim->exhausted)
		note_culprit(sim);
}

void pg_simulate(struct pg_simulation *sim, const struct pg_topology *topology,
		 const struct pg_policy *policy, uint32_t segment, struct pg_step *steps)
{
	uint32_t i;

	sim->topology = topology;
	sim->policy = policy;
	sim->segment = segment;
	sim->steps = steps;
	sim->nr_devices = 0;
	sim->nr_buses = 0;
	sim->depth = 0;
	sim->unknown = false;
	sim->unseen = 0;
	sim->incomplete = false;
	sim->overrun = false;
	sim->doubted = PG_NONE;
	sim->exhausted = PG_OK;
	sim->culprit = PG_NONE;
	for (i = 0; i < PG_BUS_NUMBERS; i++)
		sim->by_number[i] = PG_NONE;
	for (i = 0; i < topology->nr_roots && !sim->exhausted; i++) {
		if (topology->roots[i].segment == segment)
			scan_root(sim, &topology->roots[i]);
	}
}
