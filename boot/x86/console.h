/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * console.h - the consoles of the stage.
 */
#ifndef PCIGATE_X86_CONSOLE_H
#define PCIGATE_X86_CONSOLE_H

#include <stddef.h>

#include <pcigate/gate.h>

#include "bootparams.h"
#include "serial.h"

/* Limit of serial ports; the command line seldom names more than two. */
#define CONSOLE_MAX 4

/* console_open_vga() - opens the VGA text screen, if there is one. */
void console_open_vga(const struct boot_params *params);

/*
 * console_open_serial() - adds a serial port, if it exists. If the port is open already, only its
 * speed changes.
 */
void console_open_serial(const struct serial_line *line);

/*
 * console_open_named() - opens the serial ports that the next kernel's command line names:
 * console=ttyS0..3, console=uart8250,.., earlycon=uart8250,.., earlyprintk=. Returns how many of
 * them answer.
 */
unsigned int console_open_named(const char *cmdline, size_t len);

/*
 * console_open_standard() - opens those of COM1 to COM4 that exist, for messages that are printed
 * before the command line is known.
 */
void console_open_standard(void);

/* console_nr_serial() - number of open serial ports. */
unsigned int console_nr_serial(void);

/* console_line() - prints @text and a line feed on all consoles. */
void console_line(const char *text);

/* console_line() as a printer for the report. */
extern const struct pg_printer console_printer;

/*
 * console_named_early() - console_open_named() found earlycon= or earlyprintk=.
 */
bool console_named_early(void);

/* console_drain() - waits until everything has been sent. */
void console_drain(void);

/* COM1 to COM4 (ttyS0 to ttyS3) of a PC: arch/x86/include/asm/serial.h. */
struct serial_line console_com(unsigned int number);

#endif
