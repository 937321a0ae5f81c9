// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-sessions.c - a block of up to two sessions with a block of up to two files each, all of any
 * content (see chain.c), compared with a record of up to two functions.
 *
 * source: lib/record/sessions.c lib/record/pci_flb.c lib/record/versions.c
 * source: tests/proofs/note.c tests/proofs/chain.c
 * flags: --unwind 4 --unwindset memcmp.0:28,strlen.0:28,pg_version_find.0:11
 * flags: --unwindset pg_record_find.0:3 -DNOTE_ALL -DCHAIN_BLOCKS=1
 * flags: --unwindset pg_record_check_sessions.0:3,pg_record_check_sessions.1:2
 * flags: --unwindset check_files.0:3,check_files.1:2
 * limit: 120
 * break: lib/record/sessions.c s/if \(!pg_record_entry\(record, at\) && .*\)\)/if (0)/
 * break: lib/record/sessions.c s/copies->older \+= !page/copies->older += 2 * !page/
 * break: lib/record/sessions.c s/memchr\(name, 0, size\)/memchr(name, 0, size + 17)/
 */
#include "proof.h"

#include <pcigate/record.h>

PROOF_MEMCHR()

/* The reader of virtual functions is proved in prove-vfs.c. */
bool pg_record_has_vf(const struct pg_record *record, struct pg_bdf at)
{
	(void)at;
	return record->nr_pfs && nondet_bool();
}

void harness(void)
{
	struct pg_record_entry *entries;
	struct pg_finding finding;
	struct pg_record record;
	struct pg_blob sessions;
	enum pg_reason reason;
	struct pg_copies copies;

	ASSUME(record.nr <= 2);
	entries = malloc(2 * sizeof(*entries));
	ASSUME(entries);
	ASSUME(record.nr < 2 || pg_bdf_key(entries[0].at) < pg_bdf_key(entries[1].at));
	record.entries = entries;
	reason = pg_record_check_sessions(&any_memory, &sessions, &record, &copies, &finding);
	PROVE(!reason || finding.reason == reason);
	REACHED(!reason && copies.compared > 1 && copies.older == 1);
	/* A device that a file names is in the record, so an empty record has none. */
	PROVE(reason || record.nr || record.nr_pfs || !copies.compared);
	PROVE(copies.compared <= 4 && copies.older <= copies.compared);
}
