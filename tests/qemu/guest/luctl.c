// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * luctl - the user-space agent of a Live Update, as small as one can be.
 *
 *   luctl preserve SESSION TOKEN=PATH...   create a session, open each PATH
 *       and preserve it under TOKEN. A PATH below /dev/vfio/devices/ is bound
 *       to an iommufd first; one that begins with /dev/keeper: is the device
 *       that is given the rest; memfd is a new one. Then a child stays behind and holds every file
 *       open: closing a session's file would undo what it preserves. Its process
 *       ID is in /tmp/holder-SESSION. The signals USR1 and USR2 tell it to switch
 *       interrupts of the first file on and off, HUP and QUIT to let its device
 *       sleep and to wake it.
 *   luctl retrieve SESSION TOKEN...        in the next kernel: get the files
 *       back, bind each to an iommufd, read by way of it which PCI device it
 *       opens, finish the session.
 *   luctl fail SESSION TOKEN...            the same, where each file is expected
 *       to be refused: print why
 *   luctl attempt HOW PATH                 can the file be preserved? Print "ok"
 *       or the error's name. HOW is "bound", "unbound" (not bound to an iommufd),
 *       "interrupts" (enabled), "asleep" (in a low-power state), "twice" (by way
 *       of two files), or "group" (PATH is then /dev/vfio/GROUP=ADDRESS)
 *   luctl cycle SESSION COUNT TOKEN=PATH...  preserve the files and close the
 *       session, COUNT times; files that are refused are left out, and a session
 *       for which others left none is not counted. When all are open,
 *       /tmp/cycle-SESSION is made
 *   luctl race SECONDS PATH...             each PATH is preserved and
 *       unpreserved again, over and over, in sessions of its own, while the next
 *       kernel is asked for just as often and has to be refused, and the file in
 *       sysfs is read. SECONDS 0: only preserve, and do not stop.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "uapi.h"

/* LINUX_REBOOT_CMD_KEXEC */
#define REBOOT_KEXEC 0x45584543
#define VERDICT "/sys/kernel/pcigate/verdict"

/* Newer than Debian 12, too. */
#define VFIO_FEATURE_LOW_POWER_ENTRY 3
#define VFIO_FEATURE_LOW_POWER_EXIT 5

#define CDEVS "/dev/vfio/devices/"
#define KEEPER "/dev/keeper"

static int die(const char *what, const char *which)
{
	fprintf(stderr, "luctl: %s %s: %s\n", what, which, strerror(errno));
	return 1;
}

