// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate-fdt.c - lib/record/gate_fdt.c: pcigate's own record, as docs/kho-fdt.md has it, and
 * whether it agrees with Linux's.
 */
#include <unistd.h>

#include "finding.h"
#include "gate-fdt-writer.h"
#include "mock-memory.h"

static struct mock_memory memory;
static struct pg_record_entry entries[8];
static struct pg_record record;
static struct pg_finding finding;
static struct pg_blob blob;
static uint8_t *fdt;

static void entry(uint16_t bdf, uint16_t refcount)
{
	entries[record.nr++] = (struct pg_record_entry){
		.at = pg_bdf(0, (uint8_t)(bdf >> 8), (uint8_t)bdf),
		.refcount = refcount,
	};
}

/*
 * 00:03.0 [03-03] - 03:00.0 and 03:01.0; device 00:05.0 on the root bus; bridge 00:04.0 with
 * nothing preserved below it. The node of the device 03:00.0 has every property.
 */
static void write_tree(bool complete)
{
	static const uint32_t path[] = { 0x18 };

	own_begin(fdt, complete);
	own_node(fdt, "host-bridges");
	own_root(fdt, 0, 0x80, 0xff);
	own_root(fdt, 0, 0, 0x7f);
	own_root(fdt, 0x10000, 0, 0xff);
	own_end(fdt);
	own_node(fdt, "bridges");
	own_bridge(fdt, 0, 0x18, 3, 2);
	own_bridge(fdt, 0, 0x20, 4, 0);
	own_end(fdt);
	own_node(fdt, "devices");
	own_device(fdt, 0, 0x28, NULL, 0);
	own_device(fdt, 0, 0x300, path, 1);
	own_device(fdt, 0, 0x308, path, 1);
	own_end(fdt);
	own_node(fdt, "sriov");
	own_node_at(fdt, "function", 0, 0x300);
	OWN_CELLS(fdt, "reg", 0, 0x300);
	OWN_CELLS(fdt, "buses", 2);
	own_end(fdt);
	own_node_at(fdt, "function", 0x10000, 0x301);
	OWN_CELLS(fdt, "reg", 0x10000, 0x301);
	OWN_CELLS(fdt, "buses", 3);
	own_end(fdt);
	own_end(fdt);
	own_answer(fdt);
	own_finish(fdt);
}

static int setup(void **state)
{
	mock_memory_begin(&memory);
	fdt = mock_memory_add(&memory, OWN_PA, OWN_BYTES);
	write_tree(false);
	blob = (struct pg_blob){ .present = true, .pa = OWN_PA, .size = OWN_BYTES };
	record = (struct pg_record){ .state = PG_RECORD_DEVICES,
				     .pci_version = 2,
				     .entries = entries };
	entry(0x0018, 2);
	entry(0x0028, 1);
	entry(0x0300, 1);
	entry(0x0308, 1);
	memset(&finding, 0, sizeof(finding));
	return 0;
}

static int teardown(void **state)
{
	mock_memory_end(&memory);
	return 0;
}

static void again(void)
{
	void *state = NULL;

	teardown(&state);
	setup(&state);
}

/* Reads the tree and holds it against the record, as pg_record_read() does. */
static enum pg_reason read_both(void)
{
	enum pg_reason reason = pg_record_read_gate_fdt(&memory.seam, &blob, &record, &finding);

	return reason ? reason : pg_record_compare(&record, &finding);
}

