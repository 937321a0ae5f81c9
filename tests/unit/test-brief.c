// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-brief.c - lib/topology/brief.c: a machine that is as recorded is read in brief. If anything
 * differs, or may differ, a scan without PG_SCAN_BRIEF decides.
 */
#include "fast-path.h"

#define CMDLINE "kho=on liveupdate=on"

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

static void again(void)
{
	teardown(NULL);
	setup(NULL);
}

static struct node *preserve(int parent, uint8_t device, uint8_t function)
{
	struct node *node = &m.nodes[add(parent, ENDPOINT, device, function)];

	node->preserved = true;
	return node;
}

/* The machine has as many preserved devices as @units, each behind a root port. */
static void devices(const struct unit *units, uint8_t nr)
{
	again();
	for (uint8_t i = 0; i < nr; i++)
		preserve(add(ON_ROOT, ROOT_PORT, (uint8_t)(i + 1), 0), 0, 0)->unit = units[i];
	number_all(0);
	make_record(COMPLETE);
	make_machine();
}

static struct node *device(int number)
{
	return &m.nodes[2 * number + 1];
}

static struct mock_function *function_at(uint8_t bus, uint8_t devfn)
{
	for (unsigned int i = 0; i < config.nr; i++) {
		if (config.functions[i].devfn == devfn &&
		    (bus ? config.functions[i].wire == 2 * (bus - 1)
			 : config.functions[i].wire >= MAX_NODES + ON_ROOT))
			return &config.functions[i];
	}
	fail_msg("no function at %02x:%02x", bus, devfn);
	return NULL;
}

static void assert_brief(void)
{
	assert_true(opens(false, CMDLINE));
	assert_true(gate.topology.brief);
	assert_int_equal(gate.topology.reads, config.reads);
}

/* Another scan follows, and has the same verdict as one that reads everything. */
static void assert_not_brief(bool open)
{
	assert_int_equal(opens(true, CMDLINE), open);
	assert_int_equal(opens(false, CMDLINE), open);
	assert_false(gate.topology.brief);
	assert_int_equal(gate.topology.reads, config.reads);
}

/*
 * Three reads for each device, two for each bridge, and four for the first serial number of a
 * model. None is repeated.
 */
TEST(a_machine_as_recorded_is_read_in_brief)
{
	static const struct unit units[] = { { .subsystem = 0x11001af4 },
					     { .model = 1 },
					     { .model = 2, .serial = 5 } };

	devices(units, 3);
	preserve(ON_ROOT, 9, 0)->unit.model = 3;
	make_record(COMPLETE);
	make_machine();
	assert_brief();
	assert_int_equal(config.reads, 4 * 3 + 3 * 2 + 4);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 1, 0), PG_REG_SUBSYSTEM), 1);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 2, 0), PG_REG_CLASS), 1);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 3, 0), PG_REG_CLASS), 1);
	for (unsigned int i = 0; i < config.reads; i++)
		assert_int_equal(mock_reads_of(&config, config.log[i].at, config.log[i].reg), 1);
}

/*
 * The first of the devices with one ID shows where the serial number is. The upper half of another
 * one is read where it is not that of the first.
 */
TEST(equal_devices_show_their_serial_numbers)
{
	static const struct unit units[] = { { .serial = 0x100000001 },
					     { .serial = 0x100000002 },
					     { .serial = 0x100000003 },
					     { .serial = 0x200000003 } };

	devices(units, 4);
	assert_brief();
	assert_int_equal(config.reads, 4 * 3 + 4 * 2 + 2 + 4 + 2);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 1, 0), 0x148), 1);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 2, 0), PG_REG_EXTENDED), 0);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 3, 0), PG_REG_EXTENDED), 0);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 3, 0), 0x144), 1);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 3, 0), 0x148), 0);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 4, 0), 0x148), 1);
}

/* Two cards with two preserved functions each, which have these subsystems. */
static void cards(const uint32_t subsystems[4])
{
	again();
	for (uint8_t i = 0; i < 2; i++) {
		const int port = add(ON_ROOT, ROOT_PORT, (uint8_t)(i + 1), 0);

		for (uint8_t j = 0; j < 2; j++) {
			struct node *node = preserve(port, 0, j);

			node->multifunction = true;
			node->unit.subsystem = subsystems[2 * i + j];
		}
	}
	number_all(0);
	make_record(COMPLETE);
	make_machine();
}

