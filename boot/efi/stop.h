/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stop.h - the actions of pcigate.efi at a stop.
 */
#ifndef PCIGATE_EFI_STOP_H
#define PCIGATE_EFI_STOP_H

#include "firmware.h"
#include "request.h"

/**
 * enum stop - the value of pcigate.stop=
 * @STOP_RETURN:   absent or unknown: the boot manager continues with its next entry
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
 * stop_parse() - reads pcigate.stop= from the kernel options. False if the value is unknown, with
 * the value in @value.
 */
bool stop_parse(const struct request *request, enum stop *stop, char *value, size_t size);

/* stop_outcome() - what stop_machine() does, for the last line of the report. */
const char *stop_outcome(enum stop stop);

/* stop_machine() - halts, resets or powers off. Returns only for STOP_RETURN. */
void stop_machine(enum stop stop);

#endif
