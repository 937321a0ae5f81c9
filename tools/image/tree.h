/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tree.h - the tree that a gated image carries.
 */
#ifndef PCIGATE_IMAGE_TREE_H
#define PCIGATE_IMAGE_TREE_H

#include "kernel_image.h"

#include <pcigate/next_kernel.h>

/*
 * image_tree_make() - makes the tree from pcigate's own record (docs/kho-fdt.md), @record_size
 * bytes at @record that pg_fdt_check() accepts, or an empty tree if @record is NULL. If @facts is
 * not NULL, the tree has them and @release as well. Returns *@size bytes for the caller to free, or
 * NULL with @error filled.
 */
void *image_tree_make(const void *record, size_t record_size, const char *release,
		      const struct kernel_facts *facts, size_t *size, struct capture_error *error);

/*
 * image_tree_read() - checks a tree of @size bytes, which begins at a multiple of 8, as the stage
 * does, and reads what it tells about the next kernel. The texts of @next are in the tree. False
 * with @error filled if the tree is damaged.
 */
bool image_tree_read(const void *tree, size_t size, struct pg_next_kernel *next,
		     struct capture_error *error);

#endif
