// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * text.c - builds a line of text in a fixed buffer.
 */
#include <pcigate/text.h>

void pg_text_begin(struct pg_text *text, char *buf, size_t size)
{
	*text = (struct pg_text){ .buf = buf, .size = size };
	buf[0] = 0;
}

void pg_text_char(struct pg_text *text, char c)
{
	if (text->len + 1 >= text->size) {
		text->full = true;
		return;
	}
	text->buf[text->len++] = c;
	text->buf[text->len] = 0;
}

void pg_text_string(struct pg_text *text, const char *string)
{
	size_t len = strlen(string);

	if (len >= text->size - text->len) {
		text->full = true;
		len = text->size - text->len - 1;
	}
	memcpy(text->buf + text->len, string, len);
	text->len += len;
	text->buf[text->len] = 0;
}

void pg_text_printable(struct pg_text *text, const char *string, size_t len)
{
	for (; len && *string; len--, string++)
		pg_text_char(text, *string >= 0x20 && *string < 0x7f ? *string : '?');
}

void pg_text_decimal(struct pg_text *text, uint64_t value)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	while (n)
		pg_text_char(text, digits[--n]);
}

void pg_text_hex(struct pg_text *text, uint64_t value, unsigned int digits)
{
	unsigned int n = 1;

	while (n < 16 && value >> 4 * n)
		n++;
	if (n < digits)
		n = digits;
	while (n--)
		pg_text_char(text, n < 16 ? "0123456789abcdef"[value >> 4 * n & 15] : '0');
}

void pg_text_bdf(struct pg_text *text, struct pg_bdf at)
{
	pg_text_hex(text, at.segment, 4);
	pg_text_char(text, ':');
	pg_text_hex(text, at.bus, 2);
	pg_text_char(text, ':');
	pg_text_hex(text, at.devfn >> 3, 2);
	pg_text_char(text, '.');
	pg_text_char(text, (char)('0' + (at.devfn & 7)));
}
