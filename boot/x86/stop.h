/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stop.h - halts, resets or powers off the machine after a stop.
 */
#ifndef PCIGATE_X86_STOP_H
#define PCIGATE_X86_STOP_H

#include <pcigate/plan.h>

#include "bootparams.h"

/* Size of the buffer for stop_outcome(). */
#define STOP_OUTCOME_SIZE 32

/*
 * stop_outcome() - what stop_machine() will do, in words for the last line of the report: "halted",
 * "reset in 10 s".
 */
const char *stop_outcome(const struct pg_policy *policy, char buf[STOP_OUTCOME_SIZE]);

/*
 * stop_machine() - halts, resets or powers off as @policy says. @params may be NULL, then ACPI is
 * not used. If the machine does not reset or power off, prints a line that says so, and halts.
 */
_Noreturn void stop_machine(const struct pg_policy *policy, const struct boot_params *params);

#endif
