// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * program.c - the options of a command, and what is wrong with them.
 */
#include "program.h"

#include "cli.h"

int reject(const struct program *program, const char *message, const char *what)
{
	const char *name = program->name ? program->name : "";

	return complain("%s%s%s%s%s%s; see pcigate %s%s--help", program->usage ? name : "",
			program->usage ? ": " : "", message, what ? " '" : "", what ? what : "",
			what ? "'" : "", name, *name ? " " : "");
}

/*
 * The option that getopt_long() has just rejected. If it is one letter of several in a word,
 * argv[optind - 1] is still the word before.
 */
static int reject_unknown(const struct program *program, char **argv)
{
	char letter[3];

	/* Values of long options may be above those of letters. */
	if (optopt <= 0 || optopt > 0x7f)
		return reject(program, "unknown option", argv[optind - 1]);
	snprintf(letter, sizeof(letter), "-%c", optopt);
	return reject(program, "unknown option", letter);
}

/* The option whose value is @value, or NULL. */
static const struct option *find_option(const struct program *program, int value)
{
	for (const struct option *option = program->options; option->name; option++) {
		if (option->val == value)
			return option;
	}
	return NULL;
}

/* Of two values of an option that is no list, one would be ignored. Returns 0 or STATUS_TROUBLE. */
static int reject_twice(const struct program *program, const struct option *option)
{
	static const char *const lists[] = { "preserve", "root", "initrd" };
	static uint64_t given;
	const uint64_t bit = 1ull << (option - program->options);
	char text[32];

	for (size_t i = 0; i < PG_ARRAY_SIZE(lists); i++) {
		if (!strcmp(option->name, lists[i]))
			return 0;
	}
	if (option->has_arg != required_argument || !(given & bit)) {
		given |= bit;
		return 0;
	}
	snprintf(text, sizeof(text), "--%s", option->name);
	return reject(program, "given twice:", text);
}

int program_option(const struct program *program, int argc, char **argv, int *status)
{
	const struct option *known;
	int option;

	opterr = 0;
	option = getopt_long(argc, argv, program->letters, program->options, NULL);
	known = find_option(program, option);
	if (option == ':')
		*status = reject(program, "an argument is missing for", argv[optind - 1]);
	else if (option == '?')
		*status = reject_unknown(program, argv);
	else if (option == 'h' && program->usage)
		*status = fputs(program->usage, stdout) < 0 ? STATUS_TROUBLE : STATUS_OPEN;
	else if (!known || !reject_twice(program, known))
		return option;
	else
		*status = STATUS_TROUBLE;
	return -1;
}
