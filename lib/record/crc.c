// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * crc.c - the checksum of pcigate's own record (docs/kho-fdt.md).
 */
#include <pcigate/gate_fdt.h>

#define CRC32_POLYNOMIAL 0xedb88320u

uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole)
{
	const uint8_t *byte = bytes;
	uint32_t crc = ~0u, bit;
	uint64_t i;

	for (i = 0; i < size; i++) {
		crc ^= i >= hole && i - hole < 4 ? 0 : byte[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC32_POLYNOMIAL : 0);
	}
	return ~crc;
}