static int session_call(unsigned long call, const char *name)
{
	struct lu_session arg = { .size = sizeof(arg) };
	int dev;

	if (strlen(name) >= sizeof(arg.name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(arg.name, name);
	/* One opener at a time. */
	while ((dev = open("/dev/liveupdate", O_RDWR)) < 0 && errno == EBUSY)
		usleep(1000);
	if (dev < 0)
		return -1;
	if (ioctl(dev, call, &arg) < 0) {
		int error = errno;

		close(dev);
		errno = error;
		return -1;
	}
	close(dev);
	return arg.fd;
}

static int preserve_file(int session, uint64_t token, int fd)
{
	struct lu_file file = { .size = sizeof(file), .fd = fd, .token = token };

	return ioctl(session, LU_PRESERVE_FD, &file);
}

static int bind_iommufd(int fd)
{
	static int iommufd = -1;
	struct vfio_bind bind = { .argsz = sizeof(bind) };

	if (iommufd < 0)
		iommufd = open("/dev/iommu", O_RDWR);
	if (iommufd < 0)
		return -1;
	bind.iommufd = iommufd;
	return ioctl(fd, VFIO_BIND_IOMMUFD, &bind);
}

static int open_file(const char *path)
{
	int fd;

	if (!strcmp(path, "memfd"))
		return memfd_create("luctl", 0);
	if (!strncmp(path, KEEPER ":", strlen(KEEPER ":"))) {
		const char *address = path + strlen(KEEPER ":");

		fd = open(KEEPER, O_RDWR);
		if (fd < 0 || write(fd, address, strlen(address)) < 0)
			return -1;
		return fd;
	}
	fd = open(path, O_RDWR);
	if (fd < 0 || strncmp(path, CDEVS, strlen(CDEVS)) != 0)
		return fd;
	return bind_iommufd(fd) < 0 ? -1 : fd;
}

/* By message, or by wire where the device has none. */
static int set_interrupts(int fd, bool on)
{
	struct {
		struct vfio_irq_set set;
		int32_t event;
	} arg = { .set.argsz = sizeof(arg) };
	struct vfio_irq_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_MSI_IRQ_INDEX,
	};

	if (ioctl(fd, VFIO_DEVICE_GET_IRQ_INFO, &info) < 0)
		return -1;
	arg.set.index = info.count ? VFIO_PCI_MSI_IRQ_INDEX : VFIO_PCI_INTX_IRQ_INDEX;
	if (!on) {
		arg.set.flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER;
		return ioctl(fd, VFIO_DEVICE_SET_IRQS, &arg);
	}
	arg.event = eventfd(0, EFD_CLOEXEC);
	if (arg.event < 0)
		return -1;
	arg.set.count = 1;
	arg.set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	return ioctl(fd, VFIO_DEVICE_SET_IRQS, &arg);
}

static int low_power(int fd, unsigned int entry_or_exit)
{
	struct vfio_device_feature feature = {
		.argsz = sizeof(feature),
		.flags = VFIO_DEVICE_FEATURE_SET | entry_or_exit,
	};

	return ioctl(fd, VFIO_DEVICE_FEATURE, &feature);
}

static int fall_asleep(int fd)
{
	return low_power(fd, VFIO_FEATURE_LOW_POWER_ENTRY);
}

/* TOKEN or TOKEN=PATH; *path is the text after the sign, or NULL. */
static bool split(const char *arg, uint64_t *token, const char **path)
{
	char *end;

	errno = 0;
	*token = strtoull(arg, &end, 0);
	*path = *end == '=' ? end + 1 : NULL;
	return !errno && end != arg && (*end == '=' || *end == '\0');
}

/* Holds what is open until it is killed. */
static void stay_behind(int fd)
{
	sigset_t set;
	int got;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (;;) {
		if (sigwait(&set, &got))
			continue;
		if (got == SIGHUP)
			fall_asleep(fd);
		else if (got == SIGQUIT)
			low_power(fd, VFIO_FEATURE_LOW_POWER_EXIT);
		else
			set_interrupts(fd, got == SIGUSR1);
	}
}

/* For whoever wants to end it or send it a signal. */
static int write_holder(const char *session, pid_t holder)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "/tmp/holder-%s", session);
	file = fopen(path, "w");
	if (!file)
		return die("open", path);
	fprintf(file, "%d\n", (int)holder);
	return fclose(file) ? die("write", path) : 0;
}

static int preserve(const char *name, char **args)
{
	int session = session_call(LU_CREATE_SESSION, name);
	int first = -1;
	pid_t holder;

	if (session < 0)
		return die("create session", name);
	for (; *args; args++) {
		const char *path;
		uint64_t token;
		int fd;

		if (!split(*args, &token, &path) || !path) {
			errno = EINVAL;
			return die("token", *args);
		}
		fd = open_file(path);
		if (fd < 0)
			return die("open", path);
		if (preserve_file(session, token, fd) < 0)
			return die("preserve", path);
		if (first < 0)
			first = fd;
		printf("preserved token %llu %s\n", (unsigned long long)token, path);
	}
	fflush(stdout);
	holder = fork();
	switch (holder) {
	case -1:
		return die("fork", "");
	case 0:
		/* Whoever reads our output waits for its end. */
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(1);
		setsid();
		stay_behind(first);
	}
	return write_holder(name, holder);
}

/* The older way to a device: by its IOMMU group, and a container for it. */
static int open_by_group(const char *arg)
{
	int container = open("/dev/vfio/vfio", O_RDWR), group;
	char *path = strdup(arg), *address = strchr(path, '=');

	if (!address) {
		errno = EINVAL;
		return -1;
	}
	*address++ = '\0';
	group = open(path, O_RDWR);
	if (container < 0 || group < 0 || ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) < 0 ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		return -1;
	return ioctl(group, VFIO_GROUP_GET_DEVICE_FD, address);
}

static int open_how(const char *how, const char *path)
{
	if (!strcmp(how, "unbound"))
		return open(path, O_RDWR);
	if (!strcmp(how, "group"))
		return open_by_group(path);
	return open_file(path);
}

static int attempt(const char *how, const char *path)
{
	int session = session_call(LU_CREATE_SESSION, "attempt");
	int fd = open_how(how, path), err;

	if (fd < 0) {
		printf("attempt %s %s: not opened: %s\n", how, path, strerrorname_np(errno));
		return 0;
	}
	if (session < 0)
		return die("create session", "attempt");
	if (!strcmp(how, "interrupts") && set_interrupts(fd, true) < 0)
		return die("enable interrupts of", path);
	if (!strcmp(how, "asleep") && fall_asleep(fd) < 0)
		return die("low-power entry of", path);
	err = preserve_file(session, 1, fd);
	if (!err && !strcmp(how, "twice")) {
		fd = open(path, O_RDWR);
		if (fd < 0)
			return die("open again", path);
		err = preserve_file(session, 2, fd);
	}
	printf("attempt %s %s: %s\n", how, path, err ? strerrorname_np(errno) : "ok");
	return 0;
}

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
			/* Each time in another order. */
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
		/* Locks are not fair: one session can be shut out for long. */
		count -= done > got || !busy;
	}
	printf("cycle %s: %d preserved, %d refused\n", name, done, refused);
	return 0;
}

