// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * json.c - check and show as one JSON object each. docs/pcigate-check.8 and docs/pcigate-show.8
 * describe them. Keys may be added; existing keys do not change.
 */
#include "json.h"

#include "vfs.h"

#include <stdlib.h>

/*
 * JSON must be UTF-8, but text from a capture may have another encoding. Then '?' replaces each
 * byte that is not ASCII.
 */
json_t *json_text(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	char *copy;

	if (value)
		return value;
	copy = strdup(text);
	for (char *c = copy; c && *c; c++) {
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	}
	value = copy ? json_string(copy) : NULL;
	free(copy);
	return value;
}

json_t *json_address(struct pg_bdf at)
{
	char text[BDF_TEXT];

	return json_string(bdf_text(at, text));
}

json_t *json_path_of(const struct pg_topology *topology, uint32_t index)
{
	char text[PATH_TEXT];

	return json_string(path_text(topology, index, text));
}

json_t *json_address_of(const struct pg_topology *topology, uint16_t index)
{
	return index == PG_NONE ? json_null() : json_address(topology->functions[index].at);
}

static json_t *version(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

/* A number that is not known is null, not 0. */
static json_t *number(uint64_t value, bool known)
{
	return known ? json_integer((json_int_t)value) : json_null();
}

static json_t *problem(const struct pg_verdict *verdict)
{
	const struct pg_finding *finding = &verdict->finding;

	if (!verdict->record)
		return json_null();
	return json_pack("{s:s, s:s, s:s?, s:o, s:I}", "reason", pg_reason_code(verdict->record),
			 "sentence", pg_reason_sentence(verdict->record), "field", finding->field,
			 "value", json_text(finding->text), "at", (json_int_t)finding->at);
}

json_t *json_record(const struct session *session)
{
	static const char *const states[] = {
		[PG_RECORD_NO_KHO] = "no-kho",
		[PG_RECORD_NO_LUO] = "no-luo",
		[PG_RECORD_NO_PCI] = "no-pci",
		[PG_RECORD_DEVICES] = "devices",
	};
	const struct pg_record *from = &session->gate.record;
	const struct pg_verdict *verdict = &session->gate.verdict;
	const bool counted = !verdict->record || verdict->nr;

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "state",
			 states[from->state], "kho", version(from->kho_version), "luo",
			 version(from->luo_version), "pci",
			 number(from->pci_version, from->pci_version), "liveupdate",
			 number(from->liveupdate, from->luo_version[0]), "files",
			 number(from->files, counted || from->files), "devices",
			 number(verdict->devices, counted), "bridges",
			 number(verdict->bridges, counted), "problem", problem(verdict));
}

json_t *json_policy(const struct pg_policy *from)
{
	static const char *const modes[] = {
		[PG_MODE_ENFORCE] = "enforce",
		[PG_MODE_REPORT] = "report",
		[PG_MODE_OFF] = "off",
	};
	static const char *const stops[] = {
		[PG_STOP_HALT] = "halt",
		[PG_STOP_RESET] = "reset",
		[PG_STOP_POWEROFF] = "poweroff",
	};

	return json_pack("{s:s, s:s, s:I, s:b, s:b, s:b, s:b}", "mode", modes[from->mode], "stop",
			 stops[from->stop], "reset-after", (json_int_t)from->reset_after_s,
			 "assign-busses", from->assign_busses, "keeps-bus-numbers",
			 from->keep_numbers, "pci-off", from->pci_off, "kho-off", from->kho_off);
}

static json_t *judgement(const struct session *session, uint32_t index)
{
	const struct pg_topology *topology = &session->gate.topology;
	const struct pg_judgement *from = &session->gate.verdict.judgements[index];
	const enum pg_reason reason = (enum pg_reason)from->reason;

	return json_pack("{s:o, s:o, s:b, s:I, s:s, s:s?, s:s?, s:o, s:o}", "address",
			 json_address(topology->functions[index].at), "path",
			 json_path_of(topology, index), "bridge", from->bridge, "refcount",
			 (json_int_t)topology->functions[index].rec.refcount, "verdict",
			 judgement_text(from), "reason", reason ? pg_reason_code(reason) : NULL,
			 "sentence", reason ? pg_reason_sentence(reason) : NULL, "because-of",
			 json_address_of(topology, from->culprit), "virtual-functions",
			 vfs_json(session, topology->functions[index].at));
}

