// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording.c - writes a capture, and pcigate's own record alone.
 *
 * The record in the capture has the form of Linux's record, with a page for each structure, at
 * invented addresses.
 */
#include "maker.h"

#include <stdio.h>
#include <stdlib.h>

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

/* Upper bounds of the size of a tree without config space: names of nodes and properties. */
#define TREE_FIXED 65536u
#define TREE_PER_FUNCTION 1024u

static uint64_t page(uint32_t number)
{
	return BASE + (uint64_t)number * PG_PAGE_SIZE;
}

static uint32_t nr_blocks(const struct maker *maker)
{
	return (maker->recorded + PER_BLOCK - 1) / PER_BLOCK;
}

static void put_entry(struct maker *maker, const char *name, uint64_t pa, uint64_t size)
{
	maker_keep(maker, fdt_begin_node(maker->fdt, name));
	maker_put64(maker, "preserved-data", pa);
	maker_put64(maker, "blob-size", size);
	maker_end(maker);
}

/*
 * Writes the chain from setup_data to the FLB "pci" (arch/x86/include/uapi/asm/setup_data.h,
 * include/linux/kho/abi/luo.h).
 */
static void put_chain(struct maker *maker)
{
	maker_begin(maker, "setup_data@%llx", 0);
	maker_put32(maker, "type", SETUP_KEXEC_KHO);
	maker_put32(maker, "len", 32);
	maker_end(maker);
	maker_begin(maker, "kho_data@%llx", 16);
	maker_put64(maker, "fdt_addr", page(PAGE_KHO));
	maker_put64(maker, "fdt_size", PG_PAGE_SIZE);
	maker_put64(maker, "scratch_addr", page(PAGE_SCRATCH));
	maker_put64(maker, "scratch_size", PG_PAGE_SIZE);
	maker_end(maker);

	maker_begin(maker, "fdt@%llx", PAGE_KHO * PG_PAGE_SIZE);
	maker_put_string(maker, "compatible", "kho-v4");
	maker_put64(maker, "preserved-memory-map", page(PAGE_MAP));
	put_entry(maker, "LUO", page(PAGE_LUO), 32);
	put_entry(maker, "pci-topology", page(PAGE_BLOCKS + nr_blocks(maker)),
		  (uint64_t)maker->own_pages * PG_PAGE_SIZE);
	maker_end(maker);

	maker_begin(maker, "luo_ser@%llx", PAGE_LUO * PG_PAGE_SIZE);
	maker_put_string(maker, "compatible", "luo-v5");
	maker_put64(maker, "flbs_pa", page(PAGE_FLB));
	maker_end(maker);

	maker_begin(maker, "luo_flb_header_ser@%llx", PAGE_FLB * PG_PAGE_SIZE);
	maker_put64(maker, "pgcnt", 1);
	maker_put64(maker, "count", 1);
	maker_end(maker);
	maker_begin(maker, "luo_flb_ser@%llx", PAGE_FLB * PG_PAGE_SIZE + 16);
	maker_put_string(maker, "flb_name", "pci");
	maker_put64(maker, "data", page(PAGE_PCI));
	maker_put64(maker, "count", maker->recording->devices);
	maker_end(maker);
}

/* Writes struct pci_ser and its blocks. */
static void put_entries(struct maker *maker)
{
	const struct functions *functions = maker->recording->functions;
	uint32_t done = 0;

	maker_begin(maker, "pci_ser@%llx", PAGE_PCI * PG_PAGE_SIZE);
	maker_put32(maker, "version", 2);
	maker_put32(maker, "nr_devices", maker->recorded);
	maker_put64(maker, "devices", page(PAGE_BLOCKS));
	maker_end(maker);
	for (uint32_t i = 0; i < functions->nr; i++) {
		const uint32_t block = done / PER_BLOCK, slot = done % PER_BLOCK;
		const uint64_t at = (uint64_t)(PAGE_BLOCKS + block) * PG_PAGE_SIZE;
		const uint32_t left = maker->recorded - done;

		if (!maker->refcounts[i])
			continue;
		if (!slot) {
			maker_begin(maker, "kho_block_header_ser@%llx", at);
			maker_put64(maker, "next",
				    left > PER_BLOCK ? page(PAGE_BLOCKS + block + 1) : 0);
			maker_put64(maker, "count", left > PER_BLOCK ? PER_BLOCK : left);
			maker_end(maker);
		}
		maker_begin(maker, "pci_dev_ser@%llx", at + BLOCK_HEADER + 8 * slot);
		maker_put32(maker, "domain", functions->list[i].at.segment);
		maker_put32(maker, "bdf", maker_bdf(functions->list[i].at));
		maker_put32(maker, "refcount", maker->refcounts[i]);
		maker_end(maker);
		done++;
	}
}

