// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * record.c - pcigate record: writes a capture of the running host.
 */
#include "record.h"

#include "cli.h"
#include "output.h"
#include "program.h"
#include "source.h"

#include <stdlib.h>

/* What pcigate-baseline.service compares with. */
#define BASELINE "/var/lib/pcigate/baseline.dtb"

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "all", no_argument, NULL, 'a' },
	{ "update", no_argument, NULL, 'u' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"usage: pcigate record [-o FILE] [--update] [--all | DEVICES...]\n\n"
	"Writes a capture of this host, as root: root buses, bridges, the identity of each\n"
	"function, and the command line. pcigate check, plan, show and pcigate.efi read it.\n"
	"DEVICES count as preserved: [[DOMAIN:]BUS:]DEV.FN, a path (0000:00:1c.0/00.0),\n"
	"driver:NAME, class:HEX, or a list of these with commas; without them all devices\n"
	"that are bound to vfio-pci do.\n\n"
	"  -o, --output FILE      write to FILE, not to standard output\n"
	"      --all              all functions count as preserved that are no bridges\n"
	"      --update           show what differs from FILE (" BASELINE "),\n"
	"                         and ask whether to record it there, as --all does\n"
	"      --help             print this\n\n"
	"Exit status: 0 recorded, 1 not accepted, 2 error.\n"
	"Manual: pcigate-record(8)\n";

static const struct program program = { "record", usage, ":ho:", long_options };

/**
 * struct arguments - the command line of pcigate record
 * @output:    --output, or NULL
 * @update:    --update
 * @request:   which devices
 */
struct arguments {
	const char *output;
	bool update;
	struct host_request request;
};

static int take_addresses(int argc, char **argv, struct arguments *arguments)
{
	for (int i = optind; i < argc; i++) {
		const char *wrong = selection_add(&arguments->request.named, argv[i]);

		if (wrong)
			return reject(&program, "a device is " SELECTOR_FORMS ", not", wrong);
	}
	if (arguments->request.all && arguments->request.named.nr)
		return reject(&program, "either --all or devices, but there is also", argv[optind]);
	return -1;
}

/* Returns an exit status if the command ends here, or -1 to go on. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	int option, status = -1;

	while ((option = program_option(&program, argc, argv, &status)) != -1) {
		switch (option) {
		case 'o':
			arguments->output = optarg;
			break;
		case 'a':
			arguments->request.all = true;
			break;
		case 'u':
			arguments->update = true;
			break;
		}
	}
	if (status < 0)
		status = take_addresses(argc, argv, arguments);
	if (status >= 0 || !arguments->update)
		return status;
	arguments->request.all = !arguments->request.named.nr;
	if (!arguments->output)
		arguments->output = BASELINE;
	return output_is_stdout(arguments->output)
		       ? reject(&program, "--update compares with a file, not with", "-")
		       : -1;
}

/* Shows what differs from the recording at @path. Returns 0 to replace it, or an exit status. */
static int accept_changes(const char *path)
{
	char *words[] = { (char *)"diff", (char *)"--", (char *)path, NULL };
	char answer[16];
	int status;

	/* For getopt_long(), this is another command line. */
	optind = 0;
	status = command_diff(3, words);
	if (status != STATUS_STOP)
		return status;
	fprintf(stderr, "pcigate: record this as %s? [y/N] ", path);
	if (fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y'))
		return 0;
	complain("%s: not accepted, not changed", path);
	return STATUS_STOP;
}

static int write_capture(struct host_record *record, const char *output)
{
	const struct recording *recording = &record->recording;
	size_t size = 0;
	void *fdt = host_record_capture(record, &size);
	int status;

	if (!fdt)
		return STATUS_TROUBLE;
	source_notes(&record->machine, NULL);
	status = output_write(output, fdt, size);
	free(fdt);
	if (!status && !output_is_stdout(output))
		printf("recorded: %u of %u functions, and %u bridge%s above (%llu config reads)\n",
		       recording->devices, record->functions.nr, recording->bridges,
		       recording->bridges == 1 ? "" : "s",
		       (unsigned long long)(record->functions.reads + recording->reads));
	return status;
}

static int run(struct arguments *arguments)
{
	static struct host_record record;
	int status = output_check(arguments->output);

	if (status)
		return status;
	status = host_record_open(&record, &arguments->request);
	/* What is recorded was read before the question. */
	if (!status && arguments->update)
		status = accept_changes(arguments->output);
	if (!status)
		status = write_capture(&record, arguments->output);
	host_record_close(&record);
	return status;
}

int command_record(int argc, char **argv)
{
	struct arguments arguments = { 0 };
	int status;

	status = parse(argc, argv, &arguments);
	if (status < 0)
		status = run(&arguments);
	selection_free(&arguments.request.named);
	return status;
}
