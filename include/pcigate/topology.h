/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * topology.h - step scan: reads the recorded functions and the bridges of their segments.
 */
#ifndef PCIGATE_TOPOLOGY_H
#define PCIGATE_TOPOLOGY_H

#include <pcigate/bdf.h>
#include <pcigate/config.h>
#include <pcigate/port.h>
#include <pcigate/port_type.h>
#include <pcigate/reason.h>
#include <pcigate/record.h>
#include <pcigate/topology_vfs.h>

/* An index that names no function. */
#define PG_NONE 0xffffu

/* A number of buses that neither the registers nor the record show. */
#define PG_SRIOV_UNKNOWN 0xffu

/**
 * enum pg_presence - whether a function answered
 * @PG_PRESENT:    the function answered
 * @PG_ABSENT:     the read returned all ones: no function answers
 * @PG_NOT_READY:  the function was not ready at the end of the wait
 * @PG_NO_WINDOW:  no window covers its address
 * @PG_UNREADABLE: the access failed
 * @PG_UNREACHED:  not read: no path leads to its bus
 */
enum pg_presence {
	PG_PRESENT,
	PG_ABSENT,
	PG_NOT_READY,
	PG_NO_WINDOW,
	PG_UNREADABLE,
	PG_UNREACHED,
};

/**
 * struct pg_extended - offsets of extended capabilities in units of 4 bytes, 0 if absent
 */
struct pg_extended {
	uint32_t sriov : 10;
	uint32_t ari : 10;
	uint32_t serial : 10;
} __attribute__((packed, aligned(2)));

/**
 * struct pg_hardware - what was read from a function; 0 unless @presence is PG_PRESENT
 * @id:          vendor ID 15..0 and device ID 31..16; 0 if only its header was read
 * @extended:    offsets of its extended capabilities; valid with @extended_read
 * @capability:  for bridges: offset of the PCI Express capability, 0 if it has none
 * @primary:     for bridges, register 0x18
 * @secondary:   for bridges, register 0x19
 * @subordinate: for bridges, register 0x1a
 * @fixed_secondary: for bridges with Enhanced Allocation, the bus number that is fixed below it,
 * else 0
 * @fixed_subordinate: the last fixed one
 * @ari_next:    the next function number in its ARI capability
 * @presence:    enum pg_presence
 * @header:      header layout (PG_HEADER_*)
 * @port:        for bridges, enum pg_port as the PCI Express capability has it
 * @multifunction: header type bit 7
 * @extended_read: the list of extended capabilities was read
 * @unread:      a register that shows its capabilities could not be read, so a capability that was
 * not found may exist
 * @port_read:   the PCI Express capability was read: @capability, @port, @slot and @from_pci are
 * valid
 * @from_pci:    for bridges: a PCI to PCI Express bridge, one of the two kinds of PG_PORT_LINK
 * @slot:        for bridges: the PCI Express capability says that a slot is implemented
 * @hotplug:     for bridges: its slot is hotplug-capable
 * @ari_read:    for bridges: @ari_forward and @ari_on are valid
 * @ari_forward: for bridges: ARI forwarding is supported
 * @ari_on:      for bridges: ARI forwarding is enabled
 * @ari:         the scan looked for an ARI capability and found it
 * @vfs_enabled: its SR-IOV capability has VF Enable set
 */
struct pg_hardware {
	uint32_t id;
	struct pg_extended extended;
	uint8_t capability;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	uint8_t fixed_secondary;
	uint8_t fixed_subordinate;
	uint8_t ari_next;
	uint8_t presence : 3;
	uint8_t header : 2;
	uint8_t port : 2;
	bool multifunction : 1;
	bool extended_read : 1;
	bool unread : 1;
	bool port_read : 1;
	bool from_pci : 1;
	bool slot : 1;
	bool hotplug : 1;
	bool ari_read : 1;
	bool ari_forward : 1;
	bool ari_on : 1;
	bool ari : 1;
	bool vfs_enabled : 1;
} __attribute__((packed, aligned(2)));

/**
 * struct pg_recorded - what the record says of a function
 * @refcount:    refcount in Linux's record, 0 if the function is not in it
 * @unseen:      for bridges that were not visited: how many bus numbers may be needed
 * behind it (pg_record_numbers_below()): 1 if there are only devices; 0 if not known
 * @recorded:    the function is in Linux's record
 * @device:      pcigate's own record says that it is a device, not a bridge
 * @untranslated: pcigate's own record says that no IOMMU translates its DMA, or that it is a bridge
 * @listed:      for bridges: pcigate's own record has a bridge with this address
 * @link:        for bridges @listed: a link with only device 0 is below it
 * @no_slots:    for bridges @listed: no function can be added to its secondary bus
 * @ari_recorded: for bridges @listed: ARI forwarding was enabled
 * @sriov_recorded: pcigate's own record has the number of buses of its virtual functions
 */
struct pg_recorded {
	uint16_t refcount;
	uint8_t unseen;
	bool recorded : 1;
	bool device : 1;
	bool untranslated : 1;
	bool listed : 1;
	bool link : 1;
	bool no_slots : 1;
	bool ari_recorded : 1;
	bool sriov_recorded : 1;
};

