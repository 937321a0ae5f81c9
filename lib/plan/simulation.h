/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * simulation.h - the simulation of the next kernel's bus scan: the state that its parts share.
 *
 * hardware.c       the machine: which function answers at a bus number, given the current values of
 *                  the bridges' registers
 * bridge_numbers.c the registers of a bridge that hold bus numbers
 * busn.c           Linux's bookkeeping of bus numbers
 * enumerate.c      the scan: the two passes over the bridges of a bus
 * slots.c          which functions Linux finds on a bus
 * scan_bridge.c    one bridge in one pass: it keeps its numbers, or gets new ones
 * reserve.c        numbers that Linux reserves for later
 * doubt.c          facts that the topology lacks, and results that depend on them
 */
#ifndef PCIGATE_PLAN_SIMULATION_H
#define PCIGATE_PLAN_SIMULATION_H

#include <pcigate/plan.h>

/* Result of pg_sim_route() for a bus that the scan did not visit: its functions are unknown. */
#define PG_UNKNOWN 0xfffeu

/* Capacities of the simulation. Linux finds a function a second time only if bus ranges overlap. */
#define PG_SIM_BUSES 264u
#define PG_SIM_DEVICES (PG_MAX_FUNCTIONS + 64u)

/*
 * Limit of pg_simulation.work for a whole machine. If bus ranges overlap on several levels, Linux
 * scans a bus below them once for each path to it. The number of paths grows exponentially with the
 * levels.
 */
#define PG_SIM_STEPS_MAX (1u << 24)

/**
 * struct pg_sim_device - a struct pci_dev of the next kernel
 * @function: the function that answered when it was found
 * @next:     the next one on the same bus, in the order of bus->devices
 * @bus:      the bus it was found on
 * @devfn:    its device and function number
 * @port:     enum pg_port after Linux's correction of impossible ones
 * @certain:  no unknown fact was met before the device was found
 * @ari:      dev->ari_enabled
 * @displaced: the bridges above it, or the bus number, are not those of the topology
 * @preserved: the next kernel keeps bus numbers, and takes it for a preserved device
 * @has_bus:   dev->subordinate: a bus was added for it
 */
struct pg_sim_device {
	uint16_t function;
	uint16_t next;
	uint16_t bus;
	uint8_t devfn;
	uint8_t port : 2;
	bool certain : 1;
	bool ari : 1;
	bool displaced : 1;
	bool preserved : 1;
	bool has_bus : 1;
};

/**
 * struct pg_sim_bus - a struct pci_bus of the next kernel
 * @parent:  the bus above, PG_NONE for a root bus
 * @self:    the bridge above, PG_NONE for a root bus
 * @devices: the first device on it
 * @last_device: the last one
 * @number:  bus->number
 * @primary: bus->primary
 * @inserted: busn_res is in the tree of resources
 * @extended: registers above 255 can be reached on it (not PCI_BUS_FLAGS_NO_EXTCFG)
 * @first:   busn_res.start
 * @last:    busn_res.end
 */
struct pg_sim_bus {
	uint16_t parent;
	uint16_t self;
	uint16_t devices;
	uint16_t last_device;
	uint8_t number;
	uint8_t primary;
	bool inserted;
	bool extended;
	int32_t first;
	int32_t last;
};

/**
 * struct pg_sim_frame - one level of pci_scan_child_bus_extend(), with its current call of
 * pci_scan_bridge_extend()
 * @bus:       the bus being scanned
 * @available: available_buses
 * @used:      used_buses
 * @start:     bus->busn_res.start when the scan of the bus began
 * @max:       the highest bus number so far
 * @before:    cmax: max before the current bridge
 * @normal:    normal_bridges
 * @hotplug:   hotplug_bridges
 * @pass:      0 or 1
 * @device:    the current bridge, PG_NONE after the last one
 * @child:     the bus behind that bridge while it is being scanned, else PG_NONE
 * @kept:      that bridge keeps its numbers
 * @unsure:    index of a function for which Linux reserves an unknown number of bus numbers, so
 * that the counts above may be wrong; else PG_NONE
 * @subordinate: the subordinate number of that bridge, if @kept
 * @end:       the last number that is kept for this bus, or for the nearest bus above with kept
 * numbers
 * @ranged:    numbers are kept for this bus: it is a root bus, or below a bridge that keeps its own
 * @unknown, @unseen: the same fields of the simulation when the scan of this bus began; valid if
 * @ranged
 * @fixed:     that bridge's fixed last bus number, or 0
 */
