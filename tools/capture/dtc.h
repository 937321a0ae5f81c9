/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * dtc.h - device trees out of text, by dtc(1).
 */
#ifndef PCIGATE_DTC_H
#define PCIGATE_DTC_H

#include "../../lib/capture/capture.h"

/*
 * dtc_compile_file(), dtc_compile_text() - have dtc compile the file @path, so that /include/ finds
 * what lies beside it, or the
 * *@size bytes at @text. Return a block of *@size bytes to be freed, or NULL with @error filled;
 * dtc's own complaints are on standard error by then. dtc gets 20 s and 512 MiB.
 */
uint8_t *dtc_compile_file(const char *path, size_t *size, struct capture_error *error);
uint8_t *dtc_compile_text(const uint8_t *text, size_t *size, struct capture_error *error);

#endif
