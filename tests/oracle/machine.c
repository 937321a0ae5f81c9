// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * machine.c - answers config reads and writes of a generated machine. This file needs only
 * memset() and memcpy() of libc or of the kernel.
 *
 * Long: Linux and the host compile the same file.
 */
#include "machine.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* Offsets of the capabilities. */
#define AT_PCIE 0x40
#define AT_EA 0x80
#define AT_SRIOV 0x100
#define AT_ARI 0x140

#define CAP_ID_PCIE 0x10
#define CAP_ID_EA 0x14
#define EXT_ID_ARI 0x0e
#define EXT_ID_SRIOV 0x10

/* Offsets in the PCI Express capability (7.5.3). */
#define PCIE_FLAGS 0x02
#define PCIE_DEVCTL 0x08
#define PCIE_LNKCTL 0x10
#define PCIE_SLTCAP 0x14
#define PCIE_SLTCTL 0x18
#define PCIE_RTCTL 0x1c
#define PCIE_DEVCAP2 0x24
#define PCIE_DEVCTL2 0x28
#define PCIE_LNKCTL2 0x30
#define DEVCTL2_ARI 0x20

/* Offsets in the SR-IOV capability (9.3.3). */
#define SRIOV_CAP 0x04
#define SRIOV_CTRL 0x08
#define SRIOV_INITIAL_VFS 0x0c
#define SRIOV_TOTAL_VFS 0x0e
#define SRIOV_NUM_VFS 0x10
#define SRIOV_LINK 0x12
#define SRIOV_OFFSET 0x14
#define SRIOV_STRIDE 0x16
#define SRIOV_VF_ID 0x1a
#define SRIOV_PAGE_SIZES 0x1c
#define SRIOV_PAGE_SIZE 0x20
#define SRIOV_CTRL_ENABLE 0x09 /* VF Enable, VF Memory Space Enable */
#define SRIOV_CTRL_VFE 0x01
#define SRIOV_CTRL_ARI 0x10

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value);
	put16(at + 2, value >> 16);
}

static bool is_port(const struct machine_function *function)
{
	return function->pcie == MACHINE_PCIE_ROOT_PORT ||
	       function->pcie == MACHINE_PCIE_DOWNSTREAM;
}

static uint32_t class_of(const struct machine_function *function)
{
	if (function->header == MACHINE_BRIDGE)
		return 0x060400;
	if (function->header == MACHINE_CARDBUS)
		return 0x060700;
	return 0x020000;
}

static void reset_pcie(struct machine_function *function, uint8_t next)
{
	uint8_t *cap = function->config + AT_PCIE;

	cap[0] = CAP_ID_PCIE;
	cap[1] = next;
	/* Version 2 of the capability: with the second set of registers. */
	put16(cap + PCIE_FLAGS, 2u | (uint32_t)function->pcie << 4 | (function->slot ? 0x100u : 0));
	put32(cap + PCIE_SLTCAP, function->hotplug ? 0x40 : 0);
	put32(cap + PCIE_DEVCAP2, function->ari_forward ? 0x20 : 0);
	put16(cap + PCIE_DEVCTL2, function->ari_enabled ? DEVCTL2_ARI : 0);
}

static void reset_extended(struct machine_function *function)
{
	uint8_t *sriov = function->extended + (AT_SRIOV - 0x100),
		*ari = function->extended + (AT_ARI - 0x100);

	if (function->sriov) {
		put32(sriov,
		      EXT_ID_SRIOV | 1u << 16 | (function->ari ? (uint32_t)AT_ARI << 20 : 0));
		/* ARI Capable Hierarchy Preserved stays 0. */
		put16(sriov + SRIOV_CTRL, (function->vfs_on ? SRIOV_CTRL_ENABLE : 0) |
						  (function->vfs_ari ? SRIOV_CTRL_ARI : 0));
		put16(sriov + SRIOV_NUM_VFS, function->vfs_on);
		put16(sriov + SRIOV_INITIAL_VFS, function->vfs);
		put16(sriov + SRIOV_TOTAL_VFS, function->vfs);
		/* It depends on no other physical function. */
		sriov[SRIOV_LINK] = function->pcie == MACHINE_PCIE_INTEGRATED ? function->devfn & 7
									      : function->devfn;
		put16(sriov + SRIOV_VF_ID, 0xffff);
		put32(sriov + SRIOV_PAGE_SIZES, 0x553);
		put32(sriov + SRIOV_PAGE_SIZE, 1);
	} else if (function->ari) {
		/*
		 * The list begins at 0x100: an empty vendor-specific entry points to the next one.
		 */
		put32(sriov, 0x0bu | 1u << 16 | (uint32_t)AT_ARI << 20);
		put32(sriov + 4, 0xfu | 0x10u << 20);
	}
	if (function->ari) {
		put32(ari, EXT_ID_ARI | 1u << 16);
		put16(ari + 4, (uint32_t)function->ari_next << 8);
	}
}

