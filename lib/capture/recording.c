// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording.c - writes a capture with libfdt.
 *
 * The memory in it is laid out as KHO does, a page for each thing; the addresses are made up, as
 * nothing of it is in memory.
 */
#include "recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../topology/reader.h"
#include <libfdt.h>

enum {
	PAGE_SETUP,
	PAGE_KHO,
	PAGE_LUO,
	PAGE_FLB,
	PAGE_PCI,
	PAGE_MAP,
	PAGE_SCRATCH,
	PAGE_BLOCKS,
};

#define BASE 0x100000ull
#define BLOCK_HEADER 16u
#define PER_BLOCK ((PG_PAGE_SIZE - BLOCK_HEADER) / 8)
#define SETUP_KEXEC_KHO 10u

/*
 * What a tree takes besides config space itself: heads and names of nodes and properties, rounded
 * up.
 */
#define TREE_FIXED 65536u
#define TREE_PER_FUNCTION 1024u
#define SPACE 4096u
#define SPACE_ORDINARY 256u

struct maker {
	struct recording *recording;
	void *fdt;
	int error;
	uint16_t
		*refcounts; /* as in pci_dev_ser: devices at or below, 0 for what is not recorded */
	uint32_t recorded;
	uint32_t own_pages;
	uint8_t *space; /* one function's config space */
	struct pg_reader reader;
};

static const struct found *found_at(const struct maker *maker, uint32_t index)
{
	return &maker->recording->functions->list[index];
}

static uint64_t page(uint32_t number)
{
	return BASE + (uint64_t)number * PG_PAGE_SIZE;
}

static uint32_t nr_blocks(const struct maker *maker)
{
	return (maker->recorded + PER_BLOCK - 1) / PER_BLOCK;
}

static uint32_t bdf_cell(struct pg_bdf at)
{
	return (uint32_t)at.bus << 8 | at.devfn;
}

/* Keeps libfdt's first error until the end. The tree is not made again with more memory. */
static void keep(struct maker *maker, int error)
{
	if (error && !maker->error)
		maker->error = error;
}

static void begin(struct maker *maker, const char *format, uint64_t unit)
{
	char name[40];

	snprintf(name, sizeof(name), format, (unsigned long long)unit);
	keep(maker, fdt_begin_node(maker->fdt, name));
}

static void end(struct maker *maker)
{
	keep(maker, fdt_end_node(maker->fdt));
}

static void put(struct maker *maker, const char *name, const void *value, size_t len)
{
	keep(maker, fdt_property(maker->fdt, name, value, (int)len));
}

static void put_string(struct maker *maker, const char *name, const char *value)
{
	put(maker, name, value, strlen(value) + 1);
}

static void put32(struct maker *maker, const char *name, uint32_t value)
{
	keep(maker, fdt_property_u32(maker->fdt, name, value));
}

static void put64(struct maker *maker, const char *name, uint64_t value)
{
	keep(maker, fdt_property_u64(maker->fdt, name, value));
}

static void put_cells(struct maker *maker, const char *name, const uint32_t *cells, uint32_t nr)
{
	fdt32_t *value = NULL;

	keep(maker, fdt_property_placeholder(maker->fdt, name, (int)(nr * sizeof(*value)),
					     (void **)&value));
	for (uint32_t i = 0; !maker->error && i < nr; i++)
		fdt32_st(value + i, cells[i]);
}

static void put_reg(struct maker *maker, struct pg_bdf at)
{
	const uint32_t cells[] = { at.segment, bdf_cell(at) };

	put_cells(maker, "reg", cells, 2);
}

/* "device@0,310" */
static void begin_at(struct maker *maker, const char *kind, uint32_t segment, uint32_t number)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%x,%x", kind, segment, number);
	keep(maker, fdt_begin_node(maker->fdt, name));
}

static void put_entry(struct maker *maker, const char *name, uint64_t pa, uint64_t size)
{
	keep(maker, fdt_begin_node(maker->fdt, name));
	put64(maker, "preserved-data", pa);
	put64(maker, "blob-size", size);
	end(maker);
}

/*
 * The chain from setup_data to the FLB "pci" (arch/x86/include/uapi/asm/setup_data.h,
 * include/linux/kho/abi/luo.h).
 */
