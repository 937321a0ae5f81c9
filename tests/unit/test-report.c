// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-report.c - lib/verdict/report.c: the exact lines, each with its search words. Every line is
 * also checked for prefix, width and printable characters by the collector.
 */
#include "lines.h"
#include "unit.h"

#define MOST 64

static struct pg_record record;
static struct pg_function functions[MOST];
static struct pg_topology topology;
static struct pg_policy policy;
static struct pg_judgement judgements[MOST];
static struct pg_step steps[MOST];
static const struct pg_plan plan = { .steps = steps };
static struct pg_verdict verdict;
static struct lines lines;

#define NO_IDENTITIES "pcigate: no identities recorded: another device at an address goes unnoticed"

static int setup(void **state)
{
	record = (struct pg_record){ .state = PG_RECORD_DEVICES,
				     .kho_version = "kho-v4",
				     .luo_version = "luo-v5",
				     .pci_version = 2 };
	memset(functions, 0, sizeof(functions));
	memset(judgements, 0, sizeof(judgements));
	memset(steps, 0, sizeof(steps));
	topology = (struct pg_topology){ .functions = functions };
	policy = (struct pg_policy){ .mode = PG_MODE_ENFORCE };
	verdict = (struct pg_verdict){ .open = true, .judgements = judgements };
	lines_begin(&lines);
	return 0;
}

static void add(struct pg_bdf at, bool bridge, enum pg_reason reason, uint16_t culprit)
{
	const uint32_t i = topology.nr++;

	functions[i] = (struct pg_function){
		.at = at,
		.hw.presence = PG_PRESENT,
		.hw.header = bridge ? PG_HEADER_BRIDGE : PG_HEADER_NORMAL,
		.hw.primary = at.bus,
		.hw.secondary = (uint8_t)(at.bus + 3),
		.hw.subordinate = (uint8_t)(at.bus + 5),
		.parent = PG_NONE,
		.result.culprit = PG_NONE,
		.rec.recorded = true,
	};
	judgements[i] = (struct pg_judgement){ .reason = (uint8_t)reason,
					       .culprit = culprit,
					       .bridge = bridge };
	topology.nr_recorded = record.nr = verdict.nr = topology.nr;
	verdict.devices += !bridge;
	verdict.bridges += bridge;
	if (bridge)
		verdict.bridges_bad += reason != PG_OK;
	else if (!reason)
		verdict.keep++;
	else if (pg_reason_is_move(reason))
		verdict.move++;
	else
		verdict.unverified++;
}

static const struct pg_gate *gate_of_parts(void)
{
	static struct pg_gate gate;

	gate = (struct pg_gate){ policy, record, topology, plan, verdict };
	return &gate;
}

static void details(void)
{
	lines_begin(&lines);
	pg_report(&lines.printer, gate_of_parts());
}

static void last_line(const struct pg_cost *cost, const char *outcome)
{
	lines_begin(&lines);
	pg_report_verdict(&lines.printer, gate_of_parts(), cost, outcome);
}

static const struct pg_cost some_cost = { .reads = 41, .cycles = 81234 };

#define EXPECT(...) assert_lines(&lines, (const char *const[]){ __VA_ARGS__, NULL })

#define TEST(name) UNIT_TEST_WITH(name, setup, NULL)

TEST(no_kho)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	details();
	EXPECT("pcigate: no KHO data: nothing is handed over");
	last_line(&(struct pg_cost){ 0 }, "halted");
	EXPECT("pcigate: OPEN: no PCI device is preserved (0 config reads)");
}

TEST(no_luo)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_LUO, .kho_version = "kho-v4" };
	details();
	EXPECT("pcigate: KHO kho-v4: no Live Update data in it");
	last_line(&(struct pg_cost){ 0 }, "halted");
	EXPECT("pcigate: OPEN: no PCI device is preserved (0 config reads)");
}

TEST(no_pci)
{
	record.state = PG_RECORD_NO_PCI;
	record.pci_version = 0;
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5: no PCI device preserved");
	record.pci_version = 2;
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5, PCI 2: no PCI device preserved");
}

TEST(all_keep)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 1 bridge",
	       "pcigate: 0000:03:00.0 keeps its address", NO_IDENTITIES);
	last_line(&some_cost, "halted");
	EXPECT("pcigate: 41 config reads, 81234 cycles",
	       "pcigate: OPEN: 1 of 1 preserved device keeps its address");
}

