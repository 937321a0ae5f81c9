// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * name.c - pg_name_is_damaged() by what prove-name.c proves of it, for proofs of those that call
 * it: it looks at two strings that end. Which names are damaged does not matter to any of them.
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
