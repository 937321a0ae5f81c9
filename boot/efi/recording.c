// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording.c - writes a capture: chooses the devices, and lays out the tree.
 */
#include "recording.h"

#include <stdlib.h>

#include <libfdt.h>

#include "maker.h"

/*
 * What a tree takes besides config space itself: heads and names of nodes and properties, rounded
 * up.
 */
#define TREE_FIXED 65536u
#define TREE_PER_FUNCTION 1024u

static void put_memory(struct maker *maker)
{
	const uint64_t size =
		(uint64_t)(PAGE_BLOCKS + maker_nr_blocks(maker) + maker->own_pages) * PG_PAGE_SIZE;
	fdt64_t reg[2];

	fdt64_st(&reg[0], MAKER_BASE);
	fdt64_st(&reg[1], size);
	maker_begin(maker, "memory@%llx", MAKER_BASE);
	maker_put(maker, "reg", reg, sizeof(reg));
	maker_put_chain(maker);
	maker_put_entries(maker);
	maker_put_own_record(maker);
	maker_end(maker);
}

static void put_root(struct maker *maker)
{
	maker_keep(maker, fdt_finish_reservemap(maker->fdt));
	maker_keep(maker, fdt_begin_node(maker->fdt, ""));
	maker_put_string(maker, "compatible", "pcigate-capture-v1");
	maker_put_string(maker, "description", maker->recording->description);
	/*
	 * Without it Linux ignores what is handed over, and so the command would call that a stop.
	 */
	maker_put_string(maker, "cmdline", "kho=on liveupdate=on");
	maker_put64(maker, "setup-data", maker_page(PAGE_SETUP));
	put_memory(maker);
	maker_keep(maker, fdt_begin_node(maker->fdt, "config"));
	for (uint32_t i = 0; i < maker->recording->functions->nr;)
		i = maker_put_segment(maker, i);
	maker_end(maker);
	maker_end(maker);
	maker_keep(maker, fdt_finish(maker->fdt));
}

/* @index and the bridges above it. */
static void count(struct maker *maker, uint32_t index)
{
	maker->refcounts[index] = 1;
	maker->recording->devices++;
	for (uint16_t above = maker_found(maker, index)->parent; above != PG_NONE;
	     above = maker_found(maker, above)->parent) {
		maker->recording->bridges += !maker->refcounts[above];
		maker->refcounts[above]++;
	}
}

static const char *choose(struct maker *maker)
{
	struct recording *recording = maker->recording;

	for (uint32_t i = 0; i < recording->nr_addresses; i++) {
		const uint32_t index = functions_at(recording->functions, recording->addresses[i]);

		recording->at_fault = recording->addresses[i];
		if (index == PG_NONE)
			return "nothing answers at";
		if (found_is_bridge(maker_found(maker, index)))
			return "a bridge, which is recorded with the devices below it:";
		if (maker->refcounts[index])
			return "given twice:";
		count(maker, index);
	}
	for (uint32_t i = 0; !recording->nr_addresses && i < recording->functions->nr; i++) {
		if (!found_is_bridge(maker_found(maker, i)))
			count(maker, i);
	}
	maker->recorded = recording->devices + recording->bridges;
	return recording->devices ? NULL : "no device answers";
}

/*
 * What pcigate's own tree takes at most: its heads and names, each node with its properties, and
 * the paths.
 */
static uint32_t own_size(const struct maker *maker)
{
	uint32_t size = 1024 + maker->recording->nr_roots * 96;

	for (uint32_t i = 0; i < maker->recording->functions->nr; i++) {
		size += 192;
		for (uint16_t above = maker_found(maker, i)->parent; above != PG_NONE;
		     above = maker_found(maker, above)->parent)
			size += 4;
	}
	return size;
}

static void *make(struct maker *maker, size_t *size, const char **error)
{
	const uint32_t nr = maker->recording->functions->nr;
	const size_t room = TREE_FIXED + (size_t)nr * (MAKER_SPACE + TREE_PER_FUNCTION);

	*error = choose(maker);
	if (*error)
		return NULL;
	maker->own_pages = own_size(maker) / PG_PAGE_SIZE + 1;
	maker->space = malloc(MAKER_SPACE);
	maker->fdt = malloc(room);
	*error = "not enough memory";
	if (!maker->fdt || !maker->space)
		return NULL;
	maker_keep(maker, fdt_create(maker->fdt, (int)room));
	put_root(maker);
	*error = "too much for one device tree";
	if (maker->error)
		return NULL;
	*size = fdt_totalsize(maker->fdt);
	return maker->fdt;
}

void *recording_make(struct recording *recording, size_t *size, const char **error)
{
	struct maker maker = { .recording = recording, .reader = { .config = recording->config } };
	void *fdt = NULL;

	recording->devices = recording->bridges = 0;
	recording->at_fault = pg_bdf(0, 0, 0);
	if (recording->functions->full) {
		*error = "more functions than can be recorded";
		return NULL;
	}
	maker.refcounts = calloc(recording->functions->nr + 1, sizeof(*maker.refcounts));
	if (!maker.refcounts)
		*error = "not enough memory";
	else
		fdt = make(&maker, size, error);
	if (!fdt)
		free(maker.fdt);
	free(maker.refcounts);
	free(maker.space);
	recording->reads = maker.reader.reads;
	return fdt;
}
