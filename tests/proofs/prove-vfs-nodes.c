// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-vfs-nodes.c - up to three physical functions of pcigate's own record, in a checked blob of
 * 24 bytes of any content, if there is space for two more of them and for any number of virtual
 * functions. tree.c is the model of lib/fdt.c.
 *
 * source: lib/record/gate_vfs.c tests/proofs/note.c tests/proofs/tree.c
 * flags: -DTREE_SIZE=24 --unwind 15
 * limit: 280
 * break: lib/record/gate_vfs.c s/record->nr_vfs \+= pf.nr/record->nr_vfs = pf.nr/
 * break: lib/record/gate_vfs.c s/pf.nr > PG_MAX_VFS - record->nr_vfs/pf.nr > PG_MAX_VFS/
 * break: lib/record/gate_vfs.c s/<= pg_bdf_key\(copy/< pg_bdf_key(copy/
 */
#include "tree.h"

#include <pcigate/record.h>

#include "../../lib/record/gate_nodes.h"

enum pg_reason pg_gate_bad_node(const struct pg_gate_fdt *own, int node, const char *field,
				struct pg_finding *finding)
{
	PROVE(node >= 0);
	return pg_note(finding, PG_RECORD_MALFORMED, field, 0, own->pa);
}

void harness(void)
{
	struct pg_finding finding;
	struct pg_record record;
	const uint32_t before = PG_MAX_PFS - 2, vfs = record.nr_vfs;
	uint32_t found = vfs;

	record.own.fdt = malloc(TREE_SIZE);
	ASSUME(record.own.fdt);
	tree_is_whole(record.own.fdt, TREE_SIZE);
	ASSUME(record.own.pfs >= -1);
	ASSUME(vfs <= PG_MAX_VFS);
	record.nr_pfs = before;
	if (pg_record_read_pfs(&record, &finding)) {
		PROVE(finding.reason == PG_RECORD_MALFORMED || finding.reason == PG_WORKSPACE_FULL);
		REACHED(finding.reason == PG_WORKSPACE_FULL && record.nr_pfs < PG_MAX_PFS);
		REACHED(finding.reason == PG_WORKSPACE_FULL && record.nr_pfs == PG_MAX_PFS);
		return;
	}

	REACHED(record.nr_pfs == before + 2 && record.nr_vfs == vfs + 4);
	PROVE(before <= record.nr_pfs && record.nr_pfs <= PG_MAX_PFS);
	PROVE(record.nr_vfs <= PG_MAX_VFS);
	for (uint32_t i = before; i < record.nr_pfs && i < PG_MAX_PFS; i++) {
		const struct pg_record_pf *pf = &record.pfs[i];

		PROVE(READABLE(pf->preserved, pf->nr * 4));
		PROVE(pg_bdf_key(pf[-1].at) < pg_bdf_key(pf->at));
		found += pf->nr;
	}
	PROVE(found == record.nr_vfs);
}
