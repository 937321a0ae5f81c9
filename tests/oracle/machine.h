/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * machine.h - a generated PCI machine in memory: functions, bridges and root buses that answer
 * config reads and writes.
 *
 * machine.c is compiled into Linux, whose scan reads the machine, and on the host, where the plan
 * reads it. So both have the same hardware. As in hardware, a write to the bus numbers of a bridge
 * (0x18) takes effect immediately.
 */
#ifndef ORACLE_MACHINE_H
#define ORACLE_MACHINE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define MACHINE_MAX_FUNCTIONS 4096u
#define MACHINE_MAX_ROOTS 64u
#define MACHINE_MAX_NAME 48u
#define MACHINE_MAX_KEPT 2u
#define MACHINE_MAX_PFS 4u
#define MACHINE_NONE 0xffffu

/*
 * Vendor ID of all functions: not assigned, so no quirk of Linux applies. The device ID is the
 * function's index.
 */
#define MACHINE_VENDOR 0x7067u

/* PCI Express port types (PCI Express Base 7.5.3.2), and "no PCI Express capability". */
enum machine_pcie {
	MACHINE_PCIE_ENDPOINT = 0x0,
	MACHINE_PCIE_LEGACY = 0x1,
	MACHINE_PCIE_ROOT_PORT = 0x4,
	MACHINE_PCIE_UPSTREAM = 0x5,
	MACHINE_PCIE_DOWNSTREAM = 0x6,
	MACHINE_PCIE_TO_PCI = 0x7,
	MACHINE_PCI_TO_PCIE = 0x8,
	MACHINE_PCIE_INTEGRATED = 0x9,
	MACHINE_PCIE_NONE = 0xff,
};

enum machine_header {
	MACHINE_NORMAL = 0,
	MACHINE_BRIDGE = 1,
	MACHINE_CARDBUS = 2,
};

/**
 * struct machine_function - one function: its values at power-on, and its registers now
 * @root:        index of the root bus at the top of its tree
 * @parent:      index of the bridge above it, MACHINE_NONE on a root bus
 * @child:       index of the first function below a bridge, MACHINE_NONE if there is none
 * @next:        index of the next function on the same physical bus, in the order of devfn
 * @devfn:       device and function number
 * @header:      layout of its registers (enum machine_header). Other values are allowed and mean
 *               the normal layout.
 * @multi:       header type bit 7
 * @primary:     bus numbers of a bridge at power-on
 * @secondary:   see @primary
 * @subordinate: see @primary
 * @wired:       the primary number is read-only
 * @fixed:       secondary and subordinate number are read-only
 * @pcie:        enum machine_pcie
 * @slot:        slot implemented (PCI Express Capabilities register bit 8)
 * @hotplug:     hotplug capable (Slot Capabilities bit 6)
 * @ari_forward: ARI forwarding supported (Device Capabilities 2 bit 5)
 * @ari_enabled: ARI forwarding enabled at power-on (Device Control 2 bit 5)
 * @any_device:  a downstream port that forwards requests for devices other than 0 without ARI
 *               forwarding
 * @ari:         has an ARI capability
 * @ari_next:    its next function number
 * @ea:          has an Enhanced Allocation capability with bus numbers
 * @ea_secondary, @ea_subordinate: those bus numbers
 * @sriov:       has an SR-IOV capability
 * @vfs:         TotalVFs
 * @vf_offset, @vf_stride: First VF Offset and VF Stride
 * @vf_offset_ari, @vf_stride_ari: the same if ARI Capable Hierarchy is set in the first of the
 *               device's capabilities
 * @vfs_on:      NumVFs at power-on, with VF Enable set; 0 if SR-IOV is disabled
 * @vfs_ari:     ARI Capable Hierarchy is set at power-on
 * @nr_kept:     number of @kept
 * @kept:        indexes of its preserved virtual functions, ascending, if it is @preserved
 * @has_id:      the first dword is @id, not MACHINE_VENDOR and the index
 * @id:          see @has_id
 * @was:         had other numbers when the record was made: @was_primary, @was_secondary,
 *               @was_subordinate
 * @gone:        existed when the record was made, and was removed since with all functions below
 * @added:       was added since the record was made. A function that is gone and one that was
 *               added may have the same @devfn: another card is in the slot.
 * @preserved:   is in the record
 * @flip:        bit @flip_bit of the byte at @flip_reg has changed since the record was made
 * @changed:     a write changed its bus numbers since machine_reset()
 * @vfs_changed: a write changed which of its virtual functions exist, or their addresses
 * @vfs_before:  machine.c's own: what decides about these, before the next write
 * @config:      registers 0x000 to 0x0ff now
 * @extended:    registers 0x100 to 0x17f now; above they read as 0
 */