/**
 * struct pg_result - what the scan concluded from hardware and record
 * @culprit:     index of the bridge that prevents requests from arriving. For a bridge that
 * answers: another bridge on the same bus whose range overlaps. For a recorded function that is
 * PG_UNREACHED: the bridge that led to it and no longer does (because the bridge is absent, or is
 * another function now). PG_NONE if there is none, or if the scan cannot determine the bridge
 * @sriov_buses: for functions that are no bridges: how many buses after its own its virtual
 * functions extend to; PG_SRIOV_UNKNOWN if not known
 * @acts_as:     for bridges, the port after Linux's correction (pg_port_corrected())
 * @port_settled: @acts_as takes the ports above into account
 * @reached:     its bus was visited, so it is below one of the root buses
 * @visited:     for bridges: its secondary bus was visited; if not, the functions below it are
 * unknown
 * @hidden:      it is recorded and answers, but Linux will not find it: function 0 is missing, or
 * Linux scans only device 0 on the bus, or Linux does not know the header layout
 * @as_recorded: for bridges: pcigate's own record has a bridge with this address and this secondary
 * number
 * @different:   it answers, but its identity is not that of pcigate's own record
 * @rerouted:    it answers, but behind other bridges than recorded
 * @preserved:   Live Update hands over its recorded address
 * @ari_differs: ARI forwarding above it is not as recorded, and its function number depends on it
 * @vfs_kept:    pcigate's own record has preserved virtual functions of it
 */
struct pg_result {
	uint16_t culprit;
	uint8_t sriov_buses;
	uint8_t acts_as : 2;
	bool port_settled : 1;
	bool reached : 1;
	bool visited : 1;
	bool hidden : 1;
	bool as_recorded : 1;
	bool different : 1;
	bool rerouted : 1;
	bool preserved : 1;
	bool ari_differs : 1;
	bool vfs_kept : 1;
};

/**
 * struct pg_function - a recorded function, a bridge, or another function that the plan
 * depends on
 * @at:      its address now (for recorded functions also its recorded address)
 * @parent:  index of the bridge above it, PG_NONE on a root bus
 * @sibling: index of the next function on its bus, in the order of devfn, PG_NONE at the end
 * @child:   for bridges: index of the first function below, PG_NONE if there is none
 * @hw:      what was read from it; only the scan writes it
 * @rec:     what the record says about it
 * @result:  what the scan concluded
 */
struct pg_function {
	struct pg_bdf at;
	uint16_t parent;
	uint16_t sibling;
	uint16_t child;
	struct pg_hardware hw;
	struct pg_recorded rec;
	struct pg_result result;
};

/**
 * struct pg_root - a root bus
 * @segment: its segment
 * @first:   its bus number
 * @last:    the last bus number behind its root bridge
 * @child:   index of the first function on it, PG_NONE if there is none
 * @assumed: it is not recorded as a root bus, but a recorded function answers there although no
 * bridge leads to it
 * @no_slots: no function can be added to it: the outgoing kernel found no slot there
 */
struct pg_root {
	uint32_t segment;
	uint8_t first;
	uint8_t last;
	uint16_t child;
	bool assumed;
	bool no_slots;
};

/**
 * enum pg_field - the field of an identity that differs
 */
enum pg_field {
	PG_FIELD_ID,
	PG_FIELD_CLASS,
	PG_FIELD_REVISION,
	PG_FIELD_SUBSYSTEM,
	PG_FIELD_SERIAL,
};

/* The differing field is reported for at most this many devices. */
#define PG_MAX_DIFFERENCES 16u

/**
 * struct pg_difference - a device that is not what pcigate's own record says
 * @function: index of the device
 * @field:    the first field that differs
 * @was:      its value in the record
 * @now:      its value in config space; 0 if the device has no serial number now
 */
struct pg_difference {
	uint16_t function;
	enum pg_field field;
	uint64_t was;
	uint64_t now;
};

/**
 * struct pg_topology - the functions that were read
 * @nr:          number of functions
 * @nr_recorded: number of recorded functions; they come first, in the order of the record
 * @functions:   the functions; owned by the workspace
 * @nr_roots:    number of root buses
 * @roots:       the root buses, in the order in which Linux scans them
 * @nr_differences: number of @differences
 * @differences: the first devices whose identity differs from the record
 * @everything:  all functions were read, not only the bridges
 * @brief:       the scan had PG_SCAN_BRIEF
 * @keeps_ari:   it had PG_SCAN_MAY_KEEP_ARI
 * @undecided:   the bridges alone do not decide, so every function has to be read
 * @reads:       number of config reads
 * @vfs:         what was read of virtual functions
 */
struct pg_topology {
	uint32_t nr;
	uint32_t nr_recorded;
	const struct pg_function *functions;
	uint32_t nr_roots;
	uint32_t nr_differences;
	bool everything;
	bool brief;
	bool keeps_ari;
	bool undecided;
	uint64_t reads;
	struct pg_root roots[PG_MAX_ROOTS];
	struct pg_difference differences[PG_MAX_DIFFERENCES];
	struct pg_topology_vfs vfs;
};

