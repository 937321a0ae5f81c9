// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * roots.c - root buses: the recorded ones, and those that answer although no bridge leads to them.
 */
#include "scan.h"

enum pg_reason pg_scan_add_root(struct pg_scan_state *scan, const struct pg_record_root *recorded,
				bool assumed)
{
	const uint8_t first = recorded->first;
	struct pg_topology *topology = scan->topology;
	uint32_t i;

	if (topology->nr_roots == PG_MAX_ROOTS)
		return pg_note_count(scan->finding, PG_WORKSPACE_FULL, "root buses: more than",
				     PG_MAX_ROOTS, 0);
	/*
	 * If the ranges were not recorded, the range of a root bus ends before the next root bus.
	 */
	for (i = 0; assumed && i < topology->nr_roots; i++) {
		struct pg_root *root = &topology->roots[i];

		if (root->segment == scan->segment && root->first < first && root->last >= first)
			root->last = (uint8_t)(first - 1);
	}
	topology->roots[topology->nr_roots++] = (struct pg_root){
		.segment = scan->segment,
		.first = first,
		.last = recorded->last,
		.child = PG_NONE,
		.assumed = assumed,
		.no_slots = recorded->no_slots,
	};
	return pg_scan_below_root(scan, (uint16_t)(topology->nr_roots - 1));
}

/*
 * True if a bridge may have led to a bus that no bridge leads to now: a recorded function does not
 * answer, or the bus behind a bridge was not visited. Such a bus must not be assumed to be a root
 * bus.
 */
static bool path_may_be_lost(const struct pg_scan_state *scan)
{
	uint32_t i;

	for (i = scan->begin; i < scan->end; i++) {
		const struct pg_function *function = &scan->functions[i];

		if (function->hw.presence == PG_UNREACHED)
			continue;
		if (function->hw.presence != PG_PRESENT ||
		    (pg_function_is_bridge(function) && !function->result.visited))
			return true;
	}
	return false;
}

/*
 * Finds other root buses: recorded buses that answer although no bridge leads to them. The record
 * has every bridge above a function, and all of them forward (path_may_be_lost()).
 */
enum pg_reason pg_scan_find_roots(struct pg_scan_state *scan, uint8_t last)
{
	uint32_t i;

	for (i = scan->begin; i < scan->end; i++) {
		const struct pg_bdf at = scan->record->entries[i].at;
		enum pg_reason reason;
		uint32_t id;

		if (pg_bus_set_has(&scan->queued, at.bus))
			continue;
		if (path_may_be_lost(scan))
			return PG_OK;
		/*
		 * If the first recorded function of a bus does not answer, the bus may be out of
		 * reach, and the next buses may be below it. These functions stay PG_UNREACHED.
		 */
		if (pg_read_id(&scan->reader, at, &id) != PG_PRESENT) {
			scan->reader.failed = false;
			return PG_OK;
		}
		reason = pg_scan_add_root(
			scan, &(struct pg_record_root){ .first = at.bus, .last = last }, true);
		if (reason)
			return reason;
	}
	return PG_OK;
}
