// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-int.c - a number on the command line, of up to 11 bytes: no overflow, and none but digits.
 *
 * source: lib/plan/value.c
 * flags: --unwind 13
 * break: lib/plan/value.c s/n >= base \|\| value > \(int64_t\)INT32_MAX \+ negative/n >= base/
 * break: lib/plan/value.c s/end - digit > 2/end - digit >= 0/
 * quick
 */
#include "proof.h"

#include "../../lib/plan/policy.h"

void harness(void)
{
	struct pg_argument argument = { 0 };
	int32_t result;

	argument.value_len = nondet_size();
	ASSUME(argument.value_len <= 11);
	argument.value = nondet_bool() ? (const char *)any_bytes(argument.value_len, 11) : NULL;
	if (!pg_value_int(&argument, &result))
		return;
	REACHED(result == INT32_MIN);
	REACHED(result == INT32_MAX);
	PROVE(argument.value && argument.value_len);
	PROVE(result >= 0 || argument.value[0] == '-');
}
