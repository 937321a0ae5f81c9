/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load.h - pcigate load: its command line, and the system call.
 */
#ifndef PCIGATE_LOAD_H
#define PCIGATE_LOAD_H

#include "record.h"

#include <pcigate/next_kernel.h>

/**
 * struct load - the command line, and the host
 * @kernel:     the image
 * @nr_initrds: length of @initrds
 * @initrds:    --initrd
 * @append:     --append, or NULL
 * @reuse:      --reuse-cmdline
 * @on_stop:    the kernel parameter for --on-stop, or NULL
 * @unload, @status: --unload, --status
 * @request:    which devices are recorded
 * @host:       the record
 * @tree:       the tree of @tree_size bytes that the stage reads
 * @tree_size:  bytes
 * @next:       what the image tells about its kernel
 * @beside:     the image was gated already: @tree belongs at the end of the initrd
 */
struct load {
	const char *kernel;
	unsigned int nr_initrds;
	const char **initrds;
	const char *append;
	bool reuse;
	const char *on_stop;
	bool unload;
	bool status;
	struct host_request request;
	struct host_record host;
	void *tree;
	size_t tree_size;
	struct pg_next_kernel next;
	bool beside;
};

/*
 * kexec_load_file() - loads the image of @size bytes with the initrds of @load. Returns 0, or an
 * exit status after a message; what was loaded before stays loaded then.
 */
int kexec_load_file(const struct load *load, const void *image, size_t size, const char *cmdline);

/* kexec_unload() - unloads the image that is loaded. As kexec_load_file(). */
int kexec_unload(void);

/* kexec_status() - prints whether an image is loaded; 0 if it is, 1 if not. */
int kexec_status(void);

#endif
