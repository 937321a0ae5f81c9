/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stop.h - how a stop ends.
 */
#ifndef PCIGATE_EFI_STOP_H
#define PCIGATE_EFI_STOP_H

#include "firmware.h"
#include "request.h"

/**
 * enum stop - what pcigate.stop= says
 * @STOP_RETURN:   nothing, or what means nothing: the boot manager goes on with its next entry
 * @STOP_HALT:     halt
 * @STOP_RESET:    reset
 * @STOP_POWEROFF: poweroff
 */
enum stop {
	STOP_RETURN,
	STOP_HALT,
	STOP_RESET,
	STOP_POWEROFF,
};

/*
 * stop_parse() - from the kernel options. False with @value filled where it says what means
 * nothing.
 */
bool stop_parse(const struct request *request, enum stop *stop, char *value, size_t size);

/* stop_outcome() - in a few words, for the last line. */
const char *stop_outcome(enum stop stop);

/* stop_machine() - does it. Returns for STOP_RETURN only, or if the firmware cannot. */
void stop_machine(enum stop stop);

#endif
