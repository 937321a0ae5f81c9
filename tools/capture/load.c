// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * load.c - loads a file as a flattened device tree. Text is compiled with dtc.
 */
#include "dtc.h"
#include "input.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_blob(const uint8_t *bytes, size_t size)
{
	return size >= sizeof(fdt32_t) &&
	       fdt32_ld((const fdt32_t *)(const void *)bytes) == FDT_MAGIC;
}

static uint8_t *compile(const char *path, uint8_t *bytes, size_t *size, bool regular,
			struct capture_error *error)
{
	uint8_t *blob = NULL;

	if (!*size)
		input_note(error, "is empty", 0);
	else if (memchr(bytes, 0, *size))
		input_note(error, "is neither a flattened device tree nor text", 0);
	else if (regular)
		blob = dtc_compile_file(path, size, error);
	else
		blob = dtc_compile_text(bytes, size, error);
	free(bytes);
	return blob;
}

static uint8_t *fetch(const char *path, size_t *size, bool *regular, struct capture_error *error)
{
	int fd = input_open(path, regular, error);
	uint8_t *bytes;

	if (fd < 0)
		return NULL;
	bytes = input_read(fd, CAPTURE_MAX_FILE, size, error);
	if (fd != STDIN_FILENO)
		close(fd);
	return bytes;
}

char *capture_fetch(const char *path, size_t *size, struct capture_error *error)
{
	bool regular;

	return (char *)fetch(path, size, &regular, error);
}

void *capture_load(const char *path, size_t *size, struct capture_error *error)
{
	bool regular;
	uint8_t *bytes = fetch(path, size, &regular, error);

	if (!bytes || is_blob(bytes, *size))
		return bytes;
	return compile(path, bytes, size, regular, error);
}
