// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * identity.c - compares what answers with what pcigate's own record says: who it is, and behind which bridges.
 */
#include <pcigate/topology.h>

#define REG_SUBSYSTEM 0x2cu

/* Device Serial Number (PCI Express Base 7.9.3): the lower half follows the header. */
#define SERIAL_LOW 4u
#define SERIAL_HIGH 8u

/* Device Control 2 (PCI Express Base 7.5.3.16), from the start of the PCI Express capability. */
#define PCIE_DEVICE_CONTROL_2 0x28u
#define ARI_FORWARDING (1u << 5)

static bool has_serial(struct pg_reader *reader, const struct pg_function *function, uint64_t serial)
{
	uint32_t low, high;

	/* Where the list could not be read, that is said. */
	if (!function->extended.serial)
		return function->unread;
	pg_read(reader, function->at, (uint16_t)(function->extended.serial + SERIAL_LOW), &low);
	pg_read(reader, function->at, (uint16_t)(function->extended.serial + SERIAL_HIGH), &high);
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
	reader->failed = false;
	if (!pg_gate_find_bridge(&record->own, above->at, &bridge))
		return true;
	if (!above->port_read)
		pg_read_port(reader, above, PG_PORT_OTHER);
	if (!above->capability)
		return !reader->failed && !bridge.ari;
	return !pg_read(reader, above->at, (uint16_t)(above->capability + PCIE_DEVICE_CONTROL_2), &control) &&
	       bridge.ari == !!(control & ARI_FORWARDING);
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
		if (function->presence != PG_PRESENT)
			continue;
		function->different = !is_same(&reader, function, &device.identity);
		function->rerouted = !same_path(functions, function, &device);
		function->ari_differs = !ari_as_recorded(&reader, record, functions, function);
	}
	topology->reads += reader.reads;
}
