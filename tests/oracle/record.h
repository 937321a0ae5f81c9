/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * record.h - makes the record that the outgoing kernel would have left of a generated machine.
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

/* record_bus() - the bus number that a function had when the record was made. */
uint8_t record_bus(uint32_t index);

/*
 * record_begin() - begins an empty record of @machine as it was when the record was made. @entries
 * has PG_MAX_RECORDED elements.
 */
void record_begin(const struct machine *machine, struct pg_record *record,
		  struct pg_record_entry *entries);

/*
 * record_find() - index of the function that had this address when the record was made, or
 * MACHINE_NONE.
 */
uint32_t record_find(struct pg_bdf at);

/*
 * record_device() - records a function at the address that it had, and the bridges above it.
 * Returns false and changes nothing if one of them could not be reached or is of a kind that Linux
 * does not know, or if the function is already recorded. Without pcigate's own record, it also
 * returns false if another function answers at one of the addresses now, because no data
 * distinguishes the two.
 */
bool record_device(const struct machine *now, uint32_t index, struct pg_record *record,
		   struct pg_record_entry *entries);

/*
 * record_pfs() - the recorded functions that have virtual functions: at most MACHINE_MAX_PFS,
 * ascending by their address. Returns the number; 0 if there is only upstream's record.
 */
uint32_t record_pfs(const struct pg_record *record, struct machine_pf *pfs);

/*
 * record_end() - sorts the record and, depending on machine->record, adds pcigate's own entry
 * (docs/kho-fdt.md): root buses, all bridges that can be reached, the recorded devices, the bus
 * numbers that virtual functions need.
 */
void record_end(struct pg_record *record, struct pg_record_entry *entries);

#endif
