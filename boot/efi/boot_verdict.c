// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * boot_verdict.c - converts the verdict to text and back.
 */
#include "boot_verdict.h"

#include <stdio.h>
#include <string.h>

/* efivarfs has this many bytes of attributes before the data. */
#define ATTRIBUTES 4u

void boot_verdict_write(const struct boot_verdict *verdict, char text[BOOT_VERDICT_TEXT])
{
	snprintf(text, BOOT_VERDICT_TEXT,
		 "verdict=%s reason=%s devices=%u keep=%u move=%u unverified=%u reads=%llu "
		 "usec=%llu%s%s",
		 verdict->verdict, verdict->reason, verdict->devices, verdict->keep, verdict->move,
		 verdict->unverified, (unsigned long long)verdict->reads,
		 (unsigned long long)verdict->usec, verdict->time[0] ? " time=" : "",
		 verdict->time);
}

static bool read_number(const char *text, uint64_t max, uint64_t *value)
{
	*value = 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		const uint64_t digit = (uint64_t)(*text - '0');

		if (*text < '0' || *text > '9' || *value > (max - digit) / 10)
			return false;
		*value = *value * 10 + digit;
	}
	return true;
}

static bool read_word(const char *text, char word[BOOT_VERDICT_WORD])
{
	const size_t len = strlen(text);

	if (!len || len >= BOOT_VERDICT_WORD)
		return false;
	memset(word, 0, BOOT_VERDICT_WORD);
	memcpy(word, text, len);
	return true;
}

/* Parses one word, such as "devices=3". */
static bool parse_word(struct boot_verdict *verdict, char *word)
{
	struct {
		const char *name;
		uint32_t *value;
	} numbers[] = { { "devices", &verdict->devices },
			{ "keep", &verdict->keep },
			{ "move", &verdict->move },
			{ "unverified", &verdict->unverified } };
	char *value = strchr(word, '=');
	uint64_t number;

	if (!value)
		return false;
	*value++ = 0;
	if (!strcmp(word, "verdict"))
		return read_word(value, verdict->verdict);
	if (!strcmp(word, "reason"))
		return read_word(value, verdict->reason);
	if (!strcmp(word, "time"))
		return read_word(value, verdict->time);
	if (!strcmp(word, "reads"))
		return read_number(value, UINT64_MAX, &verdict->reads);
	if (!strcmp(word, "usec"))
		return read_number(value, UINT64_MAX, &verdict->usec);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(word, numbers[i].name))
			continue;
		if (!read_number(value, UINT32_MAX, &number))
			return false;
		*numbers[i].value = (uint32_t)number;
	}
	return true;
}

bool boot_verdict_read(const uint8_t *bytes, size_t size, struct boot_verdict *verdict)
{
	char text[BOOT_VERDICT_TEXT];
	size_t len = 0;

	memset(verdict, 0, sizeof(*verdict));
	if (size < ATTRIBUTES || size % 2)
		return false;
	for (size_t i = ATTRIBUTES; i < size && (bytes[i] || bytes[i + 1]); i += 2) {
		if (bytes[i + 1] || bytes[i] < ' ' || bytes[i] > '~' ||
		    len == BOOT_VERDICT_TEXT - 1)
			return false;
		text[len++] = (char)bytes[i];
	}
	text[len] = 0;
	for (char *word = text, *next; word; word = next) {
		next = strchr(word, ' ');
		if (next)
			*next++ = 0;
		if (!parse_word(verdict, word))
			return false;
	}
	return verdict->verdict[0] && verdict->reason[0];
}
