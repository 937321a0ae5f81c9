// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate-fdt.c - lib/record/gate_fdt.c: reads pcigate's own record, as docs/kho-fdt.md defines
 * it. test-gate-fdt-damage.c: damaged records, and records that contradict Linux's.
 */
#include "gate-fdt-fixture.h"

TEST(sound)
{
	assert_int_equal(read_both(), PG_OK);
	assert_true(record.own.present);
	assert_false(record.own.complete);
	assert_int_equal(record.own.pa, OWN_PA);
	assert_int_equal(record.own.size, OWN_BYTES);
	assert_int_equal(record.own.answer, own_path(fdt, "/answer"));
	assert_memory_equal(record.own.fdt, fdt, OWN_BYTES);
	again();
	write_tree(true);
	assert_int_equal(read_both(), PG_OK);
	assert_true(record.own.complete);
}

/* Without the entry there is nothing to compare. */
TEST(without_it)
{
	assert_int_equal(pg_record_compare(&record, &finding), PG_OK);
	assert_false(record.own.present);
}

/* In the order of the tree, which is the order of Linux's scan. */
TEST(root_buses)
{
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.nr_roots, 3);
	assert_int_equal(record.roots[0].segment, 0);
	assert_int_equal(record.roots[0].first, 0x80);
	assert_int_equal(record.roots[0].last, 0xff);
	assert_int_equal(record.roots[1].segment, 0);
	assert_int_equal(record.roots[1].first, 0);
	assert_int_equal(record.roots[1].last, 0x7f);
	assert_int_equal(record.roots[2].segment, 0x10000);
}

TEST(walk_over_bridges)
{
	struct pg_gate_bridge bridge = { .node = -1 };

	own_set(fdt, "/bridges/bridge@0,20", "ari", NULL, 0);
	assert_int_equal(read_both(), PG_OK);
	assert_true(pg_gate_next_bridge(&record.own, &bridge));
	assert_true(pg_bdf_equal(bridge.at, pg_bdf(0, 0, 0x18)));
	assert_int_equal(bridge.preserved, 2);
	assert_false(bridge.ari);
	assert_true(pg_gate_next_bridge(&record.own, &bridge));
	assert_true(pg_bdf_equal(bridge.at, pg_bdf(0, 0, 0x20)));
	assert_int_equal(bridge.preserved, 0);
	assert_true(bridge.ari);
	assert_false(pg_gate_next_bridge(&record.own, &bridge));
	assert_true(bridge.node < 0);
}

TEST(walk_over_devices)
{
	static const uint32_t path[] = { 0x18, 0x300, 0xffff };
	fdt32_t cells[3];
	struct pg_gate_device device = { .node = -1 };
	unsigned int i;

	for (i = 0; i < 3; i++)
		cells[i] = cpu_to_fdt32(path[i]);
	own_set(fdt, "/devices/device@0,308", "path", cells, sizeof(cells));
	own_set(fdt, "/devices/device@0,308", "serial", "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	own_set(fdt, "/devices/device@0,308", "subsystem", "\0\0\x12\x34\0\0\x56\x78", 8);
	own_set(fdt, "/devices/device@0,308", "class", "\0\xab\xcd\xef", 4);
	own_set(fdt, "/devices/device@0,308", "revision", "\0\0\0\xfe", 4);
	assert_int_equal(pg_record_read_gate_fdt(&memory.seam, &blob, &record, &finding), PG_OK);
	assert_true(pg_gate_next_device(&record.own, &device));
	assert_true(pg_bdf_equal(device.at, pg_bdf(0, 0, 0x28)));
	assert_int_equal(device.depth, 0);
	assert_int_equal(device.identity.vendor_device, 0x10d38086);
	assert_int_equal(device.identity.class_revision, 0);
	assert_int_equal(device.identity.subsystem, 0);
	assert_false(device.identity.has_serial);
	assert_true(pg_gate_next_device(&record.own, &device));
	assert_int_equal(device.depth, 1);
	assert_true(pg_bdf_equal(pg_gate_path(&device, 0), pg_bdf(0, 0, 0x18)));
	assert_true(pg_gate_next_device(&record.own, &device));
	assert_true(pg_bdf_equal(device.at, pg_bdf(0, 3, 8)));
	assert_int_equal(device.identity.class_revision, 0xabcdeffe);
	assert_int_equal(device.identity.subsystem, 0x56781234);
	assert_true(device.identity.has_serial);
	assert_true(device.identity.serial == 0x0102030405060708);
	assert_int_equal(device.depth, 3);
	assert_true(pg_bdf_equal(pg_gate_path(&device, 1), pg_bdf(0, 3, 0)));
	assert_true(pg_bdf_equal(pg_gate_path(&device, 2), pg_bdf(0, 255, 255)));
	assert_false(pg_gate_next_device(&record.own, &device));
	assert_true(device.node < 0);
}

TEST(no_bridges_and_no_devices)
{
	struct pg_gate_device device = { .node = -1 };
	struct pg_gate_bridge bridge = { .node = -1 };

	own_begin(fdt, true);
	own_node(fdt, "host-bridges");
	own_end(fdt);
	own_node(fdt, "bridges");
	own_end(fdt);
	own_node(fdt, "devices");
	own_end(fdt);
	own_finish(fdt);
	record.nr = 0;
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.nr_roots, 0);
	assert_false(pg_gate_next_device(&record.own, &device));
	assert_false(pg_gate_next_bridge(&record.own, &bridge));
}

