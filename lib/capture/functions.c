// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * functions.c - reads the node config: segments, buses and functions.
 */
#include "node.h"

#include <stdlib.h>

/* IDs of a function without the properties vendor and device: QEMU's root port and test device. */
#define VENDOR_DEFAULT 0x1b36u
#define BRIDGE_DEFAULT 0x000cu
#define DEVICE_DEFAULT 0x0005u
#define CLASS_BRIDGE 0x060400u

#define HEADER_TYPE (PG_REG_HEADER + 2) /* a byte: layout 6..0, multifunction 7 */

static void put(uint8_t *space, uint32_t at, uint64_t value, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++, value >>= 8)
		space[at + i] = (uint8_t)value;
}

/* A property, and its offset in config space. */
struct register_property {
	const char *name;
	uint8_t at;
	uint8_t size;
	uint32_t max;
};

static const struct register_property registers[] = {
	{ "vendor", PG_REG_ID, 2, 0xffff },	  { "device", PG_REG_ID + 2, 2, 0xffff },
	{ "command", PG_REG_COMMAND, 2, 0xffff }, { "status", PG_REG_COMMAND + 2, 2, 0xffff },
	{ "revision", PG_REG_CLASS, 1, 0xff },	  { "class", PG_REG_CLASS + 1, 3, 0xffffff },
	{ "header", HEADER_TYPE, 1, 0x7f },	  { "capabilities", PG_REG_CAPABILITIES, 1, 0xff },
};

static int read_buses(const struct node *node, uint8_t *space, const uint8_t *cells, uint32_t size)
{
	if (size != 12)
		return node_fail(node, "buses",
				 "must be three numbers: primary, secondary, subordinate");
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t number = fdt32_ld((const fdt32_t *)(const void *)(cells + 4 * (size_t)i));

		if (number > 0xff)
			return node_fail(node, "buses", "0x%x is not a bus number", number);
		space[PG_REG_BUSES + i] = (uint8_t)number;
	}
	return 0;
}

static int read_registers(const struct node *node, struct capture_function *function)
{
	uint8_t *space = function->space;
	bool multifunction;
	uint32_t size;
	const uint8_t *buses = node_bytes(node, "buses", &size);

	if (!node_bytes(node, "bytes", &(uint32_t){ 0 })) {
		put(space, PG_REG_ID, VENDOR_DEFAULT, 2);
		put(space, PG_REG_ID + 2, buses ? BRIDGE_DEFAULT : DEVICE_DEFAULT, 2);
		if (buses) {
			put(space, PG_REG_CLASS + 1, CLASS_BRIDGE, 3);
			space[HEADER_TYPE] = PG_HEADER_BRIDGE;
		}
	}
	if (node_fill_bytes(node, space, function->size))
		return -1;
	if (buses && read_buses(node, space, buses, size))
		return -1;
	for (size_t i = 0; i < PG_ARRAY_SIZE(registers); i++) {
		const struct register_property *reg = &registers[i];
		uint64_t value;
		bool present;

		if (node_number(node, reg->name, reg->max, &value, &present))
			return -1;
		if (present && !strcmp(reg->name, "header"))
			value |= space[HEADER_TYPE] & 0x80;
		if (present)
			put(space, reg->at, value, reg->size);
	}
	if (node_flag(node, "multifunction", &multifunction))
		return -1;
	if (multifunction)
		space[HEADER_TYPE] |= 0x80;
	return 0;
}

/* "unreadable;" or "unreadable = <registers>;" */
static int read_unreadable(const struct node *node, struct capture_function *function)
{
	uint32_t size;
	const uint8_t *cells = node_bytes(node, "unreadable", &size);

	if (!cells)
		return 0;
	if (!size) {
		function->unreadable = true;
		return 0;
	}
	if (size % 4 || size / 4 > CAPTURE_MAX_BAD)
		return node_fail(node, "unreadable",
				 "must have no value, or up to %u offsets of registers",
				 CAPTURE_MAX_BAD);
	function->bad = calloc(size / 4, sizeof(*function->bad));
	if (!function->bad)
		return node_fail(node, NULL, "out of memory");
	for (uint32_t i = 0; i < size / 4; i++) {
		uint32_t reg = fdt32_ld((const fdt32_t *)(const void *)(cells + 4 * (size_t)i));

		if (reg % 4 || reg >= 4096)
			return node_fail(node, "unreadable",
					 "0x%x is not the offset of a 32-bit register", reg);
		function->bad[function->nr_bad++] = (uint16_t)reg;
	}
	return 0;
}

