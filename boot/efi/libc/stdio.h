/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stdio.h - what the reader of captures wants of it: text into a buffer. Conversions: d u x c s and
 * %, with l, ll, z, a width, a precision for s. Anything else ends the text there, which a test
 * would see.
 */
#ifndef PCIGATE_EFI_STDIO_H
#define PCIGATE_EFI_STDIO_H

#include <stdarg.h>
#include <stddef.h>

int vsnprintf(char *to, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));
int snprintf(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
