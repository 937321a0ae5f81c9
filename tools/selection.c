// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * selection.c - finds the devices that a command line names.
 */
#include "selection.h"

#include "cli.h"

#include <stdlib.h>

const char *selection_add(struct selection *selection, const char *list)
{
	const char *end = list + strlen(list);

	for (const char *word = list; word <= end;) {
		const size_t len = strcspn(word, ",");
		struct selector *more =
			realloc(selection->selectors, (selection->nr + 1) * sizeof(*more));

		if (!more)
			return "";
		selection->selectors = more;
		if (!selector_parse(word, len, &more[selection->nr]))
			return word;
		selection->nr++;
		word += len + 1;
	}
	return NULL;
}

static bool is_bridge(const struct machine *machine, struct pg_bdf at, uint32_t *buses)
{
	uint32_t header;

	if (machine->config.read(machine->config.ctx, at, PG_REG_HEADER, &header) ||
	    machine->config.read(machine->config.ctx, at, PG_REG_BUSES, buses))
		return false;
	header = header >> 16 & 0x7f;
	return header == PG_HEADER_BRIDGE || header == PG_HEADER_CARDBUS;
}

/* Follows the bridges of a path. An address has none, and what is there is not checked here. */
static bool follow(const struct selector *selector, const struct machine *machine,
		   struct pg_bdf *at, struct capture_error *error)
{
	const int len = (int)selector->len;
	const char *rest = selector->value;
	struct selector_step step;
	char name[BDF_TEXT];
	uint32_t buses;

	*at = selector->at;
	while (selector_step(selector, &rest, &step)) {
		bdf_text(*at, name);
		if (!machine_find(machine->functions, machine->nr, *at))
			return machine_fail(error, "%.*s: there is no function %s", len,
					    selector->text, name);
		if (!is_bridge(machine, *at, &buses))
			return machine_fail(error, "%.*s: %s is not a bridge", len, selector->text,
					    name);
		buses = buses >> 8 & 0xff;
		if (buses <= at->bus)
			return machine_fail(error, "%.*s: bridge %s leads to no bus", len,
					    selector->text, name);
		if (step.has_bus && step.bus != buses)
			return machine_fail(error, "%.*s: bridge %s leads to bus %02x, not to %02x",
					    len, selector->text, name, buses, step.bus);
		*at = pg_bdf(at->segment, (uint8_t)buses, step.devfn);
	}
	return true;
}

static bool matches(const struct selector *selector, const struct machine *machine,
		    struct pg_bdf at)
{
	uint32_t class, buses;

	if (is_bridge(machine, at, &buses))
		return false;
	if (selector->kind == SELECTOR_DRIVER)
		return sysfs_has_driver(at, selector->value,
					selector->len - (size_t)(selector->value - selector->text));
	return !machine->config.read(machine->config.ctx, at, PG_REG_CLASS, &class) &&
	       class >> 8 >> selector->shift == selector->class;
}

static bool is_chosen(const struct selection *selection, struct pg_bdf at)
{
	for (uint32_t i = 0; i < selection->nr_chosen; i++) {
		if (pg_bdf_equal(selection->chosen[i], at))
			return true;
	}
	return false;
}

/* A device that several words name is chosen once. */
static void take(struct selection *selection, struct pg_bdf at)
{
	if (!is_chosen(selection, at))
		selection->chosen[selection->nr_chosen++] = at;
}

/* Chooses all devices of a class or a driver. */
static bool choose(struct selection *selection, const struct selector *selector,
		   const struct machine *machine, struct capture_error *error)
{
	bool any = false;

	if (selector->kind == SELECTOR_DRIVER && !machine->is_host)
		return machine_fail(error, "%.*s: only this host has drivers, not a file",
				    (int)selector->len, selector->text);
	for (uint32_t i = 0; i < machine->nr; i++) {
		const struct pg_bdf at = machine->functions[i].at;

		if (!matches(selector, machine, at))
			continue;
		any = true;
		take(selection, at);
	}
	return any ||
	       machine_fail(error, "%.*s: no device has this %s", (int)selector->len,
			    selector->text, selector->kind == SELECTOR_CLASS ? "class" : "driver");
}

bool selection_resolve(struct selection *selection, const struct machine *machine,
		       struct capture_error *error)
{
	selection->chosen =
		calloc((size_t)selection->nr + machine->nr + 1, sizeof(*selection->chosen));
	if (!selection->chosen)
		return machine_fail(error, "out of memory");
	for (uint32_t i = 0; i < selection->nr; i++) {
		const struct selector *selector = &selection->selectors[i];
		struct pg_bdf at;

		if (selector->kind != SELECTOR_PATH) {
			if (!choose(selection, selector, machine, error))
				return false;
		} else if (follow(selector, machine, &at, error)) {
			take(selection, at);
		} else {
			return false;
		}
	}
	return true;
}

void selection_free(struct selection *selection)
{
	free(selection->selectors);
	free(selection->chosen);
}
