/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cli.h - what all commands of pcigate share: options, exit statuses, colour, messages.
 */
#ifndef PCIGATE_CLI_H
#define PCIGATE_CLI_H

#include "../lib/capture/capture.h"

#include <pcigate/gate.h>

#include <stdio.h>

/* The exit statuses of every command (docs/pcigate.8). */
enum status {
	STATUS_OPEN = 0,
	STATUS_STOP = 1,
	STATUS_TROUBLE = 2,
};

/* Devices that --preserve can name. */
#define OPTIONS_MAX_PRESERVED 4096u

/**
 * struct options - the command line of pcigate
 * @command: "check", "show", "plan"
 * @path:    the capture, or NULL
 * @dump:    --file, the text of lspci, or NULL
 * @cmdline: --cmdline, or NULL
 * @nr_preserved: number of @preserved
 * @preserved: --preserve
 * @json:    --json
 * @dot:     --dot
 * @quiet:   --quiet
 * @expect:  --expect
 * @efi:     --efi
 * @colour:  colours are wanted on standard output
 * @utf8:    the locale's character set is UTF-8
 */
struct options {
	const char *command;
	const char *path;
	const char *dump;
	const char *cmdline;
	uint32_t nr_preserved;
	struct pg_bdf preserved[OPTIONS_MAX_PRESERVED];
	bool json;
	bool dot;
	bool quiet;
	bool expect;
	bool efi;
	bool colour;
	bool utf8;
};

/**
 * struct session - what went through the gate
 * @options: of the command
 * @capture: what was read, or NULL
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
int command_check_live(const struct options *options);
int command_show(const struct session *session);
int command_plan(const struct options *options);
int command_show_efi(const struct options *options);

/*
 * show_own() - pcigate show of the tree that is pcigate's own record, @size bytes at @fdt, without
 * the rest of a capture.
 */
int show_own(const struct options *options, const void *fdt, size_t size);

/* own_is_record() - whether @fdt calls itself such a record, of whatever version. */
bool own_is_record(const void *fdt, size_t size);

/* Where a kernel with the early refusal answers (kernel-patch/, CONFIG_PCI_PCIGATE). */
#define LIVE_VERDICT_PATH "/sys/kernel/pcigate/verdict"

/* Where the next kernel shows it. */
#define OWN_RECORD_PATH "/sys/kernel/debug/kho/in/sub_fdts/pcigate"

/*
 * session_load() - reads options->path as a capture. Returns 0 or an exit status. It is
 * session_fetch(), which returns a tree to be freed, or NULL after complaining, and
 * session_parse().
 */
int session_load(struct session *session);
void *session_fetch(const char *path, size_t *size);
int session_parse(struct session *session, const void *fdt, size_t size);

/*
 * session_run() - sends @session->capture through the pipeline. The workspace is one for all: one
 * session at a time.
 */
void session_run(struct session *session);

/*
 * session_look() - has the record and the topology filled with pcigate=off, too. The policy stays
 * what it was.
 */
void session_look(struct session *session);

/* session_judge() - judges @record, which no kernel wrote. */
void session_judge(struct session *session, const struct pg_config *config,
		   struct pg_record *record);

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

/*
 * put_text() - prints @text from a capture with every control character replaced, so that it cannot
 * steer a terminal.
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

/* expect_plan() - the same for the lines of a plan, @text. */
int expect_plan(const struct session *session, const char *text);

/*
 * expect_compare() - tells on standard error where the gate said something else than the capture
 * expects; 0, 1 or 2.
 */
int expect_compare(const struct session *session);

/* show_tree() - draws the functions of the topology below their bridges; false without memory. */
bool show_tree(const struct session *session, FILE *out);

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

/*
 * lines_make() - the stage's own lines on this session; false without memory. lines_free() gives
 * them back.
 */
bool lines_make(const struct session *session, struct lines *lines);
void lines_free(struct lines *lines);

#endif
