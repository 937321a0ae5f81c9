/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate_fdt.h - pcigate's own record, a KHO entry: facts that config space does not show, or shows
 * only after a write. docs/kho-fdt.md is the binding.
 */
#ifndef PCIGATE_GATE_FDT_H
#define PCIGATE_GATE_FDT_H

#include <pcigate/bdf.h>
#include <pcigate/fdt.h>
#include <pcigate/port.h>

/* The longest path: each bridge of it needs a bus number of its own. */
#define PG_PATH_MAX 255u

/**
 * struct pg_gate_fdt - the entry, checked as a whole
 * @present:  the entry exists; without it, no other member is valid
 * @complete: the entry lists all bridges of its segments
 * @next_keeps: the next kernel keeps the bus numbers of preserved devices: it is the build that
 * wrote the entry
 * @next_keeps_vfs: likewise, it keeps preserved virtual functions
 * @host:     user space made the entry (lib/record/host.c)
 * @partial:  Live Update preserves a function that is not in the entry (lib/record/host.c)
 * @fdt:      the tree, in the memory of the record
 * @bridges:  offset of the node /bridges
 * @devices:  offset of the node /devices
 * @sriov:    offset of the node /sriov, negative if there is none
 * @answer:   offset of the node /answer, negative if there is none
 * @pfs:      offset of the node /physical-functions, negative if there is none
 * @crc:      offset of the value of the property crc32c from the beginning of the tree, 0 if there
 * is none
 * @pa:       physical address of the tree
 * @size:     its size in bytes
 * @seen_bridge: the names of the properties of the first bridge, with which walks begin
 * @seen_device: the same for devices
 */
struct pg_gate_fdt {
	bool present;
	bool complete;
	bool next_keeps;
	bool next_keeps_vfs;
	bool host;
	bool partial;
	const void *fdt;
	uint64_t pa;
	uint64_t size;
	int bridges;
	int devices;
	int sriov;
	int answer;
	int pfs;
	uint32_t crc;
	struct pg_fdt_seen seen_bridge;
	struct pg_fdt_seen seen_device;
};

/**
 * struct pg_identity - the recorded identity of a device
 * @vendor_device:  register 0x00
 * @class_revision: register 0x08: revision 7..0, class 31..8
 * @subsystem:      register 0x2c, 0 if none was recorded
 * @serial:         Device Serial Number, valid if @has_serial
 * @has_serial:     the device has one
 */
struct pg_identity {
	uint32_t vendor_device;
	uint32_t class_revision;
	uint32_t subsystem;
	uint64_t serial;
	bool has_serial;
};

/**
 * struct pg_gate_device - a node of /devices
 * @node:     its offset in the tree
 * @next:     offset of the token after its properties; 0 before the first node
 * @seen:     the names of properties that the walk has met
 * @at:       its address
 * @identity: its recorded identity
 * @depth:    number of bridges above it
 * @path:     the property: @depth cells, big-endian BDFs, the one on the root bus first
 * @untranslated: no IOMMU translates its DMA; false if the record does not say so
 */
struct pg_gate_device {
	int node;
	uint32_t next;
	struct pg_fdt_seen seen;
	struct pg_bdf at;
	struct pg_identity identity;
	uint32_t depth;
	const fdt32_t *path;
	bool untranslated;
};

/**
 * struct pg_gate_bridge - a node of /bridges
 * @node:      its offset in the tree
 * @next, @seen: as those of struct pg_gate_device
 * @at:        its address
 * @preserved: number of preserved devices below it
 * @primary, @secondary, @subordinate: its numbers as the outgoing kernel knew them
 * @ari:       ARI forwarding was enabled
 * @link:      a link with only device 0 is below it
 * @no_slots:  no function can be added to its secondary bus
 * @cardbus:   it is a CardBus bridge
 * @id:        register 0x00, 0 if it was not recorded
 */
struct pg_gate_bridge {
	int node;
	uint32_t next;
	struct pg_fdt_seen seen;
	struct pg_bdf at;
	uint32_t preserved;
	uint32_t id;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	bool ari;
	bool link;
	bool no_slots;
	bool cardbus;
};

/**
 * struct pg_gate_sriov - a node of /sriov
 * @node:  its offset in the tree
 * @next, @seen: as those of struct pg_gate_device
 * @at:    the address of the physical function
 * @buses: how many buses after its own its virtual functions extend to
 * @id:    register 0x00 of the physical function, 0 if it was not recorded
 */
struct pg_gate_sriov {
	int node;
	uint32_t next;
	struct pg_fdt_seen seen;
	struct pg_bdf at;
	uint32_t id;
	uint8_t buses;
};

/* The registers VF BAR 0 to 5. */
#define PG_VF_BARS 6u

#define PG_NO_VF_CLASS UINT32_MAX

