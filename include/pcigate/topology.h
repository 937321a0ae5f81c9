/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * topology.h - second room: what the hardware says now: the recorded functions, and the bridges of
 * their segments.
 */
#ifndef PCIGATE_TOPOLOGY_H
#define PCIGATE_TOPOLOGY_H

#include <pcigate/bdf.h>
#include <pcigate/config.h>
#include <pcigate/port.h>
#include <pcigate/reason.h>
#include <pcigate/record.h>

/* In place of an index: there is none. */
#define PG_NONE 0xffffu

/*
 * In place of a number of buses: the registers do not tell, and the record does not know the
 * function.
 */
#define PG_SRIOV_UNKNOWN 0xffu

/**
 * enum pg_presence - what came back when a function was asked
 * @PG_PRESENT:    it answered
 * @PG_ABSENT:     all ones: nothing answers there
 * @PG_NOT_READY:  it asked for more time until the gate stopped waiting
 * @PG_NO_WINDOW:  no window leads there
 * @PG_UNREADABLE: the access failed
 * @PG_UNREACHED:  not asked: no path of bridges leads to its bus
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
 * enum pg_port - what the PCI Express capability of a bridge says it is (PCI Express Base 7.5.3.2),
 * as far as it matters
 * @PG_PORT_OTHER:      no PCI Express capability, or a type that is none of the others
 * @PG_PORT_UPSTREAM:   upstream port of a switch
 * @PG_PORT_DOWNSTREAM: downstream port of a switch
 * @PG_PORT_LINK:       root port, or bridge from PCI to PCI Express: there is a link below, with
 * device 0 only
 */
enum pg_port {
	PG_PORT_OTHER,
	PG_PORT_UPSTREAM,
	PG_PORT_DOWNSTREAM,
	PG_PORT_LINK,
};

/*
 * What a port is that claims to be @port, below one that acts as @above. Linux sees that two of a
 * kind in a row cannot be, but sets the type that it puts in place in the wrong bits
 * (set_pcie_port_type() in 7.2 and 7.3): what is left is type 0, an endpoint, which is neither.
 */
static inline uint8_t pg_port_corrected(uint8_t port, uint8_t above)
{
	if (port == PG_PORT_DOWNSTREAM && (above == PG_PORT_DOWNSTREAM || above == PG_PORT_LINK))
		return PG_PORT_OTHER;
	if (port == PG_PORT_UPSTREAM && above == PG_PORT_UPSTREAM)
		return PG_PORT_OTHER;
	return port;
}

/*
 * A port with a link below it, where there is only device 0 (pcie_downstream_port() and
 * only_one_child() of Linux).
 */
static inline bool pg_port_is_downstream(uint8_t port)
{
	return port == PG_PORT_DOWNSTREAM || port == PG_PORT_LINK;
}

/**
 * struct pg_extended - offsets of the extended capabilities that matter, in units of 4 bytes; 0 for
 * those that are not there
 */
struct pg_extended {
	uint32_t sriov : 10;
	uint32_t ari : 10;
	uint32_t serial : 10;
} __attribute__((packed, aligned(2)));

/* The byte offset of a register @reg of an extended capability that begins at @dword. */
static inline uint16_t pg_extended_register(uint32_t dword, uint32_t reg)
{
	return (uint16_t)(dword * 4 + reg);
}