struct pg_sim_frame {
	uint32_t available;
	uint32_t used;
	uint32_t start;
	uint32_t max;
	uint32_t before;
	uint32_t normal;
	uint32_t hotplug;
	uint32_t unseen;
	uint16_t bus;
	uint16_t device;
	uint16_t child;
	uint8_t pass;
	uint8_t subordinate;
	uint8_t fixed;
	uint8_t end;
	bool kept;
	bool ranged;
	bool unknown;
	uint16_t unsure;
};

/**
 * struct pg_simulation - the next kernel's scan of one segment, and its machine
 * @topology:  the machine before the scan
 * @policy:    the next kernel's parsed command line
 * @segment:   the segment being scanned
 * @steps:     one for each function of the topology; they hold the current bus numbers of
 * bridges
 * @devices:   the devices found
 * @nr_devices: length of @devices
 * @buses:     the buses
 * @nr_buses:  length of @buses
 * @by_number: index of the bus that has a number, PG_NONE if there is none
 * @frames:    the levels of the recursion
 * @depth:     number of levels in use
 * @work:      number of steps in all segments; each device, bridge or bus that is visited is one
 * @unknown:   the topology lacks something that the result depends on: the functions on a bus, or
 * the values that a register accepts. Functions found from now on are not certain. Cleared when the
 * scan of a bus with a kept range ends and the range suffices
 * @incomplete: @unknown was set at some time in this segment
 * @unseen:    upper bound of the numbers that the next kernel may have assigned because of @unknown
 * since the bus with the kept range was entered
 * @doubted:   index of the first function that caused @unknown, PG_NONE if there is none
 * @unvisited: the last bridge that pg_sim_route_bus() reached
 * @overrun:   a bridge with an unknown number of buses below has lower numbers than a sibling, so
 * its range may finally overlap that of the sibling
 * @exhausted: PG_OK, or why the simulation ends early and predicts nothing more. PG_BUS_EXHAUSTED:
 * there is no number or no memory for a bus, or Linux's scan does not end. PG_PLAN_BUDGET: too many
 * steps
 * @culprit:   index of the bridge at which the simulation ended, PG_NONE if at none
 */
struct pg_simulation {
	const struct pg_topology *topology;
	const struct pg_policy *policy;
	uint32_t segment;
	struct pg_step *steps;
	struct pg_sim_device devices[PG_SIM_DEVICES];
	uint32_t nr_devices;
	struct pg_sim_bus buses[PG_SIM_BUSES];
	uint32_t nr_buses;
	uint16_t by_number[256];
	struct pg_sim_frame frames[PG_SIM_BUSES];
	uint32_t depth;
	uint32_t work;
	enum pg_reason exhausted;
	uint16_t culprit;
	uint16_t doubted;
	uint16_t unvisited;
	bool unknown;
	bool incomplete;
	bool overrun;
	uint32_t unseen;
};

#define PG_BUS_NUMBERS 256u

/* An unvisited bus that is not in the record is assumed to need fewer bus numbers than this. */
#define PG_NUMBERS_TO_SPARE 64u

static inline const struct pg_function *pg_sim_function(const struct pg_simulation *sim,
							uint16_t index)
{
	return &sim->topology->functions[index];
}

/* True if two functions are on the same bus of the machine. */
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

static inline bool pg_sim_is_bridge(const struct pg_simulation *sim, uint16_t device)
{
	return pg_function_is_bridge(pg_sim_function(sim, sim->devices[device].function));
}

/*
 * pg_sim_route() - the index of the function that answers at @bus and @devfn now; PG_NONE if there
 * is none; PG_UNKNOWN if the secondary bus of the bridge ->unvisited was not visited.
 * pg_sim_route_bus() - the first function on @bus, by the same rules.
 */
uint16_t pg_sim_route(struct pg_simulation *sim, uint8_t bus, uint8_t devfn);
uint16_t pg_sim_route_bus(struct pg_simulation *sim, uint8_t bus);

/*
 * Adds a new bus: drivers/pci/probe.c, pci_alloc_child_bus(). PG_NONE if there is no memory for it.
 */
uint16_t pg_sim_add_bus(struct pg_simulation *sim, uint16_t parent, uint16_t self, int32_t number);

/* pci_bus_insert_busn_res() and pci_bus_update_busn_res_end() */
void pg_sim_insert(struct pg_simulation *sim, uint16_t bus, int32_t first, int32_t last);
void pg_sim_update_end(struct pg_simulation *sim, uint16_t bus, int32_t last);

/* pci_find_bus(). As in Linux, only the lower 8 bits of @number count. */
uint16_t pg_sim_find_bus(const struct pg_simulation *sim, int32_t number);

/**
 * struct pg_sim_numbers - register 0x18 of a bridge
 */
struct pg_sim_numbers {
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
};

/*
 * pg_sim_bridge_at() - the bridge that answers now at the address that Linux has for @device. The
 * other functions read and write the bus numbers of that bridge.
 */
