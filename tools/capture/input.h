/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * input.h - reading whole files, with a limit for everything.
 */
#ifndef PCIGATE_INPUT_H
#define PCIGATE_INPUT_H

#include "../../lib/capture/capture.h"

/*
 * input_open() - opens @path ("-": standard input, which is not to be closed) for input_read();
 * *@regular says whether it is a file. Returns a descriptor, or -1 with @error filled. Devices are
 * refused, and not even opened.
 */
int input_open(const char *path, bool *regular, struct capture_error *error);

/*
 * input_read() - everything that @fd has to say, up to CAPTURE_MAX_FILE bytes. Returns a block of
 * *@size bytes with a zero behind them, to be freed, or NULL with @error filled. For the first
 * writer of a pipe with a name it waits three seconds.
 */
uint8_t *input_read(int fd, size_t *size, struct capture_error *error);

/* input_note() - "WHAT: " and the text of the errno @number, if that is not 0. */
void input_note(struct capture_error *error, const char *what, int number);

#endif
