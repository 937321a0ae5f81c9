/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * uapi.h - definitions from the kernel's include/uapi/linux/{liveupdate,vfio}.h. Debian 12 has no
 * liveupdate.h, and an older vfio.h.
 */
#ifndef GUEST_UAPI_H
#define GUEST_UAPI_H

#include <stdint.h>
#include <sys/ioctl.h>

#define LU_IOCTL(nr) _IO(0xba, nr)
/* On /dev/liveupdate */
#define LU_CREATE_SESSION LU_IOCTL(0x00)
#define LU_RETRIEVE_SESSION LU_IOCTL(0x01)
/* On a session */
#define LU_PRESERVE_FD LU_IOCTL(0x40)
#define LU_RETRIEVE_FD LU_IOCTL(0x41)
#define LU_FINISH LU_IOCTL(0x42)
/* On a device cdev of VFIO */
#define VFIO_BIND_IOMMUFD _IO(';', 100 + 18)
/* A flag of this call: token_uuid_ptr points to a VF token, 16 bytes. */
#define VFIO_BIND_TOKEN 1

/* For both session calls: the caller sets size and name, the kernel sets fd. */
struct lu_session {
	uint32_t size;
	int32_t fd;
	char name[64];
};

/* For both file calls: the caller sets fd to preserve, the kernel sets it to retrieve. */
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
	uint64_t token_uuid_ptr;
};

_Static_assert(sizeof(struct lu_session) == 72, "uapi of session calls");
_Static_assert(sizeof(struct lu_file) == 16, "uapi of file calls");
_Static_assert(sizeof(struct lu_finish) == 8, "uapi of finish");
_Static_assert(sizeof(struct vfio_bind) == 24, "uapi of the vfio binding");

#endif
