// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The whole pipeline: { head64 cmdline-len8 cmdline } memory config. */
#include "../../lib/workspace.h"
#include "fuzz.h"

static struct pg_workspace workspace;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	uint64_t head = take64(&stream);
	size_t len = take8(&stream);
	struct capture *model = model_new();
	struct counter counter = { .memory = capture_memory(model),
				   .config = capture_config(model) };
	const struct pg_memory memory = counted_memory(&counter);
	const struct pg_config config = counted_config(&counter);
	struct pg_handover handover = { .memory = &memory, .setup_data_pa = head };
	struct pg_input input = { .source = { .read = pg_read_handover, .ctx = &handover },
				  .config = &config };
	struct pg_gate gate;

	if (len > stream.len)
		len = stream.len;
	input.cmdline = (const char *)stream.bytes;
	input.cmdline_len = len;
	stream.bytes += len;
	stream.len -= len;
	model_take_memory(model, &stream);
	model_take_config(model, &stream);
	pg_gate_run(&input, &workspace, &gate);
	check_gate(&gate, &counter, model);
	capture_free(model);
	return 0;
}
