// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * config.c - counts config reads, waits for devices that are not ready, and walks the two lists
 * of capabilities.
 */
#include "reader.h"

/* The standard list is in 64..255 with at least four bytes each: more steps are a loop. */
#define CAPABILITIES_MAX 48
#define CAPABILITY_FIRST 0x40u

#define CONFIG_SPACE_SIZE 0x1000u

/* The extended list is in 0x100..0xfff with at least 8 bytes each. */
#define EXTENDED_MAX ((CONFIG_SPACE_SIZE - 0x100) / 8)

static void note_failure(struct pg_reader *reader, struct pg_bdf at)
{
	reader->failed = true;
	reader->failed_at = at;
}

enum pg_access pg_read(struct pg_reader *reader, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	enum pg_access access;

	/*
	 * A capability may extend beyond the config space of its function, into that of another
	 * one.
	 */
	if (reg > CONFIG_SPACE_SIZE - sizeof(*value)) {
		*value = ~0u;
		note_failure(reader, at);
		return PG_ACCESS_UNREADABLE;
	}
	reader->reads++;
	access = reader->config->read(reader->config->ctx, at, reg, value);
	/* Linux works without access to extended registers, but not to the others. */
	if (access == PG_ACCESS_UNREADABLE ||
	    (access == PG_ACCESS_NO_WINDOW && reg < PG_REG_EXTENDED))
		note_failure(reader, at);
	return access;
}

enum pg_presence pg_presence_of(enum pg_access access)
{
	switch (access) {
	case PG_ACCESS_OK:
		return PG_PRESENT;
	case PG_ACCESS_ABSENT:
		return PG_ABSENT;
	case PG_ACCESS_NO_WINDOW:
		return PG_NO_WINDOW;
	case PG_ACCESS_UNREADABLE:
		break;
	}
	return PG_UNREADABLE;
}

enum pg_presence pg_read_id(struct pg_reader *reader, struct pg_bdf at, uint32_t *id)
{
	for (;;) {
		enum pg_presence presence = pg_presence_of(pg_read(reader, at, PG_REG_ID, id));

		if (presence != PG_PRESENT)
			return presence;
		/*
		 * Linux also treats these three values as an empty slot
		 * (pci_bus_generic_read_dev_vendor_id()).
		 */
		if (*id == 0 || *id == 0x0000ffff || *id == 0xffff0000)
			return PG_ABSENT;
		if ((*id & 0xffff) != PG_ID_NOT_READY)
			return PG_PRESENT;
		if (!reader->config->wait_ms || reader->waited_ms >= PG_NOT_READY_TOTAL_MS)
			return PG_NOT_READY;
		reader->config->wait_ms(reader->config->ctx, PG_NOT_READY_STEP_MS);
		reader->waited_ms += PG_NOT_READY_STEP_MS;
	}
}

uint8_t pg_find_capability(struct pg_reader *reader, struct pg_bdf at, uint8_t wanted,
			   uint32_t *first)
{
	uint32_t value;
	unsigned int steps;
	uint8_t next;

	*first = 0;
	if (pg_read(reader, at, PG_REG_COMMAND, &value) || !(value & PG_STATUS_CAPABILITIES))
		return 0;
	if (pg_read(reader, at, PG_REG_CAPABILITIES, &value))
		return 0;
	next = (uint8_t)(value & 0xfc);
	for (steps = 0; next >= CAPABILITY_FIRST && steps < CAPABILITIES_MAX; steps++) {
		if (pg_read(reader, at, next, &value))
			return 0;
		/* As in Linux, an ID of 0xff ends the list whatever the next pointer is. */
		if ((value & 0xff) == 0xff)
			return 0;
		if ((value & 0xff) == wanted) {
			*first = value;
			return next;
		}
		next = (uint8_t)(value >> 8 & 0xfc);
	}
	return 0;
}

/* Notes the first capability of each kind: Linux uses the first one. */
static void note_extended(uint16_t id, uint16_t offset, struct pg_extended *extended)
{
	const uint32_t dword = offset / 4u;

	if (id == PG_EXTENDED_SRIOV && !extended->sriov)
		extended->sriov = dword & 0x3ff;
	else if (id == PG_EXTENDED_ARI && !extended->ari)
		extended->ari = dword & 0x3ff;
	else if (id == PG_EXTENDED_SERIAL && !extended->serial)
		extended->serial = dword & 0x3ff;
}

bool pg_walk_extended(struct pg_reader *reader, struct pg_bdf at, uint32_t id_register,
		      struct pg_extended *extended)
{
	uint16_t offset = PG_REG_EXTENDED;
	unsigned int steps;
	uint32_t value;

	*extended = (struct pg_extended){ 0 };
	for (steps = 0; offset >= PG_REG_EXTENDED && steps < EXTENDED_MAX; steps++) {
		const enum pg_access access = pg_read(reader, at, offset, &value);

		if (access || !value)
			return access != PG_ACCESS_UNREADABLE;
		if (offset == PG_REG_EXTENDED && value == id_register)
			return true;
		note_extended((uint16_t)value, offset, extended);
		offset = (uint16_t)(value >> 20 & 0xffc);
	}
	return true;
}
