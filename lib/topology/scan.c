// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * scan.c - second room: walks from the root buses down over all buses that hardware leads to.
 */
#include <pcigate/topology.h>

#define BUSES 256u
#define DEVICES 32u
#define FUNCTIONS 8u

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
 * @topology:  what is being filled
 * @functions: its functions: first the recorded ones, then the others as they are met
 * @capacity:  how many there may be
 * @segment:   the segment being scanned
 * @begin:     its first entry in the record
 * @end:       the entry behind its last
 * @everything: search every bus, not only those on the paths to what is recorded
 * @all_devices: behind links, too
 * @no_ari:     ARI will not be used
 * @bridges_on: for each bus, the node in front of that of the first bridge that the record knows there; 0 if there is none
 * @targets:   buses on which something is recorded
 * @queued:    buses that were visited or wait for it, so that none is visited twice
 * @queue:     bridges whose bus is to be visited, in the order they were found
 * @queue_length: how many
 * @finding:   where to note what is wrong
 */
struct scan {
	struct pg_reader reader;
	const struct pg_record *record;
	struct pg_topology *topology;
	struct pg_function *functions;
	uint32_t capacity;
	uint32_t segment;
	uint32_t begin;
	uint32_t end;
	bool everything;
	bool all_devices;
	bool no_ari;
	int bridges_on[BUSES];
	struct bus_set targets;
	struct bus_set queued;
	uint16_t queue[BUSES];
	uint32_t queue_length;
	struct pg_finding *finding;
};

/**
 * struct place - a bus that is being visited
 * @root:   the root bus it belongs to
 * @parent: the bridge that leads to it, PG_NONE for the root bus itself
 * @last:   the function that was last linked to it, PG_NONE before the first
 * @number: its number
 */
struct place {
	uint16_t root;
	uint16_t parent;
	uint16_t last;
	uint8_t number;
};

/* Is anything recorded on a bus from @first to @last that is not queued yet? */
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
	enum pg_access access;
	uint32_t value;

	access = pg_read(&scan->reader, function->at, PG_REG_HEADER, &value);
	if (access)
		return access;
	function->header = (value >> 16 & 0x7f) > PG_HEADER_CARDBUS ? PG_HEADER_UNKNOWN : value >> 16 & 3;
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
	function->presence = 7u & (unsigned int)presence;
	function->id = 0;
	function->header = 0;
	function->multifunction = false;
	function->primary = function->secondary = function->subordinate = 0;
	function->vfs_enabled = false;
}

/* Asks one recorded function who it is. */
static void ask(struct scan *scan, struct pg_function *function, const struct place *place)
{
	enum pg_presence presence;

	function->parent = place->parent;
	function->reached = true;
	presence = pg_read_id(&scan->reader, function->at, &function->id);
	if (presence == PG_PRESENT)
		presence = pg_presence_of(read_header(scan, function));
	function->presence = 7u & (unsigned int)presence;
	if (presence == PG_PRESENT && !pg_function_is_bridge(function)) {
		scan->reader.failed = false;
		function->vfs_enabled = virtual_functions_enabled(scan, function);
		if (scan->reader.failed)
			presence = PG_UNREADABLE;
	}
	if (presence != PG_PRESENT)
		forget(function, presence);
}

/* The first recorded function on a bus; those behind it follow in the record. */
static uint32_t first_recorded_on(const struct scan *scan, uint8_t bus)
{
	return pg_record_find(scan->record, pg_bdf(scan->segment, bus, 0));
}

static bool is_recorded(const struct scan *scan, struct pg_bdf at)
{
	const uint32_t entry = pg_record_find(scan->record, at);

	return entry < scan->end && pg_bdf_equal(scan->record->entries[entry].at, at);
}

static bool recorded_on(const struct scan *scan, uint32_t entry, uint8_t bus)
{
	return entry < scan->end && scan->record->entries[entry].at.bus == bus;
}

/* Appends a function to the list of its bus. */
static void link_function(struct scan *scan, struct place *place, uint16_t index)
{
	if (place->last != PG_NONE)
		scan->functions[place->last].sibling = index;
	else if (place->parent != PG_NONE)
		scan->functions[place->parent].child = index;
	else
		scan->topology->roots[place->root].child = index;
	place->last = index;
}

/*
 * Reads what decides about function numbers above 7, where everything is read: below a bridge that can forward ARI every
 * function names the next.
 */
