// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * main.c - the gate as a UEFI application: from the boot manager to the kernel, or back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcigate/gate.h>
#include <pcigate/text.h>

#include "../../lib/capture/capture.h"
#include "../../lib/capture/recording.h"
#include "../../lib/workspace.h"
#include "console.h"
#include "files.h"
#include "firmware.h"
#include "kernel.h"
#include "leave.h"
#include "moved.h"
#include "request.h"
#include "rootbridge.h"
#include "stop.h"
#include "variable.h"

#ifndef PCIGATE_VERSION
#error "PCIGATE_VERSION comes from boot/efi.mk"
#endif

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

/* Reasons that the core does not know (docs/uefi.md). */
#define CODE_REQUEST "entry-malformed"
#define CODE_CAPTURE "capture-unreadable"
#define CODE_NOTHING "nothing-recorded"
#define CODE_FIRMWARE "firmware-unsuitable"
#define CODE_KERNEL "kernel-unreadable"
#define CODE_REFUSED "kernel-refused"
#define CODE_RETURNED "kernel-returned"

/* How long the time stamp counter is watched to learn its speed. */
#define MEASURE_US 1000u

/**
 * struct app - everything of one run
 * @started:   time stamp counter at the entry
 * @request:   what to do
 * @file:      the text file, in which strings of the request lie
 * @stop:      what a stop ends in
 * @bridges:   root buses
 * @config:    config space
 * @functions: who is there
 * @capture:   the record
 * @gate:      the result of each step of the pipeline
 * @moved:     devices that are elsewhere
 * @reads:     reads of config space besides the core's
 */
struct app {
	uint64_t started;
	struct request request;
	struct file file;
	enum stop stop;
	struct rootbridges bridges;
	struct pg_config config;
	struct functions functions;
	struct capture *capture;
	struct pg_workspace *workspace;
	struct pg_gate gate;
	uint32_t moved;
	uint64_t reads;
};

static uint64_t rdtsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

static uint32_t tsc_khz(void)
{
	const uint64_t before = rdtsc();

	BS->Stall(MEASURE_US);
	return (uint32_t)((rdtsc() - before) / (MEASURE_US / 1000));
}

/* Lines of its own, which name files, may be longer than those of the gate. */
#define SAY_COLUMNS 100
#define SAY_SIZE (SAY_COLUMNS + 1)

/* A text that is longer is cut, and ends in dots. */
static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	char line[SAY_SIZE];
	va_list arguments;
	int len = snprintf(line, sizeof(line), "pcigate: ");

	va_start(arguments, format);
	len += vsnprintf(line + len, sizeof(line) - (size_t)len, format, arguments);
	va_end(arguments);
	if ((size_t)len >= sizeof(line))
		memcpy(line + SAY_COLUMNS - 3, "...", 3);
	console_line(line);
}

static void set_word(char word[LEAVE_WORD], const char *text)
{
	snprintf(word, LEAVE_WORD, "%s", text);
}

/* The core puts the reason that weighed most into its answer for the next kernel. */
static struct leave make_leave(const struct app *app, const char *verdict, const char *code,
			       const struct pg_cost *cost)
{
	struct leave leave = {
		.devices = app->gate.verdict.devices,
		.keep = app->gate.verdict.keep,
		.move = app->gate.verdict.move,
		.unverified = app->gate.verdict.unverified,
		.reads = app->gate.topology.reads + app->reads,
	};
	struct pg_answer answer;

	set_word(leave.verdict, verdict);
	set_word(leave.reason, code ? code : "none");
	if (cost && cost->tsc_khz)
		leave.usec = cost->cycles / cost->tsc_khz * 1000 +
			     cost->cycles % cost->tsc_khz * 1000 / cost->tsc_khz;
	if (code || !cost)
		return leave;
	pg_verdict_answer(&app->gate.verdict, cost, &answer);
	if (answer.reason[0])
		set_word(leave.reason, answer.reason);
	if (app->moved)
		set_word(leave.reason, MOVED_CODE);
	return leave;
}

