// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * plan.c - pcigate plan: the bus numbers of today and of the next kernel, for every bridge and
 * function of a machine.
 */
#define _GNU_SOURCE /* open_memstream() */

#include "plan.h"
#include "source.h"

#include <stdlib.h>

static struct machine_plan plan;

/* Where the machine is read from; NULL for this host. */
static const char *path_of(const struct options *options)
{
	return options->dump ? options->dump : options->path;
}

static bool judge_capture(struct capture_error *error)
{
	struct session *session = &plan.session;
	enum pg_mode mode;

	session_run(session);
	mode = session->gate.policy.mode;
	/* With pcigate=off the verdict is open for any record, but the record is still drawn. */
	session_look(session);
	if (mode == PG_MODE_OFF) {
		session->gate.verdict.open = session->gate.verdict.by_policy = true;
		/* The pipeline itself would have made no config read. */
		session->gate.topology.reads = 0;
	}
	plan.judged =
		session->gate.verdict.record || session->gate.record.state == PG_RECORD_DEVICES;
	/* The root buses of a damaged record are not used either. */
	if (session->gate.verdict.record)
		session->gate.record.nr_roots = 0;
	return machine_of_capture(&plan.machine, session->capture, &session->gate.record, error);
}

static int tell_roots(const struct options *options)
{
	struct capture_error error = { "" };

	for (uint32_t i = 0; i < options->nr_roots; i++) {
		if (!machine_tell_root(&plan.machine, &options->roots[i], &error))
			return complain("--root: %s", error.text);
	}
	return 0;
}

static int open_file(const struct options *options, const void *bytes, size_t size)
{
	struct capture_error error = { "" };
	int status = 0;

	if (options->dump || !source_is_capture(bytes, size)) {
		plan.session.cmdline = session_cmdline(&plan.session, NULL);
		if (!machine_of_text(&plan.machine, bytes, size, &error))
			return complain("%s: %s", source_name(path_of(options)), error.text);
		if (options->expect)
			return complain("--expect needs a capture: %s is the output of lspci",
					source_name(path_of(options)));
		return tell_roots(options);
	}
	if (options->nr_roots)
		return complain("--root is for the output of lspci: a capture has its root buses");
	status = session_parse(&plan.session, bytes, size);
	if (!status && !judge_capture(&error))
		status = complain("%s: %s", source_name(options->path), error.text);
	if (!status && plan.judged && options->preserved.nr)
		status = complain("--preserve: %s already has a record of preserved devices",
				  source_name(options->path));
	return status;
}

static int open_host(const struct options *options)
{
	struct capture_error error = { "" };

	if (options->nr_roots)
		return complain("--root is for the output of lspci: the kernel of this host knows "
				"its root buses");
	if (!machine_of_host(&plan.machine, &error))
		return complain("%s: %s", source_name(NULL), error.text);
	/* kexec --reuse-cmdline would use this one. */
	plan.session.cmdline = session_cmdline(&plan.session, plan.machine.cmdline);
	return users_read(&plan.users) ? 0 : complain("out of memory");
}

static int open_machine(const struct options *options)
{
	size_t size = 0;
	void *bytes;
	int status;

	if (!path_of(options))
		return open_host(options);
	bytes = source_fetch(path_of(options), &size);
	status = bytes ? open_file(options, bytes, size) : STATUS_TROUBLE;
	free(bytes);
	return status;
}

static bool any_disagrees(void)
{
	for (uint32_t i = 0; i < plan.topology.nr; i++) {
		if (plan_disagrees(&plan, i))
			return true;
	}
	return false;
}

static int exit_status(void)
{
	if (plan.judged && !plan.session.gate.verdict.open)
		return STATUS_STOP;
	if (plan.judged && plan.session.gate.policy.mode != PG_MODE_ENFORCE)
		return STATUS_OPEN;
	return plan.reason || any_disagrees() ? STATUS_STOP : STATUS_OPEN;
}

/* Printed before the verdict, because the verdict alone would be misleading. */
static void put_disagreement(FILE *out)
{
	char text[BDF_TEXT];

	for (uint32_t i = 0; i < plan.topology.nr; i++) {
		if (plan_disagrees(&plan, i))
			fprintf(out,
				"the verdict, which does not consider all root buses, lets %s "
				"pass; the "
				"plan for the whole machine does not\n",
				bdf_text(plan.topology.functions[i].at, text));
	}
}

/* The lines of the report, or why there are none. */
static bool put_verdict(FILE *out)
{
	struct lines lines;

	if (!plan.judged) {
		fputs("nothing is judged: no device is preserved\n", out);
		return true;
	}
	put_disagreement(out);
	if (!lines_make(&plan.session, &lines))
		return false;
	for (uint32_t i = 0; i < lines.nr; i++)
		fprintf(out, "%s\n", lines.text[i]);
	lines_free(&lines);
	return true;
}

static bool put_plan(FILE *out)
{
	if (plan.session.options->moves_only && !plan.reason) {
		put_disagreement(out);
		plan_moves(&plan, out);
		return true;
	}
	if (plan.session.capture && plan.session.capture->description) {
		fputs("capture  ", out);
		put_text(out, plan.session.capture->description);
		fputc('\n', out);
	}
	if (plan.session.cmdline) {
		fputs("next     ", out);
		put_text(out, plan.session.cmdline);
		fputc('\n', out);
	}
	if (plan.policy.pci_off)
		fputs("The next kernel does not use PCI (pci=off, conf2), so it finds none of "
		      "these.\n",
		      out);
	if (plan.reason)
		fprintf(out, "no plan: %s: %s %s [%s]\n", pg_reason_sentence(plan.reason),
			plan.finding.field ? plan.finding.field : "?", plan.finding.text,
			pg_reason_code(plan.reason));
	else if (!plan_tree(&plan, out))
		return false;
	return put_verdict(out);
}

/* Captures state the expected lines in ASCII. */
static int compare(struct options options)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;
	bool good;

	options.utf8 = options.colour = false;
	plan.session.options = &options;
	good = out && put_plan(out);
	if (out && fclose(out))
		good = false;
	status = good ? expect_plan(&plan.session, text) : complain("out of memory");
	free(text);
	return status;
}

static int put(const struct options *options)
{
	if (options->quiet)
		return exit_status();
	if (options->expect)
		return compare(*options);
	if (options->json)
		return plan_json(&plan, exit_status());
	source_notes(&plan.machine, path_of(options));
	if (options->dot) {
		if (plan.reason)
			return complain("%s: no plan: %s: %s %s", source_name(path_of(options)),
					pg_reason_sentence(plan.reason), plan.finding.field,
					plan.finding.text);
		plan_dot(&plan, stdout);
		return exit_status();
	}
	return put_plan(stdout) ? exit_status() : complain("out of memory");
}

static int preserve(const struct options *options)
{
	struct selection selection = options->preserved;
	struct capture_error error = { "" };
	int status;

	selection.chosen = NULL;
	if (selection_resolve(&selection, &plan.machine, &error))
		status = plan_preserve(&plan, selection.chosen, selection.nr_chosen);
	else
		status = complain("--preserve: %s", error.text);
	free(selection.chosen);
	return status;
}

int command_plan(const struct options *options)
{
	int status;

	plan.session.options = options;
	status = open_machine(options);
	if (!status) {
		plan_scan(&plan);
		if (options->preserved.nr && !plan.reason)
			status = preserve(options);
		plan_finish(&plan);
	}
	if (!status)
		status = put(options);
	users_free(&plan.users);
	machine_close(&plan.machine);
	capture_free(plan.session.capture);
	free(plan.session.appended);
	return status;
}
