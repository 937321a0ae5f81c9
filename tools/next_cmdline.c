// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * next_cmdline.c - the command line that pcigate load gives the next kernel.
 */
#define _GNU_SOURCE /* asprintf() */

#include "next_cmdline.h"

#include <pcigate/plan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where @argument begins in @line: a quote before its name is a part of it. */
static size_t start_of(const struct pg_argument *argument, const char *line)
{
	const size_t at = (size_t)(argument->name - line);

	return at && line[at - 1] == '"' ? at - 1 : at;
}

/* The part of @line, from @from to @to, that names the image of the running kernel. */
static void find_boot_image(const char *line, size_t *from, size_t *to)
{
	struct pg_cmdline words = { .text = line, .len = strlen(line) };
	struct pg_argument word;

	*from = *to = 0;
	while (pg_cmdline_next(&words, &word)) {
		if (word.name_len == 10 && !memcmp(word.name, "BOOT_IMAGE", 10)) {
			*from = start_of(&word, line);
			*to = words.pos + (line[words.pos] == ' ');
			return;
		}
	}
}

/* The length of the part of @line that the kernel reads: what follows "--" is for init. */
static size_t kernel_part(const char *line)
{
	struct pg_cmdline words = { .text = line, .len = strlen(line) };
	struct pg_argument word;

	do
		word.name = NULL;
	while (pg_cmdline_next(&words, &word));
	return word.name ? start_of(&word, line) : strlen(line);
}

static const char *blank_behind(const char *text, size_t len)
{
	return len && text[len - 1] != ' ' ? " " : "";
}

char *next_cmdline(const char *running, const char *append, const char *last)
{
	char *line, *out = NULL;
	size_t from, to, len;

	find_boot_image(running, &from, &to);
	len = strlen(running);
	if (asprintf(&line, "%.*s%s%s%s", (int)from, running, running + to,
		     *append ? blank_behind(running, to == len ? from : len) : "", append) < 0)
		return NULL;
	len = kernel_part(line);
	if (asprintf(&out, "%.*s%s%s%s%s", (int)len, line, *last ? blank_behind(line, len) : "",
		     last, *last && line[len] ? " " : "", line + len) < 0)
		out = NULL;
	free(line);
	return out;
}
