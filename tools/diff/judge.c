// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * judge.c - what happened to each function, and which functions cannot be told apart.
 */
#define _GNU_SOURCE /* qsort_r() */

#include "diff.h"

#include <stdlib.h>

#include "../../lib/topology/reader.h"

/* Base classes of functions that belong to the processor or the chipset if they are on a root bus.
 */
#define CLASS_MEMORY 0x05u
#define CLASS_BRIDGE 0x06u
#define CLASS_SYSTEM 0x08u
#define CLASS_PROCESSOR 0x0bu
#define CLASS_SIGNAL 0x11u
#define CLASS_INSTRUMENT 0x13u
#define CLASS_NONE 0xffu

const char *diff_state_text(enum diff_state state)
{
	static const char *const texts[DIFF_STATES] = {
		[DIFF_EXCHANGED] = "exchanged",
		[DIFF_REPLACED] = "replaced",
		[DIFF_GONE] = "gone",
		[DIFF_MOVED] = "moved",
		[DIFF_REROUTED] = "rerouted",
		[DIFF_NEW] = "new",
		[DIFF_RENUMBERED] = "renumbered",
		[DIFF_SAME] = "same",
	};

	return texts[state];
}

const char *diff_field_text(enum pg_field field)
{
	static const char *const texts[] = {
		[PG_FIELD_ID] = "id",
		[PG_FIELD_CLASS] = "class",
		[PG_FIELD_REVISION] = "revision",
		[PG_FIELD_SUBSYSTEM] = "subsystem",
		[PG_FIELD_SERIAL] = "serial",
	};

	return texts[field];
}

const char *diff_value_text(enum pg_field field, uint64_t value, char text[DIFF_VALUE_TEXT])
{
	const unsigned int low = (unsigned int)value & 0xffff;

	if (field == PG_FIELD_ID || field == PG_FIELD_SUBSYSTEM)
		snprintf(text, DIFF_VALUE_TEXT, "%04x:%04x", low, (unsigned int)(value >> 16));
	else if (field == PG_FIELD_CLASS)
		snprintf(text, DIFF_VALUE_TEXT, "%06x", (unsigned int)value);
	else if (field == PG_FIELD_REVISION)
		snprintf(text, DIFF_VALUE_TEXT, "%02x", (unsigned int)value);
	else if (value)
		snprintf(text, DIFF_VALUE_TEXT, "%016llx", (unsigned long long)value);
	else
		snprintf(text, DIFF_VALUE_TEXT, "none");
	return text;
}

/* The first bridge above @old, from the root bus on, that leads to another bus now. */
static const struct diff_function *find_cause(const struct diff_function *old)
{
	const struct diff_function *cause = NULL;

	for (const struct diff_function *above = old->above; above; above = above->above) {
		if (above->partner && above->partner->secondary != above->secondary)
			cause = above;
	}
	return cause;
}

static enum diff_state state_of(const struct diff *diff, struct diff_change *change)
{
	const struct diff_function *old = change->old, *new = change->new, *taken;

	if (!old)
		return DIFF_NEW;
	taken = diff_find(&diff->new, old->at);
	if (taken && taken != new)
		change->taken_by = taken;
	if (!new)
		return DIFF_GONE;
	change->differs = pg_identity_differs(&old->identity, &new->identity, &change->difference);
	/* At another path it is the same device, by its serial number. */
	if (change->differs && !strcmp(old->path, new->path))
		return DIFF_REPLACED;
	if (change->taken_by && taken->partner && pg_bdf_equal(taken->partner->at, new->at))
		return DIFF_EXCHANGED;
	if (!pg_bdf_equal(old->at, new->at))
		return DIFF_MOVED;
	if (strcmp(old->path, new->path))
		return DIFF_REROUTED;
	if (old->bridge &&
	    (old->secondary != new->secondary || old->subordinate != new->subordinate))
		return DIFF_RENUMBERED;
	return DIFF_SAME;
}

static void add_change(struct diff *diff, const struct diff_function *old,
		       const struct diff_function *new)
{
	struct diff_change *change = &diff->changes[diff->nr++];

	*change = (struct diff_change){ .old = old, .new = new };
	change->state = state_of(diff, change);
	if (old && new && !pg_bdf_equal(old->at, new->at) && !strcmp(old->path, new->path))
		change->cause = find_cause(old);
	diff->counts[change->state]++;
}

static const struct diff_function *either(const struct diff_change *change)
{
	return change->old ? change->old : change->new;
}

/*
 * What hurts first: a device whose old address leads to another device now comes before one whose
 * address leads nowhere. Bridges come last, because nothing is configured for them.
 */
