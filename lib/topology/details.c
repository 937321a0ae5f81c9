// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * details.c - reads what determines the new numbers of bridges.
 */
#include "reader.h"

/* Limit for searches of the record: each takes time in proportion to the record's length. */
#define SEARCHES_MAX 256u

void pg_read_port(struct pg_reader *reader, struct pg_function *bridge, uint8_t above)
{
	uint32_t first;

	bridge->hw.port_read = true;
	bridge->hw.port = PG_PORT_OTHER;
	bridge->hw.capability =
		pg_find_capability(reader, bridge->at, PG_CAPABILITY_EXPRESS, &first);
	if (bridge->hw.capability) {
		const uint32_t type = PG_EXPRESS_TYPE(first);

		if (type == PG_EXPRESS_UPSTREAM)
			bridge->hw.port = PG_PORT_UPSTREAM;
		else if (type == PG_EXPRESS_DOWNSTREAM)
			bridge->hw.port = PG_PORT_DOWNSTREAM;
		else if (type == PG_EXPRESS_ROOT_PORT || type == PG_EXPRESS_FROM_PCI)
			bridge->hw.port = PG_PORT_LINK;
		bridge->hw.from_pci = type == PG_EXPRESS_FROM_PCI;
		bridge->hw.slot = PG_EXPRESS_SLOT(first);
	}
	bridge->result.acts_as = 3u & pg_port_corrected(bridge->hw.port, above);
}

void pg_settle_port(struct pg_reader *reader, struct pg_function *functions, uint16_t index)
{
	uint16_t i = index;

	/*
	 * Go up to the first bridge whose type does not depend on the port above, then down again.
	 */
	while (!functions[index].result.port_settled) {
		struct pg_function *bridge = &functions[i];
		const uint16_t above = bridge->parent;

		if (!bridge->hw.port_read)
			pg_read_port(reader, bridge, PG_PORT_OTHER);
		if ((bridge->hw.port == PG_PORT_UPSTREAM ||
		     bridge->hw.port == PG_PORT_DOWNSTREAM) &&
		    above != PG_NONE && !functions[above].result.port_settled) {
			i = above;
			continue;
		}
		bridge->result.acts_as =
			3u & pg_port_corrected(bridge->hw.port,
					       above == PG_NONE ? (uint8_t)PG_PORT_OTHER
								: functions[above].result.acts_as);
		bridge->result.port_settled = true;
		i = index;
	}
}

void pg_read_ari_forwarding(struct pg_reader *reader, struct pg_function *bridge)
{
	uint32_t value;

	if (bridge->hw.ari_read)
		return;
	bridge->hw.ari_read = true;
	if (!bridge->hw.capability || pg_read(reader, bridge->at, bridge->hw.capability, &value) ||
	    PG_EXPRESS_VERSION(value) < 2 ||
	    pg_read(reader, bridge->at,
		    (uint16_t)(bridge->hw.capability + PG_EXPRESS_DEVICE_CAPABILITIES_2), &value) ||
	    !(value & PG_ARI_FORWARDING))
		return;
	bridge->hw.ari_forward = true;
	if (!pg_read(reader, bridge->at,
		     (uint16_t)(bridge->hw.capability + PG_EXPRESS_DEVICE_CONTROL_2), &value))
		bridge->hw.ari_on = value & PG_ARI_FORWARDING;
}

bool pg_extended_below(struct pg_reader *reader, struct pg_function *functions, uint16_t index)
{
	for (; index != PG_NONE; index = functions[index].parent) {
		pg_settle_port(reader, functions, index);
		if (functions[index].result.acts_as == PG_PORT_OTHER ||
		    functions[index].hw.from_pci)
			return false;
	}
	return true;
}

/*
 * True if Linux reads extended registers of @function: a PCI Express function below bridges that
 * forward such requests. True also if a read failed.
 */
static bool is_extended(struct pg_reader *reader, struct pg_function *functions,
			const struct pg_function *function)
{
	uint32_t first;

	reader->failed = false;
	return (pg_find_capability(reader, function->at, PG_CAPABILITY_EXPRESS, &first) ||
		reader->failed) &&
	       (pg_extended_below(reader, functions, function->parent) || reader->failed);
}

/*
 * True if @function has a PCI Express capability: without it Linux reads no extended registers
 * (pci_cfg_space_size()). pg_read_extended() does not call this, to save reads of each recorded
 * device: there an extended capability can only cause a stop. The capability list of a CardBus
 * bridge begins at another offset.
 */
static bool is_pcie(struct pg_reader *reader, const struct pg_function *function)
{
	uint32_t first;

	return function->hw.header != PG_HEADER_CARDBUS &&
	       pg_find_capability(reader, function->at, PG_CAPABILITY_EXPRESS, &first);
}

void pg_read_extended(struct pg_reader *reader, struct pg_function *functions,
		      struct pg_function *function)
{
	const bool failed = reader->failed;