TEST(reset_bridge)
{
	verdict.open = false;
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	functions[0].hw.secondary = functions[0].hw.subordinate = 0;
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	add(pg_bdf(0, 5, 0), false, PG_BRIDGE_RESET, 0);
	add(pg_bdf(0, 6, 0), false, PG_OK, PG_NONE);
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 3 devices, 1 bridge",
	       "pcigate: bridge 0000:00:03.0 lost its bus numbers [bridge-reset]",
	       "pcigate: 0000:03:00.0 keeps its address",
	       "pcigate: 0000:05:00.0 MOVES: bridge 0000:00:03.0 [bridge-reset]",
	       "pcigate: 0000:06:00.0 keeps its address", NO_IDENTITIES);
	last_line(&some_cost, "halted");
	EXPECT("pcigate: 41 config reads, 81234 cycles",
	       "pcigate: STOP: 1 of 3 preserved devices would change address; halted");
	/* The command has no outcome to tell. */
	last_line(&(struct pg_cost){ .reads = 41 }, NULL);
	EXPECT("pcigate: STOP: 1 of 3 preserved devices would change address (41 config reads)");
}

TEST(causes)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(0, 0, 0x20), true, PG_OK, PG_NONE);
	functions[0].result.culprit = 1;
	functions[1].hw.primary = 7;
	details();
	assert_int_equal(lines.nr, 4);
	assert_string_equal(lines.text[1],
			    "pcigate: bridge 0000:00:03.0 [03-05] overlaps 0000:00:04.0 [03-05] "
			    "[bus-overlap]");
	assert_string_equal(lines.text[2],
			    "pcigate: bridge 0000:00:04.0 is invalid: primary 07 [03-05] "
			    "[bridge-invalid]");
	/* A bridge that overlaps and is at fault itself: its own fault. */
	functions[0].hw.header = PG_HEADER_CARDBUS;
	details();
	assert_string_equal(lines.text[1],
			    "pcigate: bridge 0000:00:03.0 is a CardBus bridge [bridge-cardbus]");
	functions[0].hw.header = PG_HEADER_BRIDGE;
	functions[0].result.culprit = PG_NONE;
	functions[1].hw.primary = 0;
	policy.assign_busses = true;
	details();
	assert_int_equal(lines.nr, 4);
	assert_string_equal(
		lines.text[1],
		"pcigate: bridge 0000:00:03.0 renumbered by pci=assign-busses [reassign-busses]");
}

/* What does not answer or is no bridge is no cause, whatever its numbers. */
TEST(no_causes)
{
	add(pg_bdf(0, 0, 0x18), true, PG_DEVICE_ABSENT, PG_NONE);
	functions[0].hw.presence = PG_ABSENT;
	functions[0].hw.secondary = 0;
	add(pg_bdf(0, 1, 0x18), false, PG_OK, PG_NONE);
	functions[1].hw.secondary = 0;
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 1 bridge",
	       "pcigate: bridge 0000:00:03.0 UNVERIFIED: nothing answers there [device-absent]",
	       "pcigate: 0000:01:03.0 keeps its address", NO_IDENTITIES);
}

/*
 * Every reason about something else than the function of the line names that: in words if there is
 * room, else alone.
 */
TEST(culprits)
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
			snprintf(line, sizeof(line), "pcigate: %s0000:05:00.0 %s",
				 bridge ? "bridge " : "",
				 bridge ? cases[i].bridge : cases[i].device);
			assert_string_equal(lines.text[lines.nr - 2], line);
		}
	}
}

/*
 * What hides a device from Linux: function 0, or the port behind which only device 0 is looked for.
 */
TEST(hidden_by)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	functions[0].result.acts_as = PG_PORT_LINK;
	add(pg_bdf(0, 3, 2), false, PG_DEVICE_HIDDEN, PG_NONE);
	functions[1].parent = 0;
	add(pg_bdf(0, 3, 0x0a), false, PG_DEVICE_HIDDEN, PG_NONE);
	functions[2].parent = 0;
	add(pg_bdf(0, 0, 0x0a), false, PG_DEVICE_HIDDEN, PG_NONE);
	/* Below a bridge that is hidden itself: what hides the bridge. */
	add(pg_bdf(0, 0, 0x29), true, PG_DEVICE_HIDDEN, PG_NONE);
	add(pg_bdf(0, 9, 0), false, PG_DEVICE_HIDDEN, 4);
	details();
	assert_string_equal(
		lines.text[1],
		"pcigate: 0000:03:00.2 UNVERIFIED: hidden by 0000:03:00.0 [device-hidden]");
	assert_string_equal(
		lines.text[2],
		"pcigate: 0000:03:01.2 UNVERIFIED: hidden by 0000:00:03.0 [device-hidden]");
	assert_string_equal(
		lines.text[3],
		"pcigate: 0000:00:01.2 UNVERIFIED: hidden by 0000:00:01.0 [device-hidden]");
	assert_string_equal(
		lines.text[4],
		"pcigate: bridge 0000:00:05.1 UNVERIFIED: hidden by 0000:00:05.0 [device-hidden]");
	assert_string_equal(
		lines.text[5],
		"pcigate: 0000:09:00.0 UNVERIFIED: hidden by 0000:00:05.0 [device-hidden]");
}

