// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate-record.c - the pipeline with pcigate's own record and Linux's, and with a second, full
 * scan if the paths do not decide. tests/vectors/own-* have more cases.
 */
#include "gate-fdt-writer.h"
#include "gate-fixture.h"

static uint8_t *own;

static const uint32_t by_port[] = { 0x18 };

/* Three registers each of the port and of the device. */
#define READS_OF_THE_PATHS (3u + 3)
/*
 * Without "no-slots" in the record, the scan reads the 31 other slots of the bus, and three
 * registers of the port that show its link.
 */
#define READS_OF_A_SEARCH (31u + 3)
/* The scan reads the rest of the identity before. */
#define READS_OF_AN_IDENTITY 1u

/* Begins pcigate's own record, and adds its node to the KHO root FDT. */
static void begin_own(bool complete)
{
	own = mock_memory_add(&memory, OWN_PA, OWN_BYTES);
	fdt_begin_kho(fdt);
	fdt_child(fdt, "LUO", LUO_PA, 32);
	fdt_child(fdt, "pci-topology", OWN_PA, OWN_BYTES);
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

/* Records port 00:03.0 and device 03:00.0. */
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

GATE_TEST(an_unchanged_machine_opens)
{
	own_record(false);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(config.reads,
			 READS_OF_THE_PATHS + READS_OF_A_SEARCH + READS_OF_AN_IDENTITY);
	assert_false(gate.topology.everything);
}

GATE_TEST(a_complete_record_saves_the_search)
{
	own_record(true);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(config.reads, READS_OF_THE_PATHS + READS_OF_AN_IDENTITY);
}

GATE_TEST(a_device_behind_an_absent_port_is_unreached)
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

/* The number of config reads is that of both scans. */
GATE_TEST(a_second_scan_reads_everything)
{
	unsigned int reads_of_the_slot;

	own_record(true);
	mock_device(&config, 0, 31, 0);
	run(NULL);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 0, 0xf8), 0xffff), 0);
	mock_buses(port, 0, 0, 0);
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_true(gate.topology.everything);
	reads_of_the_slot = mock_reads_of(&config, pg_bdf(0, 0, 0xf8), PG_REG_ID);
	assert_int_equal(reads_of_the_slot, 1);
	/* The second scan reads the port without numbers again. */
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 0, 0x18), PG_REG_BUSES), 2);
	/* The next kernel gives the port the first free number. */
	assert_int_equal(gate.plan.steps[0].secondary, 1);
	assert_int_equal(gate.plan.steps[0].subordinate, 1);
}

/* The outgoing kernel starts a copy of itself. The command line takes precedence. */
GATE_TEST(the_record_says_that_the_next_kernel_keeps_numbers)
{
	static const char *const words[] = {
		"kho=on liveupdate=on pci=assign-busses",
		"kho=on liveupdate=on pci=assign-busses pcigate.buses=assign",
		"kho=on liveupdate=on pci=assign-busses pci_liveupdate.inherit=0",
	};

	own_record(true);
	own_set(own, "/", "next-keeps-bus-numbers", NULL, 0);
	for (size_t i = 0; i < PG_ARRAY_SIZE(words); i++) {
		run(words[i]);
		assert_verdict(!i, false, PG_OK);
		assert_int_equal(gate.policy.keep_numbers, !i);
	}
}

GATE_TEST(the_plan_names_the_new_bus)
{
	own_record(true);
	run("kho=on liveupdate=on pci=assign-busses");
	assert_verdict(false, false, PG_OK);
	assert_reason(1, PG_REASSIGN_BUSSES, 0);
	assert_true(gate.plan.steps[1].found);
	assert_int_equal(gate.plan.steps[1].bus, 1);
}

GATE_TEST(a_device_on_a_second_root_bus_keeps_its_address)
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

/* With a malformed record, the pipeline reads no config space. */
GATE_TEST(a_malformed_own_record_stops)
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
