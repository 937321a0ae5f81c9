/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * versions.h - the versions of the parts of Linux's record, and how each is read.
 */
#ifndef PCIGATE_VERSIONS_H
#define PCIGATE_VERSIONS_H

#include <pcigate/port.h>

/* Space for a version such as "kho-v4;radix-v1;vmalloc-v1", with its terminating zero. */
#define PG_VERSION_TEXT 32

/* How the versions of KHO and LUO begin; a digit follows. */
#define PG_KHO_PREFIX "kho-v"
#define PG_LUO_PREFIX "luo-v"

/* The same for the layer that keeps virtual functions. */
#define PG_SRIOV_PREFIX "pci-sriov-v"

/* The version of struct pci_ser in Linux 7.3. */
#define PG_PCI_VERSION 2

/**
 * enum pg_part - a part of the record
 * @PG_PART_KHO:  the root of KHO's tree, by its property compatible
 * @PG_PART_LUO:  struct luo_ser, by its field compatible
 * @PG_PART_FLB:  an entry of the FLB array, by its name
 * @PG_PART_PCI:  struct pci_ser, by its field version as a decimal number
 * @PG_PART_FILE: a file in a session, by the name of its handler
 * @PG_PART_SRIOV: the layer that keeps virtual functions, by its name in the kernel's image
 */
enum pg_part {
	PG_PART_KHO,
	PG_PART_LUO,
	PG_PART_FLB,
	PG_PART_PCI,
	PG_PART_FILE,
	PG_PART_SRIOV,
};

/**
 * enum pg_layout - how a part is read
 * @PG_LAYOUT_NONE:          not at all
 * @PG_LAYOUT_KHO_TREE:      nodes with preserved-data and blob-size
 * @PG_LAYOUT_LUO_ADDRESSES: the version, padded to a multiple of 8 bytes; then liveupdate_num and
 * the addresses of sessions and FLBs
 * @PG_LAYOUT_PCI_SER:       the data are the address of struct pci_ser
 * @PG_LAYOUT_PCI_BLOCKS:    version, count, and a chain of blocks with struct pci_dev_ser
 * @PG_LAYOUT_FILE_PAGE:     the data are the address of a page that begins with segment and BDF
 * @PG_LAYOUT_PF_NODES:      nodes below /physical-functions in pcigate's own record
 */
enum pg_layout {
	PG_LAYOUT_NONE,
	PG_LAYOUT_KHO_TREE,
	PG_LAYOUT_LUO_ADDRESSES,
	PG_LAYOUT_PCI_SER,
	PG_LAYOUT_PCI_BLOCKS,
	PG_LAYOUT_FILE_PAGE,
	PG_LAYOUT_PF_NODES,
};

/**
 * struct pg_version - a version that pcigate knows
 * @part:   the part of the record, enum pg_part
 * @layout: how it is read, enum pg_layout
 * @name:   the version, or the name that implies it, with its terminating zero. A layout that is
 *          not 0 stands before it: this table is part of patched kernels, and pcigate inspect takes
 *          a string with zeros before and behind it for the version of the kernel itself.
 */
struct pg_version {
	uint8_t part;
	uint8_t layout;
	char name[PG_VERSION_TEXT];
};

/*
 * pg_version_find() - the version of @part whose name is at @text, with its terminating zero inside
 * @size bytes. NULL if pcigate does not know it.
 */
const struct pg_version *pg_version_find(enum pg_part part, const void *text, size_t size);

/* pg_version_usual() - the version of @part that Linux 7.2 and 7.3 write. */
const struct pg_version *pg_version_usual(enum pg_part part);

/* pg_version_copy() - copies the name of @version to @text, which holds PG_VERSION_TEXT bytes. */
void pg_version_copy(const struct pg_version *version, char *text);

#endif
