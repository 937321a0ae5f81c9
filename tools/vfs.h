/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * vfs.h - preserved virtual functions, which are drawn below their physical function.
 */
#ifndef PCIGATE_TOOLS_VFS_H
#define PCIGATE_TOOLS_VFS_H

#include "cli.h"

#include <jansson.h>
#include <stdio.h>

/*
 * vfs_put() - prints a line for each preserved virtual function of the physical function at @at,
 * after @prefix: its address and the judgement.
 */
void vfs_put(const struct session *session, struct pg_bdf at, const char *prefix, FILE *out);

/*
 * vfs_json() - an array with an object for each: address, verdict, reason. NULL if memory runs out.
 */
json_t *vfs_json(const struct session *session, struct pg_bdf at);

#endif
