/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * string.h - the functions of the C library that the core, libfdt and the compilers need.
 *
 * Semantics are those of ISO C; string.c has the code.
 */
#ifndef PCIGATE_STAGE_STRING_H
#define PCIGATE_STAGE_STRING_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int byte, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

#endif