/*
 * The subsystem of a further function of a card is not read if the record has the same one. The
 * exchange of cards that differ is seen nevertheless.
 */
TEST(the_functions_of_a_card_are_compared_once)
{
	static const struct {
		uint32_t subsystems[4];
		uint32_t reads;
	} rows[] = {
		{ { 1, 1, 2, 2 }, 2 },
		{ { 1, 1, 1, 2 }, 3 },
		{ { 1, 2, 1, 1 }, 3 },
		{ { 1, 2, 2, 1 }, 4 },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		cards(rows[i].subsystems);
		assert_brief();
		assert_int_equal(config.reads, 2 * 2 + 4 * 2 + rows[i].reads);
		for (int j = 1; j <= 2; j++) {
			const struct unit kept = m.nodes[j].unit;

			m.nodes[j].unit = m.nodes[j + 3].unit;
			m.nodes[j + 3].unit = kept;
		}
		make_machine();
		assert_not_brief(false);
	}
}

TEST(the_exchange_of_two_devices_stops)
{
	static const struct unit rows[][4] = {
		{ { .model = 1 }, { .model = 2 }, { .model = 3 }, { .model = 4 } },
		{ { .subsystem = 1 }, { .subsystem = 2 }, { .subsystem = 3 }, { .subsystem = 4 } },
		{ { .revision = 1 }, { .revision = 2 }, { .revision = 3 }, { .revision = 4 } },
		{ { .subsystem = 1, .revision = 1 },
		  { .subsystem = 1, .revision = 2 },
		  { .subsystem = 1, .revision = 3 },
		  { .subsystem = 1, .revision = 4 } },
		{ { .serial = 1 }, { .serial = 2 }, { .serial = 3 }, { .serial = 4 } },
		{ { .serial = 1ull << 32 },
		  { .serial = 2ull << 32 },
		  { .serial = 3ull << 32 },
		  { .serial = 1 } },
		{ { .serial = 1ull << 32 | 1 },
		  { .serial = 2ull << 32 | 1 },
		  { .serial = 1ull << 32 | 2 },
		  { .serial = 2ull << 32 | 2 } },
		{ { .revision = 1, .serial = 1 },
		  { .revision = 1, .serial = 2 },
		  { .revision = 2, .serial = 1 },
		  { .revision = 2, .serial = 2 } },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		for (int a = 0; a < 4; a++) {
			for (int b = a + 1; b < 4; b++) {
				struct unit kept;

				devices(rows[i], 4);
				assert_true(opens(false, CMDLINE));
				kept = device(a)->unit;
				device(a)->unit = device(b)->unit;
				device(b)->unit = kept;
				make_machine();
				assert_not_brief(false);
			}
		}
	}
}

/* Linux ignores a device with an unknown header layout, and scans behind none with that of a
 * device. */
TEST(the_header_of_a_device_counts)
{
	static const struct unit unit;

	devices(&unit, 1);
	assert_brief();
	for (uint32_t header = 4; header < 0x80; header <<= 1) {
		function_at(1, 0)->regs[PG_REG_HEADER / 4] = header << 16;
		assert_not_brief(false);
	}
}

TEST(another_unit_of_the_model_stops)
{
	static const struct unit unit = { .serial = 1ull << 32 | 1 };
	static const uint64_t serials[] = { 1ull << 32 | 2, 2ull << 32 | 1, 0 };

	for (size_t i = 0; i < PG_ARRAY_SIZE(serials); i++) {
		devices(&unit, 1);
		assert_brief();
		device(0)->unit.serial = serials[i];
		make_machine();
		assert_not_brief(false);
	}
}

/* The first device had a serial number, the second one had none. */
TEST(a_serial_number_that_only_one_device_has_is_compared)
{
	static const struct unit units[] = { { .serial = 1 }, { .serial = 0 } };
	struct unit kept;

	devices(units, 2);
	assert_not_brief(true);
	kept = device(0)->unit;
	device(0)->unit = device(1)->unit;
	device(1)->unit = kept;
	make_machine();
	assert_not_brief(false);
}

