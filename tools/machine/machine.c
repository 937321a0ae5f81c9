// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * machine.c - what all kinds of machines share: which functions answer, and which buses are root
 * buses.
 */
#include "machine.h"

#include "../cli.h"

#include <pcigate/topology.h>

#include <stdarg.h>
#include <stdlib.h>

#include "../../lib/topology/reader.h"

bool machine_fail(struct capture_error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return false;
}

void machine_note(struct machine *machine, const char *format, ...)
{
	char line[256];
	va_list arguments;
	char *copy = NULL;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (machine->nr_notes < MACHINE_MAX_NOTES)
		copy = strdup(line);
	if (copy)
		machine->notes[machine->nr_notes++] = copy;
	else
		machine->more_notes++;
}

static int by_address(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(((const struct machine_function *)a)->at);
	const uint64_t y = pg_bdf_key(((const struct machine_function *)b)->at);

	return x < y ? -1 : x > y;
}

const struct machine_function *machine_find(const struct machine_function *functions, uint32_t nr,
					    struct pg_bdf at)
{
	const struct machine_function wanted = { .at = at };

	return nr ? bsearch(&wanted, functions, nr, sizeof(wanted), by_address) : NULL;
}

#define SEGMENT_OF_LINUX 0x10000u

bool machine_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	const struct machine *machine = ctx;
	uint32_t lowest = 256;

	for (uint32_t i = 0; i < machine->nr + machine->nr_silent; i++) {
		const struct pg_bdf at = i < machine->nr ? machine->functions[i].at
							 : machine->silent[i - machine->nr].at;

		if (at.segment == segment && at.bus < lowest)
			lowest = at.bus;
	}
	*first = (uint8_t)lowest;
	*last = 0xff;
	return lowest < 256 && segment < SEGMENT_OF_LINUX;
}

/*
 * Does the whole header read as all ones? A virtual function answers all ones only in its vendor
 * and device ID.
 */
static bool is_dead(const struct machine *machine, struct pg_bdf at)
{
	for (uint16_t reg = 0; reg < 0x40; reg += 4) {
		uint32_t value;

		if (!machine->config.read(machine->config.ctx, at, reg, &value))
			return false;
	}
	return true;
}

static void note_silent(struct machine *machine)
{
	uint32_t virtual = 0;
	char name[BDF_TEXT];

	for (uint32_t i = 0; i < machine->nr_silent; i++) {
		const struct pg_bdf at = machine->silent[i].at;

		if (is_dead(machine, at))
			machine_note(machine, "%s answers all ones: left out", bdf_text(at, name));
		else
			virtual ++;
	}
	if (virtual)
		machine_note(
			machine,
			"%u virtual function%s left out: Linux removes virtual functions during "
			"enumeration",
			virtual, virtual == 1 ? " is" : "s are");
}

bool machine_take(struct machine *machine, struct machine_function *listed, uint32_t nr,
		  struct capture_error *error)
{
	machine->functions = listed;
	machine->silent = calloc(nr ? nr : 1, sizeof(*machine->silent));
	if (!machine->silent)
		return machine_fail(error, "out of memory");
	if (nr)
		qsort(listed, nr, sizeof(*listed), by_address);
	for (uint32_t i = 0; i < nr; i++) {
		uint32_t id;

		if (machine->config.read(machine->config.ctx, listed[i].at, PG_REG_ID, &id) ==
		    PG_ACCESS_ABSENT)
			machine->silent[machine->nr_silent++] = listed[i];
		else
			listed[machine->nr++] = listed[i];
	}
	note_silent(machine);
	return true;
}

#define CLASS_HOST_BRIDGE 0x0600u

/**
 * struct led - where the bridges of a segment lead
 * @to:   a bridge leads to this bus
 * @last: the last bus that the bridges on this bus lead to; 0 if there is none
 */
struct led {
	bool to[256];
	uint8_t last[256];
};

/*
 * A request goes only from lower to higher bus numbers, so a bridge that points back leads nowhere.
 * Returns false if the function is, or may be, a bridge that led somewhere once and leads nowhere
 * now.
 */
