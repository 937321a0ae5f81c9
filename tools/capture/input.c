// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * input.c - reads a whole file into memory.
 *
 * Files are not trusted: their size is limited, and so is the wait for the writer of a pipe.
 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The wait until a writer opens a named pipe. It is longer than the start of a program. */
#define WRITER_STEP_MS 50
#define WRITER_STEPS 60u

void input_note(struct capture_error *error, const char *what, int number)
{
	snprintf(error->text, sizeof(error->text), "%s%s%s", what, number ? ": " : "",
		 number ? strerror(number) : "");
}

/*
 * True if no writer has opened the pipe @fd yet. A writer that has closed the pipe leaves a
 * hang-up.
 */
static bool may_still_come(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };

	return !poll(&wanted, 1, WRITER_STEP_MS);
}

/*
 * read(), which on a named pipe also waits for the first writer, at most *@steps steps. Returns -1
 * with errno 0 if no writer came.
 */
static ssize_t read_some(int fd, uint8_t *bytes, size_t size, bool pipe, uint32_t *steps)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };

	for (;;) {
		ssize_t got = read(fd, bytes, size);

		if (got < 0 && errno == EINTR)
			continue;
		/* A writer has the pipe open: wait for it without a limit. */
		if (got < 0 && errno == EAGAIN && pipe && poll(&wanted, 1, -1) > 0)
			continue;
		if (got || !*steps || !may_still_come(fd))
			return got;
		errno = 0;
		if (!--*steps)
			return -1;
	}
}

uint8_t *input_read(int fd, size_t max, size_t *size, struct capture_error *error)
{
	size_t room = 1 << 16;
	uint8_t *bytes = malloc(room + 1);
	struct stat info;
	const bool pipe = !fstat(fd, &info) && !S_ISREG(info.st_mode);
	uint32_t steps = pipe ? WRITER_STEPS : 0;

	*size = 0;
	while (bytes) {
		ssize_t got = read_some(fd, bytes + *size, room - *size, pipe, &steps);

		if (got < 0) {
			input_note(error, errno ? "cannot read it" : "is a pipe without a writer",
				   errno);
			free(bytes);
			return NULL;
		}
		*size += (size_t)got;
		steps = 0;
		if (!got) {
			bytes[*size] = 0;
			return bytes;
		}
		if (*size > max) {
			snprintf(error->text, sizeof(error->text), "is larger than %zu MiB",
				 max >> 20);
			free(bytes);
			return NULL;
		}
		if (*size == room) {
			uint8_t *more = realloc(bytes, 2 * room + 1);

			if (!more)
				free(bytes);
			bytes = more;
			room *= 2;
		}
	}
	input_note(error, "out of memory", 0);
	return NULL;
}

int input_open(const char *path, bool *regular, struct capture_error *error)
{
	struct stat info;
	int fd;

	*regular = false;
	if (!strcmp(path, "-"))
		return STDIN_FILENO;
	/* Opening a device can start it, so check the type before. */
	if (!stat(path, &info) && (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode))) {
		input_note(error, "is a device, not a file", 0);
		return -1;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &info)) {
		input_note(error, "cannot open it", errno);
		return -1;
	}
	*regular = S_ISREG(info.st_mode);
	return fd;
}
