/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * usage.h - the help of check, show and plan.
 */
#ifndef PCIGATE_USAGE_H
#define PCIGATE_USAGE_H

#include <stdbool.h>
#include <stdio.h>

/* usage_of() - prints the help of the command @name; false if it has another one. */
bool usage_of(const char *name, FILE *out);

#endif
