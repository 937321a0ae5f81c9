// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * reduce.c - single steps towards a smaller machine.
 */
#include "reduce.h"

#include <string.h>

static bool is_below(const struct machine *machine, uint32_t index, uint32_t top)
{
	while (index != MACHINE_NONE && index != top)
		index = machine->functions[index].parent;
	return index == top;
}

/*
 * Rebuilds the links of a machine after functions were marked for removal (root MACHINE_NONE). The
 * functions are in the order of the text, and their root and parent fields are correct.
 */
static void relink(struct machine *machine)
{
	uint16_t renamed[MACHINE_MAX_FUNCTIONS];
	uint16_t last[MACHINE_MAX_FUNCTIONS];
	uint16_t last_root[MACHINE_MAX_ROOTS];
	uint32_t i, nr = 0;

	memset(last, 0xff, sizeof(last));
	memset(last_root, 0xff, sizeof(last_root));
	for (i = 0; i < machine->nr_roots; i++)
		machine->roots[i].child = MACHINE_NONE;
	for (i = 0; i < machine->nr; i++) {
		struct machine_function *function = &machine->functions[nr];
		uint16_t *before, *first;

		if (machine->functions[i].root == MACHINE_NONE)
			continue;
		renamed[i] = (uint16_t)nr;
		if (i != nr)
			*function = machine->functions[i];
		function->child = MACHINE_NONE;
		function->next = MACHINE_NONE;
		if (function->parent != MACHINE_NONE) {
			function->parent = renamed[function->parent];
			before = &last[function->parent];
			first = &machine->functions[function->parent].child;
		} else {
			before = &last_root[function->root];
			first = &machine->roots[function->root].child;
		}
		if (*before == MACHINE_NONE)
			*first = (uint16_t)nr;
		else
			machine->functions[*before].next = (uint16_t)nr;
		*before = (uint16_t)nr;
		nr++;
	}
	machine->nr = nr;
}

static bool drop_root(struct machine *machine, uint32_t root)
{
	uint32_t i;

	if (machine->nr_roots < 2)
		return false;
	for (i = 0; i < machine->nr; i++) {
		struct machine_function *function = &machine->functions[i];

		if (function->root == root)
			function->root = MACHINE_NONE;
		else if (function->root > root)
			function->root--;
	}
	memmove(&machine->roots[root], &machine->roots[root + 1],
		(machine->nr_roots - root - 1) * sizeof(machine->roots[0]));
	machine->nr_roots--;
	relink(machine);
	return true;
}

static bool drop_function(struct machine *machine, uint32_t index)
{
	uint32_t i;

	/* From the last to the first, because is_below() needs the parents of a function. */
	for (i = machine->nr; i-- > 0;) {
		if (is_below(machine, i, index))
			machine->functions[i].root = MACHINE_NONE;
	}
	relink(machine);
	return true;
}

/*
 * Replaces a bridge by the functions below it. The bridge must be alone on its bus, so that the
 * order of functions stays valid.
 */
static bool lift(struct machine *machine, uint32_t index)
{
	struct machine_function *bridge = &machine->functions[index];
	const uint16_t first = bridge->parent == MACHINE_NONE
				       ? machine->roots[bridge->root].child
				       : machine->functions[bridge->parent].child;
	uint32_t i;

	if (!machine_is_bridge(bridge) || bridge->child == MACHINE_NONE || first != index ||
	    bridge->next != MACHINE_NONE)
		return false;
	for (i = index + 1; i < machine->nr; i++) {
		if (machine->functions[i].parent == index)
			machine->functions[i].parent = bridge->parent;
	}
	bridge->root = MACHINE_NONE;
	relink(machine);
	return true;
}

static bool clear_flag(bool *flag)
{
	const bool was = *flag;

	*flag = false;
	return was;
}

static bool set_number(uint8_t *number, uint32_t value)
{
	if (*number == value || value > 0xff)
		return false;
	*number = (uint8_t)value;
	return true;
}

