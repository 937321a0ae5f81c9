/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * report_data.h - the stage's report, as the next kernel gets it. The kernel patch has the same
 * values in include/linux/kho/abi/pci_record.h.
 */
#ifndef PCIGATE_REPORT_DATA_H
#define PCIGATE_REPORT_DATA_H

#include <pcigate/port.h>

/*
 * The type of the struct setup_data, "pcig". Linux numbers its own types from 1 on
 * (arch/x86/include/uapi/asm/setup_data.h); bit 31 is SETUP_INDIRECT.
 */
#define PG_REPORT_TYPE 0x70636967u

/* Capacity of the text: one page with its head. */
#define PG_REPORT_SIZE (4096u - 16u)

/**
 * struct pg_report_data - the head of a struct setup_data (arch/x86/include/uapi/asm/setup_data.h),
 * little-endian
 * @next: physical address of the next one, 0 if there is none
 * @type: PG_REPORT_TYPE
 * @len:  length of the text that follows in bytes, at most PG_REPORT_SIZE
 */
struct pg_report_data {
	uint64_t next;
	uint32_t type;
	uint32_t len;
};

_Static_assert(sizeof(struct pg_report_data) == 16, "setup_data");

#endif
