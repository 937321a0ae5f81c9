// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * scan.c - second room: walks from the root buses down to the recorded functions.
 *
 * Every read costs time in which nobody's machine does anything, so a bus is searched only where a recorded function lies
 * below one of its bridges, and only for bridges: the neighbours' bus numbers decide about overlaps.
 */
#include <pcigate/topology.h>

#define BUSES 256u
#define DEVICES 32u
#define FUNCTIONS 8u
#define BRIDGES_ON_A_BUS (DEVICES * FUNCTIONS)

#define CAPABILITY_PCIE 0x10u
#define PCIE_TYPE(first_dword) ((first_dword) >> 20 & 0xf)
#define PCIE_ROOT_PORT 4u
#define PCIE_DOWNSTREAM_PORT 6u
#define PCIE_FROM_PCI 8u

#define EXTENDED_SRIOV 0x0010u
#define SRIOV_CONTROL 8u
#define SRIOV_VF_ENABLE 1u

struct bus_set {
	uint32_t bits[BUSES / 32];
};

static bool in_set(const struct bus_set *set, uint8_t bus)
{
	return set->bits[bus / 32] >> bus % 32 & 1;
}

static void add_to_set(struct bus_set *set, uint8_t bus)
{
	set->bits[bus / 32] |= 1u << bus % 32;
}

/**
 * struct scan - the state of the scan; one segment at a time
 * @reader:    config space, counted
 * @record:    what to look for
 * @functions: the topology being filled: first the recorded functions, then other bridges
 * @nr:        how many there are
 * @capacity:  how many there may be
 * @segment:   the segment being scanned
 * @begin:     its first entry in the record
 * @end:       the entry behind its last
 * @targets:   buses on which something is recorded
 * @queued:    buses that were visited or wait for it, so that none is visited twice
 * @queue:     buses to visit, in the order they were found
 * @parents:   the bridge that leads to each of them
 * @finding:   where to note what is wrong
 */
struct scan {
	struct pg_reader reader;
	const struct pg_record *record;
	struct pg_function *functions;
	uint32_t nr;
	uint32_t capacity;
	uint32_t segment;
	uint32_t begin;
	uint32_t end;
	struct bus_set targets;
	struct bus_set queued;
	uint8_t queue[BUSES];
	uint16_t parents[BUSES];
	uint32_t queue_length;
	struct pg_finding *finding;
};

static void enqueue(struct scan *scan, uint8_t bus, uint16_t parent)
{
	if (in_set(&scan->queued, bus))
		return;
	add_to_set(&scan->queued, bus);
	scan->queue[scan->queue_length] = bus;
	scan->parents[scan->queue_length] = parent;
	scan->queue_length++;
}

/* Is anything recorded on a bus from @first to @last that was not found yet? */
static bool targets_left(const struct scan *scan, uint32_t first, uint32_t last)
{
	uint32_t bus;

	for (bus = first; bus <= last; bus++) {
		if (in_set(&scan->targets, (uint8_t)bus) && !in_set(&scan->queued, (uint8_t)bus))
			return true;
	}
	return false;
}

static enum pg_access read_header(struct scan *scan, struct pg_function *function)
{
	uint32_t value;
	enum pg_access access;

	access = pg_read(&scan->reader, function->at, PG_REG_HEADER, &value);
	if (access)
		return access;
	function->header = (uint8_t)(value >> 16 & 0x7f);
	function->multifunction = value >> 23 & 1;
	if (function->header != PG_HEADER_BRIDGE && function->header != PG_HEADER_CARDBUS)
		return PG_ACCESS_OK;

	access = pg_read(&scan->reader, function->at, PG_REG_BUSES, &value);
	if (access)
		return access;
	function->primary = (uint8_t)value;
	function->secondary = (uint8_t)(value >> 8);
	function->subordinate = (uint8_t)(value >> 16);
	return PG_ACCESS_OK;
}

static bool virtual_functions_enabled(struct scan *scan, const struct pg_function *function)
{
	uint16_t capability;
	uint32_t control;

	capability = pg_find_extended_capability(&scan->reader, function->at, function->id, EXTENDED_SRIOV);
	if (!capability)
		return false;
	/* The capability is there, so all ones, whatever they come from, may not pass for "disabled". */
	pg_read(&scan->reader, function->at, (uint16_t)(capability + SRIOV_CONTROL), &control);
	return control & SRIOV_VF_ENABLE;
}

/* Nothing else that was read from @function counts: it did not answer after all. */
static void forget(struct pg_function *function, enum pg_presence presence)
{
	function->presence = (uint8_t)presence;
	function->id = 0;
	function->header = 0;
	function->multifunction = false;
	function->primary = function->secondary = function->subordinate = 0;
	function->vfs_enabled = false;
}

