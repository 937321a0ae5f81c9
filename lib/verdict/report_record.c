// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report_record.c - the report's lines about the record: its contents and its faults.
 */
#include "report.h"

void pg_report_finding(const struct pg_printer *printer, const struct pg_finding *finding)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text;
	int parts;

	for (parts = PG_PARTS_ALL; parts >= PG_PART_CULPRIT - 1; parts--) {
		text = pg_line_begin(buf, sizeof(buf));
		if (parts > PG_PART_CULPRIT && parts & PG_PART_SENTENCE) {
			pg_text_string(&text, pg_reason_sentence(finding->reason));
			pg_text_string(&text, ": ");
		}
		pg_text_string(&text, finding->field ? finding->field : "?");
		pg_text_char(&text, ' ');
		pg_text_string(&text, finding->text);
		if (parts > PG_PART_CULPRIT && parts & PG_PART_PLACE && finding->at) {
			pg_text_string(&text, ", at 0x");
			pg_text_hex(&text, finding->at, 1);
		}
		if (parts >= PG_PART_CULPRIT)
			pg_line_code(&text, finding->reason);
		if (!text.full)
			break;
	}
	printer->line(printer->ctx, buf);
	if (parts >= PG_PART_CULPRIT)
		return;
	text = pg_line_begin(buf, sizeof(buf));
	pg_text_string(&text, pg_reason_sentence(finding->reason));
	pg_line_code(&text, finding->reason);
	printer->line(printer->ctx, buf);
}

static void add_versions(struct pg_text *text, const struct pg_record *record)
{
	pg_text_string(text, "KHO ");
	pg_text_string(text, record->kho_version);
	if (record->luo_version[0]) {
		pg_text_string(text, ", LUO ");
		pg_text_string(text, record->luo_version);
	}
	if (record->pci_version) {
		pg_text_string(text, ", PCI ");
		pg_text_decimal(text, record->pci_version);
	}
	if (record->own.present)
		pg_text_string(text, record->own.host ? ", user space" : ", pci-topology-v1");
}

static void add_contents(struct pg_text *text, const struct pg_record *record,
			 const struct pg_verdict *verdict)
{
	if (record->state != PG_RECORD_DEVICES) {
		pg_text_string(text, record->state == PG_RECORD_NO_LUO ? "no Live Update data in it"
								       : "no PCI device preserved");
		return;
	}
	if (!verdict->nr) {
		pg_line_count(text, record->nr, "function");
		return;
	}
	pg_line_count(text, verdict->devices - verdict->vfs, "device");
	pg_text_string(text, ", ");
	pg_line_count(text, verdict->bridges, "bridge");
	if (verdict->vfs) {
		pg_text_string(text, ", ");
		pg_line_count(text, verdict->vfs, "VF");
	}
}

void pg_report_record(const struct pg_printer *printer, const struct pg_record *record,
		      const struct pg_verdict *verdict)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = pg_line_begin(buf, sizeof(buf));
	bool contents = record->state == PG_RECORD_DEVICES || !verdict->record;
	size_t versions;

	if (record->without_liveupdate && record->state == PG_RECORD_DEVICES) {
		pg_text_string(&text, "record of user space: ");
		add_contents(&text, record, verdict);
		printer->line(printer->ctx, buf);
		return;
	}
	if (record->state == PG_RECORD_NO_KHO) {
		if (!verdict->record)
			pg_line_print(printer, "no KHO data: nothing is handed over");
		return;
	}
	if (!record->kho_version[0])
		return;
	add_versions(&text, record);
	versions = text.len;
	if (contents) {
		pg_text_string(&text, ": ");
		add_contents(&text, record, verdict);
	}
	if (contents && text.full) {
		/* Long versions: the contents get a line of their own. */
		buf[versions] = 0;
		printer->line(printer->ctx, buf);
		text = pg_line_begin(buf, sizeof(buf));
		add_contents(&text, record, verdict);
	}
	printer->line(printer->ctx, buf);
}
