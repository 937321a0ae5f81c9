// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * check.c - pcigate check: prints exactly the lines of the stage. The exit status is the verdict.
 *
 * Without a capture, the running kernel runs the pipeline, and check prints its answer, and what
 * depends on the addresses of devices that would be lost.
 */
#include "cli.h"
#include "json.h"
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

/**
 * struct live - the answer of the running kernel
 * @options: of the command
 * @users:   what depends on addresses
 * @lines:   with --json: an array of what the kernel logged
 * @lost:    with --json: an array of devices that would be lost
 * @failed:  memory ran out
 */
struct live {
	const struct options *options;
	struct users users;
	json_t *lines;
	json_t *lost;
	bool failed;
};

/*
 * Names what on this host depends on the address of a device that @line says is lost: the kernel
 * knows only its address.
 */
static void take_lost(struct live *live, const char *line)
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
	if (live->lost)
		live->failed |= !json_append_or_fail(
			live->lost, json_pack("{s:o, s:o, s:o}", "address", json_address(at),
					      "tomorrow", to ? json_address(next) : json_null(),
					      "users", users_json(&live->users, at, next, false)));
	else if (users_put(&live->users, at, next, false, "pcigate:     used by ", stdout))
		putchar('\n');
}

static void take_line(struct live *live, const char *line)
{
	if (live->lines)
		live->failed |= !json_append_or_fail(live->lines, json_text(line));
	else
		put_line(live->options, line);
	if (!strncmp(line, "pcigate: ", 9))
		take_lost(live, line);
}

/*
 * Takes the lines about Live Update that the kernel logged since @log was opened. Returns whether
 * the last one is a verdict.
 */
static bool read_log(struct live *live, int log)
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
		take_line(live, line);
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

/* Prints and frees the object. Without a verdict there is none. */
static int put_json(struct live *live, int status)
{
	json_t *object =
		json_pack("{s:s, s:o, s:o}", "verdict", status == STATUS_OPEN ? "open" : "stop",
			  "lines", live->lines, "lost", live->lost);

	if (live->failed || status == STATUS_TROUBLE) {
		json_decref(object);
		return live->failed ? complain("out of memory") : status;
	}
	return json_put(object) ? STATUS_TROUBLE : status;
}

int command_check_live(const struct options *options)
{
	struct live live = { .options = options };
	int log = options->quiet ? -1 : open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool verdict = options->quiet;
	int status;

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	status = read_verdict();
	if (options->json) {
		live.lines = json_array();
		live.lost = json_array();
	}
	if (log >= 0) {
		if (status == STATUS_STOP && !users_read(&live.users))
			complain("out of memory: what uses the devices is not named");
		verdict = read_log(&live, log);
		users_free(&live.users);
		close(log);
	}
	if (!verdict && status != STATUS_TROUBLE)
		take_line(&live, status == STATUS_OPEN ? "pcigate: OPEN: by the kernel's check"
						       : "pcigate: STOP: by the kernel's check");
	return options->json ? put_json(&live, status) : status;
}
