// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * verdict.c - how a run ends: the last line, and the verdict in an EFI variable.
 */
#include "app.h"

#include <stdio.h>

#include "console.h"
#include "leave.h"
#include "moved.h"
#include "variable.h"

/* How long the time stamp counter is watched to learn its speed. */
#define MEASURE_US 1000u

static uint32_t tsc_khz(void)
{
	const uint64_t before = rdtsc();

	BS->Stall(MEASURE_US);
	return (uint32_t)((rdtsc() - before) / (MEASURE_US / 1000));
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

EFI_STATUS verdict_trouble(const struct app *app, EFI_STATUS status, const char *code,
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

EFI_STATUS verdict_file_trouble(const struct app *app, EFI_STATUS status, const char *code,
				const char *key, const char *name, const char *error)
{
	char what[400];

	snprintf(what, sizeof(what), "%s %s: %s", key, name, error);
	return verdict_trouble(app, status, code, what);
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
	const struct leave leave = make_leave(app, verdict, NULL, &cost);

	leave_verdict(&leave);
	pg_report_verdict(&console_printer, &app->gate, &cost, outcome);
}
