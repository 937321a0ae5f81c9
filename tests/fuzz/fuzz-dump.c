// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The output of lspci, as text. The plan of the whole machine is compared with the pipeline, which
 * judges the first few devices as if they were preserved.
 */
#include "planned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capture_error error = { "" };

	memset(&plan, 0, sizeof(plan));
	if (machine_of_text(&plan.machine, (const char *)data, size, &error)) {
		plan_and_check(size & 1);
		return 0;
	}
	REQUIRE(memchr(error.text, 0, sizeof(error.text)));
	REQUIRE(error.text[0] && !strchr(error.text, '\n'));
	machine_close(&plan.machine);
	return 0;
}
