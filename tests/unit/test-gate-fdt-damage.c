// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate-fdt-damage.c - lib/record/gate_fdt.c: damaged records, and records that contradict
 * Linux's record. tests/vectors/own-* have more of them.
 */
#include <unistd.h>

#include "gate-fdt-fixture.h"

/* Each property of each kind of node is missing, too short or too long. */
TEST(properties_of_wrong_size_are_refused)
{
	static const struct {
		const char *path;
		const char *name;
		unsigned int cells;
		bool optional;
	} rows[] = {
		{ "/host-bridges/bus@0,0", "segment", 1, false },
		{ "/host-bridges/bus@0,0", "bus-range", 2, false },
		{ "/host-bridges/bus@10000,0", "segment", 1, false },
		{ "/host-bridges/bus@10000,0", "ecam", 4, true },
		{ "/bridges/bridge@0,18", "reg", 2, false },
		{ "/bridges/bridge@0,18", "bus-numbers", 3, false },
		{ "/bridges/bridge@0,20", "bus-numbers", 3, false },
		{ "/bridges/bridge@0,20", "preserved", 1, true },
		{ "/devices/device@0,300", "reg", 2, false },
		{ "/devices/device@0,300", "id", 2, false },
		{ "/devices/device@0,300", "class", 1, false },
		{ "/devices/device@0,300", "revision", 1, false },
		{ "/devices/device@0,308", "revision", 1, false },
		{ "/devices/device@0,300", "subsystem", 2, true },
		{ "/devices/device@0,300", "serial", 2, true },
		{ "/devices/device@0,300", "dma-translated", 1, true },
		{ "/sriov/function@0,300", "reg", 2, false },
		{ "/sriov/function@0,300", "buses", 1, false },
		{ "/sriov/function@10000,301", "buses", 1, false },
	};
	static const uint8_t bytes[32] = { 0 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		const unsigned int right = rows[i].cells * 4;
		unsigned int len;

		if (!rows[i].optional) {
			again();
			own_delete(fdt, rows[i].path, rows[i].name);
			refused_node(rows[i].path);
		}
		for (len = 0; len <= right + 4; len++) {
			if (len == right)
				continue;
			again();
			own_set(fdt, rows[i].path, rows[i].name, bytes, len);
			refused_node(rows[i].path);
		}
	}
}

/* Truncated, such a value could match another one. */
TEST(values_out_of_range_are_refused)
{
	static const struct {
		const char *path;
		const char *name;
		unsigned int index;
		uint32_t value;
		uint32_t most;
	} rows[] = {
		{ "/host-bridges/bus@0,0", "bus-range", 1, 0x100, 0xff },
		{ "/host-bridges/bus@0,0", "ecam", 2, 1, 0 },
		{ "/host-bridges/bus@0,0", "ecam", 3, 0x10100000, 0x10000000 },
		{ "/host-bridges/bus@0,0", "ecam", 3, 0x7f00001, 0x7f00000 },
		{ "/bridges/bridge@0,20", "reg", 1, 0x10020, 0xffff },
		{ "/bridges/bridge@0,18", "bus-numbers", 0, 0x100, 0xff },
		{ "/bridges/bridge@0,18", "bus-numbers", 1, 0x100, 0xff },
		{ "/bridges/bridge@0,18", "bus-numbers", 2, 0x100, 0xff },
		{ "/devices/device@0,308", "reg", 1, 0x10308, 0x308 },
		{ "/devices/device@0,308", "id", 0, 0x10000, 0xffff },
		{ "/devices/device@0,308", "id", 1, 0x10000, 0xffff },
		{ "/devices/device@0,300", "subsystem", 0, 0x10000, 0xffff },
		{ "/devices/device@0,300", "subsystem", 1, 0x10000, 0xffff },
		{ "/devices/device@0,308", "class", 0, 0x1000000, 0xffffff },
		{ "/devices/device@0,308", "revision", 0, 0x100, 0xff },
		{ "/devices/device@0,308", "dma-translated", 0, 2, 1 },
		{ "/devices/device@0,308", "path", 0, 0x10018, 0x18 },
		{ "/sriov/function@0,300", "reg", 1, 0x10300, 0x300 },
		{ "/sriov/function@0,300", "buses", 0, 0x100, 0xff },
	};
	static const uint8_t bytes[8] = { 0 };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		again();
		own_set(fdt, "/devices/device@0,300", "subsystem", bytes, 8);
		own_set(fdt, "/devices/device@0,308", "dma-translated", bytes, 4);
		own_set_cell(fdt, rows[i].path, rows[i].name, rows[i].index, rows[i].value);
		refused_node(rows[i].path);
		again();
		own_set(fdt, "/devices/device@0,300", "subsystem", bytes, 8);
		own_set(fdt, "/devices/device@0,308", "dma-translated", bytes, 4);
		own_set_cell(fdt, rows[i].path, rows[i].name, rows[i].index, rows[i].most);
		assert_int_equal(read_both(), PG_OK);
	}
}

