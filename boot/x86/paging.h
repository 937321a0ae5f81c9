/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * paging.h - adds what the old kernel did not map to the page tables the stage runs on, and takes
 * it away again.
 *
 * Every mapping is one to one, so a physical address is a pointer. 4 and 5 levels.
 */
#ifndef PCIGATE_X86_PAGING_H
#define PCIGATE_X86_PAGING_H

#include <stdbool.h>
#include <stdint.h>

enum paging_cache {
	PAGING_CACHED,	 /* memory */
	PAGING_UNCACHED, /* devices */
};

/* paging_init() - to be called once, before all else here. */
void paging_init(void);

/* paging_is_mapped() - true if all @len bytes at @pa can be read. */
bool paging_is_mapped(uint64_t pa, uint64_t len);

/*
 * paging_map() - makes sure that all @len bytes at @pa can be read. What is mapped already stays as
 * it is; of the rest the 2 MiB around it are mapped. False if the address is beyond what the
 * processor has, if something else is mapped there, or if no page is left for a table: then
 * paging_flush() makes room.
 */
bool paging_map(uint64_t pa, uint64_t len, enum paging_cache cache);

/*
 * paging_guard() - takes away the page at @pa, so that an access to it is a fault. False if that
 * cannot be done, or if @pa is not the beginning of a page.
 */
bool paging_guard(uint64_t pa);

/*
 * paging_flush() - takes back every paging_map(), guards stay. Pointers into such mappings end
 * here.
 */
void paging_flush(void);

/* paging_restore() - the page tables are again as they were found. */
void paging_restore(void);

#endif