static void reset_function(struct machine_function *function, uint32_t index)
{
	uint8_t *config = function->config;
	const bool pcie = function->pcie != MACHINE_PCIE_NONE;
	const uint8_t first = pcie ? AT_PCIE : function->ea ? AT_EA : 0;

	function->changed = false;
	function->vfs_changed = false;
	memset(config, 0, sizeof(function->config));
	memset(function->extended, 0, sizeof(function->extended));
	put32(config, function->has_id ? function->id : MACHINE_VENDOR | index << 16);
	put16(config + 0x06, first ? 0x10 : 0);
	put32(config + 0x08, class_of(function) << 8);
	config[0x0e] = (uint8_t)(function->header | (function->multi ? 0x80 : 0));
	config[function->header == MACHINE_CARDBUS ? 0x14 : 0x34] = first;
	if (machine_is_bridge(function)) {
		config[0x18] = function->primary;
		config[0x19] = function->secondary;
		config[0x1a] = function->subordinate;
	}
	/* A memory window with its base above its limit is disabled. */
	if (function->header == MACHINE_BRIDGE)
		put32(config + 0x20, 0x0000fff0);
	if (pcie)
		reset_pcie(function, function->ea ? AT_EA : 0);
	if (function->ea) {
		config[AT_EA] = CAP_ID_EA;
		config[AT_EA + 4] = function->ea_secondary;
		config[AT_EA + 5] = function->ea_subordinate;
	}
	if (pcie)
		reset_extended(function);
}

static uint32_t get16(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8;
}

static uint8_t *register_at(struct machine_function *function, uint16_t reg)
{
	if (reg < 0x100)
		return function->config + reg;
	if (reg < 0x100 + sizeof(function->extended))
		return function->extended + (reg - 0x100);
	return NULL;
}

static void flip(struct machine_function *function)
{
	uint8_t *at = function->flip ? register_at(function, function->flip_reg) : NULL;

	if (at)
		*at = (uint8_t)(*at ^ 1u << function->flip_bit);
}

void machine_copy(struct machine *to, const struct machine *from)
{
	memcpy(to, from,
	       offsetof(struct machine, functions) + from->nr * sizeof(from->functions[0]));
}

/*
 * A downstream port leads to one device. The port forwards requests for device 0 only, unless ARI
 * forwarding makes the device number part of the function number (PCI Express Base 7.3.1, 6.13).
 */
static bool reaches_device(const struct machine_function *above, uint8_t devfn)
{
	return !(devfn >> 3) || !is_port(above) || above->any_device ||
	       above->config[AT_PCIE + PCIE_DEVCTL2] & DEVCTL2_ARI;
}

static uint32_t find_on_bus(const struct machine *machine, uint32_t index, uint8_t devfn)
{
	while (index != MACHINE_NONE && (machine->functions[index].devfn != devfn ||
					 !machine_has(machine, &machine->functions[index])))
		index = machine->functions[index].next;
	return index;
}

/*
 * A bridge claims a type 1 request for its secondary bus with any subordinate number. It claims a
 * request for a bus behind only if the bus is in its range (PCI Express Base 7.3.3; PCI-to-PCI
 * Bridge 3.1.2.1.2; QEMU's bridges do the same).
 */
static bool claims(const struct machine_function *bridge, uint8_t bus)
{
	return bridge->config[0x19] == bus ||
	       (bridge->config[0x19] < bus && bus <= bridge->config[0x1a]);
}

