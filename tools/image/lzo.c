// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * lzo.c - a file as lzop(1) makes it, by liblzo2. libarchive as Debian builds it would start lzop.
 *
 * All numbers of the format are big-endian. The checksums are not verified: the caller knows the
 * size of the result, and the ELF file in it is checked.
 */
#include "image.h"

#include <lzo/lzo1x.h>

#define MAGIC_SIZE 9u
#define FLAG_ADLER32_OUT 0x0001u
#define FLAG_ADLER32_IN 0x0002u
#define FLAG_CRC32_OUT 0x0100u
#define FLAG_CRC32_IN 0x0200u
#define FLAG_FILTER 0x0800u
#define VERSION_NEW 0x0940u

/* What is left to be read. */
struct rest {
	const uint8_t *at;
	size_t size;
};

/* The next number, or 0 if the file ends before; then nothing is left. */
static uint32_t take(struct rest *rest, size_t bytes)
{
	uint32_t value = 0;

	if (bytes > rest->size) {
		rest->size = 0;
		return 0;
	}
	rest->size -= bytes;
	for (; bytes; bytes--)
		value = value << 8 | *rest->at++;
	return value;
}

static uint32_t take_header(struct rest *rest)
{
	uint32_t version, flags;

	take(rest, MAGIC_SIZE);
	version = take(rest, 2);
	/* Version of the library; then version needed, method and level, or the method alone. */
	take(rest, 2);
	take(rest, version >= VERSION_NEW ? 4 : 1);
	flags = take(rest, 4);
	take(rest, flags & FLAG_FILTER ? 4 : 0);
	/* Mode and time, the name, a checksum. */
	take(rest, version >= VERSION_NEW ? 12 : 8);
	take(rest, take(rest, 1));
	take(rest, 4);
	return flags;
}

/* Decompresses the next block. Returns its bytes, or 0 at the end and where the file is damaged. */
static size_t take_block(struct rest *rest, uint32_t flags, uint8_t *out, size_t size)
{
	const uint32_t out_size = take(rest, 4);
	const uint32_t in_size = out_size ? take(rest, 4) : 0;
	lzo_uint got = out_size;
	int result = LZO_E_OK;

	take(rest, flags & FLAG_ADLER32_OUT ? 4 : 0);
	take(rest, flags & FLAG_CRC32_OUT ? 4 : 0);
	if (in_size < out_size) {
		take(rest, flags & FLAG_ADLER32_IN ? 4 : 0);
		take(rest, flags & FLAG_CRC32_IN ? 4 : 0);
	}
	if (out_size > size || in_size > out_size || in_size > rest->size)
		return 0;
	if (in_size == out_size)
		memcpy(out, rest->at, in_size);
	else
		result = lzo1x_decompress_safe(rest->at, in_size, out, &got, NULL);
	take(rest, in_size);
	return result == LZO_E_OK && got == out_size ? got : 0;
}

size_t lzo_decompress(const uint8_t *packed, size_t packed_size, uint8_t *out, size_t size,
		      struct capture_error *error)
{
	struct rest rest = { packed, packed_size };
	const uint32_t flags = take_header(&rest);
	size_t done = 0, got;

	while ((got = take_block(&rest, flags, out + done, size - done)))
		done += got;
	if (!done)
		image_fail(error, "payload: lzo decompresses to nothing");
	return done;
}