TEST(sriov_buses)
{
	struct pg_gate_sriov sriov = { .node = -1 };

	assert_int_equal(read_both(), PG_OK);
	assert_true(pg_gate_next_sriov(&record.own, &sriov));
	assert_true(pg_bdf_equal(sriov.at, pg_bdf(0, 3, 0)));
	assert_int_equal(sriov.buses, 2);
	assert_true(pg_gate_next_sriov(&record.own, &sriov));
	assert_true(pg_bdf_equal(sriov.at, pg_bdf(0x10000, 3, 1)));
	assert_int_equal(sriov.buses, 3);
	assert_false(pg_gate_next_sriov(&record.own, &sriov));
	assert_true(sriov.node < 0);

	again();
	own_set_cell(fdt, "/sriov/function@0,300", "buses", 0, 0xff);
	assert_int_equal(read_both(), PG_OK);
	sriov.node = -1;
	assert_true(pg_gate_next_sriov(&record.own, &sriov));
	assert_int_equal(sriov.buses, 0xff);
}

TEST(without_sriov_and_answer)
{
	struct pg_gate_sriov sriov = { .node = -1 };

	assert_int_equal(fdt_del_node(fdt, own_path(fdt, "/sriov")), 0);
	assert_int_equal(fdt_del_node(fdt, own_path(fdt, "/answer")), 0);
	assert_int_equal(read_both(), PG_OK);
	assert_true(record.own.sriov < 0);
	assert_true(record.own.answer < 0);
	assert_false(pg_gate_next_sriov(&record.own, &sriov));
}

/* The window of a root bus: where it is, and for how many of its buses. */
TEST(windows)
{
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 0, 0x1234);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 3, 3 << 20);
	own_delete(fdt, "/host-bridges/bus@10000,0", "ecam");
	assert_int_equal(read_both(), PG_OK);
	assert_true(record.roots[0].ecam == 0x1234b0000000);
	assert_int_equal(record.roots[0].ecam_buses, 3);
	/* The window is larger than the buses need. */
	assert_true(record.roots[1].ecam == 0xb0000000);
	assert_int_equal(record.roots[1].ecam_buses, 0x80);
	assert_int_equal(record.roots[2].ecam_buses, 0);
	again();
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.roots[2].ecam_buses, 0x100);
	/* The window would wrap to address 0. */
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 0, 0xffffffff);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 1, 0xffe00000);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 3, 3 << 20);
	refused_node("/host-bridges/bus@0,80");
}

TEST(root_bus_range)
{
	own_set_cell(fdt, "/host-bridges/bus@0,80", "bus-range", 1, 0x7f);
	refused_node("/host-bridges/bus@0,80");
	again();
	own_set_cell(fdt, "/host-bridges/bus@0,80", "bus-range", 1, 0x80);
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.roots[0].last, 0x80);
}

TEST(path_lengths)
{
	static const uint8_t bytes[256 * 4] = { 0 };
	struct pg_gate_device device = { .node = -1 };
	unsigned int len;

	own_delete(fdt, "/devices/device@0,308", "path");
	refused_node("/devices/device@0,308");
	for (len = 1; len < 12; len++) {
		if (len % 4 == 0)
			continue;
		again();
		own_set(fdt, "/devices/device@0,308", "path", bytes, len);
		refused_node("/devices/device@0,308");
	}
	again();
	own_set(fdt, "/devices/device@0,308", "path", "\0\0\0\x18\0\1\0\x18", 8);
	refused_node("/devices/device@0,308");
	again();
	own_set(fdt, "/devices/device@0,28", "path", bytes, 255 * 4);
	assert_int_equal(pg_record_read_gate_fdt(&memory.seam, &blob, &record, &finding), PG_OK);
	assert_true(pg_gate_next_device(&record.own, &device));
	assert_int_equal(device.depth, PG_PATH_MAX);
	again();
	own_set(fdt, "/devices/device@0,28", "path", bytes, 256 * 4);
	refused_node("/devices/device@0,28");
}

TEST(capacity_for_root_buses)
{
	unsigned int nr, i;

	for (nr = PG_MAX_ROOTS; nr <= PG_MAX_ROOTS + 1; nr++) {
		again();
		own_begin(fdt, false);
		own_node(fdt, "host-bridges");
		for (i = 0; i < nr; i++)
			own_root(fdt, i, 0, 255);
		own_end(fdt);
		own_node(fdt, "bridges");
		own_end(fdt);
		own_node(fdt, "devices");
		own_end(fdt);
		own_finish(fdt);
		record.nr = 0;
		if (nr > PG_MAX_ROOTS)
			assert_refused(PG_WORKSPACE_FULL, "root buses: more than", "512");
		else
			assert_int_equal(read_both(), PG_OK);
		assert_int_equal(record.nr_roots, PG_MAX_ROOTS);
	}
}