static void look_for_ari(struct scan *scan, struct pg_function *function)
{
	if (scan->everything && function->presence == PG_PRESENT && function->parent != PG_NONE &&
	    scan->functions[function->parent].ari_forward)
		pg_read_ari(&scan->reader, function);
}

/*
 * Looks at one function of a bus that is being searched. @multifunction tells whether it answers and says so of its device.
 * It is kept if it can matter: on the paths only bridges do, beside what is recorded.
 */
static enum pg_reason look_at(struct scan *scan, struct pg_bdf at, struct place *place, bool *multifunction)
{
	const uint32_t entry = pg_record_find(scan->record, at);
	struct pg_function met = {
		.at = at,
		.parent = place->parent,
		.reached = true,
		.sibling = PG_NONE,
		.child = PG_NONE,
		.overlap = PG_NONE,
	};

	*multifunction = false;
	if (entry < scan->end && pg_bdf_equal(scan->record->entries[entry].at, at)) {
		if (scan->functions[entry].presence != PG_PRESENT)
			return PG_OK;
		*multifunction = scan->functions[entry].header <= PG_HEADER_CARDBUS &&
				 scan->functions[entry].multifunction;
		link_function(scan, place, (uint16_t)entry);
		look_for_ari(scan, &scan->functions[entry]);
		return PG_OK;
	}

	met.presence = 7u & (unsigned int)pg_presence_of(read_header(scan, &met));
	if (met.presence == PG_UNREADABLE || met.presence == PG_NO_WINDOW)
		return pg_note_bdf(scan->finding, PG_CONFIG_UNREADABLE, "function", at, 0);
	/* What Linux does not know the layout of, or takes for an empty slot, has no other functions either. */
	if (met.presence != PG_PRESENT || met.header > PG_HEADER_CARDBUS ||
	    (scan->everything && pg_read_id(&scan->reader, at, &met.id) == PG_ABSENT))
		return PG_OK;
	*multifunction = met.multifunction;
	if (!scan->everything && !pg_function_is_bridge(&met))
		return PG_OK;
	look_for_ari(scan, &met);
	if (scan->topology->nr == scan->capacity)
		return pg_note_count(scan->finding, PG_WORKSPACE_FULL, "functions and bridges: room for",
				     scan->capacity, 0);
	scan->functions[scan->topology->nr] = met;
	link_function(scan, place, (uint16_t)scan->topology->nr++);
	return PG_OK;
}

/* Behind a downstream port Linux looks for device 0 only (only_one_child()). */
static bool only_device_0_behind(struct scan *scan, uint16_t parent)
{
	pg_settle_port(&scan->reader, scan->functions, parent);
	return !scan->all_devices && pg_port_is_downstream(scan->functions[parent].acts_as);
}

/*
 * Does Linux come to the function that was recorded at @at, given that its device is one Linux looks at? It asks functions
 * other than 0 only where function 0 answers and says that there are more.
 */
static bool finds_function(struct scan *scan, struct pg_bdf at)
{
	struct pg_function zero = { .at = at };
	uint32_t entry;

	if (!(at.devfn & 7))
		return true;
	zero.at.devfn = at.devfn & 0xf8;
	entry = pg_record_find(scan->record, zero.at);
	if (is_recorded(scan, zero.at))
		return scan->functions[entry].presence == PG_PRESENT &&
		       scan->functions[entry].header <= PG_HEADER_CARDBUS && scan->functions[entry].multifunction;
	return pg_read_id(&scan->reader, zero.at, &zero.id) == PG_PRESENT && !read_header(scan, &zero) &&
	       zero.header <= PG_HEADER_CARDBUS && zero.multifunction;
}

/* Reads who answers at @at and which function it names as the next one; false if it cannot be in a chain of ARI. */
static bool read_link(struct scan *scan, struct pg_bdf at, struct pg_function *link)
{
	*link = (struct pg_function){ .at = at };
	if (pg_read_id(&scan->reader, at, &link->id) != PG_PRESENT)
		return false;
	pg_read_ari(&scan->reader, link);
	return link->ari;
}

/* One step along the chain of function numbers that ARI capabilities form on the bus of @at; false at its end. */
static bool next_in_chain(struct scan *scan, struct pg_bdf *at)
{
	struct pg_function link;

	/* next_ari_fn(): the chain only goes up, and 0 ends it. */
	if (!read_link(scan, *at, &link) || link.ari_next <= at->devfn)
		return false;
	at->devfn = link.ari_next;
	return true;
}

