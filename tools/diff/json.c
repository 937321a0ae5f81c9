// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * json.c - the comparison as one JSON object. docs/pcigate-diff.8 describes it. Keys may be added;
 * existing keys do not change.
 */
#include "diff.h"

#include "../json.h"
#include "../names.h"

static json_t *value(enum pg_field field, uint64_t number, bool known)
{
	char text[DIFF_VALUE_TEXT];

	return known ? json_string(diff_value_text(field, number, text)) : json_null();
}

static json_t *buses(const struct diff_function *function)
{
	if (!function->bridge)
		return json_null();
	return json_pack("{s:I, s:I}", "secondary", (json_int_t)function->secondary, "subordinate",
			 (json_int_t)function->subordinate);
}

static json_t *vfs(const struct diff_function *function)
{
	if (!function->nr_vfs)
		return json_null();
	return json_pack("{s:I, s:o, s:o}", "number", (json_int_t)function->nr_vfs, "first",
			 json_address(function->first_vf), "last", json_address(function->last_vf));
}

static json_t *function(const struct diff_function *from)
{
	const struct pg_identity *identity;
	char name[NAMES_TEXT];

	if (!from)
		return json_null();
	identity = &from->identity;
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "address",
			 json_address(from->at), "path", from->path, "id",
			 value(PG_FIELD_ID, identity->vendor_device, true), "class",
			 value(PG_FIELD_CLASS, identity->class_revision >> 8, true), "revision",
			 value(PG_FIELD_REVISION, identity->class_revision & 0xff, true),
			 "subsystem",
			 value(PG_FIELD_SUBSYSTEM, identity->subsystem, identity->subsystem),
			 "serial", value(PG_FIELD_SERIAL, identity->serial, identity->has_serial),
			 "name", json_text(names_model(identity, name)), "buses", buses(from),
			 "virtual-functions", vfs(from));
}

static json_t *address(const struct diff_function *from)
{
	return from ? json_address(from->at) : json_null();
}

static json_t *difference(const struct diff_change *change)
{
	const struct pg_difference *from = &change->difference;

	if (!change->differs)
		return json_null();
	return json_pack("{s:s, s:o, s:o}", "field", diff_field_text(from->field), "was",
			 value(from->field, from->was, true), "now",
			 value(from->field, from->now, true));
}

static json_t *users(const struct diff *diff, const struct diff_function *function, bool named)
{
	return function ? users_json(&diff->users, function->at, function->at, named)
			: json_array();
}

static json_t *change(const struct diff *diff, const struct diff_change *from)
{
	const struct diff_function *old = from->old, *new = from->new;

	return json_pack(
		"{s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "state",
		diff_state_text(from->state), "bridge", (old ? old : new)->bridge, "certain",
		!(old && old->doubtful) && !(new &&new->doubtful), "old", function(old), "new",
		function(new), "difference", difference(from), "taken-by",
		from->taken_by ? json_string(from->taken_by->path) : json_null(), "because-of",
		address(from->cause ? from->cause->partner : NULL), "users-of-old",
		users(diff, old, true), "users-of-new", users(diff, new, false));
}

static json_t *changes(const struct diff *diff)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < diff->nr; i++) {
		if (!json_append_or_fail(array, change(diff, &diff->changes[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *addresses(struct diff_function **functions, uint32_t nr)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < nr; i++) {
		if (!json_append_or_fail(array, address(functions[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *twins(const struct diff *diff)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < diff->nr_twins; i++) {
		const struct diff_twins *from = &diff->twins[i];

		if (!json_append_or_fail(array, json_pack("{s:o, s:o}", "old",
							  addresses(from->old, from->nr_old), "new",
							  addresses(from->new, from->nr_new)))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *counts(const struct diff *diff)
{
	json_t *object = json_object();

	for (int state = 0; object && state < DIFF_STATES; state++) {
		if (json_object_set_new(object, diff_state_text((enum diff_state)state),
					json_integer(diff->counts[state]))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static json_t *side(const struct diff_side *from)
{
	const struct capture *capture = from->source.capture;

	return json_pack("{s:o, s:o, s:I, s:b, s:o}", "name", json_text(source_name(from->path)),
			 "description", json_text(capture ? capture->description : NULL),
			 "functions", (json_int_t)from->nr, "serials", !from->blind, "notes",
			 json_notes(&from->source.machine));
}

int diff_json(const struct diff *diff)
{
	return json_put(json_pack("{s:b, s:o, s:o, s:o, s:o, s:o}", "same",
				  diff->counts[DIFF_SAME] == diff->nr, "old", side(&diff->old),
				  "new", side(&diff->new), "counts", counts(diff), "functions",
				  changes(diff), "cannot-tell", twins(diff)));
}
