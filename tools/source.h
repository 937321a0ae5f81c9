/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * source.h - where a machine is read from: a capture, the output of lspci, or this host.
 */
#ifndef PCIGATE_SOURCE_H
#define PCIGATE_SOURCE_H

#include "machine/machine.h"

/* source_name() - @path for messages; NULL is this host, "-" standard input. */
const char *source_name(const char *path);

/*
 * source_fetch() - the content of @path, decompressed if it is a gzip file: *@size bytes and a zero
 * byte, for the caller to free. NULL after an error message, also if the file is empty.
 */
void *source_fetch(const char *path, size_t *size);

/* source_is_capture() - whether these bytes are a flattened device tree. */
bool source_is_capture(const void *bytes, size_t size);

/* source_notes() - prints the notes of a machine on standard error. */
void source_notes(const struct machine *machine, const char *path);

/**
 * struct source - a machine that was read
 * @machine: the machine
 * @capture: the capture that it is, or NULL
 */
struct source {
	struct machine machine;
	struct capture *capture;
};

/*
 * source_open() - reads the machine @path, of any kind. Returns 0, or STATUS_TROUBLE after an error
 * message. In any case call source_close() afterwards.
 */
int source_open(struct source *source, const char *path);
void source_close(struct source *source);

#endif
