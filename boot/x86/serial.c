// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * serial.c - drives a serial port. The registers are those of the PC16550D data sheet.
 */
#include "serial.h"

#include "cpu.h"
#include "paging.h"

enum {
	UART_DATA = 0, /* with LCR_DIVISOR: divisor, low byte */
	UART_IER = 1,  /* with LCR_DIVISOR: divisor, high byte */
	UART_FIFO = 2, /* read: identification, write: control */
	UART_LCR = 3,
	UART_MCR = 4,
	UART_LSR = 5,
};

#define FIFO_ENABLE 0x01
#define FIFO_ENABLED 0xc0 /* both bits: there is a FIFO that works, and it is on */
#define FIFO_SIZE 16
#define LCR_8N1 0x03
#define LCR_DIVISOR 0x80
#define MCR_DTR_RTS 0x03
#define LSR_EMPTY 0x20	 /* the transmit buffer is empty */
#define LSR_IDLE 0x40	 /* the shift register is empty as well */
#define LSR_NOTHING 0xff /* read from an absent port; no real port sets all bits */
#define UART_CLOCK 115200u

/*
 * One register read takes about a microsecond on real machines. The longest wait is for 16 bytes at
 * 1200 baud, 133 ms.
 */
#define POLLS 400000u

static uint64_t register_address(const struct serial_line *line, unsigned int reg)
{
	static const uint8_t shift[] = {
		[SERIAL_IO] = 0,
		[SERIAL_MMIO8] = 0,
		[SERIAL_MMIO16] = 1,
		[SERIAL_MMIO32] = 2,
	};

	return line->address + ((uint64_t)reg << shift[line->access]);
}

static uint8_t read_register(const struct serial_line *line, unsigned int reg)
{
	uint64_t address = register_address(line, reg);

	switch (line->access) {
	case SERIAL_IO:
		return inb((uint16_t)address);
	case SERIAL_MMIO8:
		return mmio_read8(address);
	case SERIAL_MMIO16:
		return (uint8_t)mmio_read16(address);
	case SERIAL_MMIO32:
		break;
	}
	return (uint8_t)mmio_read32(address);
}

static void write_register(const struct serial_line *line, unsigned int reg, uint8_t value)
{
	uint64_t address = register_address(line, reg);

	switch (line->access) {
	case SERIAL_IO:
		outb((uint16_t)address, value);
		break;
	case SERIAL_MMIO8:
		mmio_write8(address, value);
		break;
	case SERIAL_MMIO16:
		mmio_write16(address, value);
		break;
	case SERIAL_MMIO32:
		mmio_write32(address, value);
		break;
	}
}

/* paging_flush() may have removed the mapping of a port in memory since its last use. */
static bool reachable(struct serial_line *line)
{
	if (line->failed)
		return false;
	if (line->access != SERIAL_IO && !paging_map(line->address, 32, PAGING_UNCACHED))
		line->failed = true;
	return !line->failed;
}

static bool wait_for(struct serial_line *line, uint8_t bits)
{
	for (uint32_t polls = 0; polls < POLLS; polls++) {
		if ((read_register(line, UART_LSR) & bits) == bits)
			return true;
		cpu_relax();
	}
	/* Otherwise a stuck port would cost this wait for every byte. */
	line->failed = true;
	return false;
}

static bool has_fifo(const struct serial_line *line)
{
	return (read_register(line, UART_FIFO) & FIFO_ENABLED) == FIFO_ENABLED;
}

void serial_start(struct serial_line *line)
{
	uint32_t divisor;

	line->failed = false;
	if (!reachable(line))
		return;
	if (read_register(line, UART_LSR) == LSR_NOTHING) {
		line->failed = true;
		return;
	}
	line->space = 1;
	if (has_fifo(line))
		line->space = FIFO_SIZE;
	else if (!wait_for(line, LSR_EMPTY | LSR_IDLE))
		return;
	else {
		/* Switching the FIFO on empties it, so everything must have been sent. */
		write_register(line, UART_FIFO, FIFO_ENABLE);
		if (has_fifo(line))
			line->space = FIFO_SIZE;
	}
	if (!line->baud || line->baud > UART_CLOCK)
		return;

	if (!wait_for(line, LSR_EMPTY | LSR_IDLE))
		return;
	divisor = UART_CLOCK / line->baud;
	write_register(line, UART_LCR, LCR_8N1 | LCR_DIVISOR);
	write_register(line, UART_DATA, (uint8_t)divisor);
	write_register(line, UART_IER, (uint8_t)(divisor >> 8));
	write_register(line, UART_LCR, LCR_8N1);
	write_register(line, UART_MCR, MCR_DTR_RTS);
}

void serial_write(struct serial_line *line, const char *text)
{
	unsigned int space = 0;

	if (!reachable(line))
		return;
	for (; *text; text++, space--) {
		if (!space) {
			if (!wait_for(line, LSR_EMPTY))
				return;
			space = line->space;
		}
		write_register(line, UART_DATA, (uint8_t)*text);
	}
}

void serial_drain(struct serial_line *line)
{
	if (reachable(line))
		wait_for(line, LSR_EMPTY | LSR_IDLE);
}
