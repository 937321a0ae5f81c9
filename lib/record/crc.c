// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * crc.c - the checksum of pcigate's own record (docs/kho-fdt.md).
 */
#include <pcigate/gate_fdt.h>

/*
 * The remainder of each value of half a byte, for the polynomial 0xedb88320. A table for whole
 * bytes would be faster, and takes 1 KiB of the stage.
 */
static const uint32_t remainders[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
	0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

static uint32_t add(uint32_t crc, const uint8_t *bytes, uint64_t size)
{
	const uint8_t *const end = bytes + size;

	while (bytes < end) {
		crc ^= *bytes++;
		crc = crc >> 4 ^ remainders[crc & 15];
		crc = crc >> 4 ^ remainders[crc & 15];
	}
	return crc;
}

uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole)
{
	static const uint8_t zeros[4];
	const uint8_t *begin = bytes;
	uint32_t crc = ~0u;

	if (hole > size || size - hole < sizeof(zeros))
		return ~add(crc, begin, size);
	crc = add(crc, begin, hole);
	crc = add(crc, zeros, sizeof(zeros));
	return ~add(crc, begin + hole + sizeof(zeros), size - hole - sizeof(zeros));
}
