/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * config.h - reads PCI config space as Linux reads it.
 */
#ifndef PCIGATE_X86_CONFIG_H
#define PCIGATE_X86_CONFIG_H

#include <pcigate/config.h>
#include <pcigate/record.h>

#include "bootparams.h"

/*
 * config_init() - sets up @config. Accesses neither the hardware nor @record. The first config read
 * does, and @record must be filled by then.
 */
void config_init(struct pg_config *config, const struct boot_params *params,
		 const struct pg_record *record);

/* config_restore() - restores the address register at port 0xcf8, if it was used. */
void config_restore(void);

#endif
