/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * dtc.h - compiles the text of a device tree with dtc(1).
 */
#ifndef PCIGATE_DTC_H
#define PCIGATE_DTC_H

#include "../../lib/capture/capture.h"

/*
 * dtc_compile_file(), dtc_compile_text() - compile the file @path (/include/ then finds the files
 * beside it), or the *@size bytes at @text. Return a block of *@size bytes for the caller to free,
 * or NULL with @error filled; dtc has then printed its own messages on standard error. dtc gets 20
 * s and 512 MiB.
 */
uint8_t *dtc_compile_file(const char *path, size_t *size, struct capture_error *error);
uint8_t *dtc_compile_text(const uint8_t *text, size_t *size, struct capture_error *error);

#endif