static void assert_refused(enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(read_both(), &finding, reason, field, text);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

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

/* In the order of the tree, which is that of Linux's scan and not that of numbers. */
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

static const char in_roots[] = "pcigate/host-bridges node";
static const char in_bridges[] = "pcigate/bridges node";
static const char in_devices[] = "pcigate/devices node";
static const char in_sriov[] = "pcigate/sriov node";

/*
 * Every property of every node, as it is needed, one after the other missing, too short, and too
 * long.
 */
TEST(properties)
{
	static const struct {
		const char *path;
		const char *node;
		const char *field;
		const char *name;
		unsigned int cells;
		bool optional;
	} rows[] = {
		{ "/host-bridges/bus@0,0", "bus@0,0", in_roots, "segment", 1, false },
		{ "/host-bridges/bus@0,0", "bus@0,0", in_roots, "bus-range", 2, false },
		{ "/host-bridges/bus@10000,0", "bus@10000,0", in_roots, "segment", 1, false },
		{ "/host-bridges/bus@10000,0", "bus@10000,0", in_roots, "ecam", 4, true },
		{ "/bridges/bridge@0,18", "bridge@0,18", in_bridges, "reg", 2, false },
		{ "/bridges/bridge@0,18", "bridge@0,18", in_bridges, "bus-numbers", 3, false },
		{ "/bridges/bridge@0,20", "bridge@0,20", in_bridges, "bus-numbers", 3, false },
		{ "/bridges/bridge@0,20", "bridge@0,20", in_bridges, "preserved", 1, true },
		{ "/devices/device@0,300", "device@0,300", in_devices, "reg", 2, false },
		{ "/devices/device@0,300", "device@0,300", in_devices, "id", 2, false },
		{ "/devices/device@0,300", "device@0,300", in_devices, "class", 1, false },
		{ "/devices/device@0,300", "device@0,300", in_devices, "revision", 1, false },
		{ "/devices/device@0,308", "device@0,308", in_devices, "revision", 1, false },
		{ "/devices/device@0,300", "device@0,300", in_devices, "subsystem", 2, true },
		{ "/devices/device@0,300", "device@0,300", in_devices, "serial", 2, true },
		{ "/devices/device@0,300", "device@0,300", in_devices, "dma-translated", 1, true },
		{ "/sriov/function@0,300", "function@0,300", in_sriov, "reg", 2, false },
		{ "/sriov/function@0,300", "function@0,300", in_sriov, "buses", 1, false },
		{ "/sriov/function@10000,301", "function@10000,301", in_sriov, "buses", 1, false },
	};
	static const uint8_t bytes[32] = { 0 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		const unsigned int right = rows[i].cells * 4;
		unsigned int len;

		if (!rows[i].optional) {
			again();
			own_delete(fdt, rows[i].path, rows[i].name);
			assert_refused(PG_RECORD_MALFORMED, rows[i].field, rows[i].node);
		}
		for (len = 0; len <= right + 4; len++) {
			if (len == right)
				continue;
			again();
			own_set(fdt, rows[i].path, rows[i].name, bytes, len);
			assert_refused(PG_RECORD_MALFORMED, rows[i].field, rows[i].node);
		}
	}
}

/* Values that do not fit what they stand for: they must not pass for others by being cut off. */
TEST(values_out_of_range)
{
	static const struct {
		const char *path;
		const char *node;
		const char *field;
		const char *name;
		unsigned int index;
		uint32_t value;
		uint32_t most;
	} rows[] = {
		{ "/host-bridges/bus@0,0", "bus@0,0", in_roots, "bus-range", 1, 0x100, 0xff },
		{ "/host-bridges/bus@0,0", "bus@0,0", in_roots, "ecam", 2, 1, 0 },
		{ "/host-bridges/bus@0,0", "bus@0,0", in_roots, "ecam", 3, 0x10100000, 0x10000000 },
		{ "/host-bridges/bus@0,0", "bus@0,0", in_roots, "ecam", 3, 0x7f00001, 0x7f00000 },
		{ "/bridges/bridge@0,20", "bridge@0,20", in_bridges, "reg", 1, 0x10020, 0xffff },
		{ "/bridges/bridge@0,18", "bridge@0,18", in_bridges, "bus-numbers", 0, 0x100,
		  0xff },
		{ "/bridges/bridge@0,18", "bridge@0,18", in_bridges, "bus-numbers", 1, 0x100,
		  0xff },
		{ "/bridges/bridge@0,18", "bridge@0,18", in_bridges, "bus-numbers", 2, 0x100,
		  0xff },
		{ "/devices/device@0,308", "device@0,308", in_devices, "reg", 1, 0x10308, 0x308 },
		{ "/devices/device@0,308", "device@0,308", in_devices, "id", 0, 0x10000, 0xffff },
		{ "/devices/device@0,308", "device@0,308", in_devices, "id", 1, 0x10000, 0xffff },
		{ "/devices/device@0,300", "device@0,300", in_devices, "subsystem", 0, 0x10000,
		  0xffff },
		{ "/devices/device@0,300", "device@0,300", in_devices, "subsystem", 1, 0x10000,
		  0xffff },
		{ "/devices/device@0,308", "device@0,308", in_devices, "class", 0, 0x1000000,
		  0xffffff },
		{ "/devices/device@0,308", "device@0,308", in_devices, "revision", 0, 0x100, 0xff },
		{ "/devices/device@0,308", "device@0,308", in_devices, "dma-translated", 0, 2, 1 },
		{ "/devices/device@0,308", "device@0,308", in_devices, "path", 0, 0x10018, 0x18 },
		{ "/sriov/function@0,300", "function@0,300", in_sriov, "reg", 1, 0x10300, 0x300 },
		{ "/sriov/function@0,300", "function@0,300", in_sriov, "buses", 0, 0x100, 0xff },
	};
	static const uint8_t bytes[8] = { 0 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		again();
		own_set(fdt, "/devices/device@0,300", "subsystem", bytes, 8);
		own_set(fdt, "/devices/device@0,308", "dma-translated", bytes, 4);
		own_set_cell(fdt, rows[i].path, rows[i].name, rows[i].index, rows[i].value);
		assert_refused(PG_RECORD_MALFORMED, rows[i].field, rows[i].node);
		again();
		own_set(fdt, "/devices/device@0,300", "subsystem", bytes, 8);
		own_set(fdt, "/devices/device@0,308", "dma-translated", bytes, 4);
		own_set_cell(fdt, rows[i].path, rows[i].name, rows[i].index, rows[i].most);
		assert_int_equal(read_both(), PG_OK);
	}
}

TEST(root_bus_range)
{
	own_set_cell(fdt, "/host-bridges/bus@0,80", "bus-range", 1, 0x7f);
	assert_refused(PG_RECORD_MALFORMED, in_roots, "bus@0,80");
	again();
	own_set_cell(fdt, "/host-bridges/bus@0,80", "bus-range", 1, 0x80);
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.roots[0].last, 0x80);
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
	/* It is longer than the buses are many. */
	assert_true(record.roots[1].ecam == 0xb0000000);
	assert_int_equal(record.roots[1].ecam_buses, 0x80);
	assert_int_equal(record.roots[2].ecam_buses, 0);
	again();
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.roots[2].ecam_buses, 0x100);
	/* It would go on at address 0. */
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 0, 0xffffffff);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 1, 0xffe00000);
	own_set_cell(fdt, "/host-bridges/bus@0,80", "ecam", 3, 3 << 20);
	assert_refused(PG_RECORD_MALFORMED, in_roots, "bus@0,80");
}

