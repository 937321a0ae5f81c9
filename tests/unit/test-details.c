// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-details.c - lib/topology/details.c: the registers that decide which numbers bridges get.
 */
#include "../../lib/topology/reader.h"
#include "gate-fdt-writer.h"
#include "scan-fixture.h"

#define PCIE_ROOT_PORT 4u
#define PCIE_UPSTREAM 5u
#define PCIE_DOWNSTREAM 6u
#define PCI_TO_PCIE 8u

#define PCIE_AT 0x40
#define SLOT_IMPLEMENTED (1u << 24)
#define SLOT_CAPABILITIES (PCIE_AT + 0x14)
#define HOTPLUG_CAPABLE (1u << 6)

#define EA 0x14
#define EA_AT 0x80

#define SRIOV_AT 0x100

static uint8_t fdt[OWN_BYTES];

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

static void port_types(void **state)
{
	struct mock_function *port;
	struct pg_function bridge;
	unsigned int type;

	(void)state;
	fixture_segment_0();
	port = mock_bridge(&f.config, 0, 1, 1, 0, 1, 1);
	read_port(&bridge, PG_PORT_OTHER);
	assert_int_equal(bridge.hw.capability, 0);
	assert_int_equal(bridge.hw.port, PG_PORT_OTHER);
	assert_false(bridge.hw.slot);
	for (type = 0; type < 16; type++) {
		enum pg_port expected = PG_PORT_OTHER;

		port->regs[PCIE_AT / 4] = 0;
		mock_pcie(port, type);
		if (type == PCIE_UPSTREAM)
			expected = PG_PORT_UPSTREAM;
		else if (type == PCIE_DOWNSTREAM)
			expected = PG_PORT_DOWNSTREAM;
		else if (type == PCIE_ROOT_PORT || type == PCI_TO_PCIE)
			expected = PG_PORT_LINK;
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
 * upstream port cannot be. Linux says that it corrects the type, but sets the new one in the wrong
 * bits, so that an endpoint is left: neither the one nor the other.
 */
static void impossible_ports(void **state)
{
	unsigned int port, above;

	(void)state;
	for (port = PG_PORT_OTHER; port <= PG_PORT_LINK; port++) {
		for (above = PG_PORT_OTHER; above <= PG_PORT_LINK; above++) {
			unsigned int expected = port;

			if (port == PG_PORT_DOWNSTREAM && above == PG_PORT_DOWNSTREAM)
				expected = PG_PORT_OTHER;
			if (port == PG_PORT_DOWNSTREAM && above == PG_PORT_LINK)
				expected = PG_PORT_OTHER;
			if (port == PG_PORT_UPSTREAM && above == PG_PORT_UPSTREAM)
				expected = PG_PORT_OTHER;
			assert_int_equal(pg_port_corrected((uint8_t)port, (uint8_t)above),
					 expected);
		}
	}
}

/*
 * The type above is the corrected one, from the root down: of three upstream ports in a row the
 * third is one again.
 */
static void corrections_follow_each_other(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_pcie(mock_bridge(&f.config, 0, 1, 1, 0, 1, 4), PCIE_UPSTREAM);
	mock_pcie(mock_bridge(&f.config, 1, 0, 2, 1, 2, 4), PCIE_UPSTREAM);
	mock_pcie(mock_bridge(&f.config, 2, 0, 3, 2, 3, 4), PCIE_UPSTREAM);
	mock_pcie(mock_bridge(&f.config, 3, 0, 4, 3, 4, 4), PCIE_UPSTREAM);
	fixture_record(0, 0, 1, 0, 1);
	scan_with_details();
	assert_int_equal(fixture_function(0, 1, 0)->result.acts_as, PG_PORT_UPSTREAM);
	assert_int_equal(fixture_function(1, 0, 0)->hw.port, PG_PORT_UPSTREAM);
	assert_int_equal(fixture_function(1, 0, 0)->result.acts_as, PG_PORT_OTHER);
	assert_int_equal(fixture_function(2, 0, 0)->result.acts_as, PG_PORT_UPSTREAM);
	assert_int_equal(fixture_function(3, 0, 0)->result.acts_as, PG_PORT_OTHER);
}

/*
 * Asked for the deepest alone, as where the record lists all bridges and no bus is searched: those
 * above are settled with it.
 */
static void ports_are_settled_from_the_deepest(void **state)
{
	struct pg_function functions[4] = { 0 };
	struct pg_reader reader = { .config = &f.config.seam };
	unsigned int i;

	(void)state;
	fixture_segment_0();
	for (i = 0; i < 4; i++) {
		mock_pcie(mock_bridge(&f.config, (int)i, 0, (int)i + 1, (uint8_t)i,
				      (uint8_t)(i + 1), 4),
			  PCIE_UPSTREAM);
		functions[i].at = pg_bdf(0, (uint8_t)i, 0);
		functions[i].parent = i ? (uint16_t)(i - 1) : (uint16_t)PG_NONE;
	}
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
	/* What a root port is does not depend on what is above. */
	memset(functions, 0, sizeof(functions));
	for (i = 0; i < 4; i++) {
		functions[i].at = pg_bdf(0, (uint8_t)i, 0);
		functions[i].parent = i ? (uint16_t)(i - 1) : (uint16_t)PG_NONE;
	}
	f.config.functions[2].regs[PCIE_AT / 4] ^= (PCIE_UPSTREAM ^ PCIE_ROOT_PORT) << 20;
	f.config.functions[3].regs[PCIE_AT / 4] ^= (PCIE_UPSTREAM ^ PCIE_DOWNSTREAM) << 20;
	pg_settle_port(&reader, functions, 3);
	assert_int_equal(functions[3].result.acts_as, PG_PORT_OTHER);
	assert_int_equal(functions[2].result.acts_as, PG_PORT_LINK);
	assert_false(functions[1].result.port_settled);
}

/* ARI forwarding is read of bridges that lead nowhere yet, too, and once only. */
static void ari_forwarding(void **state)
{
	struct mock_function *reset, *kept;

	(void)state;
	fixture_segment_0();
	reset = mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	mock_pcie(reset, PCIE_ROOT_PORT);
	reset->regs[(PCIE_AT + 0x24) / 4] = 1u << 5;
	kept = mock_bridge(&f.config, 0, 2, 2, 0, 2, 2);
	mock_pcie(kept, PCIE_ROOT_PORT);
	kept->regs[(PCIE_AT + 0x24) / 4] = 1u << 5;
	kept->regs[(PCIE_AT + 0x28) / 4] = 1u << 5;
	fixture_record(0, 0, 1, 0, 1);
	scan_with_details();
	assert_true(fixture_function(0, 1, 0)->hw.ari_forward);
	assert_false(fixture_function(0, 1, 0)->hw.ari_on);
	assert_true(fixture_function(0, 2, 0)->hw.ari_forward);
	assert_true(fixture_function(0, 2, 0)->hw.ari_on);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PCIE_AT + 0x24), 1);
}

