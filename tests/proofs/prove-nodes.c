// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-nodes.c - one device, one bridge and one physical function of pcigate's own record, in a
 * checked blob of 64 bytes of any content. tree.c is the model of lib/fdt.c.
 *
 * source: lib/record/gate_nodes.c tests/proofs/note.c tests/proofs/tree.c
 * flags: --unwind 19
 * limit: 240
 * break: lib/record/gate_nodes.c s/len\[PG_GATE_PATH\] \/ 4/len[PG_GATE_PATH]/
 * break: lib/record/gate_nodes.h s/len\[name\] != nr \* 4/len[name] < nr/
 */
#include "tree.h"

#include <pcigate/record.h>

void harness(void)
{
	struct pg_gate_device device;
	struct pg_gate_bridge bridge;
	struct pg_gate_fdt own;
	struct pg_gate_sriov sriov;

	own.size = TREE_SIZE;
	own.fdt = malloc(TREE_SIZE);
	ASSUME(own.fdt);
	tree_is_whole(own.fdt, own.size);
	ASSUME(own.devices >= 0 && own.bridges >= 0);
	ASSUME(device.node >= -1 && device.node && bridge.node >= -1 && bridge.node &&
	       sriov.node >= -1 && sriov.node);
	ASSUME(device.next <= INT_MAX && bridge.next <= INT_MAX && sriov.next <= INT_MAX);
	if (pg_gate_next_device(&own, &device)) {
		REACHED(device.depth > 1 && device.identity.has_serial);
		PROVE(device.node > 0);
		PROVE(device.depth <= PG_PATH_MAX && READABLE(device.path, device.depth * 4));
		for (uint32_t i = 0; i < device.depth; i++)
			PROVE(fdt32_ld(device.path + i) <= 0xffff);
	}
	if (pg_gate_next_bridge(&own, &bridge)) {
		REACHED(bridge.ari && bridge.secondary > bridge.subordinate);
		PROVE(bridge.node > 0);
	}
	if (pg_gate_next_sriov(&own, &sriov)) {
		REACHED(sriov.buses == 255);
		PROVE(sriov.node > 0);
	}
}
