/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * request.h - what pcigate.efi is asked to do: its load options, and the text file beside it.
 * Nothing here needs a firmware.
 */
#ifndef PCIGATE_EFI_REQUEST_H
#define PCIGATE_EFI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pcigate/bdf.h>

/*
 * Longest load options, and longest options for the kernel, with the terminating zero.
 * COMMAND_LINE_SIZE is 2048 on x86.
 */
#define REQUEST_TEXT 4096u

/* Words in load options, and lines initrd. */
#define REQUEST_WORDS 256u
#define REQUEST_INITRDS 16u

/* The text file is a page of text; what is larger is something else. */
#define REQUEST_FILE_MAX (64u << 10)

/* Name of that file, beside the program. */
#define REQUEST_FILE_NAME "pcigate.conf"

/**
 * struct request_error - why it is not understood
 * @text: one line: where ("line 3", "load options"), the key, what is wrong
 */
struct request_error {
	char text[160];
};

/**
 * enum request_task - what is to be done
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
 * struct request - all of it; strings lie in @text or in the text file, which must stay
 * @task:       what is to be done
 * @garbage:    the load options were no text, and were passed over
 * @config:     --config, or NULL
 * @capture:    the capture, or NULL
 * @kernel:     the kernel, or NULL
 * @nr_initrds: length of @initrds
 * @initrds:    initrds, in the order in which they are put behind each other
 * @options:    the kernel's command line, "" if there is none
 * @options_len: its length
 * @record:     --record: the file to be written
 * @nr_addresses: length of @addresses
 * @addresses:  what to record; none means every function that is no bridge
 * @text:       the words of the load options, each with a zero behind it
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
 * request_read_options() - reads load options: @units UTF-16 units at @text, with or without a zero
 * at the end. With
 * @skip_program the first word is the program's own name (the EFI shell); a first word that ends in
 * ".efi" is always taken for it. Firmware leaves data of its own there in entries that it made by
 * itself: what does not even begin as text is passed over, and @request->garbage tells so. Fills
 * all of @request; false with @error filled.
 */
bool request_read_options(struct request *request, const uint16_t *text, size_t units,
			  bool skip_program, struct request_error *error);

/*
 * request_read_file() - adds what the text file says, @size bytes at @file with room for one more
 * behind them. The file is changed in place: strings of @request lie in it. What the load options
 * said wins; the kernel options of both are joined, those of the file first. False with @error
 * filled, also where kernel or capture are in neither.
 */
bool request_read_file(struct request *request, char *file, size_t size,
		       struct request_error *error);

/*
 * request_needs_file() - whether the load options alone do not say enough, or name a file
 * themselves.
 */
bool request_needs_file(const struct request *request);

/*
 * request_last_value() - the value of the kernel option @name that stands last; false if there is
 * none.
 */
bool request_last_value(const struct request *request, const char *name, char *value, size_t size);

#endif