/* A function has 4096 bytes of config space if it is extended, or has contents from 256 on. */
static int read_size(const struct node *node, struct capture_function *function)
{
	bool extended;
	uint32_t len;
	int child;

	if (node_flag(node, "extended", &extended))
		return -1;
	node_bytes(node, "bytes", &len);
	if (len > 256)
		extended = true;
	node_for_each(child, node)
	{
		struct node below = node_at(node, child);
		uint64_t offset;

		if (!node_is(&below, "raw"))
			continue;
		if (node_unit(&below, 4095, &offset))
			return -1;
		if (offset >= 256)
			extended = true;
	}
	function->size = extended ? 4096 : 256;
	return 0;
}

static int by_devfn(const void *a, const void *b)
{
	const struct capture_function *x = a, *y = b;

	return x->devfn - y->devfn;
}

static int read_functions(const struct node *node, unsigned int depth,
			  struct capture_function **functions, uint32_t *nr);

static int read_function(const struct node *node, unsigned int depth,
			 struct capture_function *function)
{
	static const char *const names[] = {
		"vendor",   "device",	     "command",	     "status",	  "revision",
		"class",    "header",	     "capabilities", "buses",	  "bytes",
		"extended", "multifunction", "unreadable",   "not-ready",
	};
	int child;

	if (node_known(node, names, PG_ARRAY_SIZE(names)) ||
	    node_unit_devfn(node, &function->devfn) || read_size(node, function))
		return -1;
	function->space = calloc(1, function->size);
	if (!function->space)
		return node_fail(node, NULL, "out of memory");
	if (read_registers(node, function) || read_unreadable(node, function) ||
	    node_flag(node, "not-ready", &function->not_ready))
		return -1;
	node_for_each(child, node)
	{
		struct node piece = node_at(node, child);

		if (node_is(&piece, "raw") &&
		    node_fill(&piece, function->space, function->size, false))
			return -1;
	}
	if (read_functions(node, depth + 1, &function->below, &function->nr_below))
		return -1;
	if (function->nr_below && (function->space[HEADER_TYPE] & 0x7f) != PG_HEADER_BRIDGE &&
	    (function->space[HEADER_TYPE] & 0x7f) != PG_HEADER_CARDBUS)
		return node_fail(
			node, NULL,
			"has functions behind it, but is not a bridge (no buses, header 0x%x)",
			function->space[HEADER_TYPE] & 0x7f);
	return 0;
}

static int check_functions(const struct node *node, const struct capture_function *functions,
			   uint32_t nr)
{
	for (uint32_t i = 1; i < nr; i++) {
		if (functions[i].devfn == functions[i - 1].devfn)
			return node_fail(node, NULL, "has two functions at %02x.%x",
					 functions[i].devfn >> 3, functions[i].devfn & 7);
	}
	return 0;
}

static int read_functions(const struct node *node, unsigned int depth,
			  struct capture_function **functions, uint32_t *nr)
{
	uint32_t count = node_count(node);
	int child;

	if (!count)
		return 0;
	if (depth > CAPTURE_MAX_DEPTH)
		return node_fail(node, NULL, "more than %u bridges below each other",
				 CAPTURE_MAX_DEPTH);
	*functions = calloc(count, sizeof(**functions));
	if (!*functions)
		return node_fail(node, NULL, "out of memory");
	node_for_each(child, node)
	{
		struct node below = node_at(node, child);

		/* raw@ is config space of the bridge itself, not a function behind it. */
		if (depth && node_is(&below, "raw"))
			continue;
		if (read_function(&below, depth, &(*functions)[(*nr)++]))
			return -1;
	}
	qsort(*functions, *nr, sizeof(**functions), by_devfn);
	return check_functions(node, *functions, *nr);
}

static int by_bus(const void *a, const void *b)
{
	const struct capture_bus *x = a, *y = b;

	return x->number - y->number;
}

static int read_window(const struct node *node, struct capture_segment *segment)
{
	uint32_t size;
	const uint8_t *cells = node_bytes(node, "buses", &size);
	uint32_t first, last;

	segment->last = 0xff;
	if (!cells)
		return 0;
	if (size != 8)
		return node_fail(node, "buses", "must be two numbers: the first bus and the last");
	first = fdt32_ld((const fdt32_t *)(const void *)cells);
	last = fdt32_ld((const fdt32_t *)(const void *)(cells + 4));
	if (last > 0xff || first > last)
		return node_fail(node, "buses", "0x%x to 0x%x is not a range of buses", first,
				 last);
	segment->first = (uint8_t)first;
	segment->last = (uint8_t)last;
	return 0;
}

