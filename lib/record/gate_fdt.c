// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate_fdt.c - reads pcigate's own KHO entry (docs/kho-fdt.md) and checks the tree as a whole.
 */
#include <pcigate/fdt.h>

#include "gate_nodes.h"

#define GATE_COMPATIBLE "pci-topology-v1"

/* 4,096 devices, 2,048 bridges and as many physical functions take about 2 MiB. */
#define GATE_SIZE_MAX (16u * 1024 * 1024)

/* Bytes of a configuration window for each bus (PCI Express Base 7.2.2). */
#define ECAM_BUS_SIZE (1u << 20)

static enum pg_reason read_roots(const struct pg_gate_fdt *own, int roots_node,
				 struct pg_record *record, struct pg_finding *finding)
{
	struct pg_fdt_seen seen = { 0 };
	int at;

	for (at = pg_fdt_first_child(own->fdt, roots_node); at >= 0;
	     at = pg_fdt_next_sibling(own->fdt, at)) {
		uint32_t segment, range[2], ecam[4] = { 0 }, buses;
		struct pg_fdt_values node;

		pg_gate_read_node(own->fdt, at, &seen, &node);
		if (!pg_gate_cells(&node, PG_GATE_SEGMENT, &segment, 1) ||
		    !pg_gate_cells(&node, PG_GATE_BUS_RANGE, range, 2) || range[0] > range[1] ||
		    range[1] > 0xff || !pg_gate_optional_cells(&node, PG_GATE_ECAM, ecam, 4) ||
		    ecam[2] || ecam[3] > 0x100 * ECAM_BUS_SIZE || ecam[3] % ECAM_BUS_SIZE ||
		    ((uint64_t)ecam[0] << 32 | ecam[1]) > ~(uint64_t)ecam[3])
			return pg_gate_bad_node(own, at, "pcigate/host-bridges node", finding);
		if (record->nr_roots == PG_MAX_ROOTS)
			return pg_note_count(finding, PG_WORKSPACE_FULL, "root buses: more than",
					     PG_MAX_ROOTS, own->pa);
		buses = range[1] - range[0] + 1;
		if (buses > ecam[3] / ECAM_BUS_SIZE)
			buses = ecam[3] / ECAM_BUS_SIZE;
		record->roots[record->nr_roots++] = (struct pg_record_root){
			.segment = segment,
			.first = (uint8_t)range[0],
			.last = (uint8_t)range[1],
			.ecam_buses = (uint16_t)buses,
			.ecam = (uint64_t)ecam[0] << 32 | ecam[1],
			.no_slots = pg_gate_has(&node, PG_GATE_NO_SLOTS),
		};
	}
	return PG_OK;
}

/*
 * Rejects an unreadable node: without it, the number of reserved buses, and so the plan, would be
 * wrong.
 */
static enum pg_reason check_sriov(const struct pg_gate_fdt *own, struct pg_finding *finding)
{
	struct pg_gate_sriov sriov = { .node = -1 };

	while (pg_gate_next_sriov(own, &sriov))
		;
	return sriov.node < 0 ? PG_OK
			      : pg_gate_bad_node(own, sriov.node, "pcigate/sriov node", finding);
}

/* The optional checksum covers the whole tree. */
static enum pg_reason check_crc(struct pg_gate_fdt *own, const struct pg_blob *blob,
				struct pg_finding *finding)
{
	const fdt32_t *cell;
	uint32_t crc, len;

	cell = pg_fdt_get(own->fdt, 0, "crc32c", &len);
	if (!cell)
		return PG_OK;
	if (len != 4)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT crc32c",
				    "not 4 bytes long", 17, blob->pa);
	own->crc = (uint32_t)((const uint8_t *)cell - (const uint8_t *)own->fdt);
	if (blob->checked)
		return PG_OK;
	crc = pg_gate_crc(own->fdt, blob->size, own->crc);
	if (crc != fdt32_ld(cell))
		return pg_note(finding, PG_RECORD_MALFORMED, "pcigate FDT crc32c", crc, blob->pa);
	return PG_OK;
}