/**
 * struct pg_gate_pf - a node of /physical-functions: registers of the SR-IOV capability of a
 * physical function whose virtual functions are preserved
 * @node:         its offset in the tree
 * @at:           the address of the physical function
 * @id:           its register 0x00
 * @control:      SR-IOV Control
 * @initial:      InitialVFs
 * @total:        TotalVFs
 * @number:       NumVFs
 * @first_offset: First VF Offset
 * @stride:       VF Stride
 * @vf_device:    VF Device ID
 * @reserved_bus: the highest bus that Linux reserves for virtual functions: that of the last one if
 *                all were enabled
 * @vf_class:     class code of the virtual functions, PG_NO_VF_CLASS if it is not recorded
 * @page_size:    System Page Size
 * @bars:         VF BAR 0 to 5
 * @nr:           number of preserved virtual functions, at least 1
 * @preserved:    their indexes, counted from 0, ascending: @nr cells, big-endian
 */
struct pg_gate_pf {
	int node;
	struct pg_bdf at;
	uint32_t id;
	uint16_t control;
	uint16_t initial;
	uint16_t total;
	uint16_t number;
	uint16_t first_offset;
	uint16_t stride;
	uint16_t vf_device;
	uint16_t reserved_bus;
	uint32_t vf_class;
	uint32_t page_size;
	uint32_t bars[PG_VF_BARS];
	uint32_t nr;
	const fdt32_t *preserved;
};

/* The index of the preserved virtual function @i of @pf. */
static inline uint32_t pg_vf_index(const struct pg_gate_pf *pf, uint32_t i)
{
	return fdt32_ld(pf->preserved + i);
}

/*
 * pg_vf_address() - the address of the virtual function @index of @pf: its routing ID is that of
 * the physical function, plus First VF Offset, plus @index times VF Stride (PCI Express Base
 * 9.3.3.9, 9.3.3.10; index 0 is the specification's VF 1). False if it exceeds 16 bits.
 */
bool pg_vf_address(const struct pg_gate_pf *pf, uint32_t index, struct pg_bdf *at);

/*
 * Walks over the nodes of a tree that pg_record_read_gate_fdt() has checked. The caller begins with
 * a zeroed struct whose @node is -1. The functions return false at the end, and then @node is
 * negative; or at a malformed node.
 */
bool pg_gate_next_device(const struct pg_gate_fdt *own, struct pg_gate_device *device);
bool pg_gate_next_bridge(const struct pg_gate_fdt *own, struct pg_gate_bridge *bridge);
bool pg_gate_next_sriov(const struct pg_gate_fdt *own, struct pg_gate_sriov *sriov);
bool pg_gate_next_pf(const struct pg_gate_fdt *own, struct pg_gate_pf *pf);

/* pg_gate_find_bridge() - the node of the bridge with the address @at; false if there is none. */
bool pg_gate_find_bridge(const struct pg_gate_fdt *own, struct pg_bdf at,
			 struct pg_gate_bridge *bridge);

/* The address of the bridge @index on the path of @device, counted from the root bus. */
static inline struct pg_bdf pg_gate_path(const struct pg_gate_device *device, uint32_t index)
{
	const uint32_t bdf = fdt32_ld(device->path + index);

	return pg_bdf(device->at.segment, (uint8_t)(bdf >> 8), (uint8_t)bdf);
}

/* Size of a reason's code in /answer. */
#define PG_ANSWER_REASON 24u

/*
 * Values of pg_answer.verdict; 0 means that no stage has run. There is no value for stop:
 * the next kernel does not start then.
 */
#define PG_ANSWER_OPENED 1u
#define PG_ANSWER_BY_POLICY 2u

/**
 * struct pg_answer - what the stage writes to /answer for the next kernel
 * @verdict: PG_ANSWER_OPENED, or PG_ANSWER_BY_POLICY: opened although something was wrong; 0
 * if no stage ran
 * @reason:  code of the first reason, zero-padded
 * @devices, @keep, @move, @unverified: numbers of devices
 * @reads:   number of config reads
 * @cycles:  cycles of the time stamp counter
 */
struct pg_answer {
	uint32_t verdict;
	char reason[PG_ANSWER_REASON];
	uint32_t devices;
	uint32_t keep;
	uint32_t move;
	uint32_t unverified;
	uint32_t reads;
	uint64_t cycles;
};

/*
 * pg_gate_crc() - the CRC-32C (as Linux's crc32c() from ~0, inverted) of @size bytes,
 * where the four at @hole count as 0.
 */
uint32_t pg_gate_crc(const void *bytes, uint64_t size, uint32_t hole);

/*
 * pg_gate_crc_part() - what the last @size bytes add to the CRC-32C: if they change, the CRC-32C
 * changes by the value before, xor the value after.
 */
uint32_t pg_gate_crc_part(const void *bytes, uint64_t size);

/*
 * pg_gate_write_answer() - fills /answer in place. @writable is the tree at pg_gate_fdt.pa, as a
 * writable pointer. Returns false if the tree has no properties to hold the answer.
 */
bool pg_gate_write_answer(const struct pg_gate_fdt *own, void *writable,
			  const struct pg_answer *answer);

/* pg_gate_read_answer() - reads /answer; false if the tree has none. */
bool pg_gate_read_answer(const struct pg_gate_fdt *own, struct pg_answer *answer);

#endif
