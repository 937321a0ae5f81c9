// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * check.c - pcigate check: prints exactly the lines of the stage. The exit status is the verdict.
 *
 * Without a capture, the running kernel runs the pipeline, and check prints its answer.
 */
#include "cli.h"

#include <errno.h>

/* Words that get a colour. */
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
			printf("%.*s%s%.*s%s%s\n", (int)(word - line), line,
			       colour(options, words[i].colour), (int)len, word,
			       colour(options, COLOUR_NONE), word + len);
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

/* Size of the kernel's answer. The kernel runs the pipeline when the file is read. */
#define LIVE_SIZE 4096

/* The exit status for the last line of the answer, which is the verdict. */
static int live_status(const char *last)
{
	if (!strncmp(last, "pcigate: OPEN: ", 15))
		return STATUS_OPEN;
	if (!strncmp(last, "pcigate: STOP: ", 15))
		return STATUS_STOP;
	return complain(LIVE_VERDICT_PATH ": not a verdict: '%s'", last);
}

int command_check_live(const struct options *options)
{
	FILE *file = fopen(LIVE_VERDICT_PATH, "re");
	char text[LIVE_SIZE + 1], *line, *last = text, *next;
	size_t len;
	bool bad;

	if (!file)
		return complain("%s: %s", LIVE_VERDICT_PATH, strerror(errno));
	errno = 0;
	len = fread(text, 1, LIVE_SIZE, file);
	bad = ferror(file);
	if (bad)
		complain("%s: %s", LIVE_VERDICT_PATH, strerror(errno));
	fclose(file);
	if (bad)
		return STATUS_TROUBLE;
	text[len] = '\0';
	for (line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (!options->quiet)
			put_line(options, line);
		last = line;
	}
	return live_status(last);
}