static void leave_verdict(const struct leave *leave)
{
	const char *error = variable_leave(leave);

	if (error)
		say("the verdict could not be left in an EFI variable: %s", error);
}

/*
 * Something went wrong before there was a verdict, or after it: one line. Where it would be too
 * long, that the boot manager goes on is what can be left out; and what is wrong gets a line of its
 * own before anything else of it is cut off.
 */
static EFI_STATUS trouble(const struct app *app, EFI_STATUS status, const char *code,
			  const char *what)
{
	const struct leave leave = make_leave(app, "stop", code, NULL);
	const char *outcome = stop_outcome(app->stop);
	char line[6 * SAY_SIZE];

	leave_verdict(&leave);
	if (snprintf(line, sizeof(line), "pcigate: STOP: %s [%s]; %s", what, code, outcome) >
		    (int)SAY_COLUMNS &&
	    (app->stop != STOP_RETURN || snprintf(line, sizeof(line), "pcigate: STOP: %s [%s]",
						  what, code) > (int)SAY_COLUMNS)) {
		say("%s", what);
		snprintf(line, sizeof(line), "pcigate: STOP: see above [%s]; %s", code, outcome);
	}
	console_line(line);
	stop_machine(app->stop);
	return status == EFI_SUCCESS ? EFI_ABORTED : status;
}

static EFI_STATUS file_trouble(const struct app *app, EFI_STATUS status, const char *code,
			       const char *key, const char *name, const char *error)
{
	char what[400];

	snprintf(what, sizeof(what), "%s %s: %s", key, name, error);
	return trouble(app, status, code, what);
}

/* Load options, and the text file where they do not say it all. */
static EFI_STATUS read_request(struct app *app, struct request_error *error)
{
	const EFI_GUID shell = EFI_SHELL_PARAMETERS_PROTOCOL_GUID;
	const char *name, *words;
	EFI_STATUS status;
	bool understood;

	if (!request_read_options(
		    &app->request, firmware.loaded->LoadOptions,
		    firmware.loaded->LoadOptions ? firmware.loaded->LoadOptionsSize / 2 : 0,
		    firmware_protocol(firmware.image, &shell), error))
		return EFI_INVALID_PARAMETER;
	if (app->request.garbage)
		say("load options: no text, passed over");
	if (app->request.task != TASK_GATE || !request_needs_file(&app->request))
		return EFI_SUCCESS;
	name = app->request.config ? app->request.config : REQUEST_FILE_NAME;
	status = files_read(name, REQUEST_FILE_MAX, &app->file, &words);
	if (status != EFI_SUCCESS) {
		snprintf(error->text, sizeof(error->text), "%s: %s", name, words);
		return status;
	}
	understood =
		request_read_file(&app->request, (char *)app->file.bytes, app->file.size, error);
	if (!understood) {
		char text[sizeof(error->text)];

		snprintf(text, sizeof(text), "%s %s", name, error->text);
		memcpy(error->text, text, sizeof(text));
	}
	return understood ? EFI_SUCCESS : EFI_INVALID_PARAMETER;
}

/* Every function: for a record of them, and for finding those that are not where they were. */
static const char *find_functions(struct app *app)
{
	app->functions.list = malloc(FUNCTIONS_MAX * sizeof(*app->functions.list));
	if (!app->functions.list)
		return "not enough memory";
	functions_find(&app->config, app->bridges.roots, app->bridges.nr, &app->functions);
	app->reads = app->functions.reads;
	return NULL;
}

