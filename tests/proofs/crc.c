// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * crc.c - pg_gate_crc() without its bits, for proofs of those that call it: any number, of bytes
 * that can be read.
 */
#include "proof.h"

#include <pcigate/gate_fdt.h>

uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole)
{
	PROVE(READABLE(bytes, size) && (uint64_t)hole + 4 <= size);
	return nondet_u32();
}
