// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate-record.c - the pipeline with pcigate's own record beside Linux's, and with a second,
 * full scan if the paths do not decide.
 */
#include "gate-fdt-writer.h"
#include "gate-fixture.h"
#include "lines.h"

static uint8_t *own;

static const uint32_t by_port[] = { 0x18 };

/* Three registers each of the port and of the device. */
#define READS_OF_THE_PATHS (3u + 3)
/*
 * If the record does not say that nothing else can be on the bus: 31 slots, and the three registers
 * that tell that there is a link behind the port.
 */
#define READS_OF_A_SEARCH (31u + 3)
/* Of the identity only the class remains to be read. */
#define READS_OF_AN_IDENTITY 1u

/* Begins pcigate's record, and tells Linux's root tree of it. */
static void begin_own(bool complete)
{
	own = mock_memory_add(&memory, OWN_PA, OWN_BYTES);
	fdt_begin_kho(fdt);
	fdt_child(fdt, "LUO", LUO_PA, 32);
	fdt_child(fdt, "pcigate", OWN_PA, OWN_BYTES);
	fdt_end(fdt);
	own_begin(own, complete);
	own_node(own, "host-bridges");
	own_root(own, 0, 0, 255);
	own_end(own);
	own_node(own, "bridges");
}

static void begin_devices(void)
{
	own_end(own);
	own_node(own, "devices");
}

static void finish_own(void)
{
	own_end(own);
	own_answer(own);
	own_finish(own);
}

/* The record of the machine as it is: port 00:03.0, device 03:00.0. */
static void own_record(bool complete)
{
	begin_own(complete);
	own_bridge(own, 0, 0x18, 3, 1);
	begin_devices();
	own_device(own, 0, 0x300, by_port, 1);
	finish_own();
	if (complete) {
		own_set(own, "/host-bridges/bus@0,0", "no-slots", NULL, 0);
		own_set(own, "/bridges/bridge@0,18", "link", NULL, 0);
	}
}

static void assert_reason(unsigned int entry, enum pg_reason reason, uint16_t culprit)
{
	assert_string_equal(pg_reason_code(gate.verdict.judgements[entry].reason),
			    pg_reason_code(reason));
	assert_int_equal(gate.verdict.judgements[entry].culprit, culprit);
}

/* The list of bridges saves the question at each empty slot. */
GATE_TEST(unharmed)
{
	own_record(false);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(config.reads,
			 READS_OF_THE_PATHS + READS_OF_A_SEARCH + READS_OF_AN_IDENTITY);
	assert_false(gate.topology.everything);
}

GATE_TEST(unharmed_and_complete)
{
	own_record(true);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(config.reads, READS_OF_THE_PATHS + READS_OF_AN_IDENTITY);
}

GATE_TEST(another_device)
{
	own_record(true);
	config.functions[1].regs[PG_REG_CLASS / 4] = 0x01000000;
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_reason(1, PG_DEVICE_DIFFERENT, PG_NONE);
	assert_int_equal(gate.verdict.unverified, 1);
}

/* The same device at the same address, but behind the other of two ports. */
GATE_TEST(another_path)
{
	begin_own(true);
	own_bridge(own, 0, 0x18, 3, 1);
	own_bridge(own, 0, 0x20, 4, 0);
	begin_devices();
	own_device(own, 0, 0x300, by_port, 1);
	finish_own();
	mock_buses(port, 0, 4, 4);
	mock_bridge(&config, 0, 4, 2, 0, 3, 3);
	mock_device(&config, 2, 0, 0);
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_reason(1, PG_PATH_DIFFERS, PG_NONE);
}

/* Two ports without numbers, a device behind each: the record knows which device was whose. */
GATE_TEST(several_reset)
{
	static const uint32_t by_other[] = { 0x20 };
	struct lines lines;

	begin_own(true);
	own_bridge(own, 0, 0x18, 4, 1);
	own_bridge(own, 0, 0x20, 3, 1);
	begin_devices();
	own_device(own, 0, 0x300, by_other, 1);
	own_device(own, 0, 0x400, by_port, 1);
	finish_own();
	mock_buses(port, 0, 0, 0);
	mock_bridge(&config, 0, 4, 2, 0, 0, 0);
	put32(pci + 4, 4);
	put64(flbs + 16 + 56, 2);
	put64(block + 8, 4);
	put_dev(0, 0x0018, 1);
	put_dev(1, 0x0020, 1);
	put_dev(2, 0x0300, 1);
	put_dev(3, 0x0400, 1);
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.move, 2);
	assert_reason(2, PG_BRIDGE_RESET, 1);
	assert_reason(3, PG_BRIDGE_RESET, 0);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_string_equal(lines.text[lines.nr - 2],
			    "pcigate: 0000:03:00.0 MOVES: bridge 0000:00:04.0 [bridge-reset]");
	assert_string_equal(lines.text[lines.nr - 1],
			    "pcigate: 0000:04:00.0 MOVES: bridge 0000:00:03.0 [bridge-reset]");
}