	if (function->hw.extended_read)
		return;
	function->hw.extended_read = true;
	function->hw.unread |=
		!pg_walk_extended(reader, function->at, function->hw.id, &function->hw.extended) &&
		is_extended(reader, functions, function);
	/* ->unread has noted a failure of this function. */
	reader->failed = failed;
}

void pg_read_ari(struct pg_reader *reader, struct pg_function *functions,
		 struct pg_function *function)
{
	const bool failed = reader->failed;
	uint32_t value;

	pg_read_extended(reader, functions, function);
	if (!function->hw.extended.ari || function->hw.ari)
		return;
	reader->failed = false;
	if (!is_pcie(reader, function)) {
		/*
		 * Linux ignores the extended registers of such a function (pci_cfg_space_size()).
		 */
		function->hw.unread |= reader->failed;
	} else if (pg_read(reader, function->at,
			   pg_extended_register(function->hw.extended.ari, PG_ARI_CAPABILITY),
			   &value)) {
		function->hw.unread = true;
	} else {
		function->hw.ari = true;
		function->hw.ari_next = (uint8_t)(value >> 8);
	}
	reader->failed = failed;
}

static void read_bridge(struct pg_reader *reader, struct pg_function *bridge)
{
	uint32_t value;
	uint8_t ea;

	pg_read_ari_forwarding(reader, bridge);
	if (bridge->hw.slot &&
	    !pg_read(reader, bridge->at,
		     (uint16_t)(bridge->hw.capability + PG_EXPRESS_SLOT_CAPABILITIES), &value))
		bridge->hw.hotplug = value & PG_SLOT_HOTPLUG_CAPABLE;
	ea = pg_find_capability(reader, bridge->at, PG_CAPABILITY_EA, &value);
	if (!ea || pg_read(reader, bridge->at, (uint16_t)(ea + PG_EA_BUSES), &value))
		return;
	/*
	 * pci_ea_fixed_busnrs(): 0 means that no number is fixed, and a reversed range is ignored.
	 */
	if (!(value & 0xff) || (value >> 8 & 0xff) < (value & 0xff))
		return;
	bridge->hw.fixed_secondary = (uint8_t)value;
	bridge->hw.fixed_subordinate = (uint8_t)(value >> 8);
}

/*
 * Computes how many buses the virtual functions extend to, from the current offset and stride. Both
 * may change with the number of virtual functions and with ARI, which only a write can set. If a
 * record of such functions does not have this one (@unrecorded), the result is therefore unknown
 * unless there are no virtual functions.
 */
static void read_sriov(struct pg_reader *reader, struct pg_function *functions,
		       struct pg_function *function, bool unrecorded)
{
	uint32_t total, offset_stride;
	uint32_t sriov;

	pg_read_extended(reader, functions, function);
	sriov = function->hw.extended.sriov;
	reader->failed = false;
	if (!sriov || !is_pcie(reader, function)) {
		if (function->hw.unread || reader->failed)
			function->result.sriov_buses = PG_SRIOV_UNKNOWN;
		return;
	}
	if (pg_read(reader, function->at, pg_extended_register(sriov, PG_SRIOV_TOTAL_VFS),
		    &total) ||
	    pg_read(reader, function->at, pg_extended_register(sriov, PG_SRIOV_OFFSET_STRIDE),
		    &offset_stride)) {
		function->result.sriov_buses = PG_SRIOV_UNKNOWN;
		return;
	}
	total >>= 16;
	if (!total)
		return;
	if (unrecorded) {
		function->result.sriov_buses = PG_SRIOV_UNKNOWN;
		return;
	}
	function->result.sriov_buses = pg_sriov_buses(function->at.devfn, total, offset_stride);
}

/*
 * True if all bridges above are as recorded: else another function may have the recorded address.
 */
static bool path_as_recorded(const struct pg_function *functions,
			     const struct pg_function *function)
{
	uint16_t above;

	for (above = function->parent; above != PG_NONE; above = functions[above].parent) {
		if (!functions[above].result.as_recorded)
			return false;
	}
	return true;
}

/*
 * Finds @bridge in the record by its recorded bus number @bus; false if the record has no bridge
 * with that address and the ID of @bridge.
 */
static bool find_recorded(const struct pg_gate_fdt *own, const struct pg_function *bridge,
			  uint8_t bus, struct pg_gate_bridge *listed)
{
	return pg_gate_find_bridge(own, pg_bdf(bridge->at.segment, bus, bridge->at.devfn),
				   listed) &&
	       (!listed->id || listed->id == bridge->hw.id);
}

/*
 * pg_record_numbers_below() for a bridge whose secondary bus was not visited. Looks for the
 * recorded address of the bridge: the bridges above may have other bus numbers now. 0 if this takes
 * more searches than are left in @searches.
 */
