// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-report.c - lib/verdict/report.c: prints the record, bridges and devices.
 * test-report-verdict.c has findings and the verdict.
 */
#include "report-fixture.h"

TEST(a_missing_kho_is_reported)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	DETAILS("no KHO data: nothing is handed over");
	LAST_LINE(reads(0), "halted", "OPEN: no PCI device is preserved (0 config reads)");
}

TEST(a_missing_luo_is_reported)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_LUO, .kho_version = "kho-v4" };
	DETAILS("KHO kho-v4: no Live Update data in it");
	LAST_LINE(reads(0), "halted", "OPEN: no PCI device is preserved (0 config reads)");
}

TEST(a_missing_pci_record_is_reported)
{
	record.state = PG_RECORD_NO_PCI;
	record.pci_version = 0;
	DETAILS("KHO kho-v4, LUO luo-v5: no PCI device preserved");
	record.pci_version = 2;
	DETAILS("KHO kho-v4, LUO luo-v5, PCI 2: no PCI device preserved");
}

TEST(devices_that_keep_their_address_are_listed)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	DETAILS("KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 1 bridge",
		"0000:03:00.0 keeps its address", NO_IDENTITIES);
	LAST_LINE(some_cost, "halted", "41 config reads, 81234 cycles",
		  "OPEN: 1 of 1 preserved device keeps its address");
}

/* Of two proposed versions. Each line has at most 80 columns. */
#define KEEPS "0000:03:00.0 keeps its address"

TEST(long_versions_get_a_line_of_their_own)
{
	static const char versions[] = "KHO kho-v4;radix-v1;vmalloc-v1, LUO luo-v5;block-v1, PCI 2";

	strcpy(record.kho_version, "kho-v4;radix-v1;vmalloc-v1");
	strcpy(record.luo_version, "luo-v5;block-v1");
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	DETAILS(versions, "1 device, 0 bridges", KEEPS, NO_IDENTITIES);
	verdict.record = PG_RECORD_MALFORMED;
	verdict.nr = 0;
	verdict.finding = (struct pg_finding){ PG_RECORD_MALFORMED, "f", 0, "1" };
	DETAILS("KHO kho-v4;radix-v1;vmalloc-v1, LUO luo-v5;block-v1, PCI 2: 1 function",
		"record malformed: f 1 [record-malformed]");
	record.state = PG_RECORD_NO_PCI;
	DETAILS(versions, "record malformed: f 1 [record-malformed]");
}

TEST(copies_that_were_not_compared_are_counted)
{
	static const char first[] = "KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 0 bridges";

	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	record.files = 3;
	DETAILS(first, KEEPS, NO_IDENTITIES);
	record.copies = (struct pg_copies){ .present = true, .compared = 3 };
	DETAILS(first, KEEPS, NO_IDENTITIES);
	record.copies.compared = 1;
	DETAILS(first, KEEPS, "2 of 3 files: handler or layout not known, no address compared",
		NO_IDENTITIES);
	record.files = 1;
	record.copies.older = 1;
	DETAILS(first, KEEPS, "1 file with an address as older kernel patches write it",
		NO_IDENTITIES);
	record.copies.compared = record.copies.older = 0;
	DETAILS(first, KEEPS, "1 of 1 file: handler or layout not known, no address compared",
		NO_IDENTITIES);
}

TEST(a_reset_bridge_is_named)
{
	verdict.open = false;
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	functions[0].hw.secondary = functions[0].hw.subordinate = 0;
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	add(pg_bdf(0, 5, 0), false, PG_BRIDGE_RESET, 0);
	add(pg_bdf(0, 6, 0), false, PG_OK, PG_NONE);
	DETAILS("KHO kho-v4, LUO luo-v5, PCI 2: 3 devices, 1 bridge",
		"bridge 0000:00:03.0 lost its bus numbers [bridge-reset]",
		"0000:03:00.0 keeps its address",
		"0000:05:00.0 MOVES: bridge 0000:00:03.0 [bridge-reset]",
		"0000:06:00.0 keeps its address", NO_IDENTITIES);
	LAST_LINE(some_cost, "halted", "41 config reads, 81234 cycles",
		  "STOP: 1 of 3 preserved devices would change address; halted");
	/* The command has no outcome. */
	LAST_LINE(reads(41), NULL,
		  "STOP: 1 of 3 preserved devices would change address (41 config reads)");
}

