// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * console.c - prints on the screen and on the serial ports.
 */
#include "console.h"

#include "vga.h"

static struct serial_line lines[CONSOLE_MAX];
static unsigned int nr_lines;

void console_open_vga(const struct boot_params *params)
{
	vga_start(params);
}

struct serial_line console_com(unsigned int number)
{
	static const uint16_t ports[] = { 0x3f8, 0x2f8, 0x3e8, 0x2e8 };

	return (struct serial_line){ .access = SERIAL_IO, .address = ports[number & 3] };
}

void console_open_serial(const struct serial_line *line)
{
	unsigned int i;

	for (i = 0; i < nr_lines; i++) {
		if (lines[i].access == line->access && lines[i].address == line->address)
			break;
	}
	if (i == CONSOLE_MAX)
		return;
	if (i < nr_lines && (!line->baud || line->baud == lines[i].baud))
		return;
	lines[i] = *line;
	serial_start(&lines[i]);
	/*
	 * A port that does not answer is not counted: if it is the only one, the caller uses
	 * another.
	 */
	if (i == nr_lines && !lines[i].failed)
		nr_lines++;
}

void console_open_standard(void)
{
	for (unsigned int i = 0; i < 4; i++) {
		struct serial_line line = console_com(i);

		console_open_serial(&line);
	}
}

unsigned int console_nr_serial(void)
{
	return nr_lines;
}

void console_line(const char *text)
{
	for (unsigned int i = 0; i < nr_lines; i++) {
		serial_write(&lines[i], text);
		serial_write(&lines[i], "\r\n");
	}
	vga_line(text);
}

static void print_line(void *ctx, const char *text)
{
	(void)ctx;
	console_line(text);
}

const struct pg_printer console_printer = { .line = print_line };

void console_drain(void)
{
	for (unsigned int i = 0; i < nr_lines; i++)
		serial_drain(&lines[i]);
}
