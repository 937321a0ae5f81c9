// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-cmdline.c - one argument of a command line of up to 7 bytes, from any position. Each step
 * increases the position, so this proves any number of arguments.
 *
 * source: lib/plan/cmdline.c
 * flags: --unwind 9
 * break: lib/plan/cmdline.c s/line->pos >= line->len/line->pos > line->len/
 * break: lib/plan/cmdline.c s/\(size_t\)\(equals \+ 1 - begin\) < len &&//
 * break: lib/plan/cmdline.c s/value_quoted && argument->value_len\)/value_quoted)/
 * quick
 */
#include "proof.h"

#include <pcigate/plan.h>

#define LINE_SIZE 7

void harness(void)
{
	struct pg_cmdline line;
	struct pg_argument argument;
	size_t before;
	bool more;

	/* A zero ends a shorter line. */
	line.len = LINE_SIZE;
	line.text = nondet_bool() ? malloc(LINE_SIZE) : NULL;
	ASSUME(!line.text || line.pos <= line.len);
	before = line.pos;
	more = pg_cmdline_next(&line, &argument);
	PROVE(!line.text || line.pos <= line.len);
	PROVE(line.pos >= before);
	if (!more)
		return;
	REACHED(argument.value && argument.value_len > 1 && argument.name_len > 1);
	REACHED(argument.value && !argument.value_len);
	PROVE(line.pos > before);
	PROVE(READABLE(argument.name, argument.name_len));
	PROVE(argument.name >= line.text + before &&
	      argument.name + argument.name_len <= line.text + line.pos);
	if (argument.value) {
		PROVE(argument.value > argument.name && argument.value_len <= line.pos);
		PROVE(argument.value + argument.value_len <= line.text + line.pos);
	}
	pg_argument_is(&argument, "pcigate.stop");
	pg_argument_value_is(&argument, "enforce");
}
