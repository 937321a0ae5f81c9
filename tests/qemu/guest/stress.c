// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stress - preserves files while allocations fail, and in several threads.
 *
 *   stress fail PATH...
 *       Preserves each PATH and closes the session, while one allocation in the kernel fails: the
 *       first one, then the second one, and so on, until the kernel makes no more allocations.
 *       After each failure, preserving has to succeed again. Needs CONFIG_FAULT_INJECTION.
 *   stress race SECONDS PATH...
 *       Several threads preserve and unpreserve the files, each in sessions of its own.
 *   stress reboot one|rest
 *       Calls reboot() for a kexec while one allocation fails, or this one and all later ones: the
 *       first one, then the second one, and so on, until the kernel makes no more allocations.
 *       A preserved device must refuse to be frozen, with EBUSY, because a reboot that is not
 *       refused does not return. Each call has to fail with ENOMEM, or with EBUSY if the kernel
 *       does without the memory. After each failure, a reboot has to get to the device again.
 *
 * Prints a line of figures. The exit status is 1 if a call failed in an unexpected way.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

#include "uapi.h"

#define THREADS 4
/* An upper bound of the allocations of a call. */
#define MANY 2000

static int liveupdate = -1;
static char **paths;
static int nr_paths;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "stress: %s %s: %s\n", what, which, strerror(errno));
	exit(1);
}

static int open_path(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		die("open", path);
	return fd;
}

static int create_session(const char *name)
{
	struct lu_session arg = { .size = sizeof(arg) };

	snprintf(arg.name, sizeof(arg.name), "%s", name);
	if (ioctl(liveupdate, LU_CREATE_SESSION, &arg) < 0)
		die("create session", name);
	return arg.fd;
}

static int preserve(int session, int fd, uint64_t token)
{
	struct lu_file arg = { .size = sizeof(arg), .fd = fd, .token = token };

	return ioctl(session, LU_PRESERVE_FD, &arg) < 0 ? -errno : 0;
}

/* The file is opened before an allocation is to fail, because opening allocates as well. */
static int fail_nth_file(void)
{
	static __thread int fd = -1;

	if (fd < 0)
		fd = open_path("/proc/thread-self/fail-nth");
	return fd;
}

/* Makes this thread's n-th allocation from now on fail; 0: none. */
static void fail_nth(int n)
{
	char text[16];

	if (pwrite(fail_nth_file(), text, (size_t)sprintf(text, "%d", n), 0) < 0)
		die("write", "fail-nth");
}

/* Whether it failed: the kernel counts down, and the rest of the count is 0 then. */
static bool has_failed(void)
{
	char text[16] = "";
	bool failed;

	if (pread(fail_nth_file(), text, sizeof(text) - 1, 0) < 0)
		die("read", "fail-nth");
	failed = atoi(text) == 0;
	fail_nth(0);
	return failed;
}

/* Preserving has to succeed when no allocation fails. */
static void works(const char *path, int n)
{
	int session = create_session("stress"), fd = open_path(path), err;

	err = preserve(session, fd, 1);
	if (err) {
		errno = -err;
		fprintf(stderr, "after a failure of allocation %d: ", n);
		die("preserve", path);
	}
	close(session);
	close(fd);
}

static int fail_each(const char *path, int *refused)
{
	for (int n = 1; n < MANY; n++) {
		int session = create_session("stress"), fd = open_path(path), err;
		bool failed;

		fail_nth(n);
		err = preserve(session, fd, 1);
		failed = has_failed();
		close(session);
		close(fd);

		if (!failed)
			return n - 1;
		if (err && err != -ENOMEM) {
			errno = -err;
			die("preserve, short of memory,", path);
		}
		*refused += err != 0;
		works(path, n);
	}
	errno = E2BIG;
	die("too many allocations", path);
	return 0;
}

static int fail(void)
{
	for (int i = 0; i < nr_paths; i++) {
		int refused = 0, allocations = fail_each(paths[i], &refused);

		printf("%s: %d allocations to preserve it, %d of which make it fail\n", paths[i],
		       allocations, refused);
	}
	return 0;
}

/* With the attributes that the script sets, allocations after the n-th one fail as well. */
static void fail_rest(bool on)
{
	static int fd = -1;

	if (fd < 0)
		fd = open_path("/proc/self/make-it-fail");
	if (pwrite(fd, on ? "1" : "0", 1, 0) < 0)
		die("write", "make-it-fail");
}

static int reboot_each(bool rest)
{
	fail_nth_file();
	for (int n = 1, refused = 0; n < MANY; n++) {
		bool failed;
		int err;

		fail_rest(rest);
		fail_nth(n);
		reboot(RB_KEXEC);
		err = errno;
		fail_rest(false);
		failed = has_failed();
		if (!failed && err == EBUSY) {
			printf("reboot: %d allocations, %d of which refuse it\n", n - 1, refused);
			return 0;
		}
		errno = err;
		if (err != EBUSY && !(failed && err == ENOMEM))
			die("reboot", "short of memory");
		refused += err == ENOMEM;
		reboot(RB_KEXEC);
		if (errno != EBUSY)
			die("reboot", "after a failure");
	}
	errno = E2BIG;
	die("too many allocations", "of a reboot");
	return 1;
}

static time_t end;
static atomic_uint preserved, busy, other;

static void *race(void *data)
{
	unsigned int number = (unsigned int)(uintptr_t)data, seed = number;
	char name[32];

	snprintf(name, sizeof(name), "stress-%u", number);
	while (time(NULL) < end) {
		int session = create_session(name), files[3];
		unsigned int nr = 1 + (unsigned int)rand_r(&seed) % 3;

		for (unsigned int i = 0; i < nr; i++) {
			int err;

			files[i] = open_path(paths[rand_r(&seed) % nr_paths]);
			err = preserve(session, files[i], i);
			atomic_fetch_add(err == 0 ? &preserved : err == -EBUSY ? &busy : &other, 1);
		}
		/* The session keeps the files open. */
		for (unsigned int i = 0; i < nr; i++)
			close(files[i]);
		close(session);
	}
	return NULL;
}

static int race_all(int seconds)
{
	pthread_t threads[THREADS];

	end = time(NULL) + seconds;
	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, race, (void *)i))
			die("create", "thread");
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < nr_paths; i++)
		works(paths[i], 0);
	printf("in %d s %u preserved, %u busy, %u refused for another reason\n", seconds, preserved,
	       busy, other);
	return other != 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 2 ? argv[1] : "";
	bool is_race = argc > 3 && !strcmp(mode, "race");

	if (!strcmp(mode, "reboot") && argc == 3)
		return reboot_each(!strcmp(argv[2], "rest"));
	if (!is_race && strcmp(mode, "fail")) {
		fprintf(stderr, "usage: stress fail PATH...\n"
				"       stress race SECONDS PATH...\n"
				"       stress reboot one|rest\n");
		return 2;
	}
	liveupdate = open_path("/dev/liveupdate");
	paths = argv + (is_race ? 3 : 2);
	nr_paths = argc - (is_race ? 3 : 2);
	return is_race ? race_all(atoi(argv[2])) : fail();
}
