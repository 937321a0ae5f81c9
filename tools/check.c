// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * check.c - pcigate check: exactly what the stage would print, and its verdict as exit status.
 */
#include "cli.h"

/* The word of a line that gets a colour. */
static const struct {
	const char *word;
	enum colour colour;
} words[] = {
	{ " OPEN", COLOUR_GOOD },
	{ " STOP", COLOUR_BAD },
	{ " MOVES", COLOUR_BAD },
};

static void put_line(const struct options *options, const char *line)
{
	for (size_t i = 0; i < PG_ARRAY_SIZE(words); i++) {
		const char *word = strstr(line, words[i].word);
		size_t len = strlen(words[i].word);

		if (word) {
			printf("%.*s%s%.*s%s%s\n", (int)(word - line), line, colour(options, words[i].colour), (int)len,
			       word, colour(options, COLOUR_NONE), word + len);
			return;
		}
	}
	puts(line);
}

int command_check(const struct session *session)
{
	int status = session->gate.verdict.open ? STATUS_OPEN : STATUS_STOP;
	struct lines lines;

	if (session->options->quiet)
		return status;
	if (session->options->expect)
		return expect_compare(session);
	if (session->options->json)
		return json_check(session);
	if (!lines_make(session, &lines))
		return complain("out of memory");
	for (uint32_t i = 0; i < lines.nr; i++)
		put_line(session->options, lines.text[i]);
	lines_free(&lines);
	return status;
}