/*
 * Finds the bridge that claims a type 1 request, among @index and the functions after it on the
 * physical bus. If two bridges claim it, the one with the lower devfn gets it. A port forwards no
 * request to a bridge whose device number cannot be on its link.
 */
static uint32_t find_claimer(const struct machine *machine, const struct machine_function *above,
			     uint32_t index, uint8_t bus)
{
	for (; index != MACHINE_NONE; index = machine->functions[index].next) {
		const struct machine_function *bridge = &machine->functions[index];

		if (machine_is_bridge(bridge) && machine_has(machine, bridge) &&
		    claims(bridge, bus) && (!above || reaches_device(above, bridge->devfn)))
			break;
	}
	return index;
}

uint32_t machine_find_bus(const struct machine *machine, uint8_t bus)
{
	uint32_t i, claimer;

	for (i = 0; i < machine->nr_roots; i++) {
		if (machine->roots[i].first <= bus && bus <= machine->roots[i].last)
			break;
	}
	if (i == machine->nr_roots)
		return MACHINE_NONE;
	if (bus == machine->roots[i].first)
		return MACHINE_ROOT + i;
	claimer = find_claimer(machine, NULL, machine->roots[i].child, bus);
	while (claimer != MACHINE_NONE && machine->functions[claimer].config[0x19] != bus)
		claimer = find_claimer(machine, &machine->functions[claimer],
				       machine->functions[claimer].child, bus);
	return claimer;
}

uint32_t machine_find(const struct machine *machine, uint8_t bus, uint8_t devfn)
{
	const uint32_t at = machine_find_bus(machine, bus);

	if (at == MACHINE_NONE)
		return MACHINE_NONE;
	if (at >= MACHINE_ROOT)
		return find_on_bus(machine, machine->roots[at - MACHINE_ROOT].child, devfn);
	if (!reaches_device(&machine->functions[at], devfn))
		return MACHINE_NONE;
	return find_on_bus(machine, machine->functions[at].child, devfn);
}

void machine_set_buses(struct machine_function *function, uint32_t buses)
{
	put16(function->config + 0x18, buses);
	function->config[0x1a] = (uint8_t)(buses >> 16);
}

void machine_set_ari(struct machine_function *bridge, bool on)
{
	uint8_t *control = bridge->config + AT_PCIE + PCIE_DEVCTL2;

	*control = (uint8_t)((*control & ~DEVCTL2_ARI) | (on ? DEVCTL2_ARI : 0));
}

void machine_set_ari_hierarchy(struct machine_function *function, bool on)
{
	uint8_t *control = function->extended + SRIOV_CTRL;

	*control = (uint8_t)((*control & ~SRIOV_CTRL_ARI) | (on ? SRIOV_CTRL_ARI : 0));
}

uint32_t machine_first_on(const struct machine *machine, const struct machine_function *function)
{
	return function->parent == MACHINE_NONE ? machine->roots[function->root].child
						: machine->functions[function->parent].child;
}

/*
 * ARI Capable Hierarchy exists once per device, in its first physical function (9.3.3.3.5). With
 * ARI forwarding all functions on the bus are one device.
 */
static bool ari_hierarchy(const struct machine *machine, const struct machine_function *function)
{
	const struct machine_function *above =
		function->parent == MACHINE_NONE ? NULL : &machine->functions[function->parent];
	uint32_t index = machine_first_on(machine, function);
	bool one_device;

	one_device = above && above->pcie != MACHINE_PCIE_NONE &&
		     above->config[AT_PCIE + PCIE_DEVCTL2] & DEVCTL2_ARI;
	for (; index != MACHINE_NONE; index = machine->functions[index].next) {
		const struct machine_function *first = &machine->functions[index];

		if (first->sriov && machine_has(machine, first) &&
		    (one_device || first->devfn >> 3 == function->devfn >> 3))
			return first->extended[SRIOV_CTRL] & SRIOV_CTRL_ARI;
	}
	return false;
}

