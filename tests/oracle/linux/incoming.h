/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * incoming.h - included before drivers/pci/liveupdate.c: the oracle takes the place of the Live
 * Update Orchestrator, which User Mode Linux does not have.
 */
#ifndef ORACLE_INCOMING_H
#define ORACLE_INCOMING_H

#include <linux/liveupdate.h>

int oracle_flb_get_incoming(struct liveupdate_flb *flb, void **objp);

#define liveupdate_enabled() true
#define liveupdate_flb_get_incoming oracle_flb_get_incoming

#endif
