// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * check.c - pcigate check: prints exactly the lines of the stage. The exit status is the verdict.
 *
 * Without a capture, the running kernel runs the pipeline, and check prints its answer, and what
 * depends on the addresses of devices that would be lost.
 */
#include "cli.h"
#include "users/users.h"

#include <pcigate/parse.h>

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

/* Reads the address that @text begins with. Returns whether it is one. */
static bool read_address(const char *text, struct pg_bdf *at)
{
	char word[BDF_TEXT];
	size_t len = strspn(text, "0123456789abcdef:.");

	if (len && text[len - 1] == ':')
		len--;
	snprintf(word, sizeof(word), "%.*s", (int)len, text);
	return pg_parse_bdf(word, at);
}

/*
 * Prints what on this host depends on the address of a device that @line says is lost: the kernel
 * knows only its address.
 */
static void put_users(const struct users *users, const char *line)
{
	const char *text = line + strlen("pcigate: "), *to = strstr(line, " MOVES to ");
	struct pg_bdf at, next;

	if (!strncmp(text, "VF ", 3))
		text += 3;
	if (!read_address(text, &at) ||
	    (!strstr(text, " MOVES") && !strstr(text, " WILL NOT BE FOUND") &&
	     !strstr(text, " UNVERIFIED")))
		return;
	if (!to || !read_address(to + strlen(" MOVES to "), &next))
		next = at;
	if (users_put(users, at, next, false, "pcigate:     used by ", stdout))
		putchar('\n');
}

/*
 * Prints the lines about Live Update that the kernel logged since @log was opened. Returns whether
 * the last one is a verdict.
 */
static bool print_log(const struct options *options, const struct users *users, int log)
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
		if (!strncmp(line, "pcigate: ", 9))
			put_users(users, line);
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
	struct users users = { 0 };
	int status;

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	status = read_verdict();
	if (log >= 0) {
		if (status == STATUS_STOP && !users_read(&users))
			complain("out of memory: what uses the devices is not named");
		printed = print_log(options, &users, log);
		users_free(&users);
		close(log);
	}
	if (!printed && status != STATUS_TROUBLE)
		put_line(options, status == STATUS_OPEN ? "pcigate: OPEN: by the kernel's check"
							: "pcigate: STOP: by the kernel's check");
	return status;
}