static EFI_STATUS record(struct app *app)
{
	struct recording recording = {
		.config = &app->config,
		.functions = &app->functions,
		.nr_addresses = app->request.nr_addresses,
		.addresses = app->request.addresses,
		.complete = true,
		.cmdline = RECORDING_WORDS,
	};
	char description[160], vendor[64];
	const char *error;
	size_t size = 0, i = 0;
	EFI_STATUS status;
	void *fdt;

	if (rootbridges_find(&app->bridges, &app->config, &error))
		error = find_functions(app);
	if (error) {
		say("nothing recorded: %s", error);
		return EFI_UNSUPPORTED;
	}
	for (; ST->FirmwareVendor && ST->FirmwareVendor[i] && i < sizeof(vendor) - 1; i++)
		vendor[i] = ST->FirmwareVendor[i] > '~' ? '?' : (char)ST->FirmwareVendor[i];
	vendor[i] = 0;
	snprintf(description, sizeof(description), "recorded by pcigate.efi %s, firmware %s 0x%x",
		 PCIGATE_VERSION, vendor, ST->FirmwareRevision);
	recording.description = description;
	recording.nr_roots = app->bridges.nr;
	recording.roots = app->bridges.roots;
	fdt = recording_make(&recording, &size, &error);
	if (!fdt) {
		char address[24];
		struct pg_text text;

		pg_text_begin(&text, address, sizeof(address));
		if (recording.nr_addresses && !app->functions.full)
			pg_text_bdf(&text, recording.at_fault);
		say("nothing recorded: %s %s", error, address);
		return EFI_NOT_FOUND;
	}
	status = files_write(app->request.record, fdt, size, &error);
	if (status != EFI_SUCCESS)
		say("--record %s: %s", app->request.record, error);
	else
		say("recorded: %u of %u functions, and %u bridge%s above (%llu config reads)",
		    recording.devices, app->functions.nr, recording.bridges,
		    recording.bridges == 1 ? "" : "s",
		    (unsigned long long)(app->reads + recording.reads));
	if (status == EFI_SUCCESS)
		say("%zu bytes written to %s", size, app->request.record);
	free(fdt);
	return status;
}

/* PG_OK, or what is wrong with the capture's content. */
static EFI_STATUS read_capture(struct app *app, char *what, size_t room)
{
	struct capture_error error = { "" };
	struct file file;
	const char *words;
	const EFI_STATUS status = files_read(app->request.capture, CAPTURE_MAX_FILE, &file, &words);

	if (status != EFI_SUCCESS) {
		snprintf(what, room, "capture %s: %s", app->request.capture, words);
		return status;
	}
	if (file.size < 4 || memcmp(file.bytes, "\xd0\x0d\xfe\xed", 4)) {
		snprintf(what, room, "capture %s: is no flattened device tree (.dtb)",
			 app->request.capture);
	} else {
		app->capture = capture_parse(file.bytes, file.size, &error);
		snprintf(what, room, "capture %s: %s", app->request.capture, error.text);
	}
	files_free(&file);
	return app->capture ? EFI_SUCCESS : EFI_COMPROMISED_DATA;
}

/*
 * The record comes from the capture, but for the root buses: those are what the firmware says now.
 */
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

/* Everything is searched, as the hardware may have changed where the record knows nothing of. */
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

static void say_roots(const struct app *app)
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

/* What the pipeline's own report does not have: the root buses, and where moved devices are now. */
static void report_changes(struct app *app)
{
	struct pg_gate *gate = &app->gate;
	const bool sound = gate->verdict.open && !gate->verdict.by_policy;
	const char *error;

	say_roots(app);
	if (sound || !gate->verdict.nr || !gate->record.own.present)
		return;
	error = find_functions(app);
	if (error)
		say("cannot locate the moved devices: %s", error);
	else
		app->moved = moved_report(&console_printer, &gate->record, &gate->topology,
					  &app->functions, &gate->verdict);
}

static struct pg_cost make_cost(const struct app *app)
{
	return (struct pg_cost){
		.reads = app->gate.topology.reads + app->reads,
		.cycles = rdtsc() - app->started,
		.tsc_khz = tsc_khz(),
	};
}

