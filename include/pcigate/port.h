/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * port.h - every assumption that the core makes about its surroundings, in one place.
 *
 * lib/ is compiled unchanged for the purgatory, for UEFI, for the Linux kernel, for the command and for the tests. It
 * needs fixed-width integers, bool, size_t, six mem and str functions and libfdt, and takes them from here only.
 */
#ifndef PCIGATE_PORT_H
#define PCIGATE_PORT_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/libfdt.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h> /* memcpy, memcmp, memset, memchr, strlen, strncmp; the stage brings its own */

#include <libfdt.h>
#endif

#define PG_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The size of a page and of a KHO serialization block (KHO_BLOCK_SIZE in include/linux/kho/abi/block.h). */
#define PG_PAGE_SIZE 4096u

/*
 * pg_fdt_check() - fdt_check_full() without two faults of libfdt 1.6, which Debian 12 has. In trees from before version 16 names are
 * paths, and it follows a null pointer where the root's is not. And a property whose length is minus its header's leads back to
 * itself, for ever. @size is that of the room @fdt lies in.
 */
static inline int pg_fdt_check(const void *fdt, size_t size)
{
	int offset = 0, next = 0, err;

	if (size >= sizeof(struct fdt_header) && fdt_magic(fdt) == FDT_MAGIC) {
		if (fdt_version(fdt) < 16)
			return -FDT_ERR_BADVERSION;
		if (fdt_totalsize(fdt) > size)
			return -FDT_ERR_TRUNCATED;
		err = fdt_check_header(fdt);
		if (err)
			return err;
		while (fdt_next_tag(fdt, offset, &next) != FDT_END && next > offset)
			offset = next;
		if (next <= offset)
			return next < 0 ? next : -FDT_ERR_BADSTRUCTURE;
	}
	return fdt_check_full(fdt, size);
}

#endif
