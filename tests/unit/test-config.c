// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-config.c - lib/topology/config.c: counted reads, patience, and the two lists of
 * capabilities.
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
	reader = (struct pg_reader){ .config = &config.seam };
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

TEST(id_of_an_existing_function)
{
	static const struct {
		uint32_t value;
		enum pg_presence presence;
	} cases[] = {
		{ 0x10d38086, PG_PRESENT },
		/* What Linux takes for an empty slot. */
		{ 0x00000000, PG_ABSENT },
		{ 0x0000ffff, PG_ABSENT },
		{ 0xffff0000, PG_ABSENT },
		{ 0xffffffff, PG_ABSENT },
		/* Near misses. */
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

TEST(unreadable_id)
{
	uint32_t id;

	assert_int_equal(pg_read_id(&reader, pg_bdf(9, 0, 8), &id), PG_NO_WINDOW);
	device->id_unreadable = true;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_UNREADABLE);
	assert_int_equal(reader.reads, 2);
}

TEST(ready_after_a_while)
{
	uint32_t id;

	device->ready_at_ms = 25;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_PRESENT);
	assert_int_equal(id, 0x10d38086);
	assert_int_equal(config.waits, 3);
	assert_int_equal(config.now_ms, 30);
	assert_int_equal(reader.waited_ms, 30);
	assert_int_equal(reader.reads, 4);
}

/* Only the vendor ID counts; the device ID may be anything. */
TEST(not_ready_whatever_the_device_id)
{
	uint32_t id;

	device->regs[0] = 0x12340001;
	config.seam.wait_ms = NULL;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_NOT_READY);
	assert_int_equal(reader.reads, 1);
}

TEST(ready_at_the_last_moment)
{
	uint32_t id;

	device->ready_at_ms = 1000;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_PRESENT);
	assert_int_equal(config.now_ms, 1000);
}

TEST(ready_too_late)
{
	uint32_t id;

	device->ready_at_ms = 1001;
	assert_int_equal(pg_read_id(&reader, at, &id), PG_NOT_READY);
	assert_int_equal(config.now_ms, 1000);
	assert_int_equal(reader.reads, 101);
}

/* All devices share one budget of time: the next device is read once. */
TEST(timeout_is_shared)
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

/* A capability that holds @content in its upper half. */
static void put_capability(uint8_t offset, uint8_t id, uint8_t next, uint16_t content)
{
	device->regs[offset / 4] = (uint32_t)(id | next << 8) | (uint32_t)content << 16;
}

static void begin_list(uint8_t first)
{
	device->regs[PG_REG_COMMAND / 4] = PG_STATUS_CAPABILITIES;
	device->regs[PG_REG_CAPABILITIES / 4] = first;
}

/* The first dword of a capability, or 0 if there is none; then no offset is given either. */
static uint32_t first_dword(uint8_t id)
{
	uint32_t first;
	const uint8_t offset = pg_find_capability(&reader, at, id, &first);

	assert_int_equal(!offset, !first);
	return first;
}

TEST(capability_first)
{
	begin_list(0x40);
	put_capability(0x40, 0x10, 0, 0x0142);
	assert_int_equal(first_dword(0x10), 0x01420010);
	assert_int_equal(reader.reads, 3);
}

TEST(capability_last)
{
	begin_list(0x80);
	put_capability(0x80, 0x01, 0xfc, 0);
	put_capability(0xfc, 0x05, 0x40, 0);
	put_capability(0x40, 0x10, 0, 0x0042);
	assert_int_equal(first_dword(0x10), 0x00420010);
	assert_int_equal(reader.reads, 5);
}

TEST(capability_missing)
{
	begin_list(0x80);
	put_capability(0x80, 0x01, 0x40, 0);
	put_capability(0x40, 0x05, 0, 0);
	assert_int_equal(first_dword(0x10), 0);
	assert_int_equal(reader.reads, 4);
}

TEST(no_list_of_capabilities)
{
	begin_list(0x40);
	put_capability(0x40, 0x10, 0, 0x42);
	device->regs[PG_REG_COMMAND / 4] = ~PG_STATUS_CAPABILITIES;
	assert_int_equal(first_dword(0x10), 0);
	assert_int_equal(reader.reads, 1);
}

/* The two low bits of a pointer are reserved and masked, as in Linux. */
TEST(capability_pointer_low_bits)
{
	begin_list(0x43);
	put_capability(0x40, 0x01, 0x52, 0);
	put_capability(0x50, 0x10, 0, 0x42);
	assert_int_equal(first_dword(0x10), 0x00420010);
}

TEST(capability_pointer_into_the_header)
{
	begin_list(0x3c);
	put_capability(0x3c, 0x10, 0, 0x42);
	assert_int_equal(first_dword(0x10), 0);
	begin_list(0x40);
	put_capability(0x40, 0x01, 0x3c, 0);
	assert_int_equal(first_dword(0x10), 0);
	begin_list(0);
	assert_int_equal(first_dword(0x10), 0);
}