TEST(faulty_bridges_are_listed)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(0, 0, 0x20), true, PG_OK, PG_NONE);
	functions[0].result.culprit = 1;
	functions[1].hw.primary = 7;
	details();
	assert_int_equal(lines.nr, 4);
	assert_line(&lines, 1,
		    "bridge 0000:00:03.0 [03-05] overlaps 0000:00:04.0 [03-05] [bus-overlap]");
	assert_line(&lines, 2,
		    "bridge 0000:00:04.0 is invalid: primary 07 [03-05] [bridge-invalid]");
	/* The fault of a bridge comes before its overlap. */
	functions[0].hw.header = PG_HEADER_CARDBUS;
	details();
	assert_line(&lines, 1, "bridge 0000:00:03.0 is a CardBus bridge [bridge-cardbus]");
	functions[0].hw.header = PG_HEADER_BRIDGE;
	functions[0].result.culprit = PG_NONE;
	functions[1].hw.primary = 0;
	policy.assign_busses = true;
	details();
	assert_int_equal(lines.nr, 4);
	assert_line(&lines, 1,
		    "bridge 0000:00:03.0 renumbered by pci=assign-busses [reassign-busses]");
}

TEST(absent_bridges_and_devices_are_no_causes)
{
	add(pg_bdf(0, 0, 0x18), true, PG_DEVICE_ABSENT, PG_NONE);
	functions[0].hw.presence = PG_ABSENT;
	functions[0].hw.secondary = 0;
	add(pg_bdf(0, 1, 0x18), false, PG_OK, PG_NONE);
	functions[1].hw.secondary = 0;
	DETAILS("KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 1 bridge",
		"bridge 0000:00:03.0 UNVERIFIED: nothing answers there [device-absent]",
		"0000:01:03.0 keeps its address", NO_IDENTITIES);
}

/* The words around the address are left out if they do not fit into the line. */
TEST(a_reason_names_its_culprit)
{
	static const struct {
		enum pg_reason reason;
		const char *device;
		const char *bridge;
	} cases[] = {
		{ PG_BRIDGE_RESET, "MOVES: bridge 0000:00:03.0 [bridge-reset]",
		  "MOVES: bridge 0000:00:03.0 [bridge-reset]" },
		{ PG_BUS_OVERLAP, "MOVES: bridge 0000:00:03.0 [bus-overlap]",
		  "MOVES: bridge 0000:00:03.0 [bus-overlap]" },
		{ PG_BUS_TAKEN, "MOVES: taken by 0000:00:03.0 [bus-taken]",
		  "MOVES: taken by 0000:00:03.0 [bus-taken]" },
		{ PG_BUS_EXHAUSTED, "MOVES: no number for 0000:00:03.0 [bus-exhausted]",
		  "MOVES: no number for 0000:00:03.0 [bus-exhausted]" },
		{ PG_BUS_UNREACHED, "MOVES: was below 0000:00:03.0 [bus-unreached]",
		  "MOVES: was below 0000:00:03.0 [bus-unreached]" },
		{ PG_DEVICE_ABSENT, "UNVERIFIED: no answer below 0000:00:03.0 [device-absent]",
		  "UNVERIFIED: 0000:00:03.0 [device-absent]" },
		{ PG_UNVERIFIABLE, "UNVERIFIED: depends on 0000:00:03.0 [unverifiable]",
		  "UNVERIFIED: depends on 0000:00:03.0 [unverifiable]" },
	};
	char line[PG_LINE_SIZE];
	size_t i;
	int bridge;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		for (bridge = 0; bridge < 2; bridge++) {
			setup(state);
			add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
			add(pg_bdf(0, 5, 0), bridge, cases[i].reason, 0);
			details();
			snprintf(line, sizeof(line), "%s0000:05:00.0 %s", bridge ? "bridge " : "",
				 bridge ? cases[i].bridge : cases[i].device);
			assert_line(&lines, lines.nr - 2, line);
		}
	}
}

