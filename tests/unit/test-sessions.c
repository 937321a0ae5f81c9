// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-sessions.c - lib/record/sessions.c: reads sessions and files with the addresses that
 * vfio-pci recorded.
 */
#include "record-fixture.h"

#define SESSIONS_PA 0x1000000u
#define FILES_PA 0x2000000u
/* Not an address that the older layout of these files can have. */
#define PAGE_PA 0x300010000u

static struct pg_blob sessions;
static uint8_t *session_block, *file_block;
static struct pg_copies copies;
static uint8_t *pages;

static const struct pg_record_entry entries[] = {
	{ { 0, 0, 0x18 }, 2, false },
	{ { 0, 1, 0x00 }, 1, false },
	{ { 0x10000, 2, 0x08 }, 1, false },
};

static void put_session(unsigned int slot, const char *name, uint64_t files_pa, uint64_t count)
{
	uint8_t *session = session_block + 16 + slot * 80;

	memcpy(session, name, strlen(name) + 1);
	put64(session + 64, files_pa);
	put64(session + 72, count);
	put64(session_block + 8, slot + 1);
}

static void put_file(unsigned int slot, const char *compatible, uint64_t data)
{
	uint8_t *file = file_block + 16 + slot * 64;

	memset(file, 0, 64);
	memcpy(file, compatible, strlen(compatible) + 1);
	put64(file + 48, data);
	put64(file_block + 8, slot + 1);
}

/* The page of a file has its segment and BDF. */
static void put_device(unsigned int slot, uint32_t segment, uint16_t bdf)
{
	put32(pages + slot * 4096, segment);
	put16(pages + slot * 4096 + 4, bdf);
	put_file(slot, "vfio-pci-v1", PAGE_PA + slot * 4096);
}

static int setup(void **state)
{
	record_setup();
	session_block = mock_memory_add(&memory, SESSIONS_PA, 4096);
	file_block = mock_memory_add(&memory, FILES_PA, 4096);
	pages = mock_memory_add(&memory, PAGE_PA, 3 * 4096);
	put_session(0, "vms", FILES_PA, 2);
	put_device(0, 0, 0x0100);
	put_file(1, "memfd-v1", 0xffffffffffffffffu);
	record = (struct pg_record){ .nr = PG_ARRAY_SIZE(entries), .entries = entries };
	sessions = (struct pg_blob){ .present = true, .pa = SESSIONS_PA };
	return 0;
}

static enum pg_reason check(void)
{
	return pg_record_check_sessions(&memory.interface, &sessions, &record, &copies, &finding);
}

static void refused(enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(check(), &finding, reason, field, text);
}

static void refused_at(uint64_t at, enum pg_reason reason, const char *field, const char *text)
{
	refused(reason, field, text);
	assert_int_equal(finding.at, at);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

static void compares(uint32_t compared, uint32_t older)
{
	assert_int_equal(check(), PG_OK);
	assert_true(copies.present);
	assert_int_equal(copies.compared, compared);
	assert_int_equal(copies.older, older);
}

TEST(copies_are_counted)
{
	compares(1, 0);
	put_device(2, 0x10000, 0x0208);
	put_session(0, "vms", FILES_PA, 3);
	compares(2, 0);
}

TEST(empty_sessions_have_no_copies)
{
	put_session(0, "empty", 0, 0);
	put_session(1, "empty, too", 0, 0);
	compares(0, 0);
}

TEST(a_device_missing_in_the_pci_record_is_refused)
{
	put_device(1, 0, 0x0101);
	refused_at(FILES_PA + 16 + 64 + 48, PG_RECORD_INCONSISTENT,
		   "luo_file_ser: not in the PCI record", "0000:01:00.1");
	put_device(1, 0x10001, 0x0208);
	refused(PG_RECORD_INCONSISTENT, "luo_file_ser: not in the PCI record", "10001:02:01.0");
	/* An empty PCI record makes no difference. */
	record.nr = 0;
	refused(PG_RECORD_INCONSISTENT, "luo_file_ser: not in the PCI record", "0000:01:00.0");
}

TEST(a_page_outside_memory_is_refused)
{
	put_file(0, "vfio-pci-v1", 0x90000000);
	refused_at(FILES_PA + 16 + 48, PG_RECORD_OUTSIDE_MEMORY, "luo_file_ser.data", "0x90000000");
}

TEST(the_layout_of_older_kernel_patches_is_compared)
{
	put_file(0, "vfio-pci-v1", 0x0100);
	put_file(1, "memfd-v1", 0);
	compares(1, 1);
	put_file(1, "vfio-pci-v1", 0x0001000000000208u);
	compares(2, 2);
	put_device(1, 0x10000, 0x0208);
	compares(2, 1);
	put_file(0, "vfio-pci-v1", 0x0101);
	refused(PG_RECORD_INCONSISTENT, "luo_file_ser: not in the PCI record", "0000:01:00.1");
	put_file(0, "vfio-pci-v1", 0);
	refused(PG_RECORD_INCONSISTENT, "luo_file_ser: not in the PCI record", "0000:00:00.0");
}

/* Values that are an address in the older layout, and the address of a page. */
TEST(a_value_of_both_layouts)
{
	static const struct pg_record_entry both[] = { { { 0, 0xf0, 0 }, 1, false },
						       { { 0, 0xff, 0 }, 1, false },
						       { { 3, 0x10, 0 }, 1, false } };
	uint8_t *low = mock_memory_add(&memory, 0, 0x11000),
		*page = mock_memory_add(&memory, 0x300001000u, 4096);

	record.entries = both;
	record.nr = PG_ARRAY_SIZE(both);
	put_session(0, "vms", FILES_PA, 1);
	/* Linux allocates no page below 64 KiB. */
	put16(low + 0xf000 + 4, 0x1234);
	put_file(0, "vfio-pci-v1", 0xf000);
	compares(1, 1);
	put16(low + 0x10000 + 4, 0xff00);
	put_file(0, "vfio-pci-v1", 0x10000);
	compares(1, 0);
	/* Above, the page decides, and no damage of the page is taken for an address. */
	put_file(0, "vfio-pci-v1", 0x300001000u);
	put16(page + 4, 0xff00);
	compares(1, 0);
	put16(page + 4, 0xff01);
	refused(PG_RECORD_INCONSISTENT, "luo_file_ser: not in the PCI record", "0000:ff:00.1");
	/* There is no page at this address, which is not in the record either. */
	put_file(0, "vfio-pci-v1", 0x400001000u);
	refused(PG_RECORD_INCONSISTENT, "luo_file_ser: not in the PCI record", "0004:10:00.0");
}

/* A layout that pcigate does not know is no reason for a stop. */
TEST(data_of_another_layout_are_not_compared)
{
	static const uint64_t data[] = { 0x10100, 0x80000100, 0xffffffffffffffffu };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(data); i++) {
		put_file(0, "vfio-pci-v1", data[i]);
		put_file(1, "memfd-v1", 0);
		compares(0, 0);
	}
}

