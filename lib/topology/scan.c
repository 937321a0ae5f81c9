// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * scan.c - second room: walks from the root buses down over all buses that hardware leads to.
 */
#include <pcigate/topology.h>

#define BUSES 256u
#define DEVICES 32u
#define FUNCTIONS 8u

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
 * @everything: read every function, not only the bridges
 * @all_devices: behind links, too
 * @no_ari:     ARI will not be used
 * @no_extended: nor will any register above 255
 * @complete:   pcigate's own record names every bridge that the next kernel will find, unless the machine has changed
 * @last:       the last bus that can be reached
 * @bridges_before: the node in front of that of the first bridge that the record knows in the segment
 * @bridges_on: for each bus, the node in front of that of the first bridge that the record knows there; 0 if there is none
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
	bool no_extended;
	bool complete;
	uint8_t last;
	int bridges_before;
	int bridges_on[BUSES];
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

/* Are virtual functions enabled on a recorded device? */
static void read_virtual_functions(struct scan *scan, struct pg_function *function)
{
	uint32_t control;

	pg_read_extended(&scan->reader, scan->functions, function);
	if (!function->extended.sriov)
		return;
	/* The capability is there, so all ones, whatever they come from, may not pass for "disabled". */
	if (pg_read(&scan->reader, function->at, (uint16_t)(function->extended.sriov + SRIOV_CONTROL), &control) ==
	    PG_ACCESS_UNREADABLE)
		function->unread = true;
	else
		function->vfs_enabled = control & SRIOV_VF_ENABLE;
}

/* Nothing else that was read from @function counts: it did not answer after all. */
static void forget(struct pg_function *function, enum pg_presence presence)
{
	function->presence = 7u & (unsigned int)presence;
	function->id = 0;
	function->header = 0;
	function->multifunction = false;
	function->primary = function->secondary = function->subordinate = 0;
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
	if (presence != PG_PRESENT)
		forget(function, presence);
	else if (!pg_function_is_bridge(function))
		read_virtual_functions(scan, function);
	/* What cannot be read of a recorded function is said of that function. */
	scan->reader.failed = false;
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
	if (scan->everything && function->parent != PG_NONE && scan->functions[function->parent].ari_forward)
		pg_read_ari(&scan->reader, scan->functions, function);
}

/*
 * Looks at one function of a bus that is being searched, by its address in @met, which is set to what answered. One that the record
 * has @listed as a bridge is known to be no empty slot. It is kept if it can matter: beside what is recorded, bridges do, and
 * where everything is read the rest does, too.
 */
static enum pg_reason look_at(struct scan *scan, struct place *place, bool listed, struct pg_function *met)
{
	const uint32_t entry = pg_record_find(scan->record, met->at);
	enum pg_presence presence = PG_PRESENT;

	if (is_recorded(scan, met->at)) {
		struct pg_function *function = &scan->functions[entry];

		if (function->presence == PG_PRESENT) {
			link_function(scan, place, (uint16_t)entry);
			look_for_ari(scan, function);
		}
		*met = *function;
		return PG_OK;
	}

	if (!listed)
		presence = pg_read_id(&scan->reader, met->at, &met->id);
	if (presence == PG_PRESENT)
		presence = pg_presence_of(read_header(scan, met));
	met->presence = 7u & (unsigned int)presence;
	if (presence == PG_UNREADABLE || presence == PG_NO_WINDOW)
		return pg_note_bdf(scan->finding, PG_CONFIG_UNREADABLE, "function", met->at, 0);
	/* Linux waits longer than the gate, and may find a bridge there. */
	if (presence == PG_NOT_READY)
		return pg_note_bdf(scan->finding, PG_DEVICE_NOT_READY, "function", met->at, 0);
	if (presence != PG_PRESENT || met->header > PG_HEADER_CARDBUS ||
	    (!scan->everything && !pg_function_is_bridge(met)))
		return PG_OK;
	look_for_ari(scan, met);
	if (scan->topology->nr == scan->capacity)
		return pg_note_count(scan->finding, PG_WORKSPACE_FULL, "functions and bridges: room for",
				     scan->capacity, 0);
	scan->functions[scan->topology->nr] = *met;
	link_function(scan, place, (uint16_t)scan->topology->nr++);
	return PG_OK;
}

