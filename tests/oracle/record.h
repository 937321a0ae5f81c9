/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * record.h - what the old kernel would have recorded of a made-up machine.
 */
#ifndef ORACLE_RECORD_H
#define ORACLE_RECORD_H

#include <pcigate/gate.h>

#include "machine.h"

/* record_begin() - an empty record; @entries has room for PG_MAX_RECORDED. */
void record_begin(struct pg_record *record, struct pg_record_entry *entries);

/*
 * record_device() - records a function as it can be reached now, and the bridges above it. False, and nothing is changed, if
 * it or one of them cannot be, or is nothing that Linux knows.
 */
bool record_device(const struct machine *machine, uint32_t index, struct pg_record *record,
		   struct pg_record_entry *entries);

/*
 * record_end() - sorts, and adds pcigate's own entry (docs/kho-fdt.md): root buses, all bridges that can be reached, the
 * recorded devices, the bus numbers that virtual functions need.
 */
void record_end(struct machine *machine, struct pg_record *record, struct pg_record_entry *entries);

#endif
