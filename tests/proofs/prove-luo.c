// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-luo.c - struct luo_ser and the FLB array, of any content. Memory longer than two FLB
 * entries counts as unreadable. So the whole page is unreadable, and its slots after the last entry
 * are not part of this proof.
 *
 * source: lib/record/luo.c lib/text.c
 * source: tests/proofs/version.c tests/proofs/name.c tests/proofs/note.c
 * flags: --unwind 50 --unwindset read_flbs.0:4,check_rest.0:1 -DNOTE_ALL
 * limit: 120
 * break: lib/record/luo.c s/FLB_HEADER_SIZE, count \* FLB_SIZE\)/FLB_HEADER_SIZE, 64)/
 * break: lib/record/luo.c s/if \(!record->files\)/if (0)/
 * break: lib/record/luo.c s/i < FLB_NAME_SIZE && name/name/
 * break: lib/record/luo.c s/luo->pa, FEATURES_SIZE\)/luo->pa, 64)/
 * break: lib/record/luo.c s/pg_version_copy\(version, record->luo_version\);//
 */
#include "proof.h"

#include <pcigate/record.h>

static const void *map(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	PROVE(len && pa + len >= pa);
	if (nondet_bool())
		return NULL;
	/* CBMC is fast with constant sizes. */
	return len == 16    ? malloc(16)
	       : len == 24  ? malloc(24)
	       : len == 32  ? malloc(32)
	       : len == 64  ? malloc(64)
	       : len == 128 ? malloc(128)
			    : NULL;
}

void harness(void)
{
	const struct pg_memory memory = { .map = map };
	struct pg_blob luo, pci, sessions;
	struct pg_record record;
	struct pg_finding finding;
	enum pg_reason reason;

	record.files = 0;
	reason = pg_record_read_luo(&memory, &luo, &record, &pci, &sessions, &finding);
	PROVE(!reason || finding.reason == reason);
	if (reason)
		return;
	REACHED(pci.present);
	REACHED(!pci.present);
	PROVE(luo.pa && luo.pa % 4096 == 0 && luo.size >= 32);
	PROVE(sessions.present == !!sessions.pa);
	PROVE(record.luo_version[0]);
	PROVE(!pci.present || record.files);
}
