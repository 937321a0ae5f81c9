// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-report-verdict.c - lib/verdict/report.c: prints findings, values of the command line, the
 * verdict and its cost.
 */
#include "report-fixture.h"

TEST(a_finding_has_field_value_and_code)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_LUO };
	verdict.open = false;
	verdict.record = PG_RECORD_VERSION;
	pg_note_text(&verdict.finding, PG_RECORD_VERSION, "KHO FDT compatible", "kho-v1", 7,
		     0x7ff0000);
	DETAILS("KHO FDT compatible kho-v1, at 0x7ff0000 [record-version-unknown]");
	LAST_LINE(reads(0), "halted", "STOP: record version unknown (0 config reads); halted");
}

/* After the sentence, the address is left out. */
TEST(a_long_finding_loses_its_sentence_first)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	verdict.record = PG_RECORD_OUTSIDE_MEMORY;
	pg_note(&verdict.finding, PG_RECORD_OUTSIDE_MEMORY, "luo_ser", 0x60, 0);
	DETAILS("luo_ser 0x60 [record-outside-memory]");
	pg_note(&verdict.finding, PG_RECORD_OUTSIDE_MEMORY, "luo_ser.flbs_pa", 0x6000000, 0x1234);
	DETAILS("luo_ser.flbs_pa 0x6000000, at 0x1234 [record-outside-memory]");
	pg_note(&verdict.finding, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data",
		0xfffffffffffff000u, 0x12345);
	DETAILS("KHO FDT LUO/preserved-data 0xfffffffffffff000 [record-outside-memory]");
	/* Field and value are never cut. If necessary, the code gets a line of its own. */
	pg_note_bdf(&verdict.finding, PG_RECORD_INCONSISTENT,
		    "pcigate/devices not in the PCI record", pg_bdf(UINT32_MAX, 0xff, 0xff),
		    0x1000);
	verdict.record = PG_RECORD_INCONSISTENT;
	DETAILS("pcigate/devices not in the PCI record ffffffff:ff:1f.7",
		"record contradicts itself [record-inconsistent]");
}

/* With one character more, the sentence is left out. */
TEST(a_finding_may_use_all_columns)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	verdict.record = PG_RECORD_LOOP;
	pg_note_text(&verdict.finding, PG_RECORD_LOOP, "0123456789", "01234567890", 11, 0x1234);
	DETAILS("record contains a loop: 0123456789 01234567890, at 0x1234 [record-loop]");
	assert_int_equal(strlen(lines.text[0]), PG_LINE_COLUMNS);
	verdict.finding.at = 0x12345;
	DETAILS("0123456789 01234567890, at 0x12345 [record-loop]");
}

TEST(a_finding_may_have_no_field)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	verdict.record = PG_STAGE_FAULT;
	verdict.finding = (struct pg_finding){ .reason = PG_STAGE_FAULT, .text = "vector 14" };
	DETAILS("an exception inside the stage: ? vector 14 [stage-fault]");
}

TEST(the_verdict_may_be_printed_without_the_cost)
{
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	pg_report_verdict(&lines.printer, gate_of_parts(), NULL, NULL);
	EXPECT("OPEN: 1 of 1 preserved device keeps its address");
}

/* The scan ended before it was known which functions are bridges. */
TEST(a_failed_scan_counts_functions)
{
	record.nr = 3;
	verdict.open = false;
	verdict.record = PG_CONFIG_UNREADABLE;
	pg_note_bdf(&verdict.finding, PG_CONFIG_UNREADABLE, "function", pg_bdf(0, 9, 0), 0);
	DETAILS("KHO kho-v4, LUO luo-v5, PCI 2: 3 functions",
		"cannot be read: function 0000:09:00.0 [config-unreadable]");
}

TEST(misspelt_values_are_reported)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	memcpy(policy.bad_mode, "reprot", 7);
	memcpy(policy.bad_stop, "rest", 5);
	DETAILS("pcigate=reprot: unknown value, using enforce",
		"pcigate.stop=rest: unknown value, using panic=",
		"no KHO data: nothing is handed over");
	memset(policy.bad_mode, 'x', PG_POLICY_TEXT - 1);
	memset(policy.bad_stop, 'y', PG_POLICY_TEXT - 1);
	details();
	assert_true(ends_with(lines.text[0], ", using enforce"));
	assert_true(ends_with(lines.text[1], ", using panic="));
}

TEST(with_pcigate_off_nothing_was_checked)
{
	policy.mode = PG_MODE_OFF;
	verdict.by_policy = true;
	record = (struct pg_record){ 0 };
	memcpy(policy.bad_stop, "rest", 5);
	DETAILS("pcigate.stop=rest: unknown value, using panic=");
	LAST_LINE(reads(0), "halted", "OPEN: pcigate=off, nothing was checked (0 config reads)");
}

