/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate_nodes.h - properties of the nodes of pcigate's own KHO entry.
 */
#ifndef PCIGATE_RECORD_GATE_NODES_H
#define PCIGATE_RECORD_GATE_NODES_H

#include <pcigate/gate_fdt.h>
#include <pcigate/record.h>

/*
 * pg_gate_cells() - reads the cells of a property; false if it is absent or not exactly @nr cells
 * long.
 * pg_gate_optional_cells() - the same for an optional property: if it is absent, @cells is
 * unchanged.
 */
bool pg_gate_cells(const void *fdt, int node, const char *name, uint32_t *cells, int nr);
bool pg_gate_optional_cells(const void *fdt, int node, const char *name, uint32_t *cells, int nr);

/* pg_gate_bad_node() - notes a malformed node by its name. */
enum pg_reason pg_gate_bad_node(const struct pg_gate_fdt *own, int node, const char *field,
				struct pg_finding *finding);

#endif