/*
 * Slots: of a bridge without one the register is not read. Bridges whose bus was not visited have
 * their details read as well.
 */
static void hotplug(void **state)
{
	struct mock_function *without, *with, *incapable;

	(void)state;
	fixture_segment_0();
	without = mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	mock_pcie(without, PCIE_ROOT_PORT);
	without->regs[SLOT_CAPABILITIES / 4] = HOTPLUG_CAPABLE;
	with = mock_bridge(&f.config, 0, 2, 2, 0, 0, 0);
	mock_pcie(with, PCIE_ROOT_PORT);
	with->regs[PCIE_AT / 4] |= SLOT_IMPLEMENTED;
	with->regs[SLOT_CAPABILITIES / 4] = HOTPLUG_CAPABLE;
	incapable = mock_bridge(&f.config, 0, 3, 3, 0, 3, 3);
	mock_pcie(incapable, PCIE_ROOT_PORT);
	incapable->regs[PCIE_AT / 4] |= SLOT_IMPLEMENTED;
	incapable->regs[SLOT_CAPABILITIES / 4] = ~HOTPLUG_CAPABLE;
	fixture_record(0, 0, 1, 0, 1);
	scan_with_details();
	assert_false(fixture_function(0, 1, 0)->hw.hotplug);
	assert_false(fixture_function(0, 1, 0)->hw.slot);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 8), SLOT_CAPABILITIES), 0);
	assert_true(fixture_function(0, 2, 0)->hw.hotplug);
	assert_true(fixture_function(0, 2, 0)->hw.slot);
	assert_int_equal(fixture_function(0, 2, 0)->hw.port, PG_PORT_LINK);
	assert_false(fixture_function(0, 3, 0)->hw.hotplug);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 24), SLOT_CAPABILITIES), 1);
}

