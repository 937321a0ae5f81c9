/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * record.h - a recording of the running host, for the command and for what hands it to a kernel.
 */
#ifndef PCIGATE_RECORD_COMMAND_H
#define PCIGATE_RECORD_COMMAND_H

#include "../lib/capture/recording.h"
#include "selection.h"

/**
 * struct host_request - which devices of the host count as preserved
 * @all:       all functions that are no bridges
 * @named:     these devices; if there are none and @all is not set, the devices bound to vfio-pci
 */
struct host_request {
	bool all;
	struct selection named;
};

/**
 * struct host_record - a recording of the running host
 * @machine:   the host; ->notes has what is unusual about it
 * @functions: its functions
 * @recording: as it is given to the writer; its numbers are valid after a tree was made
 * @addresses: the chosen devices
 * @description: of the capture
 * @cmdline:   of the capture
 */
struct host_record {
	struct machine machine;
	struct functions functions;
	struct recording recording;
	struct pg_bdf *addresses;
	char *description;
	char *cmdline;
};

/*
 * host_record_open() - reads the host. Returns 0, or STATUS_TROUBLE after an error message. In any
 * case call host_record_close() afterwards.
 */
int host_record_open(struct host_record *record, struct host_request *request);
void host_record_close(struct host_record *record);

/*
 * host_record_capture() - the capture, host_record_own() - pcigate's own record alone
 * (docs/kho-fdt.md): a flattened device tree of *@size bytes to be freed, or NULL after an error
 * message.
 */
void *host_record_capture(struct host_record *record, size_t *size);
void *host_record_own(struct host_record *record, size_t *size);

#endif
