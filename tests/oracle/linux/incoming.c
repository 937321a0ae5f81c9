// SPDX-License-Identifier: GPL-2.0-only
/*
 * incoming.c - hands the preserved devices of a topology to drivers/pci/liveupdate.c, in the form
 * in which the previous kernel hands them over.
 */
#include "incoming.h"
#include "scan.h"

#include <linux/io.h>
#include <linux/kho/abi/block.h>
#include <linux/kho/abi/pci.h>
#include <linux/kho/abi/pci_record.h>
#include <linux/libfdt.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* The only reader and writer of blocks. It is built without KHO, so it frees nothing. */
#include "../../../drivers/pci/pci.h"
#include "../../../kernel/liveupdate/kho_block.c"

#define PER_BLOCK                                                                                  \
	((KHO_BLOCK_SIZE - sizeof(struct kho_block_header_ser)) / sizeof(struct pci_dev_ser))
/* A segment without devices, if something is preserved, but not in the topology. */
#define ELSEWHERE 0xffff

static struct pci_ser ser;
/* Space for MACHINE_MAX_FUNCTIONS addresses. */
static struct kho_block_header_ser *blocks[MACHINE_MAX_FUNCTIONS / PER_BLOCK + 1];
static struct liveupdate_flb_op_args args;
static bool any, retrieved;
/* pcigate's own record, if virtual functions are preserved. */
static char own[16384] __aligned(8);
static size_t own_size;

static int add(u32 index, u32 domain, u16 bdf, u16 references)
{
	struct kho_block_header_ser **block = &blocks[index / PER_BLOCK];
	struct pci_dev_ser *entry;

	if (!*block)
		*block = (void *)get_zeroed_page(GFP_KERNEL);
	if (!*block)
		return -ENOMEM;
	entry = (struct pci_dev_ser *)(*block + 1) + index % PER_BLOCK;
	*entry = (struct pci_dev_ser){ .domain = domain, .bdf = bdf, .refcount = references };
	(*block)->count = index % PER_BLOCK + 1;
	(*block)->next = 0;
	if (index && index % PER_BLOCK == 0)
		blocks[index / PER_BLOCK - 1]->next = virt_to_phys(*block);
	ser.nr_devices = index + 1;
	return 0;
}

static int put(const char *name, const u32 *cells, u32 nr)
{
	fdt32_t big[8];
	u32 i;

	for (i = 0; i < nr; i++)
		big[i] = cpu_to_fdt32(cells[i]);
	return fdt_property(own, name, big, nr * sizeof(big[0]));
}

/* One node of /physical-functions. */
static int put_pf(const struct machine_pf *pf, u32 domain)
{
	const u32 reg[] = { domain, pf->bdf };
	u32 kept[MACHINE_MAX_KEPT], none[PCI_SRIOV_NUM_BARS] = {}, i;
	char name[32];

	for (i = 0; i < pf->nr_kept; i++)
		kept[i] = pf->kept[i];
	snprintf(name, sizeof(name), "function@%x,%x", domain, pf->bdf);
	return fdt_begin_node(own, name) ?: put("reg", reg, 2)
		?: put("control", &pf->regs[MACHINE_SRIOV_CONTROL], 1)
		?: put("initial-vfs", &pf->regs[MACHINE_SRIOV_INITIAL], 1)
		?: put("total-vfs", &pf->regs[MACHINE_SRIOV_TOTAL], 1)
		?: put("num-vfs", &pf->regs[MACHINE_SRIOV_NUMBER], 1)
		?: put("offset-stride", &pf->regs[MACHINE_SRIOV_OFFSET], 2)
		?: put("vf-device-id", &pf->regs[MACHINE_SRIOV_DEVICE], 1)
		?: put("page-size", &pf->regs[MACHINE_SRIOV_PAGE_SIZE], 1)
		?: put("vf-bars", none, PCI_SRIOV_NUM_BARS)
		?: put("vf-bar-sizes", none, PCI_SRIOV_NUM_BARS)
		?: put("reserved-bus", &pf->reserved, 1)
		?: put("preserved", kept, pf->nr_kept) ?: fdt_end_node(own);
}

/* What the layer sriov reads of pcigate's own record. */
static int write_own(const struct machine *machine, u32 domain)
{
	int err;
	u32 i;

	if (!machine->nr_pfs)
		return 0;
	err = fdt_create(own, sizeof(own)) ?: fdt_finish_reservemap(own)
		?: fdt_begin_node(own, "")
		?: fdt_property_string(own, "compatible", PCI_RECORD_COMPATIBLE)
		?: fdt_begin_node(own, "physical-functions")
		?: fdt_property_string(own, "compatible", PCI_RECORD_SRIOV_COMPATIBLE);
	for (i = 0; i < machine->nr_pfs && !err; i++)
		err = put_pf(&machine->pfs[i], domain);
	err = err ?: fdt_end_node(own) ?: fdt_end_node(own) ?: fdt_finish(own);
	own_size = err ? 0 : fdt_totalsize(own);
	return err;
}

int incoming_set(const struct machine *machine, u32 domain)
{
	int err = 0;
	u32 i;

	any = machine->has_incoming;
	retrieved = false;
	own_size = 0;
	ser = (struct pci_ser){ .version = 2 };
	if (!any)
		return 0;
	if (!machine->nr_incoming)
		err = add(0, ELSEWHERE, 0, 1);
	for (i = 0; i < machine->nr_incoming && !err; i++)
		err = add(i, domain, machine->incoming[i], machine->references[i]);
	ser.devices = virt_to_phys(blocks[0]);
	return err ?: write_own(machine, domain);
}

int oracle_retrieve_subtree(const char *name, phys_addr_t *phys, size_t *size)
{
	if (!own_size || strcmp(name, PCI_RECORD_KHO_NAME))
		return -ENOENT;
	*phys = virt_to_phys(own);
	*size = own_size;
	return 0;
}

void oracle_adopt(struct pci_dev *dev)
{
	pci_iov_adopt(dev);
}

int oracle_flb_get_incoming(struct liveupdate_flb *flb, void **objp)
{
	int err;

	if (!any)
		return -ENODATA;
	if (!retrieved) {
		args = (struct liveupdate_flb_op_args){
			.flb = flb,
			.data = virt_to_phys(&ser),
		};
		err = flb->ops->retrieve(&args);
		if (err)
			panic("the record of preserved devices is refused: %d", err);
		retrieved = true;
	}
	*objp = args.obj;
	return 0;
}
