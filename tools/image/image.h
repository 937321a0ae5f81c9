/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * image.h - what the files of tools/image/ share.
 */
#ifndef PCIGATE_IMAGE_H
#define PCIGATE_IMAGE_H

#include "kernel_image.h"

/* image_fail() - fills @error and returns false. */
bool image_fail(struct capture_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* image_number() - the little-endian number of @bytes bytes (at most 8) at @at. */
uint64_t image_number(const uint8_t *at, unsigned int bytes);

#endif
