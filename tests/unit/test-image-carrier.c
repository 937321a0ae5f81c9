// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-image-carrier.c - tools/image/carrier.c and pe.c: make gated images and unwrap them.
 */
#include "unit.h"

#include "image-fixture.h"

#include <image/carrier.h>
#include <image/image.h>

#include "../../boot/image/head.h"

#define PAYLOAD 70000u
#define STAGE_SIZE 5000u
#define STAGE_MEMORY 0x9000u
#define TREE_SIZE 777u
#define SECTIONS (FIXTURE_PE + 24 + 160)
#define HEADERS 0x200u

static uint8_t head[IMAGE_HEAD_SIZE], stage[STAGE_SIZE], tree[TREE_SIZE];
static const struct carrier_parts parts = { head, stage, STAGE_SIZE };
static struct capture_error error;
static uint8_t *original;
static size_t size;

static int setup(void **state)
{
	static uint8_t payload[PAYLOAD];

	memset(payload, 0x5a, sizeof(payload));
	memset(stage, 0xe9, sizeof(stage));
	memset(tree, 0x77, sizeof(tree));
	memset(head, 0xcc, sizeof(head));
	poke(stage, offsetof(struct image_stage, memory_size), 8, STAGE_MEMORY);
	original = fixture_make(payload, PAYLOAD);
	size = fixture_size(PAYLOAD);
	poke(original, 0x264, 4, 0x190);
	poke(original, 0x268, 4, 0x5678);
	poke(original, FIXTURE_PE + 6, 2, 3);
	poke(original, FIXTURE_PE + 20, 2, 160);
	poke(original, FIXTURE_PE + 24 + 32, 4, 0x20);
	poke(original, FIXTURE_PE + 24 + 60, 4, HEADERS);
	memset(original + SECTIONS, 0x11, 3 * 40);
	return 0;
}

static int teardown(void **state)
{
	free(original);
	return 0;
}

static uint8_t *wrap(size_t *out_size)
{
	return carrier_wrap(&parts, original, size, tree, TREE_SIZE, out_size, &error);
}

static void assert_refused(const char *text)
{
	size_t out_size;

	assert_null(wrap(&out_size));
	assert_string_equal(error.text, text);
}

static uint32_t number(const uint8_t *image, size_t at)
{
	return (uint32_t)image_number(image + at, 4);
}

UNIT_TEST_WITH(unwrapping_returns_the_original, setup, teardown)
{
	size_t out_size, back_size;
	uint8_t *out = wrap(&out_size), *back;

	assert_non_null(out);
	back = carrier_unwrap(out, out_size, &back_size, &error);
	assert_non_null(back);
	assert_int_equal(back_size, size);
	assert_memory_equal(back, original, size);
	free(back);
	free(out);
}

UNIT_TEST_WITH(the_new_header_is_valid, setup, teardown)
{
	struct kernel_header header;
	size_t out_size;
	uint8_t *out = wrap(&out_size);

	assert_non_null(out);
	assert_true(kernel_header_read(&header, out, out_size, &error));
	assert_int_equal(header.protected_offset + header.protected_size, out_size);
	assert_int_equal(header.protected_size % 4096, 0);
	assert_int_equal(header.payload_size, PAYLOAD);
	assert_memory_equal(out + header.payload_offset,
			    original + FIXTURE_PROTECTED + FIXTURE_PAYLOAD, PAYLOAD);
	/* The kernel's own memory begins at the next multiple of its alignment. A page follows. */
	assert_int_equal(header.init_size, IMAGE_HEAD_SIZE + 0x200000 + 0x3378000 + 4096);
	assert_int_equal(header.xloadflags, KERNEL_XLF_KERNEL_64 | 0x32);
	assert_int_equal(number(out, 0x264), 0);
	assert_int_equal(number(out, 0x268), 0x5678 + IMAGE_HEAD_SIZE);
	free(out);
}

UNIT_TEST_WITH(init_size_includes_the_memory_of_the_stage, setup, teardown)
{
	struct kernel_header header;
	struct image_head fields;
	size_t out_size;
	uint8_t *out;

	poke(stage, offsetof(struct image_stage, memory_size), 8, 0x5000000);
	out = wrap(&out_size);
	assert_non_null(out);
	assert_true(kernel_header_read(&header, out, out_size, &error));
	memcpy(&fields, out + FIXTURE_PROTECTED + IMAGE_HEAD_FIELDS, sizeof(fields));
	assert_int_equal(fields.stage % 4096, 0);
	assert_int_equal(fields.report, fields.stage + 0x5000000);
	assert_int_equal(header.init_size, fields.report + 4096);
	assert_memory_equal(out + FIXTURE_PROTECTED + fields.stage, stage, STAGE_SIZE);
	free(out);
}

UNIT_TEST_WITH(the_tree_is_found_again, setup, teardown)
{
	struct kernel_header header;
	struct carrier carrier;
	size_t out_size;
	uint8_t *out = wrap(&out_size);

	assert_non_null(out);
	assert_true(kernel_header_read(&header, out, out_size, &error));
	assert_true(carrier_find(&carrier, &header, out, out_size, &error));
	assert_int_equal(carrier.tree_size, TREE_SIZE);
	assert_memory_equal(carrier.tree, tree, TREE_SIZE);
	assert_int_equal((carrier.tree - out - FIXTURE_PROTECTED) % 8, 0);
	free(out);
}

