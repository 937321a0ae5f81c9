// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * note.c - pg_note..() of lib/reason.c without the text, for proofs of those that call them. What a
 * caller has to hold to is checked here, that it is enough in prove-note.c.
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
 * Readable are @len bytes or, if there is a zero among them, those up to it. With NOTE_ALL all of
 * them have to be, which CBMC is much faster to see.
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
