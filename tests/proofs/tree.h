/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tree.h - for proofs that use tree.c in place of libfdt.
 */
#ifndef PROOF_TREE_H
#define PROOF_TREE_H

#include "proof.h"

/* Marks @fdt, of @size bytes, as checked. */
void tree_is_whole(const void *fdt, size_t size);

#ifndef TREE_SIZE
#define TREE_SIZE 64
#endif

/* Maps trees: a range with the size of a blob is readable or not, any other is not readable. */
static inline const void *tree_map(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	PROVE(len && pa + len >= pa);
	return len == TREE_SIZE && nondet_bool() ? malloc(TREE_SIZE) : NULL;
}

static const struct pg_memory tree_memory = { .map = tree_map };

#endif
