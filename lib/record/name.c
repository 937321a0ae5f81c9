// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * name.c - damaged names in the record.
 */
#include "name.h"

#define DAMAGED_BITS_MAX 2u

bool pg_name_is_damaged(const char *name, const char *wanted)
{
	uint32_t bits = 0;
	size_t i;

	for (i = 0;; i++) {
		uint32_t differ = (uint8_t)name[i] ^ (uint32_t)(uint8_t)wanted[i];

		for (; differ; differ &= differ - 1)
			bits++;
		if (bits > DAMAGED_BITS_MAX || !wanted[i])
			return bits && bits <= DAMAGED_BITS_MAX;
		if (!name[i])
			return false;
	}
}
