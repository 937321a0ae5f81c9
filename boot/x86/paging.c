// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * paging.c - extends the page tables in use (Intel SDM volume 3, 4.5).
 *
 * The tables are in RAM that they map themselves, one to one and writable
 * (arch/x86/kernel/machine_kexec_64.c), so they can be edited in place. Every change is logged, and
 * all changes are undone before the next kernel starts.
 */
#include "paging.h"

#include <stddef.h>
#include <string.h>

#include "cpu.h"
#include "state.h"

#define PAGE_SIZE 4096u
#define LARGE_PAGE_SIZE (1ull << 21)
#define TABLE_ENTRIES 512u

#define PTE_PRESENT (1ull << 0)
#define PTE_WRITE (1ull << 1)
/* PWT and PCD: entry 3 of the PAT, which is UC in Linux and after reset. */
#define PTE_UNCACHED (1ull << 3 | 1ull << 4)
#define PTE_ACCESSED (1ull << 5)
#define PTE_DIRTY (1ull << 6)
#define PTE_LARGE (1ull << 7)
#define PTE_LARGE_PAT (1ull << 12)
#define PTE_ADDRESS 0x000ffffffffff000ull
#define PTE_TABLE (PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY)

/*
 * Number of tables that can be added. One covers 1 GiB of addresses, so the config space windows of
 * several segments fit. When all tables are used, paging_flush() frees them.
 */
#define POOL_PAGES 8
#define LOG_ENTRIES 128

static uint64_t pool[POOL_PAGES][TABLE_ENTRIES] __attribute__((aligned(PAGE_SIZE)));

static struct paging_state {
	unsigned int levels;
	uint64_t limit; /* addresses from here on cannot be mapped one to one */
	unsigned int pool_used;
	unsigned int log_used;
	/* The parts of pool and log that the guards use: paging_flush() keeps them. */
	unsigned int guard_pool;
	unsigned int guard_log;
	/* The large page that was mapped last, as its number plus 1; 0 if it may be unmapped. */
	uint64_t last_large;
	struct {
		uint64_t *entry;
		uint64_t old;
	} log[LOG_ENTRIES];
} the_paging;

STAGE_STATE(paging_state, struct paging_state, the_paging)
#define paging (*paging_state())

void paging_init(void)
{
	unsigned int physical_bits = 36;
	unsigned int linear_bits;

	if (cpuid(0x80000000).eax >= 0x80000008)
		physical_bits = cpuid(0x80000008).eax & 0xff;

	memset(&paging, 0, sizeof(paging));
	paging.levels = read_cr4() & CR4_LA57 ? 5 : 4;
	/* The upper half of the linear addresses is not mapped one to one. */
	linear_bits = paging.levels == 5 ? 56 : 47;
	paging.limit = 1ull << (physical_bits < linear_bits ? physical_bits : linear_bits);
}

static unsigned int level_shift(unsigned int level)
{
	return 12 + 9 * (level - 1);
}

static uint64_t *entry_in(uint64_t table, uint64_t address, unsigned int level)
{
	uint64_t *entries = (uint64_t *)(uintptr_t)(table & PTE_ADDRESS);

	return &entries[address >> level_shift(level) & (TABLE_ENTRIES - 1)];
}

static bool is_leaf(uint64_t entry, unsigned int level)
{
	return level == 1 || (level <= 3 && (entry & PTE_LARGE));
}

/*
 * Returns the entry at which the walk for @address ends: one that is not present, or one that maps
 * a page. *@level is its level.
 */
static uint64_t *walk(uint64_t address, unsigned int *level)
{
	uint64_t *entry = entry_in(read_cr3(), address, paging.levels);

	for (*level = paging.levels; (*entry & PTE_PRESENT) && !is_leaf(*entry, *level); (*level)--)
		entry = entry_in(*entry, address, *level - 1);
	return entry;
}

static bool is_one_to_one(uint64_t entry, uint64_t address, unsigned int level)
{
	uint64_t mask = PTE_ADDRESS & ~((1ull << level_shift(level)) - 1);

	return (entry & PTE_PRESENT) && (entry & mask) == (address & mask);
}

static bool in_range(uint64_t pa, uint64_t len)
{
	return len && pa + len >= pa && pa + len <= paging.limit;
}

bool paging_is_mapped(uint64_t pa, uint64_t len)
{
	uint64_t end = pa + len;

	if (!in_range(pa, len))
		return false;
	while (pa < end) {
		unsigned int level;
		uint64_t *entry = walk(pa, &level);

		if (!is_one_to_one(*entry, pa, level))
			return false;
		pa = ((pa >> level_shift(level)) + 1) << level_shift(level);
	}
	return true;
}

