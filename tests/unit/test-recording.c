// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-recording.c - lib/capture/recording.c and its parts: read the registers for a recording, and
 * write pcigate's own record.
 */
#include "mock-config.h"
#include "mock-memory.h"

#include "../../lib/capture/capture.h"
#include "../../lib/capture/recording.h"
#include <pcigate/gate.h>

#include "../../lib/workspace.h"

#define ENDPOINT 0u

#define ECAM 0xb0000000u
#define OWN_PA 0x2000000u
#define OWN_SIZE 0x4000u

static const struct pg_bdf card_at = { .bus = 3 };
static const struct pg_bdf old_at = { .bus = 4, .devfn = 1 << 3 };

static struct mock_config config;
static struct mock_function *card;
static struct functions functions;
static struct recording recording;
static struct pg_record_root root;
static struct pg_workspace *workspace;
static struct pg_gate gate;

static void add_card(void)
{
	card = mock_device(&config, 3, 0, 0);
	mock_pcie(card, ENDPOINT);
	card->regs[PG_REG_SUBSYSTEM / 4] = 0x12345678;
	card->regs[0x100 / 4] = 0x14010003; /* serial number, next at 0x140 */
	card->regs[0x104 / 4] = 0x55667788;
	card->regs[0x108 / 4] = 0x11223344;
	card->regs[0x140 / 4] = 0x1601000e; /* ARI, next at 0x160 */
	card->regs[0x160 / 4] = 0x00010010; /* SR-IOV */
	card->regs[0x16c / 4] = 8 << 16;    /* 8 virtual functions: offset 0x180, stride 2 */
	card->regs[0x174 / 4] = 2 << 16 | 0x180;
}

/*
 * 00:03.0 root port - 01:00.0 switch - 02:00.0 its port - 03:00.0 card with virtual functions;
 * 00:04.0 bridge with fixed numbers - 04:01.0; 00:05.0 inside the root complex.
 */
static int setup(void **state)
{
	struct mock_function *port;

	mock_config_begin(&config);
	mock_segment(&config, 0, 0, 255);
	mock_root_bus(&config, 0, 0, 0);
	port = mock_bridge(&config, 0, 3, 1, 0, 1, 3);
	mock_pcie(port, PG_EXPRESS_ROOT_PORT);
	port->regs[0x40 / 4] |= 1u << 24; /* slot */
	port->regs[0x54 / 4] = PG_SLOT_HOTPLUG_CAPABLE;
	port->regs[0x64 / 4] = PG_ARI_FORWARDING;
	port->regs[0x68 / 4] = PG_ARI_FORWARDING;
	mock_pcie(mock_bridge(&config, 1, 0, 2, 1, 2, 3), PG_EXPRESS_UPSTREAM);
	mock_pcie(mock_bridge(&config, 2, 0, 3, 2, 3, 3), PG_EXPRESS_DOWNSTREAM);
	add_card();
	port = mock_bridge(&config, 0, 4, 4, 0, 4, 4);
	mock_capability(port, 0x80, PG_CAPABILITY_EA, 0x0404);
	mock_device(&config, 4, 1, 0);
	mock_pcie(mock_device(&config, 0, 5, 0), PG_EXPRESS_INTEGRATED);

	root = (struct pg_record_root){ .last = 0x7f, .ecam = ECAM, .ecam_buses = 0x80 };
	functions.list = calloc(FUNCTIONS_MAX, sizeof(*functions.list));
	workspace = malloc(sizeof(*workspace));
	recording = (struct recording){
		.config = &config.interface,
		.functions = &functions,
		.nr_roots = 1,
		.roots = &root,
		.complete = true,
		.description = "a test",
		.cmdline = RECORDING_WORDS,
	};
	return functions.list && workspace ? 0 : -1;
}

static int teardown(void **state)
{
	free(workspace);
	free(functions.list);
	mock_config_end(&config);
	return 0;
}

static void *make(size_t *size)
{
	const char *error = NULL;
	void *fdt;

	assert_null(functions_find(&config.interface, &root, 1, &functions));
	config.reads = 0;
	fdt = recording_make(&recording, size, &error);
	assert_string_equal(error ? error : "", "");
	assert_non_null(fdt);
	return fdt;
}

