// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * capture.c - a capture as a machine: all functions that answer in it.
 */
#include "machine.h"

#include <pcigate/plan.h>

#include <stdlib.h>

/* A list of functions that grows. */
struct list {
	struct machine_function *functions;
	uint32_t nr;
	uint32_t room;
};

static bool add(struct list *list, struct pg_bdf at)
{
	if (list->nr == list->room) {
		uint32_t room = list->room ? 2 * list->room : 64;
		struct machine_function *more = realloc(list->functions, room * sizeof(*more));

		if (!more)
			return false;
		list->functions = more;
		list->room = room;
	}
	list->functions[list->nr++] = (struct machine_function){ .at = at };
	return true;
}

/* Marks every bus with a function below a bridge. Only these and the root buses are read. */
static void mark_buses(const struct capture_function *functions, uint32_t nr, bool wanted[256])
{
	for (uint32_t i = 0; i < nr; i++) {
		if (functions[i].nr_below)
			wanted[functions[i].space[PG_REG_BUSES + 1]] = true;
		mark_buses(functions[i].below, functions[i].nr_below, wanted);
	}
}

static bool list_segment(const struct machine *machine, const struct capture_segment *segment,
			 struct list *list)
{
	bool wanted[256] = { false };

	for (uint32_t i = 0; i < segment->nr_buses; i++) {
		wanted[segment->buses[i].number] = true;
		mark_buses(segment->buses[i].functions, segment->buses[i].nr_functions, wanted);
	}
	for (uint32_t bus = segment->first; bus <= segment->last; bus++) {
		for (uint32_t devfn = 0; wanted[bus] && devfn < 256; devfn++) {
			const struct pg_bdf at =
				pg_bdf(segment->number, (uint8_t)bus, (uint8_t)devfn);
			uint32_t id;
			enum pg_access access =
				machine->config.read(machine->config.ctx, at, PG_REG_ID, &id);

			/* One more than the limit is enough to report that there are too many. */
			if (list->nr > PG_MAX_RECORDED)
				return true;
			if ((access == PG_ACCESS_OK || access == PG_ACCESS_UNREADABLE) &&
			    !add(list, at))
				return false;
		}
	}
	return true;
}

bool machine_of_capture(struct machine *machine, struct capture *capture,
			const struct pg_record *record, struct capture_error *error)
{
	struct list list = { 0 };
	bool good = true;

	*machine = (struct machine){ .config = capture_config(capture) };
	for (uint32_t i = 0; good && i < capture->nr_segments; i++)
		good = list_segment(machine, &capture->segments[i], &list);
	if (!good) {
		free(list.functions);
		return machine_fail(error, "out of memory");
	}
	if (!machine_take(machine, list.functions, list.nr, error))
		return false;
	machine_find_roots(machine, record->roots, record->nr_roots);
	return true;
}
