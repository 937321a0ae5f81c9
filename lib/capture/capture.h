/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * capture.h - a machine in a file: the memory and the config space that the gate asks for, and what
 * else belongs to it.
 *
 * docs/capture.md describes the format. Reading is in two steps: load.c makes a flattened device
 * tree of a file (by dtc, if it is text), parse.c makes a struct capture of that. load.c, input.c
 * and dtc.c need an operating system; the rest needs calloc(), free(), qsort() and vsnprintf().
 */
#ifndef PCIGATE_CAPTURE_H
#define PCIGATE_CAPTURE_H

#include <pcigate/config.h>
#include <pcigate/memory.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All memory ranges of a capture together; a record of 6,144 functions takes 52 KiB. */
#define CAPTURE_MAX_MEMORY (64u << 20)

/*
 * Bridges below bridges, and nodes below nodes in an fdt@ node. Linux itself runs out of buses at
 * 256.
 */
#define CAPTURE_MAX_DEPTH 64u

/*
 * Nodes below config: each function takes up to 4 KiB, and the gate has room for 6,144 functions.
 */
#define CAPTURE_MAX_NODES 32768u

/* Segments, and registers of a function that cannot be read: all there are. */
#define CAPTURE_MAX_SEGMENTS 1024u
#define CAPTURE_MAX_BAD 1024u

/* Size of a file that is read at all. */
#define CAPTURE_MAX_FILE (64u << 20)

/**
 * struct capture_error - why a capture could not be read
 * @text: one line without a line feed: the path of the node, the property, what is wrong with it
 */
struct capture_error {
	char text[400];
};

/**
 * struct capture_range - some memory
 * @pa:    physical address of the first byte
 * @size:  bytes
 * @bytes: content; aligned in the address space of the process as @pa is within a page
 * @block: what to free
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
 * @size:            bytes of config space it has: 256 or 4096
 * @space:           them, as they lie in config space
 * @not_ready:       answers every request with Request Retry Status
 * @unreadable:      reads of all its registers fail
 * @nr_bad:          length of @bad
 * @bad:             offsets of registers that alone cannot be read
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
 * struct capture_bus - a bus that answers by itself: a root bus, or any bus of a recording
 * @number:       its number
 * @nr_functions: length of @functions
 * @functions:    sorted by devfn
 */
struct capture_bus {
	uint8_t number;
	uint32_t nr_functions;
	struct capture_function *functions;
};

/**
 * struct capture_segment - a PCI segment and the window to it
 * @number:      of the segment
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
 * @nr:   how many
 * @text: them
 */
struct capture_strings {
	uint32_t nr;
	const char **text;
};

/**
 * struct capture_expect - what the gate should say about this capture (node expect)
 * @present: there is such a node
 * @open:    it should open
 * @reasons: codes of all reasons that should be given, none more
 * @lines:   parts of lines that should be printed
 * @without: parts of lines that should not
 * @plan:    parts of lines of the plan
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
 * @fdt:           the tree it was made of; the strings below lie in it
 * @description:   or NULL
 * @cmdline:       of the next kernel, or NULL
 * @setup_data_pa: address of the first struct setup_data, 0 if there is none
 * @nr_ranges:     length of @ranges
 * @ranges:        sorted by address, none touches another
 * @nr_segments:   length of @segments
 * @segments:      sorted by number
 * @expect:        see there
 * @copies:        with the sanitiser, exact copies of what was mapped: see capture_map()
 */
struct capture {
	void *fdt;
	const char *description;
	const char *cmdline;
	uint64_t setup_data_pa;
	uint32_t nr_ranges;
	struct capture_range *ranges;
	uint32_t nr_segments;
	struct capture_segment *segments;
	struct capture_expect expect;
	struct capture_copy *copies;
};

/*
 * capture_load() - reads the file @path ("-": standard input) as a flattened device tree; text is
 * given to dtc. Returns a block of *@size bytes to be freed, or NULL with @error filled. dtc's own
 * complaints are on standard error by then.
 */
void *capture_load(const char *path, size_t *size, struct capture_error *error);

/*
 * capture_fetch() - the bytes of the file @path ("-": standard input) as they are, with a zero
 * behind them; like above.
 */
char *capture_fetch(const char *path, size_t *size, struct capture_error *error);

/*
 * capture_parse() - makes a capture of the flattened device tree of @size bytes at @fdt, which it
 * copies. NULL on error.
 */
struct capture *capture_parse(const void *fdt, size_t size, struct capture_error *error);

/* capture_free() - gives everything back; @capture may be NULL. */
void capture_free(struct capture *capture);

/*
 * capture_memory(), capture_config() - the two seams of the core on this capture, which must stay
 * as long as they are used.
 */
struct pg_memory capture_memory(struct capture *capture);
struct pg_config capture_config(struct capture *capture);

/*
 * capture_path() - the bridges that forward a request for @at, from the root bus down, as far as it
 * gets. Returns their number. For tests: the gate has to find them by itself.
 */
uint32_t capture_path(const struct capture *capture, struct pg_bdf at,
		      struct pg_bdf path[CAPTURE_MAX_DEPTH + 1]);

#endif