/* Does the chain lead from function 0 of a bus to @at? */
static bool finds_by_ari(struct scan *scan, struct pg_bdf at)
{
	struct pg_bdf link = pg_bdf(at.segment, at.bus, 0);

	while (link.devfn != at.devfn) {
		if (!next_in_chain(scan, &link))
			return false;
	}
	return true;
}

/* Are extended registers reachable below @bridge? Linux thinks so below ports alone (pci_bridge_child_ext_cfg_accessible()). */
static bool extended_below(struct scan *scan, uint16_t bridge)
{
	for (; bridge != PG_NONE; bridge = scan->functions[bridge].parent) {
		pg_settle_port(&scan->reader, scan->functions, bridge);
		if (scan->functions[bridge].acts_as == PG_PORT_OTHER || scan->functions[bridge].from_pci)
			return false;
	}
	return true;
}

/* Will Linux switch ARI forwarding on above the bus behind @parent (pci_configure_ari())? */
static bool uses_ari(struct scan *scan, uint16_t parent, struct pg_bdf zero)
{
	struct pg_function link;

	if (scan->no_ari)
		return false;
	pg_read_ari_forwarding(&scan->reader, &scan->functions[parent]);
	return scan->functions[parent].ari_forward && extended_below(scan, parent) && read_link(scan, zero, &link);
}

/* Whether the next kernel will come to a recorded function that answers now. */
static bool looked_for(struct scan *scan, struct pg_function *function)
{
	const uint16_t parent = function->parent;

	if (function->header > PG_HEADER_CARDBUS)
		return false;
	if (!function->at.devfn || parent == PG_NONE)
		return finds_function(scan, function->at);
	/* Function 0 of a device is asked on any bus but a link. */
	pg_settle_port(&scan->reader, scan->functions, parent);
	if (!(function->at.devfn % FUNCTIONS) && !pg_port_is_downstream(scan->functions[parent].port))
		return true;
	if (uses_ari(scan, parent, pg_bdf(function->at.segment, function->at.bus, 0)))
		return finds_by_ari(scan, function->at);
	if (function->at.devfn >= FUNCTIONS &&
	    (only_device_0_behind(scan, parent) || (scan->functions[parent].ari_on && !scan->no_ari)))
		return false;
	return finds_function(scan, function->at);
}

static void ask_recorded(struct scan *scan, const struct place *place)
{
	const uint32_t first = first_recorded_on(scan, place->number);
	uint32_t i;

	for (i = first; recorded_on(scan, i, place->number); i++)
		ask(scan, &scan->functions[i], place);
	for (i = first; recorded_on(scan, i, place->number); i++) {
		if (scan->functions[i].presence == PG_PRESENT)
			scan->functions[i].hidden = !looked_for(scan, &scan->functions[i]);
	}
}

/* The functions that the chain of ARI capabilities on a bus names. */
static void add_chain(struct scan *scan, const struct place *place, struct bus_set *devfns)
{
	struct pg_bdf link = pg_bdf(scan->segment, place->number, 0);

	while (next_in_chain(scan, &link))
		add_to_set(devfns, link.devfn);
}

/*
 * Looks for all functions on a bus, as Linux does, and some more: it is not known yet what Linux will know of the bus. What
 * is recorded and answers is on it in any case.
 */
static enum pg_reason search_bus(struct scan *scan, struct place *place)
{
	const uint32_t devices =
		place->parent != PG_NONE && only_device_0_behind(scan, place->parent) ? 1 : DEVICES;
	struct bus_set chain = { { 0 } };
	bool multifunction = false, ignored;
	uint32_t devfn;

	if (scan->everything && place->parent != PG_NONE) {
		pg_read_ari_forwarding(&scan->reader, &scan->functions[place->parent]);
		if (scan->functions[place->parent].ari_forward)
			add_chain(scan, place, &chain);
	}
	for (devfn = 0; devfn < DEVICES * FUNCTIONS; devfn++) {
		const struct pg_bdf at = pg_bdf(scan->segment, place->number, (uint8_t)devfn);
		const bool zero = !(devfn % FUNCTIONS);
		enum pg_reason reason;

		if (zero)
			multifunction = false;
		/* Linux asks no further functions of a device without function 0, or of one with a single. */
		if (!is_recorded(scan, at) && !in_set(&chain, at.devfn) &&
		    (devfn >= devices * FUNCTIONS || (!zero && !multifunction)))
			continue;
		reason = look_at(scan, at, place, zero ? &multifunction : &ignored);
		if (reason)
			return reason;
	}
	return PG_OK;
}