static bool set_entry(uint64_t *entry, uint64_t value)
{
	if (paging.log_used == LOG_ENTRIES)
		return false;
	paging.log[paging.log_used].entry = entry;
	paging.log[paging.log_used].old = *entry;
	paging.log_used++;
	*(volatile uint64_t *)entry = value;
	return true;
}

/* The caller fills the table. */
static uint64_t *take_table(void)
{
	if (paging.pool_used == POOL_PAGES || paging.log_used == LOG_ENTRIES)
		return NULL;
	return pool[paging.pool_used++];
}

/* Adds tables down to level 2, and at level 2 or below it an entry for @address. */
static bool map_at(uint64_t address, uint64_t flags)
{
	unsigned int level;
	uint64_t *entry;

	for (entry = walk(address, &level); level > 2; level--) {
		uint64_t *table = take_table();

		if (!table)
			return false;
		memset(table, 0, PAGE_SIZE);
		if (!set_entry(entry, (uintptr_t)table | PTE_TABLE))
			return false;
		entry = entry_in(*entry, address, level - 1);
	}
	if (level == 2)
		return set_entry(entry, (address & ~((1ull << 21) - 1)) | flags | PTE_LARGE);
	return set_entry(entry, (address & ~(PAGE_SIZE - 1ull)) | flags);
}

bool paging_map(uint64_t pa, uint64_t len, enum paging_cache cache)
{
	uint64_t flags = PTE_TABLE | (cache == PAGING_UNCACHED ? PTE_UNCACHED : 0);
	uint64_t end = pa + len;

	if (!in_range(pa, len))
		return false;
	/* Most accesses to config space are near the one before. */
	if (pa / LARGE_PAGE_SIZE + 1 == paging.last_large &&
	    (end - 1) / LARGE_PAGE_SIZE + 1 == paging.last_large)
		return true;
	while (pa < end) {
		unsigned int level;
		uint64_t *entry = walk(pa, &level);

		if (!(*entry & PTE_PRESENT)) {
			if (!map_at(pa, flags))
				return false;
			entry = walk(pa, &level);
		}
		if (!is_one_to_one(*entry, pa, level))
			return false;
		if (level == 2)
			paging.last_large = pa / LARGE_PAGE_SIZE + 1;
		pa = ((pa >> level_shift(level)) + 1) << level_shift(level);
	}
	return true;
}

/* Replaces the entry of a large page by a table of smaller pages with the same mapping. */
static bool split(uint64_t *entry, unsigned int level)
{
	uint64_t step = 1ull << level_shift(level - 1);
	uint64_t flags = *entry & ~PTE_ADDRESS;
	uint64_t base = *entry & PTE_ADDRESS;
	uint64_t *table;

	/* In small pages the PAT bit is another one, and no entry here has it set. */
	if (*entry & PTE_LARGE_PAT)
		return false;
	table = take_table();
	if (!table)
		return false;
	if (level == 2)
		flags &= ~PTE_LARGE;
	for (uint64_t *to = table, value = base | flags; to < table + TABLE_ENTRIES; value += step)
		*to++ = value;
	return set_entry(entry, (uintptr_t)table | PTE_TABLE);
}

bool paging_guard(uint64_t pa)
{
	unsigned int level;
	uint64_t *entry;

	if (pa % PAGE_SIZE || !in_range(pa, PAGE_SIZE))
		return false;
	for (entry = walk(pa, &level); level > 1; entry = walk(pa, &level)) {
		if (!(*entry & PTE_PRESENT))
			return true;
		if (!split(entry, level))
			return false;
	}
	if (!set_entry(entry, 0))
		return false;
	paging.last_large = 0;
	write_cr3(read_cr3());
	paging.guard_pool = paging.pool_used;
	paging.guard_log = paging.log_used;
	return true;
}

static void undo(unsigned int log_used, unsigned int pool_used)
{
	/* Undo in reverse order: a later entry may be in a table that an earlier one added. */
	while (paging.log_used > log_used) {
		paging.log_used--;
		*(volatile uint64_t *)paging.log[paging.log_used].entry =
			paging.log[paging.log_used].old;
	}
	paging.pool_used = pool_used;
	paging.last_large = 0;
	write_cr3(read_cr3());
}

void paging_flush(void)
{
	undo(paging.guard_log, paging.guard_pool);
}

void paging_restore(void)
{
	undo(0, 0);
}