/* All ones from a register that does not answer are no slot. */
static void hotplug_unreadable(void **state)
{
	struct mock_function *port;

	(void)state;
	fixture_segment_0();
	port = mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	mock_pcie(port, PCIE_ROOT_PORT);
	port->regs[PCIE_AT / 4] |= SLOT_IMPLEMENTED;
	port->no_window_from = SLOT_CAPABILITIES;
	fixture_record(0, 0, 1, 0, 1);
	scan_with_details();
	assert_false(fixture_function(0, 1, 0)->hw.hotplug);
}

static void assert_fixed(uint32_t value, uint8_t secondary, uint8_t subordinate)
{
	struct mock_function *it;
	void *state = NULL;

	fixture_setup(&state);
	fixture_segment_0();
	it = mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	mock_pcie(it, PCIE_ROOT_PORT);
	mock_capability(it, EA_AT, EA, value);
	fixture_record(0, 0, 1, 0, 1);
	scan_with_details();
	assert_int_equal(f.functions[0].hw.fixed_secondary, secondary);
	assert_int_equal(f.functions[0].hw.fixed_subordinate, subordinate);
	fixture_teardown(&state);
}

/* pci_ea_fixed_busnrs() */
static void fixed_numbers(void **state)
{
	mock_config_end(&f.config);
	assert_fixed(0x0705, 5, 7);
	assert_fixed(0x0505, 5, 5);
	assert_fixed(0x0405, 0, 0);
	assert_fixed(0x0700, 0, 0);
	assert_fixed(0x0000, 0, 0);
	assert_fixed(0xff01, 1, 255);
	assert_fixed(0xabcd0201, 1, 2);
	fixture_setup(state);
}

static void fixed_numbers_unreadable(void **state)
{
	struct mock_function *it;

	(void)state;
	fixture_segment_0();
	it = mock_bridge(&f.config, 0, 1, 1, 0, 0, 0);
	mock_capability(it, EA_AT, EA, 0x0705);
	it->no_window_from = EA_AT + 4;
	fixture_record(0, 0, 1, 0, 1);
	scan_with_details();
	assert_int_equal(f.functions[0].hw.fixed_secondary, 0);
	assert_int_equal(f.functions[0].hw.fixed_subordinate, 0);
}

/* An SR-IOV capability as its registers show it. */
static void put_sriov(struct mock_function *function, uint32_t total, uint32_t offset,
		      uint32_t stride)
{
	mock_pcie(function, 0);
	function->regs[SRIOV_AT / 4] = 0x00010010;
	function->regs[SRIOV_AT / 4 + 3] = total << 16 | 1;
	function->regs[SRIOV_AT / 4 + 5] = stride << 16 | offset;
}

/*
 * How far the last virtual function is from the bus of the physical one: its number is devfn +
 * offset + stride * (n - 1).
 */
