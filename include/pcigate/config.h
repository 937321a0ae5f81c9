/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * config.h - the seam through which the core reads PCI configuration space. There is no write in it.
 */
#ifndef PCIGATE_CONFIG_H
#define PCIGATE_CONFIG_H

#include <pcigate/bdf.h>
#include <pcigate/port.h>

/**
 * enum pg_access - how one read of configuration space ended
 * @PG_ACCESS_OK:         the value is what the device answered
 * @PG_ACCESS_ABSENT:     all ones came back: nothing answers there (PCI Express Base 2.3.2, completion with
 *                        Unsupported Request), or the register really holds all ones
 * @PG_ACCESS_NO_WINDOW:  there is no way to this segment, bus or register (no MCFG entry covers it), for Linux as little as here
 * @PG_ACCESS_UNREADABLE: the access itself failed, or Linux may have a way that is not known here
 */
enum pg_access {
	PG_ACCESS_OK,
	PG_ACCESS_ABSENT,
	PG_ACCESS_NO_WINDOW,
	PG_ACCESS_UNREADABLE,
};

/**
 * struct pg_config - read access to configuration space
 * @read:    reads the 32-bit register at byte offset @reg (a multiple of 4, below 4096) of the function @at, as Linux
 *           would reach it. *@value is set in every case; it is all ones unless PG_ACCESS_OK is returned
 * @window:  tells which buses of @segment can be reached (first and last, both included); false if none. The first one is
 *           taken for a root bus
 * @wait_ms: lets @ms milliseconds pass, before a device that was not ready is asked again. NULL where time means nothing
 *           (a capture): then the first answer stands
 * @ctx:     handed to the functions as it is
 */
struct pg_config {
	enum pg_access (*read)(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value);
	bool (*window)(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last);
	void (*wait_ms)(void *ctx, uint32_t ms);
	void *ctx;
};

/* Registers that the gate reads, as dword offsets (PCI Local Bus 3.0, 6.1; PCI-to-PCI Bridge 1.2, 3.2). */
#define PG_REG_ID 0x00		  /* vendor ID 15..0, device ID 31..16 */
#define PG_REG_COMMAND 0x04	  /* command 15..0, status 31..16 */
#define PG_REG_CLASS 0x08	  /* revision 7..0, class code 31..8 */
#define PG_REG_HEADER 0x0c	  /* header type 23..16: layout 22..16, multifunction 23 */
#define PG_REG_BUSES 0x18	  /* primary 7..0, secondary 15..8, subordinate 23..16 */
#define PG_REG_CAPABILITIES 0x34  /* offset of the first capability 7..0; 0x14 for CardBus bridges */
#define PG_REG_EXTENDED 0x100	  /* the first extended capability */

#define PG_STATUS_CAPABILITIES (1u << 20) /* in PG_REG_COMMAND: there is a list of capabilities */
#define PG_HEADER_NORMAL 0
#define PG_HEADER_BRIDGE 1
#define PG_HEADER_CARDBUS 2
#define PG_HEADER_UNKNOWN 3 /* stands for all that Linux does not know */

/* Vendor ID of a device that asks for more time (PCI Express Base 2.3.1, Request Retry Status, software visibility). */
#define PG_ID_NOT_READY 0x0001u

/* How long the gate waits for a device that is not ready, in all, in steps of PG_NOT_READY_STEP_MS. */
#define PG_NOT_READY_TOTAL_MS 1000u
#define PG_NOT_READY_STEP_MS 10u

#endif
