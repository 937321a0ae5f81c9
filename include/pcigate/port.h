/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * port.h - the types and functions that the core takes from its environment.
 *
 * lib/ is compiled unchanged for the purgatory, for UEFI, for the Linux kernel, for the command and
 * for the tests. It needs fixed-width integers, bool, size_t, six mem and str functions, and
 * libfdt, all through this header only.
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

/*
 * Lets the kernel reschedule, in each step of a long walk. The kernel calls the core only where
 * sleeping is allowed.
 */
#ifdef __KERNEL__
void pg_may_resched(void);
#else
#define pg_may_resched() ((void)0)
#endif

#define PG_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * The size of a page and of a KHO serialization block (KHO_BLOCK_SIZE in
 * include/linux/kho/abi/block.h).
 */
#define PG_PAGE_SIZE 4096u

#endif