static uint32_t rank(const struct diff_change *change)
{
	if (change->state == DIFF_SAME)
		return 2 * DIFF_STATES + 2u;
	if (either(change)->bridge)
		return DIFF_STATES + 1u + (uint32_t)change->state;
	return change->taken_by && change->state != DIFF_EXCHANGED ? 1u
	       : change->state == DIFF_EXCHANGED		   ? 0
								   : 1u + (uint32_t)change->state;
}

static int by_rank(const void *a, const void *b)
{
	const struct diff_change *x = a, *y = b;
	const uint64_t p = pg_bdf_key(either(x)->at), q = pg_bdf_key(either(y)->at);

	if (rank(x) != rank(y))
		return rank(x) < rank(y) ? -1 : 1;
	return p < q ? -1 : p > q;
}

bool diff_judge(struct diff *diff)
{
	diff->changes = calloc(diff->old.nr + diff->new.nr, sizeof(*diff->changes));
	if (!diff->changes)
		return false;
	for (uint32_t i = 0; i < diff->old.nr; i++)
		add_change(diff, &diff->old.functions[i], diff->old.functions[i].partner);
	for (uint32_t i = 0; i < diff->new.nr; i++) {
		if (!diff->new.functions[i].partner)
			add_change(diff, NULL, &diff->new.functions[i]);
	}
	qsort(diff->changes, diff->nr, sizeof(*diff->changes), by_rank);
	return true;
}

/* Functions that nobody can move to another slot need not be told apart. */
static bool may_be_moved(const struct diff_function *function)
{
	if (function->bridge)
		return false;
	if (function->above)
		return true;
	switch (function->identity.class_revision >> 24) {
	case CLASS_MEMORY:
	case CLASS_BRIDGE:
	case CLASS_SYSTEM:
	case CLASS_PROCESSOR:
	case CLASS_SIGNAL:
	case CLASS_INSTRUMENT:
	case CLASS_NONE:
		return false;
	default:
		return true;
	}
}

static int by_model_and_path(const void *a, const void *b)
{
	const struct diff_function *x = *(struct diff_function *const *)a;
	const struct diff_function *y = *(struct diff_function *const *)b;
	const int model = diff_by_model(x, y);

	return model ? model : strcmp(x->path, y->path);
}

/* Lists the first function of each model in each device, sorted by model. */
static uint32_t list_cards(struct diff_side *side, struct diff_function **cards)
{
	uint32_t nr = 0, kept = 0;

	for (uint32_t i = 0; i < side->nr; i++) {
		if (may_be_moved(&side->functions[i]))
			cards[nr++] = &side->functions[i];
	}
	qsort(cards, nr, sizeof(*cards), by_model_and_path);
	for (uint32_t i = 0; i < nr; i++) {
		if (!kept || diff_by_model(cards[kept - 1], cards[i]) ||
		    !diff_is_same_device(cards[kept - 1], cards[i]))
			cards[kept++] = cards[i];
	}
	return kept;
}

/* The number of cards from @i on that are of the model of @card. */
static uint32_t count(struct diff_function **cards, uint32_t nr, uint32_t i,
		      const struct diff_function *card)
{
	uint32_t end = i;

	while (end < nr && !diff_by_model(cards[end], card))
		end++;
	return end - i;
}

static void mark(struct diff_side *side, const struct diff_function *card)
{
	for (uint32_t i = 0; i < side->nr; i++) {
		if (!diff_by_model(&side->functions[i], card))
			side->functions[i].doubtful = true;
	}
}

bool diff_find_twins(struct diff *diff)
{
	struct diff_function **old = diff->cards[0], **new = diff->cards[1];
	const uint32_t nr_old = list_cards(&diff->old, old), nr_new = list_cards(&diff->new, new);
	uint32_t i = 0, j = 0;

	diff->twins = calloc(nr_old + nr_new + 1, sizeof(*diff->twins));
	if (!diff->twins)
		return false;
	while (i < nr_old || j < nr_new) {
		struct diff_twins twins = { .old = old + i, .new = new + j };
		const struct diff_function *card = i == nr_old			       ? new[j]
						   : j == nr_new		       ? old[i]
						   : diff_by_model(old[i], new[j]) > 0 ? new[j]
										       : old[i];

		twins.nr_old = count(old, nr_old, i, card);
		twins.nr_new = count(new, nr_new, j, card);
		i += twins.nr_old;
		j += twins.nr_new;
		if (twins.nr_old < 2 && twins.nr_new < 2)
			continue;
		/* Devices that are all gone, or all new, need not be told apart. */
		if (!twins.nr_old || !twins.nr_new)
			continue;
		mark(&diff->old, card);
		mark(&diff->new, card);
		diff->twins[diff->nr_twins++] = twins;
	}
	return true;
}
