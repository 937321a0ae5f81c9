// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-details.c - lib/topology/details.c: the registers that decide which numbers bridges get.
 * test-details-own.c: what pcigate's own record tells about them.
 */
#include "../../lib/topology/reader.h"
#include "scan-fixture.h"

#define SLOT_IMPLEMENTED (1u << 24)
#define SLOT_CAPABILITIES (PCIE_AT + PG_EXPRESS_SLOT_CAPABILITIES)

#define EA_AT 0x80

#define SRIOV_AT 0x100

static void scan_with_details(void)
{
	fixture_scan_everything();
	pg_scan_details(&f.config.seam, &f.record, f.functions, &f.topology);
	assert_int_equal(f.topology.reads, f.config.reads);
}

static void read_port(struct pg_function *bridge, uint8_t above)
{
	struct pg_reader reader = { .config = &f.config.seam };

	*bridge = (struct pg_function){
		.at = pg_bdf(0, 0, 8), .hw.port = 3, .result.acts_as = 3, .hw.slot = false
	};
	pg_read_port(&reader, bridge, above);
	assert_true(bridge->hw.port_read);
	assert_int_equal(reader.reads, f.config.reads);
	f.config.reads = 0;
}

FIXTURE_TEST(port_types)
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
 * set_pcie_port_type(): a downstream port below a downstream port and an upstream port below an
 * upstream port are impossible. Linux logs that it corrects the type, but sets the new type in the
 * wrong bits, so that it takes the port for an endpoint.
 */
FIXTURE_TEST(impossible_ports)
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

/* The corrected type counts for the port below: of three upstream ports the third remains one. */
FIXTURE_TEST(corrections_follow_each_other)
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
 * Where the record lists all bridges, the scan settles only the deepest port: this settles those
 * above as well.
 */
FIXTURE_TEST(ports_are_settled_from_the_deepest)
{
	struct pg_function functions[4];
	struct pg_reader reader = { .config = &f.config.seam };
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
	/* The type of a root port does not depend on what is above. */
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

/* ARI forwarding is read once, also of bridges that lead nowhere yet. */
FIXTURE_TEST(ari_forwarding)
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

/*
 * The register is not read of a bridge without a slot. The details of bridges whose bus was not
 * visited are read as well.
 */
FIXTURE_TEST(hotplug)
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
FIXTURE_TEST(fixed_numbers)
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
		struct mock_function *it;

		fixture_again();
		machine("0:01.0>1 00/00-00 root");
		it = &f.config.functions[0];
		mock_capability(it, EA_AT, PG_CAPABILITY_EA, rows[i].value);
		it->no_window_from = rows[i].unreadable ? EA_AT + 4 : 0;
		record("00:01.0");
		scan_with_details();
		assert_int_equal(f.functions[0].hw.fixed_secondary, rows[i].secondary);
		assert_int_equal(f.functions[0].hw.fixed_subordinate, rows[i].subordinate);
	}
}

static void put_sriov(struct mock_function *function, uint32_t total, uint32_t offset,
		      uint32_t stride)
{
	mock_pcie(function, 0);
	function->regs[SRIOV_AT / 4] = 0x00010010;
	function->regs[SRIOV_AT / 4 + 3] = total << 16 | 1;
	function->regs[SRIOV_AT / 4 + 5] = stride << 16 | offset;
}

/*
 * The distance of the last virtual function from the bus of the physical function. Its number is
 * devfn + offset + stride * (n - 1).
 */
FIXTURE_TEST(sriov_from_the_registers)
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
	struct mock_function *it;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		it = mock_device(&f.config, 0, rows[i].device, 0);
		put_sriov(it, rows[i].total, rows[i].offset, rows[i].stride);
		fixture_record(pg_bdf(0, 0, pg_devfn(rows[i].device, 0)));
		scan_with_details();
		assert_int_equal(f.functions[0].result.sriov_buses, rows[i].buses);
	}
}

/* Functions that are not recorded reserve bus numbers as well. */
FIXTURE_TEST(sriov_of_others)
{
	machine("0:01.0");
	put_sriov(mock_device(&f.config, 0, 2, 0), 1, 512, 1);
	record("00:01.0");
	scan_with_details();
	assert_int_equal(fixture_function(0, 1, 0)->result.sriov_buses, 0);
	assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, 2);
}

FIXTURE_TEST(sriov_unreadable)
{
	static const int from[] = { SRIOV_AT, SRIOV_AT + 0xc, SRIOV_AT + 0x14 };
	struct mock_function *it;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_again();
		machine("0:01.0");
		it = mock_device(&f.config, 0, 2, 0);
		put_sriov(it, 1, 512, 1);
		it->no_window_from = from[i];
		record("00:01.0");
		scan_with_details();
		/* Without a window Linux sees no capability. Otherwise Linux would read it. */
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses,
				 i ? PG_SRIOV_UNKNOWN : 0);
		it->no_window_from = 0;
		it->unreadable_from = from[i];
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, PG_SRIOV_UNKNOWN);
		/* Linux reads no such registers of a conventional device. */
		it->regs[PG_REG_COMMAND / 4] = 0;
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, 0);
	}
}

/* The scan reads no details of an absent function, and no port type of a device. */
FIXTURE_TEST(absent_functions_have_no_data)
{
	machine("0:02.0");
	record("00:01.0 00:02.0");
	fixture_scan_everything();
	f.config.reads = 0;
	f.topology.reads = 0;
	pg_scan_details(&f.config.seam, &f.record, f.functions, &f.topology);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 8), 0xffff), 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PG_REG_CAPABILITIES), 0);
	/* The scan has read the list of extended capabilities. */
	assert_int_equal(f.topology.reads, 0);
}
