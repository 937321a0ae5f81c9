// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The capture reader: the bytes of a .dtb. What it takes goes through the gate. */
#include "fuzz.h"

static struct pg_workspace workspace;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capture_error error;
	struct capture *capture = capture_parse(data, size, &error);
	struct counter counter = { 0 };
	struct pg_gate gate;

	if (!capture) {
		PROMISE(error.text[0] && memchr(error.text, 0, sizeof(error.text)));
		return 0;
	}
	counter.memory = capture_memory(capture);
	counter.config = capture_config(capture);
	{
		const struct pg_memory memory = counted_memory(&counter);
		const struct pg_config config = counted_config(&counter);
		const struct pg_input input = {
			.memory = &memory,
			.config = &config,
			.setup_data_pa = capture->setup_data_pa,
			.cmdline = capture->cmdline,
			.cmdline_len = capture->cmdline ? strlen(capture->cmdline) : 0,
		};

		pg_gate_run(&input, &workspace, &gate);
	}
	check_gate(&gate, &counter, capture);
	capture_free(capture);
	return 0;
}
