/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * console.h - prints on the firmware's console, and on every serial port that is not part of it.
 */
#ifndef PCIGATE_EFI_CONSOLE_H
#define PCIGATE_EFI_CONSOLE_H

#include <pcigate/gate.h>

/* console_init() - finds the serial ports. */
void console_init(void);

/* console_line() - prints a line on all of them. */
void console_line(const char *text);

/* console_line() as a printer for the report. */
extern const struct pg_printer console_printer;

#endif
