// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-details.c - lib/topology/details.c: the registers that decide which numbers bridges get.
 * test-details-own.c has the cases with pcigate's own record.
 */
#include "../../lib/topology/reader.h"
#include "scan-fixture.h"

#define SLOT_IMPLEMENTED (1u << 24)
#define SLOT_CAPABILITIES (PCIE_AT + PG_EXPRESS_SLOT_CAPABILITIES)

#define EA_AT 0x80

static void read_port(struct pg_function *bridge, uint8_t above)
{
	struct pg_reader reader = { .config = &f.config.interface };

	*bridge = (struct pg_function){
		.at = pg_bdf(0, 0, 8), .hw.port = 3, .result.acts_as = 3, .hw.slot = false
	};
	pg_read_port(&reader, bridge, above);
	assert_true(bridge->hw.port_read);
	assert_int_equal(reader.reads, f.config.reads);
	f.config.reads = 0;
}

FIXTURE_TEST(port_types_follow_the_capability)
{
	struct mock_function *port;
	struct pg_function bridge;
	unsigned int type;

	port = mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);
	read_port(&bridge, PG_PORT_OTHER);
	assert_int_equal(bridge.hw.capability, 0);
	assert_int_equal(bridge.hw.port, PG_PORT_OTHER);
	assert_false(bridge.hw.slot);
	for (type = 0; type < 16; type++) {
		const enum pg_port expected =
			type == PG_EXPRESS_UPSTREAM	? PG_PORT_UPSTREAM
			: type == PG_EXPRESS_DOWNSTREAM ? PG_PORT_DOWNSTREAM
			: type == PG_EXPRESS_ROOT_PORT || type == PG_EXPRESS_FROM_PCI
				? PG_PORT_LINK
				: PG_PORT_OTHER;

		port->regs[PCIE_AT / 4] = 0;
		mock_pcie(port, type);
		read_port(&bridge, PG_PORT_OTHER);
		assert_int_equal(bridge.hw.capability, PCIE_AT);
		assert_int_equal(bridge.hw.port, expected);
		assert_int_equal(bridge.result.acts_as, expected);
		assert_false(bridge.hw.slot);
		port->regs[PCIE_AT / 4] |= SLOT_IMPLEMENTED;
		read_port(&bridge, PG_PORT_OTHER);
		assert_int_equal(bridge.hw.port, expected);
		assert_true(bridge.hw.slot);
	}
}

/*
 * set_pcie_port_type(): a downstream port below a downstream port is impossible, and so is an
 * upstream port below an upstream port. Linux logs that it corrects the type, but it sets the new
 * type in the wrong bits. So it takes the port for an endpoint.
 */
FIXTURE_TEST(impossible_port_types_are_corrected_as_in_linux)
{
	unsigned int port, above;

	for (port = PG_PORT_OTHER; port <= PG_PORT_LINK; port++) {
		for (above = PG_PORT_OTHER; above <= PG_PORT_LINK; above++) {
			const bool impossible =
				(port == PG_PORT_DOWNSTREAM &&
				 (above == PG_PORT_DOWNSTREAM || above == PG_PORT_LINK)) ||
				(port == PG_PORT_UPSTREAM && above == PG_PORT_UPSTREAM);

			assert_int_equal(pg_port_corrected((uint8_t)port, (uint8_t)above),
					 impossible ? PG_PORT_OTHER : port);
		}
	}
}

/* Of four upstream ports in a chain, the second and the fourth are corrected. */
FIXTURE_TEST(a_corrected_type_counts_for_the_port_below)
{
	machine("0:01.0>1 00/01-04 up  1:00.0>2 01/02-04 up  2:00.0>3 02/03-04 up "
		"3:00.0>4 03/04-04 up");
	record("00:01.0");
	scan_with_details();
	assert_int_equal(fixture_function(0, 1, 0)->result.acts_as, PG_PORT_UPSTREAM);
	assert_int_equal(fixture_function(1, 0, 0)->hw.port, PG_PORT_UPSTREAM);
	assert_int_equal(fixture_function(1, 0, 0)->result.acts_as, PG_PORT_OTHER);
	assert_int_equal(fixture_function(2, 0, 0)->result.acts_as, PG_PORT_UPSTREAM);
	assert_int_equal(fixture_function(3, 0, 0)->result.acts_as, PG_PORT_OTHER);
}

static void chain_of_four(struct pg_function functions[4])
{
	unsigned int i;

	memset(functions, 0, 4 * sizeof(functions[0]));
	for (i = 0; i < 4; i++) {
		functions[i].at = pg_bdf(0, (uint8_t)i, 0);
		functions[i].parent = i ? (uint16_t)(i - 1) : (uint16_t)PG_NONE;
	}
}

