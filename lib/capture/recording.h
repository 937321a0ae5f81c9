/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * recording.h - makes a capture (docs/capture.md) of what is there now: config space of every
 * function, and a record of chosen devices in the form in which Linux leaves it, so that every
 * reader of captures reads it.
 */
#ifndef PCIGATE_CAPTURE_RECORDING_H
#define PCIGATE_CAPTURE_RECORDING_H

#include <pcigate/config.h>

#include "found.h"

/**
 * struct recording - what is to be recorded, and what came of it
 * @config:       config space
 * @functions:    every function that answers
 * @nr_roots:     length of @roots
 * @roots:        the root buses, in ascending order
 * @nr_addresses: length of @addresses
 * @addresses:    the devices to record; none means every function that is no bridge
 * @description:  who recorded it, and where
 * @devices:      out: number of recorded devices
 * @bridges:      out: bridges above them
 * @reads:        out: reads of config space for the contents
 * @at_fault:     out: the address that @error is about
 */
struct recording {
	const struct pg_config *config;
	const struct functions *functions;
	uint32_t nr_roots;
	const struct pg_record_root *roots;
	uint32_t nr_addresses;
	const struct pg_bdf *addresses;
	const char *description;
	uint32_t devices;
	uint32_t bridges;
	uint64_t reads;
	struct pg_bdf at_fault;
};

/*
 * recording_make() - returns a flattened device tree of *@size bytes, to be freed. NULL with
 * *@error set to what is wrong; about recording->at_fault, if that text ends in a colon.
 */
void *recording_make(struct recording *recording, size_t *size, const char **error);

#endif
