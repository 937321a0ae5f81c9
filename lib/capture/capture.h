/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * capture.h - reads captures: files with the memory, the config space and the command line of a
 * machine (docs/capture.md).
 *
 * The code needs memory allocation, qsort() and vsnprintf() of a C library, but no operating
 * system.
 */
#ifndef PCIGATE_CAPTURE_H
#define PCIGATE_CAPTURE_H

#include <pcigate/config.h>
#include <pcigate/memory.h>
#include <pcigate/next_kernel.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limit of all memory ranges together. A record of 6,144 functions takes 52 KiB. */
#define CAPTURE_MAX_MEMORY (64u << 20)

/* Limit of bridges below each other. Linux has at most 256 buses in a segment. */
#define CAPTURE_MAX_DEPTH 64u

/*
 * Limit of nodes below config. Each function takes up to 4 KiB of memory. pcigate accepts at most
 * 6,144 functions.
 */
#define CAPTURE_MAX_NODES 32768u

/* Limits of segments, and of unreadable registers of a function. A function has 1,024 registers. */
#define CAPTURE_MAX_SEGMENTS 1024u
#define CAPTURE_MAX_BAD 1024u

/* Limit of the size of a file. */
#define CAPTURE_MAX_FILE (64u << 20)

/**
 * struct capture_error - why a capture could not be read
 * @text: one line without a line feed: the path of the node, the property, and the error
 */
struct capture_error {
	char text[400];
};

/**
 * struct capture_range - a range of memory
 * @pa:    physical address of the first byte
 * @size:  size in bytes
 * @bytes: the contents, at the same offset in a page as @pa
 * @block: the allocated block with @bytes
 */
struct capture_range {
	uint64_t pa;
	uint64_t size;
	uint8_t *bytes;
	void *block;
};

/**
 * struct capture_function - a PCI function
 * @devfn:           device and function number
 * @size:            size of its config space in bytes: 256 or 4096
 * @space:           contents of its config space
 * @not_ready:       it answers every read with Request Retry Status
 * @unreadable:      none of its registers can be read
 * @nr_bad:          length of @bad
 * @bad:             offsets of single registers that cannot be read
 * @nr_below:        length of @below
 * @below:           the functions on its secondary bus, sorted by devfn
 */
struct capture_function {
	uint8_t devfn;
	bool not_ready;
	bool unreadable;
	uint16_t size;
	uint8_t *space;
	uint32_t nr_bad;
	uint16_t *bad;
	uint32_t nr_below;
	struct capture_function *below;
};

/**
 * struct capture_bus - a bus at the top of the tree: a root bus, or any bus of a recording
 * @number:       bus number
 * @nr_functions: length of @functions
 * @functions:    sorted by devfn
 */
struct capture_bus {
	uint8_t number;
	uint32_t nr_functions;
	struct capture_function *functions;
};

/**
 * struct capture_segment - a PCI segment and its window
 * @number:      segment number
 * @first:       first bus of the window
 * @last:        last bus of the window
 * @no_extended: registers from 0x100 on cannot be reached
 * @nr_buses:    length of @buses
 * @buses:       sorted by number
 */
struct capture_segment {
	uint32_t number;
	uint8_t first;
	uint8_t last;
	bool no_extended;
	uint32_t nr_buses;
	struct capture_bus *buses;
};

/**
 * struct capture_strings - a list of strings in the capture
 * @nr:   number of strings
 * @text: the strings
 */
struct capture_strings {
	uint32_t nr;
	const char **text;
};

/**
 * struct capture_expect - the expected report and plan (node expect)
 * @present: the capture has this node
 * @open:    the expected verdict is open
 * @reasons: codes of all expected reasons
 * @lines:   expected parts of lines of the report
 * @without: parts of lines that the report must not have
 * @plan:    expected parts of lines of the plan
 */
struct capture_expect {
	bool present;
	bool open;
	struct capture_strings reasons;
	struct capture_strings lines;
	struct capture_strings without;
	struct capture_strings plan;
};

/**
 * struct capture - a capture that was read
 * @fdt:           the device tree of the capture; all strings point into it
 * @description:   description, or NULL
 * @cmdline:       command line of the next kernel, or NULL
 * @knows_next:    the capture has the node next-kernel
 * @next:          what that node says
 * @setup_data_pa: address of the first struct setup_data, 0 if there is none
 * @nr_ranges:     length of @ranges
 * @ranges:        sorted by address; adjacent ranges are merged
 * @nr_segments:   length of @segments
 * @segments:      sorted by number
 * @expect:        the expected report and plan
 * @copies:        with AddressSanitizer, copies of all memory that was mapped (memory.c)
 */
struct capture {
	void *fdt;
	const char *description;
	const char *cmdline;
	bool knows_next;
	struct pg_next_kernel next;
	uint64_t setup_data_pa;
	uint32_t nr_ranges;
	struct capture_range *ranges;
	uint32_t nr_segments;
	struct capture_segment *segments;
	struct capture_expect expect;
	struct capture_copy *copies;
};

/*
 * capture_parse() - reads a capture from a copy of the flattened device tree at @fdt, @size bytes.
 * Returns NULL with @error filled on error.
 */
struct capture *capture_parse(const void *fdt, size_t size, struct capture_error *error);

/* capture_free() - frees a capture; @capture may be NULL. */
void capture_free(struct capture *capture);

/*
 * capture_memory(), capture_config() - the two interfaces of the core to this capture. @capture
 * must exist as long as they are used.
 */
struct pg_memory capture_memory(struct capture *capture);
struct pg_config capture_config(struct capture *capture);

/*
 * capture_path() - finds the bridges that forward a request for @at, from the root bus down.
 * Returns their number. Only for tests: the scan finds the path itself.
 */
uint32_t capture_path(const struct capture *capture, struct pg_bdf at,
		      struct pg_bdf path[CAPTURE_MAX_DEPTH + 1]);

#endif
