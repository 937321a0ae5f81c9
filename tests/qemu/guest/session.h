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
#define UNBOUND "unbound:"
#define LINE "line:"
#define INHERITED "fd:"

static inline int die(const char *what, const char *which)
{
	fprintf(stderr, "%s: %s %s: %s\n", program_invocation_short_name, what, which,
		strerror(errno));
	return 1;
}

/* The session INHERITED and a number is a file descriptor that systemd passed to its service. */
static inline int session_call(unsigned long call, const char *name)
{
	struct lu_session arg = { .size = sizeof(arg) };
	int dev;

	if (!strncmp(name, INHERITED, strlen(INHERITED)))
		return atoi(name + strlen(INHERITED));
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

/* Without sscanf(), which would make each program 100 KB larger. */
static inline bool parse_uuid(const char *text, uint8_t uuid[16])
{
	for (int i = 0; i < 16; i++, text += 2) {
		char digits[3] = "";
		char *end;

		text += *text == '-';
		strncpy(digits, text, 2);
		uuid[i] = (uint8_t)strtoul(digits, &end, 16);
		if (end != digits + 2)
			return false;
	}
	return !*text;
}

/* @token is the UUID of a VF token, or NULL. */
static inline int bind_iommufd(int fd, const char *token)
{
	static int iommufd = -1;
	struct vfio_bind bind = { .argsz = sizeof(bind) };
	uint8_t uuid[16];

	if (token) {
		errno = EINVAL;
		if (!parse_uuid(token, uuid))
			return -1;
		bind.flags = VFIO_BIND_TOKEN;
		bind.token_uuid_ptr = (uint64_t)(uintptr_t)uuid;
	}

	if (iommufd < 0)
		iommufd = open("/dev/iommu", O_RDWR);
	if (iommufd < 0)
		return -1;
	bind.iommufd = iommufd;
	return ioctl(fd, VFIO_BIND_IOMMUFD, &bind);
}

static inline int open_line(const char *line)
{
	int fd = memfd_create("line", 0);

	if (fd >= 0 && (dprintf(fd, "%s\n", line) < 0 || lseek(fd, 0, SEEK_SET) < 0))
		return -1;
	return fd;
}

/* Opens a PATH as luctl.c describes it. */
static inline int open_file(const char *path)
{
	char *name, *token;
	int fd;

	if (!strcmp(path, "memfd"))
		return memfd_create("luctl", 0);
	if (!strncmp(path, LINE, strlen(LINE)))
		return open_line(path + strlen(LINE));
	if (!strncmp(path, UNBOUND, strlen(UNBOUND)))
		return open(path + strlen(UNBOUND), O_RDWR);
	if (!strncmp(path, KEEPER ":", strlen(KEEPER ":"))) {
		const char *address = path + strlen(KEEPER ":");

		fd = open(KEEPER, O_RDWR);
		if (fd < 0 || write(fd, address, strlen(address)) < 0)
			return -1;
		return fd;
	}
	name = strdup(path);
	token = strchr(name, '@');
	if (token)
		*token++ = '\0';
	fd = open(name, O_RDWR);
	if (fd >= 0 && !strncmp(name, CDEVS, strlen(CDEVS)) && bind_iommufd(fd, token) < 0)
		return -1;
	return fd;
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
