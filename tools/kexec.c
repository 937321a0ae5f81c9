// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kexec.c - the system calls of pcigate load (kexec_load(2)).
 */
#define _GNU_SOURCE /* memfd_create(), strerrorname_np() */
#include "load.h"

#include "cli.h"
#include "image/trailer.h"
#include "input.h"
#include "kexec_tools.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOADED_PATH "/sys/kernel/kexec_loaded"

/* An initrd may be followed by another one at a multiple of four bytes. */
#define INITRD_ALIGN 4u

/* Size of an initrd that is read at all. */
#define INITRD_MAX (2048u << 20)

static int append_file(int to, const char *path)
{
	static const uint8_t padding[INITRD_ALIGN];
	struct capture_error error = { "" };
	size_t size;
	void *bytes = input_read(path, INITRD_MAX, &size, &error);
	int status = 0;

	if (!bytes)
		return complain("%s: %s", path, error.text);
	if (!write_all(to, bytes, size) || !write_all(to, padding, -size % INITRD_ALIGN))
		status = complain("%s: cannot copy it: %s", path, strerror(errno));
	free(bytes);
	return status;
}

static int append_record(int to, const struct load *load)
{
	size_t size;
	uint8_t *record =
		trailer_make((uint64_t)lseek(to, 0, SEEK_CUR), load->tree, load->tree_size, &size);
	int status = 0;

	if (!record || !write_all(to, record, size))
		status = complain("the record does not fit into memory");
	free(record);
	return status;
}

/* All initrds in one file. -1 without one, -2 after a message. */
static int open_initrd(const struct load *load)
{
	int fd;

	if (!load->nr_initrds && !load->beside)
		return -1;
	fd = memfd_create("initrd", 0);
	if (fd < 0) {
		complain("memfd_create: %s", strerror(errno));
		return -2;
	}
	for (unsigned int i = 0; i < load->nr_initrds; i++) {
		if (append_file(fd, load->initrds[i])) {
			close(fd);
			return -2;
		}
	}
	if (load->beside && append_record(fd, load)) {
		close(fd);
		return -2;
	}
	return fd;
}

static const char *explain(int error)
{
	switch (error) {
	case EPERM:
		return "not root, or kexec is disabled (kernel.kexec_load_disabled), or the "
		       "kernel is locked down and the image is not signed";
	case EKEYREJECTED:
	case ENOKEY:
		return "the image is not signed with a key that the kernel trusts; wrap and "
		       "sign it ahead";
	case ENODATA:
		return "the kernel takes signed images only, and this one is not signed; wrap and "
		       "sign it ahead";
	case ENOPKG:
		return "the kernel does not know the algorithm of the signature";
	case ENOEXEC:
		return "the kernel does not take the image";
	case EBADMSG:
		return "the signature of the image is damaged";
	case ENOSYS:
		return "this kernel has no kexec";
	case EBUSY:
		return "another kexec is being loaded or executed";
	case EADDRNOTAVAIL:
	case ENOMEM:
		return "not enough memory";
	default:
		return strerror(error);
	}
}

/* As kexec -a, the older system call is used if this kernel does not have the newer one. */
static int load_files(int kernel, int initrd, const char *cmdline)
{
	if (!syscall(SYS_kexec_file_load, kernel, initrd, strlen(cmdline) + 1, cmdline,
		     initrd < 0 ? KEXEC_FILE_NO_INITRAMFS : 0))
		return 0;
	if (errno == ENOSYS)
		return kexec_tools_load(kernel, initrd, cmdline);
	return complain("kexec_file_load: %s (%s)", explain(errno), strerrorname_np(errno));
}

int kexec_load_file(const struct load *load, const void *image, size_t size, const char *cmdline)
{
	const int kernel = memfd_create("kernel", 0);
	const int initrd = open_initrd(load);
	int status = 0;

	if (kernel < 0 || !write_all(kernel, image, size))
		status = complain("memfd: %s", strerror(errno));
	else if (initrd == -2)
		status = STATUS_TROUBLE;
	else
		status = load_files(kernel, initrd, cmdline);
	if (kernel >= 0)
		close(kernel);
	if (initrd >= 0)
		close(initrd);
	return status;
}

int kexec_unload(void)
{
	if (!syscall(SYS_kexec_file_load, -1, -1, 0, NULL, KEXEC_FILE_UNLOAD))
		return 0;
	/* No segments: as the unload of kexec_load(2). */
	if (errno == ENOSYS && !syscall(SYS_kexec_load, 0UL, 0UL, NULL, 0UL))
		return 0;
	return complain("kexec_file_load: %s (%s)", explain(errno), strerrorname_np(errno));
}

int kexec_status(void)
{
	FILE *file = fopen(LOADED_PATH, "r");
	const int loaded = file ? fgetc(file) : EOF;

	if (!file)
		return complain("%s: %s", LOADED_PATH, strerror(errno));
	fclose(file);
	puts(loaded == '1' ? "an image is loaded" : "no image is loaded");
	return loaded == '1' ? 0 : 1;
}
