// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate-vfs.c - lib/record/gate_vfs.c: reads the physical functions with preserved virtual
 * functions, and compares them with Linux's record. tests/vectors/vfs-* have more cases.
 */
#include "gate-fdt-fixture.h"

#define PFS "/physical-functions"
#define PF PFS "/function@0,300"

static void set_cells(const char *path, const char *name, const uint32_t *cells, unsigned int nr)
{
	fdt32_t bytes[16];
	unsigned int i;

	for (i = 0; i < nr; i++)
		bytes[i] = cpu_to_fdt32(cells[i]);
	own_set(fdt, path, name, bytes, nr * 4);
}

#define SET(path, name, ...)                                                                       \
	set_cells(path, name, (const uint32_t[]){ __VA_ARGS__ },                                   \
		  PG_ARRAY_SIZE(((const uint32_t[]){ __VA_ARGS__ })))

/* Virtual functions 2 and 4 of 03:00.0, of 5 with a stride of 2 from 03:10.0 on. */
static void add_pf(uint32_t bdf)
{
	char name[40], path[64];
	const int parent = fdt_path_offset(fdt, PFS);

	if (parent < 0)
		assert_true(fdt_add_subnode(fdt, 0, "physical-functions") > 0);
	snprintf(name, sizeof(name), "function@0,%x", bdf);
	assert_true(fdt_add_subnode(fdt, own_path(fdt, PFS), name) > 0);
	snprintf(path, sizeof(path), PFS "/%s", name);
	SET(path, "preserved", 2, 4);
	SET(path, "reserved-bus", (bdf >> 8) + 1);
	SET(path, "last-bus", bdf >> 8);
	SET(path, "vf-bar-sizes", 14, 0, 15, 0, 0, 0);
	SET(path, "vf-bars", 1, 2, 3, 4, 5, 6);
	SET(path, "page-size", 0x10);
	SET(path, "vf-device-id", 0x10ca);
	SET(path, "vf-class", 0x020000);
	SET(path, "offset-stride", 0x80, 2);
	SET(path, "num-vfs", 5);
	SET(path, "total-vfs", 8);
	SET(path, "initial-vfs", 7);
	SET(path, "control", 0x19);
	SET(path, "id", 0x8086, 0x10c9);
	SET(path, "reg", 0, bdf);
}

static int pf_setup(void **state)
{
	setup(state);
	add_pf(0x300);
	entries[2].refcount = 3;
	return 0;
}

static void pf_again(void)
{
	teardown(NULL);
	pf_setup(NULL);
}

#define PF_TEST(name) UNIT_TEST_WITH(name, pf_setup, teardown)

PF_TEST(every_register_is_read)
{
	struct pg_gate_pf pf = { .node = -1 };
	unsigned int i;

	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.nr_pfs, 1);
	assert_int_equal(record.nr_vfs, 2);
	assert_true(pg_gate_next_pf(&record.own, &pf));
	assert_true(pg_bdf_equal(pf.at, pg_bdf(0, 3, 0)));
	assert_int_equal(pf.id, 0x10c98086);
	assert_int_equal(pf.control, 0x19);
	assert_int_equal(pf.initial, 7);
	assert_int_equal(pf.total, 8);
	assert_int_equal(pf.number, 5);
	assert_int_equal(pf.first_offset, 0x80);
	assert_int_equal(pf.stride, 2);
	assert_int_equal(pf.vf_device, 0x10ca);
	assert_int_equal(pf.vf_class, 0x020000);
	assert_int_equal(pf.page_size, 0x10);
	for (i = 0; i < PG_VF_BARS; i++)
		assert_int_equal(pf.bars[i], i + 1);
	assert_int_equal(pf.nr, 2);
	assert_int_equal(pg_vf_index(&pf, 0), 2);
	assert_int_equal(pg_vf_index(&pf, 1), 4);
	assert_false(pg_gate_next_pf(&record.own, &pf));
	assert_true(pf.node < 0);
}

TEST(without_the_node_no_virtual_function_is_preserved)
{
	struct pg_gate_pf pf = { .node = -1 };

	assert_int_equal(read_both(), PG_OK);
	assert_true(record.own.pfs < 0);
	assert_int_equal(record.nr_pfs, 0);
	assert_false(pg_gate_next_pf(&record.own, &pf));
	assert_false(pg_record_has_vf(&record, pg_bdf(0, 3, 0x84)));
}

