/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pci.h - replaces arch/um/include/asm/pci.h: the functions of the architecture for drivers/pci, as
 * on x86.
 */
#ifndef __ASM_UM_PCI_H
#define __ASM_UM_PCI_H

#include <asm/io.h>
#include <linux/types.h>

struct pci_bus;

struct pci_sysdata {
	int domain;
	int node;
};

int pci_domain_nr(struct pci_bus *bus);

/* In UML itself, this does not depend on pci=assign-busses. */
unsigned int pcibios_assign_all_busses(void);
#define pcibios_assign_all_busses pcibios_assign_all_busses

#include <asm-generic/pci.h>

#endif