/*
 * Finds what is below the root, the nodes in one walk, as the tree may be long. Of two nodes with
 * one name, the first counts. Returns the offset of /host-bridges, negative if there is none.
 */
static int find_parts(struct pg_gate_fdt *own)
{
	static const char names[][20] = { "host-bridges", "bridges", "devices",
					  "sriov",	  "answer",  "physical-functions" };
	int roots, node;
	int *const found[] = { &roots,	    &own->bridges, &own->devices,
			       &own->sriov, &own->answer,  &own->pfs };
	uint32_t i;

	own->complete = pg_fdt_get(own->fdt, 0, "complete", NULL);
	own->next_keeps = pg_fdt_get(own->fdt, 0, "next-keeps-bus-numbers", NULL);
	own->next_keeps_vfs = pg_fdt_get(own->fdt, 0, "next-keeps-virtual-functions", NULL);
	for (i = 0; i < PG_ARRAY_SIZE(names); i++)
		*found[i] = -1;
	for (node = pg_fdt_first_child(own->fdt, 0); node >= 0;
	     node = pg_fdt_next_sibling(own->fdt, node)) {
		for (i = 0; i < PG_ARRAY_SIZE(names); i++) {
			if (*found[i] < 0 &&
			    !strncmp(pg_fdt_name(own->fdt, node), names[i], sizeof(names[i])))
				*found[i] = node;
		}
	}
	return roots;
}

/* Notes the names of the first node below @parent. */
static void see_first(const void *fdt, int parent, struct pg_fdt_seen *seen)
{
	const int node = pg_fdt_first_child(fdt, parent);
	struct pg_fdt_values values;

	if (node >= 0)
		pg_gate_read_node(fdt, node, seen, &values);
}

enum pg_reason pg_record_read_gate_fdt(const struct pg_memory *memory, const struct pg_blob *blob,
				       struct pg_record *record, struct pg_finding *finding)
{
	struct pg_gate_fdt *own = &record->own;
	const char *compatible;
	enum pg_reason reason;
	uint32_t len;
	int err, roots;

	if (blob->size < sizeof(struct fdt_header) || blob->size > GATE_SIZE_MAX)
		return pg_note(finding, PG_RECORD_MALFORMED, "KHO FDT pci-topology/blob-size",
			       blob->size, 0);
	if (!blob->pa || blob->pa % 8)
		return pg_note(finding, PG_RECORD_MALFORMED, "KHO FDT pci-topology/preserved-data",
			       blob->pa, 0);
	own->fdt = pg_memory_map(memory, blob->pa, blob->size);
	if (!own->fdt)
		return pg_note(finding, PG_RECORD_OUTSIDE_MEMORY,
			       "KHO FDT pci-topology/preserved-data", blob->pa, 0);
	err = blob->checked ? 0 : pg_fdt_check(own->fdt, (size_t)blob->size);
	if (err) {
		const char *text = fdt_strerror(err);

		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT", text, strlen(text),
				    blob->pa);
	}
	compatible = pg_fdt_get(own->fdt, 0, "compatible", &len);
	if (!compatible || len != sizeof(GATE_COMPATIBLE) ||
	    memcmp(compatible, GATE_COMPATIBLE, len))
		return pg_note_text(finding, PG_RECORD_VERSION, "pcigate FDT compatible",
				    compatible ? compatible : "missing", compatible ? len : 8,
				    blob->pa);
	reason = check_crc(own, blob, finding);
	if (reason)
		return reason;

	own->pa = blob->pa;
	own->size = blob->size;
	roots = find_parts(own);
	if (own->bridges < 0 || own->devices < 0 || roots < 0)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT node missing",
				    roots < 0	       ? "host-bridges"
				    : own->bridges < 0 ? "bridges"
						       : "devices",
				    PG_FINDING_TEXT, blob->pa);
	own->present = true;
	see_first(own->fdt, own->bridges, &own->seen_bridge);
	see_first(own->fdt, own->devices, &own->seen_device);
	reason = read_roots(own, roots, record, finding);
	if (!reason)
		reason = check_sriov(own, finding);
	return reason ? reason : pg_record_read_pfs(record, finding);
}
