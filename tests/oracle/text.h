/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * text.h - reads whole files into memory, and topologies from them. An error in a topology ends the
 * program with a message.
 */
#ifndef ORACLE_TEXT_H
#define ORACLE_TEXT_H

#include "topo.h"

struct text_file {
	const char *name;
	struct topo_reader reader;
};

/* text_file_read() - reads a file, or stdin for "-". It stays in memory until the program ends. */
struct text_file text_file_read(const char *name);

/* text_file_next() - reads the next topology. Returns false at the end. */
bool text_file_next(struct text_file *file, struct machine *machine);

#endif
