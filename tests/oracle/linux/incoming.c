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
#include <linux/mm.h>
#include <linux/slab.h>

/* The only reader and writer of blocks. It is built without KHO, so it frees nothing. */
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

static int add(u32 index, u32 domain, u16 bdf)
{
	struct kho_block_header_ser **block = &blocks[index / PER_BLOCK];
	struct pci_dev_ser *entry;

	if (!*block)
		*block = (void *)get_zeroed_page(GFP_KERNEL);
	if (!*block)
		return -ENOMEM;
	entry = (struct pci_dev_ser *)(*block + 1) + index % PER_BLOCK;
	*entry = (struct pci_dev_ser){ .domain = domain, .bdf = bdf, .refcount = 1 };
	(*block)->count = index % PER_BLOCK + 1;
	(*block)->next = 0;
	if (index && index % PER_BLOCK == 0)
		blocks[index / PER_BLOCK - 1]->next = virt_to_phys(*block);
	ser.nr_devices = index + 1;
	return 0;
}

int incoming_set(const struct machine *machine, u32 domain)
{
	int err = 0;
	u32 i;

	any = machine->has_incoming;
	retrieved = false;
	ser = (struct pci_ser){ .version = 2 };
	if (!any)
		return 0;
	if (!machine->nr_incoming)
		err = add(0, ELSEWHERE, 0);
	for (i = 0; i < machine->nr_incoming && !err; i++)
		err = add(i, domain, machine->incoming[i]);
	ser.devices = virt_to_phys(blocks[0]);
	return err;
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
