// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * vfs.c - preserved virtual functions: the lines of a tree, and JSON.
 */
#include "vfs.h"

#include "json.h"

/* Goes to the physical function at @at; false if it has no preserved virtual functions. */
static bool find(const struct session *session, struct pg_bdf at, struct pg_vf_walk *walk)
{
	const struct pg_gate *gate = &session->gate;

	pg_vf_walk_begin(walk);
	while (gate->verdict.vfs && pg_vf_walk_next(walk, &gate->record, &gate->topology)) {
		if (pg_bdf_equal(walk->pf.at, at))
			return true;
	}
	return false;
}

static const char *verdict_text(const struct pg_vf_judgement *judgement)
{
	const struct pg_judgement same = { .reason = judgement->reason, .lost = judgement->lost };

	return judgement_text(&same);
}

void vfs_put(const struct session *session, struct pg_bdf at, const char *prefix, FILE *out)
{
	const struct pg_judged judged = pg_gate_judged(&session->gate);
	const struct options *options = session->options;
	struct pg_vf_judgement judgement;
	struct pg_vf_walk walk;

	if (!find(session, at, &walk))
		return;
	for (uint32_t i = 0; i < walk.pf.nr; i++) {
		char text[BDF_TEXT];

		pg_judge_vf(&judged, &walk, i, &judgement);
		fprintf(out, "%s%s virtual function %u, %spreserved%s", prefix,
			bdf_text(judgement.at, text), pg_vf_index(&walk.pf, i),
			colour(options, judgement.reason ? COLOUR_BAD : COLOUR_GOOD),
			colour(options, COLOUR_NONE));
		if (judgement.reason)
			fprintf(out, ", %s: %s [%s]", verdict_text(&judgement),
				pg_reason_sentence((enum pg_reason)judgement.reason),
				pg_reason_code((enum pg_reason)judgement.reason));
		fputc('\n', out);
	}
}

json_t *vfs_json(const struct session *session, struct pg_bdf at)
{
	const struct pg_judged judged = pg_gate_judged(&session->gate);
	struct pg_vf_judgement judgement;
	json_t *array = json_array();
	struct pg_vf_walk walk;

	if (!array || !find(session, at, &walk))
		return array;
	for (uint32_t i = 0; i < walk.pf.nr; i++) {
		pg_judge_vf(&judged, &walk, i, &judgement);
		if (!json_append_or_fail(
			    array,
			    json_pack("{s:o, s:s, s:s?}", "address", json_address(judgement.at),
				      "verdict", verdict_text(&judgement), "reason",
				      judgement.reason
					      ? pg_reason_code((enum pg_reason)judgement.reason)
					      : NULL))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}