/* Behind a port with a link, Linux looks for device 0 only. */
TEST(the_line_of_a_hidden_device_names_function_0_or_the_port)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	functions[0].result.acts_as = PG_PORT_LINK;
	add(pg_bdf(0, 3, 2), false, PG_DEVICE_HIDDEN, PG_NONE);
	functions[1].parent = 0;
	add(pg_bdf(0, 3, 0x0a), false, PG_DEVICE_HIDDEN, PG_NONE);
	functions[2].parent = 0;
	add(pg_bdf(0, 0, 0x0a), false, PG_DEVICE_HIDDEN, PG_NONE);
	/* A device below a hidden bridge names what hides the bridge. */
	add(pg_bdf(0, 0, 0x29), true, PG_DEVICE_HIDDEN, PG_NONE);
	add(pg_bdf(0, 9, 0), false, PG_DEVICE_HIDDEN, 4);
	details();
	assert_line(&lines, 1, "0000:03:00.2 UNVERIFIED: hidden by 0000:03:00.0 [device-hidden]");
	assert_line(&lines, 2, "0000:03:01.2 UNVERIFIED: hidden by 0000:00:03.0 [device-hidden]");
	assert_line(&lines, 3, "0000:00:01.2 UNVERIFIED: hidden by 0000:00:01.0 [device-hidden]");
	assert_line(&lines, 4,
		    "bridge 0000:00:05.1 UNVERIFIED: hidden by 0000:00:05.0 [device-hidden]");
	assert_line(&lines, 5, "0000:09:00.0 UNVERIFIED: hidden by 0000:00:05.0 [device-hidden]");
}

/* Words are left out first. */
TEST(a_move_names_the_new_address)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(0, 5, 0), false, PG_BRIDGE_INVALID, 0);
	steps[1] = (struct pg_step){ .found = true, .certain = true, .bus = 7 };
	add(pg_bdf(0, 6, 0), false, PG_BUS_UNREACHED, PG_NONE);
	steps[2] = (struct pg_step){ .found = true, .certain = true, .bus = 8 };
	details();
	assert_line(&lines, 1, "0000:05:00.0 MOVES to 0000:07:00.0: 0000:00:03.0 [bridge-invalid]");
	assert_line(&lines, 2, "0000:06:00.0 MOVES to 0000:08:00.0: [bus-unreached]");
}

TEST(each_difference_is_printed)
{
	static const struct {
		struct pg_difference difference;
		const char *line;
	} cases[] = {
		{ { 1, PG_FIELD_ID, 0x00101b36, 0x10d38086 },
		  "ffffffff:05:00.0 8086:10d3, was 1b36:0010" },
		{ { 1, PG_FIELD_CLASS, 0x010802, 0x20000 },
		  "ffffffff:05:00.0 class 020000, was 010802" },
		{ { 1, PG_FIELD_REVISION, 0, 3 }, "ffffffff:05:00.0 revision 03, was 00" },
		{ { 1, PG_FIELD_SUBSYSTEM, 0x11001af4, UINT32_MAX },
		  "ffffffff:05:00.0 subsystem ffff:ffff, was 1af4:1100" },
		{ { 1, PG_FIELD_SERIAL, UINT64_MAX, 1 },
		  "ffffffff:05:00.0 serial number 0000000000000001, was ffffffffffffffff" },
		{ { 1, PG_FIELD_SERIAL, 5, 0 },
		  "ffffffff:05:00.0 serial number none, was 0000000000000005" },
		{ { 0, PG_FIELD_ID, 1, 2 }, "ffffffff:05:00.0 8086:10d3 answers there now" },
	};
	size_t i;

	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(UINT32_MAX, 5, 0), false, PG_DEVICE_DIFFERENT, PG_NONE);
	functions[1].hw.id = 0x10d38086;
	topology.nr_differences = 1;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		topology.differences[0] = cases[i].difference;
		details();
		assert_line(&lines, 1, cases[i].line);
		assert_line(
			&lines, 2,
			"ffffffff:05:00.0 UNVERIFIED: another device answers [device-different]");
	}
	functions[1].hw.header = PG_HEADER_BRIDGE;
	functions[1].hw.primary = 5;
	details();
	assert_line(&lines, 1, "ffffffff:05:00.0 8086:10d3 is a bridge now");
}

