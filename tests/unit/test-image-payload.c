// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-image-payload.c - tools/image/payload.c and lzo.c: decompress all formats that Linux uses.
 */
#include "unit.h"

#include <image/image.h>

#include <archive.h>
#include <archive_entry.h>
#include <lz4.h>
#include <lzo/lzo1x.h>

#define SIZE 100000u
#define CAPACITY (2 * SIZE)

static uint8_t content[SIZE];
static uint8_t packed[CAPACITY];
static size_t packed_size;
static struct capture_error error;

static int fill_content(void **state)
{
	uint32_t number = 1;

	for (size_t i = 0; i < SIZE; i++) {
		number = number * 1103515245 + 12345;
		content[i] = (uint8_t)(i % 7 ? 'a' : number >> 16);
	}
	return 0;
}

static void put(const void *bytes, size_t size)
{
	assert_true(packed_size + size <= CAPACITY);
	memcpy(packed + packed_size, bytes, size);
	packed_size += size;
}

/* Numbers of lzop are big-endian. */
static void put_be(uint32_t value, unsigned int size)
{
	for (; size; size--) {
		const uint8_t byte = (uint8_t)(value >> 8 * (size - 1));

		put(&byte, 1);
	}
}

static void put_le(uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++) {
		const uint8_t byte = (uint8_t)(value >> 8 * i);

		put(&byte, 1);
	}
}

static void pack(int filter)
{
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
	assert_int_equal(archive_write_add_filter(archive, filter), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(archive, 1);
	assert_int_equal(archive_write_open_memory(archive, packed, CAPACITY, &packed_size),
			 ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, content, SIZE), SIZE);
	archive_entry_free(entry);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
}

/* Writes the old frame format of lz4, with one block. */
static void pack_lz4(void)
{
	static char block[CAPACITY];
	const int len = LZ4_compress_default((const char *)content, block, SIZE, CAPACITY);

	packed_size = 0;
	assert_true(len > 0);
	put("\x02\x21\x4c\x18", 4);
	put_le((uint32_t)len);
	put(block, (size_t)len);
}

static void put_lzo_block(const uint8_t *from, uint32_t size, uint32_t flags, bool stored)
{
	static uint8_t work[LZO1X_1_MEM_COMPRESS], block[CAPACITY];
	lzo_uint len = size;

	if (!stored)
		assert_int_equal(lzo1x_1_compress(from, size, block, &len, work), LZO_E_OK);
	put_be(size, 4);
	put_be((uint32_t)len, 4);
	for (uint32_t flag = 1; flag <= 0x200; flag <<= 1) {
		if (flags & 0x101 & flag || (!stored && flags & 0x202 & flag))
			put_be(0x12345678, 4);
	}
	put(stored ? from : block, len);
}

static void pack_lzo(uint32_t version, uint32_t flags)
{
	packed_size = 0;
	put("\x89LZO\0\r\n\x1a\n", 9);
	put_be(version, 2);
	put_be(0x20a0, 2);
	put_be(0x0940, version >= 0x940 ? 2 : 0);
	put_be(3, 1);
	put_be(9, version >= 0x940 ? 1 : 0);
	put_be(flags, 4);
	put_be(1, flags & 0x800 ? 4 : 0);
	put_be(0644, 4);
	put("\0\0\0\0\0\0\0", version >= 0x940 ? 8 : 4);
	put("\x03x.y", 4);
	put_be(0x87654321, 4);
	put_lzo_block(content, SIZE / 2, flags, false);
	put_lzo_block(content + SIZE / 2, 1000, flags, true);
	put_lzo_block(content + SIZE / 2 + 1000, SIZE / 2 - 1000, flags, false);
	put_be(0, 4);
}

/*
 * Decompresses the first @cut packed bytes, followed by @size_field as the size of the content. The
 * block has exactly this size.
 */
static uint8_t *decompress(size_t cut, uint32_t size_field, size_t *got)
{
	uint8_t *block = malloc(cut + 4);
	uint8_t *out;

	assert_non_null(block);
	memcpy(block, packed, cut);
	for (unsigned int i = 0; i < 4; i++)
		block[cut + i] = (uint8_t)(size_field >> 8 * i);
	error.text[0] = 0;
	out = payload_decompress(block, cut + 4, got, &error);
	assert_true(!out == !!error.text[0]);
	free(block);
	return out;
}

static void refused(size_t cut, uint32_t size_field)
{
	size_t got;

	assert_null(decompress(cut, size_field, &got));
	assert_null(strchr(error.text, '\n'));
}

/* The packed content is decompressed. Cut off, or with another size, it is refused. */
static void check(const char *name)
{
	uint8_t *out;
	size_t got;

	assert_string_equal(payload_compression(packed, packed_size), name);
	out = decompress(packed_size, SIZE, &got);
	if (!out)
		fail_msg("%s: %s", name, error.text);
	assert_int_equal(got, SIZE);
	assert_memory_equal(out, content, SIZE);
	assert_int_equal(out[SIZE], 0);
	free(out);
	for (size_t cut = 0; cut + 40 < packed_size; cut += cut < 60 ? 7 : packed_size / 5)
		refused(cut, SIZE);
	refused(packed_size, SIZE - 1);
	refused(packed_size, SIZE + 1);
	refused(packed_size, 0);
	refused(packed_size, KERNEL_MAX + 1);
}

UNIT_TEST(formats_of_libarchive_are_decompressed)
{
	static const struct {
		const char *name;
		int filter;
	} filters[] = {
		{ "bzip2", ARCHIVE_FILTER_BZIP2 }, { "lzma", ARCHIVE_FILTER_LZMA },
		{ "xz", ARCHIVE_FILTER_XZ },	   { "zstd", ARCHIVE_FILTER_ZSTD },
		{ "gzip", ARCHIVE_FILTER_GZIP },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(filters); i++) {
		pack(filters[i].filter);
		/* gzip itself ends with the size of the content. */
		packed_size -= filters[i].filter == ARCHIVE_FILTER_GZIP ? 4 : 0;
		check(filters[i].name);
	}
}

UNIT_TEST(lz4_is_decompressed)
{
	pack_lz4();
	check("lz4");
}

UNIT_TEST(lzo_is_decompressed)
{
	static const uint32_t flags[] = { 0, 0x3, 0x303, 0x800, 0x101, 0x202 };

	for (size_t i = 0; i < PG_ARRAY_SIZE(flags); i++) {
		for (uint32_t version = 0x93f; version <= 0x940; version++) {
			pack_lzo(version, flags[i]);
			check("lzo");
		}
	}
}

/* Repeated decompression would have no limit of time and memory. */
UNIT_TEST(a_payload_is_decompressed_once)
{
	static uint8_t inner[CAPACITY];
	size_t inner_size, got;
	uint8_t *out;

	pack(ARCHIVE_FILTER_GZIP);
	inner_size = packed_size;
	memcpy(inner, packed, packed_size);
	memcpy(content, inner, inner_size);
	memset(content + inner_size, 0, SIZE - inner_size);
	pack(ARCHIVE_FILTER_XZ);
	out = decompress(packed_size, SIZE, &got);
	assert_non_null(out);
	assert_memory_equal(out, inner, inner_size);
	free(out);
	fill_content(NULL);
}

UNIT_TEST(unknown_formats_are_refused)
{
	packed_size = 0;
	put("\x7f\x45\x4c\x46", 4);
	assert_null(payload_compression(packed, 4));
	refused(4, SIZE);
	assert_string_equal(error.text, "payload: 8 bytes that begin with 0x464c457f are not of a "
					"known compression");
	refused(0, 0);
}
