/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cli.h - what all commands of pcigate share: options, exit statuses, colours, messages.
 */
#ifndef PCIGATE_CLI_H
#define PCIGATE_CLI_H

#include "../lib/capture/capture.h"
#include "selection.h"

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
 * @command: "check", "show", "plan"
 * @path:    the capture, or NULL
 * @dump:    --file, the text of lspci, or NULL
 * @cmdline: --cmdline, or NULL
 * @append:  --append, or NULL
 * @preserved: --preserve
 * @nr_roots: number of @roots
 * @roots:   --root
 * @paths:   --paths
 * @names:   --names
 * @moves_only: --moves-only
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
	const char *append;
	struct selection preserved;
	uint32_t nr_roots;
	struct pg_record_root roots[PG_MAX_ROOTS];
	bool paths;
	bool names;
	bool moves_only;
	bool json;
	bool dot;
	bool quiet;
	bool expect;
	bool efi;
	bool colour;
	bool utf8;
};

/**
 * struct session - one run of the pipeline
 * @options: of the command
 * @capture: the capture that was read, or NULL
 * @cmdline: the next kernel's command line: from the options, else from the capture, else NULL
 * @appended: memory for @cmdline, if the options append words
 * @gate:    the results of all steps
 */
struct session {
	const struct options *options;
	struct capture *capture;
	const char *cmdline;
	char *appended;
	struct pg_gate gate;
};

/* The commands. Each returns an exit status. */
int command_check(const struct session *session);
int command_check_live(const struct options *options);
int command_show(const struct session *session);
int show_run(const struct options *options);
int command_plan(const struct options *options);
int command_show_efi(const struct options *options);
int command_inspect(int argc, char **argv);
int command_wrap(int argc, char **argv);
int command_load(int argc, char **argv);
int command_record(int argc, char **argv);
int command_diff(int argc, char **argv);

/*
 * show_own() - pcigate show for a tree that is pcigate's own record alone, without the rest of a
 * capture: @size bytes at @fdt.
 */
int show_own(const struct options *options, const void *fdt, size_t size, const char *report);

/* own_is_record() - whether @fdt is marked as pcigate's own record, of any version. */
bool own_is_record(const void *fdt, size_t size);

/* Where a kernel with the early refusal shows its verdict (CONFIG_PCI_LIVEUPDATE_CHECK). */
#define LIVE_VERDICT_PATH "/sys/bus/pci/liveupdate_verdict"

/* Where the next kernel shows pcigate's own record. */
#define OWN_RECORD_PATH "/sys/kernel/debug/kho/in/sub_fdts/pci-topology"

/*
 * session_load() - reads options->path as a capture. Returns 0 or an exit status. It calls
 * session_fetch(), which returns a tree for the caller to free, or NULL after an error message, and
 * session_parse().
 */
int session_load(struct session *session);
void *session_fetch(const char *path, size_t *size);
int session_parse(struct session *session, const void *fdt, size_t size);

/*
 * session_cmdline() - the command line for the next kernel: --cmdline or else @given, which may be
 * NULL, with the words of --append before a "--".
 */
const char *session_cmdline(struct session *session, const char *given);

/*
 * session_run() - runs the pipeline on @session->capture. All sessions share one workspace, so only
 * one session can be in use.
 */
void session_run(struct session *session);

/*
 * session_look() - fills the record and the topology even with pcigate=off. The policy does not
 * change.
 */
void session_look(struct session *session);

/* session_judge() - judges @record, which the caller made. */
void session_judge(struct session *session, const struct pg_config *config,
		   struct pg_record *record);

/* complain() - "pcigate: MESSAGE" on standard error. Returns STATUS_TROUBLE. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Escape sequences for colours; "" if the options ask for no colour. */
enum colour {
	COLOUR_NONE,
	COLOUR_GOOD,
	COLOUR_BAD,
	COLOUR_DOUBT,
	COLOUR_FAINT,
};
const char *colour(const struct options *options, enum colour wanted);

/*
 * colour_parse() - whether the output is coloured: @when is "auto", "never", or "always" or NULL.
 * False if it is anything else.
 */
bool colour_parse(const char *when, bool *colour);

/* is_utf8() - whether the locale's character set is UTF-8. */
bool is_utf8(void);

/*
 * put_text() - prints @text from a capture with every control character replaced, so that it cannot
 * control a terminal.
 */
void put_text(FILE *out, const char *text);

/* bdf_text() - "0000:05:00.0" in a buffer that the caller provides. */
#define BDF_TEXT 24
const char *bdf_text(struct pg_bdf at, char text[BDF_TEXT]);

/*
 * path_text() - the path of the function @index, as lspci -P prints it: "0000:00:1c.0/00.0". Each
 * bridge of it takes a bus number, so there are at most 255 of them.
 */
#define PATH_TEXT (BDF_TEXT + 256 * 5)
const char *path_text(const struct pg_topology *topology, uint32_t index, char text[PATH_TEXT]);

/* presence_text() - a short text for the result of a config read of the function. */
const char *presence_text(const struct pg_function *function);

/* judgement_text() - "keeps", "moves", "lost" or "unverified". */
const char *judgement_text(const struct pg_judgement *judgement);

/*
 * Print the JSON objects that docs/pcigate-*.8 describe on standard output. Return an exit status.
 */
int json_check(const struct session *session);
int json_show(const struct session *session);

/*
 * expect_plan() - compares the lines of a plan, @text, with what the capture expects. Returns an
 * exit status.
 */
int expect_plan(const struct session *session, const char *text);

/*
 * expect_compare() - reports on standard error each difference between the report and what the
 * capture expects. Returns an exit status.
 */
int expect_compare(const struct session *session);

/*
 * show_tree() - draws the functions of the topology below their bridges. False if memory runs out.
 */
bool show_tree(const struct session *session, FILE *out);

/**
 * struct lines - the lines of the report
 * @nr:     number of lines
 * @text:   the lines, without line feeds
 * @failed: memory ran out
 */
struct lines {
	uint32_t nr;
	char (*text)[PG_LINE_SIZE];
	bool failed;
};

/*
 * lines_make() - makes the lines that the stage would print for this session. False if memory runs
 * out. lines_free() frees them.
 */
bool lines_make(const struct session *session, struct lines *lines);
void lines_free(struct lines *lines);

#endif
