/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * flips.h - flips each bit of the registers that decide bus numbers, one after the other.
 */
#ifndef ORACLE_FLIPS_H
#define ORACLE_FLIPS_H

#include "machine.h"

/**
 * struct flip - the next bit; all members are 0 before the first one
 * @function: index in the machine
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
 * flip_next() - undoes the last flip and does the next one. Returns false if there is no next one;
 * the machine is then unchanged.
 */
bool flip_next(struct machine *machine, struct flip *flip);

#endif
