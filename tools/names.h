/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * names.h - names of classes, vendors and devices, as lspci has them.
 */
#ifndef PCIGATE_NAMES_H
#define PCIGATE_NAMES_H

#include "cli.h"

#include <pcigate/gate_fdt.h>

#define NAMES_TEXT 256

/* names_model() - "Ethernet controller: Intel Corporation 82574L Gigabit Network Connection". */
const char *names_model(const struct pg_identity *identity, char text[NAMES_TEXT]);

/* names_put() - what --paths and --names add to the line of the function @index. */
void names_put(const struct options *options, const struct pg_config *config,
	       const struct pg_topology *topology, uint32_t index, FILE *out);

#endif