/* Fails if the pipeline reads a register that was not read for the recording. */
static void read_by_pipeline(struct capture *capture, const char *cmdline)
{
	static struct mock_read recorded[MOCK_LOG];
	const struct pg_memory memory = capture_memory(capture);
	struct pg_handover handover = { .memory = &memory,
					.setup_data_pa = capture->setup_data_pa };
	const struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config.interface,
		.cmdline = cmdline,
		.cmdline_len = strlen(cmdline),
		.everything = true,
	};
	const unsigned int nr = config.reads;

	memcpy(recorded, config.log, sizeof(recorded));
	config.reads = 0;
	pg_gate_run(&input, workspace, &gate);
	assert_int_equal(gate.verdict.record, PG_OK);
	assert_true(config.reads > 0);
	for (unsigned int i = 0; i < config.reads; i++) {
		bool found = functions_at(&functions, config.log[i].at) == PG_NONE;

		for (unsigned int k = 0; k < nr && !found; k++)
			found = pg_bdf_equal(recorded[k].at, config.log[i].at) &&
				recorded[k].reg == config.log[i].reg;
		/* A function without PCI Express has no extended registers to record. */
		if (!found && config.log[i].reg == PG_REG_EXTENDED)
			found = pg_bdf_equal(config.log[i].at, old_at) || config.log[i].at.bus == 0;
		if (!found)
			fail_msg("%02x:%02x.%x register 0x%x is not recorded (%s)",
				 config.log[i].at.bus, config.log[i].at.devfn >> 3,
				 config.log[i].at.devfn & 7, config.log[i].reg, cmdline);
	}
	memcpy(config.log, recorded, sizeof(recorded));
	config.reads = nr;
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(all_registers_that_the_pipeline_reads_are_recorded)
{
	static const char *const lines[] = {
		RECORDING_WORDS,
		RECORDING_WORDS " pci=assign-busses",
		RECORDING_WORDS " pci=pcie_scan_all",
		RECORDING_WORDS " pci=noari,assign-busses",
		RECORDING_WORDS " pci=nommconf",
	};
	struct capture_error error = { "" };
	struct capture *capture;
	size_t size = 0;
	void *fdt;

	fdt = make(&size);
	capture = capture_parse(fdt, size, &error);
	free(fdt);
	assert_non_null(capture);
	for (size_t i = 0; i < PG_ARRAY_SIZE(lines); i++)
		read_by_pipeline(capture, lines[i]);
	capture_free(capture);
}

TEST(no_other_register_is_read)
{
	size_t size = 0;

	free(make(&size));
	assert_int_equal(functions.nr, 7);
	for (uint16_t reg = 0x10; reg < 0x2c; reg = (uint16_t)(reg + 4))
		assert_int_equal(mock_reads_of(&config, card_at, reg), 0);
	/* Only bridges use more registers of the PCI Express capability. */
	assert_int_equal(mock_reads_of(&config, card_at, 0x40), 1);
	for (uint16_t reg = 0x44; reg < 0x100; reg = (uint16_t)(reg + 4))
		assert_int_equal(mock_reads_of(&config, card_at, reg), 0);
	/* Only pcigate diff uses NumVFs. */
	assert_int_equal(mock_reads_of(&config, card_at, 0x170), 1);
	assert_int_equal(mock_reads_of(&config, card_at, 0x174), 1);
	assert_int_equal(mock_reads_of(&config, card_at, 0x178), 0);
	for (uint16_t reg = 0x100; reg < 0x1000; reg = (uint16_t)(reg + 4))
		assert_int_equal(mock_reads_of(&config, old_at, reg), 0);
	assert_int_equal(config.reads, recording.reads);
}

static void read_own(const void *fdt, size_t size, struct pg_record *record)
{
	const struct pg_blob blob = { .present = true, .pa = OWN_PA, .size = size };
	struct mock_memory memory;
	struct pg_finding finding;

	assert_true(size <= OWN_SIZE);
	mock_memory_begin(&memory);
	memcpy(mock_memory_add(&memory, OWN_PA, OWN_SIZE), fdt, size);
	*record = (struct pg_record){ 0 };
	assert_int_equal(pg_record_read_gate_fdt(&memory.interface, &blob, record, &finding),
			 PG_OK);
	record->own.fdt = fdt;
	mock_memory_end(&memory);
}

static void *make_own(size_t *size, struct pg_record *record)
{
	const char *error = NULL;
	void *fdt;

	assert_null(functions_find(&config.interface, &root, 1, &functions));
	functions.list[functions_at(&functions, card_at)].translated = 0;
	config.reads = 0;
	fdt = recording_make_own(&recording, size, &error);
	assert_string_equal(error ? error : "", "");
	assert_int_equal(config.reads, 0);
	read_own(fdt, *size, record);
	return fdt;
}

