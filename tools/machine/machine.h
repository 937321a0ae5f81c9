/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * machine.h - a machine to plan for: its config space, everything that answers there, and its root
 * buses.
 *
 * It is a capture, the text of lspci -xxx or -xxxx, or the host itself. The last two are read with
 * libpci.
 */
#ifndef PCIGATE_MACHINE_H
#define PCIGATE_MACHINE_H

#include "../../lib/capture/capture.h"

#include <pcigate/record.h>

#include <stdio.h>

/* Functions of a dump, virtual ones included: libpci takes 4 KiB for each. */
#define MACHINE_MAX_LISTED 32768u

/* A bridge that is told twice to lead nowhere is enough; of more, the rest is counted. */
#define MACHINE_MAX_NOTES 16u

/**
 * struct machine_function - a function that a list names
 * @at:   its address
 * @line: where a dump names it, 0 elsewhere
 * @lost: it is or may be a bridge that led somewhere once, and does no more
 */
struct machine_function {
	struct pg_bdf at;
	uint32_t line;
	bool lost;
};

/**
 * struct machine - see above
 * @config:       the seam to its config space
 * @cmdline:      the command line that its kernel was booted with; NULL unless it is the host
 * @nr:           number of functions that answer
 * @functions:    them, in the order of addresses
 * @nr_silent:    number of functions that are listed but answer all ones to the question who they
 * are
 * @silent:       them, in the order of addresses: virtual functions, as a rule
 * @nr_roots:     number of root buses; PG_MAX_ROOTS + 1 if there are more than that
 * @roots:        them, in the order in which the record has them, else of segment and number
 * @end_assumed:  nobody tells where a root bus ends: it is taken to be before the next one
 * @nr_notes:     number of @notes
 * @notes:        what was strange, a line each
 * @more_notes:   how many there are beyond those
 * @source:       what @config reads from
 * @close:        gives @source back; may be NULL
 */
struct machine {
	struct pg_config config;
	char *cmdline;
	uint32_t nr;
	struct machine_function *functions;
	uint32_t nr_silent;
	struct machine_function *silent;
	uint32_t nr_roots;
	struct pg_record_root roots[PG_MAX_ROOTS];
	bool end_assumed[PG_MAX_ROOTS];
	uint32_t nr_notes;
	char *notes[MACHINE_MAX_NOTES];
	uint32_t more_notes;
	void *source;
	void (*close)(void *source);
};

/*
 * The three kinds. false if there is something that cannot be read, or is no such thing, with
 * @error filled. In any case machine_close() follows.
 *
 * @record is what the gate made of the capture's memory: it may know the root buses. @path of a
 * dump may be "-".
 */
bool machine_of_capture(struct machine *machine, struct capture *capture,
			const struct pg_record *record, struct capture_error *error);
bool machine_of_dump(struct machine *machine, const char *path, struct capture_error *error);
bool machine_of_host(struct machine *machine, struct capture_error *error);
void machine_close(struct machine *machine);

/* machine_of_text() - a dump that is in memory already, @size bytes of it. */
bool machine_of_text(struct machine *machine, const char *text, size_t size,
		     struct capture_error *error);

/* machine_end_assumed() - whether the end of the root bus @first of @segment is an assumption. */
bool machine_end_assumed(const struct machine *machine, uint32_t segment, uint8_t first);

/* machine_find() - the function at @at among @nr sorted ones, or NULL. */
const struct machine_function *machine_find(const struct machine_function *functions, uint32_t nr,
					    struct pg_bdf at);

/* machine_note() - keeps a line for the reader. */
void machine_note(struct machine *machine, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* machine_fail() - fills @error and returns false. */
bool machine_fail(struct capture_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * machine_take() - asks all @listed functions who they are and sorts them into those that answer
 * and those that do not. Takes @listed over. machine_find_roots() then finds the root buses: those
 * that no bridge leads to. A segment that @known names has those that it names.
 */
bool machine_take(struct machine *machine, struct machine_function *listed, uint32_t nr,
		  struct capture_error *error);
void machine_find_roots(struct machine *machine, const struct pg_record_root *known,
			uint32_t nr_known);

/**
 * struct dump_list - what dump_check() found
 * @nr:        number of functions
 * @functions: them, in the order of addresses
 * @extended:  some of them have 4096 bytes of config space
 */
struct dump_list {
	uint32_t nr;
	struct machine_function *functions;
	bool extended;
};

/*
 * dump_check() - reads the text of lspci line by line, tells what libpci would pass over in
 * silence, and writes what is left, the addresses and the bytes, to @out for libpci.
 */
bool dump_check(const char *text, size_t size, FILE *out, struct dump_list *list,
		struct capture_error *error);

/* libpci_open_dump(), libpci_open_host() - config space by libpci. */
bool libpci_open_dump(struct machine *machine, const char *path, const struct dump_list *list,
		      struct capture_error *error);
bool libpci_open_host(struct machine *machine, struct machine_function **listed, uint32_t *nr,
		      struct capture_error *error);

#endif
