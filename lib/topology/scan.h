/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * scan.h - the state that the parts of the scan share, and their functions.
 */
#ifndef PCIGATE_TOPOLOGY_SCAN_H
#define PCIGATE_TOPOLOGY_SCAN_H

#include "reader.h"

#define PG_BUSES 256u
#define PG_DEVICES 32u
#define PG_DEVICE_FUNCTIONS 8u

struct pg_bus_set {
	uint32_t bits[PG_BUSES / 32];
};

static inline bool pg_bus_set_has(const struct pg_bus_set *set, uint8_t bus)
{
	return set->bits[bus / 32] >> bus % 32 & 1;
}

static inline void pg_bus_set_add(struct pg_bus_set *set, uint8_t bus)
{
	set->bits[bus / 32] |= 1u << bus % 32;
}

/* struct pg_listed - a bridge that pcigate's own record lists: see struct pg_gate_bridge */
struct pg_listed {
	uint8_t secondary;
	bool ari : 1;
	bool link : 1;
	bool no_slots : 1;
	bool cardbus : 1;
};

/**
 * struct pg_scan_state - the state of the scan; one segment at a time
 * @reader:    config space, counted
 * @record:    the recorded functions
 * @topology:  the result
 * @functions: its functions: first the recorded ones, then the others in the order in which they
 * were found
 * @capacity:  size of @functions
 * @segment:   the segment being scanned
 * @begin:     its first entry in the record
 * @end:       the entry after its last one
 * @everything: read every function, not only the bridges
 * @all_devices: scan all devices behind links as well
 * @no_ari:     the next kernel does not use ARI
 * @no_extended: the next kernel reads no register above 255
 * @may_keep_ari: the next kernel may keep ARI forwarding of preserved bridges as it is
 * @brief:      PG_SCAN_BRIEF
 * @complete:   pcigate's own record has every bridge that the next kernel will find, unless the
 * machine has changed
 * @last:       the last bus that can be reached
 * @bridges_before: the node before that of the segment's first recorded bridge
 * @bridges_on: for each bus of @listed_on, the node before that of its first recorded bridge
 * @listed_on:  buses on which the record has bridges
 * @near:      the recorded function that was looked up last
 * @queued:    buses that were visited or are queued, so that none is visited twice
 * @queue:     bridges whose bus is to be visited, in the order they were found
 * @queue_length: length of @queue
 * @finding:   gets the finding if the scan fails
 */
struct pg_scan_state {
	struct pg_reader reader;
	const struct pg_record *record;
	struct pg_topology *topology;
	struct pg_function *functions;
	uint32_t capacity;
	uint32_t segment;
	uint32_t begin;
	uint32_t end;
	uint32_t near;
	bool everything;
	bool all_devices;
	bool no_ari;
	bool no_extended;
	bool may_keep_ari;
	bool brief;
	bool complete;
	uint8_t last;
	int bridges_before;
	int bridges_on[PG_BUSES];
	struct pg_bus_set listed_on;
	struct pg_bus_set queued;
	uint16_t queue[PG_BUSES];
	uint32_t queue_length;
	struct pg_finding *finding;
};

/**
 * struct pg_place - a bus that is being visited
 * @root:   index of the root bus above it, or of itself
 * @parent: the bridge above it, PG_NONE for a root bus
 * @last:   the function that was linked last, PG_NONE before the first
 * @number: its bus number
 * @recorded: its first recorded function, or one of another bus
 * @nr_listed: number of bridges on it that the record lists
 * @listed: their device and function numbers
 * @bridges: the bridges, by device and function number; only those in @listed are set
 */
struct pg_place {
	uint16_t root;
	uint16_t parent;
	uint16_t last;
	uint8_t number;
	uint32_t recorded;
	uint32_t nr_listed;
	struct pg_bus_set listed;
	struct pg_listed bridges[PG_DEVICES * PG_DEVICE_FUNCTIONS];
};

/* functions.c */

/* pg_scan_find_recorded() - the recorded function of the segment at this address, or PG_NONE. */
uint16_t pg_scan_find_recorded(struct pg_scan_state *scan, uint8_t bus, uint8_t devfn);

/* pg_scan_id() - reads the ID at @function->at into ->hw.id. */
enum pg_presence pg_scan_id(struct pg_scan_state *scan, struct pg_function *function);

/* pg_scan_header() - reads the header layout of @function and, of a bridge, its bus numbers. */
enum pg_access pg_scan_header(struct pg_scan_state *scan, struct pg_function *function);

/* pg_scan_is_function() - true if the function answered, and Linux knows its header layout. */
bool pg_scan_is_function(const struct pg_function *function);

/* pg_scan_recorded() - reads the recorded functions on a bus, and sets @place->recorded. */
void pg_scan_recorded(struct pg_scan_state *scan, struct pg_place *place);

/* pg_scan_bus() - searches a bus, and links the functions to @place. */
enum pg_reason pg_scan_bus(struct pg_scan_state *scan, struct pg_place *place);

/* ari.c */

/* pg_scan_is_found() - true if the next kernel finds a recorded function that answers now. */
bool pg_scan_is_found(struct pg_scan_state *scan, const struct pg_place *place,
		      struct pg_function *function);

/*
 * pg_scan_ari_chain() - adds the functions of the ARI chain of a bus to @devfns. @link is function
 * 0 of the bus.
 */
void pg_scan_ari_chain(struct pg_scan_state *scan, const struct pg_place *place,
		       struct pg_function *link, struct pg_bus_set *devfns);

/* listed.c */

/* pg_scan_find_listed() - sets ->bridges_before and ->bridges_on for the segment. */
void pg_scan_find_listed(struct pg_scan_state *scan);

/* pg_scan_read_listed() - reads the bridges that the record has on a bus. */
void pg_scan_read_listed(struct pg_scan_state *scan, struct pg_place *place);

/*
 * pg_scan_compare_bridges() - compares the bridges on a bus, the first of which is @index, with
 * those that the record lists.
 */
void pg_scan_compare_bridges(struct pg_scan_state *scan, const struct pg_place *place,
			     uint16_t index);

/*
 * pg_scan_mark_overlaps() - sets ->result.culprit of overlapping bridges among the bridges on a
 * bus, the first of which is @first.
 */
void pg_scan_mark_overlaps(struct pg_scan_state *scan, uint16_t first);

/*
 * pg_scan_buses_as_recorded() - true if every bus was reached on which the record has bridges, and
 * no bridge's range includes another root bus.
 */
bool pg_scan_buses_as_recorded(const struct pg_scan_state *scan);

/* roots.c */
enum pg_reason pg_scan_add_root(struct pg_scan_state *scan, const struct pg_record_root *recorded,
				bool assumed);
enum pg_reason pg_scan_find_roots(struct pg_scan_state *scan, uint8_t last);

/* suspect.c: sets ->result.culprit of a recorded function that was not reached. */
void pg_scan_name_suspect(struct pg_scan_state *scan, struct pg_function *function);

/* scan.c: scans a root bus, and all buses below it that hardware forwards to. */
enum pg_reason pg_scan_below_root(struct pg_scan_state *scan, uint16_t root);

#endif