TEST(own_record_has_root_buses_and_bridges)
{
	struct pg_gate_bridge bridge;
	struct pg_record record;
	size_t size = 0;
	void *fdt = make_own(&size, &record);

	assert_true(record.own.complete);
	assert_true(record.own.crc);
	assert_int_equal(record.nr_roots, 1);
	assert_int_equal(record.roots[0].last, 0x7f);
	assert_int_equal(record.roots[0].ecam, ECAM);
	assert_int_equal(record.roots[0].ecam_buses, 0x80);
	assert_true(record.roots[0].no_slots);
	assert_true(pg_gate_find_bridge(&record.own, pg_bdf(0, 0, 3 << 3), &bridge));
	assert_true(bridge.link && bridge.ari && !bridge.no_slots);
	assert_int_equal(bridge.secondary, 1);
	assert_int_equal(bridge.subordinate, 3);
	assert_int_equal(bridge.preserved, 1);
	assert_true(pg_gate_find_bridge(&record.own, pg_bdf(0, 1, 0), &bridge));
	assert_true(bridge.no_slots && !bridge.link && !bridge.ari);
	assert_true(pg_gate_find_bridge(&record.own, pg_bdf(0, 2, 0), &bridge));
	assert_true(bridge.link && !bridge.no_slots);
	assert_true(pg_gate_find_bridge(&record.own, pg_bdf(0, 0, 4 << 3), &bridge));
	assert_true(!bridge.link && !bridge.no_slots);
	free(fdt);
}

TEST(own_record_has_devices_and_virtual_functions)
{
	struct pg_gate_device device = { .node = -1 };
	struct pg_gate_sriov sriov = { .node = -1 };
	struct pg_record record;
	size_t size = 0;
	void *fdt = make_own(&size, &record);

	assert_true(pg_gate_next_device(&record.own, &device)); /* 00:05.0 */
	assert_false(device.untranslated);
	assert_int_equal(device.depth, 0);
	assert_true(pg_gate_next_device(&record.own, &device));
	assert_true(pg_bdf_equal(device.at, card_at));
	assert_true(device.untranslated);
	assert_int_equal(device.depth, 3);
	assert_int_equal(device.identity.subsystem, 0x12345678);
	assert_true(device.identity.serial == 0x1122334455667788);
	assert_true(pg_gate_next_device(&record.own, &device)); /* 04:01.0 */
	assert_false(device.identity.has_serial);
	assert_false(pg_gate_next_device(&record.own, &device));
	/* The last one is 0x180 + 2 * 7 = 0x18e, on the next bus. */
	assert_true(pg_gate_next_sriov(&record.own, &sriov));
	assert_true(pg_bdf_equal(sriov.at, card_at));
	assert_int_equal(sriov.buses, 1);
	assert_false(pg_gate_next_sriov(&record.own, &sriov));
	free(fdt);
}

/* Offset and stride may be 0 as long as no virtual function is enabled. */
TEST(virtual_functions_at_unknown_places_need_all_buses)
{
	static const uint32_t places[] = { 0, 0x180, 2 << 16 };

	for (size_t i = 0; i < PG_ARRAY_SIZE(places); i++) {
		struct pg_gate_sriov sriov = { .node = -1 };
		struct pg_record record;
		size_t size = 0;
		void *fdt;

		card->regs[0x174 / 4] = places[i];
		fdt = make_own(&size, &record);
		assert_true(pg_gate_next_sriov(&record.own, &sriov));
		assert_int_equal(sriov.buses, 0xff);
		free(fdt);
	}
}

TEST(a_record_can_be_incomplete)
{
	struct pg_record record;
	size_t size = 0;

	recording.complete = false;
	free(make_own(&size, &record));
	assert_false(record.own.complete);
}

/* The writer allocates enough for the largest nodes. */
TEST(largest_nodes_fit)
{
	const char *error = NULL;
	size_t size = 0;
	void *fdt;

	config.nr = 0;
	for (uint8_t device = 0; device < 32; device++) {
		for (uint8_t function = 0; function < 8; function++) {
			add_card();
			card->wire = 0;
			card->devfn = pg_devfn(device, function);
			mock_multifunction(card);
		}
	}
	assert_null(functions_find(&config.interface, &root, 1, &functions));
	assert_int_equal(functions.nr, 256);
	for (uint32_t i = 0; i < functions.nr; i++)
		functions.list[i].translated = 1;
	fdt = recording_make_own(&recording, &size, &error);
	assert_non_null(fdt);
	free(fdt);
}
