/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * variable.h - writes the verdict to EFI variables.
 */
#ifndef PCIGATE_EFI_VARIABLE_H
#define PCIGATE_EFI_VARIABLE_H

#include "boot_verdict.h"

/*
 * variable_store() - writes PcigateVerdict, which is volatile. If the verdict is stop, also writes
 * PcigateLastStop, which survives a reset and power off. Returns an error message, or NULL.
 */
const char *variable_store(const struct boot_verdict *verdict);

#endif
