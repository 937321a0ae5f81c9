/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * json.h - what the JSON objects of all commands share. A function that returns json_t returns a
 * new object, or NULL if memory runs out.
 */
#ifndef PCIGATE_JSON_H
#define PCIGATE_JSON_H

#include "cli.h"
#include "machine/machine.h"

#include <jansson.h>

/* A text of any kind, or null. */
json_t *json_text(const char *text);

/* "0000:05:00.0"; null for PG_NONE. A path is "0000:00:1c.0/00.0". */
json_t *json_address(struct pg_bdf at);
json_t *json_path_of(const struct pg_topology *topology, uint32_t index);
json_t *json_address_of(const struct pg_topology *topology, uint16_t index);

/* "8086:10d3"; null for 0. */
json_t *json_id(uint32_t value);

/* Primary, secondary and subordinate bus number; null if it is not a bridge. */
json_t *json_bus_numbers(const struct pg_function *function);

json_t *json_policy(const struct pg_policy *from);
json_t *json_record(const struct session *session);

/* The lines that check prints without --json. */
json_t *json_lines(const struct session *session);

/* What is unusual about a machine. */
json_t *json_notes(const struct machine *machine);

/* json_append_or_fail() - appends @value and takes ownership of it. False if memory runs out. */
bool json_append_or_fail(json_t *array, json_t *value);

/* json_put() - prints @object and takes ownership of it. Returns 0 or an exit status. */
int json_put(json_t *object);

#endif
