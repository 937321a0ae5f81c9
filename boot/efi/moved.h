/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * moved.h - where the recorded devices are now that are not where they were.
 */
#ifndef PCIGATE_EFI_MOVED_H
#define PCIGATE_EFI_MOVED_H

#include <pcigate/gate.h>

#include "functions.h"

/*
 * The reason's code that goes with it; the core has none, as between two kernels no card is moved.
 */
#define MOVED_CODE "device-moved"

/*
 * moved_report() - for each recorded device that was not found in order: one line that says where
 * it is now, or that it is nowhere, and one that says who answers in its place. Devices that are
 * elsewhere for certain are counted as moved in @verdict. Returns how many these are.
 */
uint32_t moved_report(const struct pg_printer *printer, const struct pg_record *record,
		      const struct pg_topology *topology, const struct functions *functions,
		      struct pg_verdict *verdict);

#endif
