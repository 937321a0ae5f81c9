/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * request.h - the request to pcigate.efi: its load options, and the text file in its directory.
 * This code does not need firmware.
 */
#ifndef PCIGATE_EFI_REQUEST_H
#define PCIGATE_EFI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pcigate/bdf.h>

/*
 * Limit of load options and of options for the kernel, with the terminating zero. COMMAND_LINE_SIZE
 * is 2048 on x86.
 */
#define REQUEST_TEXT 4096u

/* Limits of words in load options, and of initrds. */
#define REQUEST_WORDS 256u
#define REQUEST_INITRDS 16u

/* Limit of the size of the text file. */
#define REQUEST_FILE_MAX (64u << 10)

/* Name of that file in the program's directory. */
#define REQUEST_FILE_NAME "pcigate.conf"

/**
 * struct request_error - an error in the request
 * @text: one line: the place ("line 3", "load options"), the key, and the error
 */
struct request_error {
	char text[160];
};

/**
 * enum request_task - the task of this run
 * @TASK_GATE:    compare, then start the kernel or stop
 * @TASK_RECORD:  --record
 * @TASK_HELP:    --help
 * @TASK_VERSION: --version
 */
enum request_task {
	TASK_GATE,
	TASK_RECORD,
	TASK_HELP,
	TASK_VERSION,
};

/**
 * struct request - the request; its strings are in @text or in the text file, which must not be
 * freed
 * @task:       the task of this run
 * @garbage:    the load options were not text, and were ignored
 * @config:     --config, or NULL
 * @capture:    the capture, or NULL
 * @kernel:     the kernel, or NULL
 * @nr_initrds: length of @initrds
 * @initrds:    the initrds, in the order in which they are concatenated
 * @options:    the kernel's command line, "" if there is none
 * @options_len: its length
 * @record:     --record: the file to be written
 * @nr_addresses: length of @addresses
 * @addresses:  devices to record; if there are none, every function that is not a bridge
 * @text:       the words of the load options, each with a terminating zero
 */
struct request {
	enum request_task task;
	bool garbage;
	const char *config;
	const char *capture;
	const char *kernel;
	uint32_t nr_initrds;
	const char *initrds[REQUEST_INITRDS];
	char options[REQUEST_TEXT];
	size_t options_len;
	const char *record;
	uint32_t nr_addresses;
	struct pg_bdf addresses[REQUEST_WORDS];
	char text[REQUEST_TEXT];
};

/*
 * request_read_options() - reads load options: @units UTF-16 units at @text, with or without a
 * terminating zero. With @skip_program (the EFI shell), the first word is the name of the program.
 * A first word that ends in ".efi" is always skipped. In boot entries that the firmware made, load
 * options are binary data: if they do not begin as text, they are ignored and @request->garbage is
 * set. Fills all of @request. False on error, with @error filled.
 */
bool request_read_options(struct request *request, const uint16_t *text, size_t units,
			  bool skip_program, struct request_error *error);

/*
 * request_read_file() - adds the contents of the text file: @size bytes at @file, and one writable
 * byte after them. The file is changed in place, and strings of @request point into it. Values from
 * the load options take precedence. Kernel options of both are joined, those of the file first.
 * False on error, with @error filled; it is an error if no kernel or no capture is named.
 */
bool request_read_file(struct request *request, char *file, size_t size,
		       struct request_error *error);

/*
 * request_needs_file() - true if the load options name a text file, or if they are incomplete
 * without one.
 */
bool request_needs_file(const struct request *request);

/* request_last_value() - the value of the last kernel option @name; false if there is none. */
bool request_last_value(const struct request *request, const char *name, char *value, size_t size);

#endif
