/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * brief.h - step scan, in brief: few reads show that a machine is as recorded (PG_SCAN_BRIEF).
 */
#ifndef PCIGATE_BRIEF_H
#define PCIGATE_BRIEF_H

#include <pcigate/topology.h>

/*
 * pg_scan_may_be_brief() - true if PG_SCAN_BRIEF can be added to @flags: pcigate's own record has
 * every function of @record, lists all bridges, and all functions with SR-IOV; and the next kernel
 * finds functions as the outgoing one did.
 */
bool pg_scan_may_be_brief(const struct pg_record *record, unsigned int flags);

/*
 * pg_scan_is_as_recorded() - true if a scan with PG_SCAN_BRIEF, and pg_scan_identities() after it,
 * found all recorded functions as recorded. Otherwise, or if further scans are needed, the result
 * of such a scan must not be used.
 */
bool pg_scan_is_as_recorded(const struct pg_topology *topology);

#endif
