/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kexec_tools.h - loads an image by kexec(8).
 */
#ifndef PCIGATE_KEXEC_TOOLS_H
#define PCIGATE_KEXEC_TOOLS_H

/*
 * kexec_tools_load() - loads the image that the descriptor @kernel is open on, by `kexec -c -l`.
 * @initrd is a descriptor, or negative. Both must be open across exec. Returns 0, or an exit status
 * after a message.
 */
int kexec_tools_load(int kernel, int initrd, const char *cmdline);

#endif
