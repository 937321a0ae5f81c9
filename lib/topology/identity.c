// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * identity.c - compares identity and path of the functions that answer with pcigate's own record.
 */
#include "reader.h"

/*
 * Reads a register of @function; all ones, which differs from every recorded value, if the read
 * fails.
 */
static uint32_t read_register(struct pg_reader *reader, const struct pg_function *function,
			      uint32_t reg)
{
	uint32_t value;

	return pg_read(reader, function->at, (uint16_t)reg, &value) ? UINT32_MAX : value;
}

void pg_read_identity(struct pg_reader *reader, const struct pg_function *function,
		      const struct pg_identity *recorded, struct pg_identity *identity)
{
	const uint32_t serial = function->hw.extended.serial;
	uint32_t low;

	*identity = (struct pg_identity){
		.vendor_device = function->hw.id,
		.class_revision = read_register(reader, function, PG_REG_CLASS),
	};
	if (!recorded || recorded->subsystem)
		identity->subsystem = read_register(reader, function, PG_REG_SUBSYSTEM);
	if (!serial || (recorded && !recorded->has_serial))
		return;
	low = read_register(reader, function, pg_extended_register(serial, PG_SERIAL_LOW));
	identity->serial = (uint64_t)read_register(reader, function,
						   pg_extended_register(serial, PG_SERIAL_HIGH))
				   << 32 |
			   low;
	identity->has_serial = true;
}

bool pg_identity_differs(const struct pg_identity *recorded, const struct pg_identity *identity,
			 struct pg_difference *difference)
{
	const uint32_t was = recorded->class_revision, now = identity->class_revision;

	if (identity->vendor_device != recorded->vendor_device)
		*difference = (struct pg_difference){ .field = PG_FIELD_ID,
						      .was = recorded->vendor_device,
						      .now = identity->vendor_device };
	else if (now >> 8 != was >> 8)
		*difference = (struct pg_difference){ .field = PG_FIELD_CLASS,
						      .was = was >> 8,
						      .now = now >> 8 };
	else if (now != was)
		*difference = (struct pg_difference){ .field = PG_FIELD_REVISION,
						      .was = was & 0xff,
						      .now = now & 0xff };
	else if (recorded->subsystem && identity->subsystem != recorded->subsystem)
		*difference = (struct pg_difference){ .field = PG_FIELD_SUBSYSTEM,
						      .was = recorded->subsystem,
						      .now = identity->subsystem };
	else if (recorded->has_serial &&
		 (!identity->has_serial || identity->serial != recorded->serial))
		*difference = (struct pg_difference){ .field = PG_FIELD_SERIAL,
						      .was = recorded->serial,
						      .now = identity->serial };
	else
		return false;
	return true;
}

static void compare_identity(struct pg_reader *reader, struct pg_function *function, uint16_t index,
			     const struct pg_identity *recorded, struct pg_topology *topology)
{
	struct pg_identity identity;
	struct pg_difference difference;

	function->result.different = pg_function_is_bridge(function);
	pg_read_identity(reader, function, recorded, &identity);
	if (!pg_identity_differs(recorded, &identity, &difference))
		return;
	/* An unreadable list of capabilities has a reason of its own, it is no difference. */
	if (difference.field == PG_FIELD_SERIAL && !identity.has_serial && function->hw.unread)
		return;
	difference.function = index;
	if (topology->nr_differences < PG_MAX_DIFFERENCES)
		topology->differences[topology->nr_differences++] = difference;
	function->result.different = true;
}

uint16_t pg_find_recorded(const struct pg_topology *topology, struct pg_bdf at)
{
	uint32_t low = 0, high = topology->nr_recorded;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (pg_bdf_key(topology->functions[middle].at) < pg_bdf_key(at))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == topology->nr_recorded || !pg_bdf_equal(topology->functions[low].at, at))
		return PG_NONE;
	return (uint16_t)low;
}

uint16_t pg_find_function(const struct pg_topology *topology, struct pg_bdf at)
{
	const uint16_t recorded = pg_find_recorded(topology, at);
	uint32_t i;

	for (i = topology->nr_recorded; recorded == PG_NONE && i < topology->nr; i++) {
		if (pg_bdf_equal(topology->functions[i].at, at))
			return (uint16_t)i;
	}
	return recorded;
}

