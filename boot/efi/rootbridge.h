/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rootbridge.h - config space and root buses from EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL.
 */
#ifndef PCIGATE_EFI_ROOTBRIDGE_H
#define PCIGATE_EFI_ROOTBRIDGE_H

#include <pcigate/config.h>
#include <pcigate/record.h>

/**
 * struct rootbridges - the root buses, sorted by segment and first bus
 * @nr:    length of @roots
 * @roots: the root buses; their last bus is the last one that the firmware has assigned
 */
struct rootbridges {
	uint32_t nr;
	struct pg_record_root roots[PG_MAX_ROOTS];
};

/*
 * rootbridges_find() - reads segment and buses of every root bridge. Afterwards @config reads
 * config space through them. False if there are none, or too many, with the message in @error.
 */
bool rootbridges_find(struct rootbridges *bridges, struct pg_config *config, const char **error);

#endif
