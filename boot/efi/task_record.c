// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * task_record.c - the task --record: writes a capture of the machine.
 */
#include "app.h"

#include <stdio.h>
#include <stdlib.h>

#include <pcigate/text.h>

#include "../../lib/capture/recording.h"
#include "console.h"

const char *app_find_functions(struct app *app)
{
	const char *error;

	app->functions.list = malloc(FUNCTIONS_MAX * sizeof(*app->functions.list));
	if (!app->functions.list)
		return "not enough memory";
	error = functions_find(&app->config, app->bridges.roots, app->bridges.nr, &app->functions);
	app->reads = app->functions.reads;
	return error;
}

EFI_STATUS task_record(struct app *app)
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
		error = app_find_functions(app);
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
		if (recording.nr_addresses)
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
