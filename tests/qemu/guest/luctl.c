// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * luctl - a small user-space agent for Live Updates.
 *
 *   luctl preserve SESSION TOKEN=PATH...
 *       Creates a session, opens each PATH and preserves it under TOKEN. A child process keeps
 *       everything open, because closing the session unpreserves its files. The process ID of the
 *       child is in /tmp/holder-SESSION. The signals USR1 and USR2 make it enable and disable the
 *       interrupts of the first file's device, HUP and QUIT make it put the device into a low-power
 *       state and wake it up.
 *   luctl retrieve SESSION TOKEN[=UUID]...
 *       In the next kernel: retrieves the files, binds each to an iommufd, reads through it which
 *       PCI device it is, and finishes the session. UUID is the VF token of the device. A file of
 *       TOKEN=unbound is not bound.
 *   luctl fail SESSION TOKEN...
 *       The same, but a file may be refused. Then the error is printed.
 *   luctl attempt HOW PATH
 *       Preserves the file and prints "ok" or the name of the error. HOW is "bound", "unbound" (not
 *       bound to an iommufd), "interrupts" (enabled), "asleep" (in a low-power state), "twice"
 *       (through two files), or "group" (PATH is then /dev/vfio/GROUP=ADDRESS).
 *
 * A PATH below /dev/vfio/devices/ is bound to an iommufd, with the VF token UUID if it is
 * PATH@UUID. unbound:PATH is only opened, so that vfio-pci does not reset the device.
 * "/dev/keeper:ADDRESS" opens /dev/keeper and gives it the address. "memfd" is a new memfd, and
 * line:TEXT one that has this line.
 *
 * SESSION is a name, or fd:NUMBER: a session that luctl inherits as this file descriptor.
 */
#include <signal.h>
#include <sys/eventfd.h>

#include <linux/vfio.h>

#include "session.h"

/* Debian 12's linux/vfio.h does not have these. */
#define VFIO_FEATURE_LOW_POWER_ENTRY 3
#define VFIO_FEATURE_LOW_POWER_EXIT 5

/* Switches MSI, or INTx if the device has no MSI. */
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

/* Keeps all files open until a signal ends the process. */
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

/* The verbs of the guest end the holder or send it signals. */
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
		/* The verb that reads this output waits until no process has it open. */
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(1);
		setsid();
		stay_behind(first);
	}
	return write_holder(name, holder);
}

/* Opens a device through its IOMMU group and a container, the interface before cdevs. */
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

/* Binds the file and reads vendor and device ID from its config space. */
static int read_id(int fd, const char *uuid, uint16_t id[2])
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	if (bind_iommufd(fd, uuid) < 0 || ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &info) < 0)
		return -1;
	return pread(fd, id, 4, (off_t)info.offset) == 4 ? 0 : -1;
}

static int show(const char *token, const char *uuid, int fd)
{
	char text[32] = "";
	uint16_t id[2];
	ssize_t len;

	if (uuid && !strcmp(uuid, "unbound")) {
		printf("retrieved token %s\n", token);
		return 0;
	}
	if (!read_id(fd, uuid, id)) {
		printf("retrieved token %s %04x:%04x\n", token, id[0], id[1]);
		return 0;
	}
	/* ENOTTY: it is no file of VFIO. */
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
		} else if (show(*args, rest, file.fd) < 0) {
			return die("read by way of token", *args);
		}
	}
	if (ioctl(session, LU_FINISH, &finish) < 0)
		return die("finish session", name);
	printf("finished session %s\n", name);
	return 0;
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
	fprintf(stderr, "usage: luctl preserve SESSION TOKEN=PATH...\n"
			"       luctl retrieve SESSION TOKEN[=UUID]...\n"
			"       luctl fail SESSION TOKEN...\n"
			"       luctl attempt HOW PATH\n");
	return 2;
}
