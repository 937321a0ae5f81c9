// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate_vfs.c - the physical functions in pcigate's own KHO entry whose virtual functions are
 * preserved: /physical-functions.
 */
#include <pcigate/registers.h>

#include "gate_nodes.h"

/* The cells of a node with a fixed number of cells, in the order of the tree. */
enum cell {
	CELL_SEGMENT,
	CELL_BDF,
	CELL_VENDOR,
	CELL_DEVICE,
	CELL_CONTROL,
	CELL_INITIAL,
	CELL_TOTAL,
	CELL_NUMBER,
	CELL_OFFSET,
	CELL_STRIDE,
	CELL_VF_DEVICE,
	CELL_LAST_BUS,
	CELL_RESERVED_BUS,
	CELL_16_BITS, /* the cells before this one, but for the segment, hold 16 bits */
	CELL_PAGE_SIZE = CELL_16_BITS,
	CELL_BARS,
	CELL_BAR_SIZES = CELL_BARS + PG_VF_BARS,
	CELL_COUNT = CELL_BAR_SIZES + PG_VF_BARS
};

static bool read_cells(const void *fdt, int node, uint32_t cells[CELL_COUNT])
{
	static const struct {
		char name[16];
		uint8_t first;
		uint8_t nr;
	} properties[] = {
		{ "reg", CELL_SEGMENT, 2 },
		{ "id", CELL_VENDOR, 2 },
		{ "control", CELL_CONTROL, 1 },
		{ "initial-vfs", CELL_INITIAL, 1 },
		{ "total-vfs", CELL_TOTAL, 1 },
		{ "num-vfs", CELL_NUMBER, 1 },
		{ "offset-stride", CELL_OFFSET, 2 },
		{ "vf-device-id", CELL_VF_DEVICE, 1 },
		{ "last-bus", CELL_LAST_BUS, 1 },
		{ "page-size", CELL_PAGE_SIZE, 1 },
		{ "vf-bars", CELL_BARS, PG_VF_BARS },
		{ "reserved-bus", CELL_RESERVED_BUS, 1 },
		/* The next kernel needs the sizes; no register shows them. */
		{ "vf-bar-sizes", CELL_BAR_SIZES, PG_VF_BARS },
	};
	const fdt32_t *value;
	uint32_t i, j, len;

	for (i = 0; i < PG_ARRAY_SIZE(properties); i++) {
		value = pg_fdt_get(fdt, node, properties[i].name, &len);
		if (!value || len != properties[i].nr * 4u)
			return false;
		for (j = 0; j < properties[i].nr; j++)
			cells[properties[i].first + j] = fdt32_ld(value + j);
	}
	/* Reject out-of-range cells: truncated, they could match another value. */
	for (i = CELL_BDF; i < CELL_16_BITS; i++) {
		if (cells[i] > 0xffff)
			return false;
	}
	return true;
}

bool pg_vf_address(const struct pg_gate_pf *pf, uint32_t index, struct pg_bdf *at)
{
	const uint64_t key = pg_bdf_key(pg_bdf(0, pf->at.bus, pf->at.devfn)) + pf->first_offset +
			     (uint64_t)index * pf->stride;

	*at = pg_bdf(pf->at.segment, (uint8_t)(key >> 8), (uint8_t)key);
	return key <= 0xffff;
}

/* True if the registers fit each other, as in each function with enabled virtual functions. */
static bool is_sound(const struct pg_gate_pf *pf, uint32_t last_bus)
{
	struct pg_bdf last;

	return pf->control & PG_SRIOV_VF_ENABLE && pf->number && pf->number <= pf->total &&
	       pf->initial <= pf->total && pf->first_offset && (pf->stride || pf->number == 1) &&
	       pf->page_size && !(pf->page_size & (pf->page_size - 1)) &&
	       pg_vf_address(pf, pf->number - 1u, &last) && last.bus == last_bus &&
	       pf->reserved_bus >= last_bus && pf->reserved_bus <= 0xff;
}

/*
 * The indexes of the preserved virtual functions ascend, and each is below NumVFs. If there is
 * none, the physical function itself is preserved.
 */
static bool read_preserved(const void *fdt, struct pg_gate_pf *pf)
{
	uint32_t len, i;

	pf->preserved = pg_fdt_get(fdt, pf->node, "preserved", &len);
	pf->nr = len / 4;
	if (!pf->preserved || len % 4 || pf->nr > pf->number)
		return false;
	for (i = 0; i < pf->nr; i++) {
		if (pg_vf_index(pf, i) >= pf->number ||
		    (i && pg_vf_index(pf, i) <= pg_vf_index(pf, i - 1)))
			return false;
	}
	return true;
}

