/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * variable.h - leaves the verdict in EFI variables.
 */
#ifndef PCIGATE_EFI_VARIABLE_H
#define PCIGATE_EFI_VARIABLE_H

#include "leave.h"

/*
 * variable_leave() - writes PcigateVerdict, which is gone with this boot; and, if it is a stop,
 * PcigateLastStop, which stays: a machine that was reset or switched off has no other witness.
 * Returns what is wrong, or NULL.
 */
const char *variable_leave(const struct leave *leave);

#endif
