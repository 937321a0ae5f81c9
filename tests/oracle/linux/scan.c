// SPDX-License-Identifier: GPL-2.0-only
/*
 * scan.c - scans a topology with pci_scan_child_bus(), as acpi_pci_root_create() does.
 */
#include "scan.h"

#include <asm/pci.h>
#include <linux/ktime.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/slab.h>

/*
 * ACPI's segments have 16 bits. Linux's own domains are above these, and VMD uses the first free
 * ones of them.
 */
#define FIRST_DOMAIN 0x20000

/* A chain of 255 bridges takes 50 KiB, more than the stack of a task of Linux. */
#define STACK_SIZE (256 * 1024)
#define STACK_ENOUGH (64 * 1024)
/* A scan of the largest topology takes less than a tenth of this. */
#define READS_ENOUGH 2000000

static struct pci_sysdata sysdata = { .domain = FIRST_DOMAIN, .node = NUMA_NO_NODE };
static struct resource ranges[MACHINE_MAX_ROOTS];
static struct pci_bus *root_buses[MACHINE_MAX_ROOTS];
static struct machine *machine;
static char *stack;
static size_t stack_used;
/* The function that answered the first read of the vendor ID, with which Linux finds functions. */
static u16 answered[256][256];
static struct task_struct *scanner;

void text_add(struct text *text, const char *format, ...)
{
	const size_t left = text->len < text->size ? text->size - text->len : 0;
	va_list args;

	va_start(args, format);
	text->len += vsnprintf(left ? text->buf + text->len : NULL, left, format, args);
	va_end(args);
}

/*
 * Leaves a scan that does not end. pci_scan_bridge_extend() reads the primary bus number first, for
 * each bridge and in each pass, and holds no lock at that time.
 */
static void leave_if_endless(int reg)
{
	const size_t used = stack + STACK_SIZE - (char *)current_stack_pointer;

	if (used > stack_used)
		stack_used = used;
	if (reg == PCI_PRIMARY_BUS && (used > STACK_ENOUGH || machine->reads > READS_ENOUGH))
		oracle_abandon();
}

bool scan_running(void)
{
	return current == scanner;
}

static int read_config(struct pci_bus *bus, unsigned int devfn, int reg, int size, u32 *value)
{
	catch_begin();
	leave_if_endless(reg);
	/* raw_pci_read() in arch/x86/pci/common.c */
	if (reg > 255 && oracle_no_extended)
		return -EINVAL;
	*value = machine_read(machine, bus->number, devfn, reg, size);
	if (reg == PCI_VENDOR_ID && answered[bus->number][devfn] == MACHINE_NONE)
		answered[bus->number][devfn] = machine_find(machine, bus->number, devfn);
	return PCIBIOS_SUCCESSFUL;
}

static int write_config(struct pci_bus *bus, unsigned int devfn, int reg, int size, u32 value)
{
	if (reg > 255 && oracle_no_extended)
		return -EINVAL;
	machine_write(machine, bus->number, devfn, reg, size, value);
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops config_ops = {
	.read = read_config,
	.write = write_config,
};

/* As pci_acpi_scan_root() and acpi_pci_root_create() do at boot, for each root bus in turn. */
static void scan_roots(void)
{
	u32 i;

	for (i = 0; i < machine->nr_roots; i++) {
		const struct machine_root *root = &machine->roots[i];
		LIST_HEAD(windows);

		if (pci_find_bus(sysdata.domain, root->first))
			continue;
		ranges[i] = (struct resource){
			.name = "oracle",
			.start = root->first,
			.end = root->last,
			.flags = IORESOURCE_BUS,
		};
		pci_add_resource(&windows, &ranges[i]);
		root_buses[i] =
			pci_create_root_bus(NULL, root->first, &config_ops, &sysdata, &windows);
		if (!root_buses[i])
			pci_free_resource_list(&windows);
		else
			pci_scan_child_bus(root_buses[i]);
	}
}

/* The functions of the segment that is scanned; begins with NULL. */
static struct pci_dev *next_function(struct pci_dev *dev)
{
	while ((dev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, dev))) {
		if (pci_domain_nr(dev->bus) == sysdata.domain)
			break;
	}
	return dev;
}

/* Linux does this later in the boot: virtual functions of the previous kernel. */
static void scan_and_adopt(void)
{
	struct pci_dev *dev = NULL;

	scan_roots();
	while (IS_ENABLED(CONFIG_PCIGATE_ORACLE_KEEP) && (dev = next_function(dev)))
		oracle_adopt(dev);
}

static u32 index_of(const struct pci_dev *dev)
{
	return answered[dev->bus->number][dev->devfn];
}

/* The next bus in depth-first order, without recursion. */
static struct pci_bus *next_bus(struct pci_bus *bus, const struct pci_bus *root)
{
	if (!list_empty(&bus->children))
		return list_first_entry(&bus->children, struct pci_bus, node);
	while (bus != root) {
		if (!list_is_last(&bus->node, &bus->parent->children))
			return list_next_entry(bus, node);
		bus = bus->parent;
	}
	return NULL;
}

/* The mark of a device is the number of its line, from 1 on. 0 means no device. */
static unsigned long mark_of(const struct pci_dev *dev)
{
	return dev ? (unsigned long)dev_get_drvdata(&dev->dev) : 0;
}

