// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-host.c - lib/record/host.c: a record of user space, with and without Live Update.
 */
#include "gate-fdt-writer.h"
#include "gate-fixture.h"
#include "lines.h"

#define NO_IDENTITIES "no identities recorded: devices may have been exchanged or replaced"
#define PORT 0x0018u
#define CARD 0x0300u
#define ONBOARD 0x0028u
#define SECOND_PORT 0x0028u
#define SECOND_CARD 0x0400u
#define KERNELS_PA 0x7800000u

static uint8_t tree[OWN_BYTES];
static uint8_t *own;

static void begin(void)
{
	own_begin(tree, true);
	OWN_CELLS(tree, "crc32c", 0);
	own_node(tree, "host-bridges");
	own_root(tree, 0, 0, 255);
	own_end(tree);
	own_node(tree, "bridges");
	own_bridge(tree, 0, PORT, 3, 1);
	own_end(tree);
	own_node(tree, "devices");
}

static uint32_t crc_offset(void)
{
	return (uint32_t)((const uint8_t *)fdt_getprop(tree, 0, "crc32c", NULL) - tree);
}

static void set_crc(size_t size)
{
	own_set_cell(tree, "/", "crc32c", 0, 0);
	own_set_cell(tree, "/", "crc32c", 0, pg_gate_crc(tree, size, crc_offset()));
}

/* Ends the tree, sets its checksum and copies it into memory. */
static size_t finish(void)
{
	own_end(tree);
	own_finish(tree);
	assert_int_equal(fdt_pack(tree), 0);
	set_crc(fdt_totalsize(tree));
	own = mock_memory_add(&memory, OWN_PA, fdt_totalsize(tree));
	memcpy(own, tree, fdt_totalsize(tree));
	return fdt_totalsize(tree);
}

static size_t with_card(void)
{
	begin();
	own_device(tree, 0, CARD, (const uint32_t[]){ PORT }, 1);
	return finish();
}

/* What MCFG says; own_root() records the window at 0xb0000000. */
static uint64_t mcfg;

static uint64_t find_window(uint32_t segment, uint8_t bus)
{
	assert_int_equal(segment, 0);
	assert_int_equal(bus, 0);
	return mcfg;
}

static void run_host(const char *cmdline, uint64_t setup_data_pa, size_t size)
{
	struct pg_host_record host = {
		.handover = { .memory = &memory.interface, .setup_data_pa = setup_data_pa },
		.tree = { .present = true, .pa = OWN_PA, .size = size },
		.window = find_window,
	};
	const struct pg_input input = {
		.source = { .read = pg_read_host, .ctx = &host },
		.config = &config.interface,
		.cmdline = cmdline,
		.cmdline_len = strlen(cmdline),
	};

	pg_gate_run(&input, &workspace, &gate);
}

GATE_TEST(a_record_without_kho_is_judged)
{
	struct lines lines;

	run_host("console=ttyS0", 0, with_card());
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.nr, 2);
	assert_int_equal(gate.verdict.keep, 1);
	assert_int_equal(gate.verdict.bridges, 1);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_string_equal(lines.text[0], "pcigate: record of user space: 1 device, 1 bridge");
	assert_string_equal(lines.text[1], "pcigate: 0000:03:00.0 keeps its address");
	assert_int_equal(lines.nr, 2);
}

GATE_TEST(a_cleared_bridge_stops_without_live_update)
{
	mock_buses(port, 0, 0, 0);
	run_host("console=ttyS0", 0, with_card());
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.move, 1);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_BRIDGE_RESET);
}

/* Live Update records no identities, so those of the other record count. */
GATE_TEST(another_device_stops)
{
	size_t size;

	begin();
	own_device(tree, 0, CARD, (const uint32_t[]){ PORT }, 1);
	/* mock_device() has another device ID. */
	size = finish();
	own_set_cell(tree, "/devices/device@0,300", "id", 1, 0x10d4);
	set_crc(size);
	memcpy(own, tree, size);
	run_host("kho=on liveupdate=on", SETUP_PA, size);
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_DEVICE_DIFFERENT);
}

GATE_TEST(both_records_are_judged_together)
{
	struct lines lines;

	run_host("kho=on liveupdate=on", SETUP_PA, with_card());
	assert_verdict(true, false, PG_OK);
	assert_false(gate.record.without_liveupdate);
	assert_false(gate.record.own.partial);
	assert_int_equal(gate.record.nr, 2);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_string_equal(lines.text[0], "pcigate: KHO kho-v4, LUO luo-v5, PCI 2, user space: "
					   "1 device, 1 bridge");
	assert_int_equal(lines.nr, 2);
}

