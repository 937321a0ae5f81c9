/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tree.h - the tree that a gated image carries.
 */
#ifndef PCIGATE_IMAGE_TREE_H
#define PCIGATE_IMAGE_TREE_H

#include "../../lib/capture/capture.h"

/*
 * image_tree_make() - makes the tree from pcigate's own record (docs/kho-fdt.md), @record_size
 * bytes at @record that pg_fdt_check() accepts, or an empty tree if @record is NULL. Returns *@size
 * bytes for the caller to free, or NULL with @error filled.
 */
void *image_tree_make(const void *record, size_t record_size, size_t *size,
		      struct capture_error *error);

#endif
