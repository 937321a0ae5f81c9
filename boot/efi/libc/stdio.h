/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stdio.h - the functions that the UEFI application needs, which print into a buffer. Conversions:
 * d u x c s and %, with l, ll, z, a width, and a precision for s. Any other conversion ends the
 * text.
 */
#ifndef PCIGATE_EFI_STDIO_H
#define PCIGATE_EFI_STDIO_H

#include <stdarg.h>
#include <stddef.h>

int vsnprintf(char *to, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));
int snprintf(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
