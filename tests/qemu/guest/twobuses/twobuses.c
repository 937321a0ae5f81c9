// SPDX-License-Identifier: GPL-2.0-only
/*
 * twobuses.c - a host bridge whose physical function has its virtual functions (VFs) on the next
 * bus, which no device of QEMU has.
 *
 * The functions exist in memory only, in segment 1f: a physical function at 00:00.0, without a
 * bridge above it, and up to 8 VFs from 01:00.0 on. The parameters control and number are the
 * initial values of the registers SR-IOV Control and NumVFs: in the next kernel, what the previous
 * one left there. The parameter writes counts the writes to SR-IOV registers.
 */
#include <linux/module.h>
#include <linux/numa.h>
#include <linux/pci.h>

#define SEGMENT 0x1f
#define EXPRESS 0x40
#define SRIOV 0x100
#define SRIOV_SIZE 0x40
#define VFS 8
#define CLASS_NVME 0x01080200

static ushort control, number;
module_param(control, ushort, 0444);
module_param(number, ushort, 0444);
static uint writes;
module_param(writes, uint, 0444);

static u8 pf[PCI_CFG_SPACE_EXP_SIZE], vf[PCI_CFG_SPACE_EXP_SIZE];
static struct pci_sysdata sysdata = { .domain = SEGMENT, .node = NUMA_NO_NODE };
static struct resource buses = {
	.name = "twobuses", .start = 0, .end = 1, .flags = IORESOURCE_BUS
};
static struct pci_bus *root;

/* The registers that can be written. */
static const struct {
	u16 at;
	u16 size;
} writable[] = {
	{ PCI_COMMAND, 2 },
	{ SRIOV + PCI_SRIOV_CTRL, 2 },
	{ SRIOV + PCI_SRIOV_NUM_VF, 2 },
	{ SRIOV + PCI_SRIOV_SYS_PGSIZE, 4 },
};

static u8 *space_of(struct pci_bus *bus, unsigned int devfn)
{
	if (bus->number == 0 && devfn == 0)
		return pf;
	if (bus->number == 1 && pf[SRIOV + PCI_SRIOV_CTRL] & PCI_SRIOV_CTRL_VFE &&
	    devfn < pf[SRIOV + PCI_SRIOV_NUM_VF])
		return vf;
	return NULL;
}

static int twobuses_read(struct pci_bus *bus, unsigned int devfn, int at, int size, u32 *value)
{
	const u8 *space = space_of(bus, devfn);

	*value = ~0u;
	if (space)
		memcpy(value, space + at, size);
	*value &= ~0u >> (32 - 8 * size);

	return space ? PCIBIOS_SUCCESSFUL : PCIBIOS_DEVICE_NOT_FOUND;
}

static int twobuses_write(struct pci_bus *bus, unsigned int devfn, int at, int size, u32 value)
{
	u8 *space = space_of(bus, devfn);

	if (!space)
		return PCIBIOS_DEVICE_NOT_FOUND;
	writes += space == pf && at >= SRIOV && at < SRIOV + SRIOV_SIZE;
	for (int i = 0; i < ARRAY_SIZE(writable); i++) {
		if (writable[i].at == at && writable[i].size == size)
			memcpy(space + at, &value, size);
	}

	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops twobuses_ops = {
	.read = twobuses_read,
	.write = twobuses_write,
};

static void put(u8 *space, unsigned int at, u32 value, size_t size)
{
	memcpy(space + at, &value, size);
}

static void make_common(u8 *space)
{
	put(space, PCI_CLASS_REVISION, CLASS_NVME, 4);
	put(space, PCI_STATUS, PCI_STATUS_CAP_LIST, 2);
	put(space, PCI_CAPABILITY_LIST, EXPRESS, 1);
	put(space, EXPRESS, PCI_CAP_ID_EXP, 1);
}

static void make_functions(void)
{
	make_common(pf);
	put(pf, PCI_VENDOR_ID, 0x00101b36, 4);
	put(pf, EXPRESS + PCI_EXP_FLAGS, PCI_EXP_TYPE_RC_END << 4 | 2, 2);
	put(pf, SRIOV, PCI_EXT_CAP_ID_SRIOV | 1 << 16, 4);
	put(pf, SRIOV + PCI_SRIOV_CTRL, control, 2);
	put(pf, SRIOV + PCI_SRIOV_INITIAL_VF, VFS, 2);
	put(pf, SRIOV + PCI_SRIOV_TOTAL_VF, VFS, 2);
	put(pf, SRIOV + PCI_SRIOV_NUM_VF, number, 2);
	put(pf, SRIOV + PCI_SRIOV_VF_OFFSET, 0x100, 2);
	put(pf, SRIOV + PCI_SRIOV_VF_STRIDE, 1, 2);
	put(pf, SRIOV + PCI_SRIOV_VF_DID, 0x0010, 2);
	put(pf, SRIOV + PCI_SRIOV_SUP_PGSIZE, 1, 4);
	put(pf, SRIOV + PCI_SRIOV_SYS_PGSIZE, 1, 4);
	make_common(vf);
	put(vf, PCI_VENDOR_ID, ~0u, 4);
	put(vf, EXPRESS + PCI_EXP_FLAGS, PCI_EXP_TYPE_RC_END << 4 | 2, 2);
}

static int __init twobuses_init(void)
{
	LIST_HEAD(windows);

	make_functions();
	pci_add_resource(&windows, &buses);
	pci_lock_rescan_remove();
	root = pci_scan_root_bus(NULL, 0, &twobuses_ops, &sysdata, &windows);
	if (root)
		pci_bus_add_devices(root);
	pci_unlock_rescan_remove();
	if (!root)
		pci_free_resource_list(&windows);

	return root ? 0 : -ENODEV;
}
module_init(twobuses_init);

MODULE_DESCRIPTION("A physical function with virtual functions on another bus");
MODULE_LICENSE("GPL");