static void sriov_from_the_registers(void **state)
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
		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		it = mock_device(&f.config, 0, rows[i].device, 0);
		put_sriov(it, rows[i].total, rows[i].offset, rows[i].stride);
		fixture_record(0, 0, rows[i].device, 0, 1);
		scan_with_details();
		assert_int_equal(f.functions[0].result.sriov_buses, rows[i].buses);
	}
}

/* Functions that are not recorded reserve bus numbers, too. */
static void sriov_of_others(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 1, 0);
	put_sriov(mock_device(&f.config, 0, 2, 0), 1, 512, 1);
	fixture_record(0, 0, 1, 0, 1);
	scan_with_details();
	assert_int_equal(fixture_function(0, 1, 0)->result.sriov_buses, 0);
	assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, 2);
}

static void sriov_unreadable(void **state)
{
	static const int from[] = { SRIOV_AT, SRIOV_AT + 0xc, SRIOV_AT + 0x14 };
	struct mock_function *it;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(from); i++) {
		fixture_teardown(state);
		fixture_setup(state);
		fixture_segment_0();
		mock_device(&f.config, 0, 1, 0);
		it = mock_device(&f.config, 0, 2, 0);
		put_sriov(it, 1, 512, 1);
		it->no_window_from = from[i];
		fixture_record(0, 0, 1, 0, 1);
		scan_with_details();
		/* What Linux has no window for does not exist; what it would read does. */
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses,
				 i ? PG_SRIOV_UNKNOWN : 0);
		it->no_window_from = 0;
		it->unreadable_from = from[i];
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, PG_SRIOV_UNKNOWN);
		/* A conventional device has no such registers for Linux. */
		it->regs[PG_REG_COMMAND / 4] = 0;
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, 0);
	}
}

/*
 * What pcigate's own record tells holds where the registers show the same. Not where the record has
 * no such node (round 1), another function has come to the address (round 3), the registers show
 * something else (round 4) or Linux does not come to them (round 5).
 */
static void sriov_from_the_record(void **state)
{
	static const uint8_t buses[] = {
		2, 2, 2, PG_SRIOV_UNKNOWN, PG_SRIOV_UNKNOWN, PG_SRIOV_UNKNOWN
	};
	struct mock_function *it;
	unsigned int round;

	for (round = 0; round < PG_ARRAY_SIZE(buses); round++) {
		fixture_teardown(state);
		fixture_setup(state);
		own_begin(fdt, true);
		own_node(fdt, "bridges");
		own_end(fdt);
		own_node(fdt, "sriov");
		own_node_at(fdt, "function", 0, 0x10);
		OWN_CELLS(fdt, "reg", 0, 0x10);
		OWN_CELLS(fdt, "buses", round == 4 ? 3 : 2);
		if (round == 2 || round == 3)
			OWN_CELLS(fdt, "id", 0x8086, round == 2 ? 0x10d3 : 0x10d4);
		own_end(fdt);
		own_end(fdt);
		own_finish(fdt);
		f.record.own = (struct pg_gate_fdt){
			.present = true,
			.fdt = fdt,
			.bridges = own_path(fdt, "/bridges"),
			.sriov = round == 1 ? -FDT_ERR_NOTFOUND : own_path(fdt, "/sriov"),
		};
		fixture_segment_0();
		mock_device(&f.config, 0, 1, 0);
		it = mock_device(&f.config, 0, 2, 0);
		put_sriov(it, 1, 512, 1);
		if (round == 5)
			it->regs[PG_REG_COMMAND / 4] = 0;
		put_sriov(mock_device(&f.config, 0, 3, 0), 1, 512, 1);
		fixture_record(0, 0, 1, 0, 1);
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, buses[round]);
		/* What the record does not name came later. */
		assert_int_equal(fixture_function(0, 3, 0)->result.sriov_buses,
				 round == 1 ? 2 : PG_SRIOV_UNKNOWN);
	}
}

/*
 * Ends a tree that has begun /sriov, and makes it the complete record of a machine with one root
 * bus.
 */
