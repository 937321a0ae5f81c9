// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * check.c - pcigate check: prints exactly the lines of the stage. The exit status is the verdict.
 *
 * Without a capture, the running kernel runs the pipeline, and check prints its answer.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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

/* Longer than any record of the kernel log. */
#define LOG_RECORD_SIZE 8192

/*
 * Prints the lines about Live Update that the kernel logged since @log was opened. Returns whether
 * the last one is a verdict.
 */
static bool print_log(const struct options *options, int log)
{
	char record[LOG_RECORD_SIZE + 1];
	bool verdict = false;
	ssize_t len;

	/* EPIPE: the kernel overwrote records that were not read yet. */
	while ((len = read(log, record, LOG_RECORD_SIZE)) > 0 || (len < 0 && errno == EPIPE)) {
		char *line;

		record[len > 0 ? len : 0] = '\0';
		line = strchr(record, ';');
		if (!line)
			continue;
		line++;
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "pcigate: ", 9) && !strstr(line, "liveupdate: "))
			continue;
		put_line(options, line);
		verdict = !strncmp(line, "pcigate: OPEN: ", 15) ||
			  !strncmp(line, "pcigate: STOP: ", 15);
	}
	return verdict;
}

/* Reads the verdict, for which the kernel runs the check. Returns an exit status. */
static int read_verdict(void)
{
	FILE *file = fopen(LIVE_VERDICT_PATH, "re");
	char text[16];
	int status;

	if (!file)
		return complain("%s: %s", LIVE_VERDICT_PATH, strerror(errno));
	if (!fgets(text, sizeof(text), file))
		status = complain("%s: %s", LIVE_VERDICT_PATH, strerror(errno));
	else if (!strcmp(text, "open\n"))
		status = STATUS_OPEN;
	else if (!strcmp(text, "stop\n"))
		status = STATUS_STOP;
	else
		status = complain(LIVE_VERDICT_PATH ": not a verdict: '%s'", text);
	fclose(file);
	return status;
}

int command_check_live(const struct options *options)
{
	int log = options->quiet ? -1 : open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool printed = options->quiet;
	int status;

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	status = read_verdict();
	if (log >= 0) {
		printed = print_log(options, log);
		close(log);
	}
	if (!printed && status != STATUS_TROUBLE)
		put_line(options, status == STATUS_OPEN ? "pcigate: OPEN: by the kernel's check"
							: "pcigate: STOP: by the kernel's check");
	return status;
}
