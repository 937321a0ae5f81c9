// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pcigate.c - the command: options, and on to what was asked for.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef PCIGATE_VERSION
#error "PCIGATE_VERSION comes from tools/module.mk"
#endif

static const struct command {
	const char *name;
	int (*run)(const struct session *session);
	const char *what;
} commands[] = {
	{ "check", command_check, "says whether the gate would open, in the gate's own lines" },
	{ "show", command_show, "draws what the old kernel recorded and what answers there now" },
};

static void usage(FILE *out)
{
	fputs("usage: pcigate COMMAND [OPTION]... CAPTURE\n\n", out);
	for (size_t i = 0; i < PG_ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].what);
	fputs("\n"
	      "CAPTURE is a flattened device tree (.dtb) or its text (.dts, compiled with dtc); \"-\" is\n"
	      "standard input. The format is described in docs/capture.md.\n\n"
	      "      --cmdline LINE   take LINE for the next kernel's command line\n"
	      "      --json           print one JSON object\n"
	      "  -q, --quiet          check: print nothing, the exit status tells\n"
	      "      --expect         check: compare with what the capture expects\n"
	      "      --color[=WHEN]   auto (the default), always or never\n"
	      "      --help           print this\n"
	      "      --version        print the version\n\n"
	      "Exit status: 0 the gate opens, 1 it stops, 2 trouble (options, file, capture).\n",
	      out);
}

static int bad_usage(const char *message, const char *what)
{
	complain("%s%s%s%s; see pcigate --help", message, what ? " '" : "", what ? what : "", what ? "'" : "");
	return STATUS_TROUBLE;
}

enum {
	OPTION_CMDLINE = 256,
	OPTION_JSON,
	OPTION_EXPECT,
	OPTION_COLOUR,
	OPTION_HELP,
	OPTION_VERSION,
};

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb");
}

static bool parse_colour(const char *when, bool *colour)
{
	if (!when || !strcmp(when, "always"))
		*colour = true;
	else if (!strcmp(when, "never"))
		*colour = false;
	else if (!strcmp(when, "auto"))
		*colour = wants_colour();
	else
		return false;
	return true;
}

/* Returns an exit status if that was all, or -1 to go on. */
static int parse_options(int argc, char **argv, struct options *options)
{
	static const struct option long_options[] = {
		{ "cmdline", required_argument, NULL, OPTION_CMDLINE },
		{ "json", no_argument, NULL, OPTION_JSON },
		{ "quiet", no_argument, NULL, 'q' },
		{ "expect", no_argument, NULL, OPTION_EXPECT },
		{ "color", optional_argument, NULL, OPTION_COLOUR },
		{ "colour", optional_argument, NULL, OPTION_COLOUR },
		{ "help", no_argument, NULL, OPTION_HELP },
		{ "version", no_argument, NULL, OPTION_VERSION },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	options->colour = wants_colour();
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":qhV", long_options, NULL)) != -1) {
		switch (option) {
		case OPTION_CMDLINE:
			options->cmdline = optarg;
			break;
		case OPTION_JSON:
			options->json = true;
			break;
		case 'q':
			options->quiet = true;
			break;
		case OPTION_EXPECT:
			options->expect = true;
			break;
		case OPTION_COLOUR:
			if (!parse_colour(optarg, &options->colour))
				return bad_usage("--color takes auto, always or never, not", optarg);
			break;
		case 'h':
		case OPTION_HELP:
			usage(stdout);
			return STATUS_OPEN;
		case 'V':
		case OPTION_VERSION:
			puts("pcigate " PCIGATE_VERSION);
			return STATUS_OPEN;
		case ':':
			return bad_usage("an argument is missing for", argv[optind - 1]);
		default:
			return bad_usage("unknown option", argv[optind - 1]);
		}
	}
	if (optind == argc)
		return bad_usage("a command is missing", NULL);
	options->command = argv[optind++];
	if (optind < argc)
		options->path = argv[optind++];
	if (optind < argc)
		return bad_usage("one capture at a time, but there is also", argv[optind]);
	return -1;
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
	if (!command)
		return bad_usage("unknown command", options->command);
	if (!options->path)
		return bad_usage("a capture is missing behind", options->command);
	if (command->run != command_check && options->quiet)
		return bad_usage("--quiet goes with check, not with", options->command);
	if (command->run != command_check && options->expect)
		return bad_usage("--expect goes with check, not with", options->command);
	if (options->json + options->quiet + options->expect > 1)
		return bad_usage("only one of --json, --quiet and --expect at a time", NULL);
	return 0;
}

static int run(const struct command *command, const struct options *options)
{
	struct session session = { .options = options };
	struct capture_error error = { "" };
	size_t size = 0;
	void *fdt = capture_load(options->path, &size, &error);
	int status;

	if (fdt) {
		session.capture = capture_parse(fdt, size, &error);
		free(fdt);
	}
	if (!session.capture)
		return complain("%s: %s", strcmp(options->path, "-") ? options->path : "standard input", error.text);
	session_run(&session);
	if (command->run == command_show)
		session_look(&session);
	status = command->run(&session);
	capture_free(session.capture);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	const struct command *command;
	int status;

	setlocale(LC_CTYPE, "");
	options.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	status = parse_options(argc, argv, &options);
	if (status < 0) {
		command = find_command(options.command);
		status = check_options(command, &options);
		if (!status)
			status = run(command, &options);
	}
	/* A verdict that did not reach its reader is no verdict. */
	if (fflush(stdout) || ferror(stdout))
		return complain("cannot write the output: %s", strerror(errno));
	return status;
}
