// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-config.c - lib/topology/config.c: counts reads, waits for devices that are not ready, and
 * searches the two lists of capabilities.
 */
#include "mock-config.h"
#include "unit.h"

#include "../../lib/topology/reader.h"
#include <pcigate/topology.h>

static struct mock_config config;
static struct mock_function *device;
static struct pg_reader reader;
static const struct pg_bdf at = { 0, 0, 8 };

static int setup(void **state)
{
	mock_config_begin(&config);
	mock_segment(&config, 0, 0, 255);
	mock_root_bus(&config, 0, 0, 0);
	device = mock_device(&config, 0, 1, 0);
	reader = (struct pg_reader){ .config = &config.interface };
	return 0;
}

static int teardown(void **state)
{
	mock_config_end(&config);
	return 0;
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(reads_are_counted)
{
	uint32_t value;

	assert_int_equal(pg_read(&reader, at, PG_REG_ID, &value), PG_ACCESS_OK);
	assert_int_equal(value, 0x10d38086);
	assert_int_equal(pg_read(&reader, pg_bdf(0, 0, 9), PG_REG_ID, &value), PG_ACCESS_ABSENT);
	assert_int_equal(pg_read(&reader, pg_bdf(1, 0, 8), PG_REG_ID, &value), PG_ACCESS_NO_WINDOW);
	device->id_unreadable = true;
	assert_int_equal(pg_read(&reader, at, PG_REG_ID, &value), PG_ACCESS_UNREADABLE);
	assert_int_equal(reader.reads, 4);
	assert_int_equal(config.reads, 4);
}

TEST(presence_has_four_results)
{
	assert_int_equal(pg_presence_of(PG_ACCESS_OK), PG_PRESENT);
	assert_int_equal(pg_presence_of(PG_ACCESS_ABSENT), PG_ABSENT);
	assert_int_equal(pg_presence_of(PG_ACCESS_NO_WINDOW), PG_NO_WINDOW);
	assert_int_equal(pg_presence_of(PG_ACCESS_UNREADABLE), PG_UNREADABLE);
	assert_int_equal(pg_presence_of((enum pg_access)99), PG_UNREADABLE);
}

TEST(ids_that_linux_ignores_are_absent)
{
	static const struct {
		uint32_t value;
		enum pg_presence presence;
	} cases[] = {
		{ 0x10d38086, PG_PRESENT },
		/* Linux takes these for empty slots. */
		{ 0x00000000, PG_ABSENT },
		{ 0x0000ffff, PG_ABSENT },
		{ 0xffff0000, PG_ABSENT },
		{ 0xffffffff, PG_ABSENT },
		/* These are similar, but valid. */
		{ 0x0001ffff, PG_PRESENT },
		{ 0xfffe0000, PG_PRESENT },
		{ 0x0000fffe, PG_PRESENT },
		{ 0x00008086, PG_PRESENT },
		{ 0xffff0002, PG_PRESENT },
		{ 0x00010000, PG_PRESENT },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		uint32_t id = 0;

		device->regs[0] = cases[i].value;
		assert_int_equal(pg_read_id(&reader, at, &id), cases[i].presence);
		if (cases[i].presence == PG_PRESENT)
			assert_int_equal(id, cases[i].value);
	}
	assert_int_equal(config.waits, 0);
}

TEST(an_unreadable_id_is_not_absent)
{
	uint32_t id;

	assert_int_equal(pg_read_id(&reader, pg_bdf(9, 0, 8), &id), PG_NO_WINDOW);
	device->id_unreadable = true;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_UNREADABLE);
	assert_int_equal(reader.reads, 2);
}

TEST(a_device_has_one_second_to_become_ready)
{
	static const struct {
		uint32_t ready_at_ms;
		enum pg_presence presence;
		uint32_t now_ms, reads;
	} rows[] = {
		{ 25, PG_PRESENT, 30, 4 },
		{ 1000, PG_PRESENT, 1000, 101 },
		{ 1001, PG_NOT_READY, 1000, 101 },
	};
	uint32_t id;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		teardown(NULL);
		setup(NULL);
		device->ready_at_ms = rows[i].ready_at_ms;
		assert_int_equal(pg_read_id(&reader, at, &id), rows[i].presence);
		if (!i)
			assert_int_equal(id, 0x10d38086);
		assert_int_equal(config.now_ms, rows[i].now_ms);
		assert_int_equal(config.waits, rows[i].now_ms / 10);
		assert_int_equal(reader.waited_ms, rows[i].now_ms);
		assert_int_equal(reader.reads, rows[i].reads);
	}
}

TEST(not_ready_depends_on_the_vendor_id_only)
{
	uint32_t id;

	device->regs[0] = 0x12340001;
	config.interface.wait_ms = NULL;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_NOT_READY);
	assert_int_equal(reader.reads, 1);
}

/* After the timeout, the next device is read once. */
TEST(all_devices_share_one_timeout)
{
	uint32_t id;

	device->ready_at_ms = 600;
	mock_device(&config, 0, 2, 0)->ready_at_ms = 5000;
	mock_device(&config, 0, 3, 0)->ready_at_ms = 5000;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_PRESENT);
	assert_int_equal(pg_read_id(&reader, pg_bdf(0, 0, 16), &id), PG_NOT_READY);
	assert_int_equal(config.now_ms, 1000);
	assert_int_equal(pg_read_id(&reader, pg_bdf(0, 0, 24), &id), PG_NOT_READY);
	assert_int_equal(config.now_ms, 1000);
	assert_int_equal(mock_reads_of(&config, pg_bdf(0, 0, 24), PG_REG_ID), 1);
}

/*
 * Writes a list of capabilities: the pointer to the first, and "offset=dword" for each. The upper
 * half of the dword is content, the lower half has pointer and ID.
 */