static bool follow(struct machine *machine, const struct machine_function *function,
		   struct led *led)
{
	const struct pg_bdf at = function->at;
	uint32_t header, buses;
	uint8_t secondary, subordinate;
	char where[32] = "", name[BDF_TEXT];

	if (machine->config.read(machine->config.ctx, at, PG_REG_HEADER, &header) ||
	    machine->config.read(machine->config.ctx, at, PG_REG_BUSES, &buses))
		return false;
	header = header >> 16 & 0x7f;
	secondary = (uint8_t)(buses >> 8);
	subordinate = (uint8_t)(buses >> 16);
	if (header != PG_HEADER_BRIDGE && header != PG_HEADER_CARDBUS)
		return true;
	if (!secondary)
		return false;
	if (secondary > at.bus) {
		led->to[secondary] = true;
		if (subordinate > led->last[secondary])
			led->last[secondary] = subordinate;
		for (uint32_t bus = secondary; bus <= subordinate; bus++)
			led->to[bus] = true;
		return true;
	}
	if (function->line)
		snprintf(where, sizeof(where), "line %u: ", function->line);
	machine_note(machine, "%sbridge %s points %s bus %02x: nothing is reached through it",
		     where, bdf_text(at, name), secondary == at.bus ? "at its own" : "back to",
		     secondary);
	return false;
}

bool machine_end_assumed(const struct machine *machine, uint32_t segment, uint8_t first)
{
	for (uint32_t i = 0; i < machine->nr_roots && i < PG_MAX_ROOTS; i++) {
		if (machine->roots[i].segment == segment && machine->roots[i].first == first)
			return machine->end_assumed[i];
	}
	return true;
}

static bool add_root(struct machine *machine, struct pg_record_root root, bool end_assumed)
{
	if (machine->nr_roots >= PG_MAX_ROOTS) {
		machine->nr_roots = PG_MAX_ROOTS + 1;
		return false;
	}
	machine->end_assumed[machine->nr_roots] = end_assumed;
	machine->roots[machine->nr_roots++] = root;
	return true;
}

/*
 * The bus may be a root bus, or a bridge led to it once. The pipeline does not guess here, and the
 * plan does not either.
 */
static void note_stray(struct machine *machine, struct pg_bdf bus, struct pg_bdf bridge)
{
	char name[BDF_TEXT];

	machine_note(machine,
		     "bus %04x:%02x is not treated as a root bus: it may be behind %s, which "
		     "forwards to no bus now",
		     bus.segment, bus.bus, bdf_text(bridge, name));
}

/*
 * Is there a function on the bus that only a root bus has? @function is the first one on the bus.
 */
static bool tells_root(struct machine *machine, const struct machine_function *function)
{
	const struct machine_function *end = machine->functions + machine->nr;
	struct pg_reader reader = { .config = &machine->config };
	const struct pg_bdf bus = function->at;

	for (; function < end && function->at.segment == bus.segment && function->at.bus == bus.bus;
	     function++) {
		uint32_t first, class;

		if (!pg_read(&reader, function->at, PG_REG_CLASS, &class) &&
		    class >> 16 == CLASS_HOST_BRIDGE)
			return true;
		if (!pg_find_capability(&reader, function->at, PG_CAPABILITY_EXPRESS, &first))
			continue;
		if (PG_EXPRESS_TYPE(first) == PG_EXPRESS_ROOT_PORT ||
		    PG_EXPRESS_TYPE(first) == PG_EXPRESS_INTEGRATED ||
		    PG_EXPRESS_TYPE(first) == PG_EXPRESS_COLLECTOR)
			return true;
	}
	return false;
}

/*
 * Can the functions of one bus, from @function on, be behind a link? Then there is device 0 only,
 * without ARI.
 */
static bool fits_link(const struct machine *machine, const struct machine_function *function)
{
	const struct machine_function *end = machine->functions + machine->nr;
	const struct pg_bdf bus = function->at;

	while (function + 1 < end && function[1].at.segment == bus.segment &&
	       function[1].at.bus == bus.bus)
		function++;
	return function->at.devfn < 8;
}

