// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * moved.c - finds recorded devices at other addresses by their identity (IDs, class, subsystem,
 * serial number) and by their slot.
 */
#include "moved.h"

#include <pcigate/text.h>

#include "../../lib/topology/reader.h"

static struct pg_text begin(char *buf, size_t size)
{
	struct pg_text text;

	pg_text_begin(&text, buf, size);
	pg_text_string(&text, "pcigate: ");
	return text;
}

static void add_id(struct pg_text *text, uint32_t id)
{
	pg_text_hex(text, id & 0xffff, 4);
	pg_text_char(text, ':');
	pg_text_hex(text, id >> 16, 4);
}

/* True if the function at @at was recorded there and is verified: no other device moved there. */
static bool is_settled(const struct pg_topology *topology, const struct pg_verdict *verdict,
		       struct pg_bdf at)
{
	const uint16_t index = pg_find_recorded(topology, at);

	return index < verdict->nr && !verdict->judgements[index].reason;
}

/* True if @found is the recorded device. Values that were not recorded are not compared. */
static bool is_device(const struct found *found, const struct pg_identity *identity)
{
	struct pg_difference difference;

	return !found_is_bridge(found) &&
	       !pg_identity_differs(identity, &found->identity, &difference);
}

/*
 * True if @index is in the slot of @device: with the same device numbers on the whole path from a
 * root bus.
 */
static bool same_slot(const struct functions *functions, uint32_t index,
		      const struct pg_gate_device *device)
{
	const struct found *found = &functions->list[index];
	uint32_t depth = device->depth;

	if (found->at.segment != device->at.segment || found->at.devfn != device->at.devfn)
		return false;
	while (found->parent != PG_NONE) {
		found = &functions->list[found->parent];
		if (!depth || found->at.devfn != pg_gate_path(device, --depth).devfn)
			return false;
	}
	return !depth;
}

/**
 * struct search - the functions that may be the device
 * @nr:     number of these functions
 * @first:  index of the first one
 * @second: index of the second one
 * @slot:   index of the one in the recorded slot, or PG_NONE
 * @here:   one of these functions answers at the recorded address
 */
struct search {
	uint32_t nr;
	uint32_t first;
	uint32_t second;
	uint32_t slot;
	bool here;
};

static struct search find(const struct pg_topology *topology, const struct functions *functions,
			  const struct pg_verdict *verdict, const struct pg_gate_device *device)
{
	struct search search = { .slot = PG_NONE };

	for (uint32_t i = 0; i < functions->nr; i++) {
		const struct found *found = &functions->list[i];

		if (!is_device(found, &device->identity) ||
		    is_settled(topology, verdict, found->at))
			continue;
		if (pg_bdf_equal(found->at, device->at))
			search.here = true;
		if (same_slot(functions, i, device))
			search.slot = i;
		if (search.nr == 0)
			search.first = i;
		else if (search.nr == 1)
			search.second = i;
		search.nr++;
	}
	return search;
}

static void report_not_found(const struct pg_printer *printer, const struct pg_gate_device *device)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	pg_text_bdf(&text, device->at);
	pg_text_string(&text, " was ");
	add_id(&text, device->identity.vendor_device);
	if (device->identity.has_serial) {
		pg_text_string(&text, ", serial number ");
		pg_text_hex(&text, device->identity.serial, 16);
	}
	pg_text_string(&text, ", not found");
	printer->line(printer->ctx, buf);
}

/*
 * Prints the other device that answers at the recorded address. If the device itself answers, the
 * core has reported another reason.
 */
static void report_other(const struct pg_printer *printer, const struct functions *functions,
			 const struct pg_gate_device *device)
{
	const uint32_t other = functions_at(functions, device->at);
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	if (other == PG_NONE || is_device(&functions->list[other], &device->identity))
		return;
	pg_text_bdf(&text, device->at);
	pg_text_string(&text, " was ");
	add_id(&text, device->identity.vendor_device);
	pg_text_string(&text, ", now ");
	if (functions->list[other].identity.vendor_device == device->identity.vendor_device)
		pg_text_string(&text, "another ");
	add_id(&text, functions->list[other].identity.vendor_device);
	pg_text_string(&text, " answers there");
	printer->line(printer->ctx, buf);
}

static void report_moved(const struct pg_printer *printer, const struct functions *functions,
			 const struct pg_gate_device *device, uint32_t index, bool same_slot)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	pg_text_bdf(&text, device->at);
	pg_text_string(&text, " is now at ");
	pg_text_bdf(&text, functions->list[index].at);
	pg_text_string(&text, same_slot ? ", in the same slot [" MOVED_CODE "]"
					: ", in another slot [" MOVED_CODE "]");
	printer->line(printer->ctx, buf);
}

static void report_candidates(const struct pg_printer *printer, const struct functions *functions,
			      const struct pg_gate_device *device, const struct search *search)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = begin(buf, sizeof(buf));

	pg_text_bdf(&text, device->at);
	pg_text_string(&text, " may be at ");
	pg_text_bdf(&text, functions->list[search->first].at);
	pg_text_string(&text, " or ");
	pg_text_bdf(&text, functions->list[search->second].at);
	if (search->nr > 2) {
		pg_text_string(&text, " or ");
		pg_text_decimal(&text, search->nr - 2);
		pg_text_string(&text, " more");
	}
	pg_text_string(&text, ": same identity");
	printer->line(printer->ctx, buf);
}

/* True if the device certainly has another address now. */
static bool report(const struct pg_printer *printer, const struct pg_topology *topology,
		   const struct functions *functions, const struct pg_verdict *verdict,
		   const struct pg_gate_device *device)
{
	const struct search search = find(topology, functions, verdict, device);
	uint32_t place = PG_NONE;

	report_other(printer, functions, device);
	if (!search.nr) {
		report_not_found(printer, device);
		return false;
	}
	/* Of several matching functions, the device is the one in the recorded slot. */
	if (search.slot != PG_NONE)
		place = search.slot;
	else if (search.nr == 1)
		place = search.first;
	if (place == PG_NONE) {
		if (!search.here)
			report_candidates(printer, functions, device, &search);
		return false;
	}
	if (pg_bdf_equal(functions->list[place].at, device->at))
		return false;
	report_moved(printer, functions, device, place, search.slot != PG_NONE);
	return true;
}

uint32_t moved_report(const struct pg_printer *printer, const struct pg_record *record,
		      const struct pg_topology *topology, const struct functions *functions,
		      struct pg_verdict *verdict)
{
	struct pg_gate_device device = { .node = -1 };
	uint32_t moved = 0;

	while (pg_gate_next_device(&record->own, &device)) {
		const uint16_t index = pg_find_recorded(topology, device.at);
		enum pg_reason reason;

		if (index >= verdict->nr)
			continue;
		reason = (enum pg_reason)verdict->judgements[index].reason;
		if (!reason || !report(printer, topology, functions, verdict, &device))
			continue;
		moved++;
		if (!pg_reason_is_move(reason)) {
			verdict->unverified--;
			verdict->move++;
		}
	}
	return moved;
}
