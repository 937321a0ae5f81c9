/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate_nodes.h - properties of the nodes of pcigate's own KHO entry.
 */
#ifndef PCIGATE_RECORD_GATE_NODES_H
#define PCIGATE_RECORD_GATE_NODES_H

#include <pcigate/fdt.h>
#include <pcigate/gate_fdt.h>
#include <pcigate/record.h>

/* The properties of the nodes below /host-bridges, /devices, /bridges and /sriov. */
enum pg_gate_name {
	PG_GATE_REG,
	PG_GATE_ID,
	PG_GATE_CLASS,
	PG_GATE_REVISION,
	PG_GATE_SUBSYSTEM,
	PG_GATE_SERIAL,
	PG_GATE_PATH,
	PG_GATE_DMA_TRANSLATED,
	PG_GATE_BUS_NUMBERS,
	PG_GATE_PRESERVED,
	PG_GATE_ARI,
	PG_GATE_LINK,
	PG_GATE_NO_SLOTS,
	PG_GATE_CARDBUS,
	PG_GATE_BUSES,
	PG_GATE_SEGMENT,
	PG_GATE_BUS_RANGE,
	PG_GATE_ECAM,
	PG_GATE_NAMES
};

static inline bool pg_gate_has(const struct pg_fdt_values *node, enum pg_gate_name name)
{
	return node->has >> name & 1;
}

/* pg_gate_read_node() - finds the properties of @node. @seen: for the walk over such nodes. */
void pg_gate_read_node(const void *fdt, int node, struct pg_fdt_seen *seen,
		       struct pg_fdt_values *values);

/*
 * pg_gate_cells() - reads the cells of a property; false if it is absent or not exactly @nr cells
 * long.
 * pg_gate_optional_cells() - the same for an optional property: if it is absent, @cells is
 * unchanged.
 */
static inline bool pg_gate_cells(const struct pg_fdt_values *node, enum pg_gate_name name,
				 uint32_t *cells, uint32_t nr)
{
	uint32_t i;

	if (!pg_gate_has(node, name) || node->len[name] != nr * 4)
		return false;
	for (i = 0; i < nr; i++)
		cells[i] = fdt32_ld(node->value[name] + i);
	return true;
}

static inline bool pg_gate_optional_cells(const struct pg_fdt_values *node, enum pg_gate_name name,
					  uint32_t *cells, uint32_t nr)
{
	return !pg_gate_has(node, name) || pg_gate_cells(node, name, cells, nr);
}

/* pg_record_read_pfs() - checks /physical-functions. Sets @record->pfs, ->nr_pfs and ->nr_vfs. */
enum pg_reason pg_record_read_pfs(struct pg_record *record, struct pg_finding *finding);

/* pg_gate_bad_node() - notes a malformed node by its name. */
enum pg_reason pg_gate_bad_node(const struct pg_gate_fdt *own, int node, const char *field,
				struct pg_finding *finding);

#endif
