// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * text.c - the comparison as text: a line for each change with the addresses, and lines below it
 * with what has changed.
 */
#include "diff.h"

#include "../names.h"

#define SHOWN_TWINS 4u

static const struct {
	const char *text;
	enum colour colour;
} words[DIFF_STATES] = {
	[DIFF_EXCHANGED] = { "EXCHANGED", COLOUR_BAD },
	[DIFF_REPLACED] = { "REPLACED", COLOUR_BAD },
	[DIFF_GONE] = { "GONE", COLOUR_BAD },
	[DIFF_MOVED] = { "MOVED", COLOUR_BAD },
	[DIFF_REROUTED] = { "REROUTED", COLOUR_BAD },
	[DIFF_NEW] = { "NEW", COLOUR_DOUBT },
	[DIFF_RENUMBERED] = { "RENUMBERED", COLOUR_DOUBT },
	[DIFF_SAME] = { "SAME", COLOUR_GOOD },
};

static const char *arrow(const struct options *options)
{
	return options->utf8 ? "→" : "->";
}

static void put_model(const struct diff_function *function, FILE *out)
{
	char text[NAMES_TEXT], id[DIFF_VALUE_TEXT];

	put_text(out, names_model(&function->identity, text));
	fprintf(out, " [%s]", diff_value_text(PG_FIELD_ID, function->identity.vendor_device, id));
	if (function->identity.has_serial)
		fprintf(out, ", serial %s",
			diff_value_text(PG_FIELD_SERIAL, function->identity.serial, id));
	fputc('\n', out);
}

static void put_paths(const struct diff_change *change, const struct options *options, FILE *out)
{
	const char *was = change->old->path, *now = change->new->path;

	if (!strcmp(was, now))
		fprintf(out, "    path %s, as before\n", now);
	else
		fprintf(out, "    path %s %s %s\n", was, arrow(options), now);
}

static void put_vfs_of(const struct diff_function *function, FILE *out)
{
	char first[BDF_TEXT], last[BDF_TEXT];

	if (!function->nr_vfs)
		fputs("none", out);
	else
		fprintf(out, "%u at %s to %s", function->nr_vfs,
			bdf_text(function->first_vf, first), bdf_text(function->last_vf, last));
}

/* Virtual functions are no functions of the comparison: they follow their physical function. */
static void put_vfs(const struct diff_change *change, const struct options *options, FILE *out)
{
	const struct diff_function *old = change->old, *new = change->new;

	if (!(old && old->nr_vfs) && !(new &&new->nr_vfs))
		return;
	fputs("    virtual functions: ", out);
	put_vfs_of(old ? old : new, out);
	if (old && new) {
		fprintf(out, " %s ", arrow(options));
		put_vfs_of(new, out);
	}
	fputc('\n', out);
}

static void put_cause(const struct diff_function *cause, FILE *out)
{
	char text[BDF_TEXT];

	fprintf(out, "    bridge %s led to bus %02x and leads to bus %02x now\n",
		bdf_text(cause->partner->at, text), cause->secondary, cause->partner->secondary);
}

/* What answers at the old address now. */
static void put_taken(const struct diff_change *change, FILE *out)
{
	const struct diff_function *taken = change->taken_by, *before = taken->partner;
	char text[BDF_TEXT], id[DIFF_VALUE_TEXT];

	fprintf(out, "    %s is %s now", bdf_text(change->old->at, text),
		diff_value_text(PG_FIELD_ID, taken->identity.vendor_device, id));
	if (!before)
		fputs(", which is new\n", out);
	else
		fprintf(out, ", which was at %s\n", bdf_text(before->at, text));
}

/* The values of the field that differs; for the model itself, the two models. */
static void put_difference(const struct diff_change *change, FILE *out)
{
	const enum pg_field field = change->difference.field;
	char was[DIFF_VALUE_TEXT], now[DIFF_VALUE_TEXT];

	if (field == PG_FIELD_ID || field == PG_FIELD_CLASS) {
		fputs("    was ", out);
		put_model(change->old, out);
		fputs("    now ", out);
		put_model(change->new, out);
		return;
	}
	fputs("    ", out);
	put_model(change->new, out);
	fprintf(out, "    %s was %s, is %s now\n", diff_field_text(field),
		diff_value_text(field, change->difference.was, was),
		diff_value_text(field, change->difference.now, now));
}

