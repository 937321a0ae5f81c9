/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate-fdt-fixture.h - pcigate's own record, and Linux's record of the same devices.
 */
#ifndef GATE_FDT_FIXTURE_H
#define GATE_FDT_FIXTURE_H

#include "gate-fdt-writer.h"
#include "record-fixture.h"

static struct pg_record_entry entries[8];
static struct pg_blob blob;
static uint8_t *fdt;

static inline void entry(uint16_t bdf, uint16_t refcount)
{
	entries[record.nr++] = (struct pg_record_entry){
		.at = pg_bdf(0, (uint8_t)(bdf >> 8), (uint8_t)bdf),
		.refcount = refcount,
	};
}

/*
 * Bridge 00:03.0 [03-03] with the devices 03:00.0 and 03:01.0, device 00:05.0 on the root bus, and
 * bridge 00:04.0 without a preserved device below it.
 */
static inline void write_tree(bool complete)
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

static inline int setup(void **state)
{
	record_setup();
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
	return 0;
}

static inline void again(void)
{
	teardown(NULL);
	setup(NULL);
}

/* Reads the tree and compares it with the record, as pg_record_read() does. */
static inline enum pg_reason read_both(void)
{
	enum pg_reason reason =
		pg_record_read_gate_fdt(&memory.interface, &blob, &record, &finding);

	return reason ? reason : pg_record_compare(&record, &finding);
}

static inline void assert_refused(enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(read_both(), &finding, reason, field, text);
}

/* The node @path, such as "/devices/device@0,300", is malformed. */
static inline void refused_node(const char *path)
{
	const char *node = strrchr(path, '/');
	char field[40];

	snprintf(field, sizeof(field), "pcigate%.*s node", (int)(node - path), path);
	assert_refused(PG_RECORD_MALFORMED, field, node + 1);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

#endif
