// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The bytes of pcigate's own record, without Linux's record. The stage's answer in it is read and
 * written.
 */
#include "fuzz.h"

#include <stdlib.h>

#define TREE_PA 0x100000u

static const void *map_tree(void *ctx, uint64_t pa, uint64_t len)
{
	const struct stream *tree = ctx;

	return pa == TREE_PA && len <= tree->len ? tree->bytes : NULL;
}

static void walk(const struct pg_record *record)
{
	const struct pg_gate_fdt *own = &record->own;
	struct pg_gate_device device = { .node = -1 };
	struct pg_gate_bridge bridge = { .node = -1 }, found;
	struct pg_gate_pf pf = { .node = -1 };

	while (pg_gate_next_device(own, &device)) {
		REQUIRE(device.depth <= PG_PATH_MAX);
		for (uint32_t i = 0; i < device.depth; i++)
			REQUIRE(pg_gate_path(&device, i).segment == device.at.segment);
	}
	while (pg_gate_next_bridge(own, &bridge))
		REQUIRE(pg_gate_find_bridge(own, bridge.at, &found) &&
			pg_bdf_equal(found.at, bridge.at));
	while (pg_gate_next_pf(own, &pf)) {
		struct pg_bdf at;

		for (uint32_t i = 0; i < pf.nr; i++)
			REQUIRE(pg_vf_address(&pf, pg_vf_index(&pf, i), &at) &&
				pg_record_has_vf(record, at));
	}
}

/* An answer that was written can be read. */
static void answer(const struct pg_gate_fdt *own, size_t size)
{
	const struct pg_answer wanted = {
		.verdict = PG_ANSWER_OPENED, .reason = "device-absent", .devices = 7, .reads = 9
	};
	struct pg_answer before, after;
	const bool present = pg_gate_read_answer(own, &before);
	struct pg_gate_fdt copy = *own;
	void *writable = malloc(size);

	REQUIRE(writable);
	memcpy(writable, own->fdt, size);
	copy.fdt = writable;
	if (pg_gate_write_answer(own, writable, &wanted)) {
		REQUIRE(present);
		pg_gate_read_answer(&copy, &after);
	}
	free(writable);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream tree = { .bytes = data, .len = size };
	const struct pg_memory memory = { .map = map_tree, .ctx = &tree };
	const struct pg_blob blob = { .present = true, .pa = TREE_PA, .size = size };
	struct pg_record record = { .pci_version = 2 };
	struct pg_finding finding;
	struct pg_next_kernel next;
	struct pg_policy policy;
	char line[PG_NEXT_LINE_SIZE];
	enum pg_reason reason = pg_record_read_gate_fdt(&memory, &blob, &record, &finding);

	check_finding(reason, &finding);
	REQUIRE(record.nr_roots <= PG_MAX_ROOTS);
	REQUIRE(record.nr_pfs <= PG_MAX_PFS && record.nr_vfs <= PG_MAX_VFS);
	if (reason)
		return 0;
	walk(&record);
	check_finding(pg_next_kernel_find(&record.own, &next, &finding), &finding);
	pg_next_kernel_policy(&next, "kho=on", 6, line, &policy);
	answer(&record.own, size);
	check_finding(pg_record_compare(&record, &finding), &finding);
	return 0;
}