TEST(other_versions_are_refused)
{
	static const struct {
		const char *compatible;
		unsigned int len;
		const char *text;
	} rows[] = {
		{ "pci-topology-v1", 15, "pci-topology-v1" },
		{ "pci-topology-v10", 17, "pci-topology-v10" },
		{ "pci-topology-v", 15, "pci-topology-v" },
		{ "Pci-topology-v1", 16, "Pci-topology-v1" },
		{ "pcigate-v1", 11, "pcigate-v1" },
		{ "", 0, "(empty)" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		again();
		own_set(fdt, "/", "compatible", rows[i].compatible, rows[i].len);
		assert_refused(PG_RECORD_VERSION, "pcigate FDT compatible", rows[i].text);
		assert_false(record.own.present);
	}
}

TEST(blobs_of_impossible_size_are_refused)
{
	blob.size = OWN_BYTES + 1;
	assert_refused(PG_RECORD_OUTSIDE_MEMORY, "KHO FDT pci-topology/preserved-data",
		       "0x7000000");
	blob.size = 16 * 1024 * 1024;
	assert_refused(PG_RECORD_OUTSIDE_MEMORY, "KHO FDT pci-topology/preserved-data",
		       "0x7000000");
	blob.size = UINT64_MAX;
	assert_refused(PG_RECORD_MALFORMED, "KHO FDT pci-topology/blob-size", "0xffffffffffffffff");
	blob.size = sizeof(struct fdt_header) - 1;
	assert_refused(PG_RECORD_MALFORMED, "KHO FDT pci-topology/blob-size", "0x27");
	assert_false(record.own.present);
}

/* The tree is cut at every length. The sanitizer detects reads beyond it. */
TEST(a_truncated_tree_is_refused)
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

TEST(a_wrong_magic_is_refused)
{
	fdt[0] ^= 1;
	assert_refused(PG_RECORD_MALFORMED, "pcigate FDT", fdt_strerror(-FDT_ERR_BADMAGIC));
}

/* In this version of the format, names are paths. libfdt crashes on such a tree. */
TEST(version_15_is_refused)
{
	fdt_set_version(fdt, 15);
	fdt_set_last_comp_version(fdt, 15);
	assert_refused(PG_RECORD_MALFORMED, "pcigate FDT", fdt_strerror(-FDT_ERR_BADVERSION));
}

TEST(a_length_that_leads_back_is_refused)
{
	uint8_t *property = fdt + fdt_off_dt_struct(fdt) + fdt_first_property_offset(fdt, 0);

	memcpy(property + 4, "\xff\xff\xff\xf4", 4);
	alarm(20);
	assert_refused(PG_RECORD_MALFORMED, "pcigate FDT", fdt_strerror(-FDT_ERR_BADSTRUCTURE));
	alarm(0);
}

static void differs(const char *field, const char *text)
{
	assert_refused(PG_RECORD_INCONSISTENT, field, text);
	again();
}

TEST(both_records_must_name_the_same_functions)
{
	record.nr = 3;
	differs("pcigate/devices not in the PCI record", "0000:03:01.0");
	entry(0x0400, 1);
	differs("pcigate: devices and bridges", "4, but 5 in the PCI record");
	entries[0].at.devfn = 0x10;
	differs("pcigate/bridges not in the PCI record", "0000:00:03.0");
	entries[0].at.segment = 1;
	differs("pcigate/bridges not in the PCI record", "0000:00:03.0");
	entries[1].at.devfn = 0x29;
	differs("pcigate/devices not in the PCI record", "0000:00:05.0");
	entries[0].refcount = 1;
	differs("pcigate/bridges preserved", "2, but 1 in the PCI record");
	own_set_cell(fdt, "/devices/device@0,308", "path", 0, 0x20);
	differs("pcigate path not in the PCI record", "0000:00:04.0");
	own_set(fdt, "/devices/device@0,308", "path", "\0\0\0\x18\0\0\0\x20", 8);
	differs("pcigate path not in the PCI record", "0000:00:04.0");
	/* pcigate's own record counts no devices below a bridge of Linux's record. */
	own_delete(fdt, "/bridges/bridge@0,18", "preserved");
	differs("pcigate: devices and bridges", "3, but 4 in the PCI record");
	own_set_cell(fdt, "/bridges/bridge@0,18", "preserved", 0, 0x10002);
	differs("pcigate/bridges preserved", "65538, but 2 in the PCI record");
}

static void out_of_order(const char *field, const char *text)
{
	assert_refused(PG_RECORD_MALFORMED, field, text);
	again();
}

TEST(nodes_out_of_order_are_refused)
{
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 1, 0x18);
	out_of_order("pcigate/bridges out of order at", "0000:00:03.0");
	own_set_cell(fdt, "/devices/device@0,308", "reg", 1, 0x300);
	out_of_order("pcigate/devices out of order at", "0000:03:00.0");
	/* Segments are compared first. */
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 0, 1);
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 1, 0x10);
	assert_int_equal(read_both(), PG_OK);
	/* The lowest address is valid, but not twice. */
	again();
	own_set_cell(fdt, "/bridges/bridge@0,18", "reg", 1, 0);
	entries[0].at = pg_bdf(0, 0, 0);
	own_set_cell(fdt, "/devices/device@0,300", "path", 0, 0);
	own_set_cell(fdt, "/devices/device@0,308", "path", 0, 0);
	assert_int_equal(read_both(), PG_OK);
	own_set_cell(fdt, "/bridges/bridge@0,20", "reg", 1, 0);
	record.nr_roots = 0;
	out_of_order("pcigate/bridges out of order at", "0000:00:00.0");
}

TEST(a_device_may_have_the_lowest_address)
{
	own_set_cell(fdt, "/devices/device@0,28", "reg", 1, 0);
	entries[1] = entries[0];
	entries[0] = (struct pg_record_entry){ .at = pg_bdf(0, 0, 0), .refcount = 1 };
	assert_int_equal(read_both(), PG_OK);
}