/* Each change makes another scan decide. */
TEST(a_difference_leads_to_another_scan)
{
	static const struct unit units[] = { { .subsystem = 0x11001af4 }, { .model = 1 } };
	static const struct {
		uint8_t bus;
		uint8_t devfn;
		uint16_t reg;
		uint32_t value;
	} rows[] = {
		{ 1, 0, PG_REG_ID, 0x10d38087 },	{ 1, 0, PG_REG_ID, 0x10d38086 | 1u << 31 },
		{ 1, 0, PG_REG_ID, 0xffffffff },	{ 1, 0, PG_REG_ID, 0 },
		{ 1, 0, PG_REG_ID, 0xffff0001 },	{ 1, 0, PG_REG_SUBSYSTEM, 0 },
		{ 1, 0, PG_REG_SUBSYSTEM, 0xffffffff }, { 2, 0, PG_REG_CLASS, 1 },
		{ 0, 0x08, PG_REG_BUSES, 0 },		{ 0, 0x08, PG_REG_BUSES, 0x00020100 },
		{ 0, 0x08, PG_REG_BUSES, 0x00010101 },	{ 0, 0x08, PG_REG_BUSES, 0xffffffff },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		devices(units, 2);
		assert_brief();
		function_at(rows[i].bus, rows[i].devfn)->regs[rows[i].reg / 4] = rows[i].value;
		assert_not_brief(false);
	}
}

/* The full scan waits for the device, the brief one does not. */
TEST(the_brief_scan_does_not_wait)
{
	static const struct unit unit;

	devices(&unit, 1);
	function_at(1, 0)->ready_at_ms = 100000;
	assert_false(opens(false, CMDLINE));
	assert_int_equal(config.now_ms, PG_NOT_READY_TOTAL_MS);
}

/* A PCI bridge has a latency timer in bits 24 to 31. Its header shows that it is a bridge. */
TEST(the_header_of_a_bridge_counts)
{
	static const struct unit unit;

	devices(&unit, 1);
	function_at(0, 8)->regs[PG_REG_BUSES / 4] |= 0x40000000;
	assert_brief();
	assert_int_equal(config.reads, 3 + 2);
	function_at(0, 8)->regs[PG_REG_HEADER / 4] = 0;
	assert_not_brief(false);
	function_at(0, 8)->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	assert_not_brief(false);
}

/* The record tells that the bridge leads to CardBus. */
TEST(a_cardbus_bridge_is_not_read_in_brief)
{
	static const struct unit unit;

	devices(&unit, 1);
	own_set(own, "/bridges/bridge@0,8", "cardbus", "", 0);
	record.own.bridges = own_path(own, "/bridges");
	record.own.devices = own_path(own, "/devices");
	record.own.sriov = own_path(own, "/sriov");
	function_at(0, 8)->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	assert_not_brief(false);
}

TEST(enabled_virtual_functions_are_seen)
{
	static const struct unit unit;

	for (int recorded = 0; recorded < 2; recorded++) {
		devices(&unit, 1);
		device(0)->sriov = recorded;
		make_record(COMPLETE);
		function_at(1, 0)->regs[PG_REG_EXTENDED / 4] = 0x00010010;
		assert_brief();
		assert_int_equal(config.reads, 5 + (recorded ? 2 : 0));
		function_at(1, 0)->regs[0x108 / 4] = PG_SRIOV_VF_ENABLE;
		if (recorded)
			assert_not_brief(false);
	}
}

/* The record is not complete enough, or the next kernel finds functions in another way. */
TEST(without_a_complete_record_the_scan_is_not_brief)
{
	static const struct unit unit;
	static const char *const words[] = { CMDLINE " pci=noari", CMDLINE " pci=nommconf",
					     CMDLINE " pci=pcie_scan_all" };

	devices(&unit, 1);
	for (size_t i = 0; i < PG_ARRAY_SIZE(words); i++) {
		assert_true(opens(false, words[i]));
		assert_false(gate.topology.brief);
	}
	record.own.sriov = -1;
	assert_not_brief(true);
	record.own.sriov = own_path(own, "/sriov");
	record.own.partial = true;
	assert_not_brief(true);
	record.own.partial = false;
	record.own.complete = false;
	assert_not_brief(true);
	for (enum content content = LINUX; content < COMPLETE_OLD; content++) {
		make_record(content);
		assert_not_brief(true);
	}
	make_record(COMPLETE);
	assert_brief();
}

