/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * reduce.h - removes one part of a machine, to find the smallest machine that still shows a
 * disagreement.
 */
#ifndef ORACLE_REDUCE_H
#define ORACLE_REDUCE_H

#include "machine.h"

/*
 * reduce() - writes reduction number @step of @from to @to. The large reductions come first: a root
 * bus is removed; a function and all below it are removed; a bridge is replaced by the functions
 * below it; a property or a number is set to its default. Returns false if there is no such step.
 */
bool reduce(const struct machine *from, uint32_t step, struct machine *to);

#endif
