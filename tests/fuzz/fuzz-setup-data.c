// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The list of struct setup_data: { head64 } memory. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	uint64_t head = take64(&stream);
	struct capture *model = model_new();
	struct counter counter = { .memory = capture_memory(model) };
	const struct pg_memory memory = counted_memory(&counter);
	struct pg_kho_location location;
	struct pg_finding finding;
	enum pg_reason reason;

	model_take_memory(model, &stream);
	reason = pg_record_find_kho(&memory, head, &location, &finding);
	check_finding(reason, &finding);
	REQUIRE(reason || !location.present || location.fdt_pa);
	capture_free(model);
	return 0;
}
