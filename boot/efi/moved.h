/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * moved.h - finds recorded devices that have another address now.
 */
#ifndef PCIGATE_EFI_MOVED_H
#define PCIGATE_EFI_MOVED_H

#include <pcigate/gate.h>

#include "../../lib/capture/found.h"

/* The code of this reason, which the core does not have: no card moves during a handoff. */
#define MOVED_CODE "device-moved"

/*
 * moved_report() - for each recorded device with a bad verdict, prints the current address, or that
 * the device was not found, and the other device at its address. Counts devices that certainly have
 * another address as moved in @verdict. Returns their number.
 */
uint32_t moved_report(const struct pg_printer *printer, const struct pg_record *record,
		      const struct pg_topology *topology, const struct functions *functions,
		      struct pg_verdict *verdict);

#endif
