/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * flips.h - every single bit of the registers that decide about numbers, one after the other.
 */
#ifndef ORACLE_FLIPS_H
#define ORACLE_FLIPS_H

#include "machine.h"

/**
 * struct flip - which bit is next; all zero for the first
 * @function: of the machine
 * @which:    range of registers
 * @bit:      in that range
 * @begun:    a bit of @function is flipped
 */
struct flip {
	uint32_t function;
	uint32_t which;
	uint32_t bit;
	bool begun;
};

/*
 * flip_next() - takes the last flip back and does the next one. False if there is none; the machine
 * is as before then.
 */
bool flip_next(struct machine *machine, struct flip *flip);

#endif
