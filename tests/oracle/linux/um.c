// SPDX-License-Identifier: GPL-2.0-only
/*
 * um.c - the oracle's part for User Mode Linux: maps the mailbox, a file of the host; leaves a scan
 * that causes an exception, with UML's mechanism for kernel reads that may fault; and reads pci= as
 * x86 does.
 */
#include "mailbox.h"
#include "scan.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <os.h>

static char *mailbox_path;
static bool assign_busses;
bool oracle_no_extended;

static int __init take_path(char *path)
{
	mailbox_path = path;
	return 1;
}
__setup("oracle=", take_path);

int pci_domain_nr(struct pci_bus *bus)
{
	const struct pci_sysdata *sysdata = bus->sysdata;

	return sysdata->domain;
}

unsigned int pcibios_assign_all_busses(void)
{
	return assign_busses;
}

char *__init pcibios_setup(char *word)
{
	if (!strcmp(word, "assign-busses"))
		assign_busses = true;
	else if (!strcmp(word, "nommconf") || !strcmp(word, "conf1"))
		oracle_no_extended = true;
	else
		return word;
	return NULL;
}

/*
 * While page faults are disabled, segv() in arch/um/kernel/trap.c continues at segv_continue and
 * clears it.
 */
void catch_begin(void)
{
	current->pagefault_disabled = 1;
	current->thread.segv_continue = oracle_fault;
}

void catch_end(void)
{
	current->pagefault_disabled = 0;
	current->thread.segv_continue = NULL;
}

/* The scan at boot runs in this task, too. */
static int __init run_oracle(void)
{
	unsigned long long size;
	struct mailbox *box;
	int fd;

	if (!mailbox_path || os_file_size(mailbox_path, &size) < 0) {
		os_warn("oracle: oracle=FILE names no file\n");
		kernel_power_off();
	}
	fd = os_open_file(mailbox_path, of_rdwr(OPENFLAGS()), 0);
	box = fd < 0 ? NULL : os_mmap_rw_shared(fd, size);
	if (box)
		mailbox_run(box, size);
	else
		os_warn("oracle: %s cannot be mapped\n", mailbox_path);
	kernel_power_off();
	return 0;
}
late_initcall_sync(run_oracle);