/* The kernel has pcigate's own record, but Live Update preserves nothing. */
GATE_TEST(a_record_of_the_kernel_without_devices_does_not_count)
{
	uint8_t *kernels = mock_memory_add(&memory, KERNELS_PA, OWN_BYTES);

	fdt_begin_kho(fdt);
	fdt_child(fdt, "pci-topology", KERNELS_PA, OWN_BYTES);
	fdt_end(fdt);
	own_begin(kernels, false);
	own_node(kernels, "host-bridges");
	own_root(kernels, 0, 0, 255);
	own_end(kernels);
	own_node(kernels, "bridges");
	own_end(kernels);
	own_node(kernels, "devices");
	own_end(kernels);
	own_answer(kernels);
	own_finish(kernels);
	mock_buses(port, 0, 0, 0);
	run_host("kho=on liveupdate=on", SETUP_PA, with_card());
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.move, 1);
	assert_true(gate.record.own.host);
}

GATE_TEST(live_update_still_needs_its_parameters)
{
	run_host("console=ttyS0", SETUP_PA, with_card());
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.judgements[1].reason, PG_NEXT_WITHOUT_KHO);
}

/* The record names a device on the root bus; Live Update preserves the card. */
GATE_TEST(a_device_preserved_later_is_judged_by_its_address)
{
	struct lines lines;

	mock_device(&config, 0, 5, 0);
	begin();
	own_device(tree, 0, ONBOARD, NULL, 0);
	run_host("kho=on liveupdate=on", SETUP_PA, finish());
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.nr, 3);
	assert_int_equal(gate.verdict.devices, 2);
	assert_int_equal(gate.verdict.bridges, 1);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_string_equal(lines.text[lines.nr - 1],
			    "pcigate: preserved after the record of user space: identity not "
			    "compared");
}

GATE_TEST(a_device_preserved_later_that_moves_stops)
{
	mock_device(&config, 0, 5, 0);
	mock_buses(port, 0, 0, 0);
	begin();
	own_device(tree, 0, ONBOARD, NULL, 0);
	run_host("kho=on liveupdate=on", SETUP_PA, finish());
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.devices, 2);
	assert_int_equal(gate.verdict.move, 1);
	assert_int_equal(gate.verdict.keep, 1);
}

/*
 * Live Update preserves two equal cards behind two ports, which then exchange their bus numbers.
 * The record of user space has the cards, or another device.
 */
static void with_exchanged_ports(bool preserved_later)
{
	struct mock_function *second = mock_bridge(&config, 0, 5, 1, 0, 4, 4);

	mock_pcie(second, 4);
	mock_device(&config, 1, 0, 0);
	mock_device(&config, 0, 6, 0);
	put_dev(2, SECOND_CARD, 1);
	put_dev(3, SECOND_PORT, 1);
	put64(block + 8, 4);
	put32(pci + 4, 4);
	own_begin(tree, true);
	OWN_CELLS(tree, "crc32c", 0);
	own_node(tree, "host-bridges");
	own_root(tree, 0, 0, 255);
	own_end(tree);
	own_node(tree, "bridges");
	own_bridge(tree, 0, PORT, 3, 1);
	own_bridge(tree, 0, SECOND_PORT, 4, 1);
	own_end(tree);
	own_node(tree, "devices");
	if (preserved_later) {
		own_device(tree, 0, 0x30, NULL, 0);
	} else {
		own_device(tree, 0, CARD, (const uint32_t[]){ PORT }, 1);
		own_device(tree, 0, SECOND_CARD, (const uint32_t[]){ SECOND_PORT }, 1);
	}
	finish();
	mock_buses(port, 0, 4, 4);
	mock_buses(second, 0, 3, 3);
}

static void assert_both_unverified(void)
{
	assert_verdict(false, false, PG_OK);
	assert_int_equal(gate.verdict.unverified, 2);
	assert_int_equal(gate.verdict.judgements[gate.record.nr - 1].reason, PG_PATH_DIFFERS);
	assert_int_equal(gate.verdict.judgements[gate.record.nr - 2].reason, PG_PATH_DIFFERS);
}

GATE_TEST(devices_that_exchanged_places_stop)
{
	with_exchanged_ports(false);
	run_host("kho=on liveupdate=on", SETUP_PA, fdt_totalsize(tree));
	assert_both_unverified();
	run_host("console=ttyS0", 0, fdt_totalsize(tree));
	assert_both_unverified();
}