/* First VF Offset, and VF Stride in the upper half. They depend on other registers. */
static uint32_t offset_stride(const struct machine *machine,
			      const struct machine_function *function)
{
	const bool ari = ari_hierarchy(machine, function);
	const uint32_t value = ari ? function->vf_offset_ari | (uint32_t)function->vf_stride_ari
								       << 16
				   : function->vf_offset | (uint32_t)function->vf_stride << 16;
	const uint32_t byte = function->flip_reg - (AT_SRIOV + SRIOV_OFFSET + 0u);

	return machine->then || !function->flip || byte > 3
		       ? value
		       : value ^ 1u << (8 * byte + function->flip_bit);
}

/* Sets both registers before each access. */
static void update_sriov(const struct machine *machine, struct machine_function *function)
{
	put32(function->extended + SRIOV_OFFSET, offset_stride(machine, function));
}

/* NumVFs and what decides about the addresses, or 0 if there are no virtual functions. */
static uint64_t vfs_of(const struct machine *machine, const struct machine_function *function)
{
	if (!function->sriov || !machine_has(machine, function) ||
	    !(function->extended[SRIOV_CTRL] & SRIOV_CTRL_VFE))
		return 0;
	return get16(function->extended + SRIOV_NUM_VFS) |
	       (uint64_t)offset_stride(machine, function) << 32;
}

void machine_reset(struct machine *machine)
{
	uint32_t i;

	for (i = 0; i < machine->nr; i++) {
		reset_function(&machine->functions[i], i);
		if (!machine->then)
			flip(&machine->functions[i]);
	}
	for (i = 0; i < machine->nr; i++)
		machine->functions[i].vfs_before = vfs_of(machine, &machine->functions[i]);
	machine->reads = 0;
	machine->writes = 0;
}

/* Notes changes of virtual functions of the functions from @index on, on one physical bus. */
static void note_vfs(struct machine *machine, uint32_t index)
{
	for (; index != MACHINE_NONE; index = machine->functions[index].next) {
		struct machine_function *function = &machine->functions[index];
		const uint64_t now = vfs_of(machine, function);

		function->vfs_changed |= function->vfs_before != now;
		function->vfs_before = now;
	}
}

/* Whether a virtual function of @function, which is on bus @own, has the address. */
static bool has_vf(const struct machine *machine, const struct machine_function *function,
		   uint8_t own, uint8_t bus, uint8_t devfn)
{
	const uint64_t vfs = vfs_of(machine, function);
	const uint32_t number = vfs & 0xffff, offset = vfs >> 32 & 0xffff, stride = vfs >> 48;
	const uint32_t first = ((uint32_t)own << 8 | function->devfn) + offset;
	const uint32_t at = (uint32_t)bus << 8 | devfn;

	if (!number || !offset || at < first)
		return false;
	return stride ? (at - first) % stride == 0 && (at - first) / stride < number : at == first;
}

/*
 * Virtual functions on another bus than that of their physical function: the last bridge that
 * claims the request forwards it to all functions below. Requests for other buses do not need ARI
 * forwarding.
 */
uint32_t machine_find_vf(const struct machine *machine, uint8_t bus, uint8_t devfn)
{
	const struct machine_function *above = NULL;
	uint32_t i, index, claimer;
	uint8_t own;

	for (i = 0; i < machine->nr_roots; i++) {
		if (machine->roots[i].first <= bus && bus <= machine->roots[i].last)
			break;
	}
	if (i == machine->nr_roots)
		return MACHINE_NONE;
	own = machine->roots[i].first;
	index = machine->roots[i].child;
	while (own != bus) {
		claimer = find_claimer(machine, above, index, bus);
		if (claimer == MACHINE_NONE)
			break;
		above = &machine->functions[claimer];
		own = above->config[0x19];
		index = above->child;
	}
	if (own == bus && above && !reaches_device(above, devfn))
		return MACHINE_NONE;
	while (index != MACHINE_NONE &&
	       !has_vf(machine, &machine->functions[index], own, bus, devfn))
		index = machine->functions[index].next;
	return index;
}

/* Vendor ID and device ID of a virtual function read as all ones (9.3.4.1.1, 9.3.4.1.2). */
static uint32_t read_vf(const struct machine_function *pf, uint16_t reg, uint8_t size)
{
	const uint32_t dword = reg < 4 ? 0xffffffff : reg >= 8 && reg < 12 ? class_of(pf) << 8 : 0;

	return dword >> 8 * (reg % 4) & 0xffffffffu >> 8 * (4 - size);
}

