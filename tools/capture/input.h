/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * input.h - reads whole files, with limits of size and time.
 */
#ifndef PCIGATE_INPUT_H
#define PCIGATE_INPUT_H

#include "../../lib/capture/capture.h"

/*
 * input_open() - opens @path for input_read(). "-" is standard input, which must not be closed.
 * *@regular tells whether it is a regular file. Returns a descriptor, or -1 with @error filled.
 * Devices are refused without opening them.
 */
int input_open(const char *path, bool *regular, struct capture_error *error);

/*
 * input_read() - reads @fd to its end, up to @max bytes. Returns a block of *@size bytes, followed
 * by a zero byte, for the caller to free, or NULL with @error filled. Waits three seconds for the
 * first writer of a named pipe.
 */
uint8_t *input_read(int fd, size_t max, size_t *size, struct capture_error *error);

/* input_note() - writes "WHAT", and ": " and the text of the errno @number if that is not 0. */
void input_note(struct capture_error *error, const char *what, int number);

#endif
