// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-image-trailer.c - tools/image/trailer.c: a record at the end of an initrd.
 */
#include "unit.h"

#include <image/trailer.h>

#include "../../boot/image/head.h"

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
