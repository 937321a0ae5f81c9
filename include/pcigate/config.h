/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * config.h - the interface through which the core reads config space. It has no write.
 */
#ifndef PCIGATE_CONFIG_H
#define PCIGATE_CONFIG_H

#include <pcigate/bdf.h>
#include <pcigate/port.h>
#include <pcigate/registers.h>

/**
 * enum pg_access - the result of a config read
 * @PG_ACCESS_OK:         the device returned the value
 * @PG_ACCESS_ABSENT:     the read returned all ones: no function answers (PCI Express Base 2.3.2,
 * completion with Unsupported Request), or the register contains all ones
 * @PG_ACCESS_NO_WINDOW:  neither Linux nor this reader can reach the segment, bus or register (no
 * MCFG entry covers it)
 * @PG_ACCESS_UNREADABLE: the access itself failed, or Linux may reach the register by a method that
 * this reader does not know
 */
enum pg_access {
	PG_ACCESS_OK,
	PG_ACCESS_ABSENT,
	PG_ACCESS_NO_WINDOW,
	PG_ACCESS_UNREADABLE,
};

/**
 * struct pg_config - read access to config space
 * @read:    reads the 32-bit register at byte offset @reg (a multiple of 4, below 4096) of the
 * function @at, by the method that Linux uses. *@value is always set, to all ones unless
 * PG_ACCESS_OK is returned
 * @window:  returns the range of buses of @segment that can be reached (both ends included);
 * false if there is none. The first bus is assumed to be a root bus
 * @wait_ms: waits @ms milliseconds before the next read of a device that was not ready. NULL in
 * a capture, where a second read has the same result
 * @ctx:     passed to the functions
 */
struct pg_config {
	enum pg_access (*read)(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value);
	bool (*window)(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last);
	void (*wait_ms)(void *ctx, uint32_t ms);
	void *ctx;
};

/*
 * The total time that pcigate waits for devices that are not ready, in steps of
 * PG_NOT_READY_STEP_MS.
 */
#define PG_NOT_READY_TOTAL_MS 1000u
#define PG_NOT_READY_STEP_MS 10u

#endif
