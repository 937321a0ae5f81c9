/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * found.h - every PCI function that is there now, and who it is. Reads config space through the
 * seam of the core, nothing else, so it runs on a capture as well.
 */
#ifndef PCIGATE_CAPTURE_FOUND_H
#define PCIGATE_CAPTURE_FOUND_H

#include <pcigate/gate_fdt.h>
#include <pcigate/plan.h>
#include <pcigate/record.h>
#include <pcigate/topology.h>

/* Functions that can be listed: as many as the core can judge. */
#define FUNCTIONS_MAX PG_MAX_RECORDED

/**
 * struct found - a function that answers
 * @at:          its address
 * @parent:      index of the bridge above it, PG_NONE on a root bus
 * @header:      header layout
 * @multifunction: bit 7 beside it
 * @primary:     for bridges, its bus numbers
 * @secondary:   the same
 * @subordinate: the same
 * @ari:         for bridges: ARI forwarding is on
 * @identity:    who it is
 */
struct found {
	struct pg_bdf at;
	uint16_t parent;
	uint8_t header;
	bool multifunction;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	bool ari;
	struct pg_identity identity;
};

/**
 * struct functions - all of them, in the order of their addresses
 * @nr:    how many
 * @list:  them
 * @full:  there are more than FUNCTIONS_MAX
 * @reads: how many times config space was read for this
 */
struct functions {
	uint32_t nr;
	struct found *list;
	bool full;
	uint64_t reads;
};

/*
 * functions_find() - walks all buses from the @nr_roots root buses down. @functions->list has room
 * for FUNCTIONS_MAX. No bus is walked twice.
 */
void functions_find(const struct pg_config *config, const struct pg_record_root *roots,
		    uint32_t nr_roots, struct functions *functions);

/* functions_at() - the index of the function at @at, PG_NONE if there is none. */
uint32_t functions_at(const struct functions *functions, struct pg_bdf at);

static inline bool found_is_bridge(const struct found *found)
{
	return found->header == PG_HEADER_BRIDGE || found->header == PG_HEADER_CARDBUS;
}

#endif
