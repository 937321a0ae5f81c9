// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate.c - lib/gate.c and lib/record/record.c: the pipeline from boot_params to the verdict.
 */
#include "gate-fixture.h"
#include "lines.h"

GATE_TEST(unharmed)
{
	struct lines lines;

	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_DEVICES);
	assert_int_equal(gate.record.nr, 2);
	assert_int_equal(gate.record.files, 1);
	assert_int_equal(gate.record.liveupdate, 1);
	assert_int_equal(gate.topology.nr, 2);
	assert_int_equal(gate.plan.nr, 2);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(gate.verdict.bridges, 1);
	assert_int_equal(config.reads, 3 + 31 + 3 + 3);

	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_int_equal(lines.nr, 3);
	assert_string_equal(lines.text[0],
			    "pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 1 bridge");
	assert_string_equal(lines.text[1], "pcigate: 0000:03:00.0 keeps its address");
}

GATE_TEST(bridge_cleared)
{
	struct lines lines;

	mock_buses(port, 0, 0, 0);
	run("console=ttyS0 kho=on liveupdate=on");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.move, 1);
	assert_int_equal(gate.verdict.keep, 0);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_BRIDGE_RESET);
	assert_int_equal(gate.verdict.judgements[1].culprit, 0);

	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_string_equal(lines.text[0],
			    "pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 1 bridge");
	assert_string_equal(lines.text[1],
			    "pcigate: bridge 0000:00:03.0 lost its bus numbers [bridge-reset]");
	assert_string_equal(lines.text[2],
			    "pcigate: 0000:03:00.0 MOVES: bridge 0000:00:03.0 [bridge-reset]");
}

GATE_TEST(bridge_cleared_but_only_reported)
{
	mock_buses(port, 0, 0, 0);
	run("pcigate=report kho=on liveupdate=on");
	assert_verdict(true, true, PG_OK);
	assert_int_equal(gate.verdict.move, 1);
}

GATE_TEST(misspelt_mode_enforces)
{
	mock_buses(port, 0, 0, 0);
	run("pcigate=reprot kho=on liveupdate=on");
	assert_verdict(false, false, PG_OK);
	assert_string_equal(gate.policy.bad_mode, "reprot");
}

GATE_TEST(bridge_invalid)
{
	mock_buses(port, 1, 3, 3);
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_BRIDGE_INVALID);
}

GATE_TEST(assign_busses)
{
	run("pci=assign-busses kho=on liveupdate=on");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_REASSIGN_BUSSES);
}

GATE_TEST(neighbours_overlap)
{
	mock_bridge(&config, 0, 4, 2, 0, 3, 4);
	run(NULL);
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_BUS_OVERLAP);
}

/* Switched off it looks at nothing: neither memory nor configuration space. */
GATE_TEST(off_reads_nothing)
{
	mock_buses(port, 0, 0, 0);
	run_from("pcigate=off", 0xdead0000u);
	assert_verdict(true, true, PG_OK);
	assert_int_equal(memory.nr_copies, 0);
	assert_int_equal(config.reads, 0);
	assert_int_equal(gate.record.nr, 0);
	assert_int_equal(gate.verdict.nr, 0);
}

GATE_TEST(no_kho_reads_no_configuration_space)
{
	mock_buses(port, 0, 0, 0);
	run_from(NULL, 0);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_KHO);
	assert_int_equal(config.reads, 0);
	assert_int_equal(gate.verdict.nr, 0);
}

GATE_TEST(no_live_update)
{
	fdt_begin_kho(fdt);
	fdt_end(fdt);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_LUO);
	assert_string_equal(gate.record.kho_version, "kho-v4");
	assert_string_equal(gate.record.luo_version, "");
	assert_int_equal(config.reads, 0);
}

GATE_TEST(no_pci_flb)
{
	put64(flbs + 8, 0);
	memset(flbs + 16, 0, 64);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_PCI);
	assert_string_equal(gate.record.luo_version, "luo-v5");
	assert_int_equal(config.reads, 0);
}

/* The FLB is there, but everything in it was unpreserved again. */
GATE_TEST(only_free_slots)
{
	put_dev(0, 0x0300, 0);
	put_dev(1, 0x0018, 0);
	put32(pci + 4, 0);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_PCI);
	assert_int_equal(gate.record.pci_version, 2);
	assert_int_equal(config.reads, 0);
}

