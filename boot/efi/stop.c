// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stop.c - returns to the boot manager, or halts, resets or powers off the machine.
 */
#include "stop.h"

#include <string.h>

#include "console.h"

static const struct {
	const char *word;
	const char *outcome;
} stops[] = {
	[STOP_RETURN] = { "", "next boot entry" },
	[STOP_HALT] = { "halt", "halted" },
	[STOP_RESET] = { "reset", "reset" },
	[STOP_POWEROFF] = { "poweroff", "powered off" },
};

bool stop_parse(const struct request *request, enum stop *stop, char *value, size_t size)
{
	*stop = STOP_RETURN;
	if (!request_last_value(request, "pcigate.stop", value, size))
		return true;
	for (int i = STOP_HALT; i <= STOP_POWEROFF; i++) {
		if (!strcmp(stops[i].word, value)) {
			*stop = (enum stop)i;
			return true;
		}
	}
	return false;
}

const char *stop_outcome(enum stop stop)
{
	return stops[stop].outcome;
}

void stop_machine(enum stop stop)
{
	if (stop == STOP_RETURN)
		return;
	/* Otherwise the watchdog of the boot manager would reset the halted machine. */
	BS->SetWatchdogTimer(0, 0, 0, NULL);
	if (stop != STOP_HALT)
		RT->ResetSystem(stop == STOP_RESET ? EfiResetCold : EfiResetShutdown, EFI_ABORTED,
				0, NULL);
	if (stop != STOP_HALT)
		console_line("pcigate: the firmware does not reset or power off; halted");
	BS->RaiseTPL(TPL_HIGH_LEVEL);
	for (;;)
		asm volatile("cli; hlt");
}
