// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-gate-fdt.c - pcigate's own record of any content, with room for two more root buses. A blob
 * of more than 64 bytes counts as unreadable. tree.c is the model of lib/fdt.c, crc.c that of the
 * checksum. prove-vfs.c has the physical functions.
 *
 * source: lib/record/gate_fdt.c lib/record/gate_nodes.c tests/proofs/crc.c
 * source: tests/proofs/note.c tests/proofs/tree.c
 * flags: --unwind 5 --unwindset pg_fdt_read.0:19
 * flags: --unwindset pg_note_text.0:66,memcmp.0:17,strlen.0:9,find_parts.0:7,find_parts.1:7
 * limit: 240
 * break: lib/record/gate_fdt.c s/nr_roots == PG_MAX_ROOTS/nr_roots > PG_MAX_ROOTS/
 * break: lib/record/gate_fdt.c s/range\[0\] > range\[1\] \|\|\s+//
 * break: lib/record/gate_fdt.c s/own->bridges < 0 \|\| //
 */
#include "tree.h"

#include <pcigate/record.h>

#include "../../lib/record/gate_nodes.h"

#define BEFORE (PG_MAX_ROOTS - 2)

enum pg_reason pg_record_read_pfs(struct pg_record *record, struct pg_finding *finding)
{
	PROVE(record->own.fdt && record->own.pfs >= -1);
	if (nondet_bool())
		return PG_OK;
	finding->reason = PG_RECORD_MALFORMED;
	return PG_RECORD_MALFORMED;
}

void harness(void)
{
	struct pg_blob blob;
	struct pg_finding finding;
	struct pg_record record;
	enum pg_reason reason;

	blob.checked = false;
	record.own.present = false;
	record.own.crc = 0;
	record.nr_roots = BEFORE;

	reason = pg_record_read_gate_fdt(&tree_memory, &blob, &record, &finding);
	PROVE(!reason || finding.reason == reason);
	PROVE(record.nr_roots >= BEFORE && record.nr_roots <= PG_MAX_ROOTS);
	if (reason)
		return;
	REACHED(record.nr_roots == PG_MAX_ROOTS);
	REACHED(record.own.complete && record.own.sriov > 0 && record.own.answer > 0);
	PROVE(record.own.present && record.own.pa == blob.pa && record.own.size == blob.size);
	PROVE(record.own.bridges >= 0 && record.own.devices >= 0);
	PROVE(!record.own.crc || record.own.crc <= blob.size - 4);
	PROVE(blob.pa % 8 == 0 && blob.size >= sizeof(struct fdt_header));
	for (uint32_t i = BEFORE; i < PG_MAX_ROOTS; i++)
		PROVE(i >= record.nr_roots || record.roots[i].first <= record.roots[i].last);
}