TEST(path_lengths)
{
	static const uint8_t bytes[256 * 4] = { 0 };
	struct pg_gate_device device = { .node = -1 };
	unsigned int len;

	own_delete(fdt, "/devices/device@0,308", "path");
	assert_refused(PG_RECORD_MALFORMED, in_devices, "device@0,308");
	for (len = 1; len < 12; len++) {
		if (len % 4 == 0)
			continue;
		again();
		own_set(fdt, "/devices/device@0,308", "path", bytes, len);
		assert_refused(PG_RECORD_MALFORMED, in_devices, "device@0,308");
	}
	again();
	own_set(fdt, "/devices/device@0,308", "path", "\0\0\0\x18\0\1\0\x18", 8);
	assert_refused(PG_RECORD_MALFORMED, in_devices, "device@0,308");
	again();
	own_set(fdt, "/devices/device@0,28", "path", bytes, 255 * 4);
	assert_int_equal(pg_record_read_gate_fdt(&memory.seam, &blob, &record, &finding), PG_OK);
	assert_true(pg_gate_next_device(&record.own, &device));
	assert_int_equal(device.depth, PG_PATH_MAX);
	again();
	own_set(fdt, "/devices/device@0,28", "path", bytes, 256 * 4);
	assert_refused(PG_RECORD_MALFORMED, in_devices, "device@0,28");
}