/* The new address is worth more than words. */
TEST(moves_to)
{
	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(0, 5, 0), false, PG_BRIDGE_INVALID, 0);
	steps[1] = (struct pg_step){ .found = true, .certain = true, .bus = 7 };
	add(pg_bdf(0, 6, 0), false, PG_BUS_UNREACHED, PG_NONE);
	steps[2] = (struct pg_step){ .found = true, .certain = true, .bus = 8 };
	details();
	assert_string_equal(
		lines.text[1],
		"pcigate: 0000:05:00.0 MOVES to 0000:07:00.0: 0000:00:03.0 [bridge-invalid]");
	assert_string_equal(lines.text[2],
			    "pcigate: 0000:06:00.0 MOVES to 0000:08:00.0: [bus-unreached]");
}

/* Which field of a device differs, from what to what. */
TEST(differences)
{
	static const struct {
		struct pg_difference difference;
		const char *line;
	} cases[] = {
		{ { 1, PG_FIELD_ID, 0x00101b36, 0x10d38086 },
		  "pcigate: ffffffff:05:00.0 8086:10d3, was 1b36:0010" },
		{ { 1, PG_FIELD_CLASS, 0x010802, 0x20000 },
		  "pcigate: ffffffff:05:00.0 class 020000, was 010802" },
		{ { 1, PG_FIELD_REVISION, 0, 3 }, "pcigate: ffffffff:05:00.0 revision 03, was 00" },
		{ { 1, PG_FIELD_SUBSYSTEM, 0x11001af4, UINT32_MAX },
		  "pcigate: ffffffff:05:00.0 subsystem ffff:ffff, was 1af4:1100" },
		{ { 1, PG_FIELD_SERIAL, UINT64_MAX, 1 },
		  "pcigate: ffffffff:05:00.0 serial number 0000000000000001, was "
		  "ffffffffffffffff" },
		{ { 1, PG_FIELD_SERIAL, 5, 0 },
		  "pcigate: ffffffff:05:00.0 serial number none, was 0000000000000005" },
		{ { 0, PG_FIELD_ID, 1, 2 },
		  "pcigate: ffffffff:05:00.0 8086:10d3 answers there now" },
	};
	size_t i;

	add(pg_bdf(0, 0, 0x18), true, PG_OK, PG_NONE);
	add(pg_bdf(UINT32_MAX, 5, 0), false, PG_DEVICE_DIFFERENT, PG_NONE);
	functions[1].hw.id = 0x10d38086;
	topology.nr_differences = 1;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		topology.differences[0] = cases[i].difference;
		details();
		assert_string_equal(lines.text[1], cases[i].line);
		assert_string_equal(lines.text[2],
				    "pcigate: ffffffff:05:00.0 UNVERIFIED: another device answers "
				    "[device-different]");
	}
	functions[1].hw.header = PG_HEADER_BRIDGE;
	functions[1].hw.primary = 5;
	details();
	assert_string_equal(lines.text[1], "pcigate: ffffffff:05:00.0 8086:10d3 is a bridge now");
}

/* Neighbours that are not recorded are no causes. */
TEST(neighbours_are_no_causes)
{
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	functions[1] = functions[0];
	functions[1].hw.header = PG_HEADER_BRIDGE;
	functions[1].hw.secondary = functions[1].hw.subordinate = 0;
	topology.nr = 2;
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 0 bridges",
	       "pcigate: 0000:03:00.0 keeps its address", NO_IDENTITIES);
}

