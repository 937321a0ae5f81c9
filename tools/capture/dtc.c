// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * dtc.c - compiles text with dtc(1).
 *
 * The text is not trusted: it can make dtc read any file, one that never ends or a pipe that never
 * delivers. So dtc has limits of time and memory.
 */
#define _GNU_SOURCE /* memfd_create(), pipe2() */

#include "dtc.h"
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/*
 * dtc takes 0.1 s for each MiB of text, and as much memory as the text has. It gets DTC_SECONDS of
 * processor time, and one second more for every 2 MiB. On a busy machine DTC_BUSY_SECONDS more may
 * pass.
 */
#define DTC_SECONDS 1
#define DTC_BUSY_SECONDS 9
#define DTC_MEMORY (320u << 20)

/*
 * Makes text that was not read from a regular file a file that dtc can read as its standard input.
 */
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
		input_note(error, "cannot pass it to dtc", errno);
	return fd;
}

static int spawn_dtc(const char *path, int in, int out, pid_t *pid)
{
	/*
	 * -q: a capture does not describe a machine, so dtc's warnings about unit addresses do not
	 * apply. Its errors are still printed. With "./" before it, a path cannot be an option.
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

/*
 * Limits dtc, which has just started. The size of files is not limited: dtc writes only its error
 * messages, possibly to a file that is already large.
 */
static void limit(pid_t pid, unsigned int allowed)
{
	const struct rlimit memory = { DTC_MEMORY, DTC_MEMORY };
	const struct rlimit seconds = { allowed, allowed + 1 };
	const struct rlimit none = { 0, 0 };

	prlimit(pid, RLIMIT_AS, &memory, NULL);
	prlimit(pid, RLIMIT_CPU, &seconds, NULL);
	prlimit(pid, RLIMIT_CORE, &none, NULL);
}

/* Waits for dtc. True if it succeeded. */
static bool wait_for(pid_t pid, struct capture_error *error)
{
	struct rusage used;
	int status;

	while (wait4(pid, &status, 0, &used) < 0) {
		if (errno != EINTR) {
			input_note(error, "cannot wait for dtc", errno);
			return false;
		}
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		snprintf(error->text, sizeof(error->text),
			 "dtc exceeded its limit of processor time");
	else if (WIFSIGNALED(status))
		snprintf(error->text, sizeof(error->text), "signal %d ended dtc", WTERMSIG(status));
	/*
	 * dtc doubles its buffers until an allocation fails, so it never uses the whole limit.
	 * ru_maxrss is in KiB.
	 */
	else if (WEXITSTATUS(status) && used.ru_maxrss > (long)(DTC_MEMORY / 4 / 1024))
		snprintf(error->text, sizeof(error->text),
			 "dtc could not compile it in %u MiB of memory", DTC_MEMORY >> 20);
	else if (WEXITSTATUS(status))
		snprintf(error->text, sizeof(error->text),
			 "dtc could not compile it (exit status %d)", WEXITSTATUS(status));
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/*
 * dtc writes all its output at once, after it has read everything. Ends dtc and returns false if it
 * writes nothing in time.
 */
static bool writes_in_time(pid_t pid, int from, unsigned int allowed, struct capture_error *error)
{
	struct pollfd wanted = { .fd = from, .events = POLLIN };
	struct timespec now;
	int left;
	int ready;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (const time_t end = now.tv_sec + allowed;;) {
		left = (int)(end - now.tv_sec);
		ready = poll(&wanted, 1, left > 0 ? left * 1000 : 0);
		if (ready >= 0 || errno != EINTR)
			break;
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
	if (ready > 0)
		return true;
	kill(pid, SIGKILL);
	snprintf(error->text, sizeof(error->text), "dtc did not end within %u s", allowed);
	return false;
}

/*
 * Runs dtc on the file @path, or on the descriptor @in if @path is NULL. *@size is the size of the
 * text, and on return that of the blob.
 */
static uint8_t *compile(const char *path, int in, size_t *size, struct capture_error *error)
{
	const unsigned int allowed = DTC_SECONDS + (unsigned int)(*size >> 21);
	struct capture_error ended;
	uint8_t *blob = NULL;
	int ends[2];
	pid_t pid;
	int status;

	if (pipe2(ends, O_CLOEXEC)) {
		input_note(error, "cannot make a pipe", errno);
		return NULL;
	}
	status = spawn_dtc(path, in, ends[1], &pid);
	close(ends[1]);
	if (!status)
		limit(pid, allowed);
	if (status == ENOENT)
		input_note(error,
			   "is text, and dtc, which compiles it, is not installed (package "
			   "device-tree-compiler)",
			   0);
	else if (status)
		input_note(error, "cannot run dtc", status);
	else if (writes_in_time(pid, ends[0], allowed + DTC_BUSY_SECONDS, error))
		blob = input_read(ends[0], CAPTURE_MAX_FILE, size, error);
	close(ends[0]);
	if (status)
		return NULL;
	if (!wait_for(pid, blob ? error : &ended)) {
		free(blob);
		return NULL;
	}
	return blob;
}

uint8_t *dtc_compile_file(const char *path, size_t *size, struct capture_error *error)
{
	return compile(path, -1, size, error);
}

uint8_t *dtc_compile_text(const uint8_t *text, size_t *size, struct capture_error *error)
{
	int in = text_file(text, *size, error);
	uint8_t *blob;

	if (in < 0)
		return NULL;
	blob = compile(NULL, in, size, error);
	close(in);
	return blob;
}
