/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * name.h - damaged names in the record.
 */
#ifndef PCIGATE_RECORD_NAME_H
#define PCIGATE_RECORD_NAME_H

#include <pcigate/port.h>

/*
 * pg_name_is_damaged() - true if @name differs from @wanted in one or two bits, the terminating
 * zero included. Linux does not find such a name, and would ignore the data handed over under it.
 * @name is terminated, or longer than @wanted.
 */
bool pg_name_is_damaged(const char *name, const char *wanted);

#endif
