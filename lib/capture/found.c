// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * found.c - scans all buses with their current numbers, and reads the functions on them.
 */
#include "found.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../topology/reader.h"

/* The input and the result of the scan, which are too large for the stack. */
struct scan {
	struct pg_record record;
	struct pg_topology topology;
	struct pg_function functions[FUNCTIONS_MAX];
};

/*
 * First VF Offset and VF Stride may depend on the number of virtual functions, which only a write
 * can set. If the current values are 0, the number of buses is unknown.
 */
static void read_sriov(struct pg_reader *reader, struct found *found, uint32_t capability)
{
	uint32_t total, places;

	if (!capability ||
	    pg_read(reader, found->at, pg_extended_register(capability, PG_SRIOV_TOTAL_VFS),
		    &total) ||
	    pg_read(reader, found->at, pg_extended_register(capability, PG_SRIOV_OFFSET_STRIDE),
		    &places))
		return;
	total >>= 16;
	found->has_vfs = total;
	if (!total)
		return;
	if (!(places & 0xffff) || (total > 1 && !(places >> 16)))
		found->sriov_buses = 0xff;
	else
		found->sriov_buses = pg_sriov_buses(found->at.devfn, total, places);
}

/*
 * Only functions with a PCI Express capability have extended capabilities that Linux uses. Values
 * that cannot be read are not recorded. A subsystem of all ones, which may be set later, is not
 * recorded either.
 */
static void read_device(struct pg_reader *reader, struct scan *scan, struct pg_function *function,
			struct found *found)
{
	struct pg_identity *identity = &found->identity;
	uint32_t first, type;

	found->express = pg_find_capability(reader, found->at, PG_CAPABILITY_EXPRESS, &first);
	type = PG_EXPRESS_TYPE(first);
	found->integrated =
		found->express && (type == PG_EXPRESS_ROOT_PORT || type == PG_EXPRESS_INTEGRATED ||
				   type == PG_EXPRESS_COLLECTOR);
	if (found->express)
		pg_read_extended(reader, scan->functions, function);
	reader->failed = false;
	pg_read_identity(reader, function, NULL, identity);
	if (reader->failed || identity->subsystem == ~0u)
		identity->subsystem = 0;
	identity->has_serial &= !reader->failed;
	read_sriov(reader, found, function->hw.extended.sriov);
}

static void read_bridge(struct pg_reader *reader, struct scan *scan, uint16_t index,
			struct found *found)
{
	static const struct pg_identity only_class;
	struct pg_function *bridge = &scan->functions[index];

	pg_read_identity(reader, bridge, &only_class, &found->identity);
	found->primary = bridge->hw.primary;
	found->secondary = bridge->hw.secondary;
	found->subordinate = bridge->hw.subordinate;
	if (found->header != PG_HEADER_BRIDGE)
		return;
	pg_settle_port(reader, scan->functions, index);
	pg_read_ari_forwarding(reader, bridge);
	found->express = bridge->hw.capability;
	found->integrated = bridge->hw.port == PG_PORT_LINK && !bridge->hw.from_pci;
	found->acts_as = bridge->result.acts_as;
	found->ari = bridge->hw.ari_on;
}

static int by_address(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(((const struct found *)a)->at),
		       y = pg_bdf_key(((const struct found *)b)->at);

	return x < y ? -1 : x > y;
}

/* Reads the registers that the scan has not read, and sorts the functions. */
static void list(const struct pg_config *config, struct scan *scan, struct functions *functions)
{
	struct pg_reader reader = { .config = config };

	functions->nr = scan->topology.nr;
	for (uint32_t i = 0; i < functions->nr; i++) {
		struct pg_function *function = &scan->functions[i];
		struct found *found = &functions->list[i];

		*found = (struct found){ .at = function->at,
					 .parent = function->parent,
					 .header = function->hw.header,
					 .translated = -1 };
		if (found_is_bridge(found))
			read_bridge(&reader, scan, (uint16_t)i, found);
		else
			read_device(&reader, scan, function, found);
	}
	functions->reads = scan->topology.reads + reader.reads;
	qsort(functions->list, functions->nr, sizeof(*functions->list), by_address);
	for (uint32_t i = 0; i < functions->nr; i++) {
		struct found *found = &functions->list[i];

		if (found->parent != PG_NONE)
			found->parent = (uint16_t)functions_at(functions,
							       scan->functions[found->parent].at);
	}
}

const char *functions_find(const struct pg_config *config, const struct pg_record_root *roots,
			   uint32_t nr_roots, struct functions *functions)
{
	struct scan *scan = calloc(1, sizeof(*scan));
	struct pg_finding finding;
	enum pg_reason reason;

	functions->nr = 0;
	functions->reads = 0;
	if (!scan)
		return "not enough memory";
	scan->record.nr_roots = nr_roots;
	memcpy(scan->record.roots, roots, nr_roots * sizeof(*roots));
	reason = pg_scan(config, &scan->record, PG_SCAN_EVERYTHING, scan->functions, FUNCTIONS_MAX,
			 &scan->topology, &finding);
	if (reason)
		snprintf(functions->error, sizeof(functions->error), "%s: %s %s",
			 pg_reason_sentence(reason), finding.field, finding.text);
	else
		list(config, scan, functions);
	free(scan);
	return reason ? functions->error : NULL;
}

uint32_t functions_at(const struct functions *functions, struct pg_bdf at)
{
	uint32_t low = 0, high = functions->nr;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (pg_bdf_key(functions->list[middle].at) < pg_bdf_key(at))
			low = middle + 1;
		else
			high = middle;
	}
	return low < functions->nr && pg_bdf_equal(functions->list[low].at, at) ? low : PG_NONE;
}
