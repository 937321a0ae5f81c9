// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-note.c - the text of a finding, with any value or any string of up to 42 bytes, fits into
 * its buffer.
 *
 * source: lib/reason.c lib/text.c
 * flags: --unwind 44
 * break: lib/text.c s/text->len \+ 1 >= text->size/text->len + 1 > text->size/
 * break: lib/text.c s/for \(; len && \*string/for (; *string/
 * break: lib/reason.c s/text\.len - 3/text.len - 40/
 */
#include "proof.h"

#include <pcigate/reason.h>

static void is_text(const struct pg_finding *finding)
{
	bool zero = false;

	for (unsigned int i = 0; i < PG_FINDING_TEXT; i++)
		zero |= !finding->text[i];
	PROVE(zero);
}

void harness(void)
{
	struct pg_finding finding;
	const enum pg_reason reason = nondet_int();
	const size_t len = nondet_size();
	const struct pg_bdf at;
	char *string;

	PROVE(READABLE(pg_reason_code(reason), 1) && READABLE(pg_reason_sentence(reason), 1));
	ASSUME(len <= 42);
	string = (char *)any_bytes(len, 42);
	switch (nondet_int()) {
	case 0:
		pg_note_text(&finding, reason, "field", string, len, 0);
		break;
	case 1:
		pg_note(&finding, reason, "field", nondet_u64(), 0);
		break;
	default:
		pg_note_bdf(&finding, reason, "field", at, 0);
		break;
	}
	is_text(&finding);
}
