/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * report.h - the stage's report, which it left in memory for this kernel.
 */
#ifndef PCIGATE_REPORT_H
#define PCIGATE_REPORT_H

#include <stdbool.h>

/*
 * report_fetch() - the text of the report, zero-terminated, which the caller frees. @text is NULL
 * if there is none. Returns 0, or an exit status after a message.
 */
int report_fetch(char **text);

/* report_print() - prints the lines of @text. */
void report_print(const char *text);

#endif
