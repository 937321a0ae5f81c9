// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * main.c - the UEFI application: from the boot manager to the kernel, or back to the boot manager.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "console.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

/* Reads the load options, and the text file if they are incomplete. */
static EFI_STATUS read_request(struct app *app, struct request_error *error)
{
	const EFI_GUID shell = EFI_SHELL_PARAMETERS_PROTOCOL_GUID;
	const char *name, *error_text;
	EFI_STATUS status;
	bool understood;

	if (!request_read_options(
		    &app->request, firmware.loaded->LoadOptions,
		    firmware.loaded->LoadOptions ? firmware.loaded->LoadOptionsSize / 2 : 0,
		    firmware_protocol(firmware.image, &shell), error))
		return EFI_INVALID_PARAMETER;
	if (app->request.garbage)
		say("load options: not text, ignored");
	if (app->request.task != TASK_GATE || !request_needs_file(&app->request))
		return EFI_SUCCESS;
	name = app->request.config ? app->request.config : REQUEST_FILE_NAME;
	status = files_read(name, REQUEST_FILE_MAX, &app->file, &error_text);
	if (status != EFI_SUCCESS) {
		snprintf(error->text, sizeof(error->text), "%s: %s", name, error_text);
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

		/* Use pcigate.stop= if it was read before the error. */
		stop_parse(&app->request, &app->stop, value, sizeof(value));
		return verdict_error(app, status, CODE_REQUEST, error.text);
	}
	switch (app->request.task) {
	case TASK_HELP:
		help();
		return EFI_SUCCESS;
	case TASK_VERSION:
		say("pcigate.efi %s", PCIGATE_VERSION);
		return EFI_SUCCESS;
	case TASK_RECORD:
		return task_record(app);
	case TASK_GATE:
		break;
	}
	return task_gate(app);
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
