// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * record.c - pcigate record: writes a capture of the running host.
 */
#include "record.h"

#include "cli.h"
#include "output.h"
#include "source.h"

#include <getopt.h>
#include <stdlib.h>

static void usage(FILE *out)
{
	fputs("usage: pcigate record [-o FILE] [--all | DEVICES...]\n\n"
	      "Writes a capture of this host, as root: root buses, bridges, the identity of each\n"
	      "function, and the command line. pcigate check, plan, show and pcigate.efi read it.\n"
	      "DEVICES count as preserved: [[DOMAIN:]BUS:]DEV.FN, a path (0000:00:1c.0/00.0),\n"
	      "driver:NAME, class:HEX, or a list of these with commas; without them all devices\n"
	      "that are bound to vfio-pci do.\n\n"
	      "  -o, --output FILE      write to FILE, not to standard output\n"
	      "      --all              all functions count as preserved that are no bridges\n"
	      "      --help             print this\n\n"
	      "Exit status: 0 recorded, 2 error.\n"
	      "Manual: pcigate-record(8)\n",
	      out);
}

static int bad_usage(const char *message, const char *what)
{
	return complain("record: %s%s%s%s; see pcigate record --help", message, what ? " '" : "",
			what ? what : "", what ? "'" : "");
}

/**
 * struct arguments - the command line of pcigate record
 * @output:    --output, or NULL
 * @request:   which devices
 */
struct arguments {
	const char *output;
	struct host_request request;
};

static int take_addresses(int argc, char **argv, struct arguments *arguments)
{
	for (int i = optind; i < argc; i++) {
		const char *wrong = selection_add(&arguments->request.named, argv[i]);

		if (wrong)
			return bad_usage("a device is " SELECTOR_FORMS ", not", wrong);
	}
	if (arguments->request.all && arguments->request.named.nr)
		return bad_usage("either --all or devices, but there is also", argv[optind]);
	return -1;
}

/* Returns an exit status if the command ends here, or -1 to go on. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "all", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	char letter[3];
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":ho:", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			arguments->output = optarg;
			break;
		case 'a':
			arguments->request.all = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		case ':':
			return bad_usage("an argument is missing for", argv[optind - 1]);
		default:
			return bad_usage("unknown option", rejected_option(argv, letter));
		}
	}
	return take_addresses(argc, argv, arguments);
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
