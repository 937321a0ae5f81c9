// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * gate_compare.c - compares pcigate's own KHO entry with Linux's record.
 */
#include "gate_nodes.h"

/*
 * The entry with the address @at; NULL if there is none. The search begins at the entry @next, and
 * moves it: the nodes are sorted by address, as the entries are.
 */
static const struct pg_record_entry *next_entry(const struct pg_record *record, struct pg_bdf at,
						uint32_t *next)
{
	while (*next < record->nr && pg_bdf_key(record->entries[*next].at) < pg_bdf_key(at))
		(*next)++;
	if (*next == record->nr || !pg_bdf_equal(record->entries[*next].at, at))
		return NULL;
	return &record->entries[*next];
}

/*
 * Every bridge above preserved devices must be in Linux's record, with the same number of devices.
 */
static enum pg_reason compare_bridges(const struct pg_record *record, uint32_t *nr,
				      struct pg_finding *finding)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_bridge bridge = { .node = -1 };
	uint64_t before = 0;
	uint32_t next = 0;
	bool first = true;

	while (pg_gate_next_bridge(own, &bridge)) {
		const struct pg_record_entry *entry;

		if (!first && pg_bdf_key(bridge.at) <= before)
			return pg_note_bdf(finding, PG_RECORD_MALFORMED,
					   "pcigate/bridges out of order at", bridge.at, own->pa);
		first = false;
		before = pg_bdf_key(bridge.at);
		if (!bridge.preserved)
			continue;
		entry = next_entry(record, bridge.at, &next);
		if (!entry)
			return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
					   "pcigate/bridges not in the PCI record", bridge.at,
					   own->pa);
		if (entry->refcount != bridge.preserved)
			return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
						     "pcigate/bridges preserved", bridge.preserved,
						     entry->refcount, "in the PCI record", own->pa);
		(*nr)++;
	}
	if (bridge.node >= 0)
		return pg_gate_bad_node(own, bridge.node, "pcigate/bridges node", finding);
	return PG_OK;
}

/*
 * The number of bridges at the beginning of the path of @device that are those of the device
 * before, which were looked up.
 */
static uint32_t same_bridges(const struct pg_gate_device *device,
			     const struct pg_gate_device *before)
{
	uint32_t i = 0;

	if (before->node < 0 || device->at.segment != before->at.segment)
		return 0;
	while (i < device->depth && i < before->depth && device->path[i] == before->path[i])
		i++;
	return i;
}

/* Every device and every bridge of its path must be in Linux's record. */
static enum pg_reason compare_devices(const struct pg_record *record, uint32_t *nr,
				      struct pg_finding *finding)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_device device = { .node = -1 }, before = { .node = -1 };
	uint32_t next = 0, i;

	while (pg_gate_next_device(own, &device)) {
		if (before.node >= 0 && pg_bdf_key(device.at) <= pg_bdf_key(before.at))
			return pg_note_bdf(finding, PG_RECORD_MALFORMED,
					   "pcigate/devices out of order at", device.at, own->pa);
		if (!next_entry(record, device.at, &next))
			return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
					   "pcigate/devices not in the PCI record", device.at,
					   own->pa);
		for (i = same_bridges(&device, &before); i < device.depth; i++) {
			if (!pg_record_entry(record, pg_gate_path(&device, i)))
				return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
						   "pcigate path not in the PCI record",
						   pg_gate_path(&device, i), own->pa);
		}
		(*nr)++;
		before = device;
	}
	if (device.node >= 0)
		return pg_gate_bad_node(own, device.node, "pcigate/devices node", finding);
	return PG_OK;
}

/*
 * Every physical function with preserved virtual functions must be a device of Linux's record. It
 * counts these functions, and itself if it is preserved too; or all of them once, if the tracking
 * of preserved devices knows no virtual functions. Linux's record has no entries for virtual
 * functions.
 */
static enum pg_reason compare_pfs(const struct pg_record *record, struct pg_finding *finding)
{
	const uint64_t pa = record->own.pa;
	struct pg_gate_pf pf = { .node = -1 };
	uint32_t i;

	while (record->nr_pfs && pg_gate_next_pf(&record->own, &pf)) {
		const struct pg_record_entry *entry = pg_record_entry(record, pf.at);

		if (!entry)
			return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
					   "pcigate/physical-functions not in the PCI record",
					   pf.at, pa);
		if (entry->refcount != 1 && entry->refcount != pf.nr &&
		    entry->refcount != pf.nr + 1)
			return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
						     "pcigate/physical-functions preserved", pf.nr,
						     entry->refcount, "in the PCI record", pa);
		for (i = 0; i < pf.nr; i++) {
			struct pg_bdf vf;

			if (pg_vf_address(&pf, pg_vf_index(&pf, i), &vf) &&
			    pg_record_entry(record, vf))
				return pg_note_bdf(finding, PG_RECORD_INCONSISTENT,
						   "virtual function in the PCI record", vf, pa);
		}
	}
	return PG_OK;
}

enum pg_reason pg_record_compare(const struct pg_record *record, struct pg_finding *finding)
{
	uint32_t devices = 0, bridges = 0;
	enum pg_reason reason;

	if (!record->own.present)
		return PG_OK;
	reason = compare_bridges(record, &bridges, finding);
	if (!reason)
		reason = compare_devices(record, &devices, finding);
	if (!reason)
		reason = compare_pfs(record, finding);
	if (reason)
		return reason;
	if (devices + bridges != record->nr)
		return pg_note_contradiction(finding, PG_RECORD_INCONSISTENT,
					     "pcigate: devices and bridges", devices + bridges,
					     record->nr, "in the PCI record", record->own.pa);
	return PG_OK;
}
