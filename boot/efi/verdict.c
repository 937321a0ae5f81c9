// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * verdict.c - the end of a run: the last line, and the verdict in an EFI variable.
 */
#include "app.h"

#include <stdio.h>

#include "boot_verdict.h"
#include "console.h"
#include "moved.h"
#include "variable.h"

/* Duration of the measurement of the time stamp counter's frequency. */
#define MEASURE_US 1000u

static uint32_t tsc_khz(void)
{
	const uint64_t before = rdtsc();

	BS->Stall(MEASURE_US);
	return (uint32_t)((rdtsc() - before) / (MEASURE_US / 1000));
}

static void set_word(char word[BOOT_VERDICT_WORD], const char *text)
{
	snprintf(word, BOOT_VERDICT_WORD, "%s", text);
}

/* Without @code, the reason is the one that the core chooses for the next kernel. */
static struct boot_verdict make_boot_verdict(const struct app *app, const char *verdict,
					     const char *code, const struct pg_cost *cost)
{
	struct boot_verdict stored = {
		.devices = app->gate.verdict.devices,
		.keep = app->gate.verdict.keep,
		.move = app->gate.verdict.move,
		.unverified = app->gate.verdict.unverified,
		.reads = app->gate.topology.reads + app->reads,
	};
	struct pg_answer answer;

	set_word(stored.verdict, verdict);
	set_word(stored.reason, code ? code : "none");
	if (cost && cost->tsc_khz)
		stored.usec = cost->cycles / cost->tsc_khz * 1000 +
			      cost->cycles % cost->tsc_khz * 1000 / cost->tsc_khz;
	if (code || !cost)
		return stored;
	pg_verdict_answer(&app->gate.verdict, cost, &answer);
	if (answer.reason[0])
		set_word(stored.reason, answer.reason);
	if (app->moved)
		set_word(stored.reason, MOVED_CODE);
	return stored;
}

static void store_verdict(const struct boot_verdict *stored)
{
	const char *error = variable_store(stored);

	if (error)
		say("cannot store the verdict in an EFI variable: %s", error);
}

EFI_STATUS verdict_error(const struct app *app, EFI_STATUS status, const char *code,
			 const char *what)
{
	const struct boot_verdict stored = make_boot_verdict(app, "stop", code, NULL);
	const char *outcome = stop_outcome(app->stop);
	char line[6 * SAY_SIZE];

	store_verdict(&stored);
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

EFI_STATUS verdict_file_error(const struct app *app, EFI_STATUS status, const char *code,
			      const char *key, const char *name, const char *error)
{
	char what[400];

	snprintf(what, sizeof(what), "%s %s: %s", key, name, error);
	return verdict_error(app, status, code, what);
}

static struct pg_cost make_cost(const struct app *app)
{
	return (struct pg_cost){
		.reads = app->gate.topology.reads + app->reads,
		.cycles = rdtsc() - app->started,
		.tsc_khz = tsc_khz(),
	};
}

void verdict_report(const struct app *app, const char *verdict, const char *outcome)
{
	const struct pg_cost cost = make_cost(app);
	const struct boot_verdict stored = make_boot_verdict(app, verdict, NULL, &cost);

	store_verdict(&stored);
	pg_report_verdict(&console_printer, &app->gate, &cost, outcome);
}
