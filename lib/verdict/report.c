// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * report.c - step report: one line for each finding, and the verdict last.
 */
#include "report.h"

static void report_bad_value(const struct pg_printer *printer, const char *name, const char *value,
			     const char *consequence)
{
	char buf[PG_LINE_SIZE];
	struct pg_text text = pg_line_begin(buf, sizeof(buf));

	if (!value[0])
		return;
	pg_text_string(&text, name);
	pg_text_string(&text, value);
	pg_text_string(&text, consequence);
	printer->line(printer->ctx, buf);
}

/* Says what was not compared of the second copies of addresses. */
static void report_copies(const struct pg_printer *printer, const struct pg_record *record)
{
	const struct pg_copies *copies = &record->copies;
	char buf[PG_LINE_SIZE];
	struct pg_text text = pg_line_begin(buf, sizeof(buf));

	if (copies->older) {
		pg_line_count(&text, copies->older, "file");
		pg_text_string(&text, " with an address as older kernel patches write it");
		printer->line(printer->ctx, buf);
	}
	if (!copies->present || copies->compared == record->files)
		return;
	text = pg_line_begin(buf, sizeof(buf));
	pg_text_decimal(&text, record->files - copies->compared);
	pg_text_string(&text, " of ");
	pg_line_count(&text, record->files, "file");
	pg_text_string(&text, ": handler or layout not known, no address compared");
	printer->line(printer->ctx, buf);
}

void pg_report(const struct pg_printer *printer, const struct pg_gate *gate)
{
	const struct pg_policy *policy = &gate->policy;
	const struct pg_verdict *verdict = &gate->verdict;

	report_bad_value(printer, "pcigate=", policy->bad_mode, ": unknown value, using enforce");
	report_bad_value(printer, "pcigate.stop=", policy->bad_stop,
			 ": unknown value, using panic=");
	report_bad_value(printer, "pcigate.buses=", policy->bad_buses, ": unknown value, ignored");
	report_bad_value(printer, "", policy->unknown, ": unknown parameter, ignored");
	if (policy->cut)
		pg_line_print(printer, "command line truncated after 2,047 bytes, as in Linux");
	if (policy->mode == PG_MODE_OFF)
		return;
	if (policy->buses_contradicted)
		pg_line_print(
			printer,
			"pcigate.buses= contradicts the next kernel's image: assuming assign");
	if (policy->changes_acs)
		pg_line_print(printer,
			      "pci=config_acs or disable_acs_redir: effect on ACS not checked");
	pg_report_record(printer, &gate->record, verdict);
	if (verdict->record)
		pg_report_finding(printer, &verdict->finding);
	if (!verdict->nr)
		return;
	pg_report_bridges(printer, &gate->topology, policy);
	pg_report_functions(printer, gate);
	report_copies(printer, &gate->record);
	/* Only the record of a kernel can have identities. */
	if (gate->record.kho_version[0] && !gate->record.own.present)
		pg_line_print(
			printer,
			"no identities recorded: devices may have been exchanged or replaced");
	if (gate->record.own.partial)
		pg_line_print(printer,
			      "preserved after the record of user space: identity not compared");
}
