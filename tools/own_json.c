// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * own_json.c - pcigate's own record as one JSON object.
 */
#include "own_json.h"
#include "json.h"
#include "own.h"

static json_t *answer(const struct pg_gate_fdt *own)
{
	struct pg_answer from;

	if (!own->present || !pg_gate_read_answer(own, &from))
		return json_null();
	return json_pack("{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "verdict",
			 own_verdict_text(from.verdict), "reason",
			 from.reason[0] ? json_text(from.reason) : json_null(), "devices",
			 (json_int_t)from.devices, "keep", (json_int_t)from.keep, "move",
			 (json_int_t)from.move, "unverified", (json_int_t)from.unverified,
			 "config-reads", (json_int_t)from.reads, "cycles", (json_int_t)from.cycles);
}

static json_t *window(const struct pg_gate_fdt *own, int node)
{
	uint64_t address, size;

	if (!own_window(own, node, &address, &size))
		return json_null();
	return json_pack("{s:I, s:I}", "address", (json_int_t)address, "size", (json_int_t)size);
}

static bool add_roots(json_t *array, const struct pg_record *record)
{
	const void *fdt = record->own.fdt;
	int node = fdt_first_subnode(fdt, fdt_subnode_offset(fdt, 0, "host-bridges"));

	for (uint32_t i = 0; i < record->nr_roots; i++, node = fdt_next_subnode(fdt, node)) {
		const struct pg_record_root *root = &record->roots[i];

		if (!json_append_or_fail(array, json_pack("{s:I, s:I, s:I, s:o}", "segment",
							  (json_int_t)root->segment, "first",
							  (json_int_t)root->first, "last",
							  (json_int_t)root->last, "ecam",
							  window(&record->own, node))))
			return false;
	}
	return true;
}

static bool add_bridges(json_t *array, const struct pg_record *record)
{
	struct pg_gate_bridge bridge = { .node = -1 };

	while (pg_gate_next_bridge(&record->own, &bridge)) {
		const fdt32_t *numbers =
			fdt_getprop(record->own.fdt, bridge.node, "bus-numbers", NULL);

		if (!json_append_or_fail(
			    array, json_pack("{s:o, s:{s:I, s:I, s:I}, s:b, s:I}", "address",
					     json_address(bridge.at), "buses", "primary",
					     (json_int_t)fdt32_ld(numbers), "secondary",
					     (json_int_t)fdt32_ld(numbers + 1), "subordinate",
					     (json_int_t)fdt32_ld(numbers + 2), "ari", bridge.ari,
					     "preserved", (json_int_t)bridge.preserved)))
			return false;
	}
	return true;
}

static json_t *path(const struct pg_gate_device *device)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < device->depth; i++) {
		if (!json_append_or_fail(array, json_address(pg_gate_path(device, i)))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *serial(const struct pg_identity *identity)
{
	char text[20];

	if (!identity->has_serial)
		return json_null();
	/* JSON numbers lose bits beyond 53. */
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)identity->serial);
	return json_string(text);
}

static bool add_devices(json_t *array, const struct pg_record *record)
{
	struct pg_gate_device device = { .node = -1 };

	while (pg_gate_next_device(&record->own, &device)) {
		const struct pg_identity *identity = &device.identity;

		if (!json_append_or_fail(
			    array,
			    json_pack("{s:o, s:o, s:I, s:I, s:o, s:o, s:o}", "address",
				      json_address(device.at), "id",
				      json_id(identity->vendor_device), "class",
				      (json_int_t)(identity->class_revision >> 8), "revision",
				      (json_int_t)(identity->class_revision & 0xff), "subsystem",
				      json_id(identity->subsystem), "serial", serial(identity),
				      "path", path(&device))))
			return false;
	}
	return true;
}

static json_t *list(const struct pg_record *record,
		    bool (*add)(json_t *array, const struct pg_record *record))
{
	json_t *array = json_array();

	if (array && record->own.present && !add(array, record)) {
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *problem(enum pg_reason reason, const struct pg_finding *finding)
{
	if (!reason)
		return json_null();
	return json_pack("{s:s, s:s, s:s?, s:o}", "reason", pg_reason_code(reason), "sentence",
			 pg_reason_sentence(reason), "field", finding->field, "value",
			 json_text(finding->text));
}

/* The lines of the stage's report; null if there is none. */
static json_t *report_lines(const char *text)
{
	json_t *array = text ? json_array() : json_null();

	while (array && text && *text) {
		const size_t len = strcspn(text, "\n");

		if (!json_append_or_fail(array, json_stringn(text, len))) {
			json_decref(array);
			return NULL;
		}
		text += len + (text[len] == '\n');
	}
	return array;
}

int own_json(const struct pg_record *record, enum pg_reason reason,
	     const struct pg_finding *finding, const char *report)
{
	int status = json_put(
		json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "report", report_lines(report),
			  "complete", record->own.complete, "answer", answer(&record->own), "roots",
			  list(record, add_roots), "bridges", list(record, add_bridges), "devices",
			  list(record, add_devices), "problem", problem(reason, finding)));

	return status ? status : reason ? STATUS_STOP : STATUS_OPEN;
}
