// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * crc.c - a model of pg_gate_crc() and pg_gate_crc_part() for proofs of their callers: the bytes
 * must be readable, the result is any number.
 */
#include "proof.h"

#include <pcigate/gate_fdt.h>

uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole)
{
	PROVE(READABLE(bytes, size) && (uint64_t)hole + 4 <= size);
	return nondet_u32();
}

uint32_t pg_gate_crc_part(const void *bytes, uint64_t size)
{
	PROVE(READABLE(bytes, size));
	return nondet_u32();
}