/* Asks one recorded function who it is. */
static void ask(struct scan *scan, struct pg_function *function, uint16_t parent)
{
	enum pg_presence presence;

	function->parent = parent;
	presence = pg_read_id(&scan->reader, function->at, &function->id);
	if (presence == PG_PRESENT)
		presence = pg_presence_of(read_header(scan, function));
	function->presence = (uint8_t)presence;
	if (presence == PG_PRESENT && !pg_function_is_bridge(function)) {
		scan->reader.failed = false;
		function->vfs_enabled = virtual_functions_enabled(scan, function);
		if (scan->reader.failed)
			presence = PG_UNREADABLE;
	}
	if (presence != PG_PRESENT)
		forget(function, presence);
}

static void ask_recorded_on(struct scan *scan, uint8_t bus, uint16_t parent)
{
	uint32_t i;

	for (i = pg_record_find(scan->record, pg_bdf(scan->segment, bus, 0)); i < scan->end; i++) {
		if (scan->record->entries[i].at.bus != bus)
			break;
		ask(scan, &scan->functions[i], parent);
	}
}

/* Behind a downstream port there is only device 0 (Linux: only_one_child() in drivers/pci/probe.c). */
static bool only_device_0_behind(struct scan *scan, uint16_t parent)
{
	uint32_t capability, type;

	if (parent == PG_NONE)
		return false;
	capability = pg_find_capability(&scan->reader, scan->functions[parent].at, CAPABILITY_PCIE);
	if (!capability)
		return false;
	type = PCIE_TYPE(capability);
	return type == PCIE_ROOT_PORT || type == PCIE_DOWNSTREAM_PORT || type == PCIE_FROM_PCI;
}

/**
 * struct bridges - the bridges found on one bus, by their index
 */
struct bridges {
	uint32_t nr;
	uint16_t index[BRIDGES_ON_A_BUS];
};

/*
 * Looks at one function of a bus that is being searched. Sets @multifunction if it says so of its device, and adds it to
 * @bridges if it is one.
 */
static enum pg_reason look_at(struct scan *scan, struct pg_bdf at, uint16_t parent, bool *present,
			      bool *multifunction, struct bridges *bridges)
{
	const uint32_t entry = pg_record_find(scan->record, at);
	struct pg_function met = { .at = at, .parent = parent, .overlap = PG_NONE, .suspect = PG_NONE };
	struct pg_function *function = &met;
	uint32_t index = scan->nr;

	if (entry < scan->end && pg_bdf_equal(scan->record->entries[entry].at, at)) {
		index = entry;
		function = &scan->functions[entry];
	} else {
		met.presence = (uint8_t)pg_presence_of(read_header(scan, &met));
		if (met.presence == PG_UNREADABLE || met.presence == PG_NO_WINDOW)
			return pg_note_bdf(scan->finding, PG_CONFIG_UNREADABLE, "function", at, 0);
	}

	*present = function->presence == PG_PRESENT;
	*multifunction = function->multifunction;
	if (!pg_function_is_bridge(function))
		return PG_OK;
	if (index == scan->nr) {
		if (scan->nr == scan->capacity)
			return pg_note_count(scan->finding, PG_WORKSPACE_FULL, "functions and bridges: room for",
					     scan->capacity, 0);
		scan->functions[scan->nr++] = met;
	}
	bridges->index[bridges->nr++] = (uint16_t)index;
	return PG_OK;
}

static enum pg_reason search_bus(struct scan *scan, uint8_t bus, uint16_t parent, struct bridges *bridges)
{
	const uint32_t devices = only_device_0_behind(scan, parent) ? 1 : DEVICES;
	uint32_t device, function;

	bridges->nr = 0;
	for (device = 0; device < devices; device++) {
		bool present = true, multifunction = false, ignored;

		for (function = 0; function < FUNCTIONS; function++) {
			const struct pg_bdf at =
				pg_bdf(scan->segment, bus, pg_devfn((uint8_t)device, (uint8_t)function));
			enum pg_reason reason = look_at(scan, at, parent, &present,
							function ? &ignored : &multifunction, bridges);

			if (reason)
				return reason;
			/* Linux asks no further functions of a device without function 0, or of one with a single. */
			if (!function && (!present || !multifunction))
				break;
		}
	}
	return PG_OK;
}

static void mark_overlaps(struct scan *scan, const struct bridges *bridges)
{
	uint32_t i, j;

	for (i = 0; i < bridges->nr; i++) {
		struct pg_function *a = &scan->functions[bridges->index[i]];

		for (j = 0; j < bridges->nr; j++) {
			const struct pg_function *b = &scan->functions[bridges->index[j]];

			if (i == j || !a->secondary || !b->secondary || a->secondary > a->subordinate ||
			    b->secondary > b->subordinate)
				continue;
			if (a->secondary <= b->subordinate && b->secondary <= a->subordinate)
				a->overlap = bridges->index[j];
		}
	}
}

static enum pg_reason visit(struct scan *scan, uint8_t bus, uint16_t parent)
{
	const struct pg_function *above = parent == PG_NONE ? NULL : &scan->functions[parent];
	struct bridges bridges;
	enum pg_reason reason;
	uint32_t i;