uint16_t pg_sim_bridge_at(struct pg_simulation *sim, uint16_t device);
struct pg_sim_numbers pg_sim_read_numbers(struct pg_simulation *sim, uint16_t device);
void pg_sim_write_numbers(struct pg_simulation *sim, uint16_t device, uint8_t primary,
			  uint8_t secondary, uint8_t subordinate);
void pg_sim_write_subordinate(struct pg_simulation *sim, uint16_t device, uint8_t subordinate);

/*
 * pg_sim_doubt() - notes that the topology lacks a fact about the function @index, and that any
 * number of bus numbers may depend on it.
 */
void pg_sim_doubt(struct pg_simulation *sim, uint16_t index);

/*
 * pg_sim_doubt_unvisited() - the same for a request that was forwarded to @sim->unvisited, a bridge
 * whose secondary bus the scan did not visit. The record may have the number of bus numbers that
 * are needed there. A kernel that finds more devices (pci=pcie_scan_all), or virtual functions
 * elsewhere (pci=noari), may need more.
 */
void pg_sim_doubt_unvisited(struct pg_simulation *sim);

/*
 * pg_sim_leave_range() - ends the scan of a bus that keeps a range of numbers, up to @frame->end.
 * The simulation has assigned the numbers up to @max. If the rest of the range suffices for the
 * hidden part, no bus outside the range depends on the hidden part.
 */
void pg_sim_leave_range(struct pg_simulation *sim, const struct pg_sim_frame *frame, uint32_t max);

/*
 * pg_sim_note_overrun() - notes that a bridge may take numbers of bridges that were scanned before,
 * if it needs more than expected. This happens only if Enhanced Allocation lowers the count:
 * otherwise new numbers are above all kept numbers of the bus.
 */
void pg_sim_note_overrun(struct pg_simulation *sim, const struct pg_sim_frame *frame);

/*
 * pg_sim_scan_slots() - pci_scan_slot() for all slots. Devices that are already known on the bus do
 * not change. If the scan read only device 0 behind a link, and Linux does not treat the bus as
 * behind a link, the other devices are unknown.
 */
void pg_sim_scan_slots(struct pg_simulation *sim, uint16_t bus_index);

/*
 * pg_sim_is_hotplug_bridge() - dev->is_hotplug_bridge: set_pcie_hotplug_bridge(), which accepts a
 * slot only at a downstream port.
 */
bool pg_sim_is_hotplug_bridge(const struct pg_simulation *sim, uint16_t device);

/*
 * pg_sim_sriov_buses() - pci_iov_bus_range(). If the result is not known, @unsure is set to the
 * function that is the cause.
 */
uint32_t pg_sim_sriov_buses(const struct pg_simulation *sim, uint16_t bus_index, uint16_t *unsure);

/*
 * pg_sim_available_buses() - how many buses the second pass offers to the current bridge of @frame.
 * As in Linux, the arithmetic is unsigned and may underflow.
 */
uint32_t pg_sim_available_buses(const struct pg_simulation *sim, const struct pg_sim_frame *frame);

/*
 * pg_sim_max_with_reserve() - the end of pci_scan_child_bus_extend(): the highest number of the
 * bus, with the reserve of a hotplug bridge.
 */
uint32_t pg_sim_max_with_reserve(const struct pg_simulation *sim, const struct pg_sim_frame *frame);

/*
 * pg_sim_cardbus_reserve() - how many numbers after @max a CardBus bridge reserves for cards with
 * bridges.
 */
uint32_t pg_sim_cardbus_reserve(const struct pg_simulation *sim, uint16_t bus_index, uint32_t max);

/*
 * pg_sim_scan_bridge() - the part of pci_scan_bridge_extend() before it scans the bus behind the
 * current bridge of @frame.
 * pg_sim_end_bridge() - the part after that scan, which ended with the bus number @max.
 */
void pg_sim_scan_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t available);
void pg_sim_end_bridge(struct pg_simulation *sim, struct pg_sim_frame *frame, uint32_t max);

/*
 * pg_sim_enter_bus() - the part of pci_scan_child_bus_extend() before its first pass over the
 * bridges. @range_end is the last of the numbers that are kept for the bus, 0 if there are none.
 */
void pg_sim_enter_bus(struct pg_simulation *sim, uint16_t bus_index, uint32_t available,
		      uint8_t range_end);

/*
 * pg_simulate() - simulates the next kernel's scan of @segment. Afterwards @sim holds the devices
 * that the scan found, and @steps the final numbers of the segment's bridges. Before the call,
 * @steps must hold their current numbers. @sim->work is not reset.
 */
void pg_simulate(struct pg_simulation *sim, const struct pg_topology *topology,
		 const struct pg_policy *policy, uint32_t segment, struct pg_step *steps);

#endif
