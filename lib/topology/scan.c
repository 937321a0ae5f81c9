// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * scan.c - scans the recorded segments: all buses that hardware forwards to, from the root buses
 * down.
 */
#include "scan.h"

/*
 * The bridge whose secondary bus is @bus and that requests from the root bus @root reach; PG_NONE
 * if there is none.
 */
static uint16_t bridge_to(const struct pg_scan_state *scan, uint16_t root, uint8_t bus)
{
	uint16_t index = scan->topology->roots[root].child;

	while (index != PG_NONE) {
		if (!pg_function_forwards(&scan->functions[index], bus))
			index = scan->functions[index].sibling;
		else if (scan->functions[index].hw.secondary == bus)
			return index;
		else
			index = scan->functions[index].child;
	}
	return PG_NONE;
}

/* Queues the secondary buses of the bridges on a bus, if requests for them reach the bridge. */
static void enqueue_children(struct pg_scan_state *scan, const struct pg_place *place,
			     uint16_t first)
{
	const struct pg_root *root = &scan->topology->roots[place->root];
	uint16_t i;

	for (i = first; i != PG_NONE; i = scan->functions[i].sibling) {
		struct pg_function *bridge = &scan->functions[i];

		if (!pg_function_is_bridge(bridge) || bridge->hw.secondary <= place->number ||
		    bridge->hw.secondary > root->last || bridge->hw.secondary > scan->last ||
		    pg_bus_set_has(&scan->queued, bridge->hw.secondary) ||
		    bridge_to(scan, place->root, bridge->hw.secondary) != i)
			continue;
		bridge->result.visited = true;
		pg_bus_set_add(&scan->queued, bridge->hw.secondary);
		scan->queue[scan->queue_length++] = i;
	}
}

static enum pg_reason visit(struct pg_scan_state *scan, uint16_t root, uint16_t parent,
			    uint8_t number)
{
	struct pg_place place;
	enum pg_reason reason;
	uint16_t first;

	place.root = root;
	place.parent = parent;
	place.last = PG_NONE;
	place.number = number;
	place.nr_listed = 0;
	place.listed = (struct pg_bus_set){ { 0 } };
	pg_scan_read_listed(scan, &place);
	pg_scan_recorded(scan, &place);
	reason = pg_scan_bus(scan, &place);
	if (reason)
		return reason;
	first = parent == PG_NONE ? scan->topology->roots[root].child
				  : scan->functions[parent].child;
	pg_scan_compare_bridges(scan, &place, first);
	pg_scan_mark_overlaps(scan, first);
	enqueue_children(scan, &place, first);
	/* A register that the search depends on could not be read. */
	if (scan->reader.failed)
		return pg_note_bdf(scan->finding, PG_CONFIG_UNREADABLE, "function",
				   scan->reader.failed_at, 0);
	return PG_OK;
}

enum pg_reason pg_scan_below_root(struct pg_scan_state *scan, uint16_t root)
{
	const uint8_t number = scan->topology->roots[root].first;
	enum pg_reason reason;
	uint32_t next;

	if (pg_bus_set_has(&scan->queued, number))
		return PG_OK;
	pg_bus_set_add(&scan->queued, number);
	scan->queue_length = 0;
	reason = visit(scan, root, PG_NONE, number);
	for (next = 0; !reason && next < scan->queue_length; next++) {
		const uint16_t bridge = scan->queue[next];

		reason = visit(scan, root, bridge, scan->functions[bridge].hw.secondary);
	}
	return reason;
}

static enum pg_reason scan_segment(struct pg_scan_state *scan)
{
	const struct pg_config *config = scan->reader.config;
	const struct pg_function *named = NULL;
	enum pg_reason reason = PG_OK;
	bool recorded = false;
	uint8_t first, last;
	uint32_t i;

	if (!config->window(config->ctx, scan->segment, &first, &last)) {
		for (i = scan->begin; i < scan->end; i++)
			scan->functions[i].hw.presence = PG_NO_WINDOW;
		return PG_OK;
	}

