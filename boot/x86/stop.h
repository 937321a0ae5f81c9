/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stop.h - how a machine ends that must not go on.
 */
#ifndef PCIGATE_X86_STOP_H
#define PCIGATE_X86_STOP_H

#include <pcigate/plan.h>

#include "bootparams.h"

/* Room for what stop_outcome() writes. */
#define STOP_OUTCOME_SIZE 32

/*
 * stop_outcome() - what stop_machine() is going to do, in the words of the last line: "halted",
 * "reset in 10 s".
 */
const char *stop_outcome(const struct pg_policy *policy, char buf[STOP_OUTCOME_SIZE]);

/*
 * stop_machine() - halts, resets or powers off as @policy says. @params may be NULL, then ACPI is
 * not asked. Where the machine does not reset or power off it is halted, with a line that says so.
 */
_Noreturn void stop_machine(const struct pg_policy *policy, const struct boot_params *params);

#endif
