/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * output.h - writes a binary file as a whole, or to standard output.
 */
#ifndef PCIGATE_OUTPUT_H
#define PCIGATE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* write_all() - writes @size bytes to @fd, in as many calls as it takes. False with errno set. */
bool write_all(int fd, const void *data, size_t size);

/* Is the output standard output? @path is NULL or "-" then. */
bool output_is_stdout(const char *path);

/*
 * output_check() - an error message and STATUS_TROUBLE if the output is a terminal, else 0. To be
 * called before the work is done.
 */
int output_check(const char *path);

/*
 * output_write() - writes @size bytes. A regular file is replaced by a new one that is complete, so
 * an error leaves the old one as it is. Returns 0, or STATUS_TROUBLE after an error message.
 */
int output_write(const char *path, const void *data, size_t size);

#endif
