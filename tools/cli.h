/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cli.h - what all commands of pcigate share: options, exit statuses, colour, messages.
 */
#ifndef PCIGATE_CLI_H
#define PCIGATE_CLI_H

#include "capture/capture.h"

#include <pcigate/gate.h>

#include <stdio.h>

/* The exit statuses of every command (docs/pcigate.8). */
enum status {
	STATUS_OPEN = 0,
	STATUS_STOP = 1,
	STATUS_TROUBLE = 2,
};

/**
 * struct options - the command line of pcigate
 * @command: "check", "show"
 * @path:    the capture
 * @cmdline: --cmdline, or NULL
 * @json:    --json
 * @quiet:   --quiet
 * @expect:  --expect
 * @colour:  colours are wanted on standard output
 * @utf8:    the locale's character set is UTF-8
 */
struct options {
	const char *command;
	const char *path;
	const char *cmdline;
	bool json;
	bool quiet;
	bool expect;
	bool colour;
	bool utf8;
};

/**
 * struct session - a capture that went through the gate
 * @options: of the command
 * @capture: what was read
 * @cmdline: of the next kernel: from the options, else from the capture, else NULL
 * @gate:    what every room handed on
 */
struct session {
	const struct options *options;
	struct capture *capture;
	const char *cmdline;
	struct pg_gate gate;
};

/* The commands. Each returns an exit status. */
int command_check(const struct session *session);
int command_show(const struct session *session);

/* session_run() - sends @session->capture through the gate. The workspace is one for all: one session at a time. */
void session_run(struct session *session);

/*
 * session_look() - has the record and the topology filled also where pcigate=off let the gate look at nothing. The
 * policy stays what it was, the verdict then is that of a gate that is on.
 */
void session_look(struct session *session);

/* complain() - "pcigate: MESSAGE" on standard error. Returns STATUS_TROUBLE. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Colours, as escape sequences; "" where none are wanted. */
enum colour {
	COLOUR_NONE,
	COLOUR_GOOD,
	COLOUR_BAD,
	COLOUR_DOUBT,
	COLOUR_FAINT,
};
const char *colour(const struct options *options, enum colour wanted);

/* put_text() - prints @text from a capture with every control character replaced, so that it cannot steer a terminal.
 */
void put_text(FILE *out, const char *text);

/* bdf_text() - "0000:05:00.0" in a buffer that the caller provides. */
#define BDF_TEXT 24
const char *bdf_text(struct pg_bdf at, char text[BDF_TEXT]);

/* presence_text() - what a function answered, in a few words. */
const char *presence_text(const struct pg_function *function);

/* judgement_text() - "keeps", "moves" or "unverified". */
const char *judgement_text(const struct pg_judgement *judgement);

/* The same objects that docs/pcigate.8 describes, on standard output. Return an exit status. */
int json_check(const struct session *session);
int json_show(const struct session *session);

/* expect_compare() - tells on standard error where the gate said something else than the capture expects; 0, 1 or 2. */
int expect_compare(const struct session *session);

/* tree_print() - draws the functions of the topology below their bridges; false without memory. */
bool tree_print(const struct session *session, FILE *out);

/**
 * struct lines - lines of the report, kept
 * @nr:     how many
 * @text:   them, without line feeds
 * @failed: there was no memory for one of them
 */
struct lines {
	uint32_t nr;
	char (*text)[PG_LINE_SIZE];
	bool failed;
};

/* lines_make() - the stage's own lines on this session; false without memory. lines_free() gives them back. */
bool lines_make(const struct session *session, struct lines *lines);
void lines_free(struct lines *lines);

#endif
