// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-name.c - any name of up to 15 bytes, compared with any name of up to 7 bytes: neither is
 * read after its zero, and a name counts as damaged if and only if it differs in one or two bits.
 *
 * source: lib/record/name.c
 * flags: --unwind 17
 * break: lib/record/name.c s/if \(!name\[i\]\)/if (0)/
 * break: lib/record/name.c s/return bits && bits/return bits/
 */
#include "proof.h"

#include "../../lib/record/name.h"

#define NAME 16
#define WANTED 8

void harness(void)
{
	const size_t name_size = nondet_size(), len = nondet_size();
	char *name, *wanted;
	unsigned int bits = 0;
	bool shorter = false;

	ASSUME(name_size && name_size <= NAME && len < WANTED);
	name = (char *)any_bytes(name_size, NAME);
	wanted = (char *)any_bytes(len + 1, WANTED);
	ASSUME(!name[name_size - 1] && !wanted[len]);
	for (size_t i = 0; i < len; i++)
		ASSUME(wanted[i]);
	for (size_t i = 0; i <= len && !shorter; i++) {
		bits += (unsigned int)__builtin_popcount((uint8_t)(name[i] ^ wanted[i]));
		shorter = !name[i] && i < len;
	}
	const bool damaged = pg_name_is_damaged(name, wanted);

	REACHED(damaged && len == WANTED - 1);
	REACHED(!damaged && bits > 2);
	/* A shorter name is not damaged, even if only one or two bits differ. */
	PROVE(!damaged || (bits && bits <= 2));
	PROVE(damaged || !bits || bits > 2 || shorter);
}
