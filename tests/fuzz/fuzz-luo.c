// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* LUO and the FLB array: { address64 size64 } memory. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	struct pg_blob luo = { .present = true, .pa = take64(&stream) };
	struct capture *model = model_new();
	struct counter counter = { .memory = capture_memory(model) };
	const struct pg_memory memory = counted_memory(&counter);
	struct pg_record record = { 0 };
	struct pg_finding finding;
	enum pg_reason reason;
	struct pg_blob pci, sessions;

	luo.size = take64(&stream);
	model_take_memory(model, &stream);
	reason = pg_record_read_luo(&memory, &luo, &record, &pci, &sessions, &finding);
	check_finding(reason, &finding);
	check_record(&record);
	REQUIRE(reason || !pci.present || record.files);
	capture_free(model);
	return 0;
}
