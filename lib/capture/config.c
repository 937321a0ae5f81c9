// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * config.c - config reads from a capture. As in hardware, a request reaches a function only if each
 * bridge above it forwards requests for its bus (PCI-to-PCI Bridge Architecture 1.2, 3.1.2.1).
 */
#include "node.h"

static uint8_t header_of(const struct capture_function *function)
{
	return function->space[PG_REG_HEADER + 2] & 0x7f;
}

static const struct capture_function *find_function(const struct capture_function *functions,
						    uint32_t nr, uint8_t devfn)
{
	for (uint32_t i = 0; i < nr; i++) {
		if (functions[i].devfn == devfn)
			return &functions[i];
	}
	return NULL;
}

/*
 * The bridge among @functions that claims requests for @bus. If several claim them, the
 * specification does not say which one gets them; the first one does here.
 */
static const struct capture_function *find_bridge(const struct capture_function *functions,
						  uint32_t nr, uint8_t bus)
{
	for (uint32_t i = 0; i < nr; i++) {
		const struct capture_function *function = &functions[i];
		uint8_t header = header_of(function);
		uint8_t secondary = function->space[PG_REG_BUSES + 1];
		uint8_t subordinate = function->space[PG_REG_BUSES + 2];

		if ((header != PG_HEADER_BRIDGE && header != PG_HEADER_CARDBUS) || !secondary)
			continue;
		if (secondary == bus || (secondary < bus && bus <= subordinate))
			return function;
	}
	return NULL;
}

/*
 * The function that answers at @at, or NULL. Each iteration goes one bridge down, so the loop ends
 * at the deepest node. If @path is not NULL, sets it to the addresses of the *@nr_path bridges
 * above.
 */
static const struct capture_function *route(const struct capture_segment *segment, struct pg_bdf at,
					    struct pg_bdf *path, uint32_t *nr_path)
{
	const struct capture_bus *root = NULL;
	const struct capture_function *functions;
	uint32_t nr;

	for (uint32_t i = 0; i < segment->nr_buses && segment->buses[i].number <= at.bus; i++)
		root = &segment->buses[i];
	if (!root)
		return NULL;
	functions = root->functions;
	nr = root->nr_functions;
	for (uint8_t bus = root->number; bus != at.bus;) {
		const struct capture_function *bridge = find_bridge(functions, nr, at.bus);

		if (!bridge)
			return NULL;
		if (path)
			path[(*nr_path)++] = pg_bdf(at.segment, bus, bridge->devfn);
		bus = bridge->space[PG_REG_BUSES + 1];
		functions = bridge->below;
		nr = bridge->nr_below;
	}
	return find_function(functions, nr, at.devfn);
}

static const struct capture_segment *find_segment(const struct capture *capture, uint32_t number)
{
	for (uint32_t i = 0; i < capture->nr_segments; i++) {
		if (capture->segments[i].number == number)
			return &capture->segments[i];
	}
	return NULL;
}

uint32_t capture_path(const struct capture *capture, struct pg_bdf at,
		      struct pg_bdf path[CAPTURE_MAX_DEPTH + 1])
{
	const struct capture_segment *segment = find_segment(capture, at.segment);
	uint32_t nr = 0;

	if (segment)
		route(segment, at, path, &nr);
	return nr;
}

static bool is_bad(const struct capture_function *function, uint16_t reg)
{
	if (function->unreadable)
		return true;
	for (uint32_t i = 0; i < function->nr_bad; i++) {
		if (function->bad[i] == reg)
			return true;
	}
	return false;
}

static enum pg_access capture_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	const struct capture_segment *segment = find_segment(ctx, at.segment);
	const struct capture_function *function;

	*value = UINT32_MAX;
	if (!segment || at.bus < segment->first || at.bus > segment->last || reg % 4 ||
	    reg >= 4096 || (reg >= 256 && segment->no_extended))
		return PG_ACCESS_NO_WINDOW;
	function = route(segment, at, NULL, NULL);
	if (!function)
		return PG_ACCESS_ABSENT;
	if (is_bad(function, reg))
		return PG_ACCESS_UNREADABLE;
	if (function->not_ready) {
		/* All registers other than the ID read as all ones. */
		if (reg != PG_REG_ID)
			return PG_ACCESS_ABSENT;
		*value = 0xffff0000u | PG_ID_NOT_READY;
		return PG_ACCESS_OK;
	}
	if (reg >= function->size)
		return PG_ACCESS_ABSENT;
	*value = pg_load32(function->space + reg);
	return *value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

static bool capture_window(void *ctx, uint32_t number, uint8_t *first, uint8_t *last)
{
	const struct capture_segment *segment = find_segment(ctx, number);

	if (!segment)
		return false;
	*first = segment->first;
	*last = segment->last;
	return true;
}

struct pg_config capture_config(struct capture *capture)
{
	return (struct pg_config){ .read = capture_read, .window = capture_window, .ctx = capture };
}
