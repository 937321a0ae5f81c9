/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * vga.h - output on a VGA in text mode.
 */
#ifndef PCIGATE_X86_VGA_H
#define PCIGATE_X86_VGA_H

#include <stdbool.h>

#include "bootparams.h"

/*
 * vga_start() - true if the zero page describes a VGA in text mode. Output begins below its cursor.
 */
bool vga_start(const struct boot_params *params);

/* vga_line() - prints one line of text, cut at the right edge. */
void vga_line(const char *text);

#endif
