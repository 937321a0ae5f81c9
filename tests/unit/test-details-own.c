// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-details-own.c - lib/topology/details.c: what pcigate's own record says about the bus numbers
 * of virtual functions and hidden bridges.
 */
#include "own-fixture.h"

/* Adds a node of /sriov in segment 0, with an ID unless @id is 0. */
static void physical_function(uint32_t bdf, uint32_t buses, uint32_t id)
{
	own_node_at(fdt, "function", 0, bdf);
	OWN_CELLS(fdt, "reg", 0, bdf);
	OWN_CELLS(fdt, "buses", buses);
	if (id)
		OWN_CELLS(fdt, "id", id & 0xffff, id >> 16);
	own_end(fdt);
}

/*
 * The recorded number counts if the registers show the same. It does not count if the record has
 * no such node (round 1), if another function is at the address (round 3), if the registers show
 * another number (round 4), or if Linux does not read them (round 5).
 */
FIXTURE_TEST(the_recorded_number_of_sriov_buses_must_fit_the_registers)
{
	static const uint8_t buses[] = {
		2, 2, 2, PG_SRIOV_UNKNOWN, PG_SRIOV_UNKNOWN, PG_SRIOV_UNKNOWN
	};
	static const uint32_t ids[] = { 0, 0, 0x10d38086, 0x10d48086, 0, 0 };
	unsigned int round;

	for (round = 0; round < PG_ARRAY_SIZE(buses); round++) {
		fixture_again();
		own_begin(fdt, true);
		own_bridges("");
		if (round != 1) {
			own_node(fdt, "sriov");
			physical_function(0x10, round == 4 ? 3 : 2, ids[round]);
			own_end(fdt);
		}
		own_use(false);
		machine("0:01.0  0:02.0  0:03.0");
		put_sriov(&f.config.functions[1], 1, 512, 1);
		put_sriov(&f.config.functions[2], 1, 512, 1);
		if (round == 5)
			f.config.functions[1].regs[PG_REG_COMMAND / 4] = 0;
		record("00:01.0");
		scan_with_details();
		assert_int_equal(fixture_function(0, 2, 0)->result.sriov_buses, buses[round]);
		/* A function that the record does not name was added later. */
		assert_int_equal(fixture_function(0, 3, 0)->result.sriov_buses,
				 round == 1 ? 2 : PG_SRIOV_UNKNOWN);
	}
}

/* Makes a complete record, with a physical function at @bdf unless @buses is 0. */
static void own_machine(const char *bridges, uint32_t bdf, uint32_t buses)
{
	own_begin(fdt, true);
	own_bridges(bridges);
	own_node(fdt, "sriov");
	if (buses)
		physical_function(bdf, buses, 0);
	own_end(fdt);
	own_use(true);
	fixture_root(0, 0, 255);
}

static void own_set_id(const char *path, uint32_t id)
{
	const fdt32_t cells[] = { cpu_to_fdt32(id & 0xffff), cpu_to_fdt32(id >> 16) };

	own_set(fdt, path, "id", cells, sizeof(cells));
}

/*
 * If a bridge above has another secondary number than in the record, an address does not identify
 * the recorded function. The number of buses that a physical function at this address needs is
 * unknown, and so are the functions behind a bridge at this address.
 */
FIXTURE_TEST(the_record_does_not_apply_below_a_changed_bus_number)
{
	static const struct {
		const char *bridges;
		bool first, second;
		uint8_t buses;
	} rows[] = {
		{ "00:01.0 00/01-08  00:02.0 00/09-09  01:00.0 01/02-02", true, true, 4 },
		{ "00:01.0 00/01-08  00:02.0 00/09-09  01:00.0 01/03-03", true, false,
		  PG_SRIOV_UNKNOWN },
		{ "00:01.0 00/03-08  00:02.0 00/09-09  01:00.0 01/02-02", false, true,
		  PG_SRIOV_UNKNOWN },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		own_machine(rows[i].bridges, 0x200, 4);
		machine("0:01.0>1 00/01-02  1:00.0>2 01/02-02  0:02.0>3 00/00-00  2:00.0");
		put_sriov(&f.config.functions[3], 1, 1024, 1);
		record("00:01.0");
		scan_with_details();
		assert_int_equal(fixture_function(2, 0, 0)->result.sriov_buses, rows[i].buses);
		assert_int_equal(fixture_function(0, 1, 0)->result.as_recorded, rows[i].first);
		assert_int_equal(fixture_function(1, 0, 0)->result.as_recorded, rows[i].second);
		/* On a root bus an address is always the same. */
		assert_false(fixture_function(0, 2, 0)->result.as_recorded);
		assert_int_equal(fixture_function(0, 2, 0)->rec.unseen, 1);
		assert_int_equal(fixture_function(0, 1, 0)->rec.unseen, 0);
	}
}

FIXTURE_TEST(a_hidden_bus_below_a_changed_bus_number_is_unknown)
{
	uint32_t round;

	for (round = 0; round < 2; round++) {
		fixture_again();
		own_machine(round ? "00:01.0 00/04-08  00:02.0 00/09-09  01:00.0 01/02-02"
				  : "00:01.0 00/01-08  00:02.0 00/09-09  01:00.0 01/02-02",
			    0, 0);
		machine("0:01.0>1 00/01-02  1:00.0>2 01/00-00");
		record("00:01.0");
		scan_with_details();
		assert_int_equal(fixture_function(1, 0, 0)->rec.unseen, !round);
	}
}

/*
 * In the record, the bridge above led to bus 04; now it leads to bus 01. A recorded ID must be that
 * of the bridge, and the recorded numbers must fit into the present range of the bridge above.
 */
FIXTURE_TEST(a_hidden_bridge_is_looked_up_by_its_old_address)
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
		/* More buses than a segment has are a known number. */
		{ 0, 0, 255, 8, 255 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		fixture_again();
		own_machine("00:01.0 00/04-08  04:00.0 04/05-05", 0x500, rows[i].buses);
		if (rows[i].hidden)
			own_set_id("/bridges/bridge@0,400", rows[i].hidden);
		if (rows[i].above)
			own_set_id("/bridges/bridge@0,8", rows[i].above);
		own_offsets();
		machine("0:01.0>1 00/01-08  1:00.0>2 01/00-00");
		mock_buses(&f.config.functions[0], 0, 1, rows[i].subordinate);
		record("00:01.0");
		scan_with_details();
		assert_int_equal(fixture_function(1, 0, 0)->rec.unseen, rows[i].unseen);
	}
}
