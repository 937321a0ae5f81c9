/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * own.h - pcigate's own record, shown alone: what text and JSON share.
 */
#ifndef PCIGATE_OWN_H
#define PCIGATE_OWN_H

#include "cli.h"

/* own_verdict_text() - "none", "opened", "opened-by-policy", "unknown". */
const char *own_verdict_text(uint32_t verdict);

/* own_window() - the configuration window of the host bridge @node; false if it has none. */
bool own_window(const struct pg_gate_fdt *own, int node, uint64_t *address, uint64_t *size);

#endif
