// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-next-kernel.c - the node /next-kernel in a checked blob of eight bytes of any content.
 * tree.c is the model of lib/fdt.c.
 *
 * source: lib/record/next_kernel.c tests/proofs/note.c tests/proofs/tree.c
 * flags: --unwind 10 --unwindset strlen.0:25,pg_note_text.0:25
 * limit: 120
 * break: lib/record/next_kernel.c s/!len \|\| //
 * break: lib/record/next_kernel.c s/ != text \+ len - 1/ == NULL/
 */
#include "tree.h"

#include <pcigate/next_kernel.h>

#define TREE_SIZE 8u

/* As in the C library. A text ends at its first zero. */
void *memchr(const void *bytes, int c, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++) {
		if (at[i] == c)
			return (uint8_t *)bytes + i;
	}
	return NULL;
}

/* A text ends inside the blob. */
static void check_text(const char *text)
{
	size_t len = 0;

	if (!text)
		return;
	while (len < TREE_SIZE) {
		PROVE(READABLE(text + len, 1));
		if (!text[len++])
			return;
	}
	PROVE(false);
}

void harness(void)
{
	struct pg_gate_fdt own;
	struct pg_finding finding;
	struct pg_next_kernel next;
	enum pg_reason reason;

	own.fdt = malloc(TREE_SIZE);
	ASSUME(own.fdt);
	tree_is_whole(own.fdt, TREE_SIZE);
	reason = pg_next_kernel_find(&own, &next, &finding);
	PROVE(reason == finding.reason);
	REACHED(!reason && next.kho == PG_FACT_YES && next.cmdline);
	REACHED(reason == PG_RECORD_MALFORMED);
	check_text(next.kho_version);
	check_text(next.cmdline);
	PROVE(next.kho <= PG_FACT_YES && next.keeps_buses <= PG_FACT_YES);
}
