/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * trailer.h - a record at the end of an initrd.
 */
#ifndef PCIGATE_TRAILER_H
#define PCIGATE_TRAILER_H

#include "../../lib/capture/capture.h"

/*
 * trailer_make() - what to append to an initrd of @initrd_size bytes so that it carries the tree of
 * @tree_size bytes at @tree: padding, and a file of a cpio archive, which the next kernel unpacks
 * to /pcigate-own.dtb. Returns *@size bytes for the caller to free, NULL if memory runs out.
 */
uint8_t *trailer_make(uint64_t initrd_size, const void *tree, size_t tree_size, size_t *size);

#endif
