// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * race - preserves files repeatedly, in competition with other processes.
 *
 *   race cycle SESSION COUNT TOKEN=PATH...
 *       Preserves the files and closes the session, COUNT times. Files that are refused are left
 *       out. A session does not count if other sessions hold all of its files. Creates
 *       /tmp/cycle-SESSION when all files are open.
 *   race kexec SECONDS PATH...
 *       For each PATH, a process preserves and unpreserves the file repeatedly. Meanwhile another
 *       process calls for the kexec, which the kernel has to refuse each time, and a third one
 *       reads the verdict in sysfs. SECONDS 0: only preserve, without end.
 *
 * For TOKEN=PATH see luctl.c.
 */
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>

#include "session.h"

/* LINUX_REBOOT_CMD_KEXEC */
#define REBOOT_KEXEC 0x45584543
#define VERDICT "/sys/bus/pci/liveupdate_verdict"

static int cycle(const char *name, int count, char **args)
{
	int fds[64], nr = 0, done = 0, refused = 0;
	char ready[96];

	for (; args[nr] && nr < 64; nr++) {
		const char *path;
		uint64_t token;

		if (!split(args[nr], &token, &path) || !path) {
			errno = EINVAL;
			return die("token", args[nr]);
		}
		fds[nr] = open_file(path);
		if (fds[nr] < 0)
			return die("open", path);
	}
	snprintf(ready, sizeof(ready), "/tmp/cycle-%s", name);
	if (creat(ready, 0600) < 0)
		return die("create", ready);
	while (count) {
		int session = session_call(LU_CREATE_SESSION, name);
		int got = done, busy = 0;

		if (session < 0)
			return die("create session", name);
		for (int i = 0; i < nr; i++) {
			/* The order differs each time. */
			int at = (i + count) % nr;

			if (!preserve_file(session, (uint64_t)at + 1, fds[at])) {
				done++;
			} else if (errno == EBUSY || errno == EINVAL || errno == ENODEV) {
				busy |= errno == EBUSY;
				refused++;
			} else {
				return die("preserve", args[at]);
			}
		}
		close(session);
		/* Locks are not fair: other sessions may hold the files for a long time. */
		count -= done > got || !busy;
	}
	printf("cycle %s: %d preserved, %d refused\n", name, done, refused);
	return 0;
}

/* The session is named after the process, as each process needs its own. */
static int preserve_once(int fd)
{
	struct lu_file file = { .size = sizeof(file), .fd = fd, .token = 1 };
	char name[32];
	int session, status;

	snprintf(name, sizeof(name), "race-%d", getpid());
	do {
		session = session_call(LU_CREATE_SESSION, name);
	} while (session < 0 && errno == EBUSY);
	if (session < 0)
		return -1;
	status = ioctl(session, LU_PRESERVE_FD, &file);
	close(session);
	return status;
}

static int refused_once(int fd)
{
	(void)fd;
	if (!reboot(REBOOT_KEXEC) || errno != ECANCELED)
		return -1;
	return 0;
}

static int read_once(int fd)
{
	char text[16];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len < 0)
		return -1;
	text[len] = '\0';
	errno = EPROTO;
	return strcmp(text, "stop\n") ? -1 : 0;
}

/* Starts a child that calls once() repeatedly. Its exit status is 0 if no call failed. */
static void start(const char *what, const char *path, long seconds, int (*once)(int fd))
{
	time_t end = time(NULL) + seconds;
	unsigned long times = 0;
	int fd = -1;

	if (fork())
		return;
	/* The verb that reads this output waits until no process has it open. */
	if (!seconds && (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)))
		_exit(1);
	if (path) {
		fd = strncmp(path, "/sys/", 5) ? open_file(path) : open(path, O_RDONLY);
		if (fd < 0)
			_exit(die("open", path));
	}
	/* On a busy host a second is too short, so there is a minimum of calls as well. */
	for (; !seconds || time(NULL) < end || times < 3 * (unsigned long)seconds; times++) {
		if (once(fd))
			_exit(die(what, path ? path : ""));
	}
	printf("%s %lu times %s\n", what, times, path ? path : "");
	exit(!times);
}

static int race_kexec(const char *how_long, char **paths)
{
	long seconds = strtol(how_long, NULL, 0);
	int status, failed = 0;

	if (seconds) {
		start("refused", NULL, seconds, refused_once);
		start("read", VERDICT, seconds, read_once);
	}
	for (; *paths; paths++)
		start("preserved", *paths, seconds, preserve_once);
	if (!seconds)
		return 0;
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}

int main(int argc, char **argv)
{
	if (argc >= 5 && !strcmp(argv[1], "cycle"))
		return cycle(argv[2], atoi(argv[3]), argv + 4);
	if (argc >= 4 && !strcmp(argv[1], "kexec"))
		return race_kexec(argv[2], argv + 3);
	fprintf(stderr, "usage: race cycle SESSION COUNT TOKEN=PATH...\n"
			"       race kexec SECONDS PATH...\n");
	return 2;
}
