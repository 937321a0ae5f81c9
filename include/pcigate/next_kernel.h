/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * next_kernel.h - what is known about the next kernel from its image: the node /next-kernel of a
 * gated image and of a capture (docs/gated-image.md).
 */
#ifndef PCIGATE_NEXT_KERNEL_H
#define PCIGATE_NEXT_KERNEL_H

#include <pcigate/plan.h>
#include <pcigate/port.h>
#include <pcigate/record.h>

/**
 * struct pg_next_kernel - the facts; all zero if nothing is known. The texts point into the tree
 * @kho:         it has KHO
 * @liveupdate:  it has the Live Update Orchestrator
 * @pci:         it has PCI Live Update
 * @kho_default: KHO is on without kho=on
 * @liveupdate_default: Live Update is on without liveupdate=on
 * @keeps_buses: it keeps the bus numbers of preserved devices
 * @keeps_vfs:   it keeps the virtual functions that pcigate's own record names
 * @version:     its release, as uname -r prints it; NULL if it is not known, as the other texts
 * @kho_version: the version of the KHO root that it reads, "kho-v4"
 * @luo_version: the version of the LUO record that it reads, "luo-v5"
 * @pci_version: the version of the PCI record that it reads, "2"
 * @cmdline:     its built-in command line; "" if it is known to have none
 * @cmdline_overrides: the kernel does not read the loader's command line
 */
struct pg_next_kernel {
	enum pg_fact kho;
	enum pg_fact liveupdate;
	enum pg_fact pci;
	enum pg_fact kho_default;
	enum pg_fact liveupdate_default;
	enum pg_fact keeps_buses;
	enum pg_fact keeps_vfs;
	const char *version;
	const char *kho_version;
	const char *luo_version;
	const char *pci_version;
	const char *cmdline;
	bool cmdline_overrides;
};

/*
 * pg_next_kernel_read() - reads the node at offset @node of a tree that pg_fdt_check() accepts.
 * PG_RECORD_MALFORMED names the property that is wrong. @pa is the address of the tree, or 0.
 */
enum pg_reason pg_next_kernel_read(const void *fdt, int node, uint64_t pa,
				   struct pg_next_kernel *next, struct pg_finding *finding);

/* pg_next_kernel_find() - reads the node of the tree @own. Without a node, nothing is known. */
enum pg_reason pg_next_kernel_find(const struct pg_gate_fdt *own, struct pg_next_kernel *next,
				   struct pg_finding *finding);

/*
 * pg_next_kernel_check() - PG_NEXT_CANNOT_READ if it is known that the next kernel does not read
 * @record, in which Live Update preserves devices.
 */
enum pg_reason pg_next_kernel_check(const struct pg_next_kernel *next,
				    const struct pg_record *record, struct pg_finding *finding);

/* With one byte more than Linux reads, so that a line that is too long can be noticed. */
#define PG_NEXT_LINE_SIZE (PG_CMDLINE_MAX + 1)

/*
 * pg_next_kernel_line() - the line that the next kernel parses if the loader passes @len bytes at
 * @text: setup_arch() in arch/x86/kernel/setup.c puts the built-in line before it, or in its place.
 * The result is @text, the built-in line, or in @buf. @next may be NULL.
 */
struct pg_cmdline pg_next_kernel_line(const struct pg_next_kernel *next, const char *text,
				      size_t len, char buf[PG_NEXT_LINE_SIZE]);

/*
 * pg_next_kernel_policy() - pg_policy_parse() for a next kernel about which @next is known. If its
 * built-in line overrides the loader's, pcigate's own parameters in @text still count: the stage
 * reads them, not the kernel. @buf is scratch memory.
 */
void pg_next_kernel_policy(const struct pg_next_kernel *next, const char *text, size_t len,
			   char buf[PG_NEXT_LINE_SIZE], struct pg_policy *policy);

#endif
