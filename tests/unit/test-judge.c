// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-judge.c - lib/verdict/judge.c: makes the verdict from record, topology and plan.
 */
#include "finding.h"
#include "unit.h"

#include <pcigate/verdict.h>

#define MOST 16

static struct pg_record_entry entries[MOST];
static struct pg_record record;
static struct pg_function functions[MOST];
static struct pg_topology topology;
static struct pg_step steps[MOST];
static struct pg_policy policy;
static struct pg_judgement judgements[MOST];
static struct pg_verdict verdict;

static void add(uint8_t bus, uint8_t header, uint16_t refcount, uint16_t parent)
{
	const uint32_t i = record.nr++;

	entries[i] = (struct pg_record_entry){ .at = { 0, bus, 0 }, .refcount = refcount };
	functions[i] = (struct pg_function){
		.at = { 0, bus, 0 },
		.hw.id = 0x10d38086,
		.hw.presence = PG_PRESENT,
		.hw.header = header,
		.rec.refcount = refcount,
		.rec.recorded = true,
		.parent = parent,
		.result.culprit = PG_NONE,
	};
	steps[i] = (struct pg_step){ .reason = PG_OK, .culprit = PG_NONE };
	topology.nr = topology.nr_recorded = record.nr;
}

/*
 * 0: bridge on bus 0; 1: bridge on bus 1; 2 and 3: devices on buses 2 and 3, below both bridges;
 * 4: device on a root bus.
 */
static int setup(void **state)
{
	memset(judgements, 0x5a, sizeof(judgements));
	memset(&verdict, 0x5a, sizeof(verdict));
	record = (struct pg_record){
		.state = PG_RECORD_DEVICES, .pci_version = 2, .files = 3, .entries = entries
	};
	topology = (struct pg_topology){ .functions = functions };
	policy = (struct pg_policy){ .mode = PG_MODE_ENFORCE };
	add(0, PG_HEADER_BRIDGE, 2, PG_NONE);
	add(1, PG_HEADER_BRIDGE, 2, 0);
	add(2, PG_HEADER_NORMAL, 1, 1);
	add(3, PG_HEADER_NORMAL, 1, 1);
	add(0x80, PG_HEADER_NORMAL, 1, PG_NONE);
	return 0;
}

static void judge(void)
{
	const struct pg_plan plan = { .nr = topology.nr, .steps = steps };

	pg_judge(&record, &topology, &plan, &policy, judgements, &verdict);
	assert_int_equal(verdict.nr, record.nr);
	assert_int_equal(verdict.finding.at, 0);
	/* Nothing is written behind the array. */
	assert_int_equal(judgements[record.nr].below, 0x5a5a5a5a);
	assert_ptr_equal(verdict.judgements, judgements);
	assert_int_equal(verdict.devices + verdict.bridges, record.nr);
	assert_int_equal(verdict.keep + verdict.move + verdict.unverified, verdict.devices);
}

static void assert_judged(unsigned int i, enum pg_reason reason, uint16_t culprit)
{
	assert_string_equal(pg_reason_code((enum pg_reason)judgements[i].reason),
			    pg_reason_code(reason));
	assert_int_equal(judgements[i].culprit, culprit);
}

static void assert_counts(uint32_t keep, uint32_t move, uint32_t unverified, uint32_t bridges_bad)
{
	assert_int_equal(verdict.keep, keep);
	assert_int_equal(verdict.move, move);
	assert_int_equal(verdict.unverified, unverified);
	assert_int_equal(verdict.bridges_bad, bridges_bad);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, NULL)

TEST(a_machine_without_faults_opens)
{
	unsigned int i;

	judge();
	assert_true(verdict.open);
	assert_false(verdict.by_policy);
	assert_int_equal(verdict.record, PG_OK);
	for (i = 0; i < record.nr; i++) {
		assert_judged(i, PG_OK, PG_NONE);
		assert_int_equal(judgements[i].bridge, i < 2);
	}
	assert_int_equal(judgements[0].below, 2);
	assert_int_equal(judgements[1].below, 2);
	assert_int_equal(judgements[2].below, 0);
	assert_int_equal(verdict.devices, 3);
	assert_int_equal(verdict.bridges, 2);
	assert_counts(3, 0, 0, 0);
}

/* Linux finds these functions by ARI only, which uses extended registers. */
TEST(functions_above_7_need_extended_registers)
{
	policy.no_mmconfig = true;
	functions[1].hw.ari_on = true;
	functions[2].at.devfn = entries[2].at.devfn = 7;
	judge();
	assert_judged(2, PG_OK, PG_NONE);
	functions[2].at.devfn = entries[2].at.devfn = 8;
	judge();
	assert_judged(2, PG_NEXT_WITHOUT_MMCONFIG, PG_NONE);
	functions[1].hw.ari_on = false;
	judge();
	assert_judged(2, PG_OK, PG_NONE);
}