/*
 * If the record lists all bridges, the scan settles the deepest port only.
 */
FIXTURE_TEST(settling_a_port_settles_the_ports_above)
{
	struct pg_function functions[4];
	struct pg_reader reader = { .config = &f.config.interface };
	unsigned int i;

	machine("0:00.0>1 00/01-04 up  1:00.0>2 01/02-04 up  2:00.0>3 02/03-04 up "
		"3:00.0>4 03/04-04 up");
	chain_of_four(functions);
	pg_settle_port(&reader, functions, 3);
	for (i = 0; i < 4; i++) {
		assert_true(functions[i].result.port_settled);
		assert_int_equal(functions[i].result.acts_as,
				 i % 2 ? PG_PORT_OTHER : PG_PORT_UPSTREAM);
	}
	/* Each is read once. */
	assert_int_equal(reader.reads, 4 * 3);
	pg_settle_port(&reader, functions, 3);
	assert_int_equal(reader.reads, 4 * 3);
	/* The type of a root port does not depend on the ports above. */
	chain_of_four(functions);
	f.config.functions[2].regs[PCIE_AT / 4] ^= (PG_EXPRESS_UPSTREAM ^ PG_EXPRESS_ROOT_PORT)
						   << 20;
	f.config.functions[3].regs[PCIE_AT / 4] ^= (PG_EXPRESS_UPSTREAM ^ PG_EXPRESS_DOWNSTREAM)
						   << 20;
	pg_settle_port(&reader, functions, 3);
	assert_int_equal(functions[3].result.acts_as, PG_PORT_OTHER);
	assert_int_equal(functions[2].result.acts_as, PG_PORT_LINK);
	assert_false(functions[1].result.port_settled);
}

/* ARI forwarding is also read from a bridge without bus numbers. */
FIXTURE_TEST(ari_forwarding_is_read_once)
{
	struct mock_function *reset, *kept;

	machine("0:01.0>1 00/00-00 root  0:02.0>2 00/02-02 root");
	reset = &f.config.functions[0];
	kept = &f.config.functions[1];
	reset->regs[DEVICE_CAPABILITIES_2 / 4] = PG_ARI_FORWARDING;
	kept->regs[DEVICE_CAPABILITIES_2 / 4] = PG_ARI_FORWARDING;
	kept->regs[DEVICE_CONTROL_2 / 4] = PG_ARI_FORWARDING;
	record("00:01.0");
	scan_with_details();
	assert_true(fixture_function(0, 1, 0)->hw.ari_forward);
	assert_false(fixture_function(0, 1, 0)->hw.ari_on);
	assert_true(fixture_function(0, 2, 0)->hw.ari_forward);
	assert_true(fixture_function(0, 2, 0)->hw.ari_on);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), DEVICE_CAPABILITIES_2), 1);
}

/* The scan also reads the details of bridges whose bus it did not visit. */
FIXTURE_TEST(hotplug_needs_a_slot_with_the_capability)
{
	struct mock_function *ports = f.config.functions;

	machine("0:01.0>1 00/00-00 root  0:02.0>2 00/00-00 root  0:03.0>3 00/03-03 root "
		"0:04.0>4 00/00-00 root");
	ports[0].regs[SLOT_CAPABILITIES / 4] = PG_SLOT_HOTPLUG_CAPABLE;
	ports[1].regs[PCIE_AT / 4] |= SLOT_IMPLEMENTED;
	ports[1].regs[SLOT_CAPABILITIES / 4] = PG_SLOT_HOTPLUG_CAPABLE;
	ports[2].regs[PCIE_AT / 4] |= SLOT_IMPLEMENTED;
	ports[2].regs[SLOT_CAPABILITIES / 4] = ~PG_SLOT_HOTPLUG_CAPABLE;
	/* All ones from a register that cannot be read are no slot. */
	ports[3].regs[PCIE_AT / 4] |= SLOT_IMPLEMENTED;
	ports[3].no_window_from = SLOT_CAPABILITIES;
	record("00:01.0");
	scan_with_details();
	assert_false(fixture_function(0, 1, 0)->hw.hotplug);
	assert_false(fixture_function(0, 1, 0)->hw.slot);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 8), SLOT_CAPABILITIES), 0);
	assert_true(fixture_function(0, 2, 0)->hw.hotplug);
	assert_true(fixture_function(0, 2, 0)->hw.slot);
	assert_int_equal(fixture_function(0, 2, 0)->hw.port, PG_PORT_LINK);
	assert_false(fixture_function(0, 3, 0)->hw.hotplug);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), SLOT_CAPABILITIES), 1);
	assert_false(fixture_function(0, 4, 0)->hw.hotplug);
}

