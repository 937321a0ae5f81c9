/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fdt.h - the check of a flattened device tree before libfdt reads it.
 */
#ifndef PCIGATE_FDT_H
#define PCIGATE_FDT_H

#include <pcigate/port.h>

/*
 * pg_fdt_check() - checks the whole tree at @fdt in @size bytes: the header, and each token of the
 * structure block against the end of its block. Afterwards all properties and names that any
 * version of libfdt returns are inside the tree. Returns 0 or a negative error of libfdt.
 *
 * fdt_check_full() of libfdt 1.6 (Debian 12) accepts property lengths from 0xfffffff4 on, and
 * libfdt of the kernel has no such function. Headers before version 17 do not have the size of
 * the structure block. Such trees are rejected.
 */
int pg_fdt_check(const void *fdt, size_t size);

#endif
