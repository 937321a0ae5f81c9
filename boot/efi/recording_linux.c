// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * recording_linux.c - the record of the devices in the form in which Linux leaves it in memory.
 */
#include "maker.h"

#include <libfdt.h>

#define SETUP_KEXEC_KHO 10u
#define BLOCK_HEADER 16u
#define PER_BLOCK ((PG_PAGE_SIZE - BLOCK_HEADER) / 8)

uint32_t maker_nr_blocks(const struct maker *maker)
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

void maker_put_chain(struct maker *maker)
{
	maker_begin(maker, "setup_data@%llx", 0);
	maker_put32(maker, "type", SETUP_KEXEC_KHO);
	maker_put32(maker, "len", 32);
	maker_end(maker);
	maker_begin(maker, "kho_data@%llx", 16);
	maker_put64(maker, "fdt_addr", maker_page(PAGE_KHO));
	maker_put64(maker, "fdt_size", PG_PAGE_SIZE);
	maker_put64(maker, "scratch_addr", maker_page(PAGE_SCRATCH));
	maker_put64(maker, "scratch_size", PG_PAGE_SIZE);
	maker_end(maker);

	maker_begin(maker, "fdt@%llx", PAGE_KHO * PG_PAGE_SIZE);
	maker_put_string(maker, "compatible", "kho-v4");
	maker_put64(maker, "preserved-memory-map", maker_page(PAGE_MAP));
	put_entry(maker, "LUO", maker_page(PAGE_LUO), 32);
	put_entry(maker, "pcigate", maker_page(PAGE_BLOCKS + maker_nr_blocks(maker)),
		  (uint64_t)maker->own_pages * PG_PAGE_SIZE);
	maker_end(maker);

	maker_begin(maker, "luo_ser@%llx", PAGE_LUO * PG_PAGE_SIZE);
	maker_put_string(maker, "compatible", "luo-v5");
	maker_put64(maker, "flbs_pa", maker_page(PAGE_FLB));
	maker_end(maker);

	maker_begin(maker, "luo_flb_header_ser@%llx", PAGE_FLB * PG_PAGE_SIZE);
	maker_put64(maker, "pgcnt", 1);
	maker_put64(maker, "count", 1);
	maker_end(maker);
	maker_begin(maker, "luo_flb_ser@%llx", PAGE_FLB * PG_PAGE_SIZE + 16);
	maker_put_string(maker, "flb_name", "pci");
	maker_put64(maker, "data", maker_page(PAGE_PCI));
	maker_put64(maker, "count", maker->recording->devices);
	maker_end(maker);
}

void maker_put_entries(struct maker *maker)
{
	const struct functions *functions = maker->recording->functions;
	uint32_t done = 0;

	maker_begin(maker, "pci_ser@%llx", PAGE_PCI * PG_PAGE_SIZE);
	maker_put32(maker, "version", 2);
	maker_put32(maker, "nr_devices", maker->recorded);
	maker_put64(maker, "devices", maker_page(PAGE_BLOCKS));
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
				    left > PER_BLOCK ? maker_page(PAGE_BLOCKS + block + 1) : 0);
			maker_put64(maker, "count", left > PER_BLOCK ? PER_BLOCK : left);
			maker_end(maker);
		}
		maker_begin(maker, "pci_dev_ser@%llx", at + BLOCK_HEADER + 8 * slot);
		maker_put32(maker, "domain", functions->list[i].at.segment);
		maker_put32(maker, "bdf", bdf_cell(functions->list[i].at));
		maker_put32(maker, "refcount", maker->refcounts[i]);
		maker_end(maker);
		done++;
	}
}
