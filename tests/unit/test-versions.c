// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-versions.c - lib/record/versions.c: the table of versions. The tests of the readers have its
 * lines.
 */
#include "unit.h"

#include <pcigate/record.h>

UNIT_TEST(a_version_belongs_to_its_part)
{
	const struct pg_version *version = pg_version_find(PG_PART_KHO, "kho-v4", 7);

	assert_non_null(version);
	assert_string_equal(version->name, "kho-v4");
	assert_ptr_equal(version, pg_version_usual(PG_PART_KHO));
	assert_int_equal(version->layout, PG_LAYOUT_KHO_TREE);
	assert_null(pg_version_find(PG_PART_LUO, "kho-v4", 7));
	assert_non_null(pg_version_find(PG_PART_LUO, "luo-v5", 7));
}

/* Bytes after the terminating zero do not matter; the zero must be there. */
UNIT_TEST(whole_names_are_compared)
{
	assert_non_null(pg_version_find(PG_PART_KHO, "kho-v4\0xyz", 10));
	assert_null(pg_version_find(PG_PART_KHO, "kho-v4", 6));
	assert_null(pg_version_find(PG_PART_KHO, "kho-v4;", 8));
	assert_null(pg_version_find(PG_PART_KHO, "kho-v", 6));
	assert_null(pg_version_find(PG_PART_KHO, "", 0));
}

/* Of these, the report says more than that they are not known. */
UNIT_TEST(some_versions_have_no_layout)
{
	assert_int_equal(pg_version_find(PG_PART_PCI, "1", 2)->layout, PG_LAYOUT_NONE);
	assert_int_equal(pg_version_find(PG_PART_FLB, "pci-v1", 7)->layout, PG_LAYOUT_NONE);
}
