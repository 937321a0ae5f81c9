// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * versions.c - the versions of the parts of Linux's record.
 */
#include <pcigate/versions.h>

/*
 * The first line of a part has the usual version. A version with a known layout needs one line.
 * "kho-v4;radix-v1;vmalloc-v1" and "luo-v5;block-v1" were proposed for Linux. Drafts of PCI Live
 * Update used the name "pci-v1" for two layouts, and version 1 for a record without bridges, on
 * which later kernels panic.
 */
static const struct pg_version versions[] = {
	{ PG_PART_KHO, PG_LAYOUT_KHO_TREE, PG_KHO_PREFIX "4" },
	{ PG_PART_KHO, PG_LAYOUT_KHO_TREE, PG_KHO_PREFIX "4;radix-v1;vmalloc-v1" },
	{ PG_PART_LUO, PG_LAYOUT_LUO_ADDRESSES, PG_LUO_PREFIX "5" },
	{ PG_PART_LUO, PG_LAYOUT_LUO_ADDRESSES, PG_LUO_PREFIX "5;block-v1" },
	{ PG_PART_FLB, PG_LAYOUT_PCI_SER, "pci" },
	{ PG_PART_FLB, PG_LAYOUT_NONE, "pci-v1" },
	{ PG_PART_PCI, PG_LAYOUT_NONE, "1" },
	{ PG_PART_PCI, PG_LAYOUT_PCI_BLOCKS, "2" },
	{ PG_PART_FILE, PG_LAYOUT_FILE_PAGE, "vfio-pci-v1" },
	{ PG_PART_SRIOV, PG_LAYOUT_PF_NODES, PG_SRIOV_PREFIX "1" },
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

const struct pg_version *pg_version_usual(enum pg_part part)
{
	const struct pg_version *version = versions;

	while (version->part != part)
		version++;
	return version;
}

void pg_version_copy(const struct pg_version *version, char *text)
{
	size_t i;

	for (i = 0; i < PG_VERSION_TEXT - 1 && version->name[i]; i++)
		text[i] = version->name[i];
	text[i] = 0;
}