static void put_chain(struct maker *maker)
{
	begin(maker, "setup_data@%llx", 0);
	put32(maker, "type", SETUP_KEXEC_KHO);
	put32(maker, "len", 32);
	end(maker);
	begin(maker, "kho_data@%llx", 16);
	put64(maker, "fdt_addr", page(PAGE_KHO));
	put64(maker, "fdt_size", PG_PAGE_SIZE);
	put64(maker, "scratch_addr", page(PAGE_SCRATCH));
	put64(maker, "scratch_size", PG_PAGE_SIZE);
	end(maker);

	begin(maker, "fdt@%llx", PAGE_KHO * PG_PAGE_SIZE);
	put_string(maker, "compatible", "kho-v4");
	put64(maker, "preserved-memory-map", page(PAGE_MAP));
	put_entry(maker, "LUO", page(PAGE_LUO), 32);
	put_entry(maker, "pcigate", page(PAGE_BLOCKS + nr_blocks(maker)),
		  (uint64_t)maker->own_pages * PG_PAGE_SIZE);
	end(maker);

	begin(maker, "luo_ser@%llx", PAGE_LUO * PG_PAGE_SIZE);
	put_string(maker, "compatible", "luo-v5");
	put64(maker, "flbs_pa", page(PAGE_FLB));
	end(maker);

	begin(maker, "luo_flb_header_ser@%llx", PAGE_FLB * PG_PAGE_SIZE);
	put64(maker, "pgcnt", 1);
	put64(maker, "count", 1);
	end(maker);
	begin(maker, "luo_flb_ser@%llx", PAGE_FLB * PG_PAGE_SIZE + 16);
	put_string(maker, "flb_name", "pci");
	put64(maker, "data", page(PAGE_PCI));
	put64(maker, "count", maker->recording->devices);
	end(maker);
}

/* struct pci_ser and its blocks. */
static void put_entries(struct maker *maker)
{
	const struct functions *functions = maker->recording->functions;
	uint32_t done = 0;

	begin(maker, "pci_ser@%llx", PAGE_PCI * PG_PAGE_SIZE);
	put32(maker, "version", 2);
	put32(maker, "nr_devices", maker->recorded);
	put64(maker, "devices", page(PAGE_BLOCKS));
	end(maker);
	for (uint32_t i = 0; i < functions->nr; i++) {
		const uint32_t block = done / PER_BLOCK, slot = done % PER_BLOCK;
		const uint64_t at = (uint64_t)(PAGE_BLOCKS + block) * PG_PAGE_SIZE;
		const uint32_t left = maker->recorded - done;

		if (!maker->refcounts[i])
			continue;
		if (!slot) {
			begin(maker, "kho_block_header_ser@%llx", at);
			put64(maker, "next", left > PER_BLOCK ? page(PAGE_BLOCKS + block + 1) : 0);
			put64(maker, "count", left > PER_BLOCK ? PER_BLOCK : left);
			end(maker);
		}
		begin(maker, "pci_dev_ser@%llx", at + BLOCK_HEADER + 8 * slot);
		put32(maker, "domain", functions->list[i].at.segment);
		put32(maker, "bdf", bdf_cell(functions->list[i].at));
		put32(maker, "refcount", maker->refcounts[i]);
		end(maker);
		done++;
	}
}

static void put_roots(struct maker *maker)
{
	keep(maker, fdt_begin_node(maker->fdt, "host-bridges"));
	for (uint32_t i = 0; i < maker->recording->nr_roots; i++) {
		const struct pg_record_root *root = &maker->recording->roots[i];
		const uint32_t range[] = { root->first, root->last };

		begin_at(maker, "bus", root->segment, root->first);
		put32(maker, "segment", root->segment);
		put_cells(maker, "bus-range", range, 2);
		end(maker);
	}
	end(maker);
}

static void put_id(struct maker *maker, const struct found *found)
{
	const uint32_t id[] = { found->identity.vendor_device & 0xffff,
				found->identity.vendor_device >> 16 };

	put_cells(maker, "id", id, 2);
}