TEST(a_device_that_moves_stops)
{
	steps[3] = (struct pg_step){ .reason = PG_BRIDGE_RESET, .culprit = 1 };
	judge();
	assert_false(verdict.open);
	assert_false(verdict.by_policy);
	assert_judged(2, PG_OK, PG_NONE);
	assert_judged(3, PG_BRIDGE_RESET, 1);
	assert_counts(2, 1, 0, 0);
	/* A fault of the path comes before the absence of the device. */
	functions[3].hw.presence = PG_ABSENT;
	judge();
	assert_judged(3, PG_BRIDGE_RESET, 1);
	assert_counts(2, 1, 0, 0);
	policy.mode = PG_MODE_REPORT;
	judge();
	assert_true(verdict.open);
	assert_true(verdict.by_policy);
	assert_counts(2, 1, 0, 0);
}

TEST(a_device_that_does_not_answer_stops)
{
	static const struct {
		uint8_t presence;
		enum pg_reason reason;
	} cases[] = {
		{ PG_ABSENT, PG_DEVICE_ABSENT },     { PG_NOT_READY, PG_DEVICE_NOT_READY },
		{ PG_NO_WINDOW, PG_SEGMENT_ABSENT }, { PG_UNREADABLE, PG_CONFIG_UNREADABLE },
		{ PG_UNREACHED, PG_DEVICE_ABSENT },  { 77, PG_DEVICE_ABSENT },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		setup(state);
		functions[4].hw.presence = cases[i].presence;
		judge();
		assert_judged(4, cases[i].reason, PG_NONE);
		assert_false(verdict.open);
		assert_int_equal(verdict.record, PG_OK);
		assert_counts(2, 0, 1, 0);
	}
}

TEST(enabled_virtual_functions_stop)
{
	functions[4].hw.vfs_enabled = true;
	judge();
	assert_judged(4, PG_VFS_ENABLED, PG_NONE);
	assert_false(verdict.open);
	assert_counts(2, 0, 1, 0);
}

/* An entry for two devices is a bridge. */
TEST(a_device_in_place_of_a_bridge_stops)
{
	functions[4].rec.refcount = 2;
	judge();
	assert_judged(4, PG_DEVICE_DIFFERENT, PG_NONE);
	assert_false(judgements[4].bridge);
	assert_false(verdict.open);
}

TEST(a_next_kernel_that_ignores_the_record_stops)
{
	unsigned int i, round;

	steps[3] = (struct pg_step){ .reason = PG_BRIDGE_RESET, .culprit = 1 };
	policy.kho_off = true;
	for (round = 0; round < 2; round++) {
		policy.pci_off = round;
		judge();
		for (i = 0; i < record.nr; i++)
			assert_judged(i, round ? PG_NEXT_WITHOUT_PCI : PG_NEXT_WITHOUT_KHO,
				      PG_NONE);
		assert_false(verdict.open);
		assert_counts(0, 0, 3, 2);
	}
}

TEST(mode_report_without_a_fault_opens)
{
	policy.mode = PG_MODE_REPORT;
	judge();
	assert_true(verdict.open);
	assert_false(verdict.by_policy);
}

TEST(a_bad_bridge_without_a_device_stops)
{
	steps[1] = (struct pg_step){ .reason = PG_BRIDGE_RESET, .culprit = 0 };
	judge();
	assert_counts(3, 0, 0, 1);
	assert_false(verdict.open);
}

/* Adds bridge 01:05.0, which is not recorded. */
static void unrecorded_bridge(void)
{
	functions[5] = functions[1];
	functions[5].at = pg_bdf(0, 1, 0x28);
	functions[5].rec.recorded = false;
	functions[5].parent = PG_NONE;
	topology.nr = 6;
}

/* Version 2 of the record has this rule. */
TEST(a_bridge_above_a_device_needs_an_entry)
{
	unrecorded_bridge();
	functions[0].parent = 5;
	judge();
	assert_false(verdict.open);
	assert_finding(verdict.record, &verdict.finding, PG_RECORD_INCONSISTENT,
		       "pci_dev_ser: no entry for the bridge", "0000:01:05.0");
}

/* pcigate's own record has another path, so the machine has changed. */
TEST(a_device_behind_another_bridge_stops)
{
	unrecorded_bridge();
	functions[2].parent = 5;
	functions[2].result.rerouted = true;
	record.own.present = true;
	judge();
	assert_false(verdict.open);
	assert_int_equal(verdict.record, PG_OK);
	assert_judged(2, PG_PATH_DIFFERS, PG_NONE);
	/* The device does not count below a recorded bridge either. */
	functions[2].parent = 1;
	functions[0].rec.refcount = functions[1].rec.refcount = 1;
	judge();
	assert_int_equal(verdict.record, PG_OK);
	functions[2].result.rerouted = false;
	judge();
	assert_int_equal(verdict.record, PG_RECORD_INCONSISTENT);
}

