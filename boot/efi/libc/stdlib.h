/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stdlib.h - memory from the firmware's pool, and sorting. Semantics are those of ISO C and POSIX.
 */
#ifndef PCIGATE_EFI_STDLIB_H
#define PCIGATE_EFI_STDLIB_H

#include <stddef.h>

void *malloc(size_t size);
void *calloc(size_t nr, size_t size);
void free(void *block);
int posix_memalign(void **block, size_t alignment, size_t size);
void qsort(void *base, size_t nr, size_t size, int (*compare)(const void *, const void *));

#endif