/* Does the record name all bridges? Then they can be asked one by one, and no bus is searched for its path's sake. */
static bool knows_bridges(const struct scan *scan)
{
	return scan->record->own.complete && !scan->everything;
}

/* Finds where in the record the bridges of each bus begin: they stand in the order of their addresses. */
static void find_known_bridges(struct scan *scan)
{
	struct pg_gate_bridge bridge = { .node = -1 };
	uint32_t bus;
	int before;

	for (bus = 0; bus < BUSES; bus++)
		scan->bridges_on[bus] = 0;
	for (before = -1; knows_bridges(scan) && pg_gate_next_bridge(&scan->record->own, &bridge); before = bridge.node) {
		if (bridge.at.segment == scan->segment && !scan->bridges_on[bridge.at.bus])
			scan->bridges_on[bridge.at.bus] = before;
	}
}

/*
 * Looks at the bridges that are known to be on a bus. Nothing else of a bus can be in the way of the paths. Slots that were empty
 * are left alone, which is most of what a search costs.
 */
static enum pg_reason look_at_known_bridges(struct scan *scan, struct place *place)
{
	struct pg_gate_bridge bridge = { .node = scan->bridges_on[place->number] };
	enum pg_reason reason = PG_OK;
	bool ignored;

	while (!reason && bridge.node && pg_gate_next_bridge(&scan->record->own, &bridge) &&
	       bridge.at.segment == scan->segment && bridge.at.bus == place->number)
		reason = look_at(scan, bridge.at, place, &ignored);
	return reason;
}

static bool has_range(const struct pg_function *function)
{
	return pg_function_is_bridge(function) && function->secondary &&
	       function->secondary <= function->subordinate;
}

static void mark_overlaps(struct scan *scan, uint16_t first)
{
	uint16_t i, j;

	for (i = first; i != PG_NONE; i = scan->functions[i].sibling) {
		struct pg_function *a = &scan->functions[i];

		for (j = first; j != PG_NONE && has_range(a); j = scan->functions[j].sibling) {
			const struct pg_function *b = &scan->functions[j];

			if (i != j && has_range(b) && a->secondary <= b->subordinate &&
			    b->secondary <= a->subordinate)
				a->overlap = j;
		}
	}
}

/* The bridge that a request for @bus ends at, coming from the root bus @root; PG_NONE if it ends at none. */
static uint16_t bridge_to(const struct scan *scan, uint16_t root, uint8_t bus)
{
	uint16_t index = scan->topology->roots[root].child;

	while (index != PG_NONE) {
		if (!pg_function_forwards(&scan->functions[index], bus))
			index = scan->functions[index].sibling;
		else if (scan->functions[index].secondary == bus)
			return index;
		else
			index = scan->functions[index].child;
	}
	return PG_NONE;
}

/* Queues the buses behind the bridges on a bus, as far as requests for them really arrive there. */
static void enqueue_children(struct scan *scan, const struct place *place, uint16_t first)
{
	const struct pg_root *root = &scan->topology->roots[place->root];
	uint16_t i;

	for (i = first; i != PG_NONE; i = scan->functions[i].sibling) {
		struct pg_function *bridge = &scan->functions[i];

		const uint8_t last =
			bridge->subordinate > bridge->secondary ? bridge->subordinate : bridge->secondary;

		if (!pg_function_is_bridge(bridge) || bridge->secondary <= place->number ||
		    bridge->secondary > root->last ||
		    (!scan->everything && !knows_bridges(scan) && !targets_left(scan, bridge->secondary, last)) ||
		    in_set(&scan->queued, bridge->secondary) || bridge_to(scan, place->root, bridge->secondary) != i)
			continue;
		bridge->visited = true;
		add_to_set(&scan->queued, bridge->secondary);
		scan->queue[scan->queue_length++] = i;
	}
}

