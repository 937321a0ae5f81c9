// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-gate.c - lib/gate.c and lib/record/record.c: the pipeline from boot_params to the verdict.
 * These tests count reads, and have the cases that the vectors do not have.
 */
#include "gate-fixture.h"

GATE_TEST(an_unchanged_machine_opens)
{
	unsigned int fill;

	/* The old contents of workspace and result do not matter. */
	for (fill = 0; fill < 256; fill += 85) {
		memset(&workspace, (int)fill, sizeof(workspace));
		memset(&gate, (int)fill, sizeof(gate));
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
		assert_int_equal(
			gate.verdict.move + gate.verdict.unverified + gate.verdict.bridges_bad, 0);
		assert_int_equal(config.reads, 3 + 31 + 3 + 3);
	}
}

GATE_TEST(with_pcigate_off_nothing_is_read)
{
	mock_buses(port, 0, 0, 0);
	run_from("pcigate=off", 0xdead0000u);
	assert_verdict(true, true, PG_OK);
	assert_int_equal(memory.nr_copies, 0);
	assert_int_equal(config.reads, 0);
	assert_int_equal(gate.record.nr, 0);
	assert_int_equal(gate.verdict.nr, 0);
}

GATE_TEST(without_preserved_devices_no_config_space_is_read)
{
	run_from(NULL, 0);
	assert_int_equal(gate.record.state, PG_RECORD_NO_KHO);
	fdt_begin_kho(fdt);
	fdt_end(fdt);
	run(NULL);
	assert_int_equal(gate.record.state, PG_RECORD_NO_LUO);
	assert_string_equal(gate.record.kho_version, "kho-v4");
	assert_string_equal(gate.record.luo_version, "");
	fdt_kho_v4(fdt, LUO_PA, 32);
	/* All slots are free. */
	put_dev(0, 0x0300, 0);
	put_dev(1, 0x0018, 0);
	put32(pci + 4, 0);
	run(NULL);
	assert_int_equal(gate.record.state, PG_RECORD_NO_PCI);
	assert_int_equal(gate.record.pci_version, 2);
	put64(flbs + 8, 0);
	memset(flbs + 16, 0, 64);
	run(NULL);
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_PCI);
	assert_string_equal(gate.record.luo_version, "luo-v5");
	assert_int_equal(config.reads, 0);
	assert_int_equal(gate.verdict.nr, 0);
}

/* In mode report, the verdict is open. The pipeline reads no config space. */
GATE_TEST(a_refused_record_stops)
{
	static const struct {
		uint8_t **place;
		unsigned int offset;
		enum pg_reason reason;
		enum pg_record_state state;
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
		/* In the first case, this makes the KHO node too short. */
		(*cases[i].place)[cases[i].offset] = 0x1f;
		run(NULL);
		assert_verdict(false, false, cases[i].reason);
		assert_int_equal(gate.verdict.finding.reason, cases[i].reason);
		assert_int_equal(gate.record.state, cases[i].state);
		assert_int_equal(gate.verdict.nr, 0);
		assert_int_equal(config.reads, 0);
		run("pcigate=report kho=on liveupdate=on");
		assert_verdict(true, true, cases[i].reason);
		assert_int_equal(config.reads, 0);
	}
}

GATE_TEST(a_failed_scan_stops)
{
	mock_device(&config, 0, 9, 0)->id_unreadable = true;
	run(NULL);
	assert_verdict(false, false, PG_CONFIG_UNREADABLE);
	assert_string_equal(gate.verdict.finding.text, "0000:00:09.0");
	assert_int_equal(gate.verdict.nr, 0);
	assert_true(config.reads > 0);
}

GATE_TEST(the_next_kernels_command_line_is_judged)
{
	static const struct {
		const char *words;
		enum pg_reason reason;
	} rows[] = {
		{ "kho=off", PG_NEXT_WITHOUT_KHO },
		{ "acpi=off kho=on liveupdate=on", PG_NEXT_WITHOUT_ACPI },
		{ "pci=noacpi,realloc kho=on liveupdate=on", PG_OK },
		{ "pci=noacpi kho=on liveupdate=on", PG_NEXT_WITHOUT_ACPI },
		{ "console=ttyS0 kho=on", PG_NEXT_WITHOUT_LIVEUPDATE },
		{ "kho=on liveupdate=on liveupdate=off", PG_NEXT_WITHOUT_LIVEUPDATE },
		/* Segment 0 needs neither of these. */
		{ "pci=nommconf,nodomains kho=on liveupdate=on", PG_OK },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		run(rows[i].words);
		assert_verdict(!rows[i].reason, false, PG_OK);
		assert_int_equal(gate.verdict.judgements[1].reason, rows[i].reason);
	}
}
