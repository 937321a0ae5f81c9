// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * expect.c - compares the report with what the capture expects (docs/capture.md, "expect").
 */
#include "cli.h"

/* The reasons in the verdict: that of the record, and those of all functions. */
static void collect(const struct pg_gate *gate, bool given[PG_REASON_COUNT])
{
	const struct pg_judged judged = pg_gate_judged(gate);
	const struct pg_verdict *verdict = &gate->verdict;
	struct pg_vf_judgement judgement;
	struct pg_vf_walk walk;

	memset(given, 0, PG_REASON_COUNT * sizeof(*given));
	given[verdict->record] = true;
	for (uint32_t i = 0; i < verdict->nr; i++)
		given[verdict->judgements[i].reason] = true;
	pg_vf_walk_begin(&walk);
	while (verdict->vfs && pg_vf_walk_next(&walk, &gate->record, &gate->topology)) {
		for (uint32_t i = 0; i < walk.pf.nr; i++) {
			pg_judge_vf(&judged, &walk, i, &judgement);
			given[judgement.reason] = true;
		}
	}
	given[PG_OK] = false;
}

static bool contains(const struct capture_strings *strings, const char *wanted)
{
	for (uint32_t i = 0; i < strings->nr; i++) {
		if (!strcmp(strings->text[i], wanted))
			return true;
	}
	return false;
}

static enum pg_reason find_reason(const char *code)
{
	for (int i = PG_OK + 1; i < PG_REASON_COUNT; i++) {
		if (!strcmp(pg_reason_code((enum pg_reason)i), code))
			return (enum pg_reason)i;
	}
	return PG_OK;
}

static int compare_reasons(const struct session *session)
{
	const struct capture_strings *wanted = &session->capture->expect.reasons;
	bool given[PG_REASON_COUNT];
	int status = 0;

	collect(&session->gate, given);
	for (uint32_t i = 0; i < wanted->nr; i++) {
		enum pg_reason reason = find_reason(wanted->text[i]);

		if (!reason)
			return complain("%s: /expect: reasons: '%s' is not a reason code",
					session->options->path, wanted->text[i]);
		if (!given[reason]) {
			complain("%s: the reason %s was expected, but not given",
				 session->options->path, wanted->text[i]);
			status = STATUS_STOP;
		}
	}
	for (int i = PG_OK + 1; i < PG_REASON_COUNT; i++) {
		const char *code = pg_reason_code((enum pg_reason)i);

		if (given[i] && !contains(wanted, code)) {
			complain("%s: the reason %s was given, but not expected",
				 session->options->path, code);
			status = STATUS_STOP;
		}
	}
	return status;
}

static bool is_printed(const struct lines *lines, const char *part)
{
	for (uint32_t i = 0; i < lines->nr; i++) {
		if (strstr(lines->text[i], part))
			return true;
	}
	return false;
}

static int compare_lines(const struct session *session, const struct lines *lines)
{
	const struct capture_expect *expect = &session->capture->expect;
	int status = 0;

	for (uint32_t i = 0; i < expect->lines.nr; i++) {
		if (is_printed(lines, expect->lines.text[i]))
			continue;
		complain("%s: no line contains '%s'", session->options->path,
			 expect->lines.text[i]);
		status = STATUS_STOP;
	}
	for (uint32_t i = 0; i < expect->without.nr; i++) {
		if (!is_printed(lines, expect->without.text[i]))
			continue;
		complain("%s: a line contains '%s'", session->options->path,
			 expect->without.text[i]);
		status = STATUS_STOP;
	}
	return status;
}

int expect_compare(const struct session *session)
{
	const struct capture_expect *expect = &session->capture->expect;
	struct lines lines;
	int status;
	int other;

	if (!expect->present)
		return complain("%s: has no node /expect", session->options->path);
	if (!lines_make(session, &lines))
		return complain("out of memory");
	status = compare_reasons(session);
	other = compare_lines(session, &lines);
	if (other > status)
		status = other;
	if (expect->open != session->gate.verdict.open && status < STATUS_TROUBLE) {
		complain("%s: expected to %s, but it %s", session->options->path,
			 expect->open ? "open" : "stop", expect->open ? "stops" : "opens");
		status = STATUS_STOP;
	}
	for (uint32_t i = 0; status && i < lines.nr; i++)
		puts(lines.text[i]);
	lines_free(&lines);
	return status;
}

int expect_plan(const struct session *session, const char *text)
{
	const struct capture_expect *expect = &session->capture->expect;
	int status = STATUS_OPEN;

	if (!expect->present)
		return complain("%s: has no node /expect", session->options->path);
	for (uint32_t i = 0; i < expect->plan.nr; i++) {
		if (strstr(text, expect->plan.text[i]))
			continue;
		complain("%s: no line of the plan contains '%s'", session->options->path,
			 expect->plan.text[i]);
		status = STATUS_STOP;
	}
	if (status)
		fputs(text, stdout);
	return status;
}