static EFI_STATUS stop_verdict(struct app *app)
{
	const struct pg_cost cost = make_cost(app);
	const struct leave leave = make_leave(app, "stop", NULL, &cost);

	leave_verdict(&leave);
	pg_report_verdict(&console_printer, &app->gate, &cost, stop_outcome(app->stop));
	stop_machine(app->stop);
	return EFI_ABORTED;
}

/* The gate is open: what is left to go wrong is the kernel. */
static EFI_STATUS start(struct app *app)
{
	const bool off = app->gate.policy.mode == PG_MODE_OFF;
	struct kernel kernel;
	struct pg_cost cost;
	struct leave leave;
	const char *error;
	EFI_STATUS status = kernel_load(&app->request, &kernel, &error);

	if (status != EFI_SUCCESS)
		return file_trouble(app, status, kernel.refused ? CODE_REFUSED : CODE_KERNEL,
				    kernel.failed == app->request.kernel ? "linux" : "initrd",
				    kernel.failed, error);
	cost = make_cost(app);
	leave = make_leave(app,
			   off				 ? "off"
			   : app->gate.verdict.by_policy ? "open-by-policy"
							 : "open",
			   NULL, &cost);
	leave_verdict(&leave);
	pg_report_verdict(&console_printer, &app->gate, &cost, NULL);
	status = kernel_start(&kernel);
	return file_trouble(app, status, CODE_RETURNED, "linux", app->request.kernel,
			    firmware_error(status));
}

/* Trouble with the capture, where pcigate=report may have it that the gate opens all the same. */
static EFI_STATUS no_record(struct app *app, EFI_STATUS status, const char *code, const char *what)
{
	if (app->gate.policy.mode != PG_MODE_REPORT)
		return trouble(app, status, code, what);
	say("%s [%s]", what, code);
	app->gate.verdict = (struct pg_verdict){ .open = true,
						 .by_policy = true,
						 .record = PG_RECORD_MALFORMED };
	return start(app);
}

static EFI_STATUS run_gate(struct app *app)
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
	return app->gate.verdict.open ? start(app) : stop_verdict(app);
}

static void help(void)
{
	say("UEFI application, version %s", PCIGATE_VERSION);
	say("pcigate.efi [--config FILE] [--capture FILE] [--linux FILE] [--initrd FILE]... "
	    "[OPTIONS]");
	say("  compares the devices of the capture with the machine, then starts");
	say("  the kernel with OPTIONS, or stops; missing options are read "
	    "from " REQUEST_FILE_NAME);
	say("pcigate.efi --record FILE [SEGMENT:BUS:DEVICE.FUNCTION...]");
	say("  records these devices, or all; pcigate check, plan and show read the file");
}

static EFI_STATUS run(struct app *app)
{
	struct request_error error = { "" };
	EFI_STATUS status = read_request(app, &error);

	if (status != EFI_SUCCESS) {
		char value[PG_POLICY_TEXT];

		/* As far as it is known by now, how to stop holds for this, too. */
		stop_parse(&app->request, &app->stop, value, sizeof(value));
		return trouble(app, status, CODE_REQUEST, error.text);
	}
	switch (app->request.task) {
	case TASK_HELP:
		help();
		return EFI_SUCCESS;
	case TASK_VERSION:
		say("pcigate.efi %s", PCIGATE_VERSION);
		return EFI_SUCCESS;
	case TASK_RECORD:
		return record(app);
	case TASK_GATE:
		break;
	}
	return run_gate(app);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	const uint64_t started = rdtsc();
	EFI_STATUS status = firmware_init(image, table);
	struct app *app;

	if (status != EFI_SUCCESS)
		return status;
	console_init();
	app = calloc(1, sizeof(*app));
	if (!app) {
		console_line("pcigate: STOP: not enough memory [" CODE_FIRMWARE
			     "]; next boot entry");
		return EFI_OUT_OF_RESOURCES;
	}
	app->started = started;
	status = run(app);
	capture_free(app->capture);
	files_free(&app->file);
	free(app->functions.list);
	free(app->workspace);
	free(app);
	return status;
}