static int read_segment(const struct node *node, struct capture_segment *segment)
{
	static const char *const names[] = { "buses", "no-extended" };
	uint32_t count = node_count(node);
	uint64_t number;
	int child;

	if (node_known(node, names, PG_ARRAY_SIZE(names)) || node_unit(node, UINT32_MAX, &number) ||
	    read_window(node, segment) || node_flag(node, "no-extended", &segment->no_extended))
		return -1;
	segment->number = (uint32_t)number;
	if (!count)
		return 0;
	segment->buses = calloc(count, sizeof(*segment->buses));
	if (!segment->buses)
		return node_fail(node, NULL, "out of memory");
	node_for_each(child, node)
	{
		struct node below = node_at(node, child);
		struct capture_bus *bus = &segment->buses[segment->nr_buses++];

		if (!node_is(&below, "bus"))
			return node_fail(&below, NULL, "only bus@ is allowed here");
		if (node_known(&below, NULL, 0) || node_unit(&below, 0xff, &number))
			return -1;
		bus->number = (uint8_t)number;
		if (bus->number < segment->first || bus->number > segment->last)
			return node_fail(&below, NULL,
					 "is not among the buses of its segment, 0x%x to 0x%x",
					 segment->first, segment->last);
		if (read_functions(&below, 0, &bus->functions, &bus->nr_functions))
			return -1;
	}
	qsort(segment->buses, segment->nr_buses, sizeof(*segment->buses), by_bus);
	for (uint32_t i = 1; i < segment->nr_buses; i++) {
		if (segment->buses[i].number == segment->buses[i - 1].number)
			return node_fail(node, NULL, "has bus 0x%x twice",
					 segment->buses[i].number);
	}
	return 0;
}

static int by_segment(const void *a, const void *b)
{
	const struct capture_segment *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* Limits the number of nodes below @config, and so the memory for them. */
static int check_number(const struct node *config)
{
	int depth = 0, node = config->offset;
	uint32_t nr = 0;

	while ((node = fdt_next_node(config->fdt, node, &depth)) >= 0 && depth > 0) {
		if (++nr > CAPTURE_MAX_NODES)
			return node_fail(config, NULL, "more than %u nodes", CAPTURE_MAX_NODES);
	}
	return 0;
}

int capture_read_config(const struct node *config, struct capture *capture)
{
	uint32_t count = node_count(config);
	int child;

	if (node_known(config, NULL, 0) || node_no_unit(config) || check_number(config))
		return -1;
	if (count > CAPTURE_MAX_SEGMENTS)
		return node_fail(config, NULL, "more than %u segments", CAPTURE_MAX_SEGMENTS);
	if (!count)
		return 0;
	capture->segments = calloc(count, sizeof(*capture->segments));
	if (!capture->segments)
		return node_fail(config, NULL, "out of memory");
	node_for_each(child, config)
	{
		struct node node = node_at(config, child);

		if (!node_is(&node, "segment"))
			return node_fail(&node, NULL, "only segment@ is allowed here");
		if (read_segment(&node, &capture->segments[capture->nr_segments++]))
			return -1;
	}
	qsort(capture->segments, capture->nr_segments, sizeof(*capture->segments), by_segment);
	for (uint32_t i = 1; i < capture->nr_segments; i++) {
		if (capture->segments[i].number == capture->segments[i - 1].number)
			return node_fail(config, NULL, "has segment 0x%x twice",
					 capture->segments[i].number);
	}
	return 0;
}

static void free_functions(struct capture_function *functions, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++) {
		free_functions(functions[i].below, functions[i].nr_below);
		free(functions[i].space);
		free(functions[i].bad);
	}
	free(functions);
}

void capture_free_config(struct capture *capture)
{
	for (uint32_t s = 0; s < capture->nr_segments; s++) {
		struct capture_segment *segment = &capture->segments[s];

		for (uint32_t b = 0; b < segment->nr_buses; b++)
			free_functions(segment->buses[b].functions, segment->buses[b].nr_functions);
		free(segment->buses);
	}
	free(capture->segments);
}