/* Appends @value and takes ownership of it. False if memory runs out. */
bool json_append_or_fail(json_t *array, json_t *value)
{
	return value && !json_array_append_new(array, value);
}

static json_t *judgements(const struct session *session)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < session->gate.verdict.nr; i++) {
		if (!json_append_or_fail(array, judgement(session, i))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *json_lines(const struct session *session)
{
	json_t *array = json_array();
	struct lines lines;
	bool good;

	if (!array || !lines_make(session, &lines)) {
		json_decref(array);
		return NULL;
	}
	good = true;
	for (uint32_t i = 0; good && i < lines.nr; i++)
		good = json_append_or_fail(array, json_text(lines.text[i]));
	lines_free(&lines);
	if (!good) {
		json_decref(array);
		return NULL;
	}
	return array;
}

json_t *json_bus_numbers(const struct pg_function *function)
{
	if (function->hw.presence != PG_PRESENT ||
	    (function->hw.header != PG_HEADER_BRIDGE && function->hw.header != PG_HEADER_CARDBUS))
		return json_null();
	return json_pack("{s:I, s:I, s:I}", "primary", (json_int_t)function->hw.primary,
			 "secondary", (json_int_t)function->hw.secondary, "subordinate",
			 (json_int_t)function->hw.subordinate);
}

json_t *json_id(uint32_t value)
{
	char text[16];

	if (!value)
		return json_null();
	snprintf(text, sizeof(text), "%04x:%04x", value & 0xffff, value >> 16);
	return json_string(text);
}

static json_t *function(const struct session *session, uint32_t index)
{
	static const char *const presences[] = {
		[PG_PRESENT] = "present",	[PG_ABSENT] = "absent",
		[PG_NOT_READY] = "not-ready",	[PG_NO_WINDOW] = "no-window",
		[PG_UNREADABLE] = "unreadable", [PG_UNREACHED] = "unreached",
	};
	const struct pg_topology *topology = &session->gate.topology;
	const struct pg_function *from = &topology->functions[index];

	return json_pack("{s:o, s:o, s:s, s:b, s:I, s:o, s:o, s:o, s:o, s:b, s:o}", "address",
			 json_address(from->at), "path", json_path_of(topology, index), "presence",
			 presences[from->hw.presence], "recorded", from->rec.recorded, "refcount",
			 (json_int_t)from->rec.refcount, "id", json_id(from->hw.id), "buses",
			 json_bus_numbers(from), "parent", json_address_of(topology, from->parent),
			 "overlaps", json_address_of(topology, from->result.culprit), "vfs-enabled",
			 from->hw.vfs_enabled, "virtual-functions", vfs_json(session, from->at));
}

static json_t *functions(const struct session *session)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < session->gate.topology.nr; i++) {
		if (!json_append_or_fail(array, function(session, i))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

json_t *json_notes(const struct machine *machine)
{
	json_t *array = json_array();

	for (uint32_t i = 0; array && i < machine->nr_notes; i++) {
		if (!json_append_or_fail(array, json_text(machine->notes[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

int json_put(json_t *object)
{
	int error;

	if (!object)
		return complain("out of memory");
	error = json_dumpf(object, stdout, JSON_INDENT(2));
	json_decref(object);
	putchar('\n');
	return error ? complain("cannot write the output") : 0;
}

int json_check(const struct session *session)
{
	const struct pg_verdict *verdict = &session->gate.verdict;
	int status = json_put(json_pack(
		"{s:o, s:o, s:s, s:b, s:o, s:o, s:o, s:I, s:o}", "description",
		json_text(session->capture->description), "cmdline", json_text(session->cmdline),
		"verdict", verdict->open ? "open" : "stop", "by-policy", verdict->by_policy,
		"policy", json_policy(&session->gate.policy), "record", json_record(session),
		"functions", judgements(session), "config-reads",
		(json_int_t)session->gate.topology.reads, "lines", json_lines(session)));

	return status ? status : verdict->open ? STATUS_OPEN : STATUS_STOP;
}

int json_show(const struct session *session)
{
	int status = json_put(json_pack("{s:o, s:o, s:o, s:o}", "description",
					json_text(session->capture->description), "cmdline",
					json_text(session->cmdline), "record", json_record(session),
					"functions", functions(session)));

	return status ? status : session->gate.verdict.record ? STATUS_STOP : STATUS_OPEN;
}
