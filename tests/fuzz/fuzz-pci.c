// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* struct pci_ser and its blocks: { address64 capacity64 } memory. */
#include "fuzz.h"

static struct pg_record_entry entries[PG_MAX_RECORDED];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	struct pg_blob pci = { .present = true, .pa = take64(&stream) };
	uint32_t capacity = (uint32_t)take64(&stream) % (PG_MAX_RECORDED + 1);
	struct capture *model = model_new();
	struct counter counter = { .memory = capture_memory(model) };
	const struct pg_memory memory = counted_memory(&counter);
	struct pg_record record = { 0 };
	struct pg_finding finding;
	enum pg_reason reason;

	model_take_memory(model, &stream);
	reason = pg_record_read_pci(&memory, &pci, &record, entries, capacity, &finding);
	check_finding(reason, &finding);
	check_record(&record);
	REQUIRE(record.nr <= capacity);
	capture_free(model);
	return 0;
}
