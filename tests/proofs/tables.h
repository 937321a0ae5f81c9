/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tables.h - a model of the machine for the proofs of ACPI tables. The memory of the firmware is
 * three tables of any content at any address. Device memory may be mapped or not.
 */
#ifndef PROOF_TABLES_H
#define PROOF_TABLES_H

#include "proof.h"

#include "bootparams.h"

#include "../../boot/x86/memory.h"
#include "../../boot/x86/paging.h"
#include "../../boot/x86/time.h"

#define TABLES 3

static struct proof_arena tables[TABLES];

/* @size is a constant, because CBMC is slow with objects of unknown size. */
static inline void make_table(unsigned int nr, uint64_t size)
{
	tables[nr] = (struct proof_arena){ nondet_u64(), size, malloc(size) };
	ASSUME(tables[nr].bytes && tables[nr].pa + size >= size);
	/* Tables have different addresses. They may overlap. */
	for (unsigned int i = 0; i < nr; i++)
		ASSUME(tables[nr].pa != tables[i].pa);
}

/* The code reads each table from its first byte on. */
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

/* The range that was mapped last. */
static uint64_t mapped_pa, mapped_len;

bool paging_map(uint64_t pa, uint64_t len, enum paging_cache cache)
{
	(void)cache;
	if (nondet_bool())
		return false;
	mapped_pa = pa;
	mapped_len = len;
	return true;
}

void paging_flush(void)
{
}

void time_wait_ms(uint32_t ms)
{
	(void)ms;
}

#endif
