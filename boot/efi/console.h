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

/* The application's own lines name files, so they may be longer than those of the core. */
#define SAY_COLUMNS 100
#define SAY_SIZE (SAY_COLUMNS + 1)

/*
 * say() - prints a line that begins with "pcigate: ". A text that is too long is cut, and ends in
 * dots.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
