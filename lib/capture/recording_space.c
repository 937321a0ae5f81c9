// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording_space.c - writes the registers of a function that the pipeline may read with any
 * command line of the next kernel. Other registers are not read, because reads may have side
 * effects.
 */
#include "maker.h"

#include <string.h>

#define CAPABILITY_FIRST 0x40u
/* More steps are a loop: a capability has at least 4 bytes, an extended one 8. */
#define CAPABILITIES_MAX 48u
#define EXTENDED_MAX ((RECORDING_SPACE - PG_REG_EXTENDED) / 8)
#define BAD_MAX 64u

/**
 * struct taken - the registers of one function that were read
 * @maker:  state of the recording; @maker->space has the values
 * @found:  the function
 * @end:    the first byte after the last register
 * @nr_bad: length of @bad
 * @bad:    registers that cannot be read
 */
struct taken {
	struct maker *maker;
	const struct found *found;
	uint32_t end;
	uint32_t nr_bad;
	uint32_t bad[BAD_MAX];
};

/* Reads a register and keeps it. */
static enum pg_access take(struct taken *taken, uint32_t reg, uint32_t *value)
{
	struct maker *maker = taken->maker;
	const enum pg_access access =
		pg_read(&maker->reader, taken->found->at, (uint16_t)reg, value);

	if (access == PG_ACCESS_NO_WINDOW || reg > RECORDING_SPACE - 4)
		return access;
	if (access == PG_ACCESS_UNREADABLE && taken->nr_bad < BAD_MAX)
		taken->bad[taken->nr_bad++] = reg;
	for (uint32_t byte = 0; byte < 4; byte++)
		maker->space[reg + byte] = (uint8_t)(*value >> 8 * byte);
	if (reg + 4 > taken->end)
		taken->end = reg + 4;
	return access;
}

static void take_header(struct taken *taken)
{
	const bool bridge = found_is_bridge(taken->found);
	uint32_t value;

	take(taken, PG_REG_ID, &value);
	take(taken, PG_REG_COMMAND, &value);
	take(taken, PG_REG_CLASS, &value);
	take(taken, PG_REG_HEADER, &value);
	take(taken, bridge ? PG_REG_BUSES : PG_REG_SUBSYSTEM, &value);
	take(taken, PG_REG_CAPABILITIES, &value);
}

static void take_express(struct taken *taken, uint32_t at, uint32_t first)
{
	uint32_t value;

	if (!found_is_bridge(taken->found))
		return;
	if (PG_EXPRESS_SLOT(first))
		take(taken, at + PG_EXPRESS_SLOT_CAPABILITIES, &value);
	if (PG_EXPRESS_VERSION(first) < 2)
		return;
	take(taken, at + PG_EXPRESS_DEVICE_CAPABILITIES_2, &value);
	take(taken, at + PG_EXPRESS_DEVICE_CONTROL_2, &value);
}

/* The same steps as those of pg_find_capability(), to the end of the list. */
static void take_capabilities(struct taken *taken)
{
	const uint8_t *space = taken->maker->space;
	uint32_t value, next = space[PG_REG_CAPABILITIES] & 0xfcu;

	if (!(pg_load32(space + PG_REG_COMMAND) & PG_STATUS_CAPABILITIES))
		return;
	for (uint32_t steps = 0; next >= CAPABILITY_FIRST && steps < CAPABILITIES_MAX; steps++) {
		const uint32_t at = next;

		if (take(taken, at, &value) || (value & 0xff) == 0xff)
			return;
		next = value >> 8 & 0xfc;
		if ((value & 0xff) == PG_CAPABILITY_EXPRESS)
			take_express(taken, at, value);
		else if ((value & 0xff) == PG_CAPABILITY_EA && found_is_bridge(taken->found))
			take(taken, at + PG_EA_BUSES, &value);
	}
}

static void take_content(struct taken *taken, uint32_t at, uint32_t id)
{
	uint32_t value;

	if (id == PG_EXTENDED_SERIAL) {
		take(taken, at + PG_SERIAL_LOW, &value);
		take(taken, at + PG_SERIAL_HIGH, &value);
	} else if (id == PG_EXTENDED_ARI) {
		take(taken, at + PG_ARI_CAPABILITY, &value);
	} else if (id == PG_EXTENDED_SRIOV) {
		take(taken, at + PG_SRIOV_CONTROL, &value);
		take(taken, at + PG_SRIOV_TOTAL_VFS, &value);
		take(taken, at + PG_SRIOV_NUM_VFS, &value);
		take(taken, at + PG_SRIOV_OFFSET_STRIDE, &value);
	}
}

/*
 * The same steps as those of pg_walk_extended(). Returns false if there are no extended registers:
 * the first one reads as all ones, or as the ID again.
 */
static bool take_extended(struct taken *taken)
{
	uint32_t value, at = PG_REG_EXTENDED;
	enum pg_access access = take(taken, at, &value);

	if (access == PG_ACCESS_UNREADABLE)
		return true;
	if (access || value == taken->found->identity.vendor_device)
		return false;
	for (uint32_t steps = 0; !access && value && steps < EXTENDED_MAX; steps++) {
		take_content(taken, at, value & 0xffff);
		at = value >> 20 & 0xffc;
		if (at < PG_REG_EXTENDED)
			break;
		access = take(taken, at, &value);
	}
	return true;
}

void maker_put_space(struct maker *maker, const struct found *found)
{
	struct taken taken = { .maker = maker, .found = found };
	bool extended;
	uint32_t end;

	memset(maker->space, 0, RECORDING_SPACE);
	take_header(&taken);
	take_capabilities(&taken);
	end = taken.end;
	extended = found->express && take_extended(&taken);
	maker_put(maker, "bytes", maker->space, extended ? taken.end : end);
	if (extended)
		maker_put(maker, "extended", NULL, 0);
	if (taken.nr_bad)
		maker_put_cells(maker, "unreadable", taken.bad, taken.nr_bad);
}
