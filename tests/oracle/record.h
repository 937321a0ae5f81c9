/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * record.h - what the outgoing kernel would have recorded of a made-up machine.
 */
#ifndef ORACLE_RECORD_H
#define ORACLE_RECORD_H

#include <pcigate/gate.h>

#include "machine.h"

/*
 * record_address_of() - the address in @at at which requests reach function @index of @machine;
 * false if none do.
 */
bool record_address_of(const struct machine *machine, uint32_t index, struct pg_bdf *at);

/* record_bus() - the bus number that a function had then. */
uint8_t record_bus(uint32_t index);

/*
 * record_begin() - an empty record of @machine, as it was then; @entries has room for
 * PG_MAX_RECORDED.
 */
void record_begin(const struct machine *machine, struct pg_record *record,
		  struct pg_record_entry *entries);

/*
 * record_find() - index of the function that had this address when the record was made, or
 * MACHINE_NONE.
 */
uint32_t record_find(struct pg_bdf at);

/*
 * record_device() - records a function as it could be reached then, and the bridges above it.
 * False, and nothing is changed, if it or one of them could not be or is nothing that Linux knows,
 * or if it is recorded. Nor does a machine without pcigate's own record preserve a device at whose
 * address another answers now: nothing tells the two apart.
 */
bool record_device(const struct machine *now, uint32_t index, struct pg_record *record,
		   struct pg_record_entry *entries);

/*
 * record_end() - sorts, and adds pcigate's own entry (docs/kho-fdt.md), as far as machine->record
 * says: root buses, all bridges that can be reached, the recorded devices, the bus numbers that
 * virtual functions need.
 */
void record_end(struct pg_record *record, struct pg_record_entry *entries);

#endif
