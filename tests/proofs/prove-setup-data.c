// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-setup-data.c - the list of struct setup_data: three nodes of any content, and other memory.
 *
 * source: lib/record/setup_data.c tests/proofs/note.c
 * flags: --unwind 9
 * limit: 120
 * break: lib/record/setup_data.c s/NODE_HEADER, KHO_DATA_SIZE\)/NODE_HEADER, KHO_DATA_SIZE - 1)/
 * break: lib/record/setup_data.c s/milestone = node_pa;//
 */
#include "proof.h"

#include <pcigate/record.h>

#define NODES 3
#define HEADER 16u
#define KHO_DATA 32u

static struct {
	uint64_t pa;
	const uint8_t *header;
	const uint8_t *data; /* KHO_DATA bytes, or NULL: not readable */
} nodes[NODES];

static const void *map(void *ctx, uint64_t pa, uint64_t len)
{
	(void)ctx;
	PROVE(len && pa + len >= pa);
	for (unsigned int i = 0; i < NODES; i++) {
		if (pa == nodes[i].pa)
			return len == HEADER || nondet_bool() ? nodes[i].header : NULL;
		if (pa == nodes[i].pa + HEADER && len == KHO_DATA)
			return nodes[i].data;
	}
	/*
	 * The code reads the header of a tree that a node may point to. It reads the content of no
	 * other memory, so this has no model.
	 */
	if (len == sizeof(struct fdt_header))
		return nondet_bool() ? malloc(len) : NULL;
	return len > HEADER && nondet_bool() ? nodes[0].header + HEADER : NULL;
}

static int node_at(uint64_t pa)
{
	for (int i = 0; i < NODES; i++) {
		if (pa == nodes[i].pa)
			return i;
	}
	return -1;
}

void harness(void)
{
	const struct pg_memory memory = { .map = map };
	struct pg_kho_location location;
	const uint64_t first = nondet_u64();
	struct pg_finding finding;
	enum pg_reason reason;
	unsigned int steps = 0, kho = 0;
	uint64_t pa = first, fdt_pa = 0;

	/* One node is not aligned, and one is at the end of the 64-bit address space. */
	nodes[0].pa = 0x1000;
	nodes[1].pa = 0x2004;
	nodes[2].pa = -(uint64_t)(HEADER + KHO_DATA + 8);
	for (unsigned int i = 0; i < NODES; i++) {
		nodes[i].header = malloc(HEADER);
		nodes[i].data = nondet_bool() ? malloc(KHO_DATA) : NULL;
		ASSUME(nodes[i].header);
	}
	reason = pg_record_find_kho(&memory, first, &location, &finding);
	PROVE(!reason || finding.reason == reason);
	REACHED(reason == PG_RECORD_LOOP);
	if (reason)
		return;
	/* Without a reason, the list ends, and every node of it can be read. */
	for (; pa && steps < NODES; steps++) {
		const int i = node_at(pa);

		PROVE(i >= 0 && pa % 8 == 0 && pg_load32(nodes[i].header + 8));
		if (pg_load32(nodes[i].header + 8) == 10) {
			kho++;
			PROVE(pg_load32(nodes[i].header + 12) == KHO_DATA && nodes[i].data);
			fdt_pa = pg_load64(nodes[i].data);
		}
		pa = pg_load64(nodes[i].header);
	}
	REACHED(location.present && steps == NODES - 1);
	REACHED(!location.present && steps == NODES - 1);
	PROVE(!pa);
	PROVE(kho == location.present);
	PROVE(!location.present || (location.fdt_pa == fdt_pa && fdt_pa && fdt_pa % 8 == 0));
}
