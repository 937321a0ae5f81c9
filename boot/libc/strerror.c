// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * strerror.c - names of the few errors of libfdt that a damaged tree can cause. libfdt's own table
 * has twenty pointers, and each pointer needs a relocation in the purgatory's file.
 */
#include <libfdt.h>

const char *fdt_strerror(int err)
{
	switch (-err) {
	case FDT_ERR_BADMAGIC:
		return "FDT_ERR_BADMAGIC";
	case FDT_ERR_BADVERSION:
		return "FDT_ERR_BADVERSION";
	case FDT_ERR_BADSTRUCTURE:
		return "FDT_ERR_BADSTRUCTURE";
	case FDT_ERR_BADLAYOUT:
		return "FDT_ERR_BADLAYOUT";
	case FDT_ERR_TRUNCATED:
		return "FDT_ERR_TRUNCATED";
	case FDT_ERR_ALIGNMENT:
		return "FDT_ERR_ALIGNMENT";
	default:
		return "FDT_ERR";
	}
}
