/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * session.h - what luctl and race have in common: sessions, and files to preserve in them.
 */
#ifndef GUEST_SESSION_H
#define GUEST_SESSION_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "uapi.h"

#define CDEVS "/dev/vfio/devices/"
#define KEEPER "/dev/keeper"

static inline int die(const char *what, const char *which)
{
	fprintf(stderr, "%s: %s %s: %s\n", program_invocation_short_name, what, which,
		strerror(errno));
	return 1;
}

static inline int session_call(unsigned long call, const char *name)
{
	struct lu_session arg = { .size = sizeof(arg) };
	int dev;

	if (strlen(name) >= sizeof(arg.name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(arg.name, name);
	/* The kernel allows one opener at a time. */
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

static inline int preserve_file(int session, uint64_t token, int fd)
{
	struct lu_file file = { .size = sizeof(file), .fd = fd, .token = token };

	return ioctl(session, LU_PRESERVE_FD, &file);
}

static inline int bind_iommufd(int fd)
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

/* Opens a PATH as luctl.c describes it. */
static inline int open_file(const char *path)
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

/* Parses TOKEN or TOKEN=PATH; *path is the text after the equals sign, or NULL. */
static inline bool split(const char *arg, uint64_t *token, const char **path)
{
	char *end;

	errno = 0;
	*token = strtoull(arg, &end, 0);
	*path = *end == '=' ? end + 1 : NULL;
	return !errno && end != arg && (*end == '=' || *end == '\0');
}

#endif
