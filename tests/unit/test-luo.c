// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-luo.c - lib/record/luo.c: reads struct luo_ser and the FLB array. tests/vectors/luo-* and
 * flb-* have one damaged field each.
 */
#include "record-fixture.h"

#define LUO_PA 0x5000000u
#define FLBS_PA 0x6000000u
#define FLB_PA(n) (FLBS_PA + 16 + (n)*64u)
#define PCI_PA 0x7000000u

static uint8_t *luo_ser, *flbs;
static struct pg_blob luo, pci, sessions;

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

static void put_version(const char *version)
{
	memset(luo_ser, 0, 8);
	memcpy(luo_ser, version, strlen(version));
}

static int setup(void **state)
{
	record_setup();
	luo_ser = mock_memory_add(&memory, LUO_PA, 32);
	flbs = mock_memory_add(&memory, FLBS_PA, 4096);
	put_version("luo-v5");
	put64(luo_ser + 8, 7);
	put64(luo_ser + 16, 0x1234567);
	put64(luo_ser + 24, FLBS_PA);
	put_flbs(1, 1);
	put_flb(0, "pci", PCI_PA, 3);
	luo = (struct pg_blob){ .present = true, .pa = LUO_PA, .size = 32 };
	memset(&pci, 0x5a, sizeof(pci));
	return 0;
}

static enum pg_reason read_luo(void)
{
	return pg_record_read_luo(&memory.interface, &luo, &record, &pci, &sessions, &finding);
}

static void refused(uint64_t at, enum pg_reason reason, const char *field, const char *text)
{
	assert_finding(read_luo(), &finding, reason, field, text);
	assert_int_equal(finding.at, at);
}

static void pci_is_read(bool present)
{
	assert_int_equal(read_luo(), PG_OK);
	assert_int_equal(pci.present, present);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, teardown)