UNIT_TEST(an_address_carries_into_the_bus_number)
{
	static const struct {
		uint16_t bdf;
		uint16_t offset;
		uint16_t stride;
		uint32_t index;
		uint32_t at;
	} rows[] = {
		{ 0x0100, 1, 1, 0, 0x0101 },	  { 0x0100, 0x80, 2, 63, 0x01fe },
		{ 0x0100, 0x80, 2, 64, 0x0200 },  { 0x01ff, 1, 1, 0, 0x0200 },
		{ 0x0101, 0x180, 4, 3, 0x028d },  { 0xff00, 0xff, 1, 0, 0xffff },
		{ 0xff00, 0xff, 1, 1, 0x10000 },  { 0xffff, 0xffff, 0xffff, 0xffff, 0x10000 },
		{ 0x0001, 0xfffe, 1, 0, 0xffff },
	};
	unsigned int i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		const struct pg_gate_pf pf = { .at = pg_bdf(7, (uint8_t)(rows[i].bdf >> 8),
							    (uint8_t)rows[i].bdf),
					       .first_offset = rows[i].offset,
					       .stride = rows[i].stride };
		struct pg_bdf at;
		const bool fits = pg_vf_address(&pf, rows[i].index, &at);

		assert_int_equal(fits, rows[i].at <= 0xffff);
		assert_int_equal(at.segment, 7);
		if (fits)
			assert_int_equal(at.bus << 8 | at.devfn, rows[i].at);
	}
}

PF_TEST(only_preserved_virtual_functions_are_found)
{
	uint32_t bdf;

	SET(PF, "num-vfs", 8);
	SET(PF, "preserved", 0, 2, 3, 7);
	entries[2].refcount = 5;
	assert_int_equal(read_both(), PG_OK);
	for (bdf = 0; bdf <= 0xffff; bdf++)
		assert_int_equal(
			pg_record_has_vf(&record, pg_bdf(0, (uint8_t)(bdf >> 8), (uint8_t)bdf)),
			bdf == 0x380 || bdf == 0x384 || bdf == 0x386 || bdf == 0x38e);
	assert_false(pg_record_has_vf(&record, pg_bdf(1, 3, 0x84)));
}

PF_TEST(the_class_is_optional)
{
	static const uint8_t bytes[8] = { 0 };
	struct pg_gate_pf pf = { .node = -1 };
	unsigned int len;

	own_delete(fdt, PF, "vf-class");
	assert_int_equal(read_both(), PG_OK);
	assert_true(pg_gate_next_pf(&record.own, &pf));
	assert_int_equal(pf.vf_class, PG_NO_VF_CLASS);
	for (len = 0; len <= 8; len++) {
		pf_again();
		own_set(fdt, PF, "vf-class", bytes, len);
		if (len != 4)
			refused_node(PF);
	}
}

PF_TEST(properties_of_wrong_size_are_refused)
{
	static const struct {
		const char *name;
		unsigned int cells;
	} rows[] = {
		{ "reg", 2 },		{ "id", 2 },	       { "control", 1 },
		{ "initial-vfs", 1 },	{ "total-vfs", 1 },    { "num-vfs", 1 },
		{ "offset-stride", 2 }, { "vf-device-id", 1 }, { "page-size", 1 },
		{ "vf-bars", 6 },	{ "last-bus", 1 },     { "reserved-bus", 1 },
		{ "vf-bar-sizes", 6 },
	};
	static const uint8_t bytes[32] = { 0 };
	unsigned int len;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		pf_again();
		own_delete(fdt, PF, rows[i].name);
		refused_node(PF);
		for (len = 0; len <= rows[i].cells * 4 + 4; len++) {
			if (len == rows[i].cells * 4)
				continue;
			pf_again();
			own_set(fdt, PF, rows[i].name, bytes, len);
			refused_node(PF);
		}
	}
	pf_again();
	own_delete(fdt, PF, "preserved");
	refused_node(PF);
	for (len = 1; len < 8; len++) {
		pf_again();
		own_set(fdt, PF, "preserved", bytes, len);
		if (len != 4)
			refused_node(PF);
	}
}

