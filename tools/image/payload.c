// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * payload.c - decompresses the kernel in an image, by libarchive.
 *
 * libarchive is told which filter to use, so that data cannot be compressed twice: the size of the
 * result then limits memory and time.
 */
#include "image.h"

#include <archive.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* For what the limits of size do not foresee. */
#define MAX_SECONDS 60

#define FILTER_LZO (-1)

/**
 * struct compression - a way in which Linux compresses a kernel
 * @name:   for people
 * @magic:  the first bytes, as lib/decompress.c of Linux has them
 * @magic_size: number of @magic
 * @filter: of libarchive, or FILTER_LZO: libarchive would start lzop(1)
 * @sized:  four bytes with the size of the kernel are appended; gzip has them anyway
 */
static const struct compression {
	const char *name;
	const char *magic;
	size_t magic_size;
	int filter;
	bool sized;
} compressions[] = {
	{ "gzip", "\x1f\x8b", 2, ARCHIVE_FILTER_GZIP, false },
	{ "bzip2", "BZh", 3, ARCHIVE_FILTER_BZIP2, true },
	{ "lzma", "\x5d\0\0", 3, ARCHIVE_FILTER_LZMA, true },
	{ "xz",
	  "\xfd"
	  "7zXZ",
	  5, ARCHIVE_FILTER_XZ, true },
	{ "lzo", "\x89LZO", 4, FILTER_LZO, true },
	{ "lz4", "\x02\x21\x4c\x18", 4, ARCHIVE_FILTER_LZ4, true },
	{ "zstd", "\x28\xb5\x2f\xfd", 4, ARCHIVE_FILTER_ZSTD, true },
};

static const struct compression *compression_of(const uint8_t *packed, size_t size)
{
	for (size_t i = 0; i < PG_ARRAY_SIZE(compressions); i++) {
		const struct compression *known = &compressions[i];

		if (size >= known->magic_size && !memcmp(packed, known->magic, known->magic_size))
			return known;
	}
	return NULL;
}

const char *payload_compression(const uint8_t *packed, size_t packed_size)
{
	const struct compression *known = compression_of(packed, packed_size);

	return known ? known->name : NULL;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Returns the number of bytes written to @out, at most @size, or 0 with @error filled. */
static size_t read_all(struct archive *archive, uint8_t *out, size_t size,
		       struct capture_error *error)
{
	const time_t start = seconds();
	size_t done = 0;

	while (done < size) {
		const la_ssize_t got = archive_read_data(archive, out + done, size - done);

		if (got < 0) {
			image_fail(error, "payload: %s", archive_error_string(archive));
			return 0;
		}
		if (!got)
			break;
		done += (size_t)got;
		if (seconds() - start > MAX_SECONDS) {
			image_fail(error, "payload: decompression takes more than %d seconds",
				   MAX_SECONDS);
			return 0;
		}
	}
	if (!done)
		image_fail(error, "payload: decompresses to nothing");
	return done;
}

static size_t archive_decompress(int filter, const uint8_t *packed, size_t packed_size,
				 uint8_t *out, size_t size, struct capture_error *error)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	size_t done = 0;

	if (!archive) {
		image_fail(error, "out of memory");
		return 0;
	}
	if (archive_read_append_filter(archive, filter) != ARCHIVE_OK ||
	    archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_open_memory(archive, packed, packed_size) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		image_fail(error, "payload: %s",
			   archive_error_string(archive) ? archive_error_string(archive)
							 : "decompresses to nothing");
	else
		done = read_all(archive, out, size, error);
	archive_read_free(archive);
	return done;
}

/* The size that the last four bytes tell, with which the kernel itself decompresses. */
static size_t told_size(const uint8_t *packed, size_t packed_size, struct capture_error *error)
{
	const size_t size = image_number(packed + packed_size - 4, 4);

	if (size && size <= KERNEL_MAX)
		return size;
	image_fail(error, "payload: the size in its last four bytes is %zu, not 1 to %u", size,
		   KERNEL_MAX);
	return 0;
}

uint8_t *payload_decompress(const uint8_t *packed, size_t packed_size, size_t *size,
			    struct capture_error *error)
{
	const struct compression *known = compression_of(packed, packed_size);
	size_t done;
	uint8_t *out;

	if (!known || packed_size < known->magic_size + 4) {
		image_fail(error,
			   "payload: %zu bytes that begin with 0x%x are not of a known compression",
			   packed_size, (uint32_t)image_number(packed, packed_size < 4 ? 0 : 4));
		return NULL;
	}
	*size = told_size(packed, packed_size, error);
	if (!*size)
		return NULL;
	/* One byte more, so that a larger kernel is noticed. */
	out = malloc(*size + 1);
	if (!out) {
		image_fail(error, "out of memory");
		return NULL;
	}
	packed_size -= known->sized ? 4 : 0;
	if (known->filter == FILTER_LZO)
		done = lzo_decompress(packed, packed_size, out, *size + 1, error);
	else
		done = archive_decompress(known->filter, packed, packed_size, out, *size + 1,
					  error);
	if (done && done != *size) {
		image_fail(error, "payload: %s decompresses to %s%zu bytes, not %zu as it tells",
			   known->name, done > *size ? "more than " : "",
			   done > *size ? *size : done, *size);
		done = 0;
	}
	if (!done) {
		free(out);
		return NULL;
	}
	out[*size] = 0;
	return out;
}
