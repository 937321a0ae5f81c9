// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The KHO root FDT: { address64 size64 } memory. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	/* setup_data.c rejects other addresses. */
	struct pg_kho_location location = { .present = true, .fdt_pa = take64(&stream) & ~7ull };
	struct capture *model = model_new();
	struct counter counter = { .memory = capture_memory(model) };
	const struct pg_memory memory = counted_memory(&counter);
	struct pg_record record = { 0 };
	struct pg_finding finding;
	enum pg_reason reason;
	struct pg_blob luo, own;

	location.fdt_size = take64(&stream);
	model_take_memory(model, &stream);
	reason = pg_record_read_kho(&memory, &location, &record, &luo, &own, &finding);
	check_finding(reason, &finding);
	check_record(&record);
	REQUIRE(reason || record.kho_version[0]);
	capture_free(model);
	return 0;
}
