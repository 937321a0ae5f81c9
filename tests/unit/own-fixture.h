/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * own-fixture.h - pcigate's own record of the machine of scan-fixture.h.
 */
#ifndef OWN_FIXTURE_H
#define OWN_FIXTURE_H

#include "gate-fdt-writer.h"
#include "scan-fixture.h"

static uint8_t fdt[OWN_BYTES];

static inline uint32_t own_bdf(struct pg_bdf at)
{
	return (uint32_t)at.bus << 8 | at.devfn;
}

/* @list: "00:03.0 00/03-03 link": address, bus numbers, and properties without a value. */
static inline void own_bridges(const char *list)
{
	unsigned int primary, secondary, subordinate;
	struct pg_bdf at;
	char name[16];
	int len;

	own_node(fdt, "bridges");
	while (take_address(&list, &at)) {
		assert_int_equal(
			sscanf(list, " %x/%x-%x%n", &primary, &secondary, &subordinate, &len), 3);
		list += len;
		own_node_at(fdt, "bridge", at.segment, own_bdf(at));
		OWN_CELLS(fdt, "reg", at.segment, own_bdf(at));
		OWN_CELLS(fdt, "bus-numbers", primary, secondary, subordinate);
		for (; sscanf(list, " %15[a-z-]%n", name, &len) == 1; list += len)
			assert_int_equal(fdt_property(fdt, name, NULL, 0), 0);
		own_end(fdt);
	}
	own_end(fdt);
}

/* @list: "03:00.0<01:00.0<00:03.0": a device and its path, from the device to the root bus. */
static inline void own_devices(const char *list)
{
	struct pg_bdf at, above[4];
	uint32_t path[4], depth, i;

	own_node(fdt, "devices");
	while (take_address(&list, &at)) {
		for (depth = 0; *list == '<'; depth++) {
			list++;
			assert_true(depth < 4 && take_address(&list, &above[depth]));
		}
		for (i = 0; i < depth; i++)
			path[i] = own_bdf(above[depth - 1 - i]);
		own_device(fdt, at.segment, own_bdf(at), path, depth);
	}
	own_end(fdt);
}

/* Looks the nodes up again: a changed property moves the nodes after it. */
static inline void own_offsets(void)
{
	f.record.own.bridges = own_path(fdt, "/bridges");
	f.record.own.devices = fdt_path_offset(fdt, "/devices");
	f.record.own.sriov = fdt_path_offset(fdt, "/sriov");
}

/* Ends the tree, and makes it part of the record. */
static inline void own_use(bool complete)
{
	own_finish(fdt);
	f.record.own = (struct pg_gate_fdt){
		.present = true,
		.complete = complete,
		.fdt = fdt,
		.answer = -FDT_ERR_NOTFOUND,
	};
	own_offsets();
}

static inline void own(bool complete, const char *bridges, const char *devices)
{
	own_begin(fdt, complete);
	own_bridges(bridges);
	own_devices(devices);
	own_use(complete);
}

#endif
