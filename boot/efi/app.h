/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * app.h - one run of the UEFI application.
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
 * app_find_functions() - finds every function: for a record of them, and for finding those that are
 * not where they were. Returns NULL, or what went wrong.
 */
const char *app_find_functions(struct app *app);

/* verdict_report() - leaves @verdict in an EFI variable, and prints the last line. */
void verdict_report(const struct app *app, const char *verdict, const char *outcome);

/*
 * verdict_trouble() - something went wrong before there was a verdict, or after it: one line. Where
 * it would be too long, that the boot manager goes on is what can be left out; and what is wrong
 * gets a line of its own before anything else of it is cut off.
 */
EFI_STATUS verdict_trouble(const struct app *app, EFI_STATUS status, const char *code,
			   const char *what);

/* verdict_file_trouble() - the same for the file @name, which the setting @key names. */
EFI_STATUS verdict_file_trouble(const struct app *app, EFI_STATUS status, const char *code,
				const char *key, const char *name, const char *error);

#endif
