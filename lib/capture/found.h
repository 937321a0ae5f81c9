/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * found.h - all PCI functions of a machine, with the facts of pcigate's own record.
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
 * @express:     it has a PCI Express capability
 * @integrated:  such a function exists only inside a root complex
 * @primary:     for bridges, its bus numbers
 * @secondary:   the same
 * @subordinate: the same
 * @acts_as:     for bridges: enum pg_port after Linux's correction (pg_port_corrected())
 * @ari:         for bridges: ARI forwarding is enabled
 * @has_vfs:     it has virtual functions, enabled or not
 * @sriov_buses: how many buses after its own its virtual functions extend to; 255 if the registers
 * do not show it
 * @translated:  1 if an IOMMU translates its DMA, 0 if not, negative if not known; functions_find()
 * sets it to -1
 * @identity:    its identity; of a bridge only IDs, class and revision
 */
struct found {
	struct pg_bdf at;
	uint16_t parent;
	uint8_t header;
	bool express;
	bool integrated;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	uint8_t acts_as;
	bool ari;
	bool has_vfs;
	uint8_t sriov_buses;
	int8_t translated;
	struct pg_identity identity;
};

/**
 * struct functions - all functions of a machine, in the order of their addresses
 * @nr:    length of @list
 * @list:  the functions
 * @reads: number of config reads
 * @error: the text that functions_find() returns
 */
struct functions {
	uint32_t nr;
	struct found *list;
	uint64_t reads;
	char error[160];
};

/*
 * functions_find() - finds all functions below the @nr_roots root buses, which must be sorted, as
 * Linux does. @functions->list has FUNCTIONS_MAX elements. Returns NULL, or a text with the error.
 */
const char *functions_find(const struct pg_config *config, const struct pg_record_root *roots,
			   uint32_t nr_roots, struct functions *functions);

/* functions_at() - the index of the function at @at, PG_NONE if there is none. */
uint32_t functions_at(const struct functions *functions, struct pg_bdf at);

static inline bool found_is_bridge(const struct found *found)
{
	return found->header == PG_HEADER_BRIDGE || found->header == PG_HEADER_CARDBUS;
}

#endif
