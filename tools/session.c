// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * session.c - runs the pipeline on a capture, and keeps the lines of the report.
 */
#include "cli.h"

#include "../lib/workspace.h"
#include "next_cmdline.h"
#include "source.h"

#include <stdlib.h>

static struct pg_workspace workspace;

void *session_fetch(const char *path, size_t *size)
{
	void *fdt = source_fetch(path, size);

	if (fdt && source_is_capture(fdt, *size))
		return fdt;
	if (fdt)
		complain("%s: is not a flattened device tree (.dtb); compile text with dtc: "
			 "dtc -q -O dtb FILE | pcigate check -; pcigate plan and diff read the "
			 "output "
			 "of lspci",
			 source_name(path));
	free(fdt);
	return NULL;
}

int session_parse(struct session *session, const void *fdt, size_t size)
{
	struct capture_error error = { "" };

	session->capture = capture_parse(fdt, size, &error);
	return session->capture
		       ? 0
		       : complain("%s: %s", source_name(session->options->path), error.text);
}

int session_load(struct session *session)
{
	size_t size = 0;
	void *fdt = session_fetch(session->options->path, &size);
	int status = fdt ? session_parse(session, fdt, size) : STATUS_TROUBLE;

	free(fdt);
	return status;
}

/* Runs the pipeline on the capture. @despite_off: run it with pcigate=off, too. */
static void run(struct session *session, bool despite_off)
{
	const struct pg_memory memory = capture_memory(session->capture);
	const struct pg_config config = capture_config(session->capture);
	struct pg_handover handover = { .memory = &memory,
					.setup_data_pa = session->capture->setup_data_pa };
	const struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config,
		.cmdline = session->cmdline,
		.cmdline_len = session->cmdline ? strlen(session->cmdline) : 0,
		.next = session->capture->knows_next ? &session->capture->next : NULL,
		.despite_off = despite_off,
	};

	pg_gate_run(&input, &workspace, &session->gate);
}

const char *session_cmdline(struct session *session, const char *given)
{
	const struct options *options = session->options;
	const char *line = options->cmdline ? options->cmdline : given;

	if (!options->append)
		return line;
	free(session->appended);
	session->appended = next_cmdline(line ? line : "", "", options->append);
	if (!session->appended)
		exit(complain("out of memory"));
	return session->appended;
}

void session_run(struct session *session)
{
	session->cmdline = session_cmdline(session, session->capture->cmdline);
	run(session, false);
}

void session_look(struct session *session)
{
	if (session->gate.policy.mode == PG_MODE_OFF)
		run(session, true);
}

void session_judge(struct session *session, const struct pg_config *config,
		   struct pg_record *record)
{
	const struct pg_input input = {
		.source = { .read = pg_read_given, .ctx = record },
		.config = config,
		.cmdline = session->cmdline,
		.cmdline_len = session->cmdline ? strlen(session->cmdline) : 0,
		.next = session->capture && session->capture->knows_next ? &session->capture->next
									 : NULL,
		.everything = true,
		.despite_off = true,
	};

	pg_gate_run(&input, &workspace, &session->gate);
}

static void add_line(void *ctx, const char *text)
{
	struct lines *lines = ctx;
	char(*more)[PG_LINE_SIZE];

	if (!(lines->nr & (lines->nr - 1))) {
		more = realloc(lines->text,
			       sizeof(*more) * (lines->nr ? 2 * (size_t)lines->nr : 1));
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
	pg_report(&printer, gate);
	pg_report_verdict(&printer, gate, &cost, NULL);
	if (lines->failed)
		lines_free(lines);
	return !lines->failed;
}

void lines_free(struct lines *lines)
{
	free(lines->text);
}