/* Kernels with earlier versions of the layer sriov do not record the class code. */
static bool read_class(const void *fdt, struct pg_gate_pf *pf)
{
	uint32_t len;
	const fdt32_t *value = pg_fdt_get(fdt, pf->node, "vf-class", &len);

	pf->vf_class = PG_NO_VF_CLASS;
	if (!value)
		return true;
	if (len != sizeof(*value) || fdt32_ld(value) > 0xffffff)
		return false;
	pf->vf_class = fdt32_ld(value);
	return true;
}

static bool read_pf(const void *fdt, struct pg_gate_pf *pf)
{
	uint32_t cells[CELL_COUNT];

	if (!read_cells(fdt, pf->node, cells))
		return false;
	pf->at = pg_bdf(cells[CELL_SEGMENT], (uint8_t)(cells[CELL_BDF] >> 8),
			(uint8_t)cells[CELL_BDF]);
	pf->id = cells[CELL_VENDOR] | cells[CELL_DEVICE] << 16;
	pf->control = (uint16_t)cells[CELL_CONTROL];
	pf->initial = (uint16_t)cells[CELL_INITIAL];
	pf->total = (uint16_t)cells[CELL_TOTAL];
	pf->number = (uint16_t)cells[CELL_NUMBER];
	pf->first_offset = (uint16_t)cells[CELL_OFFSET];
	pf->stride = (uint16_t)cells[CELL_STRIDE];
	pf->vf_device = (uint16_t)cells[CELL_VF_DEVICE];
	pf->reserved_bus = (uint16_t)cells[CELL_RESERVED_BUS];
	pf->page_size = cells[CELL_PAGE_SIZE];
	memcpy(pf->bars, cells + CELL_BARS, sizeof(pf->bars));
	return is_sound(pf, cells[CELL_LAST_BUS]) && read_class(fdt, pf) && read_preserved(fdt, pf);
}

bool pg_gate_next_pf(const struct pg_gate_fdt *own, struct pg_gate_pf *pf)
{
	pg_may_resched();
	if (own->pfs < 0)
		pf->node = own->pfs;
	else
		pf->node = pf->node < 0 ? pg_fdt_first_child(own->fdt, own->pfs)
					: pg_fdt_next_sibling(own->fdt, pf->node);
	return pf->node >= 0 && read_pf(own->fdt, pf);
}

enum pg_reason pg_record_read_pfs(struct pg_record *record, struct pg_finding *finding)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_pf pf = { .node = -1 };

	while (pg_gate_next_pf(own, &pf)) {
		struct pg_record_pf *copy = &record->pfs[record->nr_pfs];

		if (record->nr_pfs && pg_bdf_key(pf.at) <= pg_bdf_key(copy[-1].at))
			return pg_note_bdf(finding, PG_RECORD_MALFORMED,
					   "pcigate/physical-functions out of order at", pf.at,
					   own->pa);
		if (record->nr_pfs == PG_MAX_PFS)
			return pg_note_count(finding, PG_WORKSPACE_FULL,
					     "functions with preserved VFs: more than", PG_MAX_PFS,
					     own->pa);
		if (pf.nr > PG_MAX_VFS - record->nr_vfs)
			return pg_note_count(finding, PG_WORKSPACE_FULL,
					     "preserved virtual functions: more than", PG_MAX_VFS,
					     own->pa);
		*copy = (struct pg_record_pf){
			.at = pf.at,
			.first_offset = pf.first_offset,
			.stride = pf.stride,
			.nr = (uint16_t)pf.nr,
			.preserved = pf.preserved,
		};
		record->nr_pfs++;
		record->nr_vfs += pf.nr;
	}
	return pf.node < 0
		       ? PG_OK
		       : pg_gate_bad_node(own, pf.node, "pcigate/physical-functions node", finding);
}

/* True if one of the preserved virtual functions of @pf is @offset after it. */
static bool has_vf(const struct pg_record_pf *pf, uint32_t offset)
{
	uint32_t low = 0, high = pf->nr;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		const uint32_t other =
			pf->first_offset + fdt32_ld(pf->preserved + middle) * pf->stride;

		if (other == offset)
			return true;
		if (other < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool pg_record_has_vf(const struct pg_record *record, struct pg_bdf at)
{
	uint32_t i;

	for (i = 0; i < record->nr_pfs; i++) {
		const struct pg_record_pf *pf = &record->pfs[i];

		if (pf->at.segment == at.segment && pg_bdf_key(pf->at) < pg_bdf_key(at) &&
		    has_vf(pf, (uint32_t)(pg_bdf_key(at) - pg_bdf_key(pf->at))))
			return true;
	}
	return false;
}
