// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * task_gate.c - the default task: compares the capture with the machine, then starts the kernel or
 * stops.
 */
#include "app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcigate/text.h>

#include "console.h"
#include "kernel.h"
#include "moved.h"

/* Reads the capture. On error, sets @what to a text. */
static EFI_STATUS read_capture(struct app *app, char *what, size_t size)
{
	struct capture_error error = { "" };
	struct file file;
	const char *text;
	const EFI_STATUS status = files_read(app->request.capture, CAPTURE_MAX_FILE, &file, &text);

	if (status != EFI_SUCCESS) {
		snprintf(what, size, "capture %s: %s", app->request.capture, text);
		return status;
	}
	if (file.size < 4 || memcmp(file.bytes, "\xd0\x0d\xfe\xed", 4)) {
		snprintf(what, size, "capture %s: is not a flattened device tree (.dtb)",
			 app->request.capture);
	} else {
		app->capture = capture_parse(file.bytes, file.size, &error);
		snprintf(what, size, "capture %s: %s", app->request.capture, error.text);
	}
	files_free(&file);
	return app->capture ? EFI_SUCCESS : EFI_COMPROMISED_DATA;
}

/* Reads the record from the capture, but takes the root buses from the firmware. */
static enum pg_reason read_record(void *ctx, const struct pg_policy *policy,
				  struct pg_record *record, struct pg_record_entry *entries,
				  struct pg_finding *finding)
{
	const struct app *app = ctx;
	const struct pg_memory memory = capture_memory(app->capture);
	const enum pg_reason reason = pg_record_read(&memory, app->capture->setup_data_pa, record,
						     entries, PG_MAX_RECORDED, finding);

	(void)policy;
	record->nr_roots = app->bridges.nr;
	memcpy(record->roots, app->bridges.roots, sizeof(record->roots));
	return reason;
}

/*
 * Runs the pipeline. Reads every function, because hardware off the recorded paths may have
 * changed.
 */
static void judge(struct app *app)
{
	const struct pg_input input = {
		.source = { .read = read_record, .ctx = app },
		.config = &app->config,
		.cmdline = app->request.options,
		.cmdline_len = app->request.options_len,
		.everything = true,
		.booted = true,
		.printer = &console_printer,
	};

	pg_gate_run(&input, app->workspace, &app->gate);
}

static void print_roots(const struct app *app)
{
	char line[SAY_SIZE];
	struct pg_text text;

	pg_text_begin(&text, line, sizeof(line));
	pg_text_string(&text, "pcigate: root buses now:");
	for (uint32_t i = 0; i < app->bridges.nr; i++) {
		const struct pg_record_root *root = &app->bridges.roots[i];

		pg_text_char(&text, ' ');
		pg_text_hex(&text, root->segment, 4);
		pg_text_char(&text, ':');
		pg_text_hex(&text, root->first, 2);
		pg_text_char(&text, '-');
		pg_text_hex(&text, root->last, 2);
	}
	console_line(line);
}

/* Adds to the pipeline's report: the root buses, and the current addresses of moved devices. */
static void report_changes(struct app *app)
{
	struct pg_gate *gate = &app->gate;
	const bool sound = gate->verdict.open && !gate->verdict.by_policy;
	const char *error;

	print_roots(app);
	if (sound || !gate->verdict.nr || !gate->record.own.present)
		return;
	error = app_find_functions(app);
	if (error)
		say("cannot locate the moved devices: %s", error);
	else
		app->moved = moved_report(&console_printer, &gate->record, &gate->topology,
					  &app->functions, &gate->verdict);
}

/* Starts the kernel after the verdict open. Only errors of the kernel can stop now. */
static EFI_STATUS start(struct app *app)
{
	const bool off = app->gate.policy.mode == PG_MODE_OFF;
	struct kernel kernel;
	const char *error;
	EFI_STATUS status = kernel_load(&app->request, &kernel, &error);

	if (status != EFI_SUCCESS)
		return verdict_file_error(app, status, kernel.refused ? CODE_REFUSED : CODE_KERNEL,
					  kernel.failed == app->request.kernel ? "linux" : "initrd",
					  kernel.failed, error);
	verdict_report(app,
		       off			     ? "off"
		       : app->gate.verdict.by_policy ? "open-by-policy"
						     : "open",
		       NULL);
	status = kernel_start(&kernel);
	return verdict_file_error(app, status, CODE_RETURNED, "linux", app->request.kernel,
				  firmware_error(status));
}

static EFI_STATUS stop(const struct app *app)
{
	verdict_report(app, "stop", stop_outcome(app->stop));
	stop_machine(app->stop);
	return EFI_ABORTED;
}

/*
 * Handles a missing or unusable record: a stop, unless pcigate=report starts the kernel in spite of
 * it.
 */
static EFI_STATUS no_record(struct app *app, EFI_STATUS status, const char *code, const char *what)
{
	if (app->gate.policy.mode != PG_MODE_REPORT)
		return verdict_error(app, status, code, what);
	say("%s [%s]", what, code);
	app->gate.verdict = (struct pg_verdict){ .open = true,
						 .by_policy = true,
						 .record = PG_RECORD_MALFORMED };
	return start(app);
}

EFI_STATUS task_gate(struct app *app)
{
	char what[500], value[PG_POLICY_TEXT];
	const char *error;
	EFI_STATUS status;

	if (!stop_parse(&app->request, &app->stop, value, sizeof(value)))
		say("pcigate.stop=%s: unknown value, a stop returns to the boot manager", value);
	pg_policy_parse(app->request.options, app->request.options_len, &app->gate.policy);
	if (app->gate.policy.mode == PG_MODE_OFF) {
		judge(app);
		return start(app);
	}
	status = read_capture(app, what, sizeof(what));
	if (status != EFI_SUCCESS)
		return no_record(app, status, CODE_CAPTURE, what);
	rootbridges_find(&app->bridges, &app->config, &error);
	app->workspace = malloc(sizeof(*app->workspace));
	if (!app->bridges.nr || !app->workspace)
		return no_record(app, EFI_UNSUPPORTED, CODE_FIRMWARE,
				 app->bridges.nr ? "not enough memory" : error);
	judge(app);
	if (!app->gate.verdict.record && app->gate.record.state != PG_RECORD_DEVICES) {
		snprintf(what, sizeof(what), "capture %s: records no device", app->request.capture);
		return no_record(app, EFI_COMPROMISED_DATA, CODE_NOTHING, what);
	}
	report_changes(app);
	return app->gate.verdict.open ? start(app) : stop(app);
}