static void put_memory(struct maker *maker)
{
	const uint64_t size =
		(uint64_t)(PAGE_BLOCKS + nr_blocks(maker) + maker->own_pages) * PG_PAGE_SIZE;
	fdt64_t reg[2];

	fdt64_st(&reg[0], BASE);
	fdt64_st(&reg[1], size);
	maker_begin(maker, "memory@%llx", BASE);
	maker_put(maker, "reg", reg, sizeof(reg));
	put_chain(maker);
	put_entries(maker);
	maker_begin(maker, "tree@%llx", (uint64_t)(PAGE_BLOCKS + nr_blocks(maker)) * PG_PAGE_SIZE);
	maker_put_own(maker);
	maker_end(maker);
	maker_end(maker);
}

static void put_function(struct maker *maker, const struct found *found)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%x.%x", found_is_bridge(found) ? "bridge" : "function",
		 found->at.devfn >> 3, found->at.devfn & 7);
	maker_keep(maker, fdt_begin_node(maker->fdt, name));
	maker_put_space(maker, found);
	maker_end(maker);
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

	maker_begin(maker, "segment@%llx", segment);
	maker_put_cells(maker, "buses", window, 2);
	while (i < functions->nr && functions->list[i].at.segment == segment) {
		const uint8_t bus = functions->list[i].at.bus;

		maker_begin(maker, "bus@%llx", bus);
		for (; i < functions->nr && functions->list[i].at.segment == segment &&
		       functions->list[i].at.bus == bus;
		     i++)
			put_function(maker, maker_found(maker, i));
		maker_end(maker);
	}
	maker_end(maker);
	return i;
}

static void put_capture(struct maker *maker)
{
	maker_put_string(maker, "compatible", "pcigate-capture-v1");
	maker_put_string(maker, "description", maker->recording->description);
	maker_put_string(maker, "cmdline", maker->recording->cmdline);
	maker_put64(maker, "setup-data", page(PAGE_SETUP));
	put_memory(maker);
	maker_keep(maker, fdt_begin_node(maker->fdt, "config"));
	for (uint32_t i = 0; i < maker->recording->functions->nr;)
		i = put_segment(maker, i);
	maker_end(maker);
}

/* Counts the device @index, and the bridges above it. */
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

/* Chooses the devices to record. Returns NULL, or a text with the error. */
static const char *prepare(struct maker *maker)
{
	struct recording *recording = maker->recording;

	recording->devices = recording->bridges = 0;
	recording->at_fault = pg_bdf(0, 0, 0);
	maker->refcounts = calloc(recording->functions->nr + 1, sizeof(*maker->refcounts));
	return maker->refcounts ? choose(maker) : "not enough memory";
}

/*
 * Makes a tree of at most @capacity bytes with the properties and nodes that @put writes. calloc()
 * zeroes the padding of values, which libfdt does not write.
 */
static void *make(struct maker *maker, size_t capacity, void (*put)(struct maker *maker),
		  size_t *size, const char **error)
{
	maker->fdt = calloc(1, capacity);
	*error = "not enough memory";
	if (!maker->fdt)
		return NULL;
	maker_keep(maker, fdt_create(maker->fdt, (int)capacity));
	maker_keep(maker, fdt_finish_reservemap(maker->fdt));
	maker_keep(maker, fdt_begin_node(maker->fdt, ""));
	put(maker);
	maker_end(maker);
	maker_keep(maker, fdt_finish(maker->fdt));
	*error = "too much for one device tree";
	if (maker->error) {
		free(maker->fdt);
		return NULL;
	}
	*error = NULL;
	*size = fdt_totalsize(maker->fdt);
	return maker->fdt;
}

static void finish(struct maker *maker)
{
	maker->recording->reads = maker->reader.reads;
	free(maker->refcounts);
	free(maker->space);
}

void *recording_make(struct recording *recording, size_t *size, const char **error)
{
	struct maker maker = { .recording = recording, .reader = { .config = recording->config } };
	const uint32_t nr = recording->functions->nr;
	void *fdt = NULL;

	*error = prepare(&maker);
	if (!*error) {
		maker.own_pages = maker_own_size(&maker) / PG_PAGE_SIZE + 1;
		maker.space = malloc(RECORDING_SPACE);
		*error = maker.space ? NULL : "not enough memory";
	}
	if (!*error)
		fdt = make(&maker, TREE_FIXED + (size_t)nr * (RECORDING_SPACE + TREE_PER_FUNCTION),
			   put_capture, size, error);
	finish(&maker);
	return fdt;
}

static void put_own(struct maker *maker)
{
	maker_put32(maker, "crc32c", 0);
	maker_put_own(maker);
}

void *recording_make_own(struct recording *recording, size_t *size, const char **error)
{
	struct maker maker = { .recording = recording };
	uint8_t *fdt = NULL;

	*error = prepare(&maker);
	if (!*error)
		fdt = make(&maker, maker_own_size(&maker), put_own, size, error);
	if (fdt) {
		const fdt32_t *crc = fdt_getprop(fdt, 0, "crc32c", NULL);
		const uint32_t at = (uint32_t)((const uint8_t *)crc - fdt);

		fdt32_st(fdt + at, pg_gate_crc(fdt, *size, at));
	}
	finish(&maker);
	return fdt;
}
