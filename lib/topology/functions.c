// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * functions.c - reads the functions on a bus: the recorded ones, and those that Linux would find.
 */
#include "scan.h"

enum pg_presence pg_scan_id(struct pg_scan_state *scan, struct pg_function *function)
{
	uint32_t id = 0;
	const enum pg_presence presence = pg_read_id(&scan->reader, function->at, &id);

	function->hw.id = id;
	return presence;
}

static void set_numbers(struct pg_function *bridge, uint32_t value)
{
	bridge->hw.primary = (uint8_t)value;
	bridge->hw.secondary = (uint8_t)(value >> 8);
	bridge->hw.subordinate = (uint8_t)(value >> 16);
}

enum pg_access pg_scan_header(struct pg_scan_state *scan, struct pg_function *function)
{
	enum pg_access access;
	uint32_t value;

	access = pg_read(&scan->reader, function->at, PG_REG_HEADER, &value);
	if (access)
		return access;
	function->hw.header =
		(value >> 16 & 0x7f) > PG_HEADER_CARDBUS ? PG_HEADER_UNKNOWN : value >> 16 & 3;
	function->hw.multifunction = value >> 23 & 1;
	if (function->hw.header != PG_HEADER_BRIDGE && function->hw.header != PG_HEADER_CARDBUS)
		return PG_ACCESS_OK;

	access = pg_read(&scan->reader, function->at, PG_REG_BUSES, &value);
	if (access)
		return access;
	set_numbers(function, value);
	return PG_ACCESS_OK;
}

/* Reads whether virtual functions are enabled on a recorded device. */
static void read_virtual_functions(struct pg_scan_state *scan, struct pg_function *function)
{
	uint32_t control;

	pg_read_extended(&scan->reader, scan->functions, function);
	if (!function->hw.extended.sriov)
		return;
	/* Because the capability exists, a value of all ones counts as enabled. */
	if (pg_read(&scan->reader, function->at,
		    pg_extended_register(function->hw.extended.sriov, PG_SRIOV_CONTROL),
		    &control) == PG_ACCESS_UNREADABLE)
		function->hw.unread = true;
	else
		function->hw.vfs_enabled = control & PG_SRIOV_VF_ENABLE;
}

/* Clears what was read from a @function that then did not answer. */
static void clear_answer(struct pg_function *function, enum pg_presence presence)
{
	function->hw.presence = 7u & (unsigned int)presence;
	function->hw.id = 0;
	function->hw.header = 0;
	function->hw.multifunction = false;
	function->hw.primary = function->hw.secondary = function->hw.subordinate = 0;
}

/* Reads one recorded function. */
static void read_recorded(struct pg_scan_state *scan, struct pg_function *function,
			  const struct pg_place *place)
{
	enum pg_presence presence;

	function->parent = place->parent;
	function->result.reached = true;
	if (scan->brief && pg_bus_set_has(&place->listed, function->at.devfn)) {
		/* Without its ID, which no renumbering depends on. */
		presence = pg_presence_of(pg_scan_header(scan, function));
	} else {
		presence = pg_scan_id(scan, function);
		if (presence == PG_PRESENT)
			presence = pg_presence_of(pg_scan_header(scan, function));
	}
	function->hw.presence = 7u & (unsigned int)presence;
	if (presence != PG_PRESENT)
		clear_answer(function, presence);
	else if (!pg_function_is_bridge(function) && !function->result.vfs_kept &&
		 (!scan->brief || function->rec.sriov_recorded))
		read_virtual_functions(scan, function);
	/* A failed read of a recorded function concerns that function only. */
	scan->reader.failed = false;
}

/*
 * The first recorded function of the segment from this address on; @scan->end if there is none. The
 * search begins at the last result, as the next bus is usually near it.
 */
static uint32_t first_recorded(struct pg_scan_state *scan, uint8_t bus, uint8_t devfn)
{
	const uint64_t key = pg_bdf_key(pg_bdf(scan->segment, bus, devfn));
	uint32_t i = scan->near;

	while (i > scan->begin && pg_bdf_key(scan->functions[i - 1].at) >= key)
		i--;
	while (i < scan->end && pg_bdf_key(scan->functions[i].at) < key)
		i++;
	scan->near = i;
	return i;
}

static bool recorded_on(const struct pg_scan_state *scan, uint32_t index, uint8_t bus)
{
	return index < scan->end && scan->functions[index].at.bus == bus;
}

