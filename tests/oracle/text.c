// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * text.c - reads files of topologies.
 */
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The files stay reachable, so that leak checkers do not report them. */
static char *kept[4];
static unsigned int nr_kept;

struct text_file text_file_read(const char *name)
{
	FILE *in = strcmp(name, "-") ? fopen(name, "r") : stdin;
	size_t size = 1 << 16, len = 0, got;
	char *text = malloc(size);

	if (!in) {
		perror(name);
		exit(2);
	}
	while (text && (got = fread(text + len, 1, size - len, in)) > 0) {
		len += got;
		if (len == size)
			text = realloc(text, size *= 2);
	}
	if (!text || ferror(in)) {
		fprintf(stderr, "%s: cannot be read\n", name);
		exit(2);
	}
	if (in != stdin)
		fclose(in);
	if (nr_kept < sizeof(kept) / sizeof(kept[0]))
		kept[nr_kept++] = text;
	return (struct text_file){ .name = name, .reader = { .text = text, .len = len } };
}

bool text_file_next(struct text_file *file, struct machine *machine)
{
	const char *error;

	switch (topo_read(&file->reader, machine, &error)) {
	case TOPO_OK:
		return true;
	case TOPO_END:
		return false;
	case TOPO_BAD:
		break;
	}
	fprintf(stderr, "%s:%u: %s\n", file->name, file->reader.line, error);
	exit(2);
}