	ask_recorded_on(scan, bus, parent);
	if (!targets_left(scan, above ? above->secondary : 0, above ? above->subordinate : BUSES - 1))
		return PG_OK;
	reason = search_bus(scan, bus, parent, &bridges);
	if (reason)
		return reason;
	mark_overlaps(scan, &bridges);
	for (i = 0; i < bridges.nr; i++) {
		const struct pg_function *bridge = &scan->functions[bridges.index[i]];

		if (bridge->secondary && bridge->secondary <= bridge->subordinate &&
		    targets_left(scan, bridge->secondary, bridge->subordinate))
			enqueue(scan, bridge->secondary, bridges.index[i]);
	}
	return PG_OK;
}

/*
 * Another root bus: the lowest recorded bus that no bridge leads to and that answers all the same. Only where the record
 * names every bridge, or the bus might lie behind one that was never looked at.
 */
static bool find_another_root(struct scan *scan, struct bus_set *asked)
{
	uint32_t i;

	if (scan->record->pci_version < 2)
		return false;
	for (i = scan->begin; i < scan->end; i++) {
		const struct pg_bdf at = scan->record->entries[i].at;
		uint32_t id;

		if (in_set(&scan->queued, at.bus) || in_set(asked, at.bus))
			continue;
		if (pg_read_id(&scan->reader, at, &id) == PG_PRESENT) {
			enqueue(scan, at.bus, PG_NONE);
			return true;
		}
		/* One question a bus: if its first recorded function does not answer, nothing leads there. */
		add_to_set(asked, at.bus);
	}
	return false;
}

static bool may_have_led_to(const struct pg_function *bridge, uint8_t bus)
{
	if (!bridge->secondary && !bridge->subordinate)
		return bus > bridge->at.bus;
	return bridge->secondary > bridge->subordinate && bridge->subordinate <= bus && bus <= bridge->secondary;
}

/* Names the bridge that a function lies behind although nothing leads there now, if there is just one it can be. */
static void name_suspect(struct scan *scan, struct pg_function *function)
{
	uint32_t i;

	function->suspect = PG_NONE;
	for (i = 0; i < scan->nr; i++) {
		const struct pg_function *bridge = &scan->functions[i];

		if (bridge->at.segment != scan->segment || !pg_function_is_bridge(bridge))
			continue;
		/* In version 2 the bridge above a recorded function is recorded itself. */
		if (scan->record->pci_version >= 2 && !bridge->recorded)
			continue;
		if (!may_have_led_to(bridge, function->at.bus))
			continue;
		if (function->suspect != PG_NONE) {
			function->suspect = PG_NONE;
			return;
		}
		function->suspect = (uint16_t)i;
	}
}

static enum pg_reason scan_segment(struct scan *scan)
{
	const struct pg_config *config = scan->reader.config;
	struct bus_set asked = { { 0 } };
	uint8_t first, last;
	uint32_t i, next = 0;

	if (!config->window(config->ctx, scan->segment, &first, &last)) {
		for (i = scan->begin; i < scan->end; i++)
			scan->functions[i].presence = PG_NO_WINDOW;
		return PG_OK;
	}

	scan->targets = (struct bus_set){ { 0 } };
	scan->queued = (struct bus_set){ { 0 } };
	scan->queue_length = 0;
	for (i = scan->begin; i < scan->end; i++)
		add_to_set(&scan->targets, scan->record->entries[i].at.bus);

	enqueue(scan, first, PG_NONE);
	do {
		for (; next < scan->queue_length; next++) {
			enum pg_reason reason = visit(scan, scan->queue[next], scan->parents[next]);

			if (reason)
				return reason;
		}
	} while (find_another_root(scan, &asked));

	for (i = scan->begin; i < scan->end; i++) {
		if (scan->functions[i].presence == PG_UNREACHED)
			name_suspect(scan, &scan->functions[i]);
	}
	return PG_OK;
}

enum pg_reason pg_scan(const struct pg_config *config, const struct pg_record *record, struct pg_function *functions,
		       uint32_t capacity, struct pg_topology *topology, struct pg_finding *finding)
{
	struct scan scan = {
		.reader = { .config = config },
		.record = record,
		.functions = functions,
		.nr = record->nr,
		.capacity = capacity,
		.finding = finding,
	};
	enum pg_reason reason = PG_OK;
	uint32_t i;

	*topology = (struct pg_topology){ .functions = functions };
	if (record->nr > capacity)
		return pg_note_count(finding, PG_WORKSPACE_FULL, "functions and bridges: room for", capacity, 0);
	for (i = 0; i < record->nr; i++) {
		functions[i] = (struct pg_function){
			.at = record->entries[i].at,
			.refcount = record->entries[i].refcount,
			.parent = PG_NONE,
			.overlap = PG_NONE,
			.suspect = PG_NONE,
			.presence = PG_UNREACHED,
			.recorded = true,
		};
	}

	while (!reason && scan.end < record->nr) {
		scan.begin = scan.end;
		scan.segment = record->entries[scan.begin].at.segment;
		while (scan.end < record->nr && record->entries[scan.end].at.segment == scan.segment)
			scan.end++;
		reason = scan_segment(&scan);
	}
	topology->nr = scan.nr;
	topology->nr_recorded = record->nr;
	topology->reads = scan.reader.reads;
	return reason;
}
