// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-image-trailer.c - tools/image/trailer.c writes a record at the end of an initrd,
 * boot/image/initrd.c finds it.
 */
#include "unit.h"

#include <image/trailer.h>

#include "../../boot/image/head.h"
#include "../../boot/image/initrd.h"

#include <string.h>

#define HEADER_SIZE 110u

static const char tree[] = "a tree of 22 bytes...";

/* Reads a number of a cpio header: eight hexadecimal digits. */
static unsigned long field(const uint8_t *header, unsigned int index)
{
	char digits[9] = "";

	memcpy(digits, header + 6 + 8 * index, 8);
	return strtoul(digits, NULL, 16);
}

UNIT_TEST(the_record_is_at_the_end_of_the_initrd)
{
	for (uint64_t initrd = 0; initrd < 17; initrd++) {
		struct image_trailer trailer;
		size_t size, file, at;
		uint8_t *out = trailer_make(initrd, tree, sizeof(tree), &size);
		const uint8_t *header;

		assert_non_null(out);
		at = (size_t)(-initrd & 7);
		header = out + at;
		assert_memory_equal(header, "070701", 6);
		assert_int_equal(field(header, 11), strlen("./pcigate-own.dtb") + 1);
		assert_string_equal((const char *)header + HEADER_SIZE, "./pcigate-own.dtb");
		file = field(header, 6);
		at += HEADER_SIZE + field(header, 11);
		assert_int_equal(at + file, size);

		memcpy(&trailer, out + size - sizeof(trailer), sizeof(trailer));
		assert_memory_equal(trailer.magic, IMAGE_TRAILER_MAGIC, 8);
		assert_int_equal(trailer.tree_size, 24);
		at = size - sizeof(trailer) - trailer.tree_size;
		assert_int_equal((initrd + at) % 8, 0);
		assert_memory_equal(out + at, tree, sizeof(tree));
		free(out);
	}
}

static struct pg_host_record found_in(const uint8_t *initrd, size_t size)
{
	struct pg_host_record host = { .tree = { .present = true, .pa = 1, .size = 2 } };

	initrd_find_record(initrd, size, &host);
	return host;
}

UNIT_TEST(the_stage_finds_it)
{
	struct pg_host_record host;
	size_t size;
	uint8_t *out = trailer_make(0, tree, sizeof(tree), &size);

	assert_non_null(out);
	host = found_in(out, size);
	assert_int_equal(host.damage.reason, PG_OK);
	assert_true(host.tree.present);
	assert_int_equal(host.tree.size, 24);
	assert_memory_equal((const void *)(uintptr_t)host.tree.pa, tree, sizeof(tree));
	/* An initrd without a record, or of a few bytes: the image's record stays. */
	out[size - 1] ^= 1;
	for (size_t bytes = 0; bytes <= size; bytes++) {
		host = found_in(out, bytes);
		assert_int_equal(host.tree.pa, 1);
		assert_int_equal(host.damage.reason, PG_OK);
	}
	free(out);
}

UNIT_TEST(an_initrd_that_is_too_short)
{
	struct image_trailer trailer = { .tree_size = 24 };
	uint8_t initrd[24 + sizeof(trailer)] = { 0 };
	struct pg_host_record host;

	memcpy(trailer.magic, IMAGE_TRAILER_MAGIC, sizeof(trailer.magic));
	memcpy(initrd + 24, &trailer, sizeof(trailer));
	host = found_in(initrd, sizeof(initrd));
	assert_int_equal(host.damage.reason, PG_OK);
	assert_int_equal(host.tree.pa, (uintptr_t)initrd);
	host = found_in(initrd + 1, sizeof(initrd) - 1);
	assert_int_equal(host.damage.reason, PG_RECORD_MALFORMED);
	assert_string_equal(host.damage.field, "record in the initrd: size");
	assert_string_equal(host.damage.text, "24, but 23 are there");
}
