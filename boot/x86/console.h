/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * console.h - every place that the stage's lines go to.
 */
#ifndef PCIGATE_X86_CONSOLE_H
#define PCIGATE_X86_CONSOLE_H

#include <stddef.h>

#include <pcigate/gate.h>

#include "bootparams.h"
#include "serial.h"

/* Serial ports written to at the same time; the command line seldom names more than two. */
#define CONSOLE_MAX 4

/* console_open_vga() - the VGA text screen, if there is one. */
void console_open_vga(const struct boot_params *params);

/*
 * console_open_serial() - one more serial port, if it is there. One that was named before keeps its
 * place, and takes the new speed.
 */
void console_open_serial(const struct serial_line *line);

/*
 * console_open_named() - the serial ports that the next kernel's command line names:
 * console=ttyS0..3, console=uart8250,.., earlycon=uart8250,.., earlyprintk=. Returns how many of
 * them answer.
 */
unsigned int console_open_named(const char *cmdline, size_t len);

/*
 * console_open_standard() - COM1 to COM4, as far as they exist: for news that must not get lost
 * before anything is known.
 */
void console_open_standard(void);

/* console_nr_serial() - how many serial ports are open. */
unsigned int console_nr_serial(void);

/* console_line() - prints @text and a line feed everywhere. */
void console_line(const char *text);

/* The same in the shape that the report takes. */
extern const struct pg_printer console_printer;

/* console_drain() - waits until everything has been sent. */
void console_drain(void);

/* COM1 to COM4 (ttyS0 to ttyS3) of a PC: arch/x86/include/asm/serial.h. */
struct serial_line console_com(unsigned int number);

#endif
