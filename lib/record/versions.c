// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * versions.c - the versions of the parts of Linux's record.
 */
#include <pcigate/versions.h>

/*
 * A version with a known layout needs one line. "kho-v4;radix-v1;vmalloc-v1" and "luo-v5;block-v1"
 * were proposed for Linux. Drafts of PCI Live Update used the name "pci-v1" for two layouts, and
 * version 1 for a record without bridges, on which later kernels panic.
 */
static const struct pg_version versions[] = {
	{ PG_PART_KHO, PG_KHO_VERSION, PG_LAYOUT_KHO_TREE },
	{ PG_PART_KHO, PG_KHO_VERSION ";radix-v1;vmalloc-v1", PG_LAYOUT_KHO_TREE },
	{ PG_PART_LUO, PG_LUO_VERSION, PG_LAYOUT_LUO_ADDRESSES },
	{ PG_PART_LUO, PG_LUO_VERSION ";block-v1", PG_LAYOUT_LUO_ADDRESSES },
	{ PG_PART_FLB, "pci", PG_LAYOUT_PCI_SER },
	{ PG_PART_FLB, "pci-v1", PG_LAYOUT_NONE },
	{ PG_PART_PCI, "1", PG_LAYOUT_NONE },
	{ PG_PART_PCI, "2", PG_LAYOUT_PCI_BLOCKS },
	{ PG_PART_FILE, "vfio-pci-v1", PG_LAYOUT_FILE_PAGE },
};

const struct pg_version *pg_version_find(enum pg_part part, const void *text, size_t size)
{
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(versions); i++) {
		const size_t len = strlen(versions[i].name);

		if (versions[i].part == part && len < size &&
		    !memcmp(versions[i].name, text, len + 1))
			return &versions[i];
	}
	return NULL;
}

void pg_version_copy(const struct pg_version *version, char *text)
{
	size_t i;

	for (i = 0; i < PG_VERSION_TEXT - 1 && version->name[i]; i++)
		text[i] = version->name[i];
	text[i] = 0;
}
