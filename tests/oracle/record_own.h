/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * record_own.h - pcigate's own record of a generated machine.
 */
#ifndef ORACLE_RECORD_OWN_H
#define ORACLE_RECORD_OWN_H

#include <pcigate/record.h>

#include "machine.h"

/*
 * record_own() - adds pcigate's own record to @record, from @machine as it was when the record was
 * made. @pfs are @nr physical functions with virtual functions, ascending.
 */
void record_own(struct machine *machine, struct pg_record *record, const struct machine_pf *pfs,
		uint32_t nr);

#endif