/* However long address and sentence get: subject and code stay whole. */
TEST(every_reason_in_every_line)
{
	static const uint32_t segments[] = { 0, 0x10000, 0xffffffff };
	unsigned int reason, bridge, segment, culprit;

	for (reason = 1; reason < PG_REASON_COUNT; reason++)
		for (bridge = 0; bridge < 2; bridge++)
			for (segment = 0; segment < PG_ARRAY_SIZE(segments); segment++)
				for (culprit = 0; culprit < 2; culprit++) {
					static const char *const bdfs[] = { "0000:ff:1f.7",
									    "10000:ff:1f.7",
									    "ffffffff:ff:1f.7" };
					const uint32_t at = segments[segment];
					char code[64];
					unsigned int i, told = 0;

					setup(state);
					add(pg_bdf(at, 0, 0x18), true, PG_OK, PG_NONE);
					functions[0].result.culprit = 0;
					add(pg_bdf(at, 0xff, 0xff), bridge, (enum pg_reason)reason,
					    culprit ? 0 : PG_NONE);
					functions[1].hw.header = PG_HEADER_NORMAL;
					steps[1] = (struct pg_step){ .found = true,
								     .certain = true,
								     .bus = 0x7f };
					details();
					snprintf(code, sizeof(code), " [%s]",
						 pg_reason_code((enum pg_reason)reason));
					for (i = 0; i < lines.nr; i++) {
						if (!strstr(lines.text[i], bdfs[segment]) ||
						    strstr(lines.text[i], " answers there now"))
							continue;
						told++;
						assert_true(ends_with(lines.text[i], code));
						assert_non_null(strstr(
							lines.text[i],
							pg_reason_is_move((enum pg_reason)reason)
								? " MOVES"
								: " UNVERIFIED"));
					}
					assert_int_equal(told, 1);
				}
}

TEST(causes_with_the_longest_addresses)
{
	add(pg_bdf(0xffffffff, 0, 0x18), true, PG_OK, PG_NONE);
	functions[0].result.culprit = 0;
	details();
	assert_string_equal(
		lines.text[1],
		"pcigate: bridge ffffffff:00:03.0 overlaps ffffffff:00:03.0 [bus-overlap]");
	functions[0].hw.primary = 9;
	details();
	assert_string_equal(
		lines.text[1],
		"pcigate: bridge ffffffff:00:03.0 is invalid: primary 09 [03-05] [bridge-invalid]");
}

TEST(devices_that_keep_are_listed_up_to_16)
{
	static const struct {
		unsigned int devices;
		const char *rest;
	} cases[] = {
		{ 15, NULL },
		{ 16, NULL },
		{ 17, "pcigate: 1 more device keeps its address" },
		{ 18, "pcigate: 2 more devices keep their address" },
		{ 40, "pcigate: 24 more devices keep their address" },
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
			assert_string_equal(lines.text[lines.nr - 2], cases[i].rest);
	}
}

/* Those that move are all listed, also behind the 16. */
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
	assert_string_equal(lines.text[lines.nr - 2], "pcigate: 4 more devices keep their address");
}

TEST(quiet)
{
	policy.quiet = true;
	add(pg_bdf(0, 3, 0), false, PG_OK, PG_NONE);
	add(pg_bdf(0, 5, 0), false, PG_BUS_UNREACHED, PG_NONE);
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 2 devices, 0 bridges",
	       "pcigate: 0000:05:00.0 MOVES: no bridge leads to its bus [bus-unreached]",
	       NO_IDENTITIES);
}

TEST(finding_on_the_record)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_LUO };
	verdict.open = false;
	verdict.record = PG_RECORD_VERSION;
	pg_note_text(&verdict.finding, PG_RECORD_VERSION, "KHO FDT compatible", "kho-v1", 7,
		     0x7ff0000);
	details();
	EXPECT("pcigate: KHO FDT compatible kho-v1, at 0x7ff0000 [record-version-unknown]");
	last_line(&(struct pg_cost){ 0 }, "halted");
	EXPECT("pcigate: STOP: record version unknown (0 config reads); halted");
}

