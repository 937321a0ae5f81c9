// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * show.c - pcigate show: the record as far as it can be read, and what config space says at the
 * recorded addresses.
 */
#include "cli.h"

static const char *state_text(enum pg_record_state state)
{
	switch (state) {
	case PG_RECORD_NO_KHO:
		return "no KHO data";
	case PG_RECORD_NO_LUO:
		return "no Live Update data";
	case PG_RECORD_NO_PCI:
		return "no PCI device";
	case PG_RECORD_DEVICES:
		break;
	}
	return "PCI devices";
}

static void show_record(const struct session *session)
{
	const struct pg_record *record = &session->gate.record;
	const struct pg_verdict *verdict = &session->gate.verdict;

	printf("record   ");
	if (record->kho_version[0])
		printf("KHO %s", record->kho_version);
	else if (verdict->record)
		printf("not readable");
	if (record->luo_version[0])
		printf(", LUO %s", record->luo_version);
	if (record->pci_version)
		printf(", PCI %u", record->pci_version);
	if (record->state != PG_RECORD_DEVICES && !verdict->record)
		printf("%s%s", record->kho_version[0] ? "; " : "", state_text(record->state));
	if (record->luo_version[0])
		printf("; live update %llu", (unsigned long long)record->liveupdate);
	if (record->files)
		printf("; %llu %s", (unsigned long long)record->files,
		       record->files == 1 ? "file" : "files");
	if (verdict->nr)
		printf("; %u %s, %u %s", verdict->devices,
		       verdict->devices == 1 ? "device" : "devices", verdict->bridges,
		       verdict->bridges == 1 ? "bridge" : "bridges");
	putchar('\n');
}

/* Prints how far the record was read, and the reason it could not be read further. */
static void show_trouble(const struct session *session)
{
	const struct pg_verdict *verdict = &session->gate.verdict;
	const struct pg_finding *finding = &verdict->finding;
	const struct options *options = session->options;

	printf("%strouble%s  %s: %s ", colour(options, COLOUR_BAD), colour(options, COLOUR_NONE),
	       pg_reason_sentence(verdict->record), finding->field ? finding->field : "?");
	put_text(stdout, finding->text);
	if (finding->at)
		printf(", at 0x%llx", (unsigned long long)finding->at);
	printf(" [%s]\n", pg_reason_code(verdict->record));
}

static void show_text(const char *name, const char *text)
{
	printf("%-9s", name);
	put_text(stdout, text);
	putchar('\n');
}

int command_show(const struct session *session)
{
	const struct pg_verdict *verdict = &session->gate.verdict;

	if (session->options->json)
		return json_show(session);
	if (session->capture->description)
		show_text("capture", session->capture->description);
	if (session->cmdline)
		show_text("next", session->cmdline);
	show_record(session);
	if (verdict->record)
		show_trouble(session);
	if (session->gate.topology.nr_recorded) {
		putchar('\n');
		if (!show_tree(session, stdout))
			return complain("out of memory");
	}
	return verdict->record ? STATUS_STOP : STATUS_OPEN;
}
