/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * results.h - Linux's result for a topology, read from the text whose form linux/scan.h describes.
 */
#ifndef ORACLE_RESULTS_H
#define ORACLE_RESULTS_H

#include <stdio.h>

#include "machine.h"

#define RESULTS_MAX_FINDS (4 * MACHINE_MAX_FUNCTIONS)
#define RESULTS_MAX_VFS 65536u

/* How the scan ended. */
enum linux_status {
	LINUX_OK,
	LINUX_ENDLESS,
	LINUX_CRASH,
};

/**
 * struct linux_find - a function of the machine that Linux found, and where
 * @function: index in the machine
 * @bus:      bus number in Linux's tree
 * @devfn:    device and function number
 * @up:       index of the find that is the bridge above, in Linux's tree; FIND_NONE on a root bus
 */
#define FIND_NONE 0xffffu
struct linux_find {
	uint16_t function;
	uint16_t up;
	uint8_t bus;
	uint8_t devfn;
};

/**
 * struct linux_vf - a virtual function that Linux added
 * @function: index of its physical function in the machine
 * @index:    its index among those of this function
 * @bus, @devfn: its address
 */
struct linux_vf {
	uint16_t function;
	uint16_t index;
	uint8_t bus;
	uint8_t devfn;
};

/**
 * struct linux_result - one topology's result
 * @name:       name of the topology; "#N" after a crash
 * @status:     how the scan ended
 * @reads:      configuration reads that Linux made
 * @writes:     configuration writes
 * @stack:      bytes of stack that the scan used
 * @us:         microseconds of the scan
 * @nr_finds:   number of @finds; a function may be found in more than one place
 * @has_buses:  for each function of the machine: @buses holds its numbers
 * @buses:      a bridge's numbers after the scan: primary 7..0, secondary 15..8,
 *              subordinate 23..16
 * @changed:    for each function: a bridge whose numbers changed during the scan, or a physical
 *              function whose virtual functions did
 * @nr_vfs:     number of @vfs
 * @missing:    for each root bus by its number: not scanned, because Linux had a bus of that number
 */
struct linux_result {
	char name[MACHINE_MAX_NAME];
	enum linux_status status;
	uint64_t reads;
	uint64_t writes;
	uint64_t stack;
	uint64_t us;
	uint32_t nr_finds;
	struct linux_find finds[RESULTS_MAX_FINDS];
	uint32_t nr_vfs;
	struct linux_vf vfs[RESULTS_MAX_VFS];
	bool has_buses[MACHINE_MAX_FUNCTIONS];
	uint32_t buses[MACHINE_MAX_FUNCTIONS];
	bool changed[MACHINE_MAX_FUNCTIONS];
	bool missing[256];
};

/*
 * results_read() - reads the next result. Returns false at the end. An unknown line ends the
 * program with a message.
 */
bool results_read(FILE *in, struct linux_result *result);

#endif
