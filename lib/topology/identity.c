// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * identity.c - compares what answers with what pcigate's own record says: who it is, and behind which bridges.
 */
#include <pcigate/topology.h>

#define REG_SUBSYSTEM 0x2cu

/* Device Serial Number (PCI Express Base 7.9.3): the lower half follows the header. */
#define EXTENDED_SERIAL 0x0003u
#define SERIAL_LOW 4u
#define SERIAL_HIGH 8u

/* Device Control 2 (PCI Express Base 7.5.3.16), from the start of the PCI Express capability. */
#define PCIE_DEVICE_CONTROL_2 0x28u
#define ARI_FORWARDING (1u << 5)

static bool has_serial(struct pg_reader *reader, const struct pg_function *function, uint64_t serial)
{
	uint32_t low, high;
	uint16_t at;

	at = pg_find_extended_capability(reader, function->at, function->id, EXTENDED_SERIAL);
	if (!at)
		return false;
	pg_read(reader, function->at, (uint16_t)(at + SERIAL_LOW), &low);
	pg_read(reader, function->at, (uint16_t)(at + SERIAL_HIGH), &high);
	return serial == ((uint64_t)high << 32 | low);
}

static bool is_same(struct pg_reader *reader, const struct pg_function *function, const struct pg_identity *identity)
{
	uint32_t value;

	if (pg_function_is_bridge(function) || function->id != identity->vendor_device)
		return false;
	if (pg_read(reader, function->at, PG_REG_CLASS, &value) || value != identity->class_revision)
		return false;
	/* Some devices load it late, and some have none: then there is nothing to compare. */
	if (identity->subsystem &&
	    (pg_read(reader, function->at, REG_SUBSYSTEM, &value) || value != identity->subsystem))
		return false;
	return !identity->has_serial || has_serial(reader, function, identity->serial);
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

/* Is the function behind just the bridges that were recorded? */
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

/*
 * A function that was not reached: the first bridge of its path that leads nowhere is to blame, for those below it, too. A
 * bridge that does not answer, or is none now, is a matter of its own. Version 1 does not record bridges: then it stays
 * with what the scan could tell.
 */
static void blame(struct pg_function *functions, const struct pg_topology *topology, struct pg_function *function,
		  const struct pg_gate_device *device)
{
	uint16_t suspect = PG_NONE;
	bool known = false;
	uint32_t i;

	for (i = 0; i < device->depth; i++) {
		const uint16_t index = pg_find_recorded(topology, pg_gate_path(device, i));

		if (index == PG_NONE)
			continue;
		known = true;
		if (functions[index].presence == PG_UNREACHED)
			functions[index].suspect = suspect;
		else if (suspect == PG_NONE && pg_function_is_bridge(&functions[index]) && !functions[index].visited)
			suspect = index;
	}
	if (known)
		function->suspect = suspect;
}

/* Only numbers above 7 depend on ARI forwarding. */
static bool ari_as_recorded(struct pg_reader *reader, const struct pg_record *record, struct pg_function *functions,
			    const struct pg_function *function)
{
	struct pg_gate_bridge bridge;
	struct pg_function *above;
	uint32_t control;

	if (function->at.devfn <= 7 || function->parent == PG_NONE)
		return true;
	above = &functions[function->parent];
	if (!pg_gate_find_bridge(&record->own, above->at, &bridge))
		return true;
	if (!above->port_read)
		pg_read_port(reader, above, PG_PORT_OTHER);
	if (!above->capability ||
	    pg_read(reader, above->at, (uint16_t)(above->capability + PCIE_DEVICE_CONTROL_2), &control))
		return !bridge.ari;
	return bridge.ari == !!(control & ARI_FORWARDING);
}

void pg_scan_identities(const struct pg_config *config, const struct pg_record *record,
			struct pg_function *functions, struct pg_topology *topology)
{
	struct pg_reader reader = { .config = config };
	struct pg_gate_device device = { .node = -1 };

	if (!record->own.present)
		return;
	while (pg_gate_next_device(&record->own, &device)) {
		const uint16_t index = pg_find_recorded(topology, device.at);
		struct pg_function *function;

		if (index == PG_NONE)
			continue;
		function = &functions[index];
		function->device = true;
		if (function->presence == PG_UNREACHED)
			blame(functions, topology, function, &device);
		if (function->presence != PG_PRESENT)
			continue;
		function->different = !is_same(&reader, function, &device.identity);
		function->rerouted = !same_path(functions, function, &device);
		function->ari_differs = !ari_as_recorded(&reader, record, functions, function);
	}
	topology->reads += reader.reads;
}