/*
 * What each reader refuses stops the gate, and report mode opens it; configuration space is left
 * alone.
 */
GATE_TEST(damaged_record)
{
	static const struct {
		uint8_t **place;
		unsigned int offset;
		enum pg_reason reason;
		enum pg_record_state came_to;
	} cases[] = {
		{ &setup_data, 12, PG_RECORD_MALFORMED, PG_RECORD_NO_KHO },
		{ &fdt, 0, PG_RECORD_MALFORMED, PG_RECORD_NO_LUO },
		{ &luo, 0, PG_RECORD_VERSION, PG_RECORD_NO_PCI },
		{ &flbs, 1, PG_RECORD_MALFORMED, PG_RECORD_NO_PCI },
		{ &pci, 0, PG_RECORD_VERSION, PG_RECORD_NO_PCI },
		{ &pci, 4, PG_RECORD_INCONSISTENT, PG_RECORD_NO_PCI },
		{ &block, 9, PG_RECORD_MALFORMED, PG_RECORD_NO_PCI },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		teardown(state);
		setup(state);
		/* Small enough to make the length of the KHO node too short. */
		(*cases[i].place)[cases[i].offset] = 0x1f;
		run(NULL);
		assert_verdict(false, false, cases[i].reason);
		assert_int_equal(gate.verdict.finding.reason, cases[i].reason);
		assert_int_equal(gate.record.state, cases[i].came_to);
		assert_int_equal(gate.verdict.nr, 0);
		assert_int_equal(config.reads, 0);
		run("pcigate=report kho=on liveupdate=on");
		assert_verdict(true, true, cases[i].reason);
		assert_int_equal(config.reads, 0);
	}
}

GATE_TEST(search_that_fails)
{
	mock_device(&config, 0, 9, 0)->id_unreadable = true;
	run(NULL);
	assert_verdict(false, false, PG_CONFIG_UNREADABLE);
	assert_string_equal(gate.verdict.finding.text, "0000:00:09.0");
	assert_int_equal(gate.verdict.nr, 0);
	assert_true(config.reads > 0);
}

GATE_TEST(next_kernel_ignores_the_handover)
{
	run("kho=off");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_KHO);
	config.reads = 0;
	run("pci=off");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_PCI);
	config.reads = 0;
	run("acpi=off kho=on liveupdate=on");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_ACPI);
	config.reads = 0;
	run("pci=noacpi,realloc kho=on liveupdate=on");
	assert_verdict(true, false, PG_OK);
	config.reads = 0;
	run("pci=noacpi kho=on liveupdate=on");
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_ACPI);
	config.reads = 0;
	run("console=ttyS0 liveupdate=on");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_KHO);
	config.reads = 0;
	run("console=ttyS0 kho=on");
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_LIVEUPDATE);
	config.reads = 0;
	run("kho=on liveupdate=on liveupdate=off");
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_LIVEUPDATE);
	/* Segment 0 does without both of these. */
	config.reads = 0;
	run("pci=nommconf,nodomains kho=on liveupdate=on");
	assert_verdict(true, false, PG_OK);
}

/* The next kernel dies of it. */
GATE_TEST(version_1)
{
	put32(pci, 1);
	put32(pci + 4, 1);
	put_dev(1, 0x0018, 0);
	run(NULL);
	assert_verdict(false, false, PG_RECORD_VERSION);
	assert_int_equal(config.reads, 0);
}

/* Workspace and result may hold anything before. */
GATE_TEST(uninitialised_memory_is_fine)
{
	unsigned int fill;

	for (fill = 0; fill < 256; fill += 85) {
		memset(&workspace, (int)fill, sizeof(workspace));
		memset(&gate, (int)fill, sizeof(gate));
		config.reads = 0;
		run(NULL);
		assert_verdict(true, false, PG_OK);
		assert_int_equal(gate.verdict.keep, 1);
		assert_int_equal(gate.verdict.bridges, 1);
		assert_int_equal(
			gate.verdict.move + gate.verdict.unverified + gate.verdict.bridges_bad, 0);
		assert_int_equal(config.reads, 3 + 31 + 3 + 3);
	}
}
