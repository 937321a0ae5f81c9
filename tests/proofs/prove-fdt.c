// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-fdt.c - a tree of 24 bytes of tokens and 4 bytes of strings, of any content: after
 * pg_fdt_check() has accepted it, the walks read only the tree, and what they return is inside.
 *
 * source: lib/fdt.c
 * flags: --unwind 9 --unwindset memchr.0:30,strlen.0:30,strncmp.0:5
 * limit: 200
 * break: lib/fdt.c s/if \(!depth \|\| child \|\|/if (!depth ||/
 * break: lib/fdt.c s/load\(tokens \+ at \+ FDT_TAGSIZE\) >= names/false/
 * break: lib/fdt.c s/if \(!root\)\s+return -FDT_ERR_BADSTRUCTURE;/;/
 */
#include "proof.h"

#include <pcigate/fdt.h>

#define TOKENS 24u
#define NAMES 4u
#define SIZE (sizeof(struct fdt_header) + TOKENS + NAMES)

/* As fdt_check_header() of libfdt leaves it: both blocks are inside the tree. */
int fdt_check_header(const void *fdt)
{
	ASSUME(fdt_version(fdt) == 17 && fdt_totalsize(fdt) == SIZE);
	ASSUME(fdt_off_dt_struct(fdt) == sizeof(struct fdt_header));
	ASSUME(fdt_size_dt_struct(fdt) == TOKENS && fdt_size_dt_strings(fdt) == NAMES);
	ASSUME(fdt_off_dt_strings(fdt) == sizeof(struct fdt_header) + TOKENS);
	return 0;
}

/* CBMC has no memchr(). */
void *memchr(const void *bytes, int c, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++) {
		if (at[i] == c)
			return (uint8_t *)bytes + i;
	}
	return NULL;
}

static void walk(const void *fdt, int node)
{
	struct pg_fdt_property property;
	uint32_t len = 0;

	PROVE(node >= 0 && (uint32_t)node < TOKENS);
	PROVE(READABLE(pg_fdt_name(fdt, node), strlen(pg_fdt_name(fdt, node)) + 1));
	pg_fdt_properties(fdt, node, &property);
	while (pg_fdt_next_property(fdt, &property)) {
		PROVE(READABLE(property.value, property.len));
		PROVE(READABLE(property.name, strlen(property.name) + 1));
	}
	if (pg_fdt_get(fdt, node, "abc", &len))
		REACHED(len == 4);
}

void harness(void)
{
	uint8_t *fdt = malloc(SIZE);
	int node;

	ASSUME(fdt);
	if (pg_fdt_check(fdt, SIZE))
		return;
	walk(fdt, 0);
	for (node = pg_fdt_first_child(fdt, 0); node >= 0; node = pg_fdt_next_sibling(fdt, node)) {
		walk(fdt, node);
		REACHED(true);
	}
	PROVE(pg_fdt_find_child(fdt, 0, "a") < (int)TOKENS);
}
