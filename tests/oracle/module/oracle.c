// SPDX-License-Identifier: GPL-2.0-only
/*
 * oracle.c - takes topologies out of the mailbox and puts there what Linux makes of them.
 */
#include "mailbox.h"
#include "scan.h"
#include "topo.h"

#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/vmalloc.h>

/* ivshmem (QEMU docs/specs/ivshmem-spec): Red Hat's vendor ID; the memory is BAR 2. */
#define IVSHMEM_VENDOR 0x1af4
#define IVSHMEM_DEVICE 0x1110
#define IVSHMEM_BAR 2

static void set_state(struct mailbox *box, enum mailbox_state state)
{
	/* The results are read once the state says so. */
	smp_wmb();
	WRITE_ONCE(box->state, cpu_to_le32(state));
}

/* Room for one result: a line of at most 64 characters for each function, bus and bridge. */
static bool room_left(const struct text *text, const struct machine *machine)
{
	return text->len + 1024 + 4 * 64 * (size_t)(machine->nr + MACHINE_MAX_ROOTS + 256) < text->size;
}

static int run(struct mailbox *box, size_t size)
{
	const u64 at = le64_to_cpu(box->text), len = le64_to_cpu(box->text_len);
	const u64 result = le64_to_cpu(box->result), result_size = le64_to_cpu(box->result_size);
	struct topo_reader reader = { .text = (char *)box + at, .len = len };
	struct text text = { .buf = (char *)box + result, .size = result_size };
	enum topo_result got;
	struct machine *machine;
	const char *error;
	u32 done = 0;

	if (at > size || len > size - at || result > size || result_size > size - result) {
		pr_err("oracle: offsets outside the mailbox\n");
		return -EINVAL;
	}
	machine = vzalloc(sizeof(*machine));
	if (!machine)
		return -ENOMEM;
	for (;;) {
		got = topo_read(&reader, machine, &error);
		if (got != TOPO_OK)
			break;
		if (done >= le32_to_cpu(box->skip)) {
			if (!room_left(&text, machine)) {
				error = "mailbox full";
				got = TOPO_BAD;
				break;
			}
			scan_machine(machine, &text);
			WRITE_ONCE(box->result_len, cpu_to_le64(text.len));
			smp_wmb();
		}
		done++;
		WRITE_ONCE(box->done, cpu_to_le32(done));
		cond_resched();
	}
	vfree(machine);
	if (got == TOPO_BAD) {
		pr_err("oracle: line %u: %s\n", reader.line, error);
		return -EINVAL;
	}
	return 0;
}

static int __init oracle_init(void)
{
	struct pci_dev *dev = pci_get_device(IVSHMEM_VENDOR, IVSHMEM_DEVICE, NULL);
	struct mailbox *box;
	size_t size;
	int ret;

	if (!dev) {
		pr_err("oracle: no ivshmem device\n");
		return -ENODEV;
	}
	ret = pci_enable_device_mem(dev);
	if (ret)
		goto put;
	size = pci_resource_len(dev, IVSHMEM_BAR);
	box = memremap(pci_resource_start(dev, IVSHMEM_BAR), size, MEMREMAP_WB);
	if (!box) {
		ret = -ENOMEM;
		goto put;
	}
	if (size < sizeof(*box) || le64_to_cpu(box->magic) != MAILBOX_MAGIC ||
	    le32_to_cpu(box->state) != MAILBOX_READY) {
		pr_err("oracle: nothing in the mailbox\n");
		ret = -EINVAL;
		goto unmap;
	}
	ret = scan_begin();
	if (ret)
		goto fail;
	set_state(box, MAILBOX_RUNNING);
	ret = run(box, size);
	scan_end();
fail:
	set_state(box, ret ? MAILBOX_FAILED : MAILBOX_DONE);
unmap:
	memunmap(box);
put:
	pci_dev_put(dev);
	/* The work is done: there is nothing to stay loaded for. */
	return ret ? ret : -ECANCELED;
}
module_init(oracle_init);

MODULE_DESCRIPTION("Runs Linux's PCI scan on made-up machines");
MODULE_LICENSE("GPL");