TEST(mode_report_is_named_in_the_verdict)
{
	policy.mode = PG_MODE_REPORT;
	verdict.by_policy = true;
	add(pg_bdf(0, 5, 0), false, PG_BUS_UNREACHED, PG_NONE);
	LAST_LINE(some_cost, "halted", "41 config reads, 81234 cycles",
		  "OPEN: pcigate=report: 1 of 1 preserved device would change address");
	verdict.move = 0;
	verdict.record = PG_RECORD_LOOP;
	LAST_LINE(some_cost, "halted", "41 config reads, 81234 cycles",
		  "OPEN: pcigate=report: record contains a loop");
	LAST_LINE(reads(41), "halted",
		  "OPEN: pcigate=report: record contains a loop (41 config reads)");
}

TEST(the_verdict_counts_moves_and_doubts)
{
	verdict.open = false;
	verdict.devices = 3;
	verdict.move = 1;
	verdict.unverified = 2;
	LAST_LINE(reads(1), "halted",
		  "STOP: 1 of 3 would move, 2 unverified (1 config read); halted");
	verdict.lost = 1;
	LAST_LINE(reads(1), "halted",
		  "STOP: 1 of 3 would not be found, 2 unverified (1 config read); halted");
	verdict.move = 2;
	verdict.unverified = 0;
	LAST_LINE(reads(1), "halted",
		  "STOP: 2 of 3 preserved devices would be lost (1 config read); halted");
	verdict.unverified = 2;
	verdict.move = verdict.lost = 0;
	last_line((struct pg_cost){ .reads = 1, .cycles = 1 }, "halted");
	EXPECT("1 config read, 1 cycle",
	       "STOP: 2 of 3 preserved devices cannot be verified; halted");
	verdict.unverified = 0;
	verdict.bridges_bad = 1;
	LAST_LINE(reads(1), "halted",
		  "STOP: 1 preserved bridge cannot be verified (1 config read); halted");
	verdict.bridges_bad = 2;
	LAST_LINE(reads(1), "halted",
		  "STOP: 2 preserved bridges cannot be verified (1 config read); halted");
}

TEST(the_cost_gets_a_line_if_it_does_not_fit)
{
	verdict.open = false;
	verdict.devices = 3;
	verdict.move = 1;
	LAST_LINE(reads(1), "done", "1 config read",
		  "STOP: 1 of 3 preserved devices would change address; done");
	LAST_LINE(reads(4123), NULL,
		  "STOP: 1 of 3 preserved devices would change address (4123 config reads)");
	assert_int_equal(strlen(lines.text[0]), PG_LINE_COLUMNS);
	LAST_LINE(reads(41234), NULL, "41234 config reads",
		  "STOP: 1 of 3 preserved devices would change address");
}

TEST(the_cost_is_also_in_microseconds)
{
	static const struct {
		struct pg_cost cost;
		const char *line;
	} cases[] = {
		{ { 41, 96000, 1000000 }, "41 config reads, 96000 cycles, 96 us" },
		{ { 41, 999, 1000000 }, "41 config reads, 999 cycles, 0 us" },
		{ { 41, 2500000, 2500000 }, "41 config reads, 2500000 cycles, 1000 us" },
		{ { 41, 1250000, 2500000 }, "41 config reads, 1250000 cycles, 500 us" },
		{ { 41, 999999, 1000000 }, "41 config reads, 999999 cycles, 999 us" },
		{ { 41, 0, 2500000 }, "41 config reads" },
	};
	size_t i;

	verdict.move = verdict.devices = 6144;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		last_line(cases[i].cost, NULL);
		assert_line(&lines, 0, cases[i].line);
	}
}

TEST(the_largest_cost_fits)
{
	const struct pg_cost cost = { UINT32_MAX, 999999999999999, 1000 };

	verdict.open = false;
	verdict.devices = verdict.move = verdict.unverified = 6144;
	policy.mode = PG_MODE_REPORT;
	verdict.open = verdict.by_policy = true;
	last_line(cost, NULL);
	assert_int_equal(lines.nr, 2);
	assert_line(&lines, 0,
		    "4294967295 config reads, 999999999999999 cycles, 999999999999999 us");
	assert_line(&lines, 1, "OPEN: pcigate=report: 6144 of 6144 would move, 6144 unverified");
}

/* The line has STOP, the sentence and the outcome. */
TEST(the_verdict_is_complete_for_every_reason)
{
	unsigned int reason;

	verdict.open = false;
	for (reason = 1; reason < PG_REASON_COUNT; reason++) {
		verdict.record = (enum pg_reason)reason;
		last_line((struct pg_cost){ 99999, UINT64_MAX, 0 }, "resets in 2147483647 s");
		assert_memory_equal(lines.text[lines.nr - 1], "pcigate: STOP: ", 15);
		assert_non_null(strstr(lines.text[lines.nr - 1],
				       pg_reason_sentence((enum pg_reason)reason)));
		assert_true(ends_with(lines.text[lines.nr - 1], "; resets in 2147483647 s"));
	}
}
