// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * source.c - reads a machine from a capture, from the output of lspci, or from this host.
 */
#include "source.h"

#include "cli.h"
#include "input.h"

#include <libfdt.h>
#include <stdlib.h>
#include <zlib.h>

const char *source_name(const char *path)
{
	if (!path)
		return "this host";
	if (!*path)
		return "''";
	return strcmp(path, "-") ? path : "standard input";
}

static bool is_gzip(const uint8_t *bytes, size_t size)
{
	return size > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* Decompresses at most CAPTURE_MAX_FILE bytes into @out, which has one byte more. */
static bool unpack(const void *packed, size_t packed_size, char *out, size_t *size,
		   struct capture_error *error)
{
	z_stream stream = { .next_in = (z_const Bytef *)(uintptr_t)packed,
			    .avail_in = (uInt)packed_size,
			    .next_out = (Bytef *)out,
			    .avail_out = CAPTURE_MAX_FILE + 1 };
	int result = inflateInit2(&stream, 16 + MAX_WBITS);

	while (result == Z_OK) {
		result = inflate(&stream, Z_FINISH);
		/* A gzip file may have several members. */
		if (result == Z_STREAM_END && stream.avail_in)
			result = inflateReset(&stream);
	}
	*size = CAPTURE_MAX_FILE + 1 - stream.avail_out;
	inflateEnd(&stream);
	if (*size > CAPTURE_MAX_FILE)
		return machine_fail(error, "decompresses to more than %u MiB",
				    CAPTURE_MAX_FILE >> 20);
	return result == Z_STREAM_END ||
	       machine_fail(error, "cannot decompress it: the gzip file is damaged or cut short");
}

static void *decompress(void *packed, size_t *size, struct capture_error *error)
{
	char *out = malloc(CAPTURE_MAX_FILE + 2u), *fitting;
	const size_t packed_size = *size;

	if (!out)
		machine_fail(error, "out of memory");
	if (out && !unpack(packed, packed_size, out, size, error)) {
		free(out);
		out = NULL;
	}
	free(packed);
	if (!out)
		return NULL;
	out[*size] = 0;
	fitting = realloc(out, *size + 1);
	return fitting ? fitting : out;
}

/* What is read only after another program has converted it. False, with @error filled. */
static bool is_readable(const void *bytes, size_t size, struct capture_error *error)
{
	static const struct {
		const char *magic;
		const char *what;
		const char *program;
	} formats[] = {
		{ "\xfd"
		  "7zXZ",
		  "compressed by xz", "xz -dc" },
		{ "\x28\xb5\x2f\xfd", "compressed by zstd", "zstd -dc" },
		{ "BZh", "compressed by bzip2", "bzip2 -dc" },
		{ "\xff\xfe", "UTF-16 text", "iconv -f UTF-16 -t UTF-8" },
		{ "\xfe\xff", "UTF-16 text", "iconv -f UTF-16 -t UTF-8" },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(formats); i++) {
		const size_t length = strlen(formats[i].magic);

		if (size >= length && !memcmp(bytes, formats[i].magic, length))
			return machine_fail(error, "is %s: convert it with %s", formats[i].what,
					    formats[i].program);
	}
	return true;
}

void *source_fetch(const char *path, size_t *size)
{
	struct capture_error error = { "" };
	void *bytes = input_read(path, CAPTURE_MAX_FILE, size, &error);

	if (bytes && is_gzip(bytes, *size))
		bytes = decompress(bytes, size, &error);
	if (bytes && !is_readable(bytes, *size, &error)) {
		free(bytes);
		bytes = NULL;
	}
	if (!bytes)
		complain("%s: %s", source_name(path), error.text);
	if (!bytes || *size)
		return bytes;
	complain("%s: is empty", source_name(path));
	free(bytes);
	return NULL;
}

bool source_is_capture(const void *bytes, size_t size)
{
	return size >= sizeof(fdt32_t) && fdt32_ld(bytes) == FDT_MAGIC;
}

void source_notes(const struct machine *machine, const char *path)
{
	for (uint32_t i = 0; i < machine->nr_notes; i++)
		complain("%s: %s", source_name(path), machine->notes[i]);
	if (machine->more_notes)
		complain("%s: and %u more of this kind", source_name(path), machine->more_notes);
}

static bool open_file(struct source *source, const void *bytes, size_t size,
		      struct capture_error *error)
{
	static const struct pg_record none;

	if (!source_is_capture(bytes, size))
		return machine_of_text(&source->machine, bytes, size, error);
	source->capture = capture_parse(bytes, size, error);
	return source->capture &&
	       machine_of_capture(&source->machine, source->capture, &none, error);
}

int source_open(struct source *source, const char *path)
{
	struct capture_error error = { "" };
	size_t size = 0;
	void *bytes;
	bool good;

	*source = (struct source){ 0 };
	if (path) {
		bytes = source_fetch(path, &size);
		if (!bytes)
			return STATUS_TROUBLE;
		good = open_file(source, bytes, size, &error);
		free(bytes);
	} else {
		good = machine_of_host(&source->machine, &error);
	}
	return good ? 0 : complain("%s: %s", source_name(path), error.text);
}

void source_close(struct source *source)
{
	machine_close(&source->machine);
	capture_free(source->capture);
}
