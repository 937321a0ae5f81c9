// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-luo.c - lib/record/luo.c: struct luo_ser and the FLB array.
 */
#include "finding.h"
#include "mock-memory.h"
#include "unit.h"

#include <pcigate/record.h>

#define LUO_PA 0x5000000u
#define FLBS_PA 0x6000000u
#define FLB_PA(n) (FLBS_PA + 16 + (n)*64u)
#define PCI_PA 0x7000000u

static struct mock_memory memory;
static uint8_t *luo_ser, *flbs;
static struct pg_blob luo;
static struct pg_record record;
static struct pg_blob pci, sessions;
static struct pg_finding finding;

static void put_flb(unsigned int n, const char *name, uint64_t data, uint64_t count)
{
	uint8_t *flb = flbs + 16 + n * 64;

	memset(flb, 0, 48);
	memcpy(flb, name, strlen(name));
	put64(flb + 48, data);
	put64(flb + 56, count);
}

static void put_flbs(uint64_t pages, uint64_t count)
{
	put64(flbs, pages);
	put64(flbs + 8, count);
}

static void put_luo(const char *version, uint64_t flbs_pa)
{
	memset(luo_ser, 0, 8);
	memcpy(luo_ser, version, strlen(version));
	put64(luo_ser + 8, 7);
	put64(luo_ser + 16, 0x1234567);
	put64(luo_ser + 24, flbs_pa);
}

static int setup(void **state)
{
	mock_memory_begin(&memory);
	luo_ser = mock_memory_add(&memory, LUO_PA, 32);
	flbs = mock_memory_add(&memory, FLBS_PA, 4096);
	put_luo("luo-v5", FLBS_PA);
	put_flbs(1, 1);
	put_flb(0, "pci", PCI_PA, 3);
	luo = (struct pg_blob){ .present = true, .pa = LUO_PA, .size = 32 };
	memset(&record, 0, sizeof(record));
	memset(&pci, 0x5a, sizeof(pci));
	memset(&finding, 0, sizeof(finding));
	return 0;
}

static int teardown(void **state)
{
	mock_memory_end(&memory);
	return 0;
}

static enum pg_reason read_luo(void)
{
	return pg_record_read_luo(&memory.seam, &luo, &record, &pci, &sessions, &finding);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(as_the_kernel_writes_it)
{
	assert_int_equal(read_luo(), PG_OK);
	assert_true(pci.present);
	assert_int_equal(pci.pa, PCI_PA);
	assert_int_equal(pci.size, 0);
	assert_int_equal(record.files, 3);
	assert_int_equal(record.liveupdate, 7);
	assert_string_equal(record.luo_version, "luo-v5");
}

TEST(fields_are_64_bits_wide)
{
	put_flb(0, "pci", 0xfedcba9876543210u, 0x0123456789abcdefu);
	put64(luo_ser + 8, 0x8877665544332211u);
	assert_int_equal(read_luo(), PG_OK);
	assert_true(pci.pa == 0xfedcba9876543210u);
	assert_true(record.files == 0x0123456789abcdefu);
	assert_true(record.liveupdate == 0x8877665544332211u);
}

TEST(blob_address)
{
	luo.pa = 0;
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "KHO FDT LUO/preserved-data",
		       "0x0");
	assert_int_equal(finding.at, 0);
	assert_false(pci.present);
	luo.pa = LUO_PA + 8;
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "KHO FDT LUO/preserved-data",
		       "0x5000008");
	luo.pa = LUO_PA + 4096;
	assert_finding(read_luo(), &finding, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data",
		       "0x5001000");
	assert_int_equal(finding.at, 0);
}

TEST(blob_size)
{
	luo.size = 31;
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size", "0x1f");
	assert_int_equal(finding.at, 0);
	luo.size = 0;
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size", "0x0");
	luo.size = UINT64_MAX;
	assert_int_equal(read_luo(), PG_OK);
}

TEST(blob_cut_by_memory)
{
	memory.ranges[0].len = 31;
	assert_finding(read_luo(), &finding, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data",
		       "0x5000000");
}

