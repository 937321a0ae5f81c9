/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * topology.h - second room: what the hardware says now, along the paths that lead to the recorded functions.
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
 * struct pg_function - a function that was recorded, or a bridge met on the way
 * @at:          its address now (for recorded functions also its recorded address)
 * @presence:    what it answered; the fields below are 0 unless this is PG_PRESENT
 * @id:          vendor ID 15..0 and device ID 31..16; 0 for a bridge that was met only as a neighbour
 * @header:      header layout (PG_HEADER_*)
 * @multifunction: header type bit 7
 * @primary:     for bridges, register 0x18 now
 * @secondary:   for bridges, register 0x19 now
 * @subordinate: for bridges, register 0x1a now
 * @recorded:    the record names it
 * @refcount:    from the record, 0 where it is not recorded
 * @vfs_enabled: its SR-IOV capability has VF Enable set
 * @suspect:     for a recorded function whose presence is PG_UNREACHED: index of the only bridge that can have led to it
 *               and does no longer; PG_NONE if there is none, or more than one. It names the reason; the device is stopped
 *               with or without it
 * @parent:      index of the bridge above it, PG_NONE on a root bus
 * @overlap:     for bridges: index of another bridge on the same bus with a range that overlaps, or PG_NONE
 */
struct pg_function {
	struct pg_bdf at;
	uint32_t id;
	uint16_t refcount;
	uint16_t parent;
	uint16_t overlap;
	uint16_t suspect;
	uint8_t presence;
	uint8_t header;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	bool multifunction;
	bool recorded;
	bool vfs_enabled;
};

/**
 * struct pg_topology - the functions that were looked at
 * @nr:          number of functions
 * @nr_recorded: the first so many of them are the recorded ones, in the order of the record
 * @functions:   them; owned by the workspace
 * @reads:       how many times configuration space was read
 */
struct pg_topology {
	uint32_t nr;
	uint32_t nr_recorded;
	const struct pg_function *functions;
	uint64_t reads;
};

/* A bridge that answered: to another PCI bus (header layout 1) or to CardBus (2). */
static inline bool pg_function_is_bridge(const struct pg_function *function)
{
	return function->presence == PG_PRESENT &&
	       (function->header == PG_HEADER_BRIDGE || function->header == PG_HEADER_CARDBUS);
}

/* A bridge that forwards configuration requests to @bus, whatever Linux thinks of its numbers. */
static inline bool pg_function_forwards(const struct pg_function *function, uint8_t bus)
{
	return pg_function_is_bridge(function) && function->secondary && function->secondary <= bus &&
	       bus <= function->subordinate;
}

/*
 * pg_scan() - reads what the verdict on @record needs from configuration space, and no more.
 *
 * From each root bus down: a bus is searched for bridges only where a recorded function lies below one of them; recorded
 * functions are asked for their identity where they stand. Bridges are followed where their numbers lead, also
 * where Linux would not keep those; whether it keeps them is the plan's matter. Every bus is visited once at most.
 * @functions has room for @capacity; one too many is PG_WORKSPACE_FULL. What a device answers is never an error
 * here: it is noted in its pg_function. What can be wrong with the scan as a whole is a bus that cannot be searched
 * (PG_CONFIG_UNREADABLE).
 *
 * Without a list of the root buses, the first bus of a segment's window is taken for one, and so is a recorded bus
 * that answers although no bridge leads to it, where the record would name such a bridge (version 2).
 */
enum pg_reason pg_scan(const struct pg_config *config, const struct pg_record *record, struct pg_function *functions,
		       uint32_t capacity, struct pg_topology *topology, struct pg_finding *finding);

/**
 * struct pg_reader - config space with a counter; the scan's modules share it
 * @config:    the seam
 * @reads:     counts every call of @config->read
 * @waited_ms: spent so far on devices that were not ready; one budget for all of them, since they get ready side by side
 * @failed:    a read failed (PG_ACCESS_UNREADABLE) since the caller last cleared this: what the walks below did not find may
 *             be there all the same
 */
struct pg_reader {
	const struct pg_config *config;
	uint64_t reads;
	uint32_t waited_ms;
	bool failed;
};

enum pg_access pg_read(struct pg_reader *reader, struct pg_bdf at, uint16_t reg, uint32_t *value);

/*
 * pg_read_id() - reads the ID of @at, waiting as config.h says for a device that is not ready, and tells whether it is
 * there. @id is set if it is.
 */
enum pg_presence pg_read_id(struct pg_reader *reader, struct pg_bdf at, uint32_t *id);

/* pg_presence_of() - what the result of reading a register that is never all ones says about the function. */
enum pg_presence pg_presence_of(enum pg_access access);

/*
 * pg_find_capability() - walks the capability list of @at for @wanted (PCI Local Bus 3.0, 6.7). Returns the first dword of
 * the capability, whose upper half is its first 16 bits of content, or 0 if it has none.
 */
uint32_t pg_find_capability(struct pg_reader *reader, struct pg_bdf at, uint8_t wanted);

/*
 * pg_find_extended_capability() - the same for the extended list at 0x100 (PCI Express Base 7.6). @id_register is the
 * function's own ID, by which a bridge that shows ordinary registers again at 0x100 is recognised. Returns the offset
 * of the capability, or 0 if there is none.
 */
uint16_t pg_find_extended_capability(struct pg_reader *reader, struct pg_bdf at, uint32_t id_register,
				     uint16_t wanted);

#endif
