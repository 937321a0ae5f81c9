// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * answer.c - the verdict in the form in which it is left for the next kernel.
 */
#include <pcigate/verdict.h>

/* The reason that weighed most: the record's own, else that of the first function with one. */
static enum pg_reason first_reason(const struct pg_verdict *verdict)
{
	uint32_t i;

	if (verdict->record)
		return verdict->record;
	for (i = 0; i < verdict->nr; i++) {
		if (verdict->judgements[i].reason)
			return verdict->judgements[i].reason;
	}
	return PG_OK;
}

void pg_verdict_answer(const struct pg_verdict *verdict, const struct pg_cost *cost, struct pg_answer *answer)
{
	const enum pg_reason reason = first_reason(verdict);

	*answer = (struct pg_answer){
		.verdict = verdict->by_policy ? PG_ANSWER_BY_POLICY : PG_ANSWER_OPENED,
		.devices = verdict->devices,
		.keep = verdict->keep,
		.move = verdict->move,
		.unverified = verdict->unverified,
		.reads = cost->reads > UINT32_MAX ? UINT32_MAX : (uint32_t)cost->reads,
		.cycles = cost->cycles,
	};
	if (reason) {
		const char *code = pg_reason_code(reason);
		const size_t len = strlen(code);

		memcpy(answer->reason, code, len < PG_ANSWER_REASON ? len : PG_ANSWER_REASON - 1);
	}
}