/* pci_ea_fixed_busnrs() */
FIXTURE_TEST(valid_fixed_numbers_are_read)
{
	static const struct {
		uint32_t value;
		bool unreadable;
		uint8_t secondary, subordinate;
	} rows[] = {
		{ 0x0705, false, 5, 7 },     { 0x0505, false, 5, 5 }, { 0x0405, false, 0, 0 },
		{ 0x0700, false, 0, 0 },     { 0x0000, false, 0, 0 }, { 0xff01, false, 1, 255 },
		{ 0xabcd0201, false, 1, 2 }, { 0x0705, true, 0, 0 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		struct mock_function *function;

		fixture_again();
		machine("0:01.0>1 00/00-00 root");
		function = &f.config.functions[0];
		mock_capability(function, EA_AT, PG_CAPABILITY_EA, rows[i].value);
		function->no_window_from = rows[i].unreadable ? EA_AT + 4 : 0;
		record("00:01.0");
		scan_with_details();
		assert_int_equal(f.functions[0].hw.fixed_secondary, rows[i].secondary);
		assert_int_equal(f.functions[0].hw.fixed_subordinate, rows[i].subordinate);
	}
}

/*
 * The result is the distance in buses from the physical function to the last virtual function,
 * which is number devfn + offset + stride * (n - 1).
 */
FIXTURE_TEST(sriov_buses_follow_from_the_registers)
{
	static const struct {
		uint8_t device;
		uint16_t total, offset, stride;
		uint8_t buses;
	} rows[] = {
		{ 1, 0, 256, 1, 0 },
		{ 1, 1, 1, 1, 0 },
		{ 1, 1, 247, 1, 0 },
		{ 1, 1, 248, 1, 1 },
		{ 1, 248, 1, 1, 1 },
		{ 1, 247, 1, 1, 0 },
		{ 1, 1, 256, 0, 1 },
		{ 2, 1, 240, 0, 1 },
		{ 2, 1, 239, 0, 0 },
		{ 1, 8, 256, 256, 8 },
		{ 1, 128, 128, 2, 1 },
		{ 1, 1000, 256, 256, 255 },
		{ 1, 300, 256, 256, 255 },
		{ 1, 0xffff, 0xffff, 1, 255 },
		{ 1, 0xffff, 0xffff, 0xfffe, 255 },
	};
	struct mock_function *function;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		function = mock_device(&f.config, 0, rows[i].device, 0);
		put_sriov(function, rows[i].total, rows[i].offset, rows[i].stride);
		fixture_record(pg_bdf(0, 0, pg_devfn(rows[i].device, 0)));
		scan_with_details();
		assert_int_equal(f.functions[0].result.sriov_buses, rows[i].buses);
	}
}

FIXTURE_TEST(unrecorded_functions_need_sriov_buses_as_well)
{
	machine("0:01.0");
	put_sriov(mock_device(&f.config, 0, 2, 0), 1, 512, 1);
	record("00:01.0");
	scan_with_details();
	assert_int_equal(fixture_function(0, 1, 0)->result.sriov_buses, 0);
	assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, 2);
}

FIXTURE_TEST(unreadable_sriov_registers_give_an_unknown_number)
{
	static const int from[] = { SRIOV_AT, SRIOV_AT + 0xc, SRIOV_AT + 0x14 };
	struct mock_function *function;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_again();
		machine("0:01.0");
		function = mock_device(&f.config, 0, 2, 0);
		put_sriov(function, 1, 512, 1);
		function->no_window_from = from[i];
		record("00:01.0");
		scan_with_details();
		/* Without a window, Linux sees no capability. */
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses,
				 i ? PG_SRIOV_UNKNOWN : 0);
		function->no_window_from = 0;
		function->unreadable_from = from[i];
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, PG_SRIOV_UNKNOWN);
		/* Linux does not read these registers from a conventional device. */
		function->regs[PG_REG_COMMAND / 4] = 0;
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, 0);
	}
}

/* The port type of a device is not read either. */
FIXTURE_TEST(no_details_of_absent_functions_are_read)
{
	machine("0:02.0");
	record("00:01.0 00:02.0");
	fixture_scan_everything();
	f.config.reads = 0;
	f.topology.reads = 0;
	pg_scan_details(&f.config.interface, &f.record, f.functions, &f.topology);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 8), 0xffff), 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PG_REG_CAPABILITIES), 0);
	/* The list of extended capabilities was read before. */
	assert_int_equal(f.topology.reads, 0);
}
