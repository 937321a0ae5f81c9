// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-efi-recording.c - lib/capture/found.c, recording.c and boot/efi/moved.c: records a machine,
 * judges it by the capture, changes the machine, and looks for the devices that moved.
 */
#include "mock-config.h"

#include "lines.h"

#include "../../lib/capture/capture.h"
#include "../../lib/capture/recording.h"
#include <pcigate/gate.h>

#include "../../lib/workspace.h"
#include "moved.h"

#define CLASS_NET 0x02000000u

static struct mock_config config;
static struct functions functions;
static struct pg_record_root roots[2] = { { .segment = 0, .first = 0, .last = 9 } };
static uint32_t nr_roots = 1;
static struct pg_workspace *workspace;
static struct pg_gate gate;
static struct capture *capture;

static int setup(void **state)
{
	mock_config_begin(&config);
	mock_segment(&config, 0, 0, 255);
	mock_root_bus(&config, 0, 0, 0);
	nr_roots = 1;
	functions.list = calloc(FUNCTIONS_MAX, sizeof(*functions.list));
	workspace = malloc(sizeof(*workspace));
	capture = NULL;
	return functions.list && workspace ? 0 : -1;
}

static int teardown(void **state)
{
	capture_free(capture);
	free(workspace);
	free(functions.list);
	mock_config_end(&config);
	return 0;
}

static struct mock_function *add_port(uint8_t device, int wire, uint8_t secondary)
{
	struct mock_function *port = mock_bridge(&config, 0, device, wire, 0, secondary, secondary);

	mock_pcie(port, PG_EXPRESS_ROOT_PORT);
	return port;
}

static struct mock_function *add_card(int wire, uint32_t id, uint64_t serial)
{
	struct mock_function *card = mock_device(&config, wire, 0, 0);

	card->regs[PG_REG_ID / 4] = id;
	card->regs[PG_REG_CLASS / 4] = CLASS_NET;
	card->regs[PG_REG_SUBSYSTEM / 4] = 0x12345678;
	mock_pcie(card, 0);
	if (serial) {
		card->regs[0x100 / 4] = 0x00010003;
		card->regs[0x104 / 4] = (uint32_t)serial;
		card->regs[0x108 / 4] = (uint32_t)(serial >> 32);
	}
	return card;
}

static void find(void)
{
	assert_null(functions_find(&config.interface, roots, nr_roots, &functions));
}

static const char *record_these(const struct pg_bdf *addresses, uint32_t nr,
				struct recording *recording)
{
	struct capture_error error = { "" };
	const char *words = NULL;
	size_t size = 0;
	void *fdt;

	find();
	*recording = (struct recording){
		.config = &config.interface,
		.functions = &functions,
		.nr_roots = nr_roots,
		.roots = roots,
		.nr_addresses = nr,
		.addresses = addresses,
		.complete = true,
		.description = "a test",
		.cmdline = RECORDING_WORDS,
	};
	fdt = recording_make(recording, &size, &words);
	if (!fdt)
		return words;
	capture_free(capture);
	capture = capture_parse(fdt, size, &error);
	assert_string_equal(error.text, capture ? "out of memory" : "");
	free(fdt);
	assert_non_null(capture);
	return NULL;
}

/* Like main.c, takes the record from the capture, and the root buses from the machine. */
static enum pg_reason read_record(void *ctx, const struct pg_policy *policy,
				  struct pg_record *record, struct pg_record_entry *entries,
				  struct pg_finding *finding)
{
	const struct pg_memory memory = capture_memory(capture);

	(void)ctx;
	(void)policy;
	assert_int_equal(pg_record_read(&memory, capture->setup_data_pa, record, entries,
					PG_MAX_RECORDED, finding),
			 PG_OK);
	assert_int_equal(record->state, PG_RECORD_DEVICES);
	record->nr_roots = nr_roots;
	memcpy(record->roots, roots, sizeof(roots));
	return PG_OK;
}

static void judge(void)
{
	const struct pg_input input = {
		.source = { .read = read_record },
		.config = &config.interface,
		.everything = true,
		.booted = true,
	};

	pg_gate_run(&input, workspace, &gate);
	find();
}

static uint32_t moved(struct lines *lines)
{
	lines_begin(lines);
	return moved_report(&lines->printer, &gate.record, &gate.topology, &functions,
			    &gate.verdict);
}