/* At a firmware boot, another card of the model may be in the slot. */
TEST(a_firmware_boot_compares_all)
{
	static const struct unit unit = { .revision = 1, .subsystem = 1, .serial = 1 };
	struct pg_record given;
	const struct pg_input input = {
		.source = { .read = pg_read_given, .ctx = &given },
		.config = &config.interface,
		.booted = true,
	};

	devices(&unit, 1);
	given = record;
	pg_gate_run(&input, &workspace, &gate);
	assert_true(gate.verdict.open);
	assert_false(gate.topology.brief);
}

/* Function 0, which is not preserved, leads to function 1. */
TEST(function_0_is_read_unless_it_is_recorded)
{
	for (int preserved = 0; preserved < 2; preserved++) {
		int port, zero;

		again();
		port = add(ON_ROOT, ROOT_PORT, 1, 0);
		zero = add(port, ENDPOINT, 0, 0);
		m.nodes[zero].multifunction = true;
		m.nodes[zero].preserved = preserved;
		preserve(port, 0, 1);
		number_all(0);
		make_record(COMPLETE);
		make_machine();
		assert_brief();
		m.nodes[zero].gone = true;
		make_machine();
		assert_not_brief(false);
		m.nodes[zero].gone = false;
		m.nodes[zero].multifunction = false;
		make_machine();
		assert_not_brief(false);
	}
}

/* The record lists this bridge, but Linux's record does not: no preserved device is below it. */
TEST(a_bridge_without_the_multifunction_bit_hides_function_1)
{
	again();
	m.nodes[add(ON_ROOT, ROOT_PORT, 5, 0)].multifunction = true;
	preserve(ON_ROOT, 5, 1);
	number_all(0);
	make_record(COMPLETE);
	make_machine();
	assert_brief();
	m.nodes[0].multifunction = false;
	make_machine();
	assert_not_brief(false);
}

/* The outgoing kernel had pci=pcie_scan_all, and the next kernel has not. */
TEST(device_1_behind_a_link_is_not_found_again)
{
	preserve(add(ON_ROOT, ROOT_PORT, 1, 0), 1, 0);
	number_all(0);
	make_record(COMPLETE);
	make_machine();
	assert_not_brief(false);
}

/*
 * A switch has many devices on its bus. The types of the ports above are read, three registers for
 * each: behind a link, Linux would find device 0 only.
 */
TEST(ports_of_a_switch_are_found_again)
{
	const int up = add(add(ON_ROOT, ROOT_PORT, 1, 0), UPSTREAM, 0, 0);

	for (uint8_t i = 0; i < 3; i++)
		preserve(add(up, DOWNSTREAM, (uint8_t)(4 * i), 0), 0, 0)->unit.model = i;
	number_all(0);
	make_record(COMPLETE);
	make_machine();
	assert_brief();
	assert_int_equal(config.reads, 3 * 3 + 5 * 2 + 2 * 3);
	m.nodes[up].kind = ROOT_PORT;
	make_machine();
	assert_not_brief(false);
}

/* With ARI, function 0 names the next function. The capability is read. */
TEST(functions_of_a_device_with_ari_are_found_by_the_capability)
{
	const int port = add(ON_ROOT, ROOT_PORT, 1, 0);
	struct node *zero = preserve(port, 0, 0);

	m.nodes[port].ari_on = true;
	zero->ari = true;
	zero->ari_next = 2;
	zero->multifunction = true;
	preserve(port, 0, 2);
	number_all(0);
	make_record(COMPLETE);
	make_machine();
	assert_brief();
	zero->ari_next = 3;
	make_machine();
	assert_not_brief(false);
}

TEST(many_models_are_not_read_in_brief)
{
	for (int nr = 32; nr <= 33; nr++) {
		int port = -1;

		again();
		for (int i = 0; i < nr; i++) {
			if (!(i % 8))
				port = add(ON_ROOT, ROOT_PORT, (uint8_t)(i / 8 + 1), 0);
			preserve(port, 0, i % 8)->unit.model = (uint8_t)i;
			m.nodes[m.nr - 1].multifunction = true;
		}
		number_all(0);
		make_record(COMPLETE);
		make_machine();
		assert_true(opens(false, CMDLINE));
		assert_int_equal(gate.topology.brief, nr == 32);
	}
}
