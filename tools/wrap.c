// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * wrap.c - pcigate wrap and pcigate unwrap: gated images.
 */
#include "cli.h"
#include "image/carrier.h"
#include "image/image.h"
#include "image/tree.h"
#include "output.h"
#include "program.h"

#include <stdlib.h>

static const struct option long_options[] = {
	{ "record", required_argument, NULL, 'r' },
	{ "cmdline", required_argument, NULL, 'c' },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"usage: pcigate wrap [--record FILE] [--cmdline LINE] -o OUT KERNEL\n"
	"       pcigate unwrap -o OUT IMAGE\n\n"
	"wrap makes a gated image: KERNEL, a bzImage, with the stage in front. Every kexec can\n"
	"start it. unwrap writes the original image, byte for byte.\n\n"
	"      --record FILE  what must keep its address: a capture (pcigate record)\n"
	"      --cmdline LINE judge as if LINE were before the line that kexec passes\n"
	"  -o, --output OUT   write OUT; \"-\" is standard output\n"
	"      --help         print this\n\n"
	"Exit status: 0 done, 2 error; OUT is then as it was.\n"
	"Manual: pcigate-wrap(8)\n";

static struct program program = { "wrap", usage, ":o:h", long_options };

/**
 * struct wrap - the command line of wrap and unwrap
 * @command: "wrap" or "unwrap"
 * @record:  --record, a capture, or NULL
 * @cmdline: --cmdline, or NULL
 * @output:  --output
 * @kernel:  the image
 */
struct wrap {
	const char *command;
	const char *record;
	const char *cmdline;
	const char *output;
	const char *kernel;
};

/* Returns an exit status if the command ends here, or -1 to go on. */
static int parse(int argc, char **argv, struct wrap *wrap)
{
	int option, status = -1;

	while ((option = program_option(&program, argc, argv, &status)) != -1) {
		switch (option) {
		case 'r':
			wrap->record = optarg;
			break;
		case 'c':
			wrap->cmdline = optarg;
			break;
		case 'o':
			wrap->output = optarg;
			break;
		}
	}
	if (status >= 0)
		return status;
	if (optind == argc)
		return reject(&program, "a kernel image is missing", NULL);
	wrap->kernel = argv[optind++];
	if (optind < argc)
		return reject(&program, "one image at a time, but there is also", argv[optind]);
	if (!wrap->output)
		return reject(&program, "-o is missing: where to write the image", NULL);
	if ((wrap->record || wrap->cmdline) && !strcmp(wrap->command, "unwrap"))
		return reject(&program, "--record and --cmdline are options of wrap, not of",
			      wrap->command);
	return -1;
}

/* pcigate's own record in the capture at @path. */
static const void *own_record(struct session *session, const char *path, size_t *size)
{
	const struct pg_gate *gate = &session->gate;
	static struct options options;

	options.path = path;
	session->options = &options;
	if (session_load(session))
		return NULL;
	session->cmdline = session->capture->cmdline;
	session_run(session);
	session_look(session);
	if (gate->verdict.record) {
		complain("%s: %s: %s %s", path, pg_reason_sentence(gate->verdict.record),
			 gate->verdict.finding.field ? gate->verdict.finding.field : "?",
			 gate->verdict.finding.text);
		return NULL;
	}
	if (!gate->record.own.present) {
		complain("%s: has no record of pcigate's own, only Linux's", path);
		return NULL;
	}
	*size = gate->record.own.size;
	return gate->record.own.fdt;
}

/* Adds --cmdline to the kernel's built-in command line. */
static bool add_cmdline(struct kernel_facts *facts, const char *line, struct capture_error *error)
{
	const size_t len = strlen(facts->cmdline);

	if (len + !!len + strlen(line) > PG_CMDLINE_MAX)
		return image_fail(error, "--cmdline: with the built-in line, more than %u bytes",
				  PG_CMDLINE_MAX);
	sprintf(facts->cmdline + len, "%s%s", len ? " " : "", line);
	if (facts->cmdline_source == FACT_UNKNOWN)
		facts->cmdline_source = FACT_CONFIG;
	return true;
}

static uint8_t *make_wrapped(const struct wrap *wrap, const uint8_t *image, size_t size,
			     size_t *out_size)
{
	const struct carrier_parts parts = carrier_stage();
	static struct kernel_header header;
	static struct kernel_facts facts;
	struct capture_error error = { "" };
	struct session session = { 0 };
	const void *record = NULL;
	size_t record_size = 0, tree_size;
	uint8_t *out = NULL;
	void *tree = NULL;

	if (wrap->record) {
		record = own_record(&session, wrap->record, &record_size);
		if (!record)
			goto out;
	}
	if (kernel_header_read(&header, image, size, &error) &&
	    kernel_facts_read(&facts, &header, image, wrap->kernel, NULL, &error) &&
	    (!wrap->cmdline || add_cmdline(&facts, wrap->cmdline, &error)))
		tree = image_tree_make(record, record_size, header.release, &facts, &tree_size,
				       &error);
	if (tree)
		out = carrier_wrap(&parts, image, size, tree, tree_size, out_size, &error);
	if (!out)
		complain("%s: %s", wrap->kernel, error.text);
out:
	free(tree);
	capture_free(session.capture);
	return out;
}

static uint8_t *make_unwrapped(const struct wrap *wrap, const uint8_t *image, size_t size,
			       size_t *out_size)
{
	struct capture_error error = { "" };
	uint8_t *out = carrier_unwrap(image, size, out_size, &error);

	if (!out)
		complain("%s: %s", wrap->kernel, error.text);
	return out;
}

/* @image was signed; the signature is not that of what is written now. */
static void tell_to_sign(const struct wrap *wrap, const uint8_t *image, size_t size)
{
	const char *out = output_is_stdout(wrap->output) ? "OUT" : wrap->output;
	struct kernel_header header;
	struct capture_error error;

	if (kernel_header_read(&header, image, size, &error) && header.signature_size)
		complain("%s is signed, and the gated image is not. To sign it: "
			 "sbsign --key KEY --cert CERT --output %s %s",
			 wrap->kernel, out, out);
}

int command_wrap(int argc, char **argv)
{
	struct wrap wrap = { .command = argv[0] };
	struct capture_error error = { "" };
	uint8_t *image, *out;
	size_t size, out_size;
	int status;

	program.name = wrap.command;
	status = parse(argc, argv, &wrap);
	if (status >= 0)
		return status;
	status = output_check(wrap.output);
	if (status)
		return status;
	image = kernel_image_load(wrap.kernel, &size, &error);
	if (!image)
		return complain("%s: %s", wrap.kernel, error.text);
	out = (!strcmp(wrap.command, "wrap") ? make_wrapped : make_unwrapped)(&wrap, image, size,
									      &out_size);
	status = out ? output_write(wrap.output, out, out_size) : STATUS_TROUBLE;
	if (!status && !strcmp(wrap.command, "wrap"))
		tell_to_sign(&wrap, image, size);
	free(out);
	free(image);
	return status;
}