TEST(nodes_missing)
{
	static const char *const nodes[] = { "host-bridges", "bridges", "devices" };
	char path[20];
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(nodes); i++) {
		again();
		snprintf(path, sizeof(path), "/%s", nodes[i]);
		assert_int_equal(fdt_del_node(fdt, own_path(fdt, path)), 0);
		assert_refused(PG_RECORD_MALFORMED, "pcigate FDT node missing", nodes[i]);
		assert_false(record.own.present);
	}
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

TEST(versions)
{
	static const struct {
		const char *compatible;
		unsigned int len;
		const char *text;
	} rows[] = {
		{ "pcigate-v2", 11, "pcigate-v2" },   { "pcigate-v1", 10, "pcigate-v1" },
		{ "pcigate-v10", 12, "pcigate-v10" }, { "pcigate-v", 10, "pcigate-v" },
		{ "Pcigate-v1", 11, "Pcigate-v1" },   { "", 0, "(empty)" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		again();
		own_set(fdt, "/", "compatible", rows[i].compatible, rows[i].len);
		assert_refused(PG_RECORD_VERSION, "pcigate FDT compatible", rows[i].text);
		assert_false(record.own.present);
	}
	again();
	own_delete(fdt, "/", "compatible");
	assert_refused(PG_RECORD_VERSION, "pcigate FDT compatible", "missing");
}

TEST(blob_addresses)
{
	blob.pa = 0;
	assert_refused(PG_RECORD_MALFORMED, "KHO FDT pcigate/preserved-data", "0x0");
	blob.pa = OWN_PA + 4;
	assert_refused(PG_RECORD_MALFORMED, "KHO FDT pcigate/preserved-data", "0x7000004");
	blob.pa = 0x9000000;
	assert_refused(PG_RECORD_OUTSIDE_MEMORY, "KHO FDT pcigate/preserved-data", "0x9000000");
	blob.pa = OWN_PA;
	blob.size = OWN_BYTES + 1;
	assert_refused(PG_RECORD_OUTSIDE_MEMORY, "KHO FDT pcigate/preserved-data", "0x7000000");
	blob.size = 16 * 1024 * 1024 + 1;
	assert_refused(PG_RECORD_MALFORMED, "KHO FDT pcigate/blob-size", "0x1000001");
	blob.size = 16 * 1024 * 1024;
	assert_refused(PG_RECORD_OUTSIDE_MEMORY, "KHO FDT pcigate/preserved-data", "0x7000000");
	blob.size = UINT64_MAX;
	assert_refused(PG_RECORD_MALFORMED, "KHO FDT pcigate/blob-size", "0xffffffffffffffff");
	blob.size = sizeof(struct fdt_header) - 1;
	assert_refused(PG_RECORD_MALFORMED, "KHO FDT pcigate/blob-size", "0x27");
	assert_false(record.own.present);
}

/*
 * Cut off anywhere: every length is refused, and no byte behind it is looked at (the mock hands out
 * exact copies).
 */
TEST(truncated)
{
	uint64_t size;

	assert_int_equal(fdt_pack(fdt), 0);
	for (size = sizeof(struct fdt_header); size < fdt_totalsize(fdt); size++) {
		blob.size = size;
		assert_int_equal(read_both(), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "pcigate FDT");
		assert_false(record.own.present);
	}
	blob.size = size;
	assert_int_equal(read_both(), PG_OK);
}

TEST(damaged)
{
	fdt[0] ^= 1;
	assert_refused(PG_RECORD_MALFORMED, "pcigate FDT", fdt_strerror(-FDT_ERR_BADMAGIC));
}

/* Of a layout in which names were paths: libfdt does not survive that of the root. */
TEST(old_layout)
{
	fdt_set_version(fdt, 15);
	fdt_set_last_comp_version(fdt, 15);
	assert_refused(PG_RECORD_MALFORMED, "pcigate FDT", fdt_strerror(-FDT_ERR_BADVERSION));
}

/* A property whose length leads back to the property. */
TEST(endless)
{
	uint8_t *property = fdt + fdt_off_dt_struct(fdt) + fdt_first_property_offset(fdt, 0);

	memcpy(property + 4, "\xff\xff\xff\xf4", 4);
	alarm(20);
	assert_refused(PG_RECORD_MALFORMED, "pcigate FDT", fdt_strerror(-FDT_ERR_BADSTRUCTURE));
	alarm(0);
}

/* Linux's record and this one name the same. */
TEST(disagreement)
{
	record.nr = 3;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/devices not in the PCI record",
		       "0000:03:01.0");
	again();
	entry(0x0400, 1);
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate: devices and bridges",
		       "4, but 5 in the PCI record");
	again();
	entries[0].at.devfn = 0x10;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/bridges not in the PCI record",
		       "0000:00:03.0");
	again();
	entries[0].at.segment = 1;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/bridges not in the PCI record",
		       "0000:00:03.0");
	again();
	entries[1].at.devfn = 0x29;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/devices not in the PCI record",
		       "0000:00:05.0");
	again();
	entries[0].refcount = 1;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/bridges preserved",
		       "2, but 1 in the PCI record");
	again();
	own_set_cell(fdt, "/devices/device@0,308", "path", 0, 0x20);
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate path not in the PCI record",
		       "0000:00:04.0");
	again();
	own_set(fdt, "/devices/device@0,308", "path", "\0\0\0\x18\0\0\0\x20", 8);
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate path not in the PCI record",
		       "0000:00:04.0");
	/* A bridge that Linux's record has, and this one counts nothing below it. */
	again();
	own_delete(fdt, "/bridges/bridge@0,18", "preserved");
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate: devices and bridges",
		       "3, but 4 in the PCI record");
	again();
	own_set_cell(fdt, "/bridges/bridge@0,18", "preserved", 0, 0x10002);
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/bridges preserved",
		       "65538, but 2 in the PCI record");
}

