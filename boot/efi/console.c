// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * console.c - prints on the firmware's console and on serial ports.
 *
 * The firmware's setup decides whether its console includes a serial port. Lines are also sent to
 * serial ports that are not part of the console.
 */
#include "console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware.h"

/* Limit of serial ports. A machine has one or two. */
#define SERIAL_MAX 8

/*
 * The protocol of a device that is part of the console now (MdeModulePkg of EDK2:
 * ConsoleOutDevice.h).
 */
static const EFI_GUID console_out_device = {
	0xd3b36f2c, 0xd551, 0x11d4, { 0x9a, 0x46, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d }
};

static SERIAL_IO_INTERFACE *ports[SERIAL_MAX];
static unsigned int nr_ports;

/* Size of a device path without its end node, in bytes. */
static size_t path_size(const EFI_DEVICE_PATH *path)
{
	const uint8_t *node = (const uint8_t *)path;
	size_t size = 0;

	while (node[size] != END_DEVICE_PATH_TYPE) {
		const size_t len = node[size + 2] | (size_t)node[size + 3] << 8;

		if (len < sizeof(EFI_DEVICE_PATH))
			break;
		size += len;
	}
	return size;
}

/* True if a terminal of the console uses this port: its device path begins with the port's. */
static bool is_console(EFI_HANDLE port, const EFI_HANDLE *consoles, size_t nr)
{
	const EFI_GUID guid = EFI_DEVICE_PATH_PROTOCOL_GUID;
	const EFI_DEVICE_PATH *path = firmware_protocol(port, &guid);

	for (size_t i = 0; path && i < nr; i++) {
		const EFI_DEVICE_PATH *console = firmware_protocol(consoles[i], &guid);

		if (console && path_size(console) >= path_size(path) &&
		    !memcmp(console, path, path_size(path)))
			return true;
	}
	return false;
}

void console_init(void)
{
	const EFI_GUID serial = SERIAL_IO_PROTOCOL;
	size_t nr = 0, nr_consoles = 0;
	EFI_HANDLE *handles = firmware_handles(&serial, &nr);
	EFI_HANDLE *consoles = firmware_handles(&console_out_device, &nr_consoles);

	for (size_t i = 0; i < nr && nr_ports < SERIAL_MAX; i++) {
		SERIAL_IO_INTERFACE *port = firmware_protocol(handles[i], &serial);

		if (port && !is_console(handles[i], consoles, nr_consoles))
			ports[nr_ports++] = port;
	}
	free(handles);
	free(consoles);
}

static void write_port(SERIAL_IO_INTERFACE *port, const char *text)
{
	char line[2 * PG_LINE_SIZE];
	size_t len = strnlen(text, sizeof(line) - 2);
	UINTN size = len + 2;

	memcpy(line, text, len);
	memcpy(line + len, "\r\n", 2);
	/* The timeout of the port limits this call. A failed write is not repeated. */
	port->Write(port, &size, line);
}

void console_line(const char *text)
{
	CHAR16 line[2 * PG_LINE_SIZE];
	size_t len = 0;

	for (; text[len] && len < PG_ARRAY_SIZE(line) - 3; len++)
		line[len] = (CHAR16)text[len];
	line[len] = '\r';
	line[len + 1] = '\n';
	line[len + 2] = 0;
	if (ST->ConOut)
		ST->ConOut->OutputString(ST->ConOut, line);
	for (unsigned int i = 0; i < nr_ports; i++)
		write_port(ports[i], text);
}

void say(const char *format, ...)
{
	char line[SAY_SIZE];
	va_list arguments;
	int len = snprintf(line, sizeof(line), "pcigate: ");

	va_start(arguments, format);
	len += vsnprintf(line + len, sizeof(line) - (size_t)len, format, arguments);
	va_end(arguments);
	if ((size_t)len >= sizeof(line))
		memcpy(line + SAY_COLUMNS - 3, "...", 3);
	console_line(line);
}

static void print_line(void *ctx, const char *text)
{
	(void)ctx;
	console_line(text);
}

const struct pg_printer console_printer = { .line = print_line };