/* The record of user space has the ports, but not these devices. */
GATE_TEST(devices_preserved_later_that_exchanged_places_stop)
{
	with_exchanged_ports(true);
	run_host("kho=on liveupdate=on", SETUP_PA, fdt_totalsize(tree));
	assert_true(gate.record.own.partial);
	assert_both_unverified();
}

/* Linux's record alone does not show it, and the report says so. */
GATE_TEST(exchanged_places_without_another_record)
{
	struct lines lines;

	with_exchanged_ports(false);
	run("kho=on liveupdate=on");
	assert_verdict(true, false, PG_OK);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_line(&lines, lines.nr - 1, NO_IDENTITIES);
}

/* An image that was made without a record has a tree with facts about the next kernel. */
GATE_TEST(a_tree_without_root_buses_is_no_record)
{
	struct lines lines;

	own_begin(tree, false);
	OWN_CELLS(tree, "crc32c", 0);
	own_node(tree, "host-bridges");
	own_end(tree);
	own_node(tree, "bridges");
	own_end(tree);
	own_node(tree, "devices");
	run_host("kho=on liveupdate=on", SETUP_PA, finish());
	assert_verdict(true, false, PG_OK);
	lines_begin(&lines);
	pg_report(&lines.printer, &gate);
	assert_line(&lines, 0, "KHO kho-v4, LUO luo-v5, PCI 2: 1 device, 1 bridge");
	assert_line(&lines, 2, NO_IDENTITIES);
	run_host("console=ttyS0", 0, fdt_totalsize(tree));
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_KHO);
}

GATE_TEST(an_empty_record_opens)
{
	begin();
	run_host("console=ttyS0", 0, finish());
	assert_verdict(true, false, PG_OK);
	assert_int_equal(gate.record.state, PG_RECORD_NO_KHO);
}

GATE_TEST(a_wrong_checksum_stops)
{
	const size_t size = with_card();

	own[crc_offset()] ^= 1;
	run_host("console=ttyS0", 0, size);
	assert_verdict(false, false, PG_RECORD_MALFORMED);
	assert_string_equal(gate.verdict.finding.field, "pcigate FDT crc32c");
}

GATE_TEST(a_malformed_bridge_stops)
{
	size_t size;

	begin();
	size = finish();
	/* bus-numbers has two cells, not three. */
	own_set(tree, "/bridges/bridge@0,18", "bus-numbers", "\0\0\0\0\0\0\0", 8);
	set_crc(size);
	memcpy(own, tree, size);
	run_host("console=ttyS0", 0, size);
	assert_verdict(false, false, PG_RECORD_MALFORMED);
	assert_string_equal(gate.verdict.finding.field, "pcigate/bridges node");
}

GATE_TEST(a_record_without_checksum_stops)
{
	size_t size;

	begin();
	size = finish();
	assert_int_equal(fdt_nop_property(tree, 0, "crc32c"), 0);
	memcpy(own, tree, size);
	run_host("console=ttyS0", 0, size);
	assert_verdict(false, false, PG_RECORD_MALFORMED);
	assert_string_equal(gate.verdict.finding.text, "missing");
}

/* The front end found the image or the initrd damaged. */
GATE_TEST(a_damaged_image)
{
	struct pg_host_record host = {
		.handover = { .memory = &memory.interface, .setup_data_pa = SETUP_PA },
		.damage = { .reason = PG_RECORD_MALFORMED, .field = "record in the initrd: size" },
	};
	const struct pg_input input = {
		.source = { .read = pg_read_host, .ctx = &host },
		.config = &config.interface,
		.cmdline = "kho=on liveupdate=on",
		.cmdline_len = 20,
	};

	pg_gate_run(&input, &workspace, &gate);
	assert_verdict(false, false, PG_RECORD_MALFORMED);
	assert_string_equal(gate.verdict.finding.field, "record in the initrd: size");
}

GATE_TEST(a_record_of_another_machine)
{
	const size_t size = with_card();

	mcfg = 0xb0000000;
	run_host("console=ttyS0", 0, size);
	assert_verdict(true, false, PG_OK);
	mcfg = 0xe0000000;
	run_host("console=ttyS0", 0, size);
	assert_verdict(false, false, PG_RECORD_OTHER_MACHINE);
	assert_string_equal(gate.verdict.finding.text, "0xb0000000");
	/* Without MCFG, or for a window that it does not have, nothing is known. */
	mcfg = 0;
	run_host("console=ttyS0", 0, size);
	assert_verdict(true, false, PG_OK);
}