struct machine_function {
	uint16_t root;
	uint16_t parent;
	uint16_t child;
	uint16_t next;
	uint8_t devfn;
	uint8_t header;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	uint8_t pcie;
	uint8_t ari_next;
	uint8_t ea_secondary;
	uint8_t ea_subordinate;
	uint8_t was_primary;
	uint8_t was_secondary;
	uint8_t was_subordinate;
	uint16_t vfs;
	uint16_t vf_offset;
	uint16_t vf_stride;
	uint16_t vf_offset_ari;
	uint16_t vf_stride_ari;
	uint16_t vfs_on;
	uint16_t kept[MACHINE_MAX_KEPT];
	uint8_t nr_kept;
	uint32_t id;
	bool multi;
	bool wired;
	bool fixed;
	bool slot;
	bool hotplug;
	bool ari_forward;
	bool ari_enabled;
	bool any_device;
	bool ari;
	bool ea;
	bool sriov;
	bool vfs_ari;
	bool has_id;
	bool was;
	bool gone;
	bool added;
	bool preserved;
	bool flip;
	bool changed;
	bool vfs_changed;
	uint64_t vfs_before;
	uint8_t flip_bit;
	uint16_t flip_reg;
	uint8_t config[256];
	uint8_t extended[128];
};

/**
 * struct machine_root - a root bus and the range of bus numbers that its host bridge decodes
 * @first: number of the root bus
 * @last:  last number decoded
 * @child: index of the first function on it, or MACHINE_NONE
 */
struct machine_root {
	uint8_t first;
	uint8_t last;
	uint16_t child;
};

/* What the outgoing kernel handed over. */
enum machine_record {
	MACHINE_RECORD_OWN,	   /* upstream's record and pcigate's, complete */
	MACHINE_RECORD_INCOMPLETE, /* both, but pcigate's ends early */
	MACHINE_RECORD_UPSTREAM,   /* upstream's alone */
};

/* The SR-IOV registers in pcigate's own record, in the order of struct machine_pf. */
enum machine_sriov {
	MACHINE_SRIOV_CONTROL,
	MACHINE_SRIOV_INITIAL,
	MACHINE_SRIOV_TOTAL,
	MACHINE_SRIOV_NUMBER,
	MACHINE_SRIOV_OFFSET,
	MACHINE_SRIOV_STRIDE,
	MACHINE_SRIOV_DEVICE,
	MACHINE_SRIOV_PAGE_SIZE,
	MACHINE_SRIOV_REGS
};

/**
 * struct machine_pf - a preserved physical function with virtual functions, in pcigate's own record
 * @bdf:      its address: bus << 8 | devfn
 * @regs:     the registers, by enum machine_sriov; the machine has no VF BARs
 * @last:     the bus of its last virtual function
 * @reserved: the highest bus that Linux reserved for its virtual functions
 * @nr_kept, @kept: see struct machine_function
 */
struct machine_pf {
	uint16_t bdf;
	uint32_t regs[MACHINE_SRIOV_REGS];
	uint32_t last;
	uint32_t reserved;
	uint8_t nr_kept;
	uint16_t kept[MACHINE_MAX_KEPT];
};

/**
 * struct machine - a machine
 * @name:      name of the topology
 * @record:    enum machine_record
 * @then:      answers as when the record was made: with the functions that are gone, without the
 *             added ones
 * @nr:        number of functions
 * @nr_roots:  number of root buses, in the order in which ACPI names them
 * @has_incoming: the next kernel keeps bus numbers, as @incoming or a device elsewhere is preserved
 * @nr_incoming: number of @incoming
 * @incoming:  addresses in Linux's record of preserved devices: bus << 8 | devfn
 * @references: how often each of them is counted there
 * @nr_pfs:    number of @pfs
 * @pfs:       those of these devices that have virtual functions
 * @reads:     configuration reads answered since machine_reset()
 * @writes:    configuration writes
 */
