// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-kho.c - the KHO root FDT of any content. A blob of more than 64 bytes counts as unreadable.
 * tree.c is the model of lib/fdt.c.
 *
 * source: lib/record/kho.c
 * source: tests/proofs/version.c tests/proofs/name.c tests/proofs/note.c tests/proofs/tree.c
 * flags: --unwind 9 --unwindset pg_note_text.0:66,strlen.0:17,pg_name_is_damaged.0:17
 * limit: 120
 * break: lib/record/kho.c s/pg_version_copy\(version, record->kho_version\);//
 * break: lib/record/kho.c s/if \(!map \|\| /if (/
 * break: lib/record/kho.c s/if \(len != 8\)/if (len > 8)/
 * break: lib/record/kho.c s/blob->present = !reason/blob->present = true/
 */
#include "tree.h"

#include <pcigate/record.h>

/* The code under proof does not read the page of the map. */
static const void *map(void *ctx, uint64_t pa, uint64_t len)
{
	return len == PG_PAGE_SIZE && nondet_bool() ? malloc(1) : tree_map(ctx, pa, len);
}

void harness(void)
{
	const struct pg_memory memory = { .map = map };
	struct pg_kho_location location;
	struct pg_blob luo, own;
	struct pg_finding finding;
	struct pg_record record;
	enum pg_reason reason;

	record.kho_version[0] = 0;
	ASSUME(location.fdt_size <= TREE_SIZE);
	reason = pg_record_read_kho(&memory, &location, &record, &luo, &own, &finding);
	PROVE(!reason || finding.reason == reason);
	REACHED(!reason && luo.present && own.present);
	REACHED(!reason && !luo.present);
	/* An entry is present only if all of it is valid. Nothing is read from another version. */
	PROVE(!luo.present || record.kho_version[0]);
	PROVE(luo.present || !own.present || !reason);
	PROVE(reason || record.kho_version[0]);
	PROVE(reason || (record.memory_map && record.memory_map % PG_PAGE_SIZE == 0));
	PROVE(reason || location.fdt_size >= sizeof(struct fdt_header));
}
