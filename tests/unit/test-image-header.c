// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-image-header.c - tools/image/bzimage.c: the header of a kernel image.
 */
#include "unit.h"

#include "image-fixture.h"

static struct kernel_header header;
static struct capture_error error;

/* Changes one number of an image, and reads @size bytes of it in a block of exactly this size. */
static bool read_changed(size_t size, size_t at, unsigned int bytes, uint64_t value)
{
	uint8_t *image = fixture_make("payload", 7);
	uint8_t *block = malloc(size);
	bool good;

	assert_non_null(block);
	assert_true(at + bytes <= fixture_size(7) && size <= fixture_size(7));
	poke(image, at, bytes, value);
	memcpy(block, image, size);
	error.text[0] = 0;
	good = kernel_header_read(&header, block, size, &error);
	free(block);
	free(image);
	assert_true(good == !error.text[0]);
	return good;
}

static void refused(size_t at, unsigned int bytes, uint64_t value, const char *text)
{
	assert_false(read_changed(fixture_size(7), at, bytes, value));
	assert_string_equal(error.text, text);
}

UNIT_TEST(a_valid_header_is_read)
{
	assert_true(read_changed(fixture_size(7), 0, 0, 0));
	assert_int_equal(header.protocol, 0x20f);
	assert_int_equal(header.setup_sects, 3);
	assert_int_equal(header.xloadflags, 0x3f);
	assert_true(header.relocatable);
	assert_int_equal(header.alignment, 0x200000);
	assert_int_equal(header.cmdline_size, 2047);
	assert_int_equal(header.pref_address, 0x1000000);
	assert_int_equal(header.init_size, 0x3378000);
	assert_int_equal(header.protected_offset, 2048);
	assert_int_equal(header.protected_size, 0x310);
	assert_int_equal(header.payload_offset, 2048 + 0x300);
	assert_int_equal(header.payload_size, 7);
	assert_string_equal(header.banner, "7.3.4-test (who@where) #1 SMP");
	assert_string_equal(header.release, "7.3.4-test");
	assert_int_equal(header.signature_offset, 0);
	assert_int_equal(header.signature_size, 0);
}

UNIT_TEST(other_files_are_refused)
{
	assert_false(read_changed(0x263, 0, 0, 0));
	assert_string_equal(error.text,
			    "is not a bzImage: 611 bytes, and a setup header ends at 612");
	assert_false(read_changed(0, 0, 0, 0));
	refused(KERNEL_OFFSET_BOOT_FLAG, 2, 0xaa54,
		"is not a bzImage: boot_flag is 0xaa54, not 0xaa55");
	refused(KERNEL_OFFSET_MAGIC, 4, 0x53726449,
		"is not a bzImage: header is 0x53726449, not \"HdrS\"");
	refused(KERNEL_OFFSET_PROTOCOL, 2, 0x20b,
		"version of the boot protocol is 2.11, below 2.12");
	refused(KERNEL_OFFSET_LOADFLAGS, 1, 0xfe,
		"is not a bzImage: loadflags is 0xfe, without LOADED_HIGH");
	refused(KERNEL_OFFSET_XLOADFLAGS, 2, 0x7e,
		"is a 32-bit kernel: xloadflags is 0x7e, without XLF_KERNEL_64");
	assert_true(read_changed(fixture_size(7), KERNEL_OFFSET_PROTOCOL, 2, 0x20c));
}

UNIT_TEST(sizes_stay_inside_the_file)
{
	assert_false(read_changed(fixture_size(7) - 1, 0, 0, 0));
	assert_string_equal(error.text, "is truncated: setup_sects 3 and syssize 0x31 need 2832 "
					"bytes, the file has 2831");
	assert_false(read_changed(0x264, 0, 0, 0));
	refused(KERNEL_OFFSET_SYSSIZE, 4, UINT32_MAX,
		"is truncated: setup_sects 3 and syssize 0xffffffff need 68719478768 bytes, the "
		"file has 2832");
	refused(KERNEL_OFFSET_PAYLOAD_OFFSET, 4, 0x30a,
		"payload_offset 0x30a and payload_length 0x7 lead behind the end of the kernel, "
		"0x310");
	refused(KERNEL_OFFSET_PAYLOAD_LENGTH, 4, UINT32_MAX,
		"payload_offset 0x300 and payload_length 0xffffffff lead behind the end of the "
		"kernel, 0x310");
	refused(KERNEL_OFFSET_PAYLOAD_OFFSET, 4, UINT32_MAX,
		"payload_offset 0xffffffff and payload_length 0x7 lead behind the end of the "
		"kernel, 0x310");
	assert_true(read_changed(fixture_size(7), KERNEL_OFFSET_PAYLOAD_OFFSET, 4, 0x309));
}

