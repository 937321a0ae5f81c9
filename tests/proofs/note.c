// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * note.c - a model of pg_note..() of lib/reason.c without the text, for proofs of their callers. It
 * checks what a caller must ensure; prove-note.c proves that this is enough.
 */
#include "proof.h"

#include <pcigate/reason.h>

static enum pg_reason note(struct pg_finding *finding, enum pg_reason reason, const char *field)
{
	PROVE(reason > PG_OK && reason < PG_REASON_COUNT);
	PROVE(READABLE(field, 1));
	finding->reason = reason;
	finding->field = field;
	return reason;
}

enum pg_reason pg_note(struct pg_finding *finding, enum pg_reason reason, const char *field,
		       uint64_t value, uint64_t at)
{
	(void)value;
	(void)at;
	return note(finding, reason, field);
}

enum pg_reason pg_note_count(struct pg_finding *finding, enum pg_reason reason, const char *field,
			     uint64_t value, uint64_t at)
{
	(void)value;
	(void)at;
	return note(finding, reason, field);
}

enum pg_reason pg_note_contradiction(struct pg_finding *finding, enum pg_reason reason,
				     const char *field, uint64_t value, uint64_t other,
				     const char *what, uint64_t at)
{
	(void)value;
	(void)other;
	(void)at;
	PROVE(READABLE(what, 1));
	return note(finding, reason, field);
}

enum pg_reason pg_note_bdf(struct pg_finding *finding, enum pg_reason reason, const char *field,
			   struct pg_bdf bdf, uint64_t at)
{
	(void)bdf;
	(void)at;
	return note(finding, reason, field);
}

/*
 * The bytes up to the first zero, at most @len, must be readable. With NOTE_ALL, all @len bytes
 * must be readable, which CBMC checks much faster.
 */
enum pg_reason pg_note_text(struct pg_finding *finding, enum pg_reason reason, const char *field,
			    const char *text, size_t len, uint64_t at)
{
	(void)at;
#ifdef NOTE_ALL
	PROVE(READABLE(text, len));
#else
	for (size_t i = 0; i < len && text[i]; i++)
		;
#endif
	return note(finding, reason, field);
}
