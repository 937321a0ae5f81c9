// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-crc.c - lib/record/crc.c: a processor without the instruction computes the same checksum.
 */
#define PG_CRC_TABLE
#define pg_gate_crc table_crc
#define pg_gate_crc_part table_crc_part
#include "../../lib/record/crc.c"
#undef pg_gate_crc
#undef pg_gate_crc_part

#include "unit.h"

uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole);
uint32_t pg_gate_crc_part(const void *bytes, uint64_t size);

UNIT_TEST(both_ways_give_the_same_checksum)
{
	uint8_t bytes[40];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(0x35 * i + 0x9b);
	for (uint32_t size = 0; size <= sizeof(bytes); size++) {
		assert_int_equal(pg_gate_crc_part(bytes, size), table_crc_part(bytes, size));
		for (uint32_t hole = 0; hole <= size; hole++)
			assert_int_equal(pg_gate_crc(bytes, size, hole),
					 table_crc(bytes, size, hole));
	}
}
