/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * reduce.h - a machine with one thing less, for finding the smallest that still shows a
 * disagreement.
 */
#ifndef ORACLE_REDUCE_H
#define ORACLE_REDUCE_H

#include "machine.h"

/*
 * reduce() - writes to @to the reduction number @step of @from. The big ones come first: a root
 * bus, a function with all below it, a bridge replaced by what is below it, a property, a number
 * made plain. False if there is no such step.
 */
bool reduce(const struct machine *from, uint32_t step, struct machine *to);

#endif