/**
 * struct pg_hardware - what a function answered; 0 unless @presence is PG_PRESENT
 * @id:          vendor ID 15..0 and device ID 31..16; 0 where only its header was read
 * @extended:    offsets of its extended capabilities; valid with @extended_read
 * @capability:  for bridges: offset of the PCI Express capability, 0 if it has none
 * @primary:     for bridges, register 0x18
 * @secondary:   for bridges, register 0x19
 * @subordinate: for bridges, register 0x1a
 * @fixed_secondary: for bridges with Enhanced Allocation, the bus number that is fixed below it,
 * else 0
 * @fixed_subordinate: the last fixed one
 * @ari_next:    the next function number that its ARI capability names
 * @presence:    enum pg_presence
 * @header:      header layout (PG_HEADER_*)
 * @port:        for bridges, enum pg_port as the PCI Express capability has it
 * @multifunction: header type bit 7
 * @extended_read: the list of extended capabilities was read
 * @unread:      a register that would tell what it has could not be read: what was not found may be
 * there
 * @port_read:   the PCI Express capability was read: @capability, @port, @slot and @from_pci are
 * valid
 * @from_pci:    for bridges: from PCI to PCI Express, one of the two kinds of PG_PORT_LINK
 * @slot:        for bridges: the PCI Express capability says that a slot is implemented
 * @hotplug:     for bridges: its slot is capable of hotplug
 * @ari_read:    for bridges: @ari_forward and @ari_on are valid
 * @ari_forward: for bridges: ARI forwarding can be switched on
 * @ari_on:      for bridges: it is switched on
 * @ari:         it has an ARI capability, as far as the scan looked for that
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
 * @refcount:    of Linux's record, 0 where the function is not in it
 * @unseen:      for bridges that were not visited: how many bus numbers the bridge and what is
 * below it may need: 1 if there are only devices on the bus behind it; 0 if the record does not
 * tell
 * @recorded:    Linux's record names it
 * @device:      pcigate's own record says that it is a device, not a bridge
 * @untranslated: pcigate's own record says that no IOMMU translates its DMA, or that it is a bridge
 * @listed:      for bridges: pcigate's own record has a bridge with this address
 * @link:        for bridges @listed: behind it there is a link, with device 0 only
 * @no_slots:    for bridges @listed: nothing can come to the bus behind it
 * @ari_recorded: for bridges @listed: ARI forwarding was enabled
 * @sriov_recorded: pcigate's own record tells how many buses its virtual functions reach to
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
 * struct pg_result - what the scan concluded from both
 * @culprit:     index of the bridge that keeps requests from it: for a bridge that answers, another
 * one on the same bus with a range that overlaps; for a recorded function that is PG_UNREACHED, the
 * bridge that led to it and does no longer (it may be absent, or no bridge now). PG_NONE if there
 * is none, or if the scan cannot tell
 * @sriov_buses: for functions that are no bridges: how many buses behind its own its virtual
 * functions reach to, 0 for none, PG_SRIOV_UNKNOWN if the scan cannot tell
 * @acts_as:     for bridges, the port after Linux's correction: two ports of one kind in a row
 * cannot be (set_pcie_port_type())
 * @port_settled: @acts_as takes the ports above into account
 * @reached:     its bus was visited: it is below one of the root buses
 * @visited:     for bridges: the bus behind it was visited; if not, what is below is unknown (and
 * not "nothing")
 * @hidden:      it is recorded and answers, but Linux will not look for it (function 0 is missing,
 * or device 0 is the only one), or not understand the answer (a header layout that it does not
 * know)
 * @as_recorded: for bridges: pcigate's own record has a bridge with this address and this secondary
 * number
 * @different:   it answers, but is not what pcigate's own record says it was
 * @rerouted:    it answers, but behind other bridges than recorded
 * @ari_differs: ARI forwarding above it is not as recorded, and its function number depends on it
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
	bool ari_differs : 1;
};

/**
 * struct pg_function - a function that was recorded, or a bridge, or something else the plan
 * depends on
 * @at:      its address now (for recorded functions also its recorded address)
 * @parent:  index of the bridge above it, PG_NONE on a root bus
 * @sibling: index of the next function on its bus, in the order of devfn, PG_NONE at the end
 * @child:   for bridges: index of the first function below, PG_NONE if there is none
 * @hw:      what it answered; only reading changes it
 * @rec:     what the record says of it
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
 * @last:    the last bus number that its host bridge passes on
 * @child:   index of the first function on it, PG_NONE if there is none
 * @assumed: nobody names it as a root bus: something recorded answers there although no bridge
 * leads there
 * @no_slots: nothing can come to it: the kernel that wrote the record would know of a slot there
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
 * enum pg_field - what of a device's identity differs
 */
enum pg_field {
	PG_FIELD_ID,
	PG_FIELD_CLASS,
	PG_FIELD_REVISION,
	PG_FIELD_SUBSYSTEM,
	PG_FIELD_SERIAL,
};

/* So many devices that differ are told with what differs; there is no room for more. */
#define PG_MAX_DIFFERENCES 16u

/**
 * struct pg_difference - a device that is not what pcigate's own record says
 * @function: index of the device
 * @field:    the first field that differs
 * @was:      its value in the record
 * @now:      its value in configuration space; 0 for a serial number that is gone
 */
struct pg_difference {
	uint16_t function;
	enum pg_field field;
	uint64_t was;
	uint64_t now;
};

