// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * side.c - reads the identity and the path of all functions of a machine.
 *
 * The parent of a function is the bridge whose secondary bus number is its bus. Unlike a scan from
 * the root buses, this also has what the next kernel would not find: functions behind bridges that
 * lost their numbers, and domains that Linux numbers itself.
 */
#define _GNU_SOURCE /* asprintf() */

#include "diff.h"

#include <stdlib.h>

#include "../../lib/topology/reader.h"

/* Linux assigns these domain numbers (VMD). pcigate record leaves the domains out. */
#define DOMAINS_OF_LINUX 0x10000u

/* What is recorded of a bridge: it has no subsystem in its header. */
static const struct pg_identity of_bridge = { .has_serial = true };

/* Some devices have an empty or erased serial number, which says nothing. */
static bool is_serial(uint64_t serial)
{
	return serial && serial != UINT64_MAX;
}

/*
 * Notes where the virtual functions are, which follow from the registers of their physical
 * function. What cannot be read is left out.
 */
static void read_vfs(struct pg_reader *reader, uint32_t sriov, struct diff_function *function)
{
	uint32_t control, number, offsets;
	uint64_t key = pg_bdf_key(function->at);

	pg_read(reader, function->at, pg_extended_register(sriov, PG_SRIOV_CONTROL), &control);
	pg_read(reader, function->at, pg_extended_register(sriov, PG_SRIOV_NUM_VFS), &number);
	pg_read(reader, function->at, pg_extended_register(sriov, PG_SRIOV_OFFSET_STRIDE),
		&offsets);
	if (reader->failed || !(control & PG_SRIOV_VF_ENABLE))
		return;
	number &= 0xffff;
	key += offsets & 0xffff;
	function->first_vf = pg_bdf(function->at.segment, (uint8_t)(key >> 8), (uint8_t)key);
	key += (number - 1ull) * (offsets >> 16);
	function->last_vf = pg_bdf(function->at.segment, (uint8_t)(key >> 8), (uint8_t)key);
	/* Registers that lead to a bus above 255 say nothing. */
	if (number && key >> 16 == function->at.segment)
		function->nr_vfs = number;
}

/* Reads what tells the function from others. False if its header cannot be read. */
static bool read_function(struct pg_reader *reader, struct diff_function *function, bool *seen,
			  bool *unseen)
{
	struct pg_function read = { .at = function->at };
	uint32_t id, header, buses, first;

	reader->failed = false;
	pg_read(reader, function->at, PG_REG_ID, &id);
	pg_read(reader, function->at, PG_REG_HEADER, &header);
	pg_read(reader, function->at, PG_REG_BUSES, &buses);
	if (reader->failed)
		return false;
	header = header >> 16 & 0x7f;
	function->bridge = header == PG_HEADER_BRIDGE || header == PG_HEADER_CARDBUS;
	if (function->bridge) {
		function->secondary = (uint8_t)(buses >> 8);
		function->subordinate = (uint8_t)(buses >> 16);
	}
	read.hw.id = id;
	if (pg_find_capability(reader, function->at, PG_CAPABILITY_EXPRESS, &first))
		*(pg_walk_extended(reader, function->at, id, &read.hw.extended) ? seen : unseen) =
			true;
	if (read.hw.extended.sriov)
		read_vfs(reader, read.hw.extended.sriov, function);
	reader->failed = false;
	pg_read_identity(reader, &read, function->bridge ? &of_bridge : NULL, &function->identity);
	if (function->identity.subsystem == UINT32_MAX)
		function->identity.subsystem = 0;
	function->identity.has_serial &= !reader->failed && is_serial(function->identity.serial);
	if (!function->identity.has_serial)
		function->identity.serial = 0;
	return true;
}

bool diff_is_same_device(const struct diff_function *a, const struct diff_function *b)
{
	return a->at.segment == b->at.segment && a->at.bus == b->at.bus &&
	       a->at.devfn >> 3 == b->at.devfn >> 3;
}

/*
 * A serial number is that of the device. Function 0 has it, the others may. The functions are
 * sorted, so @first, the last one with the number 0, is that of the device if any is.
 */
