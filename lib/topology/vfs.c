// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * vfs.c - compares the SR-IOV registers of physical functions with pcigate's own record, and looks
 * for the preserved virtual functions. Their addresses follow from these registers.
 */
#include "reader.h"

bool pg_vf_walk_next(struct pg_vf_walk *walk, const struct pg_record *record,
		     const struct pg_topology *topology)
{
	const bool first = walk->pf.node < 0;

	walk->first = first ? 0 : walk->first + walk->pf.nr;
	walk->number = first ? 0 : walk->number + 1;
	if (walk->number == record->nr_pfs || !pg_gate_next_pf(&record->own, &walk->pf))
		return false;
	walk->function = pg_find_recorded(topology, walk->pf.at);
	walk->judged = false;
	return true;
}

/* Where a register is, and its recorded value, in the bits of @mask. */
struct field {
	uint16_t reg;
	uint32_t mask;
	uint32_t was;
};

static struct field field_of(const struct pg_gate_pf *pf, uint32_t reg)
{
	switch (reg) {
	case PG_VF_CONTROL:
		return (struct field){ PG_SRIOV_CONTROL, 0xffff, pf->control };
	case PG_VF_NUMBER:
		return (struct field){ PG_SRIOV_NUM_VFS, 0xffff, pf->number };
	case PG_VF_OFFSET_STRIDE:
		return (struct field){ PG_SRIOV_OFFSET_STRIDE, UINT32_MAX,
				       pf->first_offset | (uint32_t)pf->stride << 16 };
	case PG_VF_TOTAL:
		return (struct field){ PG_SRIOV_TOTAL_VFS, UINT32_MAX,
				       pf->initial | (uint32_t)pf->total << 16 };
	case PG_VF_DEVICE:
		return (struct field){ PG_SRIOV_VF_DEVICE, 0xffff0000,
				       (uint32_t)pf->vf_device << 16 };
	case PG_VF_PAGE_SIZE:
		return (struct field){ PG_SRIOV_PAGE_SIZE, UINT32_MAX, pf->page_size };
	default:
		reg -= PG_VF_BAR;
		return (struct field){ (uint16_t)(PG_SRIOV_BARS + 4 * reg), UINT32_MAX,
				       pf->bars[reg] };
	}
}

/* What it means that a register is not as recorded. */
static enum pg_reason reason_of(uint32_t reg, uint32_t was, uint32_t now)
{
	switch (reg) {
	case PG_VF_CONTROL:
		if (!(now & PG_SRIOV_VF_ENABLE))
			return PG_VFS_DISABLED;
		return (was ^ now) & PG_SRIOV_ARI_HIERARCHY ? PG_VF_ARI_DIFFERS
							    : PG_VF_REGISTERS_DIFFER;
	case PG_VF_NUMBER:
		return PG_VF_COUNT_DIFFERS;
	case PG_VF_OFFSET_STRIDE:
		return PG_VF_OFFSET_DIFFERS;
	default:
		return PG_VF_REGISTERS_DIFFER;
	}
}

static void add_difference(struct pg_topology_vfs *vfs, const struct pg_vf_walk *walk, uint32_t reg,
			   uint32_t was, uint32_t now)
{
	if (vfs->nr_differences < PG_MAX_VF_DIFFERENCES)
		vfs->differences[vfs->nr_differences++] = (struct pg_vf_difference){
			.function = walk->function, .reg = (uint8_t)reg, .was = was, .now = now
		};
}

static enum pg_reason compare_registers(struct pg_reader *reader, const struct pg_vf_walk *walk,
					struct pg_function *function, struct pg_topology_vfs *vfs)
{
	uint32_t reg, now;

	for (reg = 0; reg < PG_VF_REGISTERS; reg++) {
		const struct field field = field_of(&walk->pf, reg);
		const enum pg_access access =
			pg_read(reader, function->at,
				pg_extended_register(function->hw.extended.sriov, field.reg), &now);

		if (access == PG_ACCESS_UNREADABLE || access == PG_ACCESS_NO_WINDOW) {
			function->hw.unread = true;
			return PG_CONFIG_UNREADABLE;
		}
		if (reg == PG_VF_CONTROL)
			function->hw.vfs_enabled = now & PG_SRIOV_VF_ENABLE;
		now &= field.mask;
		if (now == field.was)
			continue;
		add_difference(vfs, walk, reg, field.was, now);
		return reason_of(reg, field.was, now);
	}
	return PG_OK;
}

/*
 * True if the bridge above forwards requests for a preserved virtual function only with ARI
 * forwarding. Requests for another bus than that of the bridge are forwarded in any case.
 */
static bool needs_forwarding(const struct pg_gate_pf *pf)
{
	struct pg_bdf vf;
	uint32_t i;

	for (i = 0; i < pf->nr; i++) {
		if (pg_vf_address(pf, pg_vf_index(pf, i), &vf) && vf.bus == pf->at.bus &&
		    vf.devfn > 7)
			return true;
	}
	return false;
}

