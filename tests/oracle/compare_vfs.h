/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * compare_vfs.h - compares the verdict on preserved virtual functions with Linux.
 */
#ifndef ORACLE_COMPARE_VFS_H
#define ORACLE_COMPARE_VFS_H

#include <pcigate/gate.h>

#include "results.h"
#include "sums.h"

/**
 * struct vf_comparison - what is compared
 * @result: Linux's result
 * @gate:   the verdict
 * @kept:   whether the function @index of the machine keeps its place on @bus
 * @say:    notes a disagreement about the function @index; true if it is to be printed
 */
struct vf_comparison {
	const struct linux_result *result;
	const struct pg_gate *gate;
	bool (*kept)(uint32_t index, uint8_t bus);
	bool (*say)(uint32_t index, const char *what);
};

/*
 * compare_vfs() - a virtual function keeps its place if its physical function does, Linux added it
 * at its address, and nothing changed it in between.
 */
void compare_vfs(const struct vf_comparison *comparison, struct sums *sums);

#endif