static void put_bridges(struct maker *maker)
{
	keep(maker, fdt_begin_node(maker->fdt, "bridges"));
	for (uint32_t i = 0; i < maker->recording->functions->nr; i++) {
		const struct found *bridge = found_at(maker, i);
		const uint32_t numbers[] = { bridge->primary, bridge->secondary,
					     bridge->subordinate };

		if (!found_is_bridge(bridge))
			continue;
		begin_at(maker, "bridge", bridge->at.segment, bdf_cell(bridge->at));
		put_reg(maker, bridge->at);
		put_cells(maker, "bus-numbers", numbers, 3);
		put_id(maker, bridge);
		if (bridge->header == PG_HEADER_CARDBUS)
			put(maker, "cardbus", NULL, 0);
		if (bridge->ari)
			put(maker, "ari", NULL, 0);
		if (maker->refcounts[i])
			put32(maker, "preserved", maker->refcounts[i]);
		end(maker);
	}
	end(maker);
}

static void put_path(struct maker *maker, const struct found *device)
{
	uint32_t path[PG_PATH_MAX];
	uint32_t depth = PG_PATH_MAX;

	for (uint16_t above = device->parent; above != PG_NONE && depth;
	     above = found_at(maker, above)->parent)
		path[--depth] = bdf_cell(found_at(maker, above)->at);
	put_cells(maker, "path", path + depth, PG_PATH_MAX - depth);
}

static void put_devices(struct maker *maker)
{
	keep(maker, fdt_begin_node(maker->fdt, "devices"));
	for (uint32_t i = 0; i < maker->recording->functions->nr; i++) {
		const struct found *device = found_at(maker, i);
		const struct pg_identity *identity = &device->identity;
		const uint32_t subsystem[] = { identity->subsystem & 0xffff,
					       identity->subsystem >> 16 };
		const uint32_t serial[] = { (uint32_t)(identity->serial >> 32),
					    (uint32_t)identity->serial };

		if (found_is_bridge(device) || !maker->refcounts[i])
			continue;
		begin_at(maker, "device", device->at.segment, bdf_cell(device->at));
		put_reg(maker, device->at);
		put_id(maker, device);
		if (identity->subsystem)
			put_cells(maker, "subsystem", subsystem, 2);
		put32(maker, "class", identity->class_revision >> 8);
		put32(maker, "revision", identity->class_revision & 0xff);
		if (identity->has_serial)
			put_cells(maker, "serial", serial, 2);
		put_path(maker, device);
		end(maker);
	}
	end(maker);
}

/* pcigate's own record (docs/kho-fdt.md). */
static void put_own(struct maker *maker)
{
	begin(maker, "tree@%llx", (uint64_t)(PAGE_BLOCKS + nr_blocks(maker)) * PG_PAGE_SIZE);
	put_string(maker, "compatible", "pcigate-v1");
	put(maker, "complete", NULL, 0);
	put_roots(maker);
	put_bridges(maker);
	put_devices(maker);
	end(maker);
}

static void put_memory(struct maker *maker)
{
	const uint64_t size =
		(uint64_t)(PAGE_BLOCKS + nr_blocks(maker) + maker->own_pages) * PG_PAGE_SIZE;
	fdt64_t reg[2];

	fdt64_st(&reg[0], BASE);
	fdt64_st(&reg[1], size);
	begin(maker, "memory@%llx", BASE);
	put(maker, "reg", reg, sizeof(reg));
	put_chain(maker);
	put_entries(maker);
	put_own(maker);
	end(maker);
}

/*
 * Config space of one function, as far as it is not zero. Registers that cannot be read are listed.
 */
