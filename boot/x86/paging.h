/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * paging.h - adds mappings to the page tables in use, and removes them again.
 *
 * Every mapping is one to one, so a physical address is a pointer. 4 and 5 levels are supported.
 */
#ifndef PCIGATE_X86_PAGING_H
#define PCIGATE_X86_PAGING_H

#include <stdbool.h>
#include <stdint.h>

enum paging_cache {
	PAGING_CACHED,	 /* memory */
	PAGING_UNCACHED, /* devices */
};

/* paging_init() - must be called before the other functions. */
void paging_init(void);

/* paging_is_mapped() - true if all @len bytes at @pa can be read. */
bool paging_is_mapped(uint64_t pa, uint64_t len);

/*
 * paging_map() - makes all @len bytes at @pa readable. Existing mappings do not change; the 2 MiB
 * around each unmapped byte are mapped. False if the address is beyond the processor's limit, if
 * something else is mapped there, or if no page is left for a table: then paging_flush() frees
 * pages.
 */
bool paging_map(uint64_t pa, uint64_t len, enum paging_cache cache);

/*
 * paging_guard() - unmaps the page at @pa, so that an access to it is a fault. False if that is not
 * possible, or if @pa is not the beginning of a page.
 */
bool paging_guard(uint64_t pa);

/*
 * paging_flush() - undoes every paging_map() but no paging_guard(). Pointers into these mappings
 * become invalid.
 */
void paging_flush(void);

/* paging_restore() - restores the original page tables. */
void paging_restore(void);

#endif
