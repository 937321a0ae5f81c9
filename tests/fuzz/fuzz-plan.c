// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Config space of a whole machine. Its plan is compared with the pipeline, which judges the first
 * few devices as if they were preserved.
 */
#include "planned.h"

/* The reader of captures rejects such a machine. */
static bool has_segment_twice(const struct capture *model)
{
	for (uint32_t i = 1; i < model->nr_segments; i++) {
		for (uint32_t j = 0; j < i; j++) {
			if (model->segments[i].number == model->segments[j].number)
				return true;
		}
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { .bytes = data, .len = size };
	struct capture *model = model_new();
	const struct pg_record record = { .nr_roots = 0 };
	struct capture_error error;

	model_take_config(model, &stream);
	memset(&plan, 0, sizeof(plan));
	if (!has_segment_twice(model)) {
		REQUIRE(machine_of_capture(&plan.machine, model, &record, &error));
		plan_and_check(size & 1);
	}
	capture_free(model);
	return 0;
}