/* Does Linux take what answered for a function (a header layout that it knows)? */
static bool is_function(const struct pg_function *function)
{
	return function->presence == PG_PRESENT && function->header <= PG_HEADER_CARDBUS;
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
		return is_function(&scan->functions[entry]) && scan->functions[entry].multifunction;
	return pg_read_id(&scan->reader, zero.at, &zero.id) == PG_PRESENT && !read_header(scan, &zero) &&
	       zero.header <= PG_HEADER_CARDBUS && zero.multifunction;
}

/* Reads who answers at @at and which function it names as the next one; false if it cannot be in a chain of ARI. */
static bool read_link(struct scan *scan, uint16_t parent, struct pg_bdf at, struct pg_function *link)
{
	if (is_recorded(scan, at)) {
		*link = scan->functions[pg_record_find(scan->record, at)];
	} else {
		*link = (struct pg_function){ .at = at, .parent = parent };
		link->presence = 7u & (unsigned int)pg_read_id(&scan->reader, at, &link->id);
	}
	if (link->presence == PG_PRESENT)
		pg_read_ari(&scan->reader, scan->functions, link);
	/* It may name a next one, or none. */
	if (link->unread)
		scan->reader.failed = true;
	return link->presence == PG_PRESENT && link->ari;
}

/*
 * One step along the chain of function numbers that ARI capabilities form (next_ari_fn()): it only goes up, and 0 ends it.
 * @at is set to the next address; false at the end.
 */
static bool next_in_chain(const struct pg_function *link, struct pg_bdf *at)
{
	if (!link->ari || link->ari_next <= at->devfn)
		return false;
	at->devfn = link->ari_next;
	return true;
}

/* Does the chain lead from function 0 of a bus to @at? */
static bool finds_by_ari(struct scan *scan, uint16_t parent, struct pg_bdf at)
{
	struct pg_bdf next = pg_bdf(at.segment, at.bus, 0);
	struct pg_function link;

	while (next.devfn != at.devfn) {
		if (!read_link(scan, parent, next, &link) || !next_in_chain(&link, &next))
			return false;
	}
	return true;
}