	scan->last = last;
	scan->queued = (struct pg_bus_set){ { 0 } };
	pg_scan_find_listed(scan);
	for (i = 0; i < scan->record->nr_roots && !reason; i++) {
		const struct pg_record_root *root = &scan->record->roots[i];

		if (root->segment != scan->segment)
			continue;
		recorded = true;
		reason = pg_scan_add_root(scan, root, false);
	}
	if (!recorded) {
		reason = pg_scan_add_root(
			scan, &(struct pg_record_root){ .first = first, .last = last }, false);
		if (!reason)
			reason = pg_scan_find_roots(scan, last);
	}
	if (!pg_scan_buses_as_recorded(scan))
		scan->topology->undecided = true;
	for (i = scan->begin; i < scan->end; i++) {
		struct pg_function *function = &scan->functions[i];

		if (function->hw.presence != PG_UNREACHED)
			continue;
		if (function->at.bus < first || function->at.bus > last) {
			function->hw.presence = PG_NO_WINDOW;
			continue;
		}
		/* All functions of a bus have the same bridge above. */
		if (named && named->at.bus == function->at.bus)
			function->result.culprit = named->result.culprit;
		else
			pg_scan_name_suspect(scan, function);
		named = function;
	}
	return reason;
}

/*
 * For PG_SCAN_BRIEF: marks the recorded functions whose virtual functions may be enabled. A device
 * that is not ready is not as recorded, so the scan that follows waits for it.
 */
static void begin_brief(struct pg_scan_state *scan)
{
	struct pg_gate_sriov sriov = { .node = -1 };

	while (pg_gate_next_sriov(&scan->record->own, &sriov)) {
		const uint16_t index = pg_find_recorded(scan->topology, sriov.at);

		if (index != PG_NONE)
			scan->functions[index].rec.sriov_recorded = true;
	}
	scan->reader.waited_ms = PG_NOT_READY_TOTAL_MS;
}

/* Makes the recorded functions the first ones of the topology. */
static void begin(struct pg_scan_state *scan)
{
	uint32_t i;

	for (i = 0; i < scan->record->nr; i++) {
		const struct pg_record_entry *entry = &scan->record->entries[i];

		scan->functions[i] = (struct pg_function){
			.at = entry->at,
			.rec.refcount = entry->refcount,
			.parent = PG_NONE,
			.sibling = PG_NONE,
			.child = PG_NONE,
			.result.culprit = PG_NONE,
			.hw.presence = PG_UNREACHED,
			.rec.recorded = true,
			.result.preserved = !entry->named_only,
		};
	}
	scan->topology->nr = scan->topology->nr_recorded = scan->record->nr;
	for (i = 0; i < scan->record->nr_pfs; i++) {
		const uint16_t index = pg_find_recorded(scan->topology, scan->record->pfs[i].at);

		if (index != PG_NONE)
			scan->functions[index].result.vfs_kept = true;
	}
	if (scan->brief)
		begin_brief(scan);
}

enum pg_reason pg_scan(const struct pg_config *config, const struct pg_record *record,
		       unsigned int flags, struct pg_function *functions, uint32_t capacity,
		       struct pg_topology *topology, struct pg_finding *finding)
{
	struct pg_scan_state scan = {
		.reader = { .config = config },
		.record = record,
		.topology = topology,
		.functions = functions,
		.capacity = capacity,
		.everything = flags & PG_SCAN_EVERYTHING,
		.all_devices = flags & PG_SCAN_ALL_DEVICES,
		.no_ari = flags & PG_SCAN_NO_ARI,
		.no_extended = flags & PG_SCAN_NO_EXTENDED,
		.may_keep_ari = flags & PG_SCAN_MAY_KEEP_ARI,
		.brief = flags & PG_SCAN_BRIEF,
		.bridges_before = -1,
		/* With pci=pcie_scan_all, the next kernel may find further bridges. */
		.complete = record->own.complete &&
			    !(flags & (PG_SCAN_EVERYTHING | PG_SCAN_ALL_DEVICES)),
		.finding = finding,
	};
	enum pg_reason reason = PG_OK;
	uint32_t i;

	pg_topology_clear(topology);
	topology->functions = functions;
	topology->everything = scan.everything;
	topology->brief = scan.brief;
	topology->keeps_ari = scan.may_keep_ari;
	if (record->nr > capacity)
		return pg_note_count(finding, PG_WORKSPACE_FULL, "functions and bridges: more than",
				     capacity, 0);
	begin(&scan);

	while (!reason && scan.end < record->nr) {
		scan.begin = scan.near = scan.end;
		scan.segment = record->entries[scan.begin].at.segment;
		while (scan.end < record->nr &&
		       record->entries[scan.end].at.segment == scan.segment)
			scan.end++;
		reason = scan_segment(&scan);
	}
	for (i = 0; !record->nr && !reason && i < record->nr_roots; i++) {
		scan.segment = record->roots[i].segment;
		if (!i || scan.segment != record->roots[i - 1].segment)
			reason = scan_segment(&scan);
	}
	topology->reads = scan.reader.reads;
	return reason;
}
