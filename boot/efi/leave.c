// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * leave.c - converts the verdict to text and back.
 */
#include "leave.h"

#include <stdio.h>
#include <string.h>

/* efivarfs has this many bytes of attributes before the data. */
#define ATTRIBUTES 4u

void leave_write(const struct leave *leave, char text[LEAVE_TEXT])
{
	snprintf(text, LEAVE_TEXT,
		 "verdict=%s reason=%s devices=%u keep=%u move=%u unverified=%u reads=%llu "
		 "usec=%llu%s%s",
		 leave->verdict, leave->reason, leave->devices, leave->keep, leave->move,
		 leave->unverified, (unsigned long long)leave->reads,
		 (unsigned long long)leave->usec, leave->time[0] ? " time=" : "", leave->time);
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

static bool read_word(const char *text, char word[LEAVE_WORD])
{
	const size_t len = strlen(text);

	if (!len || len >= LEAVE_WORD)
		return false;
	memset(word, 0, LEAVE_WORD);
	memcpy(word, text, len);
	return true;
}

/* "devices=3" */
static bool take(struct leave *leave, char *word)
{
	struct {
		const char *name;
		uint32_t *value;
	} numbers[] = { { "devices", &leave->devices },
			{ "keep", &leave->keep },
			{ "move", &leave->move },
			{ "unverified", &leave->unverified } };
	char *value = strchr(word, '=');
	uint64_t number;

	if (!value)
		return false;
	*value++ = 0;
	if (!strcmp(word, "verdict"))
		return read_word(value, leave->verdict);
	if (!strcmp(word, "reason"))
		return read_word(value, leave->reason);
	if (!strcmp(word, "time"))
		return read_word(value, leave->time);
	if (!strcmp(word, "reads"))
		return read_number(value, UINT64_MAX, &leave->reads);
	if (!strcmp(word, "usec"))
		return read_number(value, UINT64_MAX, &leave->usec);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(word, numbers[i].name))
			continue;
		if (!read_number(value, UINT32_MAX, &number))
			return false;
		*numbers[i].value = (uint32_t)number;
	}
	return true;
}

bool leave_read(const uint8_t *bytes, size_t size, struct leave *leave)
{
	char text[LEAVE_TEXT];
	size_t len = 0;

	memset(leave, 0, sizeof(*leave));
	if (size < ATTRIBUTES || size % 2)
		return false;
	for (size_t i = ATTRIBUTES; i < size && (bytes[i] || bytes[i + 1]); i += 2) {
		if (bytes[i + 1] || bytes[i] < ' ' || bytes[i] > '~' || len == LEAVE_TEXT - 1)
			return false;
		text[len++] = (char)bytes[i];
	}
	text[len] = 0;
	for (char *word = text, *next; word; word = next) {
		next = strchr(word, ' ');
		if (next)
			*next++ = 0;
		if (!take(leave, word))
			return false;
	}
	return leave->verdict[0] && leave->reason[0];
}
