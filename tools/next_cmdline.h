/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * next_cmdline.h - the command line that pcigate load gives the next kernel.
 */
#ifndef PCIGATE_NEXT_CMDLINE_H
#define PCIGATE_NEXT_CMDLINE_H

/*
 * next_cmdline() - the line @running without the parameter BOOT_IMAGE=, then @append, and @last as
 * the last word that the kernel reads. Each of them may be "". To be freed; NULL if memory runs
 * out.
 */
char *next_cmdline(const char *running, const char *append, const char *last);

#endif