TEST(other_versions)
{
	static const char *const versions[] = { "luo-v1",  "luo-v4", "luo-v6",
						"luo-v50", "LUO-v5", "luo-v" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(versions); i++) {
		put_luo(versions[i], FLBS_PA);
		assert_finding(read_luo(), &finding, PG_RECORD_VERSION, "luo_ser.compatible",
			       versions[i]);
		assert_int_equal(finding.at, LUO_PA);
		assert_string_equal(record.luo_version, "");
		assert_false(pci.present);
	}
}

TEST(version_overwritten)
{
	memset(luo_ser, 0xa5, 32);
	assert_finding(read_luo(), &finding, PG_RECORD_VERSION, "luo_ser.compatible", "????????");
	memset(luo_ser, 0, 32);
	assert_finding(read_luo(), &finding, PG_RECORD_VERSION, "luo_ser.compatible", "(empty)");
}

TEST(padding_behind_the_version_is_free)
{
	luo_ser[7] = 'x';
	assert_int_equal(read_luo(), PG_OK);
	assert_true(pci.present);
}

TEST(flbs_address)
{
	put_luo("luo-v5", 0);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_ser.flbs_pa", "0x0");
	assert_int_equal(finding.at, 0);
	put_luo("luo-v5", FLBS_PA + 2048);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_ser.flbs_pa", "0x6000800");
	put_luo("luo-v5", 0xfffffffffffff000u);
	assert_finding(read_luo(), &finding, PG_RECORD_OUTSIDE_MEMORY, "luo_ser.flbs_pa",
		       "0xfffffffffffff000");
	/* How far the reading came is told. */
	assert_string_equal(record.luo_version, "luo-v5");
}

TEST(flbs_header_cut_by_memory)
{
	memory.ranges[1].len = 15;
	assert_finding(read_luo(), &finding, PG_RECORD_OUTSIDE_MEMORY, "luo_ser.flbs_pa",
		       "0x6000000");
	assert_int_equal(finding.at, 0);
}

TEST(no_pages)
{
	put_flbs(0, 0);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_flb_header_ser.pgcnt", "0");
	assert_int_equal(finding.at, FLBS_PA);
}

TEST(too_many_pages)
{
	put_flbs(256, 1);
	assert_int_equal(read_luo(), PG_OK);
	put_flbs(257, 1);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_flb_header_ser.pgcnt",
		       "257");
	put_flbs(UINT64_MAX, 1);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_flb_header_ser.pgcnt",
		       "18446744073709551615");
}

TEST(no_flb)
{
	put_flbs(1, 0);
	/* Nothing behind the header is looked at. */
	memory.ranges[1].len = 16;
	assert_int_equal(read_luo(), PG_OK);
	assert_false(pci.present);
	assert_int_equal(record.files, 0);
}

/* A page holds 63 of them, behind the header. */
TEST(page_full_of_flbs)
{
	unsigned int i;

	for (i = 0; i < 62; i++)
		put_flb(i, "iommu-v1", 1, 1);
	put_flb(62, "pci", PCI_PA, 1);
	put_flbs(1, 63);
	assert_int_equal(read_luo(), PG_OK);
	assert_true(pci.present);
	put_flbs(1, 64);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_flb_header_ser.count", "64");
	assert_int_equal(finding.at, FLBS_PA + 8);
	put_flbs(1, UINT64_MAX);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_flb_header_ser.count",
		       "18446744073709551615");
	/* Times 64 this wraps around to a small number. */
	put_flbs(1, 0x0400000000000001u);
	assert_int_equal(read_luo(), PG_RECORD_MALFORMED);
}

TEST(array_cut_by_memory)
{
	put_flb(1, "iommu-v1", 1, 1);
	put_flbs(1, 2);
	memory.ranges[1].len = 16 + 128;
	assert_int_equal(read_luo(), PG_OK);
	memory.ranges[1].len = 16 + 127;
	assert_finding(read_luo(), &finding, PG_RECORD_OUTSIDE_MEMORY, "luo_flb_header_ser.count",
		       "2");
}