/* Will Linux switch ARI forwarding on above the bus behind @parent (pci_configure_ari())? */
static bool uses_ari(struct scan *scan, uint16_t parent, struct pg_bdf zero)
{
	struct pg_function link;

	if (scan->no_ari || scan->no_extended)
		return false;
	pg_read_ari_forwarding(&scan->reader, &scan->functions[parent]);
	return scan->functions[parent].ari_forward && pg_extended_below(&scan->reader, scan->functions, parent) &&
	       read_link(scan, parent, zero, &link);
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
		return finds_by_ari(scan, parent, function->at);
	if (function->at.devfn >= FUNCTIONS &&
	    ((!scan->all_devices && pg_port_is_downstream(scan->functions[parent].acts_as)) || (scan->functions[parent].ari_on && !scan->no_ari)))
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

/* The functions that the chain of ARI capabilities on a bus names, beginning with its function 0, which is in @link. */
static void add_chain(struct scan *scan, const struct place *place, struct pg_function *link, struct bus_set *devfns)
{
	struct pg_bdf next = link->at;

	pg_read_ari(&scan->reader, scan->functions, link);
	if (link->unread)
		scan->topology->undecided = true;
	while (next_in_chain(link, &next)) {
		add_to_set(devfns, next.devfn);
		if (!read_link(scan, place->parent, next, link))
			return;
	}
}

/* Finds where in the record the bridges of each bus begin: they stand in the order of their addresses. */
static void find_listed_bridges(struct scan *scan)
{
	struct pg_gate_bridge bridge = { .node = scan->bridges_before };
	uint32_t bus;
	int before;

	for (bus = 0; bus < BUSES; bus++)
		scan->bridges_on[bus] = 0;
	for (before = bridge.node; scan->record->own.present && pg_gate_next_bridge(&scan->record->own, &bridge) &&
				   bridge.at.segment <= scan->segment;
	     before = bridge.node) {
		if (bridge.at.segment < scan->segment)
			scan->bridges_before = bridge.node;
		else if (!scan->bridges_on[bridge.at.bus])
			scan->bridges_on[bridge.at.bus] = before;
	}
}

/* The next bridge that the record has on a bus; begin with one whose node is that of ->bridges_on. */
static bool next_listed(const struct scan *scan, uint8_t bus, struct pg_gate_bridge *bridge)
{
	return bridge->node && pg_gate_next_bridge(&scan->record->own, bridge) && bridge->at.segment == scan->segment &&
	       bridge->at.bus == bus;
}

/* Is there a link behind a bridge? The record may tell. */
static bool leads_to_link(struct scan *scan, uint16_t bridge)
{
	const struct pg_function *function = &scan->functions[bridge];

	if (!scan->everything && function->as_recorded && function->link)
		return true;
	pg_settle_port(&scan->reader, scan->functions, bridge);
	return pg_port_is_downstream(function->acts_as);
}

/* Does the record list all that can be on a bus? Nothing can come to it. */
static bool is_closed(const struct scan *scan, const struct place *place)
{
	if (place->parent == PG_NONE)
		return scan->complete && scan->topology->roots[place->root].no_slots;
	return scan->complete && scan->functions[place->parent].as_recorded &&
	       scan->functions[place->parent].no_slots;
}

/*
 * Looks for the functions on a bus, as Linux does, and some more: it is not known yet what Linux will know of the bus. What
 * is recorded and answers is on it in any case, and so is each bridge that the record lists.
 */
static enum pg_reason search_bus(struct scan *scan, struct place *place)
{
	struct pg_gate_bridge bridge = { .node = scan->bridges_on[place->number] };
	struct bus_set chain = { { 0 } }, listed = { { 0 } };
	const bool closed = is_closed(scan, place);
	const bool link = !closed && place->parent != PG_NONE && leads_to_link(scan, place->parent);
	/* Behind a link Linux looks for device 0 only (only_one_child()). */
	const uint32_t devices = closed ? 0 : link && !scan->all_devices ? 1 : DEVICES;
	bool multifunction = false, follow = link && !scan->no_ari;
	uint32_t devfn;

	while (scan->complete && next_listed(scan, place->number, &bridge))
		add_to_set(&listed, bridge.at.devfn);
	if (scan->everything && place->parent != PG_NONE) {
		pg_read_ari_forwarding(&scan->reader, &scan->functions[place->parent]);
		follow = scan->functions[place->parent].ari_forward;
	}
	for (devfn = 0; devfn < DEVICES * FUNCTIONS; devfn++) {
		const bool zero = !(devfn % FUNCTIONS), is_listed = in_set(&listed, (uint8_t)devfn);
		struct pg_function met = {
			.at = pg_bdf(scan->segment, place->number, (uint8_t)devfn),
			.parent = place->parent,
			.reached = true,
			.sibling = PG_NONE,
			.child = PG_NONE,
			.overlap = PG_NONE,
		};
		enum pg_reason reason;

		if (zero)
			multifunction = false;
		/* Linux asks no further functions of a device without function 0, or of one with a single. */
		if (!is_recorded(scan, met.at) && !is_listed && !in_set(&chain, met.at.devfn) &&
		    (devfn >= devices * FUNCTIONS || (!zero && !multifunction)))
			continue;
		reason = look_at(scan, place, is_listed, &met);
		if (reason)
			return reason;
		/* A bridge that keeps its number is on the card that it was on, to which no function has come. */
		if (is_listed || !is_function(&met))
			continue;
		if (zero)
			multifunction = met.multifunction;
		if (!devfn && follow)
			add_chain(scan, place, &met, &chain);
	}
	return PG_OK;
}

/*
 * Compares the bridges that were found on a bus, from @index on, with those that the record lists there. Where it lists all, one that
 * is missing, new or leads elsewhere may stand for others that are not where they were.
 */
static void compare_bridges(struct scan *scan, const struct place *place, uint16_t index)
{
	struct pg_gate_bridge listed = { .node = scan->bridges_on[place->number] };
	bool more = next_listed(scan, place->number, &listed), differs = false;

	for (; index != PG_NONE; index = scan->functions[index].sibling) {
		struct pg_function *function = &scan->functions[index];

		for (; more && listed.at.devfn < function->at.devfn; more = next_listed(scan, place->number, &listed))
			differs = true;
		if (more && listed.at.devfn == function->at.devfn) {
			function->as_recorded =
				pg_function_is_bridge(function) && function->secondary == listed.secondary;
			function->listed = true;
			function->ari_recorded = listed.ari;
			function->link = listed.link;
			function->no_slots = listed.no_slots;
			more = next_listed(scan, place->number, &listed);
		}
		if (pg_function_is_bridge(function) && !function->as_recorded)
			differs = true;
	}
	if (scan->complete && (differs || more))
		scan->topology->undecided = true;
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

		if (!pg_function_is_bridge(bridge) || bridge->secondary <= place->number ||
		    bridge->secondary > root->last || bridge->secondary > scan->last ||
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
	enum pg_reason reason;
	uint16_t first;

	ask_recorded(scan, &place);
	reason = search_bus(scan, &place);
	if (reason)
		return reason;
	first = parent == PG_NONE ? scan->topology->roots[root].child : scan->functions[parent].child;
	compare_bridges(scan, &place, first);
	mark_overlaps(scan, first);
	enqueue_children(scan, &place, first);
	/* What decided about the search and could not be read. */
	if (scan->reader.failed)
		return pg_note_bdf(scan->finding, PG_CONFIG_UNREADABLE, "function", scan->reader.failed_at, 0);
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

static enum pg_reason add_root(struct scan *scan, const struct pg_record_root *told, bool assumed)
{
	const uint8_t first = told->first;
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
		.last = told->last,
		.child = PG_NONE,
		.assumed = assumed,
		.no_slots = told->no_slots,
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
 * Other root buses: recorded buses that no bridge leads to and that answer all the same. The record names every bridge above a
 * function, so that the bus lies behind none that does not forward.
 */
static enum pg_reason find_other_roots(struct scan *scan, uint8_t last)
{
	uint32_t i;

	for (i = scan->begin; i < scan->end; i++) {
		const struct pg_bdf at = scan->record->entries[i].at;
		enum pg_reason reason;
		uint32_t id;

		if (in_set(&scan->queued, at.bus))
			continue;
		if (path_may_be_lost(scan))
			return PG_OK;
		/*
		 * One question: if the first recorded function of a bus does not answer, nothing may lead there, and the next ones may
		 * lie below it. They stay unreached.
		 */
		if (pg_read_id(&scan->reader, at, &id) != PG_PRESENT) {
			scan->reader.failed = false;
			return PG_OK;
		}
		reason = add_root(scan, &(struct pg_record_root){ .first = at.bus, .last = last }, true);
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

/*
 * By the record: of the bridges that led to the bus of a function the first that does no longer, or is none now; if all lead
 * somewhere, the last one. false if the record does not know the way.
 */
static bool name_by_record(const struct scan *scan, struct pg_function *function)
{
	struct pg_gate_bridge bridge = { .node = scan->bridges_before };
	bool known = false;

	/* They stand in the order of their addresses, so that upper ones come first. */
	while (scan->record->own.present && pg_gate_next_bridge(&scan->record->own, &bridge) &&
	       (bridge.at.segment < scan->segment ||
		(bridge.at.segment == scan->segment && bridge.at.bus < function->at.bus))) {
		uint16_t index;

		if (bridge.at.segment < scan->segment ||
		    !pg_numbers_claim(bridge.secondary, bridge.subordinate, function->at.bus))
			continue;
		known = true;
		index = pg_find_function(scan->topology, bridge.at);
		if (index == PG_NONE)
			return true;
		function->suspect = index;
		if (!pg_function_is_bridge(&scan->functions[index]) || !scan->functions[index].visited)
			return true;
	}
	return known;
}

/* Names the bridge that a function lies behind although nothing leads there now, if there is just one it can be. */
static void name_suspect(struct scan *scan, struct pg_function *function)
{
	uint32_t i, suspects = 0;

	if (name_by_record(scan, function))
		return;
	for (i = 0; i < scan->topology->nr; i++) {
		const struct pg_function *bridge = &scan->functions[i];

		if (bridge->at.segment != scan->segment || !pg_function_is_bridge(bridge))
			continue;
		/* The bridge above a recorded function is recorded itself. */
		if (!bridge->recorded)
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

/* Root buses may share a range where firmware does not tell it: then a bridge on one can have the number of another. */
static bool leads_to_a_root(const struct pg_topology *topology, const struct pg_function *bridge)
{
	uint32_t i;

	for (i = 0; i < topology->nr_roots && has_range(bridge); i++) {
		const struct pg_root *root = &topology->roots[i];

		if (root->segment == bridge->at.segment && bridge->secondary <= root->first &&
		    root->first <= bridge->subordinate)
			return true;
	}
	return false;
}

/* Is there no bus that the record has bridges on and that was not reached, and does no bridge lead into another root bus? */
static bool buses_as_recorded(const struct scan *scan)
{
	const struct pg_topology *topology = scan->topology;
	uint32_t i, j;

	for (i = 0; scan->complete && i < BUSES; i++) {
		if (scan->bridges_on[i] && !in_set(&scan->queued, (uint8_t)i))
			return false;
	}
	for (i = 0; i < topology->nr_roots; i++) {
		for (j = topology->roots[i].child; j != PG_NONE; j = scan->functions[j].sibling) {
			if (leads_to_a_root(topology, &scan->functions[j]))
				return false;
		}
	}
	return true;
}

static enum pg_reason scan_segment(struct scan *scan)
{
	const struct pg_config *config = scan->reader.config;
	const struct pg_function *named = NULL;
	enum pg_reason reason = PG_OK;
	bool told = false;
	uint8_t first, last;
	uint32_t i;

	if (!config->window(config->ctx, scan->segment, &first, &last)) {
		for (i = scan->begin; i < scan->end; i++)
			scan->functions[i].presence = PG_NO_WINDOW;
		return PG_OK;
	}

	scan->last = last;
	scan->queued = (struct bus_set){ { 0 } };
	find_listed_bridges(scan);
	for (i = 0; i < scan->record->nr_roots && !reason; i++) {
		const struct pg_record_root *root = &scan->record->roots[i];

		if (root->segment != scan->segment)
			continue;
		told = true;
		reason = add_root(scan, root, false);
	}
	if (!told) {
		reason = add_root(scan, &(struct pg_record_root){ .first = first, .last = last }, false);
		if (!reason)
			reason = find_other_roots(scan, last);
	}
	if (!buses_as_recorded(scan))
		scan->topology->undecided = true;
	for (i = scan->begin; i < scan->end; i++) {
		struct pg_function *function = &scan->functions[i];

		if (function->presence != PG_UNREACHED)
			continue;
		if (function->at.bus < first || function->at.bus > last) {
			function->presence = PG_NO_WINDOW;
			continue;
		}
		/* The bridge that led there is the same for all functions of a bus. */
		if (named && named->at.bus == function->at.bus)
			function->suspect = named->suspect;
		else
			name_suspect(scan, function);
		named = function;
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
		.no_extended = flags & PG_SCAN_NO_EXTENDED,
		.bridges_before = -1,
		/* A kernel that asks more devices than the one that wrote the record may find more. */
		.complete = record->own.complete && !(flags & (PG_SCAN_EVERYTHING | PG_SCAN_ALL_DEVICES)),
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
