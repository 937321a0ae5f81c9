// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * mutate.c - damages one 32-bit field: a token of a device tree, or any word. libFuzzer's own
 * mutator rarely changes a whole word.
 */
#include "mutate.h"

#include <libfdt.h>
#include <string.h>

/* The maximum number of a tree's fields to choose from. */
#define FIELDS_MAX 4096u

/* Sizes that wrap, become negative or become 0 when code rounds them or adds to them. */
static const uint32_t limits[] = {
	0,	    1,		2,	    3,		4,	    5,		6,
	7,	    8,		9,	    0xff,	0x100,	    0xffff,	0x10000,
	0x7ffffff0, 0x7ffffffc, 0x7ffffffd, 0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001,
	0xffff0000, 0xfffffff0, 0xfffffff1, 0xfffffff2, 0xfffffff3, 0xfffffff4, 0xfffffff5,
	0xfffffff6, 0xfffffff7, 0xfffffff8, 0xfffffff9, 0xfffffffa, 0xfffffffb, 0xfffffffc,
	0xfffffffd, 0xfffffffe, 0xffffffff,
};

static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*state >> 33) % below);
}

static uint32_t value_near(uint64_t *state, uint32_t was)
{
	switch (draw(state, 4)) {
	case 0:
		return was + draw(state, 9) - 4;
	case 1:
		return was ^ 1u << draw(state, 32);
	default:
		return limits[draw(state, sizeof(limits) / sizeof(limits[0]))];
	}
}

/* Lists the offsets of the header's words and of a tree's tokens; returns their number. */
static uint32_t find_fields(const uint8_t *data, size_t size, uint32_t fields[FIELDS_MAX])
{
	uint32_t nr = 0, at;
	size_t end;

	if (size < sizeof(struct fdt_header) ||
	    fdt32_ld((const fdt32_t *)(const void *)data) != FDT_MAGIC)
		return 0;
	for (at = 0; at < sizeof(struct fdt_header); at += 4)
		fields[nr++] = at;
	at = fdt_off_dt_struct(data);
	end = size;
	while (at % 4 == 0 && at < end && end - at >= 12 && nr + 3 <= FIELDS_MAX) {
		const uint32_t tag = fdt32_ld((const fdt32_t *)(const void *)(data + at));
		uint32_t len = 0;

		fields[nr++] = at;
		at += 4;
		if (tag == FDT_PROP) {
			fields[nr++] = at;
			fields[nr++] = at + 4;
			len = fdt32_ld((const fdt32_t *)(const void *)(data + at));
			at += 8;
		} else if (tag == FDT_BEGIN_NODE) {
			len = (uint32_t)strnlen((const char *)data + at, end - at) + 1;
		} else if (tag != FDT_END_NODE && tag != FDT_NOP) {
			break;
		}
		if (len > end - at)
			break;
		at += (len + 3) & ~3u;
	}
	return nr;
}

void damage(uint8_t *data, size_t size, uint64_t *state)
{
	static uint32_t fields[FIELDS_MAX];
	const uint32_t nr = find_fields(data, size, fields);
	size_t at;
	uint32_t value;

	if (size < 4)
		return;
	if (nr && draw(state, 4)) {
		at = fields[draw(state, nr)];
		value = value_near(state, fdt32_ld((const fdt32_t *)(const void *)(data + at)));
		fdt32_st(data + at, value);
		return;
	}
	/* Numbers of a structure in memory are little-endian, those of a tree are big-endian. */
	at = draw(state, (uint32_t)(size - 3));
	memcpy(&value, data + at, 4);
	value = draw(state, 2) ? value_near(state, value)
			       : __builtin_bswap32(value_near(state, __builtin_bswap32(value)));
	memcpy(data + at, &value, 4);
}

bool damage_in_order(uint8_t *data, size_t size, size_t nr)
{
	const size_t all = sizeof(limits) / sizeof(limits[0]);

	if (nr / all >= size / 4)
		return false;
	fdt32_st(data + nr / all * 4, limits[nr % all]);
	return true;
}
