// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * match.c - finds each function of the old machine in the new one.
 *
 * Each pass sorts the functions that have no partner yet and pairs those that are equal in some
 * order. The passes go from the strictest order to the loosest one.
 */
#define _GNU_SOURCE /* qsort_r() */

#include "diff.h"

#include <stdlib.h>

/* Longer ends of paths are not compared: a card with that many bridges in a row is not known. */
#define TAIL_MAX 16u

/**
 * struct order - an order of functions
 * @compare: like strcmp()
 * @tail:    how many parts at the end of the path @compare takes into account
 */
struct order {
	int (*compare)(const struct diff_function *a, const struct diff_function *b,
		       const struct order *order);
	uint32_t tail;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int diff_by_model(const struct diff_function *a, const struct diff_function *b)
{
	const struct pg_identity *x = &a->identity, *y = &b->identity;
	int result = compare_numbers(x->vendor_device, y->vendor_device);

	if (!result)
		result = compare_numbers(x->class_revision, y->class_revision);
	if (!result)
		result = compare_numbers(x->subsystem, y->subsystem);
	if (!result)
		result = compare_numbers(x->has_serial, y->has_serial);
	return result ? result : compare_numbers(x->serial, y->serial);
}

static int by_path(const struct diff_function *a, const struct diff_function *b,
		   const struct order *order)
{
	(void)order;
	return strcmp(a->path, b->path);
}

static int by_model_and_path(const struct diff_function *a, const struct diff_function *b,
			     const struct order *order)
{
	const int result = diff_by_model(a, b);

	return result ? result : by_path(a, b, order);
}

/* A card that moves as a whole keeps the end of its functions' paths. */
static int by_model_and_tail(const struct diff_function *a, const struct diff_function *b,
			     const struct order *order)
{
	const int model = diff_by_model(a, b);

	if (model)
		return model;
	for (uint32_t i = 0; i < order->tail; i++) {
		if (!a || !b)
			return !b - !a;
		if (a->at.devfn != b->at.devfn)
			return a->at.devfn < b->at.devfn ? -1 : 1;
		a = a->above;
		b = b->above;
	}
	return 0;
}

static int by_model_and_function(const struct diff_function *a, const struct diff_function *b,
				 const struct order *order)
{
	const int model = diff_by_model(a, b);

	(void)order;
	return model ? model : compare_numbers(a->at.devfn & 7, b->at.devfn & 7);
}

/* Firmware can change the revision of a card, and its class, but not its serial number. */
static int by_serial(const struct diff_function *a, const struct diff_function *b,
		     const struct order *order)
{
	const struct pg_identity *x = &a->identity, *y = &b->identity;
	int result = compare_numbers(x->vendor_device, y->vendor_device);

	if (!result)
		result = compare_numbers(x->has_serial, y->has_serial);
	if (!result && !x->has_serial)
		return by_path(a, b, order);
	if (!result)
		result = compare_numbers(x->serial, y->serial);
	return result ? result : compare_numbers(a->at.devfn & 7, b->at.devfn & 7);
}

/* Functions that are equal in the order are sorted by path, so that the result is always the same.
 */
static int sort_by(const void *a, const void *b, void *ctx)
{
	const struct diff_function *x = *(struct diff_function *const *)a;
	const struct diff_function *y = *(struct diff_function *const *)b;
	const struct order *order = ctx;
	const int result = order->compare(x, y, order);

	return result ? result : strcmp(x->path, y->path);
}

static uint32_t list_unmatched(struct diff_side *side, struct diff_function **list,
			       struct order *order)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < side->nr; i++) {
		if (!side->functions[i].partner)
			list[nr++] = &side->functions[i];
	}
	qsort_r(list, nr, sizeof(*list), sort_by, order);
	return nr;
}

static void pass(struct diff *diff, struct order order)
{
	struct diff_function **old = diff->cards[0], **new = diff->cards[1];
	const uint32_t nr_old = list_unmatched(&diff->old, old, &order);
	const uint32_t nr_new = list_unmatched(&diff->new, new, &order);
	uint32_t i = 0, j = 0;

	while (i < nr_old && j < nr_new) {
		const int result = order.compare(old[i], new[j], &order);

		if (!result) {
			old[i]->partner = new[j];
			new[j]->partner = old[i];
		}
		i += result <= 0;
		j += result >= 0;
	}
}

static uint32_t depth_of(const struct diff_side *side)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < side->nr && most < TAIL_MAX; i++) {
		const struct diff_function *function = &side->functions[i];
		uint32_t depth = 0;

		for (; function && depth < TAIL_MAX; function = function->above)
			depth++;
		if (depth > most)
			most = depth;
	}
	return most;
}

static void forget_serials(struct diff_side *side)
{
	for (uint32_t i = 0; i < side->nr; i++) {
		side->functions[i].identity.has_serial = false;
		side->functions[i].identity.serial = 0;
	}
}

bool diff_match(struct diff *diff)
{
	const uint32_t depth = depth_of(&diff->old);

	diff->cards[0] = calloc(diff->old.nr + 1, sizeof(*diff->cards[0]));
	diff->cards[1] = calloc(diff->new.nr + 1, sizeof(*diff->cards[1]));
	if (!diff->cards[0] || !diff->cards[1])
		return false;
	/* If one machine has no serial numbers, those of the other one are no difference. */
	if (diff->old.blind || diff->new.blind) {
		forget_serials(&diff->old);
		forget_serials(&diff->new);
	}
	pass(diff, (struct order){ .compare = by_model_and_path });
	for (uint32_t tail = depth; tail; tail--)
		pass(diff, (struct order){ .compare = by_model_and_tail, .tail = tail });
	pass(diff, (struct order){ .compare = by_model_and_function });
	pass(diff, (struct order){ .compare = by_serial });
	pass(diff, (struct order){ .compare = by_path });
	return true;
}