static void finish_complete(void)
{
	own_end(fdt);
	own_finish(fdt);
	f.record.own = (struct pg_gate_fdt){
		.present = true,
		.complete = true,
		.fdt = fdt,
		.bridges = own_path(fdt, "/bridges"),
		.sriov = own_path(fdt, "/sriov"),
	};
	f.record.roots[0] = (struct pg_record_root){ .last = 255 };
	f.record.nr_roots = 1;
}

/* A node of /sriov in segment 0, which tells no ID. */
static void physical_function(uint32_t bdf, uint32_t buses)
{
	own_node_at(fdt, "function", 0, bdf);
	OWN_CELLS(fdt, "reg", 0, bdf);
	OWN_CELLS(fdt, "buses", buses);
	own_end(fdt);
}

/* With a physical function at 02:00.0 where @buses is not 0. */
static void own_machine(uint32_t first, uint32_t second, uint32_t buses)
{
	own_begin(fdt, true);
	own_node(fdt, "bridges");
	own_node_at(fdt, "bridge", 0, 0x08);
	OWN_CELLS(fdt, "reg", 0, 0x08);
	OWN_CELLS(fdt, "bus-numbers", 0, first, 8);
	own_end(fdt);
	own_bridge(fdt, 0, 0x10, 9, 0);
	own_bridge(fdt, 0, 0x100, second, 0);
	own_end(fdt);
	own_node(fdt, "sriov");
	if (buses)
		physical_function(0x200, buses);
	finish_complete();
}

/*
 * If a bridge above has another secondary number than in the record, an address does not identify
 * the recorded function. The number of buses that a physical function at this address needs is
 * unknown, and so are the functions behind a bridge at this address.
 */
static void stale_addresses(void **state)
{
	static const struct {
		uint32_t first, second;
		uint8_t buses;
	} rows[] = { { 1, 2, 4 }, { 1, 3, PG_SRIOV_UNKNOWN }, { 3, 2, PG_SRIOV_UNKNOWN } };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_teardown(state);
		fixture_setup(state);
		own_machine(rows[i].first, rows[i].second, 4);
		fixture_segment_0();
		mock_bridge(&f.config, 0, 1, 1, 0, 1, 2);
		mock_bridge(&f.config, 1, 0, 2, 1, 2, 2);
		mock_bridge(&f.config, 0, 2, 3, 0, 0, 0);
		put_sriov(mock_device(&f.config, 2, 0, 0), 1, 1024, 1);
		fixture_record(0, 0, 1, 0, 1);
		scan_with_details();
		assert_int_equal(fixture_function(2, 0, 0)->result.sriov_buses, rows[i].buses);
		assert_int_equal(fixture_function(0, 1, 0)->result.as_recorded, rows[i].first == 1);
		assert_int_equal(fixture_function(1, 0, 0)->result.as_recorded,
				 rows[i].second == 2);
		/* On a root bus an address is always the same. */
		assert_false(fixture_function(0, 2, 0)->result.as_recorded);
		assert_int_equal(fixture_function(0, 2, 0)->rec.unseen, 1);
		assert_int_equal(fixture_function(0, 1, 0)->rec.unseen, 0);
	}
}

/* The same for a bridge that leads nowhere, below one that leads elsewhere. */
static void nothing_known_below_another_bus(void **state)
{
	uint32_t round;

	for (round = 0; round < 2; round++) {
		fixture_teardown(state);
		fixture_setup(state);
		own_machine(round ? 4 : 1, 2, 0);
		fixture_segment_0();
		mock_bridge(&f.config, 0, 1, 1, 0, 1, 2);
		mock_bridge(&f.config, 1, 0, 2, 0, 0, 0);
		fixture_record(0, 0, 1, 0, 1);
		scan_with_details();
		assert_int_equal(fixture_function(1, 0, 0)->rec.unseen, !round);
	}
}