uint16_t pg_scan_find_recorded(struct pg_scan_state *scan, uint8_t bus, uint8_t devfn)
{
	const uint32_t i = first_recorded(scan, bus, devfn);

	return recorded_on(scan, i, bus) && scan->functions[i].at.devfn == devfn ? (uint16_t)i
										 : PG_NONE;
}

/* Appends a function to the list of its bus. */
static void link_function(struct pg_scan_state *scan, struct pg_place *place, uint16_t index)
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
 * If everything is read, reads the ARI capability of a function below a bridge that can forward
 * ARI: the plan follows the chain.
 */
static void read_ari_below(struct pg_scan_state *scan, struct pg_function *function)
{
	if (scan->everything && function->parent != PG_NONE &&
	    scan->functions[function->parent].hw.ari_forward)
		pg_read_ari(&scan->reader, scan->functions, function);
}

/*
 * Meets the recorded function @index while its bus is being searched. It was read before. Copies it
 * to @met.
 */
static void meet_recorded(struct pg_scan_state *scan, struct pg_place *place, uint16_t index,
			  struct pg_function *met)
{
	struct pg_function *function = &scan->functions[index];

	if (function->hw.presence == PG_PRESENT) {
		link_function(scan, place, index);
		read_ari_below(scan, function);
	}
	*met = *function;
}

/*
 * Reads the function @devfn, which is not recorded, into @met, while its bus is being searched.
 * @listed: the record has a bridge at this address, so the ID need not be read. Adds bridges to the
 * topology, and all functions if everything is read.
 */
static enum pg_reason search_at(struct pg_scan_state *scan, struct pg_place *place, uint8_t devfn,
				bool listed, struct pg_function *met)
{
	enum pg_presence presence = PG_PRESENT;

	*met = (struct pg_function){
		.at = pg_bdf(scan->segment, place->number, devfn),
		.parent = place->parent,
		.result.reached = true,
		.sibling = PG_NONE,
		.child = PG_NONE,
		.result.culprit = PG_NONE,
	};
	if (!listed)
		presence = pg_scan_id(scan, met);
	if (presence == PG_PRESENT)
		presence = pg_presence_of(pg_scan_header(scan, met));
	met->hw.presence = 7u & (unsigned int)presence;
	if (presence == PG_UNREADABLE || presence == PG_NO_WINDOW)
		return pg_note_bdf(scan->finding, PG_CONFIG_UNREADABLE, "function", met->at, 0);
	/* Linux waits longer, and may find a bridge. */
	if (presence == PG_NOT_READY)
		return pg_note_bdf(scan->finding, PG_DEVICE_NOT_READY, "function", met->at, 0);
	if (presence != PG_PRESENT || met->hw.header > PG_HEADER_CARDBUS ||
	    (!scan->everything && !pg_function_is_bridge(met)))
		return PG_OK;
	read_ari_below(scan, met);
	if (scan->topology->nr == scan->capacity)
		return pg_note_count(scan->finding, PG_WORKSPACE_FULL,
				     "functions and bridges: more than", scan->capacity, 0);
	scan->functions[scan->topology->nr] = *met;
	link_function(scan, place, (uint16_t)scan->topology->nr++);
	return PG_OK;
}

bool pg_scan_is_function(const struct pg_function *function)
{
	return function->hw.presence == PG_PRESENT && function->hw.header <= PG_HEADER_CARDBUS;
}

void pg_scan_recorded(struct pg_scan_state *scan, struct pg_place *place)
{
	const uint32_t first = first_recorded(scan, place->number, 0);
	uint32_t i;

	place->recorded = first;
	for (i = first; recorded_on(scan, i, place->number); i++)
		read_recorded(scan, &scan->functions[i], place);
	for (i = first; recorded_on(scan, i, place->number); i++) {
		if (scan->functions[i].hw.presence == PG_PRESENT)
			scan->functions[i].result.hidden =
				!pg_scan_is_found(scan, place, &scan->functions[i]);
	}
}

/* True if a link is behind a bridge, by the record or by the PCI Express capability. */
static bool leads_to_link(struct pg_scan_state *scan, uint16_t bridge)
{
	const struct pg_function *function = &scan->functions[bridge];

	if (!scan->everything && function->result.as_recorded && function->rec.link)
		return true;
	pg_settle_port(&scan->reader, scan->functions, bridge);
	return pg_port_is_downstream(function->result.acts_as);
}