static enum pg_reason visit(struct scan *scan, uint16_t root, uint16_t parent, uint8_t number)
{
	struct place place = { .root = root, .parent = parent, .number = number, .last = PG_NONE };
	const struct pg_function *above = parent == PG_NONE ? NULL : &scan->functions[parent];
	enum pg_reason reason;
	uint16_t first;

	ask_recorded(scan, &place);
	/*
	 * A bridge elsewhere that gets new numbers can get some of the path's, or those of a root bus: so all known ones are
	 * looked at. To find the unknown ones would cost a search of everything.
	 */
	if (!scan->everything && !knows_bridges(scan) &&
	    !targets_left(scan, above ? above->secondary : 0, above ? above->subordinate : BUSES - 1))
		return PG_OK;
	reason = knows_bridges(scan) ? look_at_known_bridges(scan, &place) : search_bus(scan, &place);
	if (reason)
		return reason;
	first = parent == PG_NONE ? scan->topology->roots[root].child : scan->functions[parent].child;
	mark_overlaps(scan, first);
	enqueue_children(scan, &place, first);
	return PG_OK;
}

static enum pg_reason scan_root(struct scan *scan, uint16_t root)
{
	const uint8_t number = scan->topology->roots[root].first;
	enum pg_reason reason;
	uint32_t next;

	if (in_set(&scan->queued, number))
		return PG_OK;
	add_to_set(&scan->queued, number);
	scan->queue_length = 0;
	reason = visit(scan, root, PG_NONE, number);
	for (next = 0; !reason && next < scan->queue_length; next++) {
		const uint16_t bridge = scan->queue[next];

		reason = visit(scan, root, bridge, scan->functions[bridge].secondary);
	}
	return reason;
}

static enum pg_reason add_root(struct scan *scan, uint8_t first, uint8_t last, bool assumed)
{
	struct pg_topology *topology = scan->topology;
	uint32_t i;

	if (topology->nr_roots == PG_MAX_ROOTS)
		return pg_note_count(scan->finding, PG_WORKSPACE_FULL, "root buses: room for", PG_MAX_ROOTS, 0);
	/* Where nobody tells the ranges, a root bus ends where the next begins. */
	for (i = 0; assumed && i < topology->nr_roots; i++) {
		struct pg_root *root = &topology->roots[i];

		if (root->segment == scan->segment && root->first < first && root->last >= first)
			root->last = (uint8_t)(first - 1);
	}
	topology->roots[topology->nr_roots++] = (struct pg_root){
		.segment = scan->segment,
		.first = first,
		.last = last,
		.child = PG_NONE,
		.assumed = assumed,
	};
	return scan_root(scan, (uint16_t)(topology->nr_roots - 1));
}

/*
 * A recorded function that does not answer, or a bridge that leads nowhere, may have led to a bus that nothing seems to lead
 * to: then such a bus must not be taken for a root bus.
 */
static bool path_may_be_lost(const struct scan *scan)
{
	uint32_t i;

	for (i = scan->begin; i < scan->end; i++) {
		const struct pg_function *function = &scan->functions[i];

		if (function->presence == PG_UNREACHED)
			continue;
		if (function->presence != PG_PRESENT || (pg_function_is_bridge(function) && !function->visited))
			return true;
	}
	return false;
}

/*
 * Other root buses: recorded buses that no bridge leads to and that answer all the same. Only where the record names every
 * bridge, or the bus might lie behind one that does not forward.
 */
static enum pg_reason find_other_roots(struct scan *scan, uint8_t last)
{
	struct bus_set asked = { { 0 } };
	uint32_t i;

	for (i = scan->begin; i < scan->end && scan->record->pci_version >= 2; i++) {
		const struct pg_bdf at = scan->record->entries[i].at;
		enum pg_reason reason;
		uint32_t id;

		if (in_set(&scan->queued, at.bus) || in_set(&asked, at.bus))
			continue;
		if (path_may_be_lost(scan))
			return PG_OK;
		/* One question a bus: if its first recorded function does not answer, nothing leads there. */
		add_to_set(&asked, at.bus);
		if (pg_read_id(&scan->reader, at, &id) != PG_PRESENT)
			continue;
		reason = add_root(scan, at.bus, last, true);
		if (reason)
			return reason;
	}
	return PG_OK;
}

