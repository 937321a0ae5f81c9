/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * machine.h - a machine to plan for: its config space, all functions that answer, and its root
 * buses.
 *
 * A machine is a capture, the text of lspci -xxx or -xxxx, or the host itself.
 */
#ifndef PCIGATE_MACHINE_H
#define PCIGATE_MACHINE_H

#include "../../lib/capture/capture.h"

#include <pcigate/record.h>

#include <stdio.h>

/* Limit for the functions of a dump, virtual functions included. */
#define MACHINE_MAX_LISTED 32768u

/* Limit for the notes that are printed; the rest is only counted. */
#define MACHINE_MAX_NOTES 16u

/**
 * struct machine_function - a function of a machine
 * @at:   its address
 * @line: the line of the dump that has it, 0 elsewhere
 * @lost: it is, or may be, a bridge that led somewhere once and leads nowhere now
 */
struct machine_function {
	struct pg_bdf at;
	uint32_t line;
	bool lost;
};

/**
 * struct machine - a machine to plan for
 * @config:       reads its config space
 * @is_host:      it is this host
 * @cmdline:      the command line that its kernel was booted with; NULL unless it is the host
 * @nr:           number of functions that answer
 * @functions:    these functions, sorted by address
 * @nr_silent:    number of functions that are listed, but whose vendor and device ID are all ones
 * @silent:       these functions, sorted by address; usually virtual functions
 * @nr_roots:     number of root buses; PG_MAX_ROOTS + 1 if there are more
 * @roots:        the root buses, in the order of the record, else by segment and bus number
 * @end_assumed:  the end of a root bus is not known: it is assumed to be before the next one
 * @nr_notes:     number of @notes
 * @notes:        lines about unusual facts, one for each
 * @more_notes:   number of further notes, which are not kept
 * @source:       what @config reads from
 * @close:        frees @source; may be NULL
 */
struct machine {
	struct pg_config config;
	bool is_host;
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
 * The three kinds of machines. Return false with @error filled if something cannot be read or has
 * the wrong format. In any case call machine_close() afterwards.
 *
 * @record is the result of the record step on the capture's memory; it may have the root buses. A
 * dump has @size bytes at @text.
 */
bool machine_of_capture(struct machine *machine, struct capture *capture,
			const struct pg_record *record, struct capture_error *error);
bool machine_of_text(struct machine *machine, const char *text, size_t size,
		     struct capture_error *error);
bool machine_of_host(struct machine *machine, struct capture_error *error);
void machine_close(struct machine *machine);

/* pasted_mark() - the length of a byte order mark at the beginning of a text. */
size_t pasted_mark(const char *text, size_t size);

/* pasted_blanks() - the length of the indentation of a line. '>' quotes a line in a mail. */
size_t pasted_blanks(const char *line, size_t len);

/*
 * pasted_is_noise() - whether a line that is not of lspci may stand in its output: a prompt, a
 * message of libpci, script(1) or ssh(1), the fence of a code block.
 */
bool pasted_is_noise(const char *line, size_t len);

/*
 * machine_window() - struct pg_config's window() for a dump and the host. @ctx is the machine,
 * whose functions are known. Linux itself assigns segment numbers from 0x10000 on: ACPI, and so
 * pcigate, does not know them.
 */
bool machine_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last);

/*
 * machine_tell_root() - the machine has this root bus, and it ends there. False with @error filled
 * if that cannot be.
 */
bool machine_tell_root(struct machine *machine, const struct pg_record_root *root,
		       struct capture_error *error);

/* machine_end_assumed() - whether the end of the root bus @first of @segment is an assumption. */
bool machine_end_assumed(const struct machine *machine, uint32_t segment, uint8_t first);

/* machine_find() - the function at @at among @nr sorted ones, or NULL. */
const struct machine_function *machine_find(const struct machine_function *functions, uint32_t nr,
					    struct pg_bdf at);

/* machine_note() - keeps a line to be printed for the user. */
void machine_note(struct machine *machine, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* machine_fail() - fills @error and returns false. */
bool machine_fail(struct capture_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * struct host_window - a window to config space that the running kernel uses
 * @segment: its segment
 * @first:   its first bus
 * @last:    its last bus
 * @hidden:  the kernel does not show the address, as it does not to other users than root
 * @address: the physical address, for @first
 */
struct host_window {
	uint32_t segment;
	uint8_t first;
	uint8_t last;
	bool hidden;
	uint64_t address;
};

/* windows_parse() - parses a line of /proc/iomem; false if it is not about such a window. */
bool windows_parse(const char *line, struct host_window *window);

/*
 * windows_take() - finds the windows of @nr root buses in @file (/proc/iomem). False if the kernel
 * hides their addresses.
 */
bool windows_take(FILE *file, struct pg_record_root *roots, uint32_t nr);

/* machine_find_windows() - the same for the root buses of this host. */
bool machine_find_windows(struct machine *machine, struct capture_error *error);

/* sysfs_read() - struct pg_config's read() for this host. */
enum pg_access sysfs_read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value);

/*
 * sysfs_list() - the functions of this host that Linux knows, *@nr of them, to be freed; NULL with
 * @error filled.
 */
struct machine_function *sysfs_list(uint32_t *nr, struct capture_error *error);

/* What sysfs says about the device at @at of this host. */
bool sysfs_has_driver(struct pg_bdf at, const char *name, size_t len);
bool sysfs_bound_to_vfio(struct pg_bdf at);
bool sysfs_is_virtual(struct pg_bdf at);

/*
 * sysfs_translated() - 1 if an IOMMU translates the DMA of the device or its driver sets up the
 * translation itself, 0 if not, negative if this is not known.
 */
int8_t sysfs_translated(struct pg_bdf at);

/*
 * machine_take() - reads the vendor and device ID of all @listed functions and sorts the functions
 * into those that answer and those that do not. Takes ownership of @listed. machine_find_roots()
 * then finds the root buses, to which no bridge leads. A segment that @known names has the root
 * buses that @known names.
 */
bool machine_take(struct machine *machine, struct machine_function *listed, uint32_t nr,
		  struct capture_error *error);
void machine_find_roots(struct machine *machine, const struct pg_record_root *known,
			uint32_t nr_known);

#endif
