// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-live.c - the pipeline in the outgoing kernel, before the LUO has written its data.
 */
#include "gate-fdt-writer.h"
#include "gate-fixture.h"
#include "lines.h"

static const uint32_t by_port[] = { 0x18 };
static struct pg_live live;
static uint8_t *own;

/* The outgoing kernel has not written setup_data and the data of the LUO yet. */
static int setup_live(void **state)
{
	setup(state);
	memset(setup_data, 0xff, 48);
	memset(fdt, 0xff, FDT_BYTES);
	memset(luo, 0xff, 32);
	memset(flbs, 0xff, 4096);
	live = (struct pg_live){
		.memory = &memory.interface,
		.kho_version = "kho-v4",
		.luo_version = "luo-v5",
		.pci = { .present = true, .pa = PCI_PA },
	};
	return 0;
}

static enum pg_reason read_live(void *ctx, const struct pg_policy *policy, struct pg_record *record,
				struct pg_record_entry *entries, struct pg_finding *finding)
{
	return pg_record_read_live(ctx, record, entries, PG_MAX_RECORDED, finding);
}

static void run_live(const char *cmdline)
{
	const struct pg_input input = {
		.source = { .read = read_live, .ctx = &live },
		.config = &config.interface,
		.cmdline = cmdline,
		.cmdline_len = strlen(cmdline),
	};

	config.reads = 0;
	pg_gate_run(&input, &workspace, &gate);
	assert_int_equal(gate.topology.reads, config.reads);
}

static void add_own(uint16_t device)
{
	own = mock_memory_add(&memory, OWN_PA, OWN_BYTES);
	own_begin(own, true);
	own_node(own, "host-bridges");
	own_root(own, 0, 0, 255);
	own_end(own);
	own_node(own, "bridges");
	own_bridge(own, 0, 0x18, 3, 1);
	own_end(own);
	own_node(own, "devices");
	own_device(own, 0, device, by_port, 1);
	own_end(own);
	own_answer(own);
	own_finish(own);
	live.own = (struct pg_blob){ .present = true, .pa = OWN_PA, .size = OWN_BYTES };
}

#define LIVE_TEST(name) UNIT_TEST_WITH(name, setup_live, teardown)

LIVE_TEST(an_unchanged_machine_opens)
{
	add_own(0x300);
	run_live("kho=on liveupdate=on");
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_DEVICES);
	assert_int_equal(gate.verdict.devices, 1);
	assert_int_equal(gate.verdict.bridges, 1);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(gate.record.nr_roots, 1);
}

LIVE_TEST(the_report_names_the_versions)
{
	struct lines lines;

	add_own(0x300);
	run_live("kho=on liveupdate=on");
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_line(&lines, 0,
		    "KHO kho-v4, LUO luo-v5, PCI 2, pci-topology-v1: 1 device, 1 bridge");
}

LIVE_TEST(linux_record_alone_opens)
{
	run_live("kho=on liveupdate=on");
	assert_verdict(true, false, PG_OK);
	assert_false(gate.record.own.present);
	assert_int_equal(gate.verdict.keep, 1);
}

LIVE_TEST(a_cleared_bridge_stops)
{
	add_own(0x300);
	port->regs[PG_REG_BUSES / 4] = 0;
	run_live("kho=on liveupdate=on");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.move, 1);
	run_live("kho=on liveupdate=on pcigate=report");
	assert_verdict(true, true, PG_OK);
}

LIVE_TEST(the_next_kernels_command_line_is_judged)
{
	add_own(0x300);
	run_live("kho=on liveupdate=on pci=assign-busses");
	assert_verdict(false, false, PG_OK);
	run_live("");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[0].reason, PG_NEXT_WITHOUT_KHO);
	run_live("kho=on");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[0].reason, PG_NEXT_WITHOUT_LIVEUPDATE);
}

LIVE_TEST(with_pcigate_off_nothing_is_read)
{
	live.luo_version = "luo-v9";
	run_live("pcigate=off");
	assert_verdict(true, true, PG_OK);
	assert_int_equal(config.reads, 0);
}

LIVE_TEST(without_preserved_devices_no_config_space_is_read)
{
	live.pci.present = false;
	run_live("");
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_PCI);
	/* All slots are free. */
	live.pci.present = true;
	put32(pci + 4, 0);
	put_dev(0, 0x0300, 0);
	put_dev(1, 0x0018, 0);
	run_live("");
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_PCI);
	assert_int_equal(config.reads, 0);
}

static void assert_record_wrong(enum pg_reason reason, const char *field)
{
	run_live("kho=on liveupdate=on");
	assert_verdict(false, false, reason);
	assert_string_equal(gate.verdict.finding.field, field);
	assert_int_equal(config.reads, 0);
	run_live("kho=on liveupdate=on pcigate=report");
	assert_verdict(true, true, reason);
}

/* The stage would refuse them as well. */
LIVE_TEST(other_versions_stop)
{
	live.kho_version = "kho-v5";
	assert_record_wrong(PG_RECORD_VERSION, "KHO FDT compatible");
	assert_string_equal(gate.verdict.finding.text, "kho-v5");
	live.kho_version = "kho-v44";
	assert_record_wrong(PG_RECORD_VERSION, "KHO FDT compatible");
	live.kho_version = "kho-v4";
	live.luo_version = "luo-v";
	assert_record_wrong(PG_RECORD_VERSION, "luo_ser.compatible");
	live.luo_version = "luo-v5";
	live.kho_version = "luo-v5";
	assert_record_wrong(PG_RECORD_VERSION, "KHO FDT compatible");
	live.kho_version = "kho-v4";
	put32(pci, 3);
	assert_record_wrong(PG_RECORD_VERSION, "pci_ser.version");
}

LIVE_TEST(records_that_differ_stop)
{
	add_own(0x308);
	assert_record_wrong(PG_RECORD_INCONSISTENT, "pcigate/devices not in the PCI record");
}

LIVE_TEST(a_malformed_own_record_stops)
{
	add_own(0x300);
	memset(own, 0, 4);
	assert_record_wrong(PG_RECORD_MALFORMED, "pcigate FDT");
}

LIVE_TEST(the_live_record_is_sorted_and_has_a_capacity)
{
	struct pg_finding finding;
	struct pg_record record;

	assert_int_equal(
		pg_record_read_live(&live, &record, workspace.entries, PG_MAX_RECORDED, &finding),
		PG_OK);
	assert_int_equal(record.nr, 2);
	assert_int_equal(record.entries[0].at.devfn, 0x18);
	assert_int_equal(record.entries[1].at.bus, 3);
	assert_int_equal(pg_record_read_live(&live, &record, workspace.entries, 1, &finding),
			 PG_WORKSPACE_FULL);
}