TEST(a_record_of_the_kernel_is_read)
{
	pci_is_read(true);
	assert_int_equal(pci.pa, PCI_PA);
	assert_int_equal(pci.size, 0);
	assert_int_equal(record.files, 3);
	assert_int_equal(record.liveupdate, 7);
	assert_string_equal(record.luo_version, "luo-v5");
	/* The padding after the version is ignored. */
	luo_ser[7] = 'x';
	pci_is_read(true);
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

TEST(a_blob_of_impossible_place_or_size_is_refused)
{
	luo.pa = 0;
	refused(0, PG_RECORD_MALFORMED, "KHO FDT LUO/preserved-data", "0x0");
	assert_false(pci.present);
	luo.pa = LUO_PA + 4096;
	refused(0, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data", "0x5001000");
	luo.pa = LUO_PA;
	luo.size = 31;
	refused(0, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size", "0x1f");
	luo.size = UINT64_MAX;
	assert_int_equal(read_luo(), PG_OK);
	memory.ranges[0].len = 31;
	refused(0, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data", "0x5000000");
}

TEST(other_versions_are_refused)
{
	static const char *const versions[] = { "luo-v4", "luo-v50", "LUO-v5", "luo-v" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(versions); i++) {
		put_version(versions[i]);
		refused(LUO_PA, PG_RECORD_VERSION, "luo_ser.compatible", versions[i]);
		assert_string_equal(record.luo_version, "");
		assert_false(pci.present);
	}
}

/* A longer version moves the fields behind it, to the next multiple of 8. */
TEST(a_longer_version_is_read)
{
	luo.size = 40;
	luo_ser = mock_memory_add(&memory, LUO_PA + 4096, 40);
	luo.pa = LUO_PA + 4096;
	memcpy(luo_ser, "luo-v5;block-v1", 16);
	put64(luo_ser + 16, 7);
	put64(luo_ser + 24, 0x1234567);
	put64(luo_ser + 32, FLBS_PA);
	pci_is_read(true);
	assert_int_equal(sessions.pa, 0x1234567);
	assert_int_equal(record.liveupdate, 7);
	assert_string_equal(record.luo_version, "luo-v5;block-v1");
	luo.size = 39;
	refused(0, PG_RECORD_MALFORMED, "KHO FDT LUO/blob-size", "0x27");
	luo.size = 40;
	memory.ranges[2].len = 39;
	refused(0, PG_RECORD_OUTSIDE_MEMORY, "KHO FDT LUO/preserved-data", "0x5001000");
	memory.ranges[2].len = 40;
	luo_ser[14] = '2';
	refused(LUO_PA + 4096, PG_RECORD_VERSION, "luo_ser.compatible", "luo-v5;block-v2");
}

/* A draft has bit masks where the version is. */
TEST(a_feature_header_is_named)
{
	static const char header[] = "luo_ser: binary feature header",
			  version[] = "luo_ser.compatible", text[] = "0x7, required 0x3";

	luo.size = 152;
	luo.pa = LUO_PA + 4096;
	luo_ser = mock_memory_add(&memory, luo.pa, 152);
	put64(luo_ser, 7);
	put64(luo_ser + 8, 3);
	put64(luo_ser + 16, 5);
	refused(luo.pa, PG_RECORD_VERSION, header, text);
	/* It is no such header. */
	put64(luo_ser + 16, 8);
	refused(luo.pa, PG_RECORD_VERSION, version, "?");
	put64(luo_ser + 16, 5);
	put64(luo_ser + 120, 1);
	refused(luo.pa, PG_RECORD_VERSION, version, "?");
	put64(luo_ser + 120, 0);
	luo.size = 127;
	refused(luo.pa, PG_RECORD_VERSION, version, "?");
	luo.size = 152;
	memory.ranges[2].len = 127;
	refused(luo.pa, PG_RECORD_VERSION, version, "?");
	memory.ranges[2].len = 152;
	memset(luo_ser, 0, 24);
	refused(luo.pa, PG_RECORD_VERSION, version, "(empty)");
}

TEST(bad_fields_are_refused)
{
	static const char pages[] = "luo_flb_header_ser.pgcnt", flb[] = "luo_ser.flbs_pa";
	static const struct bad_field rows[] = {
		{ &luo_ser, 24, 8, FLBS_PA + 2048, PG_RECORD_MALFORMED, flb, "0x6000800", 0 },
		{ &flbs, 0, 8, 257, PG_RECORD_MALFORMED, pages, "257", FLBS_PA },
		{ &flbs, 8, 8, UINT64_MAX, PG_RECORD_MALFORMED, "luo_flb_header_ser.count",
		  "18446744073709551615", FLBS_PA + 8 },
	};

	refuse(rows, PG_ARRAY_SIZE(rows), read_luo);
	assert_string_equal(record.luo_version, "luo-v5");
	put_flbs(256, 1);
	pci_is_read(true);
}

TEST(flbs_must_lie_inside_memory)
{
	/* Without an FLB, only the header is read. */
	put_flbs(1, 0);
	memory.ranges[1].len = 16;
	pci_is_read(false);
	assert_int_equal(record.files, 0);
	memory.ranges[1].len = 15;
	refused(0, PG_RECORD_OUTSIDE_MEMORY, "luo_ser.flbs_pa", "0x6000000");
	put_flb(1, "iommu-v1", 1, 1);
	put_flbs(1, 2);
	memory.ranges[1].len = 16 + 128;
	assert_int_equal(read_luo(), PG_OK);
	memory.ranges[1].len = 16 + 127;
	refused(FLBS_PA + 8, PG_RECORD_OUTSIDE_MEMORY, "luo_flb_header_ser.count", "2");
}

TEST(the_last_of_63_flbs_is_read)
{
	unsigned int i;

	for (i = 0; i < 62; i++)
		put_flb(i, "iommu-v1", 1, 1);
	put_flb(62, "pci", PCI_PA, 5);
	put_flbs(1, 63);
	pci_is_read(true);
	assert_int_equal(pci.pa, PCI_PA);
	assert_int_equal(record.files, 5);
}

/*
 * The slots after `count` are free. If one of them has the name "pci", the count is damaged.
 */
TEST(an_flb_named_pci_beyond_the_count_is_refused)
{
	put_flb(0, "iommu-v1", 1, 9);
	put_flb(1, "memfd", PCI_PA, 5);
	pci_is_read(false);
	put_flb(62, "pci", PCI_PA, 5);
	refused(FLBS_PA + 8, PG_RECORD_INCONSISTENT, "luo_flb_header_ser.count",
		"1, but 63 are there");
	put_flbs(1, 0);
	refused(FLBS_PA + 8, PG_RECORD_INCONSISTENT, "luo_flb_header_ser.count",
		"0, but 63 are there");
}

/* A name that differs from "pci" in one or two bits, or is not printable, is damaged. */
TEST(damaged_names_are_refused)
{
	static const struct {
		const char *name;
		enum pg_reason reason;
	} rows[] = {
		{ "", PG_OK },
		{ "p", PG_OK },
		{ "pc", PG_OK },
		{ "pcie", PG_OK },
		{ "pci2", PG_OK },
		{ "PCI", PG_OK },
		{ "xpci", PG_OK },
		{ "iommu-pci", PG_OK },
		{ "qkh", PG_OK },
		{ "qci", PG_RECORD_MALFORMED },
		{ "pca", PG_RECORD_MALFORMED },
		{ "pkm", PG_RECORD_MALFORMED },
		{ "pci\x01", PG_RECORD_MALFORMED },
		{ "pci\x80", PG_RECORD_MALFORMED },
		{ "\x01pci", PG_RECORD_MALFORMED },
		{ "pci v1", PG_RECORD_MALFORMED },
		{ "memfd\x7f", PG_RECORD_MALFORMED },
		{ "pci-v1", PG_RECORD_VERSION },
		{ "pci-v2", PG_RECORD_VERSION },
		{ "pci-", PG_RECORD_VERSION },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		put_flb(0, rows[i].name, PCI_PA, 1);
		assert_int_equal(read_luo(), rows[i].reason);
		assert_false(pci.present);
		if (rows[i].reason) {
			assert_string_equal(finding.field, "luo_flb_ser.name");
			assert_int_equal(finding.at, FLB_PA(0));
		}
	}
	assert_string_equal(finding.text, "pci-");
}

/* The next kernel could read either of them. */
TEST(a_second_pci_is_refused)
{
	put_flb(1, "pci-v1", PCI_PA, 1);
	put_flbs(1, 2);
	refused(FLB_PA(1), PG_RECORD_VERSION, "luo_flb_ser.name", "pci-v1");
	put_flb(1, "pci", PCI_PA, 3);
	refused(FLB_PA(1), PG_RECORD_INCONSISTENT, "luo_flb_ser.name: second", "pci");
}

TEST(an_unterminated_name_is_refused)
{
	memset(flbs + 16, 'x', 48);
	refused(FLB_PA(0), PG_RECORD_MALFORMED, "luo_flb_ser.name",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...");
	/* With a zero at its end, the name is valid, and longer names are not. */
	flbs[16 + 47] = 0;
	pci_is_read(false);
}