/*
 * The machine may have changed before the boot. But if all devices keep their address, a record
 * that does not fit is damaged.
 */
TEST(on_a_booted_machine_a_move_explains_an_inconsistent_record)
{
	entries[0].refcount = functions[0].rec.refcount = 5;
	policy.booted = true;
	judge();
	assert_int_equal(verdict.record, PG_RECORD_INCONSISTENT);
	assert_false(verdict.open);
	steps[2] = (struct pg_step){ .reason = PG_BRIDGE_RESET, .culprit = 1 };
	judge();
	assert_int_equal(verdict.record, PG_OK);
	assert_int_equal(verdict.move, 1);
	assert_false(verdict.open);
	policy.booted = false;
	judge();
	assert_int_equal(verdict.record, PG_RECORD_INCONSISTENT);
}

TEST(mode_report_opens_with_an_inconsistent_record)
{
	functions[0].rec.refcount = 3;
	policy.mode = PG_MODE_REPORT;
	judge();
	assert_true(verdict.open);
	assert_true(verdict.by_policy);
	assert_int_equal(verdict.record, PG_RECORD_INCONSISTENT);
}

TEST(the_refcount_of_a_bridge_is_the_devices_below)
{
	static const uint16_t wrong[] = { 1, 3, 0xffff };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(wrong); i++) {
		char text[40];

		functions[1].rec.refcount = wrong[i];
		judge();
		snprintf(text, sizeof(text), "%u, but 2 are below", wrong[i]);
		assert_finding(verdict.record, &verdict.finding, PG_RECORD_INCONSISTENT,
			       "pci_dev_ser.refcount", text);
		assert_false(verdict.open);
	}
	/* A bridge without a preserved device below it must not be recorded. */
	functions[1].rec.refcount = 2;
	add(0x90, PG_HEADER_BRIDGE, 1, PG_NONE);
	judge();
	assert_finding(verdict.record, &verdict.finding, PG_RECORD_INCONSISTENT,
		       "pci_dev_ser.refcount", "1, but 0 are below");
	assert_false(verdict.open);
}

/* A function that does not answer may be below any bridge. */
TEST(absent_devices_allow_a_higher_refcount)
{
	functions[3].hw.presence = PG_ABSENT;
	judge();
	assert_int_equal(verdict.record, PG_OK);
	assert_judged(3, PG_DEVICE_ABSENT, functions[3].parent);
	functions[1].rec.refcount = 3;
	judge();
	assert_finding(verdict.record, &verdict.finding, PG_RECORD_INCONSISTENT,
		       "pci_dev_ser.refcount", "3, but 1 are below");
	/* The first entry counts as well. */
	functions[0].hw.presence = PG_ABSENT;
	judge();
	assert_int_equal(verdict.record, PG_OK);
	functions[0].hw.presence = PG_PRESENT;
	functions[2].hw.presence = PG_UNREACHED;
	functions[1].rec.refcount = 2;
	judge();
	assert_int_equal(verdict.record, PG_OK);
	assert_int_equal(judgements[1].below, 0);
}

TEST(cardbus_bridges_are_bridges)
{
	functions[1].hw.header = PG_HEADER_CARDBUS;
	judge();
	assert_true(judgements[1].bridge);
	assert_int_equal(verdict.record, PG_OK);
	assert_int_equal(verdict.bridges, 2);
}

/* Each device has a file. */
TEST(the_number_of_files_decides_which_absent_entries_are_bridges)
{
	unsigned int i;

	functions[0].rec.refcount = functions[1].rec.refcount = 1;
	functions[3].rec.refcount = 1;
	for (i = 0; i < 4; i++)
		functions[i].hw.presence = PG_UNREACHED;
	record.files = 3; /* one of them is entry 4, which answers */
	judge();
	assert_true(judgements[0].bridge);
	assert_true(judgements[1].bridge);
	assert_false(judgements[2].bridge);
	assert_false(judgements[3].bridge);
	assert_false(judgements[4].bridge);
	record.files = 2;
	judge();
	assert_true(judgements[2].bridge);
	assert_false(judgements[3].bridge);
	record.files = 1;
	judge();
	assert_true(judgements[3].bridge);
	record.files = 99;
	judge();
	assert_false(judgements[0].bridge);
}

TEST(an_absent_entry_for_two_devices_is_a_bridge)
{
	functions[0].hw.presence = PG_ABSENT;
	record.files = 9;
	judge();
	assert_true(judgements[0].bridge);
	assert_int_equal(verdict.bridges, 2);
	assert_judged(0, PG_DEVICE_ABSENT, PG_NONE);
	assert_false(verdict.open);
	assert_counts(3, 0, 0, 1);
}
