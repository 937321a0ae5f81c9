// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * show_source.c - what pcigate show reads: a capture, a record alone, what this kernel received, or
 * EFI variables.
 */
#include "cli.h"
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int show_capture(const struct options *options, const void *fdt, size_t size)
{
	struct session session = { .options = options };
	int status = session_parse(&session, fdt, size);

	if (!status) {
		session_run(&session);
		session_look(&session);
		status = command_show(&session);
	}
	capture_free(session.capture);
	free(session.appended);
	return status;
}

/* What this kernel received: the stage's report, and pcigate's own record. */
static int show_received(const struct options *options)
{
	const bool recorded = !access(OWN_RECORD_PATH, F_OK) || errno != ENOENT;
	void *fdt = NULL;
	size_t size = 0;
	char *report;
	int status = report_fetch(&report);

	if (!status && !report && !recorded)
		return complain("a capture is missing after 'show', and this kernel received no "
				"report and no record: there is no '" OWN_RECORD_PATH
				"'; see pcigate show --help");
	if (!status && recorded) {
		fdt = session_fetch(OWN_RECORD_PATH, &size);
		status = fdt ? 0 : STATUS_TROUBLE;
	}
	if (!status)
		status = show_own(options, fdt, size, report);
	free(fdt);
	free(report);
	return status;
}

int show_run(const struct options *options)
{
	size_t size = 0;
	void *fdt;
	int status;

	if (options->efi)
		return command_show_efi(options);
	if (!options->path)
		return show_received(options);
	fdt = session_fetch(options->path, &size);
	if (!fdt)
		return STATUS_TROUBLE;
	if (own_is_record(fdt, size))
		status = show_own(options, fdt, size, NULL);
	else
		status = show_capture(options, fdt, size);
	free(fdt);
	return status;
}
