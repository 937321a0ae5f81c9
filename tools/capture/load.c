// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * load.c - a file into memory; text goes through dtc on its way.
 */
#define _GNU_SOURCE /* memfd_create() */

#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <libfdt.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void note(struct capture_error *error, const char *what, int number)
{
	snprintf(error->text, sizeof(error->text), "%s%s%s", what, number ? ": " : "", number ? strerror(number) : "");
}

/* Everything that @fd has to say, with a zero behind it. */
static uint8_t *read_all(int fd, size_t *size, struct capture_error *error)
{
	size_t room = 1 << 16;
	uint8_t *bytes = malloc(room + 1);

	*size = 0;
	while (bytes) {
		ssize_t got = read(fd, bytes + *size, room - *size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			note(error, "cannot read it", errno);
			free(bytes);
			return NULL;
		}
		*size += (size_t)got;
		if (!got) {
			bytes[*size] = 0;
			return bytes;
		}
		if (*size > CAPTURE_MAX_FILE) {
			note(error, "is larger than 64 MiB", 0);
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
	note(error, "out of memory", 0);
	return NULL;
}

/* Text that did not come from a file of its own, as one that dtc can read as its standard input. */
static int text_file(const uint8_t *text, size_t size, struct capture_error *error)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	for (size_t done = 0; fd >= 0 && done < size;) {
		ssize_t put = write(fd, text + done, size - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			close(fd);
			fd = -1;
		} else {
			done += (size_t)put;
		}
	}
	if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0)
		note(error, "cannot hand it to dtc", errno);
	return fd;
}

static int spawn_dtc(const char *path, int in, int out, pid_t *pid)
{
	/*
	 * -q: a capture is no machine description, so dtc's warnings about unit addresses do not apply. Its errors
	 * stay. A path is written so that dtc cannot take it for an option.
	 */
	char *argv[] = { "dtc", "-q", "-I", "dts", "-O", "dtb", "-o", "-", NULL, NULL };
	posix_spawn_file_actions_t actions;
	char *file = NULL;
	int status;

	if (asprintf(&file, "%s%s", path && *path != '/' ? "./" : "", path ? path : "-") < 0)
		return ENOMEM;
	argv[8] = file;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	status = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(file);
	return status;
}

/* Waits for dtc; true if it was content. */
static bool wait_for(pid_t pid, struct capture_error *error)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			note(error, "cannot wait for dtc", errno);
			return false;
		}
	}
	if (WIFSIGNALED(status))
		snprintf(error->text, sizeof(error->text), "dtc was ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		snprintf(error->text, sizeof(error->text), "dtc could not compile it (exit status %d)",
			 WEXITSTATUS(status));
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* Runs dtc on @path, or on what @in holds where that is NULL. */
static uint8_t *compile(const char *path, int in, size_t *size, struct capture_error *error)
{
	struct capture_error ended;
	uint8_t *blob = NULL;
	int ends[2];
	pid_t pid;
	int status;

	if (pipe2(ends, O_CLOEXEC)) {
		note(error, "cannot make a pipe", errno);
		return NULL;
	}
	status = spawn_dtc(path, in, ends[1], &pid);
	close(ends[1]);
	if (status == ENOENT)
		note(error, "is text, and dtc, which compiles it, is not installed (package device-tree-compiler)", 0);
	else if (status)
		note(error, "cannot run dtc", status);
	else
		blob = read_all(ends[0], size, error);
	close(ends[0]);
	if (status)
		return NULL;
	if (!wait_for(pid, blob ? error : &ended)) {
		free(blob);
		return NULL;
	}
	return blob;
}

static bool is_blob(const uint8_t *bytes, size_t size)
{
	return size >= sizeof(fdt32_t) && fdt32_ld((const fdt32_t *)(const void *)bytes) == FDT_MAGIC;
}

static uint8_t *compile_bytes(const char *path, uint8_t *bytes, size_t *size, bool regular, struct capture_error *error)
{
	uint8_t *blob = NULL;
	int in = -1;

	if (!*size)
		note(error, "is empty", 0);
	else if (memchr(bytes, 0, *size))
		note(error, "is neither a flattened device tree nor text", 0);
	else if (regular)
		/* By its name, so that /include/ finds what lies beside it. */
		blob = compile(path, -1, size, error);
	else
		in = text_file(bytes, *size, error);
	if (in >= 0) {
		blob = compile(NULL, in, size, error);
		close(in);
	}
	free(bytes);
	return blob;
}

char *capture_fetch(const char *path, size_t *size, struct capture_error *error)
{
	bool from_stdin = !strcmp(path, "-");
	int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *bytes;

	if (fd < 0) {
		note(error, "cannot open it", errno);
		return NULL;
	}
	bytes = read_all(fd, size, error);
	if (!from_stdin)
		close(fd);
	return (char *)bytes;
}

void *capture_load(const char *path, size_t *size, struct capture_error *error)
{
	bool from_stdin = !strcmp(path, "-");
	int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat info = { 0 };
	uint8_t *bytes;

	if (fd < 0 || fstat(fd, &info)) {
		note(error, "cannot open it", errno);
		return NULL;
	}
	bytes = read_all(fd, size, error);
	if (!from_stdin)
		close(fd);
	if (!bytes || is_blob(bytes, *size))
		return bytes;
	return compile_bytes(path, bytes, size, !from_stdin && S_ISREG(info.st_mode), error);
}
