/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * recording.h - makes a capture (docs/capture.md) of a machine: the registers that the pipeline may
 * read, and a record of chosen devices in the form of Linux's record, so that every reader of
 * captures reads it.
 */
#ifndef PCIGATE_CAPTURE_RECORDING_H
#define PCIGATE_CAPTURE_RECORDING_H

#include <pcigate/config.h>

#include "found.h"

/* Bytes of config space of one function. */
#define RECORDING_SPACE 4096u

/* Without these parameters Linux ignores the record, so the verdict on the capture is stop. */
#define RECORDING_WORDS "kho=on liveupdate=on"

/**
 * struct recording - input and result of a recording
 * @config:       config space
 * @functions:    all functions that answer
 * @nr_roots:     length of @roots
 * @roots:        the root buses, in ascending order; ->no_slots is not used
 * @nr_addresses: length of @addresses
 * @addresses:    the devices to record; if there are none, all functions that are no bridges
 * @complete:     @functions has all bridges of the machine
 * @description:  program and machine that made the capture
 * @cmdline:      the next kernel's command line
 * @devices:      out: number of recorded devices
 * @bridges:      out: number of bridges above them
 * @reads:        out: number of config reads for the contents
 * @at_fault:     out: the address that the error is about
 */
struct recording {
	const struct pg_config *config;
	const struct functions *functions;
	uint32_t nr_roots;
	const struct pg_record_root *roots;
	uint32_t nr_addresses;
	const struct pg_bdf *addresses;
	bool complete;
	const char *description;
	const char *cmdline;
	uint32_t devices;
	uint32_t bridges;
	uint64_t reads;
	struct pg_bdf at_fault;
};

/*
 * recording_make() - returns the capture, *@size bytes that the caller frees. On error, returns
 * NULL and sets *@error to a text. recording->at_fault belongs after a text that ends in "at" or a
 * colon.
 */
void *recording_make(struct recording *recording, size_t *size, const char **error);

/*
 * recording_make_own() - the same for pcigate's own record (docs/kho-fdt.md) alone. Reads no config
 * space, and does not use ->config, ->description and ->cmdline.
 */
void *recording_make_own(struct recording *recording, size_t *size, const char **error);

#endif
