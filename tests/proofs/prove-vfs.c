// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-vfs.c - one physical function of pcigate's own record, in a checked blob of 24 bytes of any
 * content: as long as the longest property. tree.c is the model of lib/fdt.c.
 *
 * source: lib/record/gate_vfs.c tests/proofs/note.c tests/proofs/tree.c
 * flags: -DTREE_SIZE=24 --unwind 15
 * limit: 600
 * break: lib/record/gate_vfs.c s/pf->nr = len \/ 4/pf->nr = len/
 * break: lib/record/gate_vfs.c s/len != properties\[i\].nr \* 4u/len < properties[i].nr/
 */
#include "tree.h"

#include <pcigate/record.h>

#include "../../lib/record/gate_nodes.h"

void harness(void)
{
	struct pg_gate_fdt own;
	struct pg_gate_pf pf;

	own.fdt = malloc(TREE_SIZE);
	ASSUME(own.fdt);
	tree_is_whole(own.fdt, TREE_SIZE);
	ASSUME(pf.node >= -1 && pf.node);
	if (!pg_gate_next_pf(&own, &pf))
		return;

	REACHED(pf.nr == 2);
	REACHED(!pf.nr);
	PROVE(pf.node > 0 && pf.nr <= pf.number && pf.number <= pf.total);
	PROVE(READABLE(pf.preserved, pf.nr * 4));
	for (uint32_t i = 0; i < pf.nr; i++)
		PROVE(pg_vf_index(&pf, i) < pf.number);
}