PF_TEST(values_out_of_range_are_refused)
{
	static const struct {
		const char *name;
		unsigned int index;
		uint32_t value;
		uint32_t good;
	} rows[] = {
		{ "reg", 1, 0x10300, 0x300 },
		{ "id", 0, 0x18086, 0 },
		{ "id", 1, 0x110c9, 0xffff },
		{ "control", 0, 0x10019, 0xffff },
		{ "control", 0, 0x18, 1 },
		{ "initial-vfs", 0, 9, 8 },
		{ "total-vfs", 0, 4, 0xffff },
		{ "total-vfs", 0, 0x10008, 8 },
		{ "num-vfs", 0, 0, 5 },
		{ "num-vfs", 0, 9, 8 },
		{ "num-vfs", 0, 4, 5 },
		{ "offset-stride", 0, 0, 1 },
		{ "offset-stride", 0, 0x10080, 0xf7 },
		{ "offset-stride", 0, 0xf8, 0xf7 },
		{ "offset-stride", 1, 0, 1 },
		{ "offset-stride", 1, 0x10002, 2 },
		{ "vf-device-id", 0, 0x110ca, 0xffff },
		{ "vf-class", 0, 0x1000000, 0xffffff },
		{ "page-size", 0, 0, 1 },
		{ "page-size", 0, 3, 0x80000000 },
		{ "last-bus", 0, 4, 3 },
		{ "last-bus", 0, 2, 3 },
		{ "reserved-bus", 0, 2, 3 },
		{ "reserved-bus", 0, 0x100, 0xff },
		{ "preserved", 0, 4, 3 },
		{ "preserved", 1, 5, 3 },
		{ "preserved", 1, 2, 3 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		pf_again();
		own_set_cell(fdt, PF, rows[i].name, rows[i].index, rows[i].value);
		refused_node(PF);
		pf_again();
		own_set_cell(fdt, PF, rows[i].name, rows[i].index, rows[i].good);
		assert_int_equal(read_both(), PG_OK);
	}
}

/* Stride has no meaning for a single virtual function. */
PF_TEST(one_virtual_function_needs_no_stride)
{
	SET(PF, "num-vfs", 1);
	SET(PF, "offset-stride", 0x80, 0);
	SET(PF, "preserved", 0);
	entries[2].refcount = 2;
	assert_int_equal(read_both(), PG_OK);
	assert_true(pg_record_has_vf(&record, pg_bdf(0, 3, 0x80)));
}

PF_TEST(a_physical_function_can_be_preserved_without_virtual_functions)
{
	own_set(fdt, PF, "preserved", NULL, 0);
	entries[2].refcount = 1;
	assert_int_equal(read_both(), PG_OK);
	assert_int_equal(record.nr_pfs, 1);
	assert_int_equal(record.nr_vfs, 0);
	pf_again();
	own_set(fdt, PF, "preserved", NULL, 0);
	entries[2].refcount = 2;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/physical-functions preserved",
		       "0, but 2 in the PCI record");
}

PF_TEST(linux_counts_virtual_functions)
{
	entries[2].refcount = 2;
	assert_int_equal(read_both(), PG_OK);
	pf_again();
	/* The tracking of preserved devices knows no virtual functions. */
	entries[2].refcount = 1;
	assert_int_equal(read_both(), PG_OK);
	pf_again();
	SET(PF, "preserved", 0, 2, 3);
	entries[2].refcount = 2;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/physical-functions preserved",
		       "3, but 2 in the PCI record");
	pf_again();
	entries[2].refcount = 4;
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/physical-functions preserved",
		       "2, but 4 in the PCI record");
	pf_again();
	SET(PF, "reg", 0, 0x301);
	assert_refused(PG_RECORD_INCONSISTENT, "pcigate/physical-functions not in the PCI record",
		       "0000:03:00.1");
	pf_again();
	SET(PF, "offset-stride", 4, 2);
	assert_refused(PG_RECORD_INCONSISTENT, "virtual function in the PCI record",
		       "0000:03:01.0");
}

PF_TEST(nodes_ascend)
{
	add_pf(0x308);
	entries[3].refcount = 3;
	/* fdt_add_subnode() puts the new node first. */
	assert_refused(PG_RECORD_MALFORMED, "pcigate/physical-functions out of order at",
		       "0000:03:00.0");
	pf_again();
	add_pf(0x308);
	own_set_cell(fdt, PFS "/function@0,308", "reg", 1, 0x300);
	assert_refused(PG_RECORD_MALFORMED, "pcigate/physical-functions out of order at",
		       "0000:03:00.0");
}

/* The limits, and one more. */
TEST(limits_are_reasons)
{
	unsigned int nr, i;

	for (nr = PG_MAX_PFS; nr <= PG_MAX_PFS + 1; nr++) {
		again();
		for (i = nr; i--;)
			add_pf(i << 8);
		assert_int_equal(
			pg_record_read_gate_fdt(&memory.interface, &blob, &record, &finding),
			nr > PG_MAX_PFS ? PG_WORKSPACE_FULL : PG_OK);
		assert_int_equal(record.nr_pfs, PG_MAX_PFS);
	}
	for (nr = PG_MAX_VFS; nr <= PG_MAX_VFS + 1; nr++) {
		static fdt32_t cells[PG_MAX_VFS + 1];

		again();
		add_pf(0x300);
		for (i = 0; i < nr; i++)
			cells[i] = cpu_to_fdt32(i);
		own_set(fdt, PF, "preserved", cells, nr * 4);
		SET(PF, "total-vfs", nr);
		SET(PF, "num-vfs", nr);
		SET(PF, "last-bus", 3 + ((0x80 + 2 * (nr - 1)) >> 8));
		SET(PF, "reserved-bus", 0xff);
		assert_int_equal(
			pg_record_read_gate_fdt(&memory.interface, &blob, &record, &finding),
			nr > PG_MAX_VFS ? PG_WORKSPACE_FULL : PG_OK);
	}
}
