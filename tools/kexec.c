// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kexec.c - the system calls of pcigate load (kexec_load(2)).
 */
#define _GNU_SOURCE /* memfd_create(), strerrorname_np() */
#include "load.h"

#include "cli.h"
#include "image/trailer.h"
#include "input.h"
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
	fd = memfd_create("initrd", MFD_CLOEXEC);
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
		return "not root, or the kernel is locked down and the image is not signed";
	case EKEYREJECTED:
	case ENOKEY:
		return "the kernel takes images only that are signed with a key it knows";
	case ENODATA:
		return "the kernel takes signed images only, and this one is not";
	case EBADMSG:
		return "the signature of the image is damaged";
	case ENOSYS:
		return "this kernel has no kexec_file_load; write a file with pcigate wrap and "
		       "load it with kexec -l";
	case EBUSY:
		return "another kexec is being loaded or executed";
	case EADDRNOTAVAIL:
	case ENOMEM:
		return "not enough memory";
	default:
		return strerror(error);
	}
}

int kexec_load_file(const struct load *load, const void *image, size_t size, const char *cmdline)
{
	const int kernel = memfd_create("kernel", MFD_CLOEXEC);
	const int initrd = open_initrd(load);
	int status = 0;

	if (kernel < 0 || !write_all(kernel, image, size))
		status = complain("memfd: %s", strerror(errno));
	else if (initrd == -2)
		status = STATUS_TROUBLE;
	else if (syscall(SYS_kexec_file_load, kernel, initrd, strlen(cmdline) + 1, cmdline,
			 initrd < 0 ? KEXEC_FILE_NO_INITRAMFS : 0))
		status = complain("kexec_file_load: %s (%s)", explain(errno),
				  strerrorname_np(errno));
	if (kernel >= 0)
		close(kernel);
	if (initrd >= 0)
		close(initrd);
	return status;
}

int kexec_unload(void)
{
	if (syscall(SYS_kexec_file_load, -1, -1, 0, NULL, KEXEC_FILE_UNLOAD))
		return complain("kexec_file_load: %s (%s)", explain(errno), strerrorname_np(errno));
	return 0;
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
