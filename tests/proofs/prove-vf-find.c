// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-vf-find.c - the search for a preserved virtual function by its address, in a record with
 * two physical functions. Each has up to two of them, with indexes below 8, and a stride below 4.
 *
 * source: lib/record/gate_vfs.c tests/proofs/tree.c
 * flags: --unwind 5
 * limit: 280
 * break: lib/record/gate_vfs.c s/other < offset/other > offset/
 * break: lib/record/gate_vfs.c s/high = middle;/high = low;/
 * break: lib/record/gate_vfs.c s/pf->at.segment == at.segment && //
 */
#include "tree.h"

#include <pcigate/record.h>

#include "../../lib/record/gate_nodes.h"

#define PFS 2
#define VFS 2
#define INDEXES 8
#define STRIDES 4

/* As pg_record_read_pfs() leaves a physical function: ascending indexes, addresses below 10000h. */
static void make_pf(struct pg_record_pf *pf)
{
	fdt32_t *cells = malloc(VFS * sizeof(*cells));
	uint32_t i;

	ASSUME(cells && pf->nr <= VFS && pf->first_offset);
	ASSUME(pf->stride < STRIDES && (pf->stride || pf->nr <= 1));
	pf->preserved = cells;
	for (i = 0; i < pf->nr; i++) {
		const uint32_t index = fdt32_ld(cells + i);

		ASSUME(index < INDEXES && (!i || index > fdt32_ld(cells + i - 1)));
		ASSUME((pg_bdf_key(pf->at) & 0xffff) + pf->first_offset +
			       (uint64_t)index * pf->stride <=
		       0xffff);
	}
}

/* Whether one of the preserved virtual functions of @pf has the address. */
static bool has(const struct pg_record_pf *pf, struct pg_bdf at)
{
	const struct pg_gate_pf gate = { .at = pf->at,
					 .first_offset = pf->first_offset,
					 .stride = pf->stride };
	struct pg_bdf vf;
	uint32_t i;

	for (i = 0; i < pf->nr; i++) {
		if (pg_vf_address(&gate, fdt32_ld(pf->preserved + i), &vf) && pg_bdf_equal(vf, at))
			return true;
	}
	return false;
}

void harness(void)
{
	struct pg_record record;
	struct pg_bdf at;
	bool first, second, found;

	record.nr_pfs = PFS;
	make_pf(&record.pfs[0]);
	make_pf(&record.pfs[1]);
	first = has(&record.pfs[0], at);
	second = has(&record.pfs[1], at);
	found = pg_record_has_vf(&record, at);
	PROVE(found == (first || second));
	REACHED(found && !first);
	REACHED(!found);
}
