// SPDX-License-Identifier: GPL-2.0-only
/*
 * seed.c - uses the other names of the PCI core's tracking of preserved devices. It is built with
 * keeper.c, and never loaded: a driver that was written for these names has to build.
 */
#include <linux/fs.h>
#include <linux/liveupdate.h>
#include <linux/module.h>
#include <linux/pci.h>

static int seed_preserve(struct liveupdate_file_op_args *args)
{
	return pci_liveupdate_outgoing_preserve(args->file->private_data);
}

static void seed_unpreserve(struct liveupdate_file_op_args *args)
{
	pci_liveupdate_outgoing_unpreserve(args->file->private_data);
}

static void seed_finish(struct liveupdate_file_op_args *args)
{
	struct pci_dev *dev = args->file->private_data;

	if (dev->liveupdate_incoming)
		pci_liveupdate_incoming_finish(dev);
}

static const struct liveupdate_file_ops seed_ops = {
	.preserve = seed_preserve,
	.unpreserve = seed_unpreserve,
	.finish = seed_finish,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler seed_fh = {
	.ops = &seed_ops,
	.compatible = "pcigate-seed-v1",
};

static int __init seed_init(void)
{
	return pci_liveupdate_register_fh(&seed_fh);
}
module_init(seed_init);

static void __exit seed_exit(void)
{
	pci_liveupdate_unregister_fh(&seed_fh);
}
module_exit(seed_exit);

MODULE_DESCRIPTION("Builds with the other names of the PCI core's functions, for tests");
MODULE_LICENSE("GPL");
