// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Two outputs of lspci, one after the other with a line "NEW" between them, are compared. Without
 * that line the text is compared with itself.
 */
#define _GNU_SOURCE /* memmem() */

#include "diff/diff.h"

#include "fuzz.h"

#include <string.h>

#define SEPARATOR "\nNEW\n"

static void check(const struct diff *diff, bool same)
{
	uint32_t pairs = 0, sum = 0;

	for (uint32_t i = 0; i < diff->old.nr; i++) {
		const struct diff_function *partner = diff->old.functions[i].partner;

		REQUIRE(!partner || partner->partner == &diff->old.functions[i]);
		pairs += partner ? 1 : 0;
	}
	for (int state = 0; state < DIFF_STATES; state++)
		sum += diff->counts[state];
	REQUIRE(sum == diff->nr && diff->nr == diff->old.nr + diff->new.nr - pairs);
	for (uint32_t i = 1; i < diff->nr; i++)
		REQUIRE(diff->changes[i - 1].state != DIFF_SAME ||
			diff->changes[i].state == DIFF_SAME);
	REQUIRE(!same || diff->counts[DIFF_SAME] == diff->nr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *null;
	const char *text = (const char *)data;
	const char *second = size ? memmem(text, size, SEPARATOR, strlen(SEPARATOR)) : NULL;
	const size_t first_size = second ? (size_t)(second - text) + 1 : size;
	struct capture_error error = { "" };
	struct diff diff = { 0 };

	if (!null)
		null = fopen("/dev/null", "w");
	second = second ? second + strlen(SEPARATOR) : text;
	if (machine_of_text(&diff.old.source.machine, text, first_size, &error) &&
	    machine_of_text(&diff.new.source.machine, second, size - (size_t)(second - text),
			    &error)) {
		REQUIRE(diff_take(&diff.old) && diff_take(&diff.new));
		REQUIRE(diff_match(&diff) && diff_judge(&diff) && diff_find_twins(&diff));
		check(&diff, second == text);
		diff_dot(&diff, null);
	}
	diff_close(&diff);
	return 0;
}
