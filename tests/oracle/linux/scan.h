/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scan.h - runs Linux's own scan on a generated machine and prints the result.
 */
#ifndef ORACLE_SCAN_H
#define ORACLE_SCAN_H

#include <linux/errno.h>
#include <linux/types.h>

#include "machine.h"

struct pci_dev;

/**
 * struct text - a buffer for text
 * @buf:  the buffer
 * @size: its size
 * @len:  the length of the text; more than @size if the buffer was too small
 */
struct text {
	char *buf;
	size_t size;
	size_t len;
};

__printf(2, 3) void text_add(struct text *text, const char *format, ...);

/*
 * stack.S: oracle_call() returns 0, or 1 if oracle_abandon() was called below it, or 2 if
 * oracle_fault() was.
 */
unsigned long oracle_call(void (*function)(void), void *stack_top);
void oracle_abandon(void) __noreturn;
void oracle_fault(void) __noreturn;

/*
 * catch_begin(), catch_end() - between these calls, an exception continues at oracle_fault().
 */
void catch_begin(void);
void catch_end(void);

/* scan_running() - whether the current task is in a scan. */
bool scan_running(void);

/* With pci=nommconf or conf1, registers above 255 cannot be read. */
extern bool oracle_no_extended;

/*
 * incoming_set() - prepares the record of preserved devices for the next scan, in segment @domain.
 */
#ifdef CONFIG_PCIGATE_ORACLE_KEEP
int incoming_set(const struct machine *machine, u32 domain);
#else
static inline int incoming_set(const struct machine *machine, u32 domain)
{
	return machine->has_incoming ? -EINVAL : 0;
}
#endif

/* oracle_adopt() - adds the virtual functions that the previous kernel enabled. */
#ifdef CONFIG_PCIGATE_ORACLE_KEEP
void oracle_adopt(struct pci_dev *dev);
#else
static inline void oracle_adopt(struct pci_dev *dev)
{
}
#endif

int scan_begin(void);
void scan_end(void);

/*
 * scan_machine() - scans the machine, appends the result to @text and removes everything that the
 * scan created. The result:
 *
 *	result NAME STATUS reads=N writes=N stack=BYTES us=N
 *	root FIRST exists
 *		a root bus that was not scanned, as Linux already had a bus of that number
 *	bus NN busn=SS-TT in
 *		a bus of Linux's; "out" if its range is not in the resource tree
 *	f INDEX BUS DD.F UP
 *		a function that Linux found; UP is the bridge that Linux has above the bus: the
 *		number of its "f" line, or 0 on a root bus
 *	b INDEX PP/SS-TT [changed]
 *		a bridge's registers after the scan, whether Linux found the bridge or not;
 *		"changed" if they were written during the scan
 *	v INDEX ID BUS DD.F
 *		a virtual function that Linux added: its physical function, its index
 *	p INDEX changed
 *		a physical function: a write during the scan changed which virtual functions
 *		exist, or their addresses
 *	end
 *
 * STATUS is ok, crash if Linux crashed (with a NULL pointer, say), or endless if the scan was
 * stopped because it did not end. After crash and endless, the lines have what was found so far.
 */
void scan_machine(struct machine *machine, struct text *text);

#endif
