/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * text.h - builds a line of text in a fixed buffer: the stage has no printf, and the kernel's
 * differs from libc's.
 */
#ifndef PCIGATE_TEXT_H
#define PCIGATE_TEXT_H

#include <pcigate/bdf.h>
#include <pcigate/port.h>

/**
 * struct pg_text - a text being built; @buf is always zero-terminated
 * @buf:  the buffer
 * @size: size of @buf, with the terminating zero; at least 1
 * @len:  number of characters
 * @full: some text did not fit and was left out
 */
struct pg_text {
	char *buf;
	size_t size;
	size_t len;
	bool full;
};

/* Begins an empty text in @buf. */
void pg_text_begin(struct pg_text *text, char *buf, size_t size);

void pg_text_char(struct pg_text *text, char c);
void pg_text_string(struct pg_text *text, const char *string);

/* At most @len characters, up to a zero; '?' replaces each that is not printable ASCII. */
void pg_text_printable(struct pg_text *text, const char *string, size_t len);

/* Decimal, without leading zeros. */
void pg_text_decimal(struct pg_text *text, uint64_t value);

/* Hexadecimal without prefix, with leading zeros up to @digits. */
void pg_text_hex(struct pg_text *text, uint64_t value, unsigned int digits);

/* As lspci -D writes it: 0000:05:00.0 */
void pg_text_bdf(struct pg_text *text, struct pg_bdf at);

#endif
