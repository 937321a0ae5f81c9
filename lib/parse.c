// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * parse.c - numbers and addresses in text.
 */
#include <pcigate/parse.h>

const char *pg_parse_hex(const char *text, const char *end, uint32_t digits, uint64_t max,
			 uint64_t *value)
{
	uint32_t nr;

	*value = 0;
	for (nr = 0; text < end && pg_digit(*text) < 16; text++, nr++) {
		if (nr == digits || *value > ~(uint64_t)0 / 16)
			return NULL;
		*value = *value * 16 + pg_digit(*text);
	}
	return nr && *value <= max ? text : NULL;
}

bool pg_parse_bdf(const char *text, struct pg_bdf *at)
{
	const char *end = text + strlen(text);
	uint64_t part[3], function;
	uint32_t nr = 0;

	for (;; text++) {
		text = nr < PG_ARRAY_SIZE(part)
			       ? pg_parse_hex(text, end, 8, UINT32_MAX, &part[nr++])
			       : NULL;
		if (!text)
			return false;
		if (*text != ':')
			break;
	}
	if (*text != '.' || pg_parse_hex(text + 1, end, 1, 7, &function) != end ||
	    part[nr - 1] > 0x1f || (nr > 1 && part[nr - 2] > 0xff))
		return false;
	*at = pg_bdf(nr > 2 ? (uint32_t)part[0] : 0, nr > 1 ? (uint8_t)part[nr - 2] : 0,
		     pg_devfn((uint8_t)part[nr - 1], (uint8_t)function));
	return true;
}