/* An absent port: the device is unreached, and the port's own line tells why. */
GATE_TEST(port_absent)
{
	own_record(true);
	port->regs[PG_REG_ID / 4] = 0xffffffff;
	port->regs[PG_REG_HEADER / 4] = 0xffffffff;
	port->below = MOCK_NOWHERE;
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_reason(0, PG_DEVICE_ABSENT, PG_NONE);
	assert_reason(1, PG_BUS_UNREACHED, 0);
}

/*
 * Where the paths decide, nothing else is read; where they do not, everything is, and both scans
 * are counted.
 */
GATE_TEST(second_scan)
{
	unsigned int reads_of_the_slot;

	own_record(true);
	mock_device(&config, 0, 31, 0);
	run(NULL);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 0, 0xf8), 0xffff), 0);
	config.reads = 0;
	mock_buses(port, 0, 0, 0);
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_true(gate.topology.everything);
	reads_of_the_slot = mock_reads_of(&config, pg_bdf(0, 0, 0xf8), PG_REG_ID);
	assert_int_equal(reads_of_the_slot, 1);
	/* The port without numbers is asked again in the second scan. */
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 0, 0x18), PG_REG_BUSES), 2);
	/* And it is known what it will be: the first free number. */
	assert_int_equal(gate.plan.steps[0].secondary, 1);
	assert_int_equal(gate.plan.steps[0].subordinate, 1);
}

/* A device that moves is told where to. */
GATE_TEST(where_to)
{
	own_record(true);
	run("kho=on liveupdate=on pci=assign-busses");
	assert_verdict(false, false, PG_OK);
	assert_reason(1, PG_REASSIGN_BUSSES, 0);
	assert_true(gate.plan.steps[1].found);
	assert_int_equal(gate.plan.steps[1].bus, 1);
}

/* A second root bus is what the record says it is. */
GATE_TEST(second_root_bus)
{
	begin_own(true);
	own_bridge(own, 0, 0x18, 3, 1);
	begin_devices();
	own_device(own, 0, 0x300, by_port, 1);
	own_device(own, 0, 0x8010, NULL, 0);
	finish_own();
	own_set_cell(own, "/host-bridges/bus@0,0", "bus-range", 1, 0x7f);
	{
		const int parent = own_path(own, "/host-bridges");
		const int node = fdt_add_subnode(own, parent, "bus@0,80");

		assert_true(node > 0);
		assert_int_equal(fdt_setprop_u32(own, node, "segment", 0), 0);
		assert_int_equal(fdt_setprop(own, node, "bus-range", "\0\0\0\x80\0\0\0\xff", 8), 0);
	}
	mock_root_bus(&config, 0, 0x80, 5);
	mock_device(&config, 5, 2, 0);
	put32(pci + 4, 3);
	put64(flbs + 16 + 56, 2);
	put64(block + 8, 3);
	put_dev(2, 0x8010, 1);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.verdict.keep, 2);
	assert_int_equal(gate.topology.nr_roots, 2);
	assert_false(gate.topology.roots[0].assumed);
	assert_false(gate.topology.roots[1].assumed);
}

/* What is wrong with the record stops the gate before configuration space is read. */
GATE_TEST(malformed)
{
	own_record(true);
	own_delete(own, "/devices/device@0,300", "class");
	run(NULL);
	assert_verdict(false, false, PG_RECORD_MALFORMED);
	assert_string_equal(gate.verdict.finding.text, "device@0,300");
	assert_int_equal(config.reads, 0);
	run("pcigate=report");
	assert_verdict(true, true, PG_RECORD_MALFORMED);
	assert_int_equal(config.reads, 0);
}

GATE_TEST(damaged)
{
	own_record(true);
	own[0] = 0;
	run(NULL);
	assert_verdict(false, false, PG_RECORD_MALFORMED);
	assert_string_equal(gate.verdict.finding.field, "pcigate FDT");
	assert_int_equal(config.reads, 0);
}

GATE_TEST(another_version)
{
	own_record(true);
	own_set(own, "/", "compatible", "pcigate-v2", 11);
	run(NULL);
	assert_verdict(false, false, PG_RECORD_VERSION);
	assert_int_equal(config.reads, 0);
}

GATE_TEST(in_disagreement)
{
	own_record(true);
	own_set_cell(own, "/devices/device@0,300", "reg", 1, 0x301);
	run(NULL);
	assert_verdict(false, false, PG_RECORD_INCONSISTENT);
	assert_string_equal(gate.verdict.finding.text, "0000:03:00.1");
	assert_int_equal(config.reads, 0);
}

static unsigned int lines_about_identities(void)
{
	struct lines lines;
	unsigned int i, nr = 0;

	run(NULL);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	for (i = 0; i < lines.nr; i++)
		nr += strstr(lines.text[i], "identit") != NULL;
	return nr;
}

/* With identities known the report does not say that they are missed. */
GATE_TEST(identities_are_not_missed)
{
	assert_int_equal(lines_about_identities(), 1);
	config.reads = 0;
	own_record(true);
	assert_int_equal(lines_about_identities(), 0);
}
