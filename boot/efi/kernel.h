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
 * @initrd:  the initrds, one behind the other
 * @failed:  the file that @error of kernel_load() is about, as the request has it
 * @refused: the firmware had the file and did not want it
 */
struct kernel {
	EFI_HANDLE image;
	CHAR16 *options;
	struct file initrd;
	const char *failed;
	bool refused;
};

/*
 * kernel_load() - reads kernel and initrds and has the firmware load the kernel, which checks its
 * signature under Secure Boot. Nothing is started. On an error all is given back, and @error says
 * what it is.
 */
EFI_STATUS kernel_load(const struct request *request, struct kernel *kernel, const char **error);

/*
 * kernel_start() - starts it. Returns only if that fails, or if the kernel comes back; all is given
 * back then.
 */
EFI_STATUS kernel_start(struct kernel *kernel);

/* kernel_unload() - gives everything back. */
void kernel_unload(struct kernel *kernel);

#endif