/*
 * A bridge that leads nowhere is found in the record by the place that it had: here the bridge
 * above led to bus 04, and leads to 01 now. An ID in the record has to be the bridge's, and the old
 * numbers have to fit into what leads there now.
 */
static void at_the_old_address(void **state)
{
	static const struct {
		uint32_t above, hidden, buses;
		uint8_t subordinate, unseen;
	} rows[] = {
		{ 0, 0, 0, 8, 1 },
		{ MOCK_BRIDGE_ID, MOCK_BRIDGE_ID, 0, 8, 1 },
		{ MOCK_BRIDGE_ID + 1, 0, 0, 8, 0 },
		{ 0, MOCK_BRIDGE_ID + 1, 0, 8, 0 },
		{ 0, 0, 0, 5, 1 },
		{ 0, 0, 0, 4, 0 },
		{ 0, 0, 253, 8, 255 },
		/* More than a segment has is not the same as unknown. */
		{ 0, 0, 255, 8, 255 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		const uint32_t ids[] = { rows[i].above, rows[i].hidden };
		uint32_t n;

		fixture_teardown(state);
		fixture_setup(state);
		own_begin(fdt, true);
		own_node(fdt, "bridges");
		for (n = 0; n < 2; n++) {
			own_node_at(fdt, "bridge", 0, n ? 0x400 : 0x08);
			OWN_CELLS(fdt, "reg", 0, n ? 0x400 : 0x08);
			OWN_CELLS(fdt, "bus-numbers", n ? 4 : 0, n ? 5 : 4, n ? 5 : 8);
			if (ids[n])
				OWN_CELLS(fdt, "id", ids[n] & 0xffff, ids[n] >> 16);
			own_end(fdt);
		}
		own_end(fdt);
		own_node(fdt, "sriov");
		if (rows[i].buses)
			physical_function(0x500, rows[i].buses);
		finish_complete();
		fixture_segment_0();
		mock_bridge(&f.config, 0, 1, 1, 0, 1, rows[i].subordinate);
		mock_bridge(&f.config, 1, 0, 2, 0, 0, 0);
		fixture_record(0, 0, 1, 0, 1);
		scan_with_details();
		assert_int_equal(fixture_function(1, 0, 0)->rec.unseen, rows[i].unseen);
	}
}

/* No details are read of an absent function, and no port type of a device. */
static void absent_functions_have_no_data(void **state)
{
	(void)state;
	fixture_segment_0();
	mock_device(&f.config, 0, 2, 0);
	fixture_record(0, 0, 1, 0, 1);
	fixture_record(0, 0, 2, 0, 1);
	fixture_scan_everything();
	f.config.reads = 0;
	f.topology.reads = 0;
	pg_scan_details(&f.config.seam, &f.record, f.functions, &f.topology);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 8), 0xffff), 0);
	assert_int_equal(mock_reads_of(&f.config, pg_bdf(0, 0, 16), PG_REG_CAPABILITIES), 0);
	/* The scan has read the list of extended capabilities. */
	assert_int_equal(f.topology.reads, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(port_types),
		FIXTURE_TEST(impossible_ports),
		FIXTURE_TEST(corrections_follow_each_other),
		FIXTURE_TEST(ports_are_settled_from_the_deepest),
		FIXTURE_TEST(ari_forwarding),
		FIXTURE_TEST(hotplug),
		FIXTURE_TEST(hotplug_unreadable),
		FIXTURE_TEST(fixed_numbers),
		FIXTURE_TEST(fixed_numbers_unreadable),
		FIXTURE_TEST(sriov_from_the_registers),
		FIXTURE_TEST(sriov_of_others),
		FIXTURE_TEST(sriov_unreadable),
		FIXTURE_TEST(sriov_from_the_record),
		FIXTURE_TEST(stale_addresses),
		FIXTURE_TEST(nothing_known_below_another_bus),
		FIXTURE_TEST(at_the_old_address),
		FIXTURE_TEST(absent_functions_have_no_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
