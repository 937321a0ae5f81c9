// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * host.c - reads a record that user space made of the running host (docs/gated-image.md), together
 * with Linux's record, if there is one.
 *
 * The two records may name different devices: a device may be preserved after user space made its
 * record, and without Live Update there is no record of Linux. Every device that one of them names
 * is judged.
 */
#include <pcigate/gate.h>

#include "gate_nodes.h"

/* Adds a function, or increments the reference count of a known one. */
static enum pg_reason add(struct pg_record *record, struct pg_record_entry *entries,
			  struct pg_bdf at, struct pg_finding *finding)
{
	const uint32_t i = pg_record_find(record, at);

	if (i < record->nr && pg_bdf_equal(entries[i].at, at)) {
		entries[i].refcount++;
		return PG_OK;
	}
	if (record->nr == PG_MAX_RECORDED)
		return pg_note_count(finding, PG_WORKSPACE_FULL, "preserved functions: more than",
				     PG_MAX_RECORDED, record->own.pa);
	memmove(&entries[i + 1], &entries[i], (record->nr - i) * sizeof(*entries));
	entries[i] = (struct pg_record_entry){ .at = at, .refcount = 1, .named_only = true };
	record->nr++;
	return PG_OK;
}

/* Adds the devices that Live Update does not preserve, and the bridges of their paths. */
static enum pg_reason add_devices(struct pg_record *record, struct pg_record_entry *entries,
				  struct pg_finding *finding)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_device device = { .node = -1 };
	enum pg_reason reason = PG_OK;

	while (pg_gate_next_device(own, &device)) {
		if (pg_record_entry(record, device.at))
			continue;
		for (uint32_t i = 0; i < device.depth && !reason; i++)
			reason = add(record, entries, pg_gate_path(&device, i), finding);
		if (!reason)
			reason = add(record, entries, device.at, finding);
		if (reason)
			return reason;
	}
	if (device.node >= 0)
		return pg_gate_bad_node(own, device.node, "pcigate/devices node", finding);
	return PG_OK;
}

/* own.partial: Live Update preserves a function that the tree has neither as device nor bridge. */
static enum pg_reason find_missing(struct pg_record *record, struct pg_finding *finding)
{
	struct pg_gate_device device = { .node = -1 };
	struct pg_gate_bridge bridge = { .node = -1 };
	uint32_t found = 0;

	while (pg_gate_next_device(&record->own, &device))
		found += !!pg_record_entry(record, device.at);
	while (pg_gate_next_bridge(&record->own, &bridge))
		found += !!pg_record_entry(record, bridge.at);
	/* The walk ends at a malformed node; the bridges after it would be missing. */
	if (bridge.node >= 0)
		return pg_gate_bad_node(&record->own, bridge.node, "pcigate/bridges node", finding);
	record->own.partial = found < record->nr;
	return PG_OK;
}

/*
 * Firmware places the windows to config space. A window at another address than recorded shows that
 * the record is of another machine. Linux may know windows that MCFG does not have.
 */
static enum pg_reason check_windows(const struct pg_host_record *host,
				    const struct pg_record *record, struct pg_finding *finding)
{
	uint32_t i;

	for (i = 0; host->window && i < record->nr_roots; i++) {
		const struct pg_record_root *root = &record->roots[i];
		const uint64_t begin = (uint64_t)root->first << 20;
		const uint64_t window =
			root->ecam_buses ? host->window(root->segment, root->first) : 0;

		if (window && window + begin != root->ecam)
			return pg_note(finding, PG_RECORD_OTHER_MACHINE,
				       "recorded ECAM window, not in MCFG:", root->ecam, 0);
	}
	return PG_OK;
}

enum pg_reason pg_read_host(void *ctx, const struct pg_policy *policy, struct pg_record *record,
			    struct pg_record_entry *entries, struct pg_finding *finding)
{
	const struct pg_host_record *host = ctx;
	struct pg_handover handover = host->handover;
	enum pg_reason reason;

	if (host->damage.reason) {
		*finding = host->damage;
		return finding->reason;
	}
	reason = pg_read_handover(&handover, policy, record, entries, finding);
	/* The outgoing kernel's own record is newer, unless it has no device. */
	if (reason || !host->tree.present ||
	    (record->own.present && record->state == PG_RECORD_DEVICES))
		return reason;
	reason = pg_record_read_gate_fdt(handover.memory, &host->tree, record, finding);
	if (reason)
		return reason;
	if (!record->own.crc)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT crc32c", "missing",
				    8, host->tree.pa);
	/* A tree without root buses has facts about the next kernel only. */
	if (!record->nr_roots) {
		record->own = (struct pg_gate_fdt){ .present = false };
		return PG_OK;
	}
	reason = check_windows(host, record, finding);
	if (reason)
		return reason;
	record->own.host = true;
	/* Live Update preserves virtual functions, user space does not. */
	record->nr_pfs = record->nr_vfs = 0;
	record->without_liveupdate = record->state != PG_RECORD_DEVICES;
	reason = find_missing(record, finding);
	if (!reason)
		reason = add_devices(record, entries, finding);
	if (record->nr)
		record->state = PG_RECORD_DEVICES;
	return reason;
}