UNIT_TEST(setup_sects_0_means_4)
{
	uint8_t *image = fixture_make("payload", 7);
	uint8_t *longer = calloc(1, fixture_size(7) + 512);

	assert_non_null(longer);
	memcpy(longer, image, fixture_size(7));
	longer[KERNEL_OFFSET_SETUP_SECTS] = 0;
	assert_true(kernel_header_read(&header, longer, fixture_size(7) + 512, &error));
	assert_int_equal(header.setup_sects, 4);
	assert_int_equal(header.protected_offset, 2560);
	free(longer);
	free(image);
}

UNIT_TEST(implausible_memory_sizes_are_refused)
{
	refused(KERNEL_OFFSET_ALIGNMENT, 4, 0, "kernel_alignment is 0x0, not a power of two");
	refused(KERNEL_OFFSET_ALIGNMENT, 4, 0x300000,
		"kernel_alignment is 0x300000, not a power of two");
	refused(KERNEL_OFFSET_INIT_SIZE, 4, 0x30f,
		"init_size is 0x30f, less than the 0x310 bytes of syssize");
	assert_true(read_changed(fixture_size(7), KERNEL_OFFSET_INIT_SIZE, 4, 0x310));
}

UNIT_TEST(the_banner_ends_with_the_setup_sectors)
{
	uint8_t *image = fixture_make("payload", 7);

	assert_true(read_changed(fixture_size(7), KERNEL_OFFSET_KERNEL_VERSION, 2, 0));
	assert_string_equal(header.banner, "");
	assert_string_equal(header.release, "");
	assert_true(read_changed(fixture_size(7), KERNEL_OFFSET_KERNEL_VERSION, 2, 0xffff));
	assert_string_equal(header.banner, "");
	assert_true(read_changed(fixture_size(7), FIXTURE_BANNER + 5, 5, 0x31310a7f1b));
	assert_string_equal(header.release, "7.3.4???11");
	poke(image, KERNEL_OFFSET_KERNEL_VERSION, 2, 2046 - 512);
	memcpy(image + 2046, "5.x", 3);
	assert_true(kernel_header_read(&header, image, fixture_size(7), &error));
	assert_string_equal(header.release, "5.");
	memset(image + FIXTURE_BANNER, 'y', 2048 - FIXTURE_BANNER);
	poke(image, KERNEL_OFFSET_KERNEL_VERSION, 2, FIXTURE_BANNER - 512);
	assert_true(kernel_header_read(&header, image, fixture_size(7), &error));
	assert_int_equal(strlen(header.release), KERNEL_BANNER_SIZE - 1);
	free(image);
}

UNIT_TEST(invalid_certificate_tables_are_refused)
{
	const uint64_t at_end = fixture_size(7) - 8;

	/* The payload is taken for wCertificateType. */
	assert_false(read_changed(fixture_size(7), FIXTURE_CERTIFICATES, 8, 8ull << 32 | at_end));
	assert_string_equal(error.text, "certificate table: wCertificateType is 0x0, not 0x2");
	refused(FIXTURE_CERTIFICATES, 8, 9ull << 32 | at_end,
		"is truncated: the certificate table has 9 bytes at 0xb08, the file has 0xb10");
	refused(FIXTURE_CERTIFICATES, 8, 7ull << 32 | at_end,
		"is truncated: the certificate table has 7 bytes at 0xb08, the file has 0xb10");
	refused(FIXTURE_CERTIFICATES, 8, UINT64_MAX,
		"is truncated: the certificate table has 4294967295 bytes at 0xffffffff, the file "
		"has 0xb10");
	/* There is no PE header, or it is cut. */
	assert_true(read_changed(fixture_size(7), FIXTURE_PE, 1, 'Q'));
	assert_true(read_changed(fixture_size(7), 0x3c, 4, fixture_size(7) - 24 - 144 - 7));
	assert_true(read_changed(fixture_size(7), 0x3c, 4, UINT32_MAX));
}

UNIT_TEST(a_signature_is_found)
{
	uint8_t *image = fixture_make("payload", 7);

	poke(image, FIXTURE_CERTIFICATES, 8, 16ull << 32 | (fixture_size(7) - 16));
	poke(image, fixture_size(7) - 16 + 6, 2, 2);
	assert_true(kernel_header_read(&header, image, fixture_size(7), &error));
	assert_int_equal(header.signature_offset, fixture_size(7) - 16);
	assert_int_equal(header.signature_size, 16);
	/* NumberOfRvaAndSizes ends before the certificate table. */
	poke(image, FIXTURE_PE + 24 + 108, 4, 4);
	assert_true(kernel_header_read(&header, image, fixture_size(7), &error));
	assert_int_equal(header.signature_size, 0);
	free(image);
}
