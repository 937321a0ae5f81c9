// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-e820.c - a memory map of two entries of any content: if a range counts as memory of a type,
 * each of its bytes is.
 *
 * Addresses and sizes are multiples of 2^60, which makes the proof fast. The code only adds,
 * subtracts and compares them, and its only constant is 0. So numbers of 4 bits with their overflow
 * are enough for a proof about 64 bits.
 *
 * flags: --unwind 4 -Iboot/x86
 * quick
 * break: boot/x86/memory.c s/&& pa >= entry->address &&/&&/
 * break: boot/x86/memory.c s/entry->size && entry->address - pa < len/0/
 * break: boot/x86/memory.c s/if \(covered >= rest\)/if (covered)/
 */
#include "proof.h"

#include "bootparams.h"

#include "../../boot/x86/memory.c"

static uint64_t any_number(void)
{
	return (uint64_t)nondet_u8() << 60;
}

void harness(void)
{
	const uint64_t pa = any_number(), len = any_number(), at = any_number();
	const uint32_t types = nondet_u32();
	struct boot_params params;
	bool inside = false;

	for (unsigned int i = 0; i < E820_MAX; i++) {
		params.e820[i].address = any_number();
		params.e820[i].size = any_number();
	}
	/* There is no type 0. */
	ASSUME(!(types & 1));
	if (!memory_is(&params, pa, len, types))
		return;
	PROVE(len && pa + len >= pa);
	REACHED(params.nr_e820 > 1);
	/* @at is any byte of the range. */
	ASSUME(at >= pa && at - pa < len);
	for (unsigned int i = 0; i < params.nr_e820 && i < E820_MAX; i++) {
		const struct e820_entry *entry = &params.e820[i];
		const bool holds = at >= entry->address && at - entry->address < entry->size;
		const bool wanted = entry->type < 32 && (types >> entry->type & 1);

		PROVE(!holds || wanted);
		inside |= holds;
	}
	PROVE(inside);
}
