// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * crc.c - the checksum of pcigate's own record (docs/kho-fdt.md): CRC-32C.
 */
#include <pcigate/gate_fdt.h>
#include <pcigate/memory.h>

#define POLYNOMIAL 0x82f63b78u
#define REMAINDERS 256u

/* test-crc.c defines PG_CRC_TABLE to test the other way, too. */
#if defined(__x86_64__) && !defined(PG_CRC_TABLE)
/* SSE4.2 has an instruction for CRC-32C, which uses no SSE register (Intel SDM volume 2, CRC32). */
static bool has_instruction(void)
{
	uint32_t eax = 1, ebx, ecx = 0, edx;

	asm("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return ecx >> 20 & 1;
}

static uint32_t add_fast(uint32_t crc, const uint8_t *bytes, uint64_t size)
{
	uint64_t sum = crc;

	for (; size >= 8; size -= 8, bytes += 8)
		asm("crc32q %1, %0" : "+r"(sum) : "r"(pg_load64(bytes)));
	for (; size; size--, bytes++)
		asm("crc32b %1, %k0" : "+r"(sum) : "r"(*bytes));
	return (uint32_t)sum;
}
#else
static bool has_instruction(void)
{
	return false;
}

static uint32_t add_fast(uint32_t crc, const uint8_t *bytes, uint64_t size)
{
	(void)bytes;
	(void)size;
	return crc;
}
#endif

/* The remainders of all bytes are on the stack, because a constant would be 1 KiB of the stage. */
static uint32_t add_by_table(uint32_t crc, const uint8_t *bytes, uint64_t size)
{
	uint32_t remainders[REMAINDERS], of_bit = 1, i, j;

	/* The remainder of a sum (xor) is the sum of the remainders. */
	remainders[0] = 0;
	for (i = REMAINDERS / 2; i; i /= 2) {
		of_bit = of_bit >> 1 ^ (of_bit & 1 ? POLYNOMIAL : 0);
		for (j = 0; j < REMAINDERS; j += 2 * i)
			remainders[i + j] = of_bit ^ remainders[j];
	}
	for (; size; size--)
		crc = crc >> 8 ^ remainders[(crc ^ *bytes++) & 0xff];
	return crc;
}

static uint32_t add(uint32_t crc, const uint8_t *bytes, uint64_t size)
{
	return has_instruction() ? add_fast(crc, bytes, size) : add_by_table(crc, bytes, size);
}

uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole)
{
	static const uint8_t zeros[4];
	const uint8_t *first = bytes;
	uint32_t crc;

	if (hole > size || size - hole < sizeof(zeros))
		return ~add(~0u, first, size);
	crc = add(add(~0u, first, hole), zeros, sizeof(zeros));
	return ~add(crc, first + hole + sizeof(zeros), size - hole - sizeof(zeros));
}

uint32_t pg_gate_crc_part(const void *bytes, uint64_t size)
{
	return add(0, bytes, size);
}