TEST(pci_is_last)
{
	put_flb(0, "iommu-v1", 1, 9);
	put_flb(1, "vfio-pci", 1, 8);
	put_flb(2, "pci", PCI_PA, 5);
	put_flbs(1, 3);
	assert_int_equal(read_luo(), PG_OK);
	assert_true(pci.present);
	assert_int_equal(pci.pa, PCI_PA);
	assert_int_equal(record.files, 5);
}

/*
 * `count` tells how many there are. Behind them the kernel leaves free slots: one with the name
 * "pci" was cut off.
 */
TEST(entries_beyond_the_count)
{
	put_flb(0, "iommu-v1", 1, 9);
	put_flb(1, "memfd", PCI_PA, 5);
	put_flbs(1, 1);
	assert_int_equal(read_luo(), PG_OK);
	assert_false(pci.present);
	put_flb(62, "pci", PCI_PA, 5);
	assert_finding(read_luo(), &finding, PG_RECORD_INCONSISTENT, "luo_flb_header_ser.count",
		       "1, but 63 are there");
	put_flbs(1, 0);
	assert_finding(read_luo(), &finding, PG_RECORD_INCONSISTENT, "luo_flb_header_ser.count",
		       "0, but 63 are there");
}

TEST(names_that_are_not_pci)
{
	static const char *const names[] = { "",    "p",    "pc",	 "pcie", "pci2",
					     "PCI", "xpci", "iommu-pci", "qkh" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(names); i++) {
		put_flb(0, names[i], PCI_PA, 1);
		assert_int_equal(read_luo(), PG_OK);
		assert_false(pci.present);
	}
}

/* One or two bits from "pci", its end included, or no printable ASCII. */
TEST(names_that_are_damaged)
{
	static const char *const names[] = { "qci",	"pca",	   "pkm",    "pci\x01",
					     "pci\x80", "\x01pci", "pci v1", "memfd\x7f" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(names); i++) {
		put_flb(0, names[i], PCI_PA, 1);
		assert_int_equal(read_luo(), PG_RECORD_MALFORMED);
		assert_string_equal(finding.field, "luo_flb_ser.name");
	}
}

TEST(names_that_are_other_versions)
{
	static const char *const names[] = { "pci-v1", "pci-v2", "pci-" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(names); i++) {
		put_flb(0, names[i], PCI_PA, 1);
		assert_finding(read_luo(), &finding, PG_RECORD_VERSION, "luo_flb_ser.name",
			       names[i]);
		assert_int_equal(finding.at, FLB_PA(0));
		assert_false(pci.present);
	}
}

/* Beside a known one, too: the next kernel might read either. */
TEST(other_version_beside_a_known_one)
{
	put_flb(1, "pci-v1", PCI_PA, 1);
	put_flbs(1, 2);
	assert_finding(read_luo(), &finding, PG_RECORD_VERSION, "luo_flb_ser.name", "pci-v1");
	assert_int_equal(finding.at, FLB_PA(1));
}

TEST(name_without_its_zero)
{
	memset(flbs + 16, 'x', 48);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_flb_ser.name",
		       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...");
	assert_int_equal(finding.at, FLB_PA(0));
	/* With one it is the longest there can be, and none of our business. */
	flbs[16 + 47] = 0;
	assert_int_equal(read_luo(), PG_OK);
	assert_false(pci.present);
}

TEST(second_pci)
{
	put_flb(1, "pci", PCI_PA, 3);
	put_flbs(1, 2);
	assert_finding(read_luo(), &finding, PG_RECORD_INCONSISTENT, "luo_flb_ser.name: second",
		       "pci");
	assert_int_equal(finding.at, FLB_PA(1));
}

TEST(pci_without_files)
{
	put_flb(0, "pci", PCI_PA, 0);
	assert_finding(read_luo(), &finding, PG_RECORD_MALFORMED, "luo_flb_ser.count", "0");
	assert_int_equal(finding.at, FLB_PA(0) + 56);
}
