/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * moved.h - finds recorded devices that have another address now.
 */
#ifndef PCIGATE_EFI_MOVED_H
#define PCIGATE_EFI_MOVED_H

#include <pcigate/gate.h>

#include "../../lib/capture/found.h"

/* The code of this reason. The core does not have it, because no card moves during a handoff. */
#define MOVED_CODE "device-moved"

/*
 * moved_report() - for each recorded device with a bad verdict, prints where the device is now, or
 * that it was not found, and which other device answers at its address. Devices that certainly have
 * another address are counted as moved in @verdict. Returns their number.
 */
uint32_t moved_report(const struct pg_printer *printer, const struct pg_record *record,
		      const struct pg_topology *topology, const struct functions *functions,
		      struct pg_verdict *verdict);

#endif