static enum pg_reason compare_pf(struct pg_reader *reader, const struct pg_vf_walk *walk,
				 struct pg_function *functions, struct pg_topology_vfs *vfs)
{
	struct pg_function *function =
		walk->function == PG_NONE ? NULL : &functions[walk->function];
	enum pg_reason reason;
	uint32_t first;
	bool hierarchy;

	if (!function || function->hw.presence != PG_PRESENT || function->hw.id != walk->pf.id)
		return PG_PF_ABSENT;
	/* Linux looks for SR-IOV in PCI Express functions only. */
	reader->failed = false;
	if (!pg_find_capability(reader, function->at, PG_CAPABILITY_EXPRESS, &first))
		return reader->failed ? PG_CONFIG_UNREADABLE : PG_VFS_DISABLED;
	pg_read_extended(reader, functions, function);
	if (!function->hw.extended.sriov)
		return function->hw.unread ? PG_CONFIG_UNREADABLE : PG_VFS_DISABLED;
	reason = compare_registers(reader, walk, function, vfs);
	/* With ARI Capable Hierarchy, the next kernel requires ARI forwarding. */
	hierarchy = walk->pf.control & PG_SRIOV_ARI_HIERARCHY;
	if (!reason && hierarchy &&
	    (function->parent == PG_NONE || !functions[function->parent].rec.ari_recorded))
		return PG_VF_ARI_DIFFERS;
	if (!reason && (hierarchy || needs_forwarding(&walk->pf)) &&
	    !pg_ari_as_recorded(reader, functions, function->parent))
		return PG_VF_ARI_DIFFERS;
	return reason;
}

/*
 * Reads a register of each preserved virtual function. Vendor ID and device ID of a virtual
 * function read as all ones (PCI Express Base 9.3.4.1.1), so these do not show whether it answers.
 * Linux takes the class code of the first virtual function for that of all.
 */
static enum pg_reason find_vfs(struct pg_reader *reader, const struct pg_vf_walk *walk,
			       struct pg_topology_vfs *vfs)
{
	uint32_t i, value;

	for (i = 0; i < walk->pf.nr; i++) {
		const uint32_t bit = walk->first + i;
		enum pg_access access = PG_ACCESS_ABSENT;
		struct pg_bdf at;

		if (pg_vf_address(&walk->pf, pg_vf_index(&walk->pf, i), &at))
			access = pg_read(reader, at, PG_REG_CLASS, &value);
		if (access == PG_ACCESS_UNREADABLE || access == PG_ACCESS_NO_WINDOW)
			return PG_CONFIG_UNREADABLE;
		if (access == PG_ACCESS_OK &&
		    (walk->pf.vf_class == PG_NO_VF_CLASS || walk->pf.vf_class == value >> 8))
			continue;
		if (access == PG_ACCESS_OK) {
			add_difference(vfs, walk, PG_VF_CLASS, walk->pf.vf_class, value >> 8);
			return PG_VF_REGISTERS_DIFFER;
		}
		vfs->absent[bit / 32] |= 1u << bit % 32;
		vfs->differ = true;
	}
	return PG_OK;
}

/*
 * Reads a register of one virtual function on each further bus, preserved or not: if one does not
 * answer, the next kernel adds none of them.
 */
static enum pg_reason find_buses(struct pg_reader *reader, const struct pg_gate_pf *pf)
{
	const uint32_t first = ((uint32_t)pf->at.bus << 8 | pf->at.devfn) + pf->first_offset;
	uint32_t bus, i, value;
	struct pg_bdf at;

	for (bus = pf->at.bus + 1u; bus <= 0xff; bus++) {
		/* The first virtual function on this bus, or on a later one */
		i = 0;
		if (bus << 8 > first && pf->stride)
			i = ((bus << 8) - first + pf->stride - 1) / pf->stride;
		if (i >= pf->number || !pg_vf_address(pf, i, &at))
			break;
		if (at.bus != bus)
			continue;
		switch (pg_read(reader, at, PG_REG_CLASS, &value)) {
		case PG_ACCESS_OK:
			break;
		case PG_ACCESS_ABSENT:
			return PG_VF_ABSENT;
		default:
			return PG_CONFIG_UNREADABLE;
		}
	}
	return PG_OK;
}

void pg_scan_vfs(const struct pg_config *config, const struct pg_record *record,
		 struct pg_function *functions, struct pg_topology *topology)
{
	struct pg_reader reader = { .config = config };
	struct pg_topology_vfs *vfs = &topology->vfs;
	struct pg_vf_walk walk;

	if (!record->nr_pfs)
		return;
	memset(vfs, 0, sizeof(*vfs));
	pg_vf_walk_begin(&walk);
	while (pg_vf_walk_next(&walk, record, topology)) {
		enum pg_reason reason = compare_pf(&reader, &walk, functions, vfs);

		if (!reason)
			reason = find_vfs(&reader, &walk, vfs);
		if (!reason)
			reason = find_buses(&reader, &walk.pf);
		vfs->reasons[walk.number] = (uint8_t)reason;
		vfs->differ |= reason != PG_OK;
	}
	topology->reads += reader.reads;
}