/*
 * pg_topology_clear() - zeroes @topology, but for what is valid only up to a number, and what
 * pg_scan_vfs() zeroes.
 */
static inline void pg_topology_clear(struct pg_topology *topology)
{
	memset(topology, 0, offsetof(struct pg_topology, roots));
	topology->vfs.differ = false;
	topology->vfs.nr_differences = 0;
}

/*
 * The index of the root bus above a function that was reached; topology->nr_roots if there is none.
 */
static inline uint32_t pg_root_of(const struct pg_topology *topology,
				  const struct pg_function *function)
{
	uint32_t i;

	while (function->parent != PG_NONE)
		function = &topology->functions[function->parent];
	for (i = 0; i < topology->nr_roots; i++) {
		if (topology->roots[i].segment == function->at.segment &&
		    topology->roots[i].first == function->at.bus)
			break;
	}
	return i;
}

/* A bridge that answered: to another PCI bus (header layout 1) or to CardBus (2). */
static inline __attribute__((always_inline)) bool
pg_function_is_bridge(const struct pg_function *function)
{
	return function->hw.presence == PG_PRESENT && (function->hw.header == PG_HEADER_BRIDGE ||
						       function->hw.header == PG_HEADER_CARDBUS);
}

/* A bridge that forwards config requests to @bus, whether Linux accepts its numbers or not. */
static inline bool pg_function_forwards(const struct pg_function *function, uint8_t bus)
{
	return pg_function_is_bridge(function) &&
	       pg_numbers_claim(function->hw.secondary, function->hw.subordinate, bus);
}

/*
 * pg_find_recorded() - the index of the recorded function with the address @at, which is also the
 * index of its judgement; PG_NONE if there is none. pg_record_find() works only before the plan,
 * which reuses the memory of the record's entries.
 */
uint16_t pg_find_recorded(const struct pg_topology *topology, struct pg_bdf at);

/* pg_find_function() - the same for any function of the topology, recorded or not. */
uint16_t pg_find_function(const struct pg_topology *topology, struct pg_bdf at);

/* Flags of pg_scan(). */
#define PG_SCAN_EVERYTHING 1u	 /* read every function of the segments that the record names */
#define PG_SCAN_ALL_DEVICES 2u	 /* behind links as well: pci=pcie_scan_all */
#define PG_SCAN_NO_ARI 4u	 /* function numbers above 7 are not scanned: pci=noari */
#define PG_SCAN_NO_EXTENDED 8u	 /* no register above 255, so no ARI: pci=nommconf */
#define PG_SCAN_MAY_KEEP_ARI 16u /* ARI forwarding of preserved bridges may stay as it is */
#define PG_SCAN_BRIEF 32u	 /* read only what shows that the machine is as recorded */

/*
 * pg_scan() - reads what the plan for @record needs from config space.
 *
 * Without PG_SCAN_EVERYTHING in @flags: the recorded functions, and all bridges of their segments,
 * as the next kernel will find them. If pcigate's own record lists all bridges, only these are
 * read, and the addresses where a function can have been added since. If all bridges keep their
 * numbers, all functions keep their address. If some do not (pg_plan_needs_everything()), or if the
 * bridges are not those of the record (->undecided), every function of the recorded segments has to
 * be read.
 *
 * With PG_SCAN_BRIEF, it reads ID and header layout of a recorded device, and header layout and bus
 * numbers of a listed bridge. The rest is assumed to be as recorded: see brief.h.
 *
 * The scan follows bridges as hardware forwards, also where Linux would not keep their numbers; the
 * plan decides that. It visits every bus at most once. Wrong values from a device are no error: its
 * pg_function shows them. @functions has @capacity elements; with more functions the result is
 * PG_WORKSPACE_FULL. For a bus that cannot be searched the result is PG_CONFIG_UNREADABLE or
 * PG_DEVICE_NOT_READY.
 *
 * If the record has no functions, its root buses, which are then sorted, determine the segments.
 *
 * If the root buses were not recorded, the first bus of a segment's window is assumed to be one. A
 * recorded bus that answers although no bridge leads to it is also assumed to be a root bus, unless
 * a recorded bridge that is lost may have led to it.
 */
enum pg_reason pg_scan(const struct pg_config *config, const struct pg_record *record,
		       unsigned int flags, struct pg_function *functions, uint32_t capacity,
		       struct pg_topology *topology, struct pg_finding *finding);

/*
 * pg_scan_details() - reads what determines new bus numbers: hotplug slots, fixed numbers, SR-IOV.
 * Needed only if a bridge gets new numbers. @functions is the array that pg_scan() filled.
 */
void pg_scan_details(const struct pg_config *config, const struct pg_record *record,
		     struct pg_function *functions, struct pg_topology *topology);

/*
 * pg_scan_identities() - compares the devices with pcigate's own record, if there is one: sets
 * ->device, ->different, ->rerouted, ->ari_differs and ->untranslated.
 */
void pg_scan_identities(const struct pg_config *config, const struct pg_record *record,
			struct pg_function *functions, struct pg_topology *topology);

#endif