UNIT_TEST_WITH(the_head_has_the_original_values, setup, teardown)
{
	struct image_head fields;
	size_t out_size;
	uint8_t *out = wrap(&out_size);

	assert_non_null(out);
	memcpy(&fields, out + FIXTURE_PROTECTED + IMAGE_HEAD_FIELDS, sizeof(fields));
	assert_int_equal(fields.syssize, number(original, KERNEL_OFFSET_SYSSIZE));
	assert_int_equal(fields.xloadflags, KERNEL_XLF_KERNEL_64 | 0x3e);
	assert_int_equal(fields.payload_offset, FIXTURE_PAYLOAD);
	assert_int_equal(fields.init_size, 0x3378000);
	assert_int_equal(fields.handover_offset, 0x190);
	assert_int_equal(fields.kernel_info_offset, 0x5678);
	free(out);
}

UNIT_TEST_WITH(the_pe_header_has_one_section, setup, teardown)
{
	size_t out_size;
	uint8_t *out = wrap(&out_size);

	assert_non_null(out);
	assert_int_equal(image_number(out + FIXTURE_PE + 6, 2), 1);
	assert_int_equal(number(out, FIXTURE_PE + 24 + 16), FIXTURE_PROTECTED + IMAGE_EFI_ENTRY);
	assert_int_equal(number(out, FIXTURE_PE + 24 + 56), out_size);
	assert_int_equal(number(out, FIXTURE_CERTIFICATES), 0);
	assert_memory_equal(out + SECTIONS, ".text\0\0\0", 8);
	assert_int_equal(number(out, SECTIONS + 12), HEADERS);
	assert_int_equal(number(out, SECTIONS + 16), out_size - HEADERS);
	assert_int_equal(number(out, SECTIONS + 20), HEADERS);
	assert_int_equal(number(out, SECTIONS + 40), 0);
	free(out);
}

UNIT_TEST_WITH(unsuitable_kernels_are_refused, setup, teardown)
{
	poke(original, KERNEL_OFFSET_RELOCATABLE, 1, 0);
	assert_refused("relocatable_kernel is 0: the kernel runs at 0x1000000 only");
	poke(original, KERNEL_OFFSET_RELOCATABLE, 1, 1);
	poke(original, KERNEL_OFFSET_INIT_SIZE, 4, 0xfff00000);
	assert_refused("init_size is 0xfff00000: with the stage, the image needs more than 4 GiB");
	poke(original, KERNEL_OFFSET_INIT_SIZE, 4, 0x3378000);
	poke(original, 0x3c, 4, 0x1c0);
	assert_refused("e_lfanew is 0x1c0: no PE header there");
	poke(original, 0x3c, 4, FIXTURE_PE);
	poke(original, FIXTURE_PE + 24 + 60, 4, 0x210);
	assert_refused("PE header: magic 0x20b, 3 sections, SizeOfHeaders 0x210, "
		       "SectionAlignment 0x20");
}

UNIT_TEST_WITH(a_gated_image_is_not_wrapped_again, setup, teardown)
{
	size_t out_size, again;
	uint8_t *out = wrap(&out_size);

	assert_non_null(out);
	assert_null(carrier_wrap(&parts, out, out_size, tree, TREE_SIZE, &again, &error));
	assert_string_equal(error.text, "is a gated image already");
	free(out);
}

UNIT_TEST_WITH(an_original_is_not_unwrapped, setup, teardown)
{
	size_t out_size;

	assert_null(carrier_unwrap(original, size, &out_size, &error));
	assert_string_equal(error.text, "is not a gated image");
}

/* Each offset and size in the head is checked against the file. */
UNIT_TEST_WITH(a_damaged_head_is_refused, setup, teardown)
{
	static const size_t fields[] = { offsetof(struct image_head, stage),
					 offsetof(struct image_head, tree),
					 offsetof(struct image_head, tree_size),
					 offsetof(struct image_head, original_size),
					 offsetof(struct image_head, file_size) };
	size_t out_size, back_size, i;
	uint8_t *out = wrap(&out_size);

	assert_non_null(out);
	for (i = 0; i < PG_ARRAY_SIZE(fields); i++) {
		uint8_t *at = out + FIXTURE_PROTECTED + IMAGE_HEAD_FIELDS + fields[i];
		const uint32_t was = number(at, 0);

		poke(at, 0, 4, 0xfffffff0);
		error.text[0] = 0;
		assert_null(carrier_unwrap(out, out_size, &back_size, &error));
		assert_non_null(strstr(error.text, "is truncated"));
		poke(at, 0, 4, was);
	}
	poke(out + FIXTURE_PROTECTED + IMAGE_HEAD_FIELDS, offsetof(struct image_head, version), 4,
	     2);
	assert_null(carrier_unwrap(out, out_size, &back_size, &error));
	assert_string_equal(error.text, "version of the gated image is 2, not 1");
	free(out);
}