/* True if no function can be added to a bus, so that the record lists all bridges on the bus. */
static bool is_closed(const struct pg_scan_state *scan, const struct pg_place *place)
{
	if (place->parent == PG_NONE)
		return scan->complete && scan->topology->roots[place->root].no_slots;
	return scan->complete && scan->functions[place->parent].result.as_recorded &&
	       scan->functions[place->parent].rec.no_slots;
}

/*
 * Marks the recorded functions of a device as hidden, because Linux looks for none but its function
 * 0, @zero. PG_SCAN_BRIEF has assumed that Linux finds them.
 */
static void hide_functions(struct pg_scan_state *scan, const struct pg_function *zero)
{
	uint32_t i = first_recorded(scan, zero->at.bus, (uint8_t)(zero->at.devfn + 1));

	for (; recorded_on(scan, i, zero->at.bus) &&
	       scan->functions[i].at.devfn >> 3 == zero->at.devfn >> 3;
	     i++)
		scan->functions[i].result.hidden = true;
}

/*
 * The last function after @devfn that is as unknown as it: of its device, or of four devices if
 * Linux does not look for them (@beyond). Bit n of @known is the function @devfn + n.
 */
static uint32_t last_unknown(uint32_t known, uint32_t devfn, bool beyond)
{
	if (!known && beyond)
		return devfn | 31;
	if (!(known & 0xff >> devfn % PG_DEVICE_FUNCTIONS))
		return devfn | (PG_DEVICE_FUNCTIONS - 1);
	return devfn;
}

/*
 * Searches a bus for functions as Linux does. If the plan decides later which functions Linux
 * reads, reads all that are possible. Recorded functions that answer, and bridges that the record
 * lists, are always included.
 */
enum pg_reason pg_scan_bus(struct pg_scan_state *scan, struct pg_place *place)
{
	struct pg_bus_set chain = { { 0 } }, listed = { { 0 } }, recorded = { { 0 } };
	const bool closed = is_closed(scan, place);
	const bool link = !closed && place->parent != PG_NONE && leads_to_link(scan, place->parent);
	/* Behind a link Linux looks for device 0 only (only_one_child()). */
	const uint32_t devices = closed ? 0 : link && !scan->all_devices ? 1 : PG_DEVICES;
	bool multifunction = false, follow = link && !scan->no_ari;
	uint32_t next = place->recorded, devfn, i;

	if (scan->complete)
		listed = place->listed;
	for (i = next; recorded_on(scan, i, place->number); i++)
		pg_bus_set_add(&recorded, scan->functions[i].at.devfn);
	if (scan->everything && place->parent != PG_NONE) {
		pg_read_ari_forwarding(&scan->reader, &scan->functions[place->parent]);
		follow = scan->functions[place->parent].hw.ari_forward;
	}
	for (devfn = 0; devfn < PG_DEVICES * PG_DEVICE_FUNCTIONS; devfn++) {
		const bool zero = !(devfn % PG_DEVICE_FUNCTIONS),
			   is_listed = pg_bus_set_has(&listed, (uint8_t)devfn),
			   is_recorded = pg_bus_set_has(&recorded, (uint8_t)devfn);
		const uint32_t known = (recorded.bits[devfn / 32] | listed.bits[devfn / 32] |
					chain.bits[devfn / 32]) >>
				       devfn % 32;
		enum pg_reason reason = PG_OK;
		struct pg_function met;

		if (zero)
			multifunction = false;
		/*
		 * Linux reads no further functions of a device without function 0, or of a
		 * single-function device.
		 */
		if (!(known & 1) &&
		    (devfn >= devices * PG_DEVICE_FUNCTIONS || (!zero && !multifunction))) {
			devfn = last_unknown(known, devfn, devfn >= devices * PG_DEVICE_FUNCTIONS);
			continue;
		}
		if (is_recorded)
			meet_recorded(scan, place, (uint16_t)next++, &met);
		else
			reason = search_at(scan, place, (uint8_t)devfn, is_listed, &met);
		if (reason)
			return reason;
		if (zero && scan->brief && known > 1 && (known & 1) && !met.hw.multifunction)
			hide_functions(scan, &met);
		/*
		 * A bridge with its recorded number is on the recorded card, and no function was
		 * added to that card. A device that is as recorded also is.
		 */
		if (is_listed || (scan->brief && is_recorded) || !pg_scan_is_function(&met))
			continue;
		if (zero)
			multifunction = met.hw.multifunction;
		if (!devfn && follow)
			pg_scan_ari_chain(scan, place, &met, &chain);
	}
	return PG_OK;
}