TEST(order)
{
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 1, 0x10);
	assert_refused(PG_RECORD_MALFORMED, "pcigate/bridges out of order at", "0000:00:02.0");
	again();
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 1, 0x18);
	assert_refused(PG_RECORD_MALFORMED, "pcigate/bridges out of order at", "0000:00:03.0");
	again();
	own_set_cell(fdt, "/devices/device@0,308", "reg", 1, 0x300);
	assert_refused(PG_RECORD_MALFORMED, "pcigate/devices out of order at", "0000:03:00.0");
	again();
	own_set_cell(fdt, "/devices/device@0,308", "reg", 1, 0x200);
	assert_refused(PG_RECORD_MALFORMED, "pcigate/devices out of order at", "0000:02:00.0");
	/* The segment counts before all the rest. */
	again();
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 0, 1);
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 1, 0x10);
	assert_int_equal(read_both(), PG_OK);
	/* The lowest address there is may come first, but not twice. */
	again();
	own_set_cell(fdt, "/bridges/bridge@0,18", "reg", 1, 0);
	entries[0].at = pg_bdf(0, 0, 0);
	own_set_cell(fdt, "/devices/device@0,300", "path", 0, 0);
	own_set_cell(fdt, "/devices/device@0,308", "path", 0, 0);
	assert_int_equal(read_both(), PG_OK);
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 1, 0);
	record.nr_roots = 0;
	assert_refused(PG_RECORD_MALFORMED, "pcigate/bridges out of order at", "0000:00:00.0");
}

/* The lowest address there is, for a device. */
TEST(first_address)
{
	own_set_cell(fdt, "/devices/device@0,28", "reg", 1, 0);
	entries[1] = entries[0];
	entries[0] = (struct pg_record_entry){ .at = pg_bdf(0, 0, 0), .refcount = 1 };
	assert_int_equal(read_both(), PG_OK);
}
