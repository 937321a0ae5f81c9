/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * report.h - the stage's report in memory, for the next kernel.
 *
 * The report is the data of a struct setup_data. Linux reserves the memory of each of them before
 * it allocates anything, and its decompressor avoids them (arch/x86/kernel/setup.c,
 * arch/x86/boot/compressed/kaslr.c). It ignores an unknown type, and shows all of them in
 * /sys/kernel/boot_params/setup_data (arch/x86/kernel/ksysfs.c).
 */
#ifndef PCIGATE_X86_REPORT_H
#define PCIGATE_X86_REPORT_H

#include "bootparams.h"

/* report_begin() - empties the report: a purgatory may be entered a second time. */
void report_begin(void);

/*
 * report_line() - adds a line. Once a line does not fit, the following lines are counted and left
 * out.
 */
void report_line(const char *text);

/*
 * report_last_lines() - says how many lines were left out. Afterwards there is space for
 * REPORT_LAST_LINES more.
 */
void report_last_lines(void);
#define REPORT_LAST_LINES 4

/*
 * report_hand_over() - passes the report to the next kernel that gets @params. If the memory of the
 * stage becomes that kernel's, the report is copied to the page @place first; else @place is NULL.
 */
void report_hand_over(struct boot_params *params, void *place);

#endif
