// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * given_root.c - a root bus whose end the user knows. The output of lspci does not show it.
 */
#include "machine.h"

#include "../cli.h"

/* A bridge that leads to the bus, or NULL. */
static const struct machine_function *find_bridge(const struct machine *machine, uint32_t segment,
						  uint8_t bus)
{
	for (uint32_t i = 0; i < machine->nr; i++) {
		const struct pg_bdf at = machine->functions[i].at;
		uint32_t header, buses;

		if (at.segment != segment ||
		    machine->config.read(machine->config.ctx, at, PG_REG_HEADER, &header) ||
		    machine->config.read(machine->config.ctx, at, PG_REG_BUSES, &buses))
			continue;
		header = header >> 16 & 0x7f;
		if (header != PG_HEADER_BRIDGE && header != PG_HEADER_CARDBUS)
			continue;
		if ((buses >> 8 & 0xff) > at.bus &&
		    pg_numbers_claim((uint8_t)(buses >> 8), (uint8_t)(buses >> 16), bus))
			return &machine->functions[i];
	}
	return NULL;
}

static bool answers(const struct machine *machine, uint32_t segment, uint8_t bus)
{
	for (uint32_t i = 0; i < machine->nr; i++) {
		if (machine->functions[i].at.segment == segment &&
		    machine->functions[i].at.bus == bus)
			return true;
	}
	return false;
}

/* Finds the place of the root bus, or makes one, so that the root buses stay sorted. */
static uint32_t place(struct machine *machine, const struct pg_record_root *root)
{
	struct pg_record_root *roots = machine->roots;
	uint32_t i = 0;

	while (i < machine->nr_roots &&
	       (roots[i].segment < root->segment ||
		(roots[i].segment == root->segment && roots[i].first < root->first)))
		i++;
	if (i < machine->nr_roots && roots[i].segment == root->segment &&
	    roots[i].first == root->first)
		return i;
	memmove(roots + i + 1, roots + i, (machine->nr_roots - i) * sizeof(*roots));
	memmove(machine->end_assumed + i + 1, machine->end_assumed + i,
		(machine->nr_roots - i) * sizeof(*machine->end_assumed));
	machine->nr_roots++;
	return i;
}

bool machine_tell_root(struct machine *machine, const struct pg_record_root *root,
		       struct capture_error *error)
{
	const struct machine_function *bridge = find_bridge(machine, root->segment, root->first);
	struct pg_record_root *given;
	char name[BDF_TEXT];
	uint32_t i;

	if (!answers(machine, root->segment, root->first))
		return machine_fail(error, "no function is on bus %04x:%02x", root->segment,
				    root->first);
	if (bridge)
		return machine_fail(error, "bus %04x:%02x is no root bus: bridge %s leads to it",
				    root->segment, root->first, bdf_text(bridge->at, name));
	if (machine->nr_roots >= PG_MAX_ROOTS)
		return machine_fail(error, "more than %u root buses", PG_MAX_ROOTS);
	i = place(machine, root);
	given = &machine->roots[i];
	*given = *root;
	machine->end_assumed[i] = false;
	if (i + 1 < machine->nr_roots && given[1].segment == root->segment &&
	    given[1].first <= root->last)
		return machine_fail(error,
				    "root bus %04x:%02x, up to %02x, has root bus %02x in it",
				    root->segment, root->first, root->last, given[1].first);
	if (!i || given[-1].segment != root->segment || given[-1].last < root->first)
		return true;
	if (!machine->end_assumed[i - 1])
		return machine_fail(error,
				    "root bus %04x:%02x, up to %02x, has root bus %02x in it",
				    root->segment, given[-1].first, given[-1].last, root->first);
	given[-1].last = (uint8_t)(root->first - 1);
	return true;
}