TEST(unrecorded_neighbours_are_no_causes)
{
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	functions[1] = functions[0];
	functions[1].hw.header = PG_HEADER_BRIDGE;
	functions[1].hw.secondary = functions[1].hw.subordinate = 0;
	topology.nr = 2;
	DETAILS("KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 0 bridges",
		"0000:03:00.0 keeps its address", NO_IDENTITIES);
}

/* Address and code are complete, whatever the length of address and sentence. */
static void every_line(enum pg_reason reason, bool bridge, uint32_t segment, bool culprit)
{
	char code[64], bdf[32];
	unsigned int i, found = 0;

	setup(NULL);
	add(pg_bdf(segment, 0, 0x18), true, PG_OK, PG_NONE);
	functions[0].result.culprit = 0;
	add(pg_bdf(segment, 0xff, 0xff), bridge, reason, culprit ? 0 : PG_NONE);
	functions[1].hw.header = PG_HEADER_NORMAL;
	steps[1] = (struct pg_step){ .found = true, .certain = true, .bus = 0x7f };
	details();
	snprintf(code, sizeof(code), " [%s]", pg_reason_code(reason));
	snprintf(bdf, sizeof(bdf), "%04x:ff:1f.7", segment);
	for (i = 0; i < lines.nr; i++) {
		if (!strstr(lines.text[i], bdf) || strstr(lines.text[i], " answers there now"))
			continue;
		found++;
		assert_true(ends_with(lines.text[i], code));
		assert_non_null(strstr(lines.text[i],
				       pg_reason_is_move(reason) ? " MOVES" : " UNVERIFIED"));
	}
	assert_int_equal(found, 1);
}

TEST(every_line_has_address_and_code)
{
	static const uint32_t segments[] = { 0, 0x10000, 0xffffffff };
	unsigned int reason, i;

	for (reason = 1; reason < PG_REASON_COUNT; reason++) {
		for (i = 0; i < 4 * PG_ARRAY_SIZE(segments); i++)
			every_line((enum pg_reason)reason, i & 1, segments[i / 4], i & 2);
	}
}

TEST(causes_with_the_longest_addresses_fit)
{
	add(pg_bdf(0xffffffff, 0, 0x18), true, PG_OK, PG_NONE);
	functions[0].result.culprit = 0;
	details();
	assert_line(&lines, 1, "bridge ffffffff:00:03.0 overlaps ffffffff:00:03.0 [bus-overlap]");
	functions[0].hw.primary = 9;
	details();
	assert_line(&lines, 1,
		    "bridge ffffffff:00:03.0 is invalid: primary 09 [03-05] [bridge-invalid]");
}

TEST(devices_that_keep_are_listed_up_to_16)
{
	static const struct {
		unsigned int devices;
		const char *rest;
	} cases[] = {
		{ 15, NULL },
		{ 16, NULL },
		{ 17, "1 more device keeps its address" },
		{ 18, "2 more devices keep their address" },
		{ 40, "24 more devices keep their address" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		unsigned int device, listed = 0;

		setup(state);
		for (device = 0; device < cases[i].devices; device++)
			add(pg_bdf(0, (uint8_t)device, 0), false, PG_OK, PG_NONE);
		details();
		for (device = 0; device < lines.nr; device++)
			listed += ends_with(lines.text[device], ".0 keeps its address");
		assert_int_equal(listed, cases[i].devices < 16 ? cases[i].devices : 16);
		assert_int_equal(lines.nr, 2 + listed + (cases[i].rest ? 1 : 0));
		if (cases[i].rest)
			assert_line(&lines, lines.nr - 2, cases[i].rest);
	}
}

/* Devices after the first 16 are listed, too. */
TEST(devices_that_move_are_always_listed)
{
	unsigned int device, moves = 0;

	for (device = 0; device < 40; device++)
		add(pg_bdf(0, (uint8_t)device, 0), false, device < 20 ? PG_OK : PG_BUS_UNREACHED,
		    PG_NONE);
	details();
	for (device = 0; device < lines.nr; device++)
		moves += !!strstr(lines.text[device],
				  " MOVES: no bridge leads to its bus [bus-unreached]");
	assert_int_equal(moves, 20);
	assert_line(&lines, lines.nr - 2, "4 more devices keep their address");
}
