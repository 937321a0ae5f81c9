// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-pci-flb.c - struct pci_ser and its entries, of any content: at most two blocks of two
 * entries (see chain.c), and room for two entries.
 *
 * source: lib/record/pci_flb.c lib/record/versions.c lib/text.c
 * source: tests/proofs/note.c tests/proofs/chain.c
 * flags: --unwind 4 -DNOTE_ALL --unwindset pg_version_find.0:11,strlen.0:36,memcmp.0:28
 * flags: --unwindset pg_text_decimal.0:21,pg_text_decimal.1:21,sort_entries.2:9
 * limit: 120
 * break: lib/record/pci_flb.c s/found->nr == found->capacity/found->nr > found->capacity/
 * break: lib/record/pci_flb.c s/found\.nr != recorded/found.nr > recorded/
 * break: lib/record/pci_flb.c s/for \(i = 1; i < nr; i\+\+\)/for (i = 2; i < nr; i++)/
 */
#include "proof.h"

#include <pcigate/record.h>

#define CAPACITY 2u

static const uint8_t *ser;

static const void *map(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	PROVE(len == 16 && pa + len >= pa);
	ser = nondet_bool() ? malloc(16) : NULL;
	return ser;
}

void harness(void)
{
	const struct pg_memory memory = { .map = map };
	struct pg_record_entry *entries;
	struct pg_finding finding;
	struct pg_record record;
	enum pg_reason reason;
	struct pg_blob pci;

	entries = malloc(CAPACITY * sizeof(*entries));
	ASSUME(entries);
	record.nr = 0;
	reason = pg_record_read_pci(&memory, &pci, &record, entries, CAPACITY, &finding);
	PROVE(!reason || finding.reason == reason);
	REACHED(reason == PG_WORKSPACE_FULL);
	if (reason) {
		PROVE(!record.nr);
		return;
	}
	REACHED(record.nr == CAPACITY);
	REACHED(record.nr == 0);
	PROVE(pci.pa && pci.pa % 8 == 0);
	PROVE(record.nr <= CAPACITY && record.entries == entries);
	PROVE(record.pci_version == 2 && record.nr == pg_load32(ser + 4));
	for (uint32_t i = 0; i < record.nr; i++) {
		PROVE(entries[i].refcount);
		PROVE(!i || pg_bdf_key(entries[i - 1].at) < pg_bdf_key(entries[i].at));
	}
}