static void share_serial(const struct diff_function *first, struct diff_function *function)
{
	if (!first || function->identity.has_serial || !diff_is_same_device(first, function))
		return;
	function->identity.has_serial = first->identity.has_serial;
	function->identity.serial = first->identity.serial;
}

static bool read_functions(struct diff_side *side)
{
	struct machine *machine = &side->source.machine;
	struct pg_reader reader = { .config = &machine->config };
	const struct diff_function *first = NULL;
	bool seen = false, unseen = false;
	char text[BDF_TEXT];

	side->functions = calloc(machine->nr + 1, sizeof(*side->functions));
	if (!side->functions)
		return false;
	for (uint32_t i = 0; i < machine->nr; i++) {
		struct diff_function *function = &side->functions[side->nr];

		function->at = machine->functions[i].at;
		if (!read_function(&reader, function, &seen, &unseen)) {
			machine_note(machine, "%s cannot be read: left out",
				     bdf_text(machine->functions[i].at, text));
			continue;
		}
		if (!(function->at.devfn & 7))
			first = function;
		share_serial(first, function);
		side->nr++;
	}
	side->blind = unseen && !seen;
	return true;
}

/* Makes the path of a function; that of the bridge above, which has a lower bus, exists. */
static bool make_path(struct diff_function *function)
{
	char text[BDF_TEXT];

	if (!function->above)
		function->path = strdup(bdf_text(function->at, text));
	else if (asprintf(&function->path, "%s/%02x.%x", function->above->path,
			  function->at.devfn >> 3, function->at.devfn & 7) < 0)
		function->path = NULL;
	return function->path;
}

/* The functions are sorted, so all bridges to a bus come before the functions on it. */
static bool find_paths(struct diff_side *side)
{
	const struct diff_function *bridges[256] = { NULL };

	for (uint32_t i = 0; i < side->nr; i++) {
		struct diff_function *function = &side->functions[i];

		if (i && function[-1].at.segment != function->at.segment)
			memset(bridges, 0, sizeof(bridges));
		function->above = bridges[function->at.bus];
		if (!make_path(function))
			return false;
		if (function->bridge && function->secondary > function->at.bus &&
		    !bridges[function->secondary])
			bridges[function->secondary] = function;
	}
	return true;
}

bool diff_take(struct diff_side *side)
{
	return read_functions(side) && find_paths(side);
}

int diff_read(struct diff_side *side)
{
	const int status = source_open(&side->source, side->path);

	if (status)
		return status;
	if (!diff_take(side))
		return complain("out of memory");
	if (!side->nr)
		return complain("%s: has no PCI function", source_name(side->path));
	return 0;
}

void diff_drop_domains(struct diff_side *side, const struct diff_side *other)
{
	const uint32_t nr = side->nr;

	if (!other->source.capture)
		return;
	while (side->nr && side->functions[side->nr - 1].at.segment >= DOMAINS_OF_LINUX)
		free(side->functions[--side->nr].path);
	if (side->nr != nr)
		machine_note(&side->source.machine,
			     "%u functions in domains from 10000 on are left out: Linux numbers "
			     "these domains, and a capture does not have them",
			     nr - side->nr);
}

static void close_side(struct diff_side *side)
{
	for (uint32_t i = 0; side->functions && i < side->nr; i++)
		free(side->functions[i].path);
	free(side->functions);
	source_close(&side->source);
}

void diff_close(struct diff *diff)
{
	close_side(&diff->old);
	close_side(&diff->new);
	free(diff->changes);
	free(diff->twins);
	free(diff->cards[0]);
	free(diff->cards[1]);
	users_free(&diff->users);
}

static int by_address(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(((const struct diff_function *)a)->at);
	const uint64_t y = pg_bdf_key(((const struct diff_function *)b)->at);

	return x < y ? -1 : x > y;
}

const struct diff_function *diff_find(const struct diff_side *side, struct pg_bdf at)
{
	const struct diff_function wanted = { .at = at };

	return bsearch(&wanted, side->functions, side->nr, sizeof(wanted), by_address);
}
