// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-versions.c - a version of any content and of up to 32 bytes, of any part.
 *
 * source: lib/record/versions.c
 * flags: --unwind 11 --unwindset strlen.0:28,memcmp.0:28,pg_version_copy.0:32
 * limit: 120
 * break: lib/record/versions.c s/len < size &&\s+//
 * break: lib/record/versions.c s/text, len \+ 1\)/text, len)/
 */
#include "proof.h"

#include <pcigate/versions.h>

void harness(void)
{
	const size_t size = nondet_size();
	const uint8_t *text = any_bytes(size, PG_VERSION_TEXT);
	const enum pg_part part = nondet_u32() % (PG_PART_SRIOV + 1);
	char copy[PG_VERSION_TEXT];
	const struct pg_version *version = pg_version_find(part, text, size);

	REACHED(version && part == PG_PART_LUO && version->name[6]);
	REACHED(!version && size == PG_VERSION_TEXT);
	if (!version)
		return;
	/* The text begins with the whole name. */
	PROVE(version->part == part && strlen(version->name) < size);
	PROVE(!text[strlen(version->name)]);
	pg_version_copy(version, copy);
	PROVE(!copy[strlen(version->name)]);
}