/* The data of another version are not known. */
TEST(other_handlers_are_not_compared)
{
	put_file(0, "vfio-pci-v2", 0x90000000);
	put_file(1, "vfio-pci-v", 0x10100);
	compares(0, 0);
}

TEST(unterminated_names_are_refused)
{
	memset(file_block + 16, 'x', 48);
	assert_int_equal(check(), PG_RECORD_MALFORMED);
	assert_string_equal(finding.field, "luo_file_ser.compatible");
	put_device(0, 0, 0x0100);
	put_file(1, "memfd-v1", 0);
	memset(session_block + 16, 'x', 64);
	assert_int_equal(check(), PG_RECORD_MALFORMED);
	assert_string_equal(finding.field, "luo_session_ser.name");
}

TEST(a_wrong_count_of_files_is_refused)
{
	put_session(0, "vms", FILES_PA, 1);
	refused(PG_RECORD_INCONSISTENT, "luo_session_ser.count", "1, but 2 are there");
}

TEST(damaged_chains_are_refused)
{
	uint8_t *second = mock_memory_add(&memory, FILES_PA + 0x10000, 4096);

	put64(file_block, FILES_PA + 0x10000);
	memcpy(second + 16, "vfio-pci-v1", 12);
	put64(second + 16 + 48, PAGE_PA + 4096);
	put16(pages + 4096 + 4, 0x0018);
	put64(second + 8, 1);
	put_session(0, "vms", FILES_PA, 3);
	compares(2, 0);
	put64(second, FILES_PA);
	refused(PG_RECORD_LOOP, "kho_block_header_ser.next", "0x2010000");
	put64(second, FILES_PA + 8);
	refused(PG_RECORD_MALFORMED, "kho_block_header_ser.next", "0x2000008");
	put64(second, 0x9000000);
	refused(PG_RECORD_OUTSIDE_MEMORY, "kho_block_header_ser.next", "0x9000000");
	put64(second, 0);
	put64(second + 8, 64);
	refused(PG_RECORD_MALFORMED, "kho_block_header_ser.count", "64");
	put64(session_block, SESSIONS_PA);
	refused(PG_RECORD_LOOP, "kho_block_header_ser.next", "0x1000000");
}

TEST(bad_addresses_are_refused)
{
	put_session(0, "vms", FILES_PA + 1, 2);
	refused(PG_RECORD_MALFORMED, "luo_session_ser.files", "0x2000001");
	put_session(0, "vms", 0x9000000, 2);
	refused(PG_RECORD_OUTSIDE_MEMORY, "luo_session_ser.files", "0x9000000");
	sessions.pa = SESSIONS_PA + 16;
	refused(PG_RECORD_MALFORMED, "luo_ser.sessions_pa", "0x1000010");
	sessions.pa = 0x9000000;
	refused(PG_RECORD_OUTSIDE_MEMORY, "luo_ser.sessions_pa", "0x9000000");
}