static bool may_have_led_to(const struct pg_function *bridge, uint8_t bus)
{
	if (!bridge->secondary && !bridge->subordinate)
		return bus > bridge->at.bus;
	if (bridge->secondary > bridge->subordinate)
		return bridge->subordinate <= bus && bus <= bridge->secondary;
	return bridge->overlap != PG_NONE && bridge->secondary <= bus && bus <= bridge->subordinate;
}

/* Names the bridge that a function lies behind although nothing leads there now, if there is just one it can be. */
static void name_suspect(struct scan *scan, struct pg_function *function)
{
	uint32_t i, suspects = 0;

	for (i = 0; i < scan->topology->nr; i++) {
		const struct pg_function *bridge = &scan->functions[i];

		if (bridge->at.segment != scan->segment || !pg_function_is_bridge(bridge))
			continue;
		/* In version 2 the bridge above a recorded function is recorded itself. */
		if (scan->record->pci_version >= 2 && !bridge->recorded)
			continue;
		if (!may_have_led_to(bridge, function->at.bus))
			continue;
		function->suspect = (uint16_t)i;
		/* The one whose own bus it is has the better claim than those that only reach over it. */
		if (bridge->secondary == function->at.bus)
			return;
		suspects++;
	}
	if (suspects != 1)
		function->suspect = PG_NONE;
}

static enum pg_reason scan_segment(struct scan *scan)
{
	const struct pg_config *config = scan->reader.config;
	enum pg_reason reason = PG_OK;
	bool told = false;
	uint8_t first, last;
	uint32_t i;

	if (!config->window(config->ctx, scan->segment, &first, &last)) {
		for (i = scan->begin; i < scan->end; i++)
			scan->functions[i].presence = PG_NO_WINDOW;
		return PG_OK;
	}

	scan->targets = (struct bus_set){ { 0 } };
	for (i = scan->begin; i < scan->end; i++)
		add_to_set(&scan->targets, scan->record->entries[i].at.bus);
	scan->queued = (struct bus_set){ { 0 } };
	find_known_bridges(scan);
	for (i = 0; i < scan->record->nr_roots && !reason; i++) {
		const struct pg_record_root *root = &scan->record->roots[i];

		if (root->segment != scan->segment)
			continue;
		told = true;
		reason = add_root(scan, root->first, root->last, false);
	}
	if (!told) {
		reason = add_root(scan, first, last, false);
		if (!reason)
			reason = find_other_roots(scan, last);
	}
	for (i = scan->begin; i < scan->end; i++) {
		struct pg_function *function = &scan->functions[i];

		if (function->presence != PG_UNREACHED)
			continue;
		if (function->at.bus < first || function->at.bus > last)
			function->presence = PG_NO_WINDOW;
		else
			name_suspect(scan, function);
	}
	return reason;
}

enum pg_reason pg_scan(const struct pg_config *config, const struct pg_record *record, unsigned int flags,
		       struct pg_function *functions, uint32_t capacity, struct pg_topology *topology,
		       struct pg_finding *finding)
{
	struct scan scan = {
		.reader = { .config = config },
		.record = record,
		.topology = topology,
		.functions = functions,
		.capacity = capacity,
		.everything = flags & PG_SCAN_EVERYTHING,
		.all_devices = flags & PG_SCAN_ALL_DEVICES,
		.no_ari = flags & PG_SCAN_NO_ARI,
		.finding = finding,
	};
	enum pg_reason reason = PG_OK;
	uint32_t i;

	*topology = (struct pg_topology){ .functions = functions, .everything = scan.everything };
	if (record->nr > capacity)
		return pg_note_count(finding, PG_WORKSPACE_FULL, "functions and bridges: room for", capacity, 0);
	for (i = 0; i < record->nr; i++) {
		functions[i] = (struct pg_function){
			.at = record->entries[i].at,
			.refcount = record->entries[i].refcount,
			.parent = PG_NONE,
			.sibling = PG_NONE,
			.child = PG_NONE,
			.suspect = PG_NONE,
			.presence = PG_UNREACHED,
			.recorded = true,
		};
	}
	topology->nr = record->nr;
	topology->nr_recorded = record->nr;

	while (!reason && scan.end < record->nr) {
		scan.begin = scan.end;
		scan.segment = record->entries[scan.begin].at.segment;
		while (scan.end < record->nr && record->entries[scan.end].at.segment == scan.segment)
			scan.end++;
		reason = scan_segment(&scan);
	}
	topology->reads = scan.reader.reads;
	return reason;
}
