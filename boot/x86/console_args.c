// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * console_args.c - finds the serial ports that the next kernel's command line names.
 *
 * The forms are those of Linux: univ8250_console_match() in drivers/tty/serial/8250/8250_core.c for
 * console=, uart_parse_earlycon() in serial_core.c for earlycon=, setup_early_printk() in
 * arch/x86/kernel/early_printk.c for earlyprintk=. Other consoles are ignored.
 */
#include <string.h>

#include <pcigate/parse.h>
#include <pcigate/plan.h>

#include "console.h"

/* The rest of the command line, parsed from the left. */
struct rest {
	const char *text;
	size_t len;
};

static bool skip(struct rest *rest, const char *word)
{
	size_t len = strlen(word);

	if (rest->len < len || memcmp(rest->text, word, len) != 0)
		return false;
	rest->text += len;
	rest->len -= len;
	return true;
}

/* Parses a decimal or 0x number. False if there is none, or if it does not fit. */
static bool parse_number(struct rest *rest, uint64_t *number)
{
	unsigned int base = skip(rest, "0x") ? 16 : 10;
	size_t len = rest->len;

	*number = 0;
	while (rest->len && pg_digit(*rest->text) < base) {
		if (*number > (UINT64_MAX - 15) / base)
			return false;
		*number = *number * base + pg_digit(*rest->text);
		rest->text++;
		rest->len--;
	}
	return rest->len < len;
}

/* Parses ",115200n8". Ignores the text after the digits: the stage always uses 8n1. */
static void parse_baud(struct rest *rest, struct serial_line *line)
{
	uint64_t baud;

	if (skip(rest, ",") && parse_number(rest, &baud) && baud <= 115200)
		line->baud = (uint32_t)baud;
}

/* Parses "1,115200", the rest of "ttyS1,115200". */
static bool parse_tty(struct rest rest, struct serial_line *line)
{
	uint64_t number;

	if (!parse_number(&rest, &number) || number > 3)
		return false;
	*line = console_com((unsigned int)number);
	parse_baud(&rest, line);
	return true;
}

/* Parses "io,0x3f8,115200". */
static bool parse_uart(struct rest rest, struct serial_line *line)
{
	if (skip(&rest, "io,"))
		line->access = SERIAL_IO;
	else if (skip(&rest, "mmio,"))
		line->access = SERIAL_MMIO8;
	else if (skip(&rest, "mmio16,"))
		line->access = SERIAL_MMIO16;
	else if (skip(&rest, "mmio32,") || skip(&rest, "mmio32native,"))
		line->access = SERIAL_MMIO32;
	else if (rest.len > 2 && rest.text[0] == '0' && rest.text[1] == 'x')
		line->access = SERIAL_MMIO8;
	else
		return false;
	line->baud = 0;
	if (!parse_number(&rest, &line->address) ||
	    (line->access == SERIAL_IO && line->address > 0xfff8))
		return false;
	parse_baud(&rest, line);
	return true;
}

/* Parses the value of console= or earlycon=. */
static bool parse_console(struct rest rest, struct serial_line *line)
{
	if (skip(&rest, "ttyS"))
		return parse_tty(rest, line);
	if (skip(&rest, "uart8250,") || skip(&rest, "uart,"))
		return parse_uart(rest, line);
	return false;
}

/* Parses the value of earlyprintk=. */
static bool parse_earlyprintk(struct rest rest, struct serial_line *line)
{
	bool serial = skip(&rest, "serial");

	if (serial) {
		skip(&rest, ",");
		*line = console_com(0);
		if (!rest.len)
			return true;
		if (rest.len > 2 && rest.text[0] == '0' && rest.text[1] == 'x') {
			if (!parse_number(&rest, &line->address) || line->address > 0xfff8)
				return false;
			parse_baud(&rest, line);
			return true;
		}
	}
	if (skip(&rest, "ttyS") || serial)
		return parse_tty(rest, line);
	if (skip(&rest, "mmio32")) {
		line->access = SERIAL_MMIO32;
		line->baud = 0;
		skip(&rest, ",");
		if (!parse_number(&rest, &line->address))
			return false;
		parse_baud(&rest, line);
		return true;
	}
	return false;
}

static bool named_early;

bool console_named_early(void)
{
	return named_early;
}

unsigned int console_open_named(const char *cmdline, size_t len)
{
	struct pg_cmdline line = { .text = cmdline, .len = len };
	struct pg_argument argument;
	unsigned int before = console_nr_serial();

	while (pg_cmdline_next(&line, &argument)) {
		struct rest rest = { .text = argument.value, .len = argument.value_len };
		struct serial_line serial;
		bool named = false;

		if (!argument.value)
			continue;
		if (pg_argument_is(&argument, "console") || pg_argument_is(&argument, "earlycon"))
			named = parse_console(rest, &serial);
		else if (pg_argument_is(&argument, "earlyprintk"))
			named = parse_earlyprintk(rest, &serial);
		if (!named)
			continue;
		named_early |= !pg_argument_is(&argument, "console");
		console_open_serial(&serial);
	}
	return console_nr_serial() - before;
}
