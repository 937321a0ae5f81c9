/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maker.h - writes a recording: the state, and the functions that its parts share.
 */
#ifndef PCIGATE_CAPTURE_MAKER_H
#define PCIGATE_CAPTURE_MAKER_H

#include <libfdt.h>

#include "../topology/reader.h"
#include "recording.h"

/**
 * struct maker - the state while a recording is written
 * @recording: the input
 * @fdt:       the tree
 * @error:     the first error of libfdt; the tree is unusable after an error
 * @refcounts: for each function, as in pci_dev_ser: number of recorded devices at or below it
 * @recorded:  number of functions whose refcount is not 0
 * @own_pages: number of pages for pcigate's own record
 * @space:     config space of one function
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

/* The BDF of struct pci_dev_ser, and of the cells of pcigate's own record. */
static inline uint32_t maker_bdf(struct pg_bdf at)
{
	return (uint32_t)at.bus << 8 | at.devfn;
}

/* Write nodes and properties. An error is kept until the end. */
void maker_keep(struct maker *maker, int error);
void maker_begin(struct maker *maker, const char *format, uint64_t unit);
void maker_begin_at(struct maker *maker, const char *kind, uint32_t segment, uint32_t number);
void maker_end(struct maker *maker);
void maker_put(struct maker *maker, const char *name, const void *value, size_t len);
void maker_put_string(struct maker *maker, const char *name, const char *value);
void maker_put32(struct maker *maker, const char *name, uint32_t value);
void maker_put64(struct maker *maker, const char *name, uint64_t value);
void maker_put_cells(struct maker *maker, const char *name, const uint32_t *cells, uint32_t nr);

/* maker_own_size() - the maximum size of pcigate's own record in bytes. */
uint32_t maker_own_size(const struct maker *maker);

/* maker_put_own() - writes the contents of pcigate's own record into the current node. */
void maker_put_own(struct maker *maker);

/* maker_put_space() - writes config space of @found into the current node. */
void maker_put_space(struct maker *maker, const struct found *found);

#endif
