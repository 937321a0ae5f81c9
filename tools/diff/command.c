// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * command.c - pcigate diff: compares the PCI functions of two machines, or of this host and an
 * earlier state.
 */
#include "diff.h"

#include "../program.h"

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },	   { "dot", no_argument, NULL, 'd' },
	{ "journal", no_argument, NULL, 'J' },	   { "quiet", no_argument, NULL, 'q' },
	{ "color", optional_argument, NULL, 'c' }, { "colour", optional_argument, NULL, 'c' },
	{ "help", no_argument, NULL, 'h' },	   { NULL, 0, NULL, 0 },
};

static const char usage[] =
	"usage: pcigate diff [OPTION]... OLD [NEW]\n\n"
	"Prints which PCI functions were moved, exchanged, replaced, removed or added. OLD and\n"
	"NEW are captures (pcigate record --all) or the output of lspci -xxxx, as root; a gzip\n"
	"file is decompressed; \"-\" is standard input. Without NEW, OLD is compared with this\n"
	"host, as root.\n\n"
	"      --json             print one JSON object\n"
	"      --dot              print a graph for dot(1) with both trees\n"
	"      --journal          log to the journal: an entry for each change\n"
	"  -q, --quiet            print nothing, only set the exit status\n"
	"      --color[=WHEN]     auto (the default), always or never\n"
	"      --help             print this\n\n"
	"Exit status: 0 the same, 1 different, 2 error.\n"
	"Manual: pcigate-diff(8)\n";

static const struct program program = { "diff", usage, ":hq", long_options };

static int take_paths(int argc, char **argv, struct diff *diff)
{
	if (optind == argc)
		return reject(&program, "a file is missing: the old state of the machine", NULL);
	diff->old.path = argv[optind++];
	if (optind < argc)
		diff->new.path = argv[optind++];
	if (optind < argc)
		return reject(&program, "two files at most, but there is also", argv[optind]);
	if (diff->new.path && !strcmp(diff->old.path, "-") && !strcmp(diff->new.path, "-"))
		return reject(&program, "only one of the two files can be standard input", NULL);
	return -1;
}

/* Returns an exit status if the command ends here, or -1 to go on. */
static int parse(int argc, char **argv, struct options *options, struct diff *diff)
{
	int option, status = -1;

	while ((option = program_option(&program, argc, argv, &status)) != -1) {
		switch (option) {
		case 'j':
			options->json = true;
			break;
		case 'd':
			options->dot = true;
			break;
		case 'J':
			diff->journal = true;
			break;
		case 'q':
			options->quiet = true;
			break;
		case 'c':
			if (!colour_parse(optarg, &options->colour))
				return reject(&program, "--color takes auto, always or never, not",
					      optarg);
			break;
		}
	}
	if (status >= 0)
		return status;
	if (options->json + options->dot + options->quiet + diff->journal > 1)
		return reject(&program,
			      "only one of --json, --dot, --journal and --quiet at a time", NULL);
	if (diff->journal)
		options->colour = false;
	return take_paths(argc, argv, diff);
}

static int put(const struct diff *diff, const struct options *options)
{
	const int status = diff->counts[DIFF_SAME] == diff->nr ? STATUS_OPEN : STATUS_STOP;

	if (options->quiet)
		return status;
	if (options->json)
		return diff_json(diff) ? STATUS_TROUBLE : status;
	source_notes(&diff->old.source.machine, diff->old.path);
	source_notes(&diff->new.source.machine, diff->new.path);
	if (diff->journal)
		return diff_journal(diff, options) ? STATUS_TROUBLE : status;
	if (options->dot)
		diff_dot(diff, stdout);
	else
		diff_text(diff, options, stdout);
	return status;
}

/* Configuration may name virtual functions of the old state, which do not exist any more. */
static bool take_old_vfs(struct diff *diff)
{
	for (uint32_t i = 0; i < diff->old.nr; i++) {
		const struct diff_function *from = &diff->old.functions[i];
		const uint64_t first = pg_bdf_key(from->first_vf), last = pg_bdf_key(from->last_vf);
		const uint64_t step = from->nr_vfs > 1 ? (last - first) / (from->nr_vfs - 1) : 0;

		for (uint32_t vf = 0; vf < from->nr_vfs; vf++) {
			const uint64_t key = first + vf * step;
			const struct pg_bdf at =
				pg_bdf(from->at.segment, (uint8_t)(key >> 8), (uint8_t)key);

			if (!users_add_vf(&diff->users, at, from->at))
				return false;
		}
	}
	return true;
}

int command_diff(int argc, char **argv)
{
	static struct options options;
	static struct diff diff;
	int status;

	colour_parse("auto", &options.colour);
	options.utf8 = is_utf8();
	status = parse(argc, argv, &options, &diff);
	if (status >= 0)
		return status;
	status = diff_read(&diff.old);
	if (!status)
		status = diff_read(&diff.new);
	if (!status) {
		diff_drop_domains(&diff.old, &diff.new);
		diff_drop_domains(&diff.new, &diff.old);
	}
	if (!status && !diff.new.path && (!users_read(&diff.users) || !take_old_vfs(&diff)))
		status = complain("out of memory");
	if (!status && (!diff_match(&diff) || !diff_judge(&diff) || !diff_find_twins(&diff)))
		status = complain("out of memory");
	if (!status)
		status = put(&diff, &options);
	diff_close(&diff);
	return status;
}
