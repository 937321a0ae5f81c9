// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-keep-policy.c - lib/plan/policy.c, lib/gate.c: when it is assumed that the next kernel keeps
 * bus numbers, and what the report then says.
 */
#include "gate-fixture.h"
#include "lines.h"

#define LIVE "kho=on liveupdate=on"

static struct pg_next_kernel kernel;
static struct lines lines;

static void run_kept(enum pg_fact fact, const char *cmdline)
{
	struct pg_handover handover = { .memory = &memory.interface, .setup_data_pa = SETUP_PA };
	const struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config.interface,
		.cmdline = cmdline,
		.cmdline_len = strlen(cmdline),
		.next = &kernel,
	};
	const struct pg_cost cost = { .reads = 1 };

	kernel = (struct pg_next_kernel){ .keeps_buses = fact };
	pg_gate_run(&input, &workspace, &gate);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	pg_report_verdict(&lines.printer, &gate, &cost, NULL);
}

/* The image, the words, and what follows. */
GATE_TEST(the_rule_comes_from_the_image_or_from_a_word)
{
	static const struct {
		enum pg_fact image;
		const char *words;
		bool keeps;
		bool contradicted;
	} rows[] = {
		{ PG_FACT_UNKNOWN, "", false, false },
		{ PG_FACT_NO, "", false, false },
		{ PG_FACT_YES, "", true, false },
		{ PG_FACT_UNKNOWN, "pcigate.buses=keep", true, false },
		{ PG_FACT_UNKNOWN, "pcigate.buses=assign", false, false },
		{ PG_FACT_YES, "pcigate.buses=keep", true, false },
		{ PG_FACT_NO, "pcigate.buses=assign", false, false },
		/* A contradiction. */
		{ PG_FACT_NO, "pcigate.buses=keep", false, true },
		{ PG_FACT_YES, "pcigate.buses=assign", false, true },
		/* The last word counts, also if its value is unknown. */
		{ PG_FACT_UNKNOWN, "pcigate.buses=assign pcigate.buses=keep", true, false },
		{ PG_FACT_UNKNOWN, "pcigate.buses=keep pcigate.buses=keeps", false, false },
		{ PG_FACT_YES, "pcigate.buses", true, false },
		/* kernel-patch/0007 can be switched off. */
		{ PG_FACT_YES, "pci_liveupdate.inherit=0", false, false },
		{ PG_FACT_UNKNOWN, "pcigate.buses=keep pci-liveupdate.inherit=off", false, false },
		{ PG_FACT_YES, "pci_liveupdate.inherit=1", true, false },
		{ PG_FACT_YES, "pci_liveupdate.inherit", true, false },
		/* A kernel that does not read the record keeps nothing. */
		{ PG_FACT_YES, "kho=off", false, false },
		{ PG_FACT_YES, "liveupdate=off", false, false },
		{ PG_FACT_YES, "elfcorehdr=1M", false, false },
	};
	char line[100];

	for (size_t i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		snprintf(line, sizeof(line), LIVE " %s", rows[i].words);
		run_kept(rows[i].image, line);
		if (gate.policy.keep_numbers != rows[i].keeps ||
		    gate.policy.buses_contradicted != rows[i].contradicted)
			fail_msg("image %d, %s: keeps %d, contradicted %d", (int)rows[i].image,
				 rows[i].words, gate.policy.keep_numbers,
				 gate.policy.buses_contradicted);
	}
}

GATE_TEST(a_kernel_that_keeps_numbers_may_have_assign_busses)
{
	run_kept(PG_FACT_UNKNOWN, LIVE " pci=assign-busses");
	assert_verdict(false, false, PG_OK);
	run_kept(PG_FACT_YES, LIVE " pci=assign-busses");
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.verdict.keep, 1);
	assert_false(gate.topology.everything);
}

GATE_TEST(the_report_says_that_a_device_will_not_be_found)
{
	mock_buses(port, 0, 0, 0);
	run_kept(PG_FACT_YES, LIVE);
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.move, 1);
	assert_int_equal(gate.verdict.lost, 1);
	assert_line(&lines, 1, "bridge 0000:00:03.0 lost its bus numbers [bridge-reset]");
	assert_line(&lines, 2,
		    "0000:03:00.0 WILL NOT BE FOUND: bridge 0000:00:03.0 [bridge-reset]");
	assert_line(&lines, lines.nr - 1,
		    "STOP: 1 of 1 preserved device would not be found (1 config read)");
	run_kept(PG_FACT_NO, LIVE);
	assert_int_equal(gate.verdict.lost, 0);
	assert_line(&lines, 2, "0000:03:00.0 MOVES: bridge 0000:00:03.0 [bridge-reset]");
}

GATE_TEST(the_report_names_a_bad_word)
{
	run_kept(PG_FACT_NO, LIVE " pcigate.buses=keep");
	assert_verdict(true, false, PG_OK);
	assert_line(&lines, 0,
		    "pcigate.buses= contradicts the next kernel's image: assuming assign");
	run_kept(PG_FACT_NO, LIVE " pcigate.buses=kept");
	assert_line(&lines, 0, "pcigate.buses=kept: unknown value, ignored");
	run_kept(PG_FACT_NO, LIVE " pcigate.buses");
	assert_line(&lines, 0, "pcigate.buses=(nothing): unknown value, ignored");
}

/* Firmware boots a kernel without a record, so nothing is preserved for it. */
UNIT_TEST(only_a_record_of_live_update_makes_a_kernel_keep_numbers)
{
	struct pg_record record = { .state = PG_RECORD_DEVICES };
	struct pg_policy policy;

	pg_policy_parse(LIVE " pcigate.buses=keep", strlen(LIVE " pcigate.buses=keep"), &policy);
	pg_policy_keep_numbers(&policy, &record);
	assert_true(policy.keep_numbers);
	record.without_liveupdate = true;
	pg_policy_keep_numbers(&policy, &record);
	assert_false(policy.keep_numbers);
	record = (struct pg_record){ .state = PG_RECORD_NO_PCI };
	pg_policy_keep_numbers(&policy, &record);
	assert_false(policy.keep_numbers);
	record.state = PG_RECORD_DEVICES;
	pg_policy_booted(&policy);
	pg_policy_keep_numbers(&policy, &record);
	assert_false(policy.keep_numbers);
}
