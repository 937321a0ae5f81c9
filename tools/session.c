// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * session.c - a capture through the gate, and the lines that the gate has to say on it.
 */
#include "cli.h"

#include <stdlib.h>

static struct pg_workspace workspace;

static const char *source_name(const char *path)
{
	if (!*path)
		return "''";
	return strcmp(path, "-") ? path : "standard input";
}

void *session_fetch(const char *path, size_t *size)
{
	struct capture_error error = { "" };
	void *fdt = capture_load(path, size, &error);

	if (!fdt)
		complain("%s: %s", source_name(path), error.text);
	return fdt;
}

int session_parse(struct session *session, const void *fdt, size_t size)
{
	struct capture_error error = { "" };

	session->capture = capture_parse(fdt, size, &error);
	return session->capture ? 0 : complain("%s: %s", source_name(session->options->path), error.text);
}

int session_load(struct session *session)
{
	size_t size = 0;
	void *fdt = session_fetch(session->options->path, &size);
	int status = fdt ? session_parse(session, fdt, size) : STATUS_TROUBLE;

	free(fdt);
	return status;
}

void session_run(struct session *session)
{
	const struct pg_memory memory = capture_memory(session->capture);
	const struct pg_config config = capture_config(session->capture);
	struct pg_input input = {
		.memory = &memory,
		.config = &config,
		.setup_data_pa = session->capture->setup_data_pa,
	};

	session->cmdline = session->options->cmdline ? session->options->cmdline : session->capture->cmdline;
	if (session->cmdline) {
		input.cmdline = session->cmdline;
		input.cmdline_len = strlen(session->cmdline);
	}
	pg_gate_run(&input, &workspace, &session->gate);
}

void session_look(struct session *session)
{
	const struct pg_memory memory = capture_memory(session->capture);
	const struct pg_config config = capture_config(session->capture);
	struct pg_gate *gate = &session->gate;
	struct pg_finding finding;
	enum pg_reason reason;

	if (gate->policy.mode != PG_MODE_OFF)
		return;
	gate->policy.mode = PG_MODE_ENFORCE;
	reason = pg_record_read(&memory, session->capture->setup_data_pa, &gate->record, workspace.entries,
				PG_MAX_RECORDED, &finding);
	if (reason)
		gate->verdict = (struct pg_verdict){ .record = reason, .finding = finding };
	else if (gate->record.state == PG_RECORD_DEVICES)
		pg_gate_judge(&config, false, &workspace, gate);
	gate->policy.mode = PG_MODE_OFF;
}

void session_judge(struct session *session, const struct pg_config *config, const struct pg_record_entry *entries,
		   uint32_t nr, const struct pg_record_root *roots, uint32_t nr_roots)
{
	struct pg_gate *gate = &session->gate;

	memset(gate, 0, sizeof(*gate));
	pg_policy_parse(session->cmdline, session->cmdline ? strlen(session->cmdline) : 0, &gate->policy);
	memcpy(workspace.entries, entries, nr * sizeof(*entries));
	gate->record = (struct pg_record){
		.state = PG_RECORD_DEVICES,
		.pci_version = 2,
		.nr = nr,
		.entries = workspace.entries,
		.nr_roots = nr_roots,
	};
	memcpy(gate->record.roots, roots, nr_roots * sizeof(*roots));
	pg_gate_judge(config, true, &workspace, gate);
}

static void add_line(void *ctx, const char *text)
{
	struct lines *lines = ctx;
	char(*more)[PG_LINE_SIZE];

	if (!(lines->nr & (lines->nr - 1))) {
		more = realloc(lines->text, sizeof(*more) * (lines->nr ? 2 * (size_t)lines->nr : 1));
		if (!more)
			lines->failed = true;
		else
			lines->text = more;
	}
	if (!lines->failed)
		snprintf(lines->text[lines->nr++], PG_LINE_SIZE, "%s", text);
}

bool lines_make(const struct session *session, struct lines *lines)
{
	const struct pg_gate *gate = &session->gate;
	const struct pg_printer printer = { .line = add_line, .ctx = lines };
	const struct pg_cost cost = { .reads = gate->topology.reads };

	*lines = (struct lines){ 0 };
	pg_report_details(&printer, &gate->record, &gate->topology, &gate->plan, &gate->policy,
			  &gate->verdict);
	pg_report_verdict(&printer, &gate->record, &gate->policy, &gate->verdict, &cost, NULL);
	if (lines->failed)
		lines_free(lines);
	return !lines->failed;
}

void lines_free(struct lines *lines)
{
	free(lines->text);
}
