/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * console.h - where the report goes: the firmware's console, and every serial port that is no part
 * of it.
 */
#ifndef PCIGATE_EFI_CONSOLE_H
#define PCIGATE_EFI_CONSOLE_H

#include <pcigate/gate.h>

/* console_init() - finds the serial ports. */
void console_init(void);

/* console_line() - prints a line everywhere. */
void console_line(const char *text);

/* The same, for the core. */
extern const struct pg_printer console_printer;

#endif
