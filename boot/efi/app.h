/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * app.h - the state of the UEFI application, and its tasks.
 */
#ifndef PCIGATE_EFI_APP_H
#define PCIGATE_EFI_APP_H

#include <pcigate/gate.h>

#include "../../lib/capture/capture.h"
#include "../../lib/capture/found.h"
#include "../../lib/workspace.h"
#include "files.h"
#include "firmware.h"
#include "request.h"
#include "rootbridge.h"
#include "stop.h"

#ifndef PCIGATE_VERSION
#error "PCIGATE_VERSION comes from boot/efi.mk"
#endif

/* Reasons that the core does not know (docs/uefi.md). */
#define CODE_REQUEST "entry-malformed"
#define CODE_CAPTURE "capture-unreadable"
#define CODE_NOTHING "nothing-recorded"
#define CODE_FIRMWARE "firmware-unsuitable"
#define CODE_KERNEL "kernel-unreadable"
#define CODE_REFUSED "kernel-refused"
#define CODE_RETURNED "kernel-returned"

/**
 * struct app - the state of a run
 * @started:   time stamp counter at the entry
 * @request:   the request
 * @file:      the text file, which contains strings of @request
 * @stop:      what follows a stop
 * @bridges:   root buses
 * @config:    config space
 * @functions: all functions that answer, if app_find_functions() was called
 * @capture:   the record
 * @gate:      the result of each step of the pipeline
 * @moved:     number of devices with another address now
 * @reads:     config reads of app_find_functions()
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

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

/* task_record(), task_gate() - the tasks of a run. */
EFI_STATUS task_record(struct app *app);
EFI_STATUS task_gate(struct app *app);

/*
 * app_find_functions() - finds every function, for a recording, or to locate moved devices. Returns
 * NULL, or a text with the error.
 */
const char *app_find_functions(struct app *app);

/* verdict_report() - stores @verdict in an EFI variable, and prints the last line. */
void verdict_report(const struct app *app, const char *verdict, const char *outcome);

/*
 * verdict_error() - stops because of the error @what, before or after the verdict, with one line.
 * If the line is too long, omits the outcome "next boot entry"; if it is still too long, or there
 * is another outcome, prints @what on a separate line.
 */
EFI_STATUS verdict_error(const struct app *app, EFI_STATUS status, const char *code,
			 const char *what);

/* verdict_file_error() - the same for the file @name of the setting @key. */
EFI_STATUS verdict_file_error(const struct app *app, EFI_STATUS status, const char *code,
			      const char *key, const char *name, const char *error);

#endif
