// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * crc.c - the checksum of pcigate's own record (docs/kho-fdt.md).
 */
#include <pcigate/gate_fdt.h>
#include <pcigate/memory.h>

#define POLYNOMIAL 0xedb88320u

/* The remainders of all bytes. On the stack, because a constant would be 1 KiB of the stage. */
void pg_gate_crc_begin(uint32_t remainders[PG_CRC_REMAINDERS])
{
	uint32_t of_bit = 1, i, j;

	/* The remainder of a sum (xor) is the sum of the remainders. */
	remainders[0] = 0;
	for (i = PG_CRC_REMAINDERS / 2; i; i /= 2) {
		of_bit = of_bit >> 1 ^ (of_bit & 1 ? POLYNOMIAL : 0);
		for (j = 0; j < PG_CRC_REMAINDERS; j += 2 * i)
			remainders[i + j] = of_bit ^ remainders[j];
	}
}

static uint32_t add(const uint32_t remainders[PG_CRC_REMAINDERS], uint32_t crc,
		    const uint8_t *bytes, uint64_t size)
{
	const uint8_t *const end = bytes + size;

	while (end - bytes >= 8) {
		uint64_t rest = pg_load64(bytes) ^ crc;
		uint32_t i;

#pragma GCC unroll 8
		for (i = 0; i < 8; i++)
			rest = rest >> 8 ^ remainders[rest & 0xff];
		crc = (uint32_t)rest;
		bytes += 8;
	}
	while (bytes < end)
		crc = crc >> 8 ^ remainders[(crc ^ *bytes++) & 0xff];
	return crc;
}

uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole)
{
	static const uint8_t zeros[4];
	const uint8_t *first = bytes;
	uint32_t remainders[PG_CRC_REMAINDERS], crc;

	pg_gate_crc_begin(remainders);
	if (hole > size || size - hole < sizeof(zeros))
		return ~add(remainders, ~0u, first, size);
	crc = add(remainders, ~0u, first, hole);
	crc = add(remainders, crc, zeros, sizeof(zeros));
	return ~add(remainders, crc, first + hole + sizeof(zeros), size - hole - sizeof(zeros));
}

uint32_t pg_gate_crc_part(const uint32_t remainders[PG_CRC_REMAINDERS], const void *bytes,
			  uint64_t size)
{
	return add(remainders, 0, bytes, size);
}
