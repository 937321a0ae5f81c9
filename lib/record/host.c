// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * host.c - a record that user space made of the running host (docs/gated-image.md): pcigate's own
 * tree, and the devices that Live Update preserves beside it, if there are any.
 *
 * Both name devices, and not always the same ones: a device may be preserved after the record was
 * made, and without Live Update the record alone names devices. Every device that one of the two
 * names is judged.
 */
#include <pcigate/gate.h>

/* Adds a function, or counts it once more. */
static bool add(struct pg_record *record, struct pg_record_entry *entries, uint32_t capacity,
		struct pg_bdf at)
{
	const uint32_t i = pg_record_find(record, at);

	if (i < record->nr && pg_bdf_equal(entries[i].at, at)) {
		entries[i].refcount++;
		return true;
	}
	if (record->nr == capacity)
		return false;
	memmove(&entries[i + 1], &entries[i], (record->nr - i) * sizeof(*entries));
	entries[i] = (struct pg_record_entry){ .at = at, .refcount = 1 };
	record->nr++;
	return true;
}

static bool has(const struct pg_record *record, struct pg_bdf at)
{
	const uint32_t i = pg_record_find(record, at);

	return i < record->nr && pg_bdf_equal(record->entries[i].at, at);
}

/* Adds the devices that Live Update does not preserve, and the bridges of their paths. */
static enum pg_reason add_devices(struct pg_record *record, struct pg_record_entry *entries,
				  uint32_t capacity, struct pg_finding *finding)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_device device = { .node = -1 };

	while (pg_gate_next_device(own, &device)) {
		if (has(record, device.at))
			continue;
		for (uint32_t i = 0; i < device.depth; i++) {
			if (!add(record, entries, capacity, pg_gate_path(&device, i)))
				return pg_note_count(finding, PG_WORKSPACE_FULL,
						     "recorded functions: room for", capacity,
						     own->pa);
		}
		if (!add(record, entries, capacity, device.at))
			return pg_note_count(finding, PG_WORKSPACE_FULL,
					     "recorded functions: room for", capacity, own->pa);
	}
	if (device.node >= 0)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate/devices node",
				    fdt_get_name(own->fdt, device.node, NULL), PG_FINDING_TEXT,
				    own->pa);
	return PG_OK;
}

/* Looks for a preserved function that the tree has neither as a device nor as a bridge. */
static bool is_partial(const struct pg_record *record)
{
	struct pg_gate_device device = { .node = -1 };
	struct pg_gate_bridge bridge = { .node = -1 };
	uint32_t found = 0;

	while (pg_gate_next_device(&record->own, &device))
		found += has(record, device.at);
	while (pg_gate_next_bridge(&record->own, &bridge))
		found += has(record, bridge.at);
	return found < record->nr;
}

enum pg_reason pg_read_host(void *ctx, const struct pg_policy *policy, struct pg_record *record,
			    struct pg_record_entry *entries, struct pg_finding *finding)
{
	const struct pg_host_record *host = ctx;
	struct pg_handover handover = host->handover;
	enum pg_reason reason = pg_read_handover(&handover, policy, record, entries, finding);

	/* The outgoing kernel's own record is newer, and knows more. */
	if (reason || record->own.present || !host->tree.present)
		return reason;
	reason = pg_record_read_gate_fdt(handover.memory, &host->tree, record, finding);
	if (reason)
		return reason;
	if (!record->own.crc)
		return pg_note_text(finding, PG_RECORD_MALFORMED, "pcigate FDT crc32", "missing", 8,
				    host->tree.pa);
	record->own.host = true;
	record->own.partial = is_partial(record);
	record->without_liveupdate = record->state != PG_RECORD_DEVICES;
	reason = add_devices(record, entries, PG_MAX_RECORDED, finding);
	if (record->nr)
		record->state = PG_RECORD_DEVICES;
	return reason;
}
