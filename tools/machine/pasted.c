// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pasted.c - what terminals, editors and web pages add to the output of lspci.
 */
#include "machine.h"

#include <string.h>

static bool begins(const char *line, size_t len, const char *with)
{
	return len >= strlen(with) && !memcmp(line, with, strlen(with));
}

size_t pasted_mark(const char *text, size_t size)
{
	return begins(text, size, "\xef\xbb\xbf") ? 3 : 0;
}

size_t pasted_blanks(const char *line, size_t len)
{
	size_t blanks = 0;

	while (blanks < len && memchr(" \t\r>", line[blanks], 4))
		blanks++;
	return blanks;
}

/* A prompt ends with one of these, and a blank before a command or the end of the line. */
static bool is_prompt(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (memchr("$#%>", line[i], 4) && (i + 1 == len || line[i + 1] == ' '))
			return true;
	}
	return false;
}

bool pasted_is_noise(const char *line, size_t len)
{
	static const char *const messages[] = {
		"pcilib: ",	      "lspci: ",	 "[sudo] ",	  "```", "~~~", "+ ",
		"Script started on ", "Script done on ", "Connection to "
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(messages); i++) {
		if (begins(line, len, messages[i]))
			return true;
	}
	return is_prompt(line, len);
}