uint32_t machine_read(struct machine *machine, uint8_t bus, uint8_t devfn, uint16_t reg,
		      uint8_t size)
{
	const uint32_t index = machine_find(machine, bus, devfn);
	struct machine_function *function;
	const uint8_t *at;
	uint32_t value = 0;
	uint8_t i;

	machine->reads++;
	if (index == MACHINE_NONE) {
		const uint32_t pf = machine_find_vf(machine, bus, devfn);

		return pf == MACHINE_NONE ? 0xffffffffu >> (8 * (4 - size))
					  : read_vf(&machine->functions[pf], reg, size);
	}
	function = &machine->functions[index];
	/* Without PCI Express there are only the first 256 bytes. */
	if (reg >= 0x100 && function->pcie == MACHINE_PCIE_NONE)
		return 0xffffffffu >> (8 * (4 - size));
	if (function->sriov)
		update_sriov(machine, function);
	at = register_at(function, reg);
	if (!at)
		return 0;
	for (i = 0; i < size; i++)
		value |= (uint32_t)at[i] << (8 * i);
	return value;
}

/* The writable bits of the byte at @reg. */
static uint8_t write_mask(const struct machine_function *function, uint16_t reg)
{
	const bool pcie = function->pcie != MACHINE_PCIE_NONE;

	switch (reg) {
	case 0x04:
		return 0x47;
	case 0x05:
		return 0x05;
	case 0x0c:
	case 0x3c:
		return 0xff;
	case 0x18:
		return machine_is_bridge(function) && !function->wired ? 0xff : 0;
	case 0x19:
	case 0x1a:
		return machine_is_bridge(function) && !function->fixed ? 0xff : 0;
	/*
	 * The secondary latency timer is writable with CardBus and with conventional PCI, zero with
	 * PCI Express.
	 */
	case 0x1b:
		return machine_is_bridge(function) && !pcie ? 0xff : 0;
	case 0x3e:
		return machine_is_bridge(function) ? 0xef : 0;
	case 0x3f:
		return machine_is_bridge(function) ? 0x0f : 0;
	}
	if (pcie && reg >= AT_PCIE) {
		switch (reg - AT_PCIE) {
		case PCIE_DEVCTL:
		case PCIE_DEVCTL + 1:
		case PCIE_LNKCTL:
		case PCIE_SLTCTL:
		case PCIE_SLTCTL + 1:
		case PCIE_RTCTL:
		case PCIE_LNKCTL2:
			return 0x5f;
		case PCIE_DEVCTL2:
			return function->ari_forward ? DEVCTL2_ARI : 0;
		}
	}
	if (function->sriov) {
		switch (reg - AT_SRIOV) {
		case SRIOV_CTRL:
			return 0x19;
		case SRIOV_NUM_VFS:
		case SRIOV_NUM_VFS + 1:
		case SRIOV_PAGE_SIZE:
			return 0xff;
		}
	}
	return 0;
}

void machine_write(struct machine *machine, uint8_t bus, uint8_t devfn, uint16_t reg, uint8_t size,
		   uint32_t value)
{
	const uint32_t index = machine_find(machine, bus, devfn);
	struct machine_function *function;
	uint32_t before;
	uint8_t i;

	machine->writes++;
	if (index == MACHINE_NONE)
		return;
	function = &machine->functions[index];
	before = machine_buses(function);
	for (i = 0; i < size; i++) {
		const uint16_t byte = (uint16_t)(reg + i);
		uint8_t *at = register_at(function, byte);
		const uint8_t mask = write_mask(function, byte);

		if (at)
			*at = (uint8_t)((*at & ~mask) | (value >> (8 * i) & mask));
	}
	if (machine_is_bridge(function) && machine_buses(function) != before)
		function->changed = true;
	if (function->sriov && reg >= AT_SRIOV)
		note_vfs(machine, machine_first_on(machine, function));
	else if (function->ari_forward && reg == AT_PCIE + PCIE_DEVCTL2)
		note_vfs(machine, function->child);
}