TEST(capability_loops_end)
{
	begin_list(0x40);
	put_capability(0x40, 0x01, 0x40, 0);
	assert_int_equal(first_dword(0x10), 0);
	assert_int_equal(reader.reads, 2 + 48);
	reader.reads = 0;
	put_capability(0x40, 0x01, 0x50, 0);
	put_capability(0x50, 0x01, 0x40, 0);
	assert_int_equal(first_dword(0x10), 0);
	assert_int_equal(reader.reads, 2 + 48);
}

/* There is room for 48 in a row, and the last of them is found. */
TEST(capability_longest_list)
{
	unsigned int i;

	begin_list(0x40);
	for (i = 0; i < 48; i++)
		put_capability((uint8_t)(0x40 + 4 * i), i == 47 ? 0x10 : 0x09,
			       (uint8_t)(0x44 + 4 * i), 0x42);
	assert_int_equal(first_dword(0x10) & 0xff, 0x10);
}

TEST(capability_unreadable)
{
	begin_list(0x40);
	device->unreadable_from = 0x40;
	assert_int_equal(first_dword(0x10), 0);
	device->unreadable_from = 0x34;
	assert_int_equal(first_dword(0x10), 0);
	device->unreadable_from = 0x04;
	assert_int_equal(first_dword(0x10), 0);
	assert_int_equal(reader.reads, 3 + 2 + 1);
}

/* Linux ends the list at an ID of all ones, whatever pointer stands beside it. */
TEST(capability_id_all_ones_ends_the_list)
{
	begin_list(0x40);
	put_capability(0x40, 0xff, 0x50, 0);
	put_capability(0x50, 0x10, 0, 0x42);
	assert_int_equal(first_dword(0x10), 0);
	device->regs[0x40 / 4] = 0xffffffff;
	assert_int_equal(first_dword(0x10), 0);
}

static void put_extended(uint16_t offset, uint16_t id, uint16_t next)
{
	device->regs[offset / 4] = (uint32_t)id | 1u << 16 | (uint32_t)next << 20;
}

/* Where the SR-IOV capability is, 0 if there is none. */
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

TEST(extended_first)
{
	put_extended(0x100, 0x10, 0);
	assert_int_equal(find_extended(), 0x100);
	assert_int_equal(reader.reads, 1);
}

TEST(extended_last)
{
	put_extended(0x100, 0x01, 0xffc);
	put_extended(0xffc, 0x03, 0x140);
	put_extended(0x140, 0x10, 0);
	assert_int_equal(find_extended(), 0x140);
	assert_int_equal(reader.reads, 3);
}

TEST(extended_missing)
{
	assert_int_equal(find_extended(), 0);
	assert_int_equal(reader.reads, 1);
	put_extended(0x100, 0x01, 0x140);
	put_extended(0x140, 0x110, 0);
	assert_int_equal(find_extended(), 0);
	assert_int_equal(reader.reads, 3);
}

TEST(extended_all_ones)
{
	device->regs[0x100 / 4] = 0xffffffff;
	assert_int_equal(find_extended(), 0);
	assert_int_equal(reader.reads, 1);
}

/*
 * A bridge to conventional PCI shows its ordinary registers again at 0x100 (Linux:
 * pci_ext_cfg_is_aliased()).
 */
TEST(extended_alias)
{
	device->regs[0] = 0x00100010;
	device->regs[0x100 / 4] = 0x00100010;
	assert_int_equal(find_in(0x00100010), 0);
	/* The same content further on is a capability. */
	put_extended(0x100, 0x01, 0x200);
	device->regs[0x200 / 4] = 0x00100010;
	assert_int_equal(find_in(0x00100010), 0x200);
}

TEST(extended_pointer_too_low)
{
	put_extended(0x100, 0x01, 0x0fc);
	device->regs[0x0fc / 4] = 0x10;
	assert_int_equal(find_extended(), 0);
	assert_int_equal(reader.reads, 1);
}

TEST(extended_pointer_low_bits)
{
	put_extended(0x100, 0x01, 0x143);
	put_extended(0x140, 0x10, 0);
	assert_int_equal(find_extended(), 0x140);
}

TEST(extended_loops_end)
{
	put_extended(0x100, 0x01, 0x140);
	put_extended(0x140, 0x01, 0x140);
	assert_int_equal(find_extended(), 0);
	assert_int_equal(reader.reads, 480);
}

TEST(extended_without_window)
{
	device->no_window_from = 0x100;
	assert_int_equal(find_extended(), 0);
	assert_int_equal(reader.reads, 1);
}

/* "Not found" and "could not look" stay apart. */
TEST(failed_reads_are_noted)
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
