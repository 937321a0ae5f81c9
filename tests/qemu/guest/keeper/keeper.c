// SPDX-License-Identifier: GPL-2.0-only
/*
 * keeper.c - a second user of the PCI core's tracking of preserved devices. It uses the later names
 * of these calls.
 *
 * To make a file of /dev/keeper hold a reference to a PCI device, write the device's address, as
 * lspci prints it, to the file. Such a file can be preserved in a session of /dev/liveupdate. The
 * device needs no driver, so nothing keeps it from being removed. In the next kernel the file is
 * retrieved, and reading it gives the address.
 *
 * Parameter driver=1: also register a PCI driver for QEMU's edu device that knows nothing of live
 * updates. A write to /sys/module/keeper/parameters/untie unregisters the module from the record,
 * also while files are preserved. If the address of a root port is written to the parameter quirk,
 * the port gets the ID of one that needs a quirk for its isolation, and its state is restored as
 * after a reset.
 *
 * Parameter by_pf=1: preserve virtual functions as a driver does whose tracking of preserved
 * devices refuses these, as upstream's does.
 */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/liveupdate.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pci_liveupdate_vf.h>
#include <linux/uaccess.h>

/* QEMU's docs/specs/edu.rst. */
#define EDU_VENDOR 0x1234
#define EDU_DEVICE 0x11e8
/* pci_quirk_intel_spt_pch_acs_match() in Linux's drivers/pci/quirks.c. */
#define SUNRISE_POINT_PORT 0xa110

static bool driver;
module_param(driver, bool, 0444);

/* Virtual functions are preserved by preserving their physical function. */
static bool by_pf;
module_param(by_pf, bool, 0444);

static struct liveupdate_file_handler keeper_fh;

static int keeper_release(struct inode *inode, struct file *file)
{
	pci_dev_put(file->private_data);

	return 0;
}

static ssize_t keeper_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct pci_dev *dev = file->private_data;
	char name[32];
	int len;

	if (!dev)
		return 0;
	len = scnprintf(name, sizeof(name), "%s\n", pci_name(dev));

	return simple_read_from_buffer(buf, count, pos, name, len);
}

static struct pci_dev *keeper_named(const char *name)
{
	unsigned int domain, bus, slot, func;

	if (sscanf(name, "%x:%x:%x.%x", &domain, &bus, &slot, &func) != 4)
		return NULL;

	return pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, func));
}

static ssize_t keeper_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct pci_dev *dev;
	char name[32] = {};

	if (file->private_data)
		return -EBUSY;
	if (count >= sizeof(name) || copy_from_user(name, buf, count))
		return -EFAULT;
	dev = keeper_named(name);
	if (!dev)
		return -ENODEV;
	file->private_data = dev;

	return count;
}

/* misc_open() has set private_data to its own pointer. */
static int keeper_open(struct inode *inode, struct file *file)
{
	file->private_data = NULL;

	return 0;
}

static const struct file_operations keeper_fops = {
	.owner = THIS_MODULE,
	.open = keeper_open,
	.release = keeper_release,
	.read = keeper_read,
	.write = keeper_write,
};

static bool keeper_can_preserve(struct liveupdate_file_handler *fh, struct file *file)
{
	return file->f_op == &keeper_fops && file->private_data;
}

static int keeper_preserve(struct liveupdate_file_op_args *args)
{
	struct pci_dev *dev = args->file->private_data;
	int err;

	err = by_pf && dev->is_virtfn ? pci_liveupdate_preserve_vf(dev)
				      : pci_liveupdate_preserve(dev);
	if (err)
		return err;
	args->serialized_data = (u64)pci_domain_nr(dev->bus) << 32 | pci_dev_id(dev);

	return 0;
}

static void keeper_unpreserve(struct liveupdate_file_op_args *args)
{
	struct pci_dev *dev = args->file->private_data;

	if (by_pf && dev->is_virtfn)
		pci_liveupdate_unpreserve_vf(dev);
	else
		pci_liveupdate_unpreserve(dev);
}

