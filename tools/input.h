/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * input.h - reads whole files.
 */
#ifndef PCIGATE_INPUT_H
#define PCIGATE_INPUT_H

#include "../lib/capture/capture.h"

/*
 * input_read() - the content of the file @path ("-": standard input), up to @max bytes. Returns a
 * block of *@size bytes, followed by a zero byte, for the caller to free, or NULL with
 * @error filled.
 */
void *input_read(const char *path, size_t max, size_t *size, struct capture_error *error);

#endif
