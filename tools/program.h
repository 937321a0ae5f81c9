/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * program.h - the options of a command, by getopt_long(), with the messages that all commands
 * share.
 */
#ifndef PCIGATE_PROGRAM_H
#define PCIGATE_PROGRAM_H

#include <getopt.h>

/**
 * struct program - a command that parses options
 * @name:    its name, NULL if it is not known yet
 * @usage:   its help, which -h and --help print; if NULL, program_option() returns 'h' for these
 * @letters: short options, for getopt_long(): with a colon first
 * @options: long options
 */
struct program {
	const char *name;
	const char *usage;
	const char *letters;
	const struct option *options;
};

/*
 * program_option() - returns the value of the next option, or -1 after the last one. It also
 * returns -1 if the command ends here: *@status, which the caller sets to -1, is then an exit
 * status.
 */
int program_option(const struct program *program, int argc, char **argv, int *status);

/* reject() - prints @message and 'WHAT', which may be NULL. Returns STATUS_TROUBLE. */
int reject(const struct program *program, const char *message, const char *what);

#endif