static struct pci_dev *keeper_find(u64 data)
{
	return pci_get_domain_bus_and_slot(data >> 32, PCI_BUS_NUM(data), data & 0xff);
}

static int keeper_retrieve(struct liveupdate_file_op_args *args)
{
	struct pci_dev *dev = keeper_find(args->serialized_data);
	struct file *file;

	if (!dev)
		return -ENODEV;
	if (!pci_liveupdate_is_incoming(dev)) {
		pci_dev_put(dev);
		return -ENOENT;
	}
	file = anon_inode_getfile("[keeper]", &keeper_fops, dev, O_RDWR);
	if (IS_ERR(file)) {
		pci_dev_put(dev);
		return PTR_ERR(file);
	}
	args->file = file;

	return 0;
}

static void keeper_finish(struct liveupdate_file_op_args *args)
{
	struct pci_dev *dev = keeper_find(args->serialized_data);

	if (dev && pci_liveupdate_is_incoming(dev)) {
		if (by_pf && dev->is_virtfn)
			pci_liveupdate_finish_vf(dev);
		else
			pci_liveupdate_finish(dev);
	}
	pci_dev_put(dev);
}

static const struct liveupdate_file_ops keeper_ops = {
	.can_preserve = keeper_can_preserve,
	.preserve = keeper_preserve,
	.unpreserve = keeper_unpreserve,
	.retrieve = keeper_retrieve,
	.finish = keeper_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler keeper_fh = {
	.ops = &keeper_ops,
	.compatible = "pcigate-keeper-v1",
};

static int keeper_untie(const char *value, const struct kernel_param *param)
{
	pci_liveupdate_unregister_flb(&keeper_fh);

	return 0;
}

static const struct kernel_param_ops keeper_untie_ops = {
	.set = keeper_untie,
};
module_param_cb(untie, &keeper_untie_ops, NULL, 0200);

static int keeper_quirk(const char *value, const struct kernel_param *param)
{
	struct pci_dev *dev = keeper_named(value);

	if (!dev)
		return -ENODEV;
	dev->vendor = PCI_VENDOR_ID_INTEL;
	dev->device = SUNRISE_POINT_PORT;
	pci_save_state(dev);
	pci_restore_state(dev);
	pci_dev_put(dev);

	return 0;
}

static const struct kernel_param_ops keeper_quirk_ops = {
	.set = keeper_quirk,
};
module_param_cb(quirk, &keeper_quirk_ops, NULL, 0200);

static struct miscdevice keeper_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "keeper",
	.fops = &keeper_fops,
};

static int keeper_probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	pci_info(dev, "keeper: taken by an ordinary driver\n");

	return 0;
}

static const struct pci_device_id keeper_ids[] = { { PCI_DEVICE(EDU_VENDOR, EDU_DEVICE) }, {} };

static struct pci_driver keeper_driver = {
	.name = "keeper",
	.id_table = keeper_ids,
	.probe = keeper_probe,
};

static int __init keeper_init(void)
{
	int err;

	err = liveupdate_register_file_handler(&keeper_fh);
	if (err)
		return err;
	err = pci_liveupdate_register_flb(&keeper_fh);
	if (err)
		goto unregister_handler;
	err = misc_register(&keeper_misc);
	if (err)
		goto unregister_flb;
	err = driver ? pci_register_driver(&keeper_driver) : 0;
	if (err)
		goto unregister_misc;

	return 0;

unregister_misc:
	misc_deregister(&keeper_misc);
unregister_flb:
	pci_liveupdate_unregister_flb(&keeper_fh);
unregister_handler:
	liveupdate_unregister_file_handler(&keeper_fh);

	return err;
}
module_init(keeper_init);

static void __exit keeper_exit(void)
{
	if (driver)
		pci_unregister_driver(&keeper_driver);
	misc_deregister(&keeper_misc);
	pci_liveupdate_unregister_flb(&keeper_fh);
	liveupdate_unregister_file_handler(&keeper_fh);
}
module_exit(keeper_exit);

MODULE_DESCRIPTION("Preserves PCI devices across a live update without a driver, for tests");
MODULE_LICENSE("GPL");