/*
 * Can the bridge @suspect, which leads nowhere now, have led to the bus of @function? @function is
 * the first one on its bus.
 */
static bool may_have_led(struct machine *machine, const struct machine_function *suspect,
			 const struct led *led, const struct machine_function *function)
{
	struct pg_reader reader = { .config = &machine->config };
	struct pg_function port = { .at = suspect->at };

	if (led->to[suspect->at.bus] && function->at.bus > led->last[suspect->at.bus])
		return false;
	pg_read_port(&reader, &port, PG_PORT_OTHER);
	if (!pg_port_is_downstream(port.hw.port))
		return true;
	pg_read_ari_forwarding(&reader, &port);
	return port.hw.ari_on || fits_link(machine, function);
}

/*
 * Returns the first function from @begin to @end that may have led to the bus of @function, or
 * NULL.
 */
static const struct machine_function *find_suspect(struct machine *machine, uint32_t begin,
						   uint32_t end, const struct led *led,
						   const struct machine_function *function)
{
	for (uint32_t i = begin; i < end; i++) {
		if (machine->functions[i].lost &&
		    may_have_led(machine, &machine->functions[i], led, function))
			return &machine->functions[i];
	}
	return NULL;
}

/*
 * Finds the root buses of the segment of the functions from @begin to @end. A root bus is a bus on
 * which a function answers although no bridge leads there, unless a bridge that leads nowhere now
 * may have led there. A root bus ends where the next one begins, which also limits the buses that
 * can have been behind its bridges.
 */
static void find_in_segment(struct machine *machine, uint32_t begin, uint32_t end)
{
	const uint32_t segment = machine->functions[begin].at.segment;
	struct led led = { .to = { false } };
	uint32_t first_root = machine->nr_roots, on_root = begin;
	uint8_t first = 0, last = 0xff;

	for (uint32_t i = begin; i < end; i++)
		machine->functions[i].lost = !follow(machine, &machine->functions[i], &led);
	machine->config.window(machine->config.ctx, segment, &first, &last);
	for (uint32_t i = begin; i < end; i++) {
		const struct machine_function *function = &machine->functions[i], *suspect;
		const uint8_t bus = function->at.bus;
		const struct pg_record_root root = { .segment = segment,
						     .first = bus,
						     .last = last };

		if (led.to[bus] || (i > begin && machine->functions[i - 1].at.bus == bus))
			continue;
		suspect = find_suspect(machine, on_root, i, &led, function);
		if (suspect && !tells_root(machine, function)) {
			note_stray(machine, pg_bdf(segment, bus, 0), suspect->at);
			continue;
		}
		on_root = i;
		if (machine->nr_roots > first_root && machine->nr_roots <= PG_MAX_ROOTS)
			machine->roots[machine->nr_roots - 1].last = (uint8_t)(bus - 1);
		if (!add_root(machine, root, true))
			return;
	}
}

void machine_find_roots(struct machine *machine, const struct pg_record_root *known,
			uint32_t nr_known)
{
	uint32_t end;

	for (uint32_t i = 0; i < nr_known; i++)
		add_root(machine, known[i], false);
	for (uint32_t begin = 0; begin < machine->nr && machine->nr_roots <= PG_MAX_ROOTS;
	     begin = end) {
		const uint32_t segment = machine->functions[begin].at.segment;
		bool told = false;

		for (end = begin;
		     end < machine->nr && machine->functions[end].at.segment == segment; end++)
			;
		for (uint32_t i = 0; i < nr_known; i++)
			told = told || known[i].segment == segment;
		if (!told)
			find_in_segment(machine, begin, end);
	}
}

void machine_close(struct machine *machine)
{
	if (machine->close)
		machine->close(machine->source);
	for (uint32_t i = 0; i < machine->nr_notes; i++)
		free(machine->notes[i]);
	free(machine->functions);
	free(machine->silent);
	free(machine->cmdline);
}
