// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The next kernel's command line: any bytes, with no zero behind them. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct pg_cmdline line = { .text = text, .len = size };
	struct pg_argument argument;
	struct pg_policy policy;
	size_t before = 0;

	while (pg_cmdline_next(&line, &argument)) {
		/* It goes forward, and what it finds lies in what it read. */
		PROMISE(line.pos > before && line.pos <= size);
		PROMISE(argument.name >= text && argument.name + argument.name_len <= text + line.pos);
		PROMISE(!argument.value ||
			(argument.value > argument.name && argument.value + argument.value_len <= text + line.pos));
		before = line.pos;
	}
	pg_policy_parse(text, size, &policy);
	PROMISE(policy.mode <= PG_MODE_OFF && policy.stop <= PG_STOP_POWEROFF);
	PROMISE(memchr(policy.bad_mode, 0, sizeof(policy.bad_mode)));
	PROMISE(memchr(policy.bad_stop, 0, sizeof(policy.bad_stop)));
	PROMISE(!policy.bad_mode[0] || policy.mode == PG_MODE_ENFORCE);
	return 0;
}