struct machine {
	char name[MACHINE_MAX_NAME];
	uint8_t record;
	bool then;
	bool has_incoming;
	uint32_t nr_incoming;
	uint16_t incoming[MACHINE_MAX_FUNCTIONS];
	uint16_t references[MACHINE_MAX_FUNCTIONS];
	uint32_t nr_pfs;
	struct machine_pf pfs[MACHINE_MAX_PFS];
	uint32_t nr;
	uint32_t nr_roots;
	uint64_t reads;
	uint64_t writes;
	struct machine_root roots[MACHINE_MAX_ROOTS];
	struct machine_function functions[MACHINE_MAX_FUNCTIONS];
};

/* machine_copy() - copies the used part of @from. */
void machine_copy(struct machine *to, const struct machine *from);

/* machine_reset() - sets every register to its value at power-on and the counters to 0. */
void machine_reset(struct machine *machine);

/*
 * machine_find() - index of the function that answers at this address now, or MACHINE_NONE. Not
 * counted.
 */
uint32_t machine_find(const struct machine *machine, uint8_t bus, uint8_t devfn);

/*
 * machine_find_bus() - the physical bus that has this number now: the index of the bridge above it,
 * MACHINE_ROOT plus the index of the root, or MACHINE_NONE.
 */
#define MACHINE_ROOT 0x8000u
uint32_t machine_find_bus(const struct machine *machine, uint8_t bus);

/* machine_bus_of() - the physical bus that a function is on, with the same values. */
static inline uint32_t machine_bus_of(const struct machine_function *function)
{
	return function->parent == MACHINE_NONE ? MACHINE_ROOT + function->root : function->parent;
}

/*
 * machine_set_buses() - writes bus numbers, in the form of machine_buses(), into a bridge's
 * registers, also into read-only ones.
 */
void machine_set_buses(struct machine_function *function, uint32_t buses);

/* machine_set_ari() - enables or disables ARI forwarding in a bridge that supports it. */
void machine_set_ari(struct machine_function *bridge, bool on);

/* machine_set_ari_hierarchy() - sets or clears ARI Capable Hierarchy. */
void machine_set_ari_hierarchy(struct machine_function *function, bool on);

/*
 * machine_read(), machine_write() - a configuration request of 1, 2 or 4 bytes at @reg, aligned and
 * below 4096. If no function answers, a read returns all ones and a write has no effect.
 */
uint32_t machine_read(struct machine *machine, uint8_t bus, uint8_t devfn, uint16_t reg,
		      uint8_t size);
void machine_write(struct machine *machine, uint8_t bus, uint8_t devfn, uint16_t reg, uint8_t size,
		   uint32_t value);

/* machine_first_on() - index of the first function on the same physical bus as @function. */
uint32_t machine_first_on(const struct machine *machine, const struct machine_function *function);

/*
 * machine_find_vf() - index of the physical function whose virtual function answers at this
 * address now, or MACHINE_NONE. Not counted.
 */
uint32_t machine_find_vf(const struct machine *machine, uint8_t bus, uint8_t devfn);

/* machine_has() - whether the function exists now, without regard to the bridges above it. */
static inline bool machine_has(const struct machine *machine,
			       const struct machine_function *function)
{
	return machine->then ? !function->added : !function->gone;
}

/* machine_is_bridge() - whether the function has bus numbers and a bus below it. */
static inline bool machine_is_bridge(const struct machine_function *function)
{
	return function->header == MACHINE_BRIDGE || function->header == MACHINE_CARDBUS;
}

/*
 * machine_buses() - the bus numbers that a bridge has now: primary 7..0, secondary 15..8,
 * subordinate 23..16.
 */
static inline uint32_t machine_buses(const struct machine_function *function)
{
	return function->config[0x18] | (uint32_t)function->config[0x19] << 8 |
	       (uint32_t)function->config[0x1a] << 16;
}

#endif