static void put_list(uint8_t first, const char *list)
{
	unsigned int offset, dword;
	int len;

	device->regs[PG_REG_COMMAND / 4] = PG_STATUS_CAPABILITIES;
	device->regs[PG_REG_CAPABILITIES / 4] = first;
	for (; sscanf(list, " %x=%x%n", &offset, &dword, &len) == 2; list += len)
		device->regs[offset / 4] = dword;
}

/* Returns the first dword of a capability, or 0 if the capability is not found. */
static uint32_t first_dword(uint8_t id)
{
	uint32_t first;
	const uint8_t offset = pg_find_capability(&reader, at, id, &first);

	assert_int_equal(!offset, !first);
	return first;
}

TEST(a_capability_is_found_in_its_list)
{
	static const struct {
		uint8_t first;
		const char *list;
		uint32_t found;
		uint32_t reads;
	} rows[] = {
		{ 0x40, "40=01420010", 0x01420010, 3 },
		{ 0x80, "80=fc01 fc=4005 40=00420010", 0x00420010, 5 },
		{ 0x80, "80=4001 40=0005", 0, 4 },
		/* The two low bits of a pointer are reserved and masked, as in Linux. */
		{ 0x43, "40=5201 50=00420010", 0x00420010, 4 },
		/* These pointers lead into the header. */
		{ 0x3c, "3c=00420010", 0, 2 },
		{ 0x40, "40=3c01 3c=00420010", 0, 3 },
		{ 0, "", 0, 2 },
		/* The first list points to itself, in the second two point to each other. */
		{ 0x40, "40=4001", 0, 2 + 48 },
		{ 0x40, "40=5001 50=4001", 0, 2 + 48 },
		/* Linux ends the list at an ID of all ones. */
		{ 0x40, "40=50ff 50=00420010", 0, 3 },
		{ 0x40, "40=ffffffff 50=00420010", 0, 3 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		teardown(NULL);
		setup(NULL);
		put_list(rows[i].first, rows[i].list);
		assert_int_equal(first_dword(0x10), rows[i].found);
		assert_int_equal(reader.reads, rows[i].reads);
	}
}

TEST(without_the_status_bit_there_is_no_list)
{
	put_list(0x40, "40=00420010");
	device->regs[PG_REG_COMMAND / 4] = ~PG_STATUS_CAPABILITIES;
	assert_int_equal(first_dword(0x10), 0);
	assert_int_equal(reader.reads, 1);
}

TEST(the_last_of_48_capabilities_is_found)
{
	unsigned int i;

	put_list(0x40, "");
	for (i = 0; i < 48; i++)
		device->regs[(0x40 + 4 * i) / 4] = (0x44 + 4 * i) << 8 | (i == 47 ? 0x10 : 0x09);
	assert_int_equal(first_dword(0x10) & 0xff, 0x10);
}

TEST(an_unreadable_list_has_no_capability)
{
	put_list(0x40, "");
	device->unreadable_from = 0x40;
	assert_int_equal(first_dword(0x10), 0);
	device->unreadable_from = 0x34;
	assert_int_equal(first_dword(0x10), 0);
	device->unreadable_from = 0x04;
	assert_int_equal(first_dword(0x10), 0);
	assert_int_equal(reader.reads, 3 + 2 + 1);
}

/* Returns the offset of the SR-IOV capability, or 0. */
static uint16_t find_in(uint32_t id)
{
	struct pg_extended extended;

	pg_walk_extended(&reader, at, id, &extended);
	return pg_extended_register(extended.sriov, 0);
}

static uint16_t find_extended(void)
{
	return find_in(0x10d38086);
}

TEST(an_extended_capability_is_found_in_its_list)
{
	static const struct {
		const char *list;
		uint16_t found;
		uint32_t reads;
	} rows[] = {
		{ "100=00010010", 0x100, 1 },
		{ "100=ffc10001 ffc=14010003 140=00010010", 0x140, 3 },
		{ "", 0, 1 },
		{ "100=14010001 140=00010110", 0, 2 },
		{ "100=ffffffff", 0, 1 },
		/* This pointer leads into the first 256 bytes. */
		{ "100=0fc10001 0fc=10", 0, 1 },
		/* The two low bits of a pointer are reserved. */
		{ "100=14310001 140=00010010", 0x140, 2 },
		/* A loop. */
		{ "100=14010001 140=14010001", 0, 480 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		teardown(NULL);
		setup(NULL);
		put_list(0, rows[i].list);
		assert_int_equal(find_extended(), rows[i].found);
		assert_int_equal(reader.reads, rows[i].reads);
	}
}

/*
 * A bridge to conventional PCI shows its ordinary registers again at 0x100 (Linux:
 * pci_ext_cfg_is_aliased()).
 */
TEST(an_alias_of_the_header_is_no_extended_list)
{
	put_list(0, "0=00100010 100=00100010");
	assert_int_equal(find_in(0x00100010), 0);
	/* At another offset the same dword is a capability. */
	put_list(0, "100=20010001 200=00100010");
	assert_int_equal(find_in(0x00100010), 0x200);
}

TEST(without_a_window_there_is_no_extended_list)
{
	device->no_window_from = 0x100;
	assert_int_equal(find_extended(), 0);
	assert_int_equal(reader.reads, 1);
}

TEST(only_an_unreadable_list_counts_as_failed)
{
	device->no_window_from = 0x100;
	find_extended();
	assert_false(reader.failed);
	device->no_window_from = 0;
	device->regs[0x100 / 4] = 0xffffffff;
	find_extended();
	assert_false(reader.failed);
	device->unreadable_from = 0x100;
	assert_int_equal(find_extended(), 0);
	assert_true(reader.failed);
}