static void report_bus(const struct pci_bus *bus, struct text *text, unsigned long *nr)
{
	struct pci_dev *dev;

	text_add(text, "bus %02x busn=%02llx-%02llx %s\n", bus->number, bus->busn_res.start,
		 bus->busn_res.end, bus->busn_res.parent ? "in" : "out");
	list_for_each_entry(dev, &bus->devices, bus_list)
	{
		if (dev->is_virtfn) {
			text_add(text, "v %u %u %02x %02x.%x\n", index_of(pci_physfn(dev)),
				 pci_iov_vf_id(dev), bus->number, PCI_SLOT(dev->devfn),
				 PCI_FUNC(dev->devfn));
			continue;
		}
		dev_set_drvdata(&dev->dev, (void *)++*nr);
		text_add(text, "f %u %02x %02x.%x %lu\n", index_of(dev), bus->number,
			 PCI_SLOT(dev->devfn), PCI_FUNC(dev->devfn), mark_of(bus->self));
	}
}

static void report(struct text *text)
{
	unsigned long nr = 0;
	struct pci_bus *bus;
	u32 i;

	for (i = 0; i < machine->nr_roots; i++) {
		if (!root_buses[i])
			text_add(text, "root %02x exists\n", machine->roots[i].first);
		for (bus = root_buses[i]; bus; bus = next_bus(bus, root_buses[i]))
			report_bus(bus, text, &nr);
	}
	for (i = 0; i < machine->nr; i++) {
		const struct machine_function *function = &machine->functions[i];
		const u32 buses = machine_buses(function);

		if (machine_is_bridge(function))
			text_add(text, "b %u %02x/%02x-%02x%s\n", i, buses & 0xff,
				 buses >> 8 & 0xff, buses >> 16 & 0xff,
				 function->changed ? " changed" : "");
		else if (function->vfs_changed)
			text_add(text, "p %u changed\n", i);
	}
	text_add(text, "end\n");
}

/*
 * A bridge that gets a second bus loses its pointer to the first one (pci_alloc_child_bus()
 * overwrites dev->subordinate), so the first bus is not removed with the bridge. It is removed
 * here, so that it does not affect the next topology.
 */
static void remove_forgotten(struct pci_bus *root)
{
	struct pci_bus *bus;
	struct pci_dev *dev, *next;

again:
	for (bus = root; bus; bus = next_bus(bus, root)) {
		if (bus == root || (bus->self && bus->self->subordinate == bus) ||
		    !list_empty(&bus->children))
			continue;
		list_for_each_entry_safe(dev, next, &bus->devices, bus_list)
			pci_stop_and_remove_bus_device(dev);
		pci_remove_bus(bus);
		goto again;
	}
}

/* Whether a bus or device of the domain still exists. */
static bool left_over(const struct resource *domain)
{
	struct pci_bus *bus = NULL;

	while ((bus = pci_find_next_bus(bus))) {
		if (pci_domain_nr(bus) == sysdata.domain)
			return true;
	}
	return domain && domain->child;
}

/*
 * Removes what the scan created. If something remains, as after a scan that was left, the next
 * topology gets another domain, so that it is not affected.
 */
static void take_down(bool whole)
{
	struct resource *domain = NULL;
	struct pci_dev *dev = NULL;
	u32 i;

	while (IS_ENABLED(CONFIG_PCIGATE_ORACLE_KEEP) && (dev = next_function(dev)))
		pci_disable_sriov(dev);
	pci_lock_rescan_remove();
	for (i = machine->nr_roots; i-- > 0;) {
		if (!root_buses[i])
			continue;
		if (root_buses[i]->busn_res.parent)
			domain = root_buses[i]->busn_res.parent;
		remove_forgotten(root_buses[i]);
		pci_stop_root_bus(root_buses[i]);
		pci_remove_root_bus(root_buses[i]);
		root_buses[i] = NULL;
	}
	pci_unlock_rescan_remove();
	if (!whole || left_over(domain))
		sysdata.domain++;
}

static const char *const statuses[] = { "ok", "endless", "crash" };

void scan_machine(struct machine *next, struct text *text)
{
	unsigned long left;
	u64 reads, writes;
	ktime_t begin;
	s64 us;

	machine = next;
	if (incoming_set(machine, sysdata.domain))
		panic("the record of preserved devices cannot be made");
	stack_used = 0;
	memset(answered, 0xff, sizeof(answered));
	scanner = current;
	begin = ktime_get();
	catch_begin();
	left = oracle_call(scan_and_adopt, stack + STACK_SIZE);
	catch_end();
	us = ktime_us_delta(ktime_get(), begin);
	scanner = NULL;
	reads = machine->reads;
	writes = machine->writes;
	text_add(text, "result %s %s reads=%llu writes=%llu stack=%zu us=%lld\n", machine->name,
		 statuses[left], reads, writes, stack_used, us);
	report(text);
	take_down(!left);
}

int scan_begin(void)
{
	stack = kvmalloc(STACK_SIZE, GFP_KERNEL);
	return stack ? 0 : -ENOMEM;
}

void scan_end(void)
{
	kvfree(stack);
}