/* Binds the file and reads vendor and device from the config space it opens. */
static int read_id(int fd, uint16_t id[2])
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	if (bind_iommufd(fd) < 0 || ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &info) < 0)
		return -1;
	return pread(fd, id, 4, (off_t)info.offset) == 4 ? 0 : -1;
}

static int show(const char *token, int fd)
{
	char text[32] = "";
	uint16_t id[2];
	ssize_t len;

	if (!read_id(fd, id)) {
		printf("retrieved token %s %04x:%04x\n", token, id[0], id[1]);
		return 0;
	}
	/* Not a file of VFIO. */
	if (errno != ENOTTY)
		return -1;
	len = read(fd, text, sizeof(text) - 1);
	if (len <= 0)
		return -1;
	printf("retrieved token %s %.*s", token, (int)len, text);
	return 0;
}

static int retrieve(const char *name, char **args, bool refused)
{
	struct lu_finish finish = { .size = sizeof(finish) };
	int session = session_call(LU_RETRIEVE_SESSION, name);

	if (session < 0)
		return die("retrieve session", name);
	for (; *args; args++) {
		struct lu_file file = { .size = sizeof(file) };
		const char *rest;

		if (!split(*args, &file.token, &rest)) {
			errno = EINVAL;
			return die("token", *args);
		}
		if (ioctl(session, LU_RETRIEVE_FD, &file) < 0) {
			if (!refused)
				return die("retrieve token", *args);
			printf("refused token %s %s\n", *args, strerrorname_np(errno));
		} else if (show(*args, file.fd) < 0) {
			return die("read by way of token", *args);
		}
	}
	if (ioctl(session, LU_FINISH, &finish) < 0)
		return die("finish session", name);
	printf("finished session %s\n", name);
	return 0;
}

/* In sessions named after the process: 0, or -1 with errno. */
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
	char text[4096];
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);

	if (len < 0)
		return -1;
	text[len] = '\0';
	errno = EPROTO;
	return strstr(text, "pcigate: STOP: ") ? 0 : -1;
}

/* A child that does it again and again; its exit status tells whether it ever failed. */
static void start(const char *what, const char *path, long seconds, int (*once)(int fd))
{
	time_t end = time(NULL) + seconds;
	unsigned long times = 0;
	int fd = -1;

	if (fork())
		return;
	/* Whoever reads our output waits for its end. */
	if (!seconds && (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)))
		_exit(1);
	if (path) {
		fd = strncmp(path, "/sys/", 5) ? open_file(path) : open(path, O_RDONLY);
		if (fd < 0)
			_exit(die("open", path));
	}
	/* On a busy host little is done in a second, and nothing is shown by little. */
	for (; !seconds || time(NULL) < end || times < 3 * (unsigned long)seconds; times++) {
		if (once(fd))
			_exit(die(what, path ? path : ""));
	}
	printf("%s %lu times %s\n", what, times, path ? path : "");
	exit(!times);
}

static int race(const char *how_long, char **paths)
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
	if (argc >= 3 && !strcmp(argv[1], "preserve"))
		return preserve(argv[2], argv + 3);
	if (argc >= 3 && !strcmp(argv[1], "retrieve"))
		return retrieve(argv[2], argv + 3, false);
	if (argc >= 3 && !strcmp(argv[1], "fail"))
		return retrieve(argv[2], argv + 3, true);
	if (argc == 4 && !strcmp(argv[1], "attempt"))
		return attempt(argv[2], argv[3]);
	if (argc >= 5 && !strcmp(argv[1], "cycle"))
		return cycle(argv[2], atoi(argv[3]), argv + 4);
	if (argc >= 4 && !strcmp(argv[1], "race"))
		return race(argv[2], argv + 3);
	fprintf(stderr, "usage: luctl preserve SESSION TOKEN=PATH...\n"
			"       luctl retrieve SESSION TOKEN...\n"
			"       luctl fail SESSION TOKEN...\n"
			"       luctl attempt HOW PATH\n"
			"       luctl cycle SESSION COUNT TOKEN=PATH...\n"
			"       luctl race SECONDS PATH...\n");
	return 2;
}