static void put_buses(const struct diff_change *change, const struct options *options, FILE *out)
{
	const struct diff_function *old = change->old, *new = change->new;

	fprintf(out, " buses %02x-%02x %s %02x-%02x\n", old->secondary, old->subordinate,
		arrow(options), new->secondary, new->subordinate);
}

static void put_users(const struct users *users, struct pg_bdf at, bool named, FILE *out)
{
	char text[BDF_TEXT], prefix[BDF_TEXT + 16];

	snprintf(prefix, sizeof(prefix), "    %s: used by ", bdf_text(at, text));
	if (users_put(users, at, at, named, prefix, out))
		fputc('\n', out);
}

void diff_text_change(const struct diff *diff, const struct diff_change *change,
		      const struct options *options, FILE *out)
{
	const struct diff_function *old = change->old, *new = change->new;
	const bool moved = !old || !new || !pg_bdf_equal(old->at, new->at);
	char text[BDF_TEXT];

	fprintf(out, "%s%s%s %s", colour(options, words[change->state].colour),
		words[change->state].text, colour(options, COLOUR_NONE),
		bdf_text(old ? old->at : new->at, text));
	if (old && new &&moved)
		fprintf(out, " %s %s", arrow(options), bdf_text(new->at, text));
	if (change->state == DIFF_RENUMBERED) {
		put_buses(change, options, out);
		return;
	}
	fputc('\n', out);
	if (change->differs) {
		put_difference(change, out);
	} else {
		fputs("    ", out);
		put_model(old ? old : new, out);
	}
	if (old && new)
		put_paths(change, options, out);
	else
		fprintf(out, "    path %s\n", old ? old->path : new->path);
	put_vfs(change, options, out);
	if (change->cause)
		put_cause(change->cause, out);
	if (change->taken_by)
		put_taken(change, out);
	/* The configuration that names the old address, and what the device has at the new one. */
	if (old && moved)
		put_users(&diff->users, old->at, true, out);
	if (new)
		put_users(&diff->users, new->at, false, out);
}

static void put_addresses(struct diff_function **functions, uint32_t nr, FILE *out)
{
	char text[BDF_TEXT];

	for (uint32_t i = 0; i < nr && i < SHOWN_TWINS; i++)
		fprintf(out, " %s", bdf_text(functions[i]->at, text));
	if (nr > SHOWN_TWINS)
		fprintf(out, " and %u more", nr - SHOWN_TWINS);
}

static bool are_equal(const struct diff_twins *twins)
{
	if (twins->nr_old != twins->nr_new)
		return false;
	for (uint32_t i = 0; i < twins->nr_old; i++) {
		if (!pg_bdf_equal(twins->old[i]->at, twins->new[i]->at))
			return false;
	}
	return true;
}

void diff_text_twins(const struct diff_twins *twins, const struct options *options, FILE *out)
{
	const struct diff_function *one = twins->old[0];

	fprintf(out, "%sCANNOT TELL%s whether these were exchanged: %s\n    ",
		colour(options, COLOUR_DOUBT), colour(options, COLOUR_NONE),
		one->identity.has_serial ? "they have one serial number"
					 : "they have no serial number");
	put_model(one, out);
	fputs(are_equal(twins) ? "    at" : "    before at", out);
	put_addresses(twins->old, twins->nr_old, out);
	if (!are_equal(twins)) {
		fputs("\n    now at", out);
		put_addresses(twins->new, twins->nr_new, out);
	}
	fputc('\n', out);
}

void diff_text_summary(const struct diff *diff, FILE *out)
{
	fprintf(out, "%u of %u functions are the same", diff->counts[DIFF_SAME], diff->nr);
	for (int state = 0; state < DIFF_SAME; state++) {
		if (diff->counts[state])
			fprintf(out, ", %u %s", diff->counts[state],
				diff_state_text((enum diff_state)state));
	}
	fputc('\n', out);
}

void diff_text(const struct diff *diff, const struct options *options, FILE *out)
{
	for (uint32_t i = 0; i < diff->nr && diff->changes[i].state != DIFF_SAME; i++)
		diff_text_change(diff, &diff->changes[i], options, out);
	for (uint32_t i = 0; i < diff->nr_twins; i++)
		diff_text_twins(&diff->twins[i], options, out);
	diff_text_summary(diff, out);
}