static bool lines_have(const struct lines *lines, const char *text)
{
	for (unsigned int i = 0; i < lines->nr; i++) {
		if (!strcmp(lines->text[i], text))
			return true;
	}
	return false;
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(all_functions_are_found)
{
	struct mock_function *multi;

	add_port(3, 1, 1);
	add_card(1, 0x10d38086, 0x1122334455667788);
	multi = mock_device(&config, 0, 0x1f, 0);
	mock_multifunction(multi);
	mock_device(&config, 0, 0x1f, 3);
	mock_device(&config, 0, 0x1e, 3); /* not found without function 0 */
	find();
	assert_int_equal(functions.nr, 4);
	assert_true(pg_bdf_equal(functions.list[0].at, pg_bdf(0, 0, 3 << 3)));
	assert_true(pg_bdf_equal(functions.list[2].at, pg_bdf(0, 0, 0x1f << 3 | 3)));
	assert_true(pg_bdf_equal(functions.list[3].at, pg_bdf(0, 1, 0)));
	assert_int_equal(functions.list[3].parent, 0);
	assert_true(functions.list[3].identity.has_serial);
	assert_true(functions.list[3].identity.serial == 0x1122334455667788);
	assert_int_equal(functions.list[3].identity.subsystem, 0x12345678);
	assert_int_equal(functions_at(&functions, pg_bdf(0, 1, 0)), 3);
	assert_int_equal(functions_at(&functions, pg_bdf(0, 2, 0)), PG_NONE);
}

TEST(a_link_leads_to_one_device)
{
	add_port(3, 1, 1);
	mock_device(&config, 1, 0, 0);
	mock_device(&config, 1, 1, 0);		/* not found */
	mock_bridge(&config, 0, 4, 2, 0, 2, 2); /* a PCI bridge, with a bus behind it */
	mock_device(&config, 2, 1, 0);
	find();
	assert_int_equal(functions.nr, 4);
	assert_int_equal(functions_at(&functions, pg_bdf(0, 1, 1 << 3)), PG_NONE);
	assert_int_not_equal(functions_at(&functions, pg_bdf(0, 2, 1 << 3)), PG_NONE);
}

/* These bridges lead to the same bus, to their own bus, or back to bus 0. */
TEST(no_bus_is_searched_twice)
{
	mock_bridge(&config, 0, 1, 1, 0, 1, 5);
	mock_bridge(&config, 0, 2, 1, 0, 1, 5);
	mock_bridge(&config, 1, 0, 0, 1, 0, 255);
	mock_bridge(&config, 1, 1, 1, 1, 1, 1);
	find();
	assert_int_equal(functions.nr, 4);
}

TEST(without_addresses_all_devices_are_recorded)
{
	struct recording recording;

	add_port(3, 1, 1);
	add_card(1, 0x10d38086, 0x1122334455667788);
	add_port(4, 2, 2);
	mock_device(&config, 0, 0x1f, 0);
	assert_null(record_these(NULL, 0, &recording));
	assert_int_equal(recording.devices, 2);
	assert_int_equal(recording.bridges, 1);
	judge();
	assert_true(gate.verdict.open);
	assert_int_equal(gate.verdict.keep, 2);
	assert_int_equal(gate.verdict.bridges, 1);
	assert_true(gate.record.own.present);
	assert_true(gate.record.own.complete);
}

/* The command takes memory and config space from the capture. */
TEST(the_command_opens_for_a_recording)
{
	struct recording recording;
	struct pg_handover handover;
	struct pg_input input;
	struct pg_memory memory;
	struct pg_config recorded;
	uint32_t value;

	add_port(3, 1, 1);
	add_card(1, 0x10d38086, 0x1122334455667788);
	assert_null(record_these(&(struct pg_bdf){ .bus = 1 }, 1, &recording));
	memory = capture_memory(capture);
	recorded = capture_config(capture);
	handover =
		(struct pg_handover){ .memory = &memory, .setup_data_pa = capture->setup_data_pa };
	input = (struct pg_input){
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &recorded,
		.cmdline = capture->cmdline,
		.cmdline_len = strlen(capture->cmdline),
	};
	pg_gate_run(&input, workspace, &gate);
	assert_true(gate.verdict.open);
	assert_false(gate.verdict.by_policy);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(recorded.read(recorded.ctx, pg_bdf(0, 1, 0), 0x108, &value), PG_ACCESS_OK);
	assert_int_equal(value, 0x11223344);
}

/* The log of the mock is too short for the next test. */
static enum pg_access read_unlogged(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	config.reads = 0;
	return mock_read(ctx, at, reg, value);
}

TEST(many_devices_take_many_blocks)
{
	struct recording recording;

	/* 2 buses with 32 devices of 8 functions are more than the 510 entries of one block. */
	mock_bridge(&config, 0, 0, 1, 0, 1, 1);
	mock_multifunction(&config.functions[0]);
	for (int wire = 0; wire < 2; wire++) {
		for (uint8_t device = 0; device < 32; device++) {
			for (uint8_t function = 0; function < 8; function++) {
				if (wire || device || function)
					mock_multifunction(
						mock_device(&config, wire, device, function));
			}
		}
	}
	config.interface.read = read_unlogged;
	assert_null(record_these(NULL, 0, &recording));
	assert_int_equal(functions.nr, 512);
	assert_int_equal(recording.devices, 511);
	judge();
	assert_true(gate.verdict.open);
	assert_int_equal(gate.verdict.keep, 511);
}

TEST(impossible_recordings_are_refused)
{
	const struct pg_bdf twice[] = { { .bus = 1 }, { .bus = 1 } };
	struct recording recording;

	assert_string_equal(record_these(NULL, 0, &recording), "no device answers");
	add_port(3, 1, 1);
	add_card(1, 0x10d38086, 0);
	assert_string_equal(record_these(&(struct pg_bdf){ .bus = 2 }, 1, &recording),
			    "nothing answers at");
	assert_int_equal(recording.at_fault.bus, 2);
	assert_string_equal(record_these(&(struct pg_bdf){ .devfn = 3 << 3 }, 1, &recording),
			    "a bridge, which is recorded with the devices below it:");
	assert_string_equal(record_these(twice, 2, &recording), "given twice:");
}

TEST(an_unreadable_register_stays_unreadable)
{
	struct mock_function *function = mock_device(&config, 0, 3, 0);
	struct recording recording;
	struct pg_config recorded;
	uint32_t value;

	mock_capability(function, 0xf8, 0xff, 0);
	function->unreadable_from = 0xf8;
	assert_null(record_these(NULL, 0, &recording));
	recorded = capture_config(capture);
	assert_int_equal(recorded.read(recorded.ctx, pg_bdf(0, 0, 3 << 3), 0xf8, &value),
			 PG_ACCESS_UNREADABLE);
	assert_int_equal(recorded.read(recorded.ctx, pg_bdf(0, 0, 3 << 3), 0xf4, &value),
			 PG_ACCESS_OK);
}

/* A new port before both ports takes the first bus number. */
TEST(equal_cards_are_distinguished_by_their_slots)
{
	struct mock_function *first = add_port(3, 1, 1), *second = add_port(4, 2, 2);
	struct recording recording;
	struct lines lines;

	add_card(1, 0x10d38086, 0);
	add_card(2, 0x10d38086, 0);
	assert_null(record_these(NULL, 0, &recording));
	add_port(2, 3, 1);
	mock_buses(first, 0, 2, 2);
	mock_buses(second, 0, 3, 3);
	judge();
	assert_false(gate.verdict.open);
	assert_int_equal(gate.verdict.record, PG_OK);
	assert_int_equal(moved(&lines), 2);
	assert_int_equal(gate.verdict.move, 2);
	assert_int_equal(gate.verdict.unverified, 0);
	assert_true(lines_have(
		&lines,
		"pcigate: 0000:01:00.0 is now at 0000:02:00.0, in the same slot [device-moved]"));
	assert_true(lines_have(
		&lines,
		"pcigate: 0000:02:00.0 is now at 0000:03:00.0, in the same slot [device-moved]"));
}

TEST(a_card_in_another_slot_is_found)
{
	struct mock_function *card;
	struct recording recording;
	struct lines lines;

	add_port(3, 1, 1);
	add_port(4, 2, 2);
	card = add_card(1, 0x10d38086, 0x77);
	assert_null(record_these(NULL, 0, &recording));
	card->wire = 2;
	judge();
	assert_int_equal(moved(&lines), 1);
	assert_true(lines_have(
		&lines,
		"pcigate: 0000:01:00.0 is now at 0000:02:00.0, in another slot [device-moved]"));
}

TEST(equal_candidates_are_all_named)
{
	struct mock_function *card;
	struct recording recording;
	struct lines lines;

	add_port(3, 1, 1);
	add_port(4, 2, 2);
	add_port(5, 3, 3);
	card = add_card(1, 0x10d38086, 0);
	assert_null(record_these(NULL, 0, &recording));
	card->wire = 2;
	add_card(3, 0x10d38086, 0);
	judge();
	assert_int_equal(moved(&lines), 0);
	assert_int_equal(gate.verdict.unverified, 1);
	assert_true(lines_have(
		&lines,
		"pcigate: 0000:01:00.0 may be at 0000:02:00.0 or 0000:03:00.0: same identity"));
}

TEST(a_device_that_stayed_is_no_candidate)
{
	struct mock_function *card;
	struct recording recording;
	struct lines lines;

	add_port(3, 1, 1);
	add_port(4, 2, 2);
	card = add_card(1, 0x10d38086, 0);
	add_card(2, 0x10d38086, 0);
	assert_null(record_these(NULL, 0, &recording));
	card->wire = 99;
	judge();
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(moved(&lines), 0);
	assert_true(lines_have(&lines, "pcigate: 0000:01:00.0 was 8086:10d3, not found"));
}

TEST(another_card_of_the_same_model_is_noticed)
{
	struct mock_function *card;
	struct recording recording;
	struct lines lines;

	add_port(3, 1, 1);
	card = add_card(1, 0x10d38086, 0x1122334455667788);
	assert_null(record_these(NULL, 0, &recording));
	card->regs[0x104 / 4]++;
	judge();
	assert_false(gate.verdict.open);
	assert_int_equal(moved(&lines), 0);
	assert_true(lines_have(
		&lines,
		"pcigate: 0000:01:00.0 was 8086:10d3, now another 8086:10d3 answers there"));
	assert_true(lines_have(&lines, "pcigate: 0000:01:00.0 was 8086:10d3, serial number "
				       "1122334455667788, not found"));
}
