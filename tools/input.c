// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * input.c - reads whole files.
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void *fail(struct capture_error *error, const char *what, int number)
{
	snprintf(error->text, sizeof(error->text), "%s: %s", what, strerror(number));
	return NULL;
}

static void *read_all(int fd, size_t max, size_t *size, struct capture_error *error)
{
	size_t room = 0;
	char *bytes = NULL;
	ssize_t got;

	*size = 0;
	do {
		if (*size == room) {
			char *more;

			room = room ? 2 * room : 1 << 16;
			if (room > max)
				room = max + 1;
			more = realloc(bytes, room + 1);
			if (!more) {
				free(bytes);
				return fail(error, "cannot read it", ENOMEM);
			}
			bytes = more;
		}
		got = read(fd, bytes + *size, room - *size);
		if (got > 0)
			*size += (size_t)got;
	} while (got > 0 && *size <= max);
	if (!got) {
		bytes[*size] = 0;
		return bytes;
	}
	free(bytes);
	if (got < 0)
		return fail(error, "cannot read it", errno);
	snprintf(error->text, sizeof(error->text), "is larger than %zu MiB", max >> 20);
	return NULL;
}

void *input_read(const char *path, size_t max, size_t *size, struct capture_error *error)
{
	struct stat info;
	void *bytes;
	int fd;

	if (!strcmp(path, "-"))
		return read_all(STDIN_FILENO, max, size, error);
	/* Opening a device can start it, so check the type before. */
	if (!stat(path, &info) && (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode))) {
		snprintf(error->text, sizeof(error->text), "is a device, not a file");
		return NULL;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return fail(error, "cannot open it", errno);
	bytes = read_all(fd, max, size, error);
	close(fd);
	return bytes;
}
