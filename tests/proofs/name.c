// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * name.c - a model of pg_name_is_damaged() for proofs of its callers: it reads two terminated
 * strings and returns any result, because no caller depends on which names are damaged.
 */
#include "proof.h"

#include "../../lib/record/name.h"

bool pg_name_is_damaged(const char *name, const char *wanted)
{
	size_t i = 0;

	while (name[i] && wanted[i])
		i++;
	return nondet_bool();
}
