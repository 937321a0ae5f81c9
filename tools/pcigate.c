// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pcigate.c - the command: parses the options and runs the subcommand.
 */
#include "cli.h"
#include "program.h"
#include "usage.h"

#include <pcigate/parse.h>

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef PCIGATE_VERSION
#error "PCIGATE_VERSION comes from tools/module.mk"
#endif

static int run_check(const struct options *options);

static const struct command {
	const char *name;
	int (*run)(const struct options *options);
	const char *what;
} commands[] = {
	{ "check", run_check, "prints the report and the verdict" },
	{ "show", show_run,
	  "draws what the outgoing kernel recorded and what config space says now" },
	{ "plan", command_plan, "draws the bus numbers of today and of the next kernel" },
};

/* Commands that parse their own options. */
static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *what;
} programs[] = {
	{ "diff", command_diff, "compares a machine with an earlier state of it" },
	{ "record", command_record, "writes a capture of this host" },
	{ "inspect", command_inspect, "prints what a kernel image knows about Live Update" },
	{ "wrap", command_wrap, "makes a gated image of a kernel image" },
	{ "load", command_load, "gates a kernel image and loads it for kexec" },
	{ "unwrap", command_wrap, "writes the original of a gated image" },
};

enum {
	OPTION_CMDLINE = 256,
	OPTION_APPEND,
	OPTION_JSON,
	OPTION_EXPECT,
	OPTION_EFI,
	OPTION_PRESERVE,
	OPTION_DOT,
	OPTION_PATHS,
	OPTION_NAMES,
	OPTION_MOVES,
	OPTION_ROOT,
	OPTION_COLOUR,
};

static const struct option long_options[] = {
	{ "cmdline", required_argument, NULL, OPTION_CMDLINE },
	{ "append", required_argument, NULL, OPTION_APPEND },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "quiet", no_argument, NULL, 'q' },
	{ "expect", no_argument, NULL, OPTION_EXPECT },
	{ "efi", no_argument, NULL, OPTION_EFI },
	{ "file", required_argument, NULL, 'F' },
	{ "preserve", required_argument, NULL, OPTION_PRESERVE },
	{ "dot", no_argument, NULL, OPTION_DOT },
	{ "paths", no_argument, NULL, OPTION_PATHS },
	{ "names", no_argument, NULL, OPTION_NAMES },
	{ "moves-only", no_argument, NULL, OPTION_MOVES },
	{ "root", required_argument, NULL, OPTION_ROOT },
	{ "color", optional_argument, NULL, OPTION_COLOUR },
	{ "colour", optional_argument, NULL, OPTION_COLOUR },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static struct program program = { .letters = ":qhVF:", .options = long_options };

static void usage(FILE *out)
{
	fputs("usage: pcigate COMMAND [OPTION]... [FILE]\n"
	      "       pcigate help [COMMAND]\n\n"
	      "Tells whether preserved PCI devices keep their address in the next kernel.\n\n",
	      out);
	for (size_t i = 0; i < PG_ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].what);
	for (size_t i = 0; i < PG_ARRAY_SIZE(programs); i++)
		fprintf(out, "  %-8s %s\n", programs[i].name, programs[i].what);
	fputs("\n"
	      "      --help             print this, or after a command its options\n"
	      "      --version          print the version\n\n"
	      "Exit status: 0 open, 1 stop, 2 error (options, file, capture).\n",
	      out);
}

/* The help of a command, or of all if @name is NULL. Returns an exit status. */
static int put_help(const char *name)
{
	char help[] = "--help";
	char *argv[] = { (char *)(uintptr_t)name, help, NULL };

	for (size_t i = 0; name && i < PG_ARRAY_SIZE(programs); i++) {
		/* The words of this call were read already. */
		optind = 0;
		if (!strcmp(name, programs[i].name))
			return programs[i].main(2, argv);
	}
	if (name && !usage_of(name, stdout))
		return reject(&program, "unknown command", name);
	if (!name)
		usage(stdout);
	return STATUS_OPEN;
}

static int add_preserved(const char *text, struct options *options)
{
	const char *wrong = selection_add(&options->preserved, text);

	return wrong ? reject(&program, "--preserve takes " SELECTOR_FORMS ", not", wrong) : 0;
}

/* [DOMAIN:]FIRST-LAST */
static int add_root(const char *text, struct options *options)
{
	const char *end = text + strlen(text), *colon = strchr(text, ':'), *at = text;
	uint64_t segment = 0, first, last;

	if (options->nr_roots == PG_MAX_ROOTS)
		return reject(&program, "more root buses than there can be, from", text);
	if (colon)
		at = pg_parse_hex(text, colon, 8, UINT32_MAX, &segment) == colon ? colon + 1 : NULL;
	if (at)
		at = pg_parse_hex(at, end, 2, 0xff, &first);
	if (!at || *at != '-' || pg_parse_hex(at + 1, end, 2, 0xff, &last) != end || last < first)
		return reject(&program, "--root takes [DOMAIN:]FIRST-LAST, not", text);
	options->roots[options->nr_roots++] = (struct pg_record_root){ .segment = (uint32_t)segment,
								       .first = (uint8_t)first,
								       .last = (uint8_t)last };
	return 0;
}

/* What is no option: the command, and a file. Returns as parse_options() does. */
static int parse_words(int argc, char **argv, struct options *options)
{
	if (optind == argc)
		return reject(&program, "a command is missing", NULL);
	options->command = argv[optind++];
	if (optind < argc)
		options->path = argv[optind++];
	if (optind < argc)
		return reject(&program, "one capture at a time, but there is also", argv[optind]);
	return -1;
}

