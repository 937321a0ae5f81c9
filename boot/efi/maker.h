/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maker.h - a capture that is being written: what the parts of recording.c share.
 *
 * The capture's memory is laid out as KHO does, a page for each thing. The addresses are made up,
 * as nothing of it is in memory.
 */
#ifndef PCIGATE_EFI_MAKER_H
#define PCIGATE_EFI_MAKER_H

#include "../../lib/topology/reader.h"
#include "recording.h"

enum {
	PAGE_SETUP,
	PAGE_KHO,
	PAGE_LUO,
	PAGE_FLB,
	PAGE_PCI,
	PAGE_MAP,
	PAGE_SCRATCH,
	PAGE_BLOCKS,
};

#define MAKER_BASE 0x100000ull
#define MAKER_SPACE 4096u

/**
 * struct maker - a capture that is being written
 * @recording: what to record
 * @fdt:       the tree
 * @error:     the first error of libfdt, 0 if there is none
 * @refcounts: as in pci_dev_ser: devices at or below, 0 for what is not recorded
 * @recorded:  number of recorded functions
 * @own_pages: pages of pcigate's own record
 * @space:     MAKER_SPACE bytes for one function's config space
 * @reader:    reads config space
 */
struct maker {
	struct recording *recording;
	void *fdt;
	int error;
	uint16_t *refcounts;
	uint32_t recorded;
	uint32_t own_pages;
	uint8_t *space;
	struct pg_reader reader;
};

static inline const struct found *maker_found(const struct maker *maker, uint32_t index)
{
	return &maker->recording->functions->list[index];
}

/* The address of a page. */
static inline uint64_t maker_page(uint32_t number)
{
	return MAKER_BASE + (uint64_t)number * PG_PAGE_SIZE;
}

static inline uint32_t bdf_cell(struct pg_bdf at)
{
	return (uint32_t)at.bus << 8 | at.devfn;
}

/* maker_keep() - keeps libfdt's first error until the end. The tree is not made again with more
 * memory. */
void maker_keep(struct maker *maker, int error);

/* Nodes. @format has one %llx for @unit. maker_begin_at() begins a node as "device@0,310". */
void maker_begin(struct maker *maker, const char *format, uint64_t unit);
void maker_begin_at(struct maker *maker, const char *kind, uint32_t segment, uint32_t number);
void maker_end(struct maker *maker);

/* Properties of the node that was begun last. */
void maker_put(struct maker *maker, const char *name, const void *value, size_t len);
void maker_put_string(struct maker *maker, const char *name, const char *value);
void maker_put32(struct maker *maker, const char *name, uint32_t value);
void maker_put64(struct maker *maker, const char *name, uint64_t value);
void maker_put_cells(struct maker *maker, const char *name, const uint32_t *cells, uint32_t nr);
void maker_put_reg(struct maker *maker, struct pg_bdf at);

/* maker_nr_blocks() - how many pages the entries of struct pci_ser take. */
uint32_t maker_nr_blocks(const struct maker *maker);

/*
 * maker_put_chain() - the chain from setup_data to the FLB "pci"
 * (arch/x86/include/uapi/asm/setup_data.h, include/linux/kho/abi/luo.h).
 */
void maker_put_chain(struct maker *maker);

/* maker_put_entries() - struct pci_ser and its blocks. */
void maker_put_entries(struct maker *maker);

/* maker_put_own_record() - pcigate's own record. */
void maker_put_own_record(struct maker *maker);

/*
 * maker_put_segment() - the buses of one segment on which functions answer, from function @from on.
 * Returns the first function of the next segment.
 */
uint32_t maker_put_segment(struct maker *maker, uint32_t from);

#endif
