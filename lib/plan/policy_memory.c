// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * policy_memory.c - parameters by which the next kernel takes or overwrites memory: mem=, memmap=,
 * cma= and memtest=.
 */
#include "policy.h"

/* The last physical address. */
#define MEMORY_END (~(uint64_t)0)

/*
 * Notes that [@first, @last] is taken. If the list of ranges is full, all memory counts as taken.
 */
static void take(struct pg_policy *policy, const char *word, uint64_t first, uint64_t last)
{
	if (policy->nr_taken == PG_POLICY_RANGES) {
		policy->nr_taken = 0;
		first = 0;
		last = MEMORY_END;
	}
	if (first <= last)
		policy->taken[policy->nr_taken++] = (struct pg_memory_range){ first, last, word };
}

static void take_size(struct pg_policy *policy, const char *word, uint64_t start, uint64_t size)
{
	if (size)
		take(policy, word, start,
		     size - 1 > MEMORY_END - start ? MEMORY_END : start + (size - 1));
}

/* mem=: parse_memopt() in arch/x86/kernel/e820.c, which ignores 0. */
void pg_policy_mem(const struct pg_argument *argument, struct pg_policy_state *state)
{
	const char *at = argument->value;
	const uint64_t size = at ? pg_value_size(&at, at + argument->value_len) : 0;

	if (size)
		take(state->policy, "mem=", size, MEMORY_END);
}

/* A word of memmap=: parse_memmap_one() in arch/x86/kernel/e820.c. */
void pg_policy_memmap_word(const struct pg_argument *word, struct pg_policy_state *state)
{
	const char *at = word->value, *end = at + word->value_len;
	uint64_t size, start;
	char kind;

	if (word->value_len >= 8 && !memcmp(at, "exactmap", 8)) {
		take(state->policy, "memmap=", 0, MEMORY_END);
		return;
	}
	size = pg_value_size(&at, end);
	if (at == word->value)
		return;
	kind = at < end ? *at++ : 0;
	if (kind == '@')
		return;
	if (kind != '#' && kind != '$' && kind != '!' && kind != '%') {
		take(state->policy, "memmap=", size, MEMORY_END);
		return;
	}
	start = pg_value_size(&at, end);
	take_size(state->policy, "memmap=", start, size);
}

/*
 * cma=SIZE@ADDRESS: early_cma() in kernel/dma/contiguous.c. Without an address, or with a limit,
 * Linux takes free memory only.
 */
void pg_policy_cma(const struct pg_argument *argument, struct pg_policy_state *state)
{
	const char *at = argument->value, *end = at ? at + argument->value_len : NULL;
	const uint64_t size = at ? pg_value_size(&at, end) : 0;
	uint64_t start;

	if (!size || at >= end || *at++ != '@')
		return;
	start = pg_value_size(&at, end);
	if (at == end || *at != '-')
		take_size(state->policy, "cma=", start, size);
}

/*
 * early_memtest(): a number other than 0, or no value, overwrites memory that is not in use yet.
 * This includes memory that is handed over.
 */
void pg_policy_memtest(const struct pg_argument *argument, struct pg_policy_state *state)
{
	const char *at = argument->value;

	if (!at || pg_value_size(&at, at + argument->value_len))
		take(state->policy, "memtest=", 0, MEMORY_END);
}