/**
 * struct pg_topology - the functions that were looked at
 * @nr:          number of functions
 * @nr_recorded: the first so many of them are the recorded ones, in the order of the record
 * @functions:   them; owned by the workspace
 * @nr_roots:    number of root buses
 * @roots:       the root buses, in the order in which Linux scans them
 * @nr_differences: number of @differences
 * @differences: what differs of the first devices that are not what was recorded
 * @everything:  all functions were read, not only the bridges
 * @undecided:   the bridges do not decide: everything has to be read
 * @reads:       how many times configuration space was read
 */
struct pg_topology {
	uint32_t nr;
	uint32_t nr_recorded;
	const struct pg_function *functions;
	uint32_t nr_roots;
	struct pg_root roots[PG_MAX_ROOTS];
	uint32_t nr_differences;
	struct pg_difference differences[PG_MAX_DIFFERENCES];
	bool everything;
	bool undecided;
	uint64_t reads;
};

/*
 * The index of the root bus above a function that was reached; topology->nr_roots if the topology
 * has none for it.
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
static inline bool pg_function_is_bridge(const struct pg_function *function)
{
	return function->hw.presence == PG_PRESENT && (function->hw.header == PG_HEADER_BRIDGE ||
						       function->hw.header == PG_HEADER_CARDBUS);
}

/* A bridge that forwards configuration requests to @bus, whatever Linux thinks of its numbers. */
static inline bool pg_function_forwards(const struct pg_function *function, uint8_t bus)
{
	return pg_function_is_bridge(function) &&
	       pg_numbers_claim(function->hw.secondary, function->hw.subordinate, bus);
}

/*
 * pg_find_recorded() - the index of the recorded function with the address @at, which is that of
 * its judgement too; PG_NONE if there is none. pg_record_find() answers the same before the plan is
 * made, which reuses the memory of the record's entries.
 */
uint16_t pg_find_recorded(const struct pg_topology *topology, struct pg_bdf at);

/* pg_find_function() - the same for any function of the topology, recorded or not. */
uint16_t pg_find_function(const struct pg_topology *topology, struct pg_bdf at);

/* What pg_scan() is to do, or-ed. */
#define PG_SCAN_EVERYTHING 1u  /* read every function of the segments that the record names */
#define PG_SCAN_ALL_DEVICES 2u /* behind links, too: pci=pcie_scan_all */
#define PG_SCAN_NO_ARI 4u      /* function numbers above 7 are not looked for: pci=noari */
#define PG_SCAN_NO_EXTENDED                                                                        \
	8u /* no register above 255: ARI forwarding is switched off: pci=nommconf */

/*
 * pg_scan() - reads what the plan for @record needs from configuration space.
 *
 * Without PG_SCAN_EVERYTHING in @flags: the recorded functions, and all bridges of their segments,
 * as the next kernel will find them. Where pcigate's own record lists all bridges, only these are
 * asked, and the places to which something can have come since. If all bridges keep their numbers,
 * that is enough to say that all functions keep their address. Where something is in the way
 * (pg_plan_needs_everything()), or where the bridges are not those of the record (->undecided),
 * every function of the segments that the record names has to be read.
 *
 * Bridges are followed where hardware leads, also where Linux would not keep their numbers; whether
 * it keeps them is the plan's matter. Every bus is visited once at most. What a device answers is
 * never an error here: it is noted in its pg_function. @functions has room for @capacity; one too
 * many is PG_WORKSPACE_FULL. What else can be wrong with the scan as a whole is a bus that cannot
 * be searched (PG_CONFIG_UNREADABLE).
 *
 * Where the record does not tell the root buses, the first bus of a segment's window is taken for
 * one, and so is a recorded bus that answers although no bridge leads to it, where the record would
 * name such a bridge (version 2) and none of those it names is out of order.
 */
enum pg_reason pg_scan(const struct pg_config *config, const struct pg_record *record,
		       unsigned int flags, struct pg_function *functions, uint32_t capacity,
		       struct pg_topology *topology, struct pg_finding *finding);

/*
 * pg_scan_details() - reads what decides about the numbers of bridges that get new ones: slots
 * capable of hotplug, fixed numbers, SR-IOV. Needed only if there is such a bridge. @functions is
 * the array that pg_scan() filled.
 */
void pg_scan_details(const struct pg_config *config, const struct pg_record *record,
		     struct pg_function *functions, struct pg_topology *topology);

/*
 * pg_scan_identities() - compares the devices with pcigate's own record, if there is one: sets
 * ->device, ->different,
 * ->rerouted, ->ari_differs and ->untranslated.
 */
void pg_scan_identities(const struct pg_config *config, const struct pg_record *record,
			struct pg_function *functions, struct pg_topology *topology);

#endif
