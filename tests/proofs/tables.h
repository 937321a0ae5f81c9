/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tables.h - what the proofs of ACPI tables put in place of the machine: a root pointer, a root table and two more, of
 * any content, any length up to ROOM and any address. Firmware's memory is these and nothing else.
 */
#ifndef PROOF_TABLES_H
#define PROOF_TABLES_H

#include "proof.h"

#include "bootparams.h"

#include "../../boot/x86/memory.h"
#include "../../boot/x86/paging.h"
#include "../../boot/x86/time.h"

#ifndef TABLE_ROOM
#define TABLE_ROOM 48
#endif
#define TABLES 3

static struct proof_arena tables[TABLES];

static void make_tables(void)
{
	for (unsigned int i = 0; i < TABLES; i++) {
		const uint64_t size = nondet_u64();

		ASSUME(size <= TABLE_ROOM);
		arena_make(&tables[i], nondet_u64(), size, TABLE_ROOM);
		/* Two tables do not lie at one place; that they overlap does not matter. */
		for (unsigned int j = 0; j < i; j++)
			ASSUME(tables[i].pa != tables[j].pa);
	}
}

/* A table is read from its first byte on. */
const void *memory_firmware(const struct boot_params *params, uint64_t pa, uint64_t len)
{
	(void)params;
	for (unsigned int i = 0; i < TABLES; i++) {
		if (tables[i].pa == pa)
			return len && len <= tables[i].size ? tables[i].bytes : NULL;
	}
	return NULL;
}

bool memory_is(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types)
{
	(void)params;
	(void)pa;
	(void)len;
	(void)types;
	return nondet_bool();
}

bool memory_touches(const struct boot_params *params, uint64_t pa, uint64_t len, uint32_t types)
{
	return memory_is(params, pa, len, types);
}

bool paging_is_mapped(uint64_t pa, uint64_t len)
{
	(void)pa;
	(void)len;
	return nondet_bool();
}

bool paging_map(uint64_t pa, uint64_t len, enum paging_cache cache)
{
	(void)pa;
	(void)len;
	(void)cache;
	return nondet_bool();
}

void paging_flush(void)
{
}

void time_wait_ms(uint32_t ms)
{
	(void)ms;
}

#endif
