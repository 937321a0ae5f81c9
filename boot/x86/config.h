/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * config.h - PCI configuration space of the machine, read as Linux reads it.
 */
#ifndef PCIGATE_X86_CONFIG_H
#define PCIGATE_X86_CONFIG_H

#include <pcigate/config.h>
#include <pcigate/record.h>

#include "bootparams.h"

/*
 * config_init() - sets up the seam of the core. Nothing is touched before the first call through
 * it, and @record is not read before either: by then the core has filled it.
 */
void config_init(struct pg_config *config, const struct boot_params *params,
		 const struct pg_record *record);

/*
 * config_restore() - puts the address register at port 0xcf8 back to what it was, if it was used.
 */
void config_restore(void);

#endif