/* Whether another function has the same address: one of the two is gone and the other was added. */
static bool has_double(const struct machine *machine, uint32_t index)
{
	const struct machine_function *function = &machine->functions[index];
	uint32_t i;

	for (i = 0; i < machine->nr; i++) {
		const struct machine_function *other = &machine->functions[i];

		if (i != index && other->parent == function->parent &&
		    other->root == function->root && other->devfn == function->devfn)
			return true;
	}
	return false;
}

#define NR_PLAIN 28

/*
 * Sets one property of a function to its default. Returns false if it already is.
 * Long: one short case for each property.
 */
static bool plain(struct machine *machine, uint32_t index, uint32_t what)
{
	struct machine_function *function = &machine->functions[index];
	const bool bridge = machine_is_bridge(function);

	switch (what) {
	case 0:
		return clear_flag(&function->sriov);
	case 1:
		return clear_flag(&function->ea);
	case 2:
		return clear_flag(&function->ari);
	case 3:
		return clear_flag(&function->hotplug);
	case 4:
		return clear_flag(&function->slot);
	case 5:
		return clear_flag(&function->ari_enabled);
	case 6:
		return clear_flag(&function->ari_forward);
	case 7:
		return clear_flag(&function->any_device);
	case 8:
		return clear_flag(&function->wired);
	case 9:
		return clear_flag(&function->fixed);
	case 10:
		return clear_flag(&function->multi);
	case 11:
		return clear_flag(&function->has_id);
	case 12:
		return !bridge && set_number(&function->header, MACHINE_NORMAL);
	case 13:
		return set_number(&function->pcie, MACHINE_PCIE_NONE);
	case 14:
		if (function->sriov || !set_number(&function->ari_next, 0))
			return false;
		return true;
	case 15:
		return function->header == MACHINE_CARDBUS &&
		       set_number(&function->header, MACHINE_BRIDGE);
	case 16:
		if (!bridge || !(function->primary | function->secondary | function->subordinate))
			return false;
		function->primary = function->secondary = function->subordinate = 0;
		return true;
	case 17:
		return bridge && function->subordinate > function->secondary + 1 &&
		       set_number(&function->subordinate, function->secondary);
	case 18:
		return bridge && function->subordinate > function->secondary &&
		       set_number(&function->subordinate, function->subordinate - 1u);
	case 19:
		/* A bridge without a device below it may be replaced by a device. */
		if (!bridge || function->child != MACHINE_NONE)
			return false;
		function->header = MACHINE_NORMAL;
		return true;
	case 20:
		return clear_flag(&function->was);
	case 21:
		return !has_double(machine, index) && clear_flag(&function->gone);
	case 22:
		return !has_double(machine, index) && clear_flag(&function->added);
	case 23:
		return clear_flag(&function->preserved);
	case 24:
		return clear_flag(&function->flip);
	case 25:
		if (!function->vfs_on)
			return false;
		function->vfs_on = function->nr_kept = 0;
		return true;
	case 26:
		return clear_flag(&function->vfs_ari);
	case 27:
		if (!function->nr_kept)
			return false;
		function->nr_kept--;
		return true;
	}
	return false;
}

bool reduce(const struct machine *from, uint32_t step, struct machine *to)
{
	uint32_t seen = 0, i, what;

/* Makes one change to a new copy. If it changes anything, it is a step. */
#define TRY(change)                                                                                \
	do {                                                                                       \
		machine_copy(to, from);                                                            \
		if ((change) && seen++ == step) {                                                  \
			machine_reset(to);                                                         \
			return true;                                                               \
		}                                                                                  \
	} while (0)

	for (i = 0; i < from->nr_roots; i++)
		TRY(drop_root(to, i));
	for (i = 0; i < from->nr; i++)
		TRY(drop_function(to, i));
	for (i = 0; i < from->nr; i++)
		TRY(lift(to, i));
	for (i = 0; i < from->nr; i++) {
		for (what = 0; what < NR_PLAIN; what++)
			TRY(plain(to, i, what));
	}
	for (i = 0; i < from->nr_roots; i++)
		TRY(set_number(&to->roots[i].last, 0xff));
	TRY(set_number(&to->record, MACHINE_RECORD_OWN));
#undef TRY
	return false;
}
