// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * luctl - the user-space agent of a Live Update, as small as one can be.
 *
 *   luctl preserve SESSION TOKEN=PATH...   create a session, open each PATH
 *       and preserve it under TOKEN. A PATH below /dev/vfio/devices/ is bound
 *       to an iommufd first. Then a child stays behind and holds every file
 *       open: closing a session's file would undo what it preserves.
 *   luctl retrieve SESSION TOKEN...        in the next kernel: get the files
 *       back, bind each to an iommufd, read by way of it which PCI device it
 *       opens, finish the session.
 *
 * The kernel's interface is include/uapi/linux/liveupdate.h and, for the
 * binding to an iommufd, vfio.h. Debian 12's headers are older than both, so the
 * few numbers that are needed stand here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#define LU_IOCTL(nr) _IO(0xba, nr)
#define LU_CREATE_SESSION LU_IOCTL(0x00)
#define LU_RETRIEVE_SESSION LU_IOCTL(0x01)
#define LU_PRESERVE_FD LU_IOCTL(0x40)
#define LU_RETRIEVE_FD LU_IOCTL(0x41)
#define LU_FINISH LU_IOCTL(0x42)
#define VFIO_BIND_IOMMUFD _IO(';', 100 + 18)

/* Both session calls: size of this struct and a name in, a file out. */
struct lu_session {
	uint32_t size;
	int32_t fd;
	char name[64];
};

/* Both file calls: a file in for preserve, out for retrieve. */
struct lu_file {
	uint32_t size;
	int32_t fd;
	uint64_t token;
};

struct lu_finish {
	uint32_t size;
	uint32_t reserved;
};

struct vfio_bind {
	uint32_t argsz;
	uint32_t flags;
	int32_t iommufd;
	uint32_t out_devid;
};

_Static_assert(sizeof(struct lu_session) == 72, "uapi of session calls");
_Static_assert(sizeof(struct lu_file) == 16, "uapi of file calls");
_Static_assert(sizeof(struct lu_finish) == 8, "uapi of finish");
_Static_assert(sizeof(struct vfio_bind) == 16, "uapi of the vfio binding");

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
	dev = open("/dev/liveupdate", O_RDWR);
	if (dev < 0)
		return -1;
	if (ioctl(dev, call, &arg) < 0)
		return -1;
	close(dev);
	return arg.fd;
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
	int fd = open(path, O_RDWR);

	if (fd < 0 || strncmp(path, "/dev/vfio/devices/", 18) != 0)
		return fd;
	return bind_iommufd(fd) < 0 ? -1 : fd;
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

static int preserve(const char *name, char **args)
{
	int session = session_call(LU_CREATE_SESSION, name);

	if (session < 0)
		return die("create session", name);
	for (; *args; args++) {
		struct lu_file file = { .size = sizeof(file) };
		const char *path;

		if (!split(*args, &file.token, &path) || !path) {
			errno = EINVAL;
			return die("token", *args);
		}
		file.fd = open_file(path);
		if (file.fd < 0)
			return die("open", path);
		if (ioctl(session, LU_PRESERVE_FD, &file) < 0)
			return die("preserve", path);
		printf("preserved token %llu %s\n",
		       (unsigned long long)file.token, path);
	}
	fflush(stdout);
	switch (fork()) {
	case -1:
		return die("fork", "");
	case 0:
		/* Whoever reads our output waits for its end. */
		if (!freopen("/dev/null", "w", stdout) ||
		    !freopen("/dev/null", "w", stderr))
			_exit(1);
		setsid();
		for (;;)
			pause();
	}
	return 0;
}

/* Binds the file and reads vendor and device from the config space it opens. */
static int read_id(int fd, uint16_t id[2])
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	if (bind_iommufd(fd) < 0 ||
	    ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &info) < 0)
		return -1;
	return pread(fd, id, 4, (off_t)info.offset) == 4 ? 0 : -1;
}

static int retrieve(const char *name, char **args)
{
	struct lu_finish finish = { .size = sizeof(finish) };
	int session = session_call(LU_RETRIEVE_SESSION, name);

	if (session < 0)
		return die("retrieve session", name);
	for (; *args; args++) {
		struct lu_file file = { .size = sizeof(file) };
		const char *rest;
		uint16_t id[2];

		if (!split(*args, &file.token, &rest)) {
			errno = EINVAL;
			return die("token", *args);
		}
		if (ioctl(session, LU_RETRIEVE_FD, &file) < 0)
			return die("retrieve token", *args);
		if (read_id(file.fd, id) < 0)
			return die("read config space by way of token", *args);
		printf("retrieved token %s %04x:%04x\n", *args, id[0], id[1]);
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
		return retrieve(argv[2], argv + 3);
	fprintf(stderr, "usage: luctl preserve SESSION TOKEN=PATH...\n"
			"       luctl retrieve SESSION TOKEN...\n");
	return 2;
}
