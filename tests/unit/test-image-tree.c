// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-image-tree.c - tools/image/tree.c: what is known about a kernel travels in the image's tree.
 */
#include "unit.h"

#include <image/tree.h>

#include <libfdt.h>
#include <stdlib.h>

static struct capture_error error;
static struct pg_next_kernel next;
static void *tree;
static size_t size;

static void make(const struct kernel_facts *facts)
{
	free(tree);
	tree = image_tree_make(NULL, 0, "7.3.4", facts, &size, &error);
	assert_non_null(tree);
	assert_int_equal(size % 8, 0);
	assert_true(image_tree_read(tree, size, &next, &error));
}

static int teardown(void **state)
{
	free(tree);
	tree = NULL;
	return 0;
}

UNIT_TEST_WITH(known_facts, NULL, teardown)
{
	static struct kernel_facts facts = {
		.kho = { FACT_BTF, true },
		.liveupdate = { FACT_BTF, true },
		.pci = { FACT_BTF, false },
		.keeps_buses = { FACT_BTF, false },
		.keeps_vfs = { FACT_STRINGS, true },
		.kho_default = { FACT_CONFIG, true },
		.luo_default = { FACT_CONFIG, false },
		.kho_version = { FACT_STRINGS, "kho-v4" },
		.luo_version = { FACT_STRINGS, "luo-v5" },
		.pci_version = { FACT_BTF, "2" },
		.cmdline_source = FACT_CONFIG,
		.cmdline = "quiet",
		.cmdline_overrides = true,
	};

	make(&facts);
	assert_string_equal(next.version, "7.3.4");
	assert_int_equal(next.kho, PG_FACT_YES);
	assert_int_equal(next.liveupdate, PG_FACT_YES);
	assert_int_equal(next.pci, PG_FACT_NO);
	assert_int_equal(next.keeps_buses, PG_FACT_NO);
	assert_int_equal(next.keeps_vfs, PG_FACT_YES);
	assert_int_equal(next.kho_default, PG_FACT_YES);
	assert_int_equal(next.liveupdate_default, PG_FACT_NO);
	assert_string_equal(next.kho_version, "kho-v4");
	assert_string_equal(next.luo_version, "luo-v5");
	assert_string_equal(next.pci_version, "2");
	assert_string_equal(next.cmdline, "quiet");
	assert_true(next.cmdline_overrides);
	/* The longest of all lines fits. */
	memset(facts.cmdline, 'x', sizeof(facts.cmdline) - 2);
	make(&facts);
	assert_int_equal(strlen(next.cmdline), KERNEL_CMDLINE_SIZE - 2);
}

/* What is unknown is not written, nor is a version of a form that a record does not have. */
UNIT_TEST_WITH(unknown_facts, NULL, teardown)
{
	static struct kernel_facts facts;
	static const struct pg_next_kernel nothing;

	make(&facts);
	next.version = NULL;
	assert_memory_equal(&next, &nothing, sizeof(next));
	facts.kho_version = (struct kernel_version){ FACT_SECTION, "features 0x1, required 0x0" };
	facts.luo_version = facts.pci_version = facts.kho_version;
	make(&facts);
	next.version = NULL;
	assert_memory_equal(&next, &nothing, sizeof(next));
	free(tree);
	tree = image_tree_make(NULL, 0, NULL, NULL, &size, &error);
	assert_true(image_tree_read(tree, size, &next, &error));
	assert_memory_equal(&next, &nothing, sizeof(next));
}

UNIT_TEST_WITH(a_damaged_tree, NULL, teardown)
{
	static const struct kernel_facts facts = { .kho = { FACT_BTF, true } };

	make(&facts);
	for (size_t at = 0; at < size; at++) {
		((uint8_t *)tree)[at] ^= 1;
		assert_false(image_tree_read(tree, size, &next, &error));
		assert_non_null(strstr(error.text, "the tree in the image: "));
		((uint8_t *)tree)[at] ^= 1;
	}
	assert_true(image_tree_read(tree, size, &next, &error));
	assert_false(image_tree_read(tree, size - 8, &next, &error));
}
