// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * output.c - writes a binary file as a whole, or to standard output.
 */
#define _GNU_SOURCE /* mkostemp() */

#include "output.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool output_is_stdout(const char *path)
{
	return !path || !strcmp(path, "-");
}

int output_check(const char *path)
{
	if (!output_is_stdout(path) || !isatty(STDOUT_FILENO))
		return 0;
	return complain("the output is binary, and standard output is a terminal: use -o FILE");
}

bool write_all(int fd, const void *data, size_t size)
{
	const uint8_t *bytes = data;

	while (size) {
		const ssize_t len = write(fd, bytes, size);

		if (len < 0 && errno != EINTR)
			return false;
		if (len > 0) {
			bytes += len;
			size -= (size_t)len;
		}
	}
	return true;
}

/* A pipe or a device is written to, not replaced. */
static int write_to(const char *path, const void *data, size_t size)
{
	const int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	bool good;

	if (fd >= 0 && isatty(fd)) {
		close(fd);
		return complain("%s: the output is binary, and this is a terminal", path);
	}
	good = fd >= 0 && write_all(fd, data, size);
	if (fd >= 0 && close(fd))
		good = false;
	return good ? 0 : complain("%s: %s", path, strerror(errno));
}

static bool write_new(int fd, mode_t mode, const void *data, size_t size)
{
	const bool good = !fchmod(fd, mode) && write_all(fd, data, size) && !fsync(fd);
	const int error = errno;

	if (close(fd) && good)
		return false;
	errno = error;
	return good;
}

static int replace(const char *path, mode_t mode, const void *data, size_t size)
{
	char beside[PATH_MAX];
	int fd = -1;

	if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= (int)sizeof(beside))
		errno = ENAMETOOLONG;
	else
		fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return complain("%s: %s", path, strerror(errno));
	if (!write_new(fd, mode, data, size) || rename(beside, path)) {
		complain("%s: %s", path, strerror(errno));
		unlink(beside);
		return STATUS_TROUBLE;
	}
	return 0;
}

static mode_t mode_of_new_files(void)
{
	const mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

int output_write(const char *path, const void *data, size_t size)
{
	char resolved[PATH_MAX];
	struct stat old;

	if (output_is_stdout(path))
		return write_all(STDOUT_FILENO, data, size)
			       ? 0
			       : complain("cannot write the output: %s", strerror(errno));
	if (stat(path, &old))
		return replace(path, mode_of_new_files(), data, size);
	if (!S_ISREG(old.st_mode))
		return write_to(path, data, size);
	/* A symbolic link stays one. */
	if (!realpath(path, resolved))
		return complain("%s: %s", path, strerror(errno));
	return replace(resolved, old.st_mode & 07777, data, size);
}