/* The sentence first, then the address: left out where they do not fit. */
TEST(finding_that_is_too_long)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	verdict.record = PG_RECORD_OUTSIDE_MEMORY;
	pg_note(&verdict.finding, PG_RECORD_OUTSIDE_MEMORY, "luo_ser", 0x60, 0);
	details();
	EXPECT("pcigate: luo_ser 0x60 [record-outside-memory]");
	pg_note(&verdict.finding, PG_RECORD_OUTSIDE_MEMORY, "luo_ser.flbs_pa", 0x6000000, 0x1234);
	details();
	EXPECT("pcigate: luo_ser.flbs_pa 0x6000000, at 0x1234 [record-outside-memory]");
	pg_note(&verdict.finding, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data",
		0xfffffffffffff000u, 0x12345);
	details();
	EXPECT("pcigate: KHO FDT LUO/preserved-data 0xfffffffffffff000 [record-outside-memory]");
	/* What is to be mended is not cut: then the code has a line of its own. */
	pg_note_bdf(&verdict.finding, PG_RECORD_INCONSISTENT,
		    "pcigate/devices not in the PCI record", pg_bdf(UINT32_MAX, 0xff, 0xff),
		    0x1000);
	verdict.record = PG_RECORD_INCONSISTENT;
	details();
	EXPECT("pcigate: pcigate/devices not in the PCI record ffffffff:ff:1f.7",
	       "pcigate: record contradicts itself [record-inconsistent]");
}

/* As many columns as there are are a whole line; with one more something goes. */
TEST(finding_at_the_line_end)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	verdict.record = PG_RECORD_LOOP;
	pg_note_text(&verdict.finding, PG_RECORD_LOOP, "0123456789", "01234567890", 11, 0x1234);
	details();
	EXPECT("pcigate: record contains a loop: 0123456789 01234567890, at 0x1234 [record-loop]");
	assert_int_equal(strlen(lines.text[0]), PG_LINE_COLUMNS);
	verdict.finding.at = 0x12345;
	details();
	EXPECT("pcigate: 0123456789 01234567890, at 0x12345 [record-loop]");
}

TEST(finding_without_a_field)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	verdict.record = PG_STAGE_FAULT;
	verdict.finding = (struct pg_finding){ .reason = PG_STAGE_FAULT, .text = "vector 14" };
	details();
	EXPECT("pcigate: an exception inside the stage: ? vector 14 [stage-fault]");
}

/* The record was read, but the scan ended: bridges and devices are not told apart yet. */
TEST(interrupted_scan)
{
	record.nr = 3;
	verdict.open = false;
	verdict.record = PG_CONFIG_UNREADABLE;
	pg_note_bdf(&verdict.finding, PG_CONFIG_UNREADABLE, "function", pg_bdf(0, 9, 0), 0);
	details();
	EXPECT("pcigate: KHO kho-v4, LUO luo-v5, PCI 2: 3 functions",
	       "pcigate: cannot be read: function 0000:09:00.0 [config-unreadable]");
}

TEST(misspelt_values)
{
	record = (struct pg_record){ .state = PG_RECORD_NO_KHO };
	memcpy(policy.bad_mode, "reprot", 7);
	memcpy(policy.bad_stop, "rest", 5);
	details();
	EXPECT("pcigate: pcigate=reprot: unknown value, using enforce",
	       "pcigate: pcigate.stop=rest: unknown value, using panic=",
	       "pcigate: no KHO data: nothing is handed over");
	memset(policy.bad_mode, 'x', PG_POLICY_TEXT - 1);
	memset(policy.bad_stop, 'y', PG_POLICY_TEXT - 1);
	details();
	assert_true(ends_with(lines.text[0], ", using enforce"));
	assert_true(ends_with(lines.text[1], ", using panic="));
}

TEST(switched_off)
{
	policy.mode = PG_MODE_OFF;
	verdict.by_policy = true;
	record = (struct pg_record){ 0 };
	memcpy(policy.bad_stop, "rest", 5);
	details();
	EXPECT("pcigate: pcigate.stop=rest: unknown value, using panic=");
	last_line(&(struct pg_cost){ 0 }, "halted");
	EXPECT("pcigate: OPEN: pcigate=off, nothing was checked (0 config reads)");
}

TEST(open_by_policy)
{
	policy.mode = PG_MODE_REPORT;
	verdict.by_policy = true;
	add(pg_bdf(0, 5, 0), false, PG_BUS_UNREACHED, PG_NONE);
	last_line(&some_cost, "halted");
	/* Too long together: the cost has a line of its own, the verdict stays the last. */
	EXPECT("pcigate: 41 config reads, 81234 cycles",
	       "pcigate: OPEN: pcigate=report: 1 of 1 preserved device would change address");
	verdict.move = 0;
	verdict.record = PG_RECORD_LOOP;
	last_line(&some_cost, "halted");
	EXPECT("pcigate: 41 config reads, 81234 cycles",
	       "pcigate: OPEN: pcigate=report: record contains a loop");
	last_line(&(struct pg_cost){ .reads = 41 }, "halted");
	EXPECT("pcigate: OPEN: pcigate=report: record contains a loop (41 config reads)");
}

