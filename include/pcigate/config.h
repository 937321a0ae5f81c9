/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * config.h - the seam through which the core reads PCI configuration space. There is no write in
 * it.
 */
#ifndef PCIGATE_CONFIG_H
#define PCIGATE_CONFIG_H

#include <pcigate/bdf.h>
#include <pcigate/port.h>
#include <pcigate/registers.h>

/**
 * enum pg_access - how one read of configuration space ended
 * @PG_ACCESS_OK:         the value is what the device answered
 * @PG_ACCESS_ABSENT:     all ones came back: nothing answers there (PCI Express Base 2.3.2,
 * completion with Unsupported Request), or the register really holds all ones
 * @PG_ACCESS_NO_WINDOW:  there is no way to this segment, bus or register (no MCFG entry covers
 * it), for Linux as little as here
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
 * @read:    reads the 32-bit register at byte offset @reg (a multiple of 4, below 4096) of the
 * function @at, as Linux would reach it. *@value is set in every case; it is all ones unless
 * PG_ACCESS_OK is returned
 * @window:  tells which buses of @segment can be reached (first and last, both included); false if
 * none. The first one is taken for a root bus
 * @wait_ms: lets @ms milliseconds pass, before a device that was not ready is asked again. NULL
 * where time means nothing (a capture): then the first answer stands
 * @ctx:     handed to the functions as it is
 */
struct pg_config {
	enum pg_access (*read)(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value);
	bool (*window)(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last);
	void (*wait_ms)(void *ctx, uint32_t ms);
	void *ctx;
};

/*
 * How long the gate waits for a device that is not ready, in all, in steps of PG_NOT_READY_STEP_MS.
 */
#define PG_NOT_READY_TOTAL_MS 1000u
#define PG_NOT_READY_STEP_MS 10u

#endif
