// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate-fdt.c - lib/record/gate_fdt.c: reads pcigate's own record (docs/kho-fdt.md).
 * test-gate-fdt-damage.c has damaged records, and records that contradict Linux's record.
 */
#include "gate-fdt-fixture.h"

TEST(a_valid_record_is_read)
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

TEST(without_own_record_nothing_is_compared)
{
	assert_int_equal(pg_record_compare(&record, &finding), PG_OK);
	assert_false(record.own.present);
}

/* Linux scans root buses in this order. */
TEST(root_buses_keep_the_order_of_the_tree)
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

TEST(every_bridge_is_read)
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

TEST(every_device_is_read)
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
	assert_int_equal(pg_record_read_gate_fdt(&memory.interface, &blob, &record, &finding),
			 PG_OK);
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

TEST(a_record_may_be_empty)
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

TEST(sriov_buses_are_read)
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

TEST(sriov_and_answer_are_optional)
{
	struct pg_gate_sriov sriov = { .node = -1 };

	assert_int_equal(fdt_del_node(fdt, own_path(fdt, "/sriov")), 0);
	assert_int_equal(fdt_del_node(fdt, own_path(fdt, "/answer")), 0);
	assert_int_equal(read_both(), PG_OK);
	assert_true(record.own.sriov < 0);
	assert_true(record.own.answer < 0);
	assert_false(pg_gate_next_sriov(&record.own, &sriov));
}

/* A window has an address, and a number of buses. */
TEST(windows_of_root_buses_are_read)
{
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 0, 0x1234);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 3, 3 << 20);
	own_delete(fdt, "/host-bridges/bus@10000,0", "ecam");
	assert_int_equal(read_both(), PG_OK);
	assert_true(record.roots[0].ecam == 0x1234b0000000);
	assert_int_equal(record.roots[0].ecam_buses, 3);
	/* This window is larger than the buses need. */
	assert_true(record.roots[1].ecam == 0xb0000000);
	assert_int_equal(record.roots[1].ecam_buses, 0x80);
	assert_int_equal(record.roots[2].ecam_buses, 0);
	again();
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.roots[2].ecam_buses, 0x100);
	/* This window would wrap to address 0. */
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 0, 0xffffffff);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 1, 0xffe00000);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 3, 3 << 20);
	refused_node("/host-bridges/bus@0,80");
}

TEST(a_root_bus_range_must_not_be_inverted)
{
	own_set_cell(fdt, "/host-bridges/bus@0,80", "bus-range", 1, 0x7f);
	refused_node("/host-bridges/bus@0,80");
	again();
	own_set_cell(fdt, "/host-bridges/bus@0,80", "bus-range", 1, 0x80);
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.roots[0].last, 0x80);
}

TEST(a_path_has_at_most_255_bridges)
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
	assert_int_equal(pg_record_read_gate_fdt(&memory.interface, &blob, &record, &finding),
			 PG_OK);
	assert_true(pg_gate_next_device(&record.own, &device));
	assert_int_equal(device.depth, PG_PATH_MAX);
	again();
	own_set(fdt, "/devices/device@0,28", "path", bytes, 256 * 4);
	refused_node("/devices/device@0,28");
}

TEST(more_than_512_root_buses_are_refused)
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
