// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-scratch.c - KHO's tree and up to three scratch areas at any address and of any size,
 * compared with a range that the next kernel loses. The map of preserved memory cannot be read
 * here, so there is always a reason to stop.
 *
 * source: tests/proofs/note.c
 * flags: --unwind 5
 * break: lib/record/kept.c s/i \+ SCRATCH_AREA <= kho/i <= kho/
 * break: lib/record/kept.c s/range->first - pa < size/range->first < pa + size/
 * break: lib/record/kept.c s/\|\| overlaps\(range, kho->scratch_pa, kho->scratch_size\)//
 */
#include "proof.h"

#include "../../lib/record/kept.c"

#define AREAS 3

static uint64_t areas_pa;
static const uint8_t *areas;

static const void *map(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	PROVE(len && pa + len >= pa);
	return pa == areas_pa && len != PG_PAGE_SIZE && nondet_bool() ? areas : NULL;
}

/* Whether @at is one of the @size bytes at @pa, up to the end of the address space. */
static bool holds(uint64_t pa, uint64_t size, uint64_t at)
{
	return at >= pa && at - pa < size;
}

void harness(void)
{
	const struct pg_memory memory = { .map = map };
	const struct pg_memory_range range = { nondet_u64(), nondet_u64(), "word" };
	const uint64_t at = nondet_u64();
	struct pg_finding finding;
	struct pg_record record;
	enum pg_reason reason;
	uint32_t pages = PAGES_MAX;
	bool lose;

	ASSUME(range.first <= at && at <= range.last);
	/* prove-setup-data.c and prove-kho.c prove these conditions. */
	ASSUME(record.memory_map && record.memory_map % PG_PAGE_SIZE == 0);
	ASSUME(record.kho.scratch_size && record.kho.scratch_size % SCRATCH_AREA == 0 &&
	       record.kho.scratch_size <= AREAS * SCRATCH_AREA);
	areas_pa = record.kho.scratch_pa;
	areas = any_bytes(record.kho.scratch_size, AREAS * SCRATCH_AREA);

	reason = check_range(&memory, &record, &range, &pages, &finding);
	lose = holds(record.kho.fdt_pa, record.kho.fdt_size, at) ||
	       holds(record.kho.scratch_pa, record.kho.scratch_size, at);
	for (uint64_t i = 0; i < record.kho.scratch_size; i += SCRATCH_AREA)
		lose |= holds(pg_load64(areas + i), pg_load64(areas + i + 8), at);
	REACHED(reason == PG_RECORD_OUTSIDE_MEMORY);
	REACHED(reason == PG_NEXT_LOSES_MEMORY && record.kho.scratch_size == AREAS * SCRATCH_AREA);
	PROVE(reason && finding.reason == reason);
	PROVE(!lose || reason == PG_NEXT_LOSES_MEMORY);
}