TEST(moves_and_doubts)
{
	verdict.open = false;
	verdict.devices = 3;
	verdict.move = 1;
	verdict.unverified = 2;
	last_line(&(struct pg_cost){ .reads = 1 }, "halted");
	EXPECT("pcigate: STOP: 1 of 3 would move, 2 unverified (1 config read); halted");
	verdict.move = 0;
	last_line(&(struct pg_cost){ .reads = 1, .cycles = 1 }, "halted");
	EXPECT("pcigate: 1 config read, 1 cycle",
	       "pcigate: STOP: 2 of 3 preserved devices cannot be verified; halted");
	verdict.unverified = 0;
	verdict.bridges_bad = 1;
	last_line(&(struct pg_cost){ .reads = 1 }, "halted");
	EXPECT("pcigate: STOP: 1 preserved bridge cannot be verified (1 config read); halted");
	verdict.bridges_bad = 2;
	last_line(&(struct pg_cost){ .reads = 1 }, "halted");
	EXPECT("pcigate: STOP: 2 preserved bridges cannot be verified (1 config read); halted");
}

/* As long as it fits it is one line; the cost steps aside when there is one column too few. */
TEST(cost_at_the_line_end)
{
	verdict.open = false;
	verdict.devices = 3;
	verdict.move = 1;
	last_line(&(struct pg_cost){ .reads = 1 }, "done");
	EXPECT("pcigate: 1 config read",
	       "pcigate: STOP: 1 of 3 preserved devices would change address; done");
	last_line(&(struct pg_cost){ .reads = 4123 }, NULL);
	EXPECT("pcigate: STOP: 1 of 3 preserved devices would change address (4123 config reads)");
	assert_int_equal(strlen(lines.text[0]), PG_LINE_COLUMNS);
	last_line(&(struct pg_cost){ .reads = 41234 }, NULL);
	EXPECT("pcigate: 41234 config reads",
	       "pcigate: STOP: 1 of 3 preserved devices would change address");
}

TEST(cost_in_microseconds)
{
	static const struct {
		struct pg_cost cost;
		const char *line;
	} cases[] = {
		{ { 41, 96000, 1000000 }, "pcigate: 41 config reads, 96000 cycles, 96 us" },
		{ { 41, 999, 1000000 }, "pcigate: 41 config reads, 999 cycles, 0 us" },
		{ { 41, 2500000, 2500000 }, "pcigate: 41 config reads, 2500000 cycles, 1000 us" },
		{ { 41, 1250000, 2500000 }, "pcigate: 41 config reads, 1250000 cycles, 500 us" },
		{ { 41, 999999, 1000000 }, "pcigate: 41 config reads, 999999 cycles, 999 us" },
		{ { 41, 0, 2500000 }, "pcigate: 41 config reads" },
	};
	size_t i;

	verdict.move = verdict.devices = 6144;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		last_line(&cases[i].cost, NULL);
		assert_string_equal(lines.text[0], cases[i].line);
	}
}

TEST(largest_cost)
{
	const struct pg_cost cost = { UINT32_MAX, 999999999999999, 1000 };

	verdict.open = false;
	verdict.devices = verdict.move = verdict.unverified = 6144;
	policy.mode = PG_MODE_REPORT;
	verdict.open = verdict.by_policy = true;
	last_line(&cost, NULL);
	assert_int_equal(lines.nr, 2);
	assert_string_equal(
		lines.text[0],
		"pcigate: 4294967295 config reads, 999999999999999 cycles, 999999999999999 us");
	assert_string_equal(
		lines.text[1],
		"pcigate: OPEN: pcigate=report: 6144 of 6144 would move, 6144 unverified");
}

/* Whatever is wrong, the last line is whole and says STOP and how it ends. */
TEST(every_reason_in_the_last_line)
{
	unsigned int reason;

	verdict.open = false;
	for (reason = 1; reason < PG_REASON_COUNT; reason++) {
		verdict.record = (enum pg_reason)reason;
		last_line(&(struct pg_cost){ 99999, UINT64_MAX, 0 }, "resets in 2147483647 s");
		assert_memory_equal(lines.text[lines.nr - 1], "pcigate: STOP: ", 15);
		assert_non_null(strstr(lines.text[lines.nr - 1],
				       pg_reason_sentence((enum pg_reason)reason)));
		assert_true(ends_with(lines.text[lines.nr - 1], "; resets in 2147483647 s"));
	}
}
