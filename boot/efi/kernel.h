/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel.h - loads a kernel with its EFI stub, and starts it.
 */
#ifndef PCIGATE_EFI_KERNEL_H
#define PCIGATE_EFI_KERNEL_H

#include "files.h"
#include "request.h"

/**
 * struct kernel - a kernel that was loaded
 * @image:   its handle
 * @options: its command line in UTF-16
 * @initrd:  all initrds, concatenated
 * @failed:  name of the file with the error of kernel_load()
 * @refused: the file was read, but the firmware did not load it
 */
struct kernel {
	EFI_HANDLE image;
	CHAR16 *options;
	struct file initrd;
	const char *failed;
	bool refused;
};

/*
 * kernel_load() - reads kernel and initrds, and lets the firmware load the kernel. With Secure Boot
 * the firmware checks its signature. The kernel is not started. On error, @error has the message,
 * and everything is freed.
 */
EFI_STATUS kernel_load(const struct request *request, struct kernel *kernel, const char **error);

/*
 * kernel_start() - starts the kernel. Returns, with everything freed, only if this fails or if the
 * kernel returns.
 */
EFI_STATUS kernel_start(struct kernel *kernel);

/* kernel_unload() - frees everything. */
void kernel_unload(struct kernel *kernel);

#endif
