/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * incoming.h - included before drivers/pci/liveupdate.c and liveupdate_sriov.c: the oracle takes
 * the place of the Live Update Orchestrator and of KHO, which User Mode Linux does not have.
 */
#ifndef ORACLE_INCOMING_H
#define ORACLE_INCOMING_H

#include <linux/kexec_handover.h>
#include <linux/liveupdate.h>

int oracle_flb_get_incoming(struct liveupdate_flb *flb, void **objp);

int oracle_retrieve_subtree(const char *name, phys_addr_t *phys, size_t *size);

#define kho_retrieve_subtree oracle_retrieve_subtree
#define liveupdate_enabled() true
#define liveupdate_flb_get_incoming oracle_flb_get_incoming

#endif