static uint8_t numbers_below(const struct pg_record *record, const struct pg_function *functions,
			     const struct pg_function *bridge, uint32_t *searches)
{
	uint16_t above, path[PG_PATH_MAX];
	struct pg_gate_bridge listed;
	uint32_t depth = 0, numbers, i;
	uint8_t bus = bridge->at.bus;

	for (above = bridge->parent; above != PG_NONE && depth < PG_PATH_MAX;
	     above = functions[above].parent)
		path[depth++] = above;
	if (!record->own.complete || above != PG_NONE || depth + 2 > *searches)
		return 0;
	*searches -= depth + 2;
	if (depth)
		bus = functions[path[depth - 1]].at.bus;
	for (i = depth; i--; bus = listed.secondary) {
		if (!find_recorded(&record->own, &functions[path[i]], bus, &listed))
			return 0;
	}
	if (!find_recorded(&record->own, bridge, bus, &listed))
		return 0;
	/*
	 * A hidden bridge that keeps its old numbers must be within the ranges of the bridges
	 * above.
	 */
	for (i = 0; i < depth; i++) {
		const struct pg_function *up = &functions[path[i]];

		if (up->hw.secondary && up->hw.secondary <= up->hw.subordinate &&
		    up->hw.subordinate < listed.subordinate)
			return 0;
	}
	numbers = pg_record_numbers_below(record, listed.at);
	return numbers > 0xff ? 0xff : (uint8_t)numbers;
}

/*
 * Reads the number of buses for virtual functions. A function that is not in the record at this
 * address was added later, or had another address: its number is unknown.
 */
static void find_sriov(struct pg_reader *reader, const struct pg_record *record,
		       struct pg_function *functions, struct pg_function *function)
{
	const bool recorded = function->rec.sriov_recorded;
	const uint8_t buses = function->result.sriov_buses;

	function->result.sriov_buses = 0;
	read_sriov(reader, functions, function,
		   record->own.present && record->own.sriov >= 0 && !recorded);
	/* If the registers contradict the record, either may be wrong: unknown. */
	if (recorded && function->result.sriov_buses != buses)
		function->result.sriov_buses = PG_SRIOV_UNKNOWN;
}

/* Walks the record once for all functions: one walk for each would take quadratic time. */
static void find_recorded_sriov(const struct pg_record *record, struct pg_function *functions,
				const struct pg_topology *topology)
{
	struct pg_gate_sriov sriov = { .node = -1 };

	while (record->own.present && pg_gate_next_sriov(&record->own, &sriov)) {
		const uint16_t index = pg_find_function(topology, sriov.at);
		struct pg_function *function = index == PG_NONE ? NULL : &functions[index];

		if (!function || function->hw.presence != PG_PRESENT ||
		    function->rec.sriov_recorded || pg_function_is_bridge(function) ||
		    (sriov.id && sriov.id != function->hw.id) ||
		    !path_as_recorded(functions, function))
			continue;
		function->result.sriov_buses = sriov.buses;
		function->rec.sriov_recorded = true;
	}
}

/*
 * The buses that the next kernel reserves for virtual functions that it keeps. It takes the number
 * from the record: the registers show it only while NumVFs is changed.
 */
static void find_kept_buses(struct pg_reader *reader, const struct pg_record *record,
			    struct pg_function *functions, const struct pg_topology *topology)
{
	struct pg_vf_walk walk;

	pg_vf_walk_begin(&walk);
	while (record->nr_pfs && pg_vf_walk_next(&walk, record, topology)) {
		struct pg_function *function;

		if (walk.function == PG_NONE)
			continue;
		function = &functions[walk.function];
		if (function->hw.presence != PG_PRESENT || pg_function_is_bridge(function))
			continue;
		pg_read_extended(reader, functions, function);
		function->result.sriov_buses = PG_SRIOV_UNKNOWN;
		if (!topology->vfs.reasons[walk.number] && path_as_recorded(functions, function))
			function->result.sriov_buses =
				(uint8_t)(walk.pf.reserved_bus - function->at.bus);
	}
}

void pg_scan_details(const struct pg_config *config, const struct pg_record *record,
		     struct pg_function *functions, struct pg_topology *topology)
{
	struct pg_reader reader = { .config = config };
	uint32_t i, searches = SEARCHES_MAX;

	find_recorded_sriov(record, functions, topology);
	find_kept_buses(&reader, record, functions, topology);
	for (i = 0; i < topology->nr; i++) {
		struct pg_function *function = &functions[i];

		if (function->hw.presence != PG_PRESENT)
			continue;
		if (pg_function_is_bridge(function)) {
			pg_settle_port(&reader, functions, (uint16_t)i);
			reader.failed = false;
			read_bridge(&reader, function);
			function->hw.unread |= reader.failed;
			if (!function->result.visited)
				function->rec.unseen =
					numbers_below(record, functions, function, &searches);
		} else if (!function->result.vfs_kept) {
			find_sriov(&reader, record, functions, function);
		}
	}
	topology->reads += reader.reads;
}
