/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * parse.h - numbers and addresses in text.
 */
#ifndef PCIGATE_PARSE_H
#define PCIGATE_PARSE_H

#include <pcigate/bdf.h>
#include <pcigate/port.h>

/* pg_digit() - the value of the hexadecimal digit @c, or 16 for any other character. */
static inline uint32_t pg_digit(char c)
{
	const uint8_t lower = (uint8_t)(c | 0x20);

	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	return lower >= 'a' && lower <= 'f' ? (uint32_t)(lower - 'a') + 10 : 16;
}

/*
 * pg_parse_hex() - the hexadecimal digits at @text, which ends at @end or with a character that is
 * no digit. Returns the end of the digits; NULL if there are none or more than @digits, or if the
 * number exceeds @max.
 */
const char *pg_parse_hex(const char *text, const char *end, uint32_t digits, uint64_t max,
			 uint64_t *value);

/*
 * pg_parse_bdf() - [[SEGMENT:]BUS:]DEVICE.FUNCTION, as in lspci -s, without wildcards; false if
 * @text is anything else.
 */
bool pg_parse_bdf(const char *text, struct pg_bdf *at);

#endif
