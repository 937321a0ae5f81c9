/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * own_json.h - pcigate's own record as JSON.
 */
#ifndef PCIGATE_OWN_JSON_H
#define PCIGATE_OWN_JSON_H

#include "cli.h"

/*
 * own_json() - prints the record and the stage's report (NULL if there is none) as one JSON object.
 * Returns an exit status.
 */
int own_json(const struct pg_record *record, enum pg_reason reason,
	     const struct pg_finding *finding, const char *report);

#endif