/* True if the bridges above the function are exactly the recorded ones. */
static bool same_path(const struct pg_function *functions, const struct pg_function *function,
		      const struct pg_gate_device *device)
{
	uint32_t depth = device->depth;
	uint16_t above;

	for (above = function->parent; above != PG_NONE; above = functions[above].parent) {
		if (!depth || !pg_bdf_equal(functions[above].at, pg_gate_path(device, --depth)))
			return false;
	}
	return !depth;
}

bool pg_ari_as_recorded(struct pg_reader *reader, struct pg_function *functions, uint16_t index)
{
	struct pg_function *above;
	uint32_t control;

	if (index == PG_NONE)
		return true;
	above = &functions[index];
	reader->failed = false;
	if (!above->rec.listed)
		return true;
	if (!above->hw.port_read)
		pg_read_port(reader, above, PG_PORT_OTHER);
	if (!above->hw.capability)
		return !reader->failed && !above->rec.ari_recorded;
	return !pg_read(reader, above->at,
			(uint16_t)(above->hw.capability + PG_EXPRESS_DEVICE_CONTROL_2), &control) &&
	       above->rec.ari_recorded == !!(control & PG_ARI_FORWARDING);
}

/*
 * True if a bridge above a function had another secondary bus number when the record was made. If
 * the record does not have the function, this alone shows that another function may answer there.
 */
static bool path_renumbered(const struct pg_function *functions, const struct pg_function *function)
{
	uint16_t above;

	for (above = function->parent; above != PG_NONE; above = functions[above].parent) {
		if (functions[above].rec.listed && !functions[above].result.as_recorded)
			return true;
	}
	return false;
}

/*
 * Function numbers above 7 depend on ARI forwarding. The others but 0 do if it is enabled now, and
 * the next kernel keeps it so: function 0 may have no ARI capability.
 */
static void compare_ari(struct pg_reader *reader, struct pg_function *functions,
			const struct pg_topology *topology)
{
	const uint8_t independent = topology->keeps_ari ? 0 : 7;
	uint16_t parent = PG_NONE;
	bool same = true;
	uint32_t i;

	for (i = 0; i < topology->nr_recorded; i++) {
		struct pg_function *function = &functions[i];

		if (function->at.devfn <= independent || function->hw.presence != PG_PRESENT ||
		    function->parent == PG_NONE)
			continue;
		/* Inside a switch, ports have any device number. */
		if (function->at.devfn > 7 && !function->rec.device &&
		    !functions[function->parent].rec.link)
			continue;
		if (function->parent != parent) {
			parent = function->parent;
			same = pg_ari_as_recorded(reader, functions, parent);
		}
		function->result.ari_differs =
			!same && (function->at.devfn > 7 || !functions[parent].rec.ari_recorded);
	}
}

void pg_scan_identities(const struct pg_config *config, const struct pg_record *record,
			struct pg_function *functions, struct pg_topology *topology)
{
	struct pg_reader reader = { .config = config };
	struct pg_gate_device device = { .node = -1 };
	struct pg_models models;
	uint32_t i, next = 0;

	if (!record->own.present)
		return;
	topology->nr_differences = 0;
	models.nr = 0;
	while (pg_gate_next_device(&record->own, &device)) {
		struct pg_function *function;
		uint16_t index;

		/* The search begins at the last one, as both lists are usually in order. */
		while (next && pg_bdf_key(functions[next - 1].at) >= pg_bdf_key(device.at))
			next--;
		while (next < topology->nr_recorded &&
		       pg_bdf_key(functions[next].at) < pg_bdf_key(device.at))
			next++;
		if (next == topology->nr_recorded || !pg_bdf_equal(functions[next].at, device.at))
			continue;
		index = (uint16_t)next;
		function = &functions[index];
		function->rec.device = true;
		function->rec.untranslated = device.untranslated;
		if (function->hw.presence != PG_PRESENT)
			continue;
		if (topology->brief)
			function->result.different = !pg_is_as_recorded(
				&reader, functions, function, &device.identity, &models);
		else
			compare_identity(&reader, function, index, &device.identity, topology);
		function->result.rerouted = !same_path(functions, function, &device);
	}
	for (i = 0; i < topology->nr_recorded; i++) {
		struct pg_function *function = &functions[i];
		const bool bridge = pg_function_is_bridge(function);

		if (function->rec.device)
			continue;
		function->rec.untranslated |= !record->own.partial || bridge;
		if (record->own.partial && !bridge && function->hw.presence == PG_PRESENT)
			function->result.rerouted = path_renumbered(functions, function);
	}
	compare_ari(&reader, functions, topology);
	topology->reads += reader.reads;
}
