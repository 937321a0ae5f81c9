/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * serial.h - output on an 8250 or 16550 serial port, polled, with every wait bounded.
 */
#ifndef PCIGATE_X86_SERIAL_H
#define PCIGATE_X86_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

/**
 * enum serial_access - how the registers of a port are reached
 * @SERIAL_IO:     by I/O port, one byte apart
 * @SERIAL_MMIO8:  in memory, one byte apart
 * @SERIAL_MMIO16: in memory, words, 2 bytes apart
 * @SERIAL_MMIO32: in memory, double words, 4 bytes apart
 */
enum serial_access {
	SERIAL_IO,
	SERIAL_MMIO8,
	SERIAL_MMIO16,
	SERIAL_MMIO32,
};

/**
 * struct serial_line - a serial port
 * @access:  how it is reached
 * @address: I/O port or physical address of its first register
 * @baud:    speed to set, with 8 bits, no parity, one stop bit; 0 changes no setting
 * @space:   bytes that the port takes at once when its transmit buffer is empty
 * @failed:  the port is absent or stuck
 */
struct serial_line {
	enum serial_access access;
	uint64_t address;
	uint32_t baud;
	uint8_t space;
	bool failed;
};

/*
 * serial_start() - checks whether the port exists, switches its FIFO on, and sets its speed if
 * @baud is not 0.
 */
void serial_start(struct serial_line *line);

void serial_write(struct serial_line *line, const char *text);

/* serial_drain() - waits until the last bit is sent, as the next kernel resets the port. */
void serial_drain(struct serial_line *line);

#endif