/* Options without a value. */
static void set_flag(int option, struct options *options)
{
	switch (option) {
	case OPTION_JSON:
		options->json = true;
		break;
	case OPTION_DOT:
		options->dot = true;
		break;
	case OPTION_PATHS:
		options->paths = true;
		break;
	case OPTION_NAMES:
		options->names = true;
		break;
	case OPTION_MOVES:
		options->moves_only = true;
		break;
	case OPTION_EXPECT:
		options->expect = true;
		break;
	case OPTION_EFI:
		options->efi = true;
		break;
	default:
		options->quiet = true;
	}
}

/* Returns an exit status if the command ends here, else -1. */
static int parse_options(int argc, char **argv, struct options *options)
{
	bool help = false;
	int option, status = -1;

	colour_parse("auto", &options->colour);
	while ((option = program_option(&program, argc, argv, &status)) != -1) {
		switch (option) {
		case OPTION_CMDLINE:
			options->cmdline = optarg;
			break;
		case OPTION_APPEND:
			options->append = optarg;
			break;
		case 'F':
			options->dump = optarg;
			break;
		case OPTION_ROOT:
			if (add_root(optarg, options))
				return STATUS_TROUBLE;
			break;
		case OPTION_PRESERVE:
			if (add_preserved(optarg, options))
				return STATUS_TROUBLE;
			break;
		case OPTION_COLOUR:
			if (!colour_parse(optarg, &options->colour))
				return reject(&program, "--color takes auto, always or never, not",
					      optarg);
			break;
		case 'h':
			help = true;
			break;
		case 'V':
			puts("pcigate " PCIGATE_VERSION);
			return STATUS_OPEN;
		default:
			set_flag(option, options);
		}
	}
	if (status >= 0)
		return status;
	return help ? put_help(argv[optind]) : parse_words(argc, argv, options);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < PG_ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}

static int check_options(const struct command *command, const struct options *options)
{
	const bool plan = command && command->run == command_plan;

	if (!command)
		return reject(&program, "unknown command", options->command);
	if (!options->path && command->run == run_check && (options->cmdline || options->append))
		return reject(&program,
			      options->cmdline ? "--cmdline needs a capture"
					       : "--append needs a capture",
			      NULL);
	if (options->dump && !plan)
		return reject(&program, "-F is an option of plan, not of", options->command);
	if (options->dump && options->path)
		return reject(&program, "either -F or a capture, but there is also", options->path);
	if (options->preserved.nr && !plan)
		return reject(&program, "--preserve is an option of plan, not of",
			      options->command);
	if ((options->moves_only || options->nr_roots) && !plan)
		return reject(&program, "--moves-only and --root are options of plan, not of",
			      options->command);
	if ((options->paths || options->names) && command->run == run_check)
		return reject(&program, "--paths and --names are options of show and plan, not of",
			      options->command);
	if (options->moves_only && (options->paths || options->names))
		return reject(&program, "either --moves-only or --paths and --names", NULL);
	if (options->dot && !plan)
		return reject(&program, "--dot is an option of plan, not of", options->command);
	if (command->run == show_run && options->quiet)
		return reject(&program, "--quiet is an option of check and plan, not of",
			      options->command);
	if (command->run == show_run && options->expect)
		return reject(&program, "--expect is an option of check and plan, not of",
			      options->command);
	if (options->efi && command->run != show_run)
		return reject(&program, "--efi is an option of show, not of", options->command);
	if (options->efi && (options->cmdline || options->append))
		return reject(&program, "--efi cannot be combined with --cmdline and --append",
			      NULL);
	if (options->expect && !options->path)
		return reject(&program, "--expect needs a capture", NULL);
	if (options->json + options->quiet + options->expect + options->dot + options->moves_only >
	    1)
		return reject(&program,
			      "only one of --json, --dot, --moves-only, --quiet and --expect at a "
			      "time",
			      NULL);
	return 0;
}

static int run_check(const struct options *options)
{
	struct session session = { .options = options };
	int status;

	if (!options->path && access(LIVE_VERDICT_PATH, F_OK) && errno == ENOENT)
		return reject(&program,
			      "a capture is missing after 'check', and this kernel has no "
			      "verdict: there is no",
			      LIVE_VERDICT_PATH);
	if (!options->path)
		return command_check_live(options);
	status = session_load(&session);
	if (!status) {
		session_run(&session);
		status = command_check(&session);
	}
	capture_free(session.capture);
	free(session.appended);
	return status;
}

/* If the output could not be written, the exit status must not be that of a verdict. */
static int finish(int status)
{
	if (fflush(stdout) || ferror(stdout))
		return complain("cannot write the output: %s", strerror(errno));
	return status;
}

int main(int argc, char **argv)
{
	static struct options options;
	const struct command *command;
	int status;

	setlocale(LC_CTYPE, "");
	for (size_t i = 0; argc > 1 && i < PG_ARRAY_SIZE(programs); i++) {
		if (!strcmp(argv[1], programs[i].name))
			return finish(programs[i].main(argc - 1, argv + 1));
	}
	if (argc > 1 && !strcmp(argv[1], "help"))
		return finish(argc > 3 ? reject(&program,
						"one command at a time, but there is also", argv[3])
				       : put_help(argv[2]));
	options.utf8 = is_utf8();
	command = argc > 1 ? find_command(argv[1]) : NULL;
	program.name = command ? command->name : NULL;
	status = parse_options(argc, argv, &options);
	if (status < 0) {
		command = find_command(options.command);
		status = check_options(command, &options);
		if (!status)
			status = command->run(&options);
	}
	selection_free(&options.preserved);
	return finish(status);
}
