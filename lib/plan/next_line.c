// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * next_line.c - the command line of a next kernel with a built-in one.
 */
#include <pcigate/next_kernel.h>

static size_t append(char *buf, size_t at, const char *bytes, size_t len)
{
	if (len > PG_NEXT_LINE_SIZE - at)
		len = PG_NEXT_LINE_SIZE - at;
	memcpy(buf + at, bytes, len);
	return at + len;
}

struct pg_cmdline pg_next_kernel_line(const struct pg_next_kernel *next, const char *text,
				      size_t len, char buf[PG_NEXT_LINE_SIZE])
{
	struct pg_cmdline line = { .text = text, .len = len };
	const char *zero;

	if (!text || !next || !next->cmdline || !next->cmdline[0])
		return line;
	line.text = next->cmdline;
	line.len = strlen(next->cmdline);
	if (next->cmdline_overrides)
		return line;
	zero = len ? memchr(text, 0, len) : NULL;
	line.len = append(buf, 0, line.text, line.len);
	line.len = append(buf, line.len, " ", 1);
	line.len = append(buf, line.len, text, zero ? (size_t)(zero - text) : len);
	line.text = buf;
	return line;
}