static void put_space(struct maker *maker, const struct found *found)
{
	uint32_t bad[64], nr_bad = 0, value, size = SPACE_ORDINARY;
	uint8_t *space = maker->space;
	bool extended;

	/* Without extended registers all ones come back, or the ordinary ones once more. */
	extended = !pg_read(&maker->reader, found->at, PG_REG_EXTENDED, &value) &&
		   value != found->identity.vendor_device;
	if (extended && value)
		size = SPACE;
	memset(space, 0, SPACE);
	for (uint32_t reg = 0; reg < size; reg += 4) {
		const enum pg_access access =
			pg_read(&maker->reader, found->at, (uint16_t)reg, &value);

		if (access == PG_ACCESS_UNREADABLE && nr_bad < PG_ARRAY_SIZE(bad))
			bad[nr_bad++] = reg;
		for (uint32_t byte = 0; byte < 4; byte++)
			space[reg + byte] = (uint8_t)(value >> 8 * byte);
	}
	while (size > 64 && !space[size - 1])
		size--;
	put(maker, "bytes", space, size);
	if (extended)
		put(maker, "extended", NULL, 0);
	if (nr_bad)
		put_cells(maker, "unreadable", bad, nr_bad);
}

static void put_function(struct maker *maker, const struct found *found)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%x.%x", found_is_bridge(found) ? "bridge" : "function",
		 found->at.devfn >> 3, found->at.devfn & 7);
	keep(maker, fdt_begin_node(maker->fdt, name));
	put_space(maker, found);
	end(maker);
}

/*
 * Writes the buses of one segment on which functions answer, from function @from on. Returns the
 * first function of the next segment.
 */
static uint32_t put_segment(struct maker *maker, uint32_t from)
{
	const struct functions *functions = maker->recording->functions;
	const uint32_t segment = functions->list[from].at.segment;
	const uint32_t window[] = { functions->list[from].at.bus, 255 };
	uint32_t i = from;

	begin(maker, "segment@%llx", segment);
	put_cells(maker, "buses", window, 2);
	while (i < functions->nr && functions->list[i].at.segment == segment) {
		const uint8_t bus = functions->list[i].at.bus;

		begin(maker, "bus@%llx", bus);
		for (; i < functions->nr && functions->list[i].at.segment == segment &&
		       functions->list[i].at.bus == bus;
		     i++)
			put_function(maker, found_at(maker, i));
		end(maker);
	}
	end(maker);
	return i;
}

static void put_root(struct maker *maker)
{
	keep(maker, fdt_finish_reservemap(maker->fdt));
	keep(maker, fdt_begin_node(maker->fdt, ""));
	put_string(maker, "compatible", "pcigate-capture-v1");
	put_string(maker, "description", maker->recording->description);
	/*
	 * Without it Linux ignores what is handed over, and so the command would call that a stop.
	 */
	put_string(maker, "cmdline", "kho=on liveupdate=on");
	put64(maker, "setup-data", page(PAGE_SETUP));
	put_memory(maker);
	keep(maker, fdt_begin_node(maker->fdt, "config"));
	for (uint32_t i = 0; i < maker->recording->functions->nr;)
		i = put_segment(maker, i);
	end(maker);
	end(maker);
	keep(maker, fdt_finish(maker->fdt));
}

/* @index and the bridges above it. */
static void count(struct maker *maker, uint32_t index)
{
	maker->refcounts[index] = 1;
	maker->recording->devices++;
	for (uint16_t above = found_at(maker, index)->parent; above != PG_NONE;
	     above = found_at(maker, above)->parent) {
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
		if (found_is_bridge(found_at(maker, index)))
			return "a bridge, which is recorded with the devices below it:";
		if (maker->refcounts[index])
			return "given twice:";
		count(maker, index);
	}
	for (uint32_t i = 0; !recording->nr_addresses && i < recording->functions->nr; i++) {
		if (!found_is_bridge(found_at(maker, i)))
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
		for (uint16_t above = found_at(maker, i)->parent; above != PG_NONE;
		     above = found_at(maker, above)->parent)
			size += 4;
	}
	return size;
}

static void *make(struct maker *maker, size_t *size, const char **error)
{
	const uint32_t nr = maker->recording->functions->nr;
	const size_t room = TREE_FIXED + (size_t)nr * (SPACE + TREE_PER_FUNCTION);

	*error = choose(maker);
	if (*error)
		return NULL;
	maker->own_pages = own_size(maker) / PG_PAGE_SIZE + 1;
	maker->space = malloc(SPACE);
	maker->fdt = malloc(room);
	*error = "not enough memory";
	if (!maker->fdt || !maker->space)
		return NULL;
	keep(maker, fdt_create(maker->fdt, (int)room));
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
