// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * value.c - parses values of arguments by the rules of Linux's own parsers.
 */
#include <pcigate/parse.h>

#include "policy.h"

uint64_t pg_value_number(const char **at, const char *end)
{
	uint32_t base = 10;
	uint64_t value = 0;

	if (end - *at > 2 && (*at)[0] == '0' && ((*at)[1] | 0x20) == 'x' &&
	    pg_digit((*at)[2]) < 16) {
		base = 16;
		*at += 2;
	} else if (*at < end && **at == '0') {
		base = 8;
	}
	for (; *at < end && pg_digit(**at) < base; (*at)++)
		value = value * base + pg_digit(**at);
	return value;
}

uint64_t pg_value_size(const char **at, const char *end)
{
	static const char suffixes[] = "kmgtpe";
	const uint64_t value = pg_value_number(at, end);
	uint32_t i;

	for (i = 0; *at < end && suffixes[i]; i++) {
		if ((**at | 0x20) == suffixes[i]) {
			(*at)++;
			return value << (10 * (i + 1));
		}
	}
	return value;
}

bool pg_value_int(const struct pg_argument *argument, int32_t *result)
{
	const char *digit = argument->value, *end = digit ? digit + argument->value_len : NULL;
	bool negative = false;
	uint32_t base = 10;
	int64_t value = 0;

	if (digit && digit < end && (*digit == '-' || *digit == '+'))
		negative = *digit++ == '-';
	if (digit && end - digit > 2 && digit[0] == '0' && (digit[1] | 0x20) == 'x') {
		base = 16;
		digit += 2;
	} else if (digit && digit < end && *digit == '0') {
		base = 8;
	}
	if (!digit || digit == end)
		return false;
	for (; digit < end; digit++) {
		const uint32_t n = pg_digit(*digit);

		value = value * base + n;
		if (n >= base || value > (int64_t)INT32_MAX + negative)
			return false;
	}
	*result = (int32_t)(negative ? -value : value);
	return true;
}

void pg_value_bool(const struct pg_argument *argument, bool *result)
{
	const char first = argument->value_len ? (char)(argument->value[0] | 0x20) : 0;
	const char second = argument->value_len > 1 ? (char)(argument->value[1] | 0x20) : 0;

	if (!argument->value_len)
		return;
	if (first == 'e' || first == 'y' || first == 't' || argument->value[0] == '1' ||
	    (first == 'o' && second == 'n'))
		*result = true;
	else if (first == 'd' || first == 'n' || first == 'f' || argument->value[0] == '0' ||
		 (first == 'o' && second == 'f'))
		*result = false;
}

bool pg_word_begins(const struct pg_argument *word, const char *prefix)
{
	const size_t len = strlen(prefix);

	return word->value_len >= len && !memcmp(word->value, prefix, len);
}
