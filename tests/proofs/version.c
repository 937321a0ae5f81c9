// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * version.c - a model of versions.c for proofs of its callers: it finds one of two versions, one
 * without a layout, or none, independent of the text, and copies one character of a version.
 * prove-versions.c proves what it relies on.
 */
#include "proof.h"

#include <pcigate/versions.h>

const struct pg_version *pg_version_find(enum pg_part part, const void *text, size_t size)
{
	static const struct pg_version kho[] = {
		{ PG_PART_KHO, PG_LAYOUT_KHO_TREE, "kho-v4" },
		{ PG_PART_KHO, PG_LAYOUT_KHO_TREE, "kho-v4;x" },
		{ PG_PART_KHO, PG_LAYOUT_NONE, "kho-v4" },
	};
	static const struct pg_version luo[] = {
		{ PG_PART_LUO, PG_LAYOUT_LUO_ADDRESSES, "luo-v5" },
		{ PG_PART_LUO, PG_LAYOUT_LUO_ADDRESSES, "luo-v5;x" },
		{ PG_PART_LUO, PG_LAYOUT_NONE, "luo-v5" },
	};
	static const struct pg_version flb[] = {
		{ PG_PART_FLB, PG_LAYOUT_PCI_SER, "pci" },
		{ PG_PART_FLB, PG_LAYOUT_NONE, "pci-v1" },
		{ PG_PART_FLB, PG_LAYOUT_NONE, "pci" },
	};
	const struct pg_version *versions = part == PG_PART_KHO	  ? kho
					    : part == PG_PART_LUO ? luo
								  : flb;

	PROVE(part <= PG_PART_FLB);
	PROVE(!size || READABLE(text, size));
	if (nondet_bool() && size > 6)
		return &versions[0];
	if (nondet_bool() && size > 8)
		return &versions[1];
	return nondet_bool() && size > 6 ? &versions[2] : NULL;
}

void pg_version_copy(const struct pg_version *version, char *text)
{
	PROVE(version && READABLE(text, PG_VERSION_TEXT));
	text[0] = version->name[0];
	text[1] = 0;
}
