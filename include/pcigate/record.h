/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * record.h - step record: reads what the outgoing kernel wrote about the preserved devices.
 *
 *     boot_params.setup_data -> KHO root FDT -> LUO -> FLB array -> struct pci_ser -> blocks of
 * struct pci_dev_ser
 */
#ifndef PCIGATE_RECORD_H
#define PCIGATE_RECORD_H

#include <pcigate/bdf.h>
#include <pcigate/gate_fdt.h>
#include <pcigate/memory.h>
#include <pcigate/port.h>
#include <pcigate/reason.h>
#include <pcigate/versions.h>

/**
 * struct pg_kho_location - the location of the KHO root FDT (mirrors struct kho_data,
 * arch/x86/include/uapi/asm/setup_data.h)
 * @present:  setup_data has a KHO node
 * @fdt_pa:   physical address of the FDT
 * @fdt_size: size in bytes of the memory that holds it
 * @scratch_pa: physical address of the array of scratch areas, from which the next kernel allocates
 * at first
 * @scratch_size: size of that array in bytes
 */
struct pg_kho_location {
	bool present;
	uint64_t fdt_pa;
	uint64_t fdt_size;
	uint64_t scratch_pa;
	uint64_t scratch_size;
};

/**
 * struct pg_blob - a KHO entry: a range of physical memory
 * @present: the entry exists
 * @pa:      physical address
 * @size:    bytes
 * @checked: the tree in it was read before without an error, so pg_record_read_gate_fdt() checks
 * neither its structure nor its checksum again
 */
struct pg_blob {
	bool present;
	bool checked;
	uint64_t pa;
	uint64_t size;
};

/**
 * struct pg_record_entry - one recorded function
 * @at:       its address when it was recorded
 * @refcount: number of preserved devices at or below it, never 0
 * @named_only: user space names it, Live Update does not preserve it
 */
struct pg_record_entry {
	struct pg_bdf at;
	uint16_t refcount;
	bool named_only;
};

/*
 * Capacity for root buses of all segments together. A socket has 12 to 24, so this is enough for 16
 * sockets.
 */
#define PG_MAX_ROOTS 512u

/**
 * struct pg_record_root - a root bus as the outgoing kernel knew it
 * @segment: its segment
 * @first:   its bus number
 * @last:    the last bus number behind its host bridge
 * @ecam_buses: number of buses, from @first on, whose config space the outgoing kernel reached
 * through a window; 0 if it used none
 * @ecam:    physical address of that window, for @first
 * @no_slots: no function can be added to it
 */
struct pg_record_root {
	uint32_t segment;
	uint8_t first;
	uint8_t last;
	uint16_t ecam_buses;
	uint64_t ecam;
	bool no_slots;
};

/* Capacities for physical functions with preserved virtual functions, and for the latter. */
#define PG_MAX_PFS 128u
#define PG_MAX_VFS 4096u

/**
 * struct pg_record_pf - a physical function whose virtual functions are preserved, for
 * pg_record_has_vf()
 * @at:           its address
 * @first_offset: First VF Offset
 * @stride:       VF Stride
 * @nr:           number of preserved virtual functions
 * @preserved:    their indexes: @nr cells in the tree
 */
struct pg_record_pf {
	struct pg_bdf at;
	uint16_t first_offset;
	uint16_t stride;
	uint16_t nr;
	const fdt32_t *preserved;
};

/**
 * enum pg_record_state - how much of the record exists
 * @PG_RECORD_NO_KHO:  no KHO data was handed over
 * @PG_RECORD_NO_LUO:  KHO data without Live Update data
 * @PG_RECORD_NO_PCI:  Live Update data, but no PCI device is preserved
 * @PG_RECORD_DEVICES: at least one PCI function is recorded
 */
enum pg_record_state {
	PG_RECORD_NO_KHO,
	PG_RECORD_NO_LUO,
	PG_RECORD_NO_PCI,
	PG_RECORD_DEVICES,
};

/**
 * struct pg_copies - the second copies of addresses, in the files of sessions
 * @present:  the sessions were read
 * @compared: number of copies that are in the PCI record. Handlers and layouts that pcigate does
 * not know are not compared
 * @older:    of these, the number in the layout of older kernel patches
 */
struct pg_copies {
	bool present;
	uint32_t compared;
	uint32_t older;
};

/**
 * struct pg_record - the record, read and checked
 * @state:       how much of the record exists
 * @kho:         location of the KHO data
 * @memory_map:  physical address of the root of KHO's map of preserved memory
 * @kho_version: compatible string of the KHO root, "" without KHO
 * @luo_version: compatible string of LUO, "" without LUO
 * @pci_version: version of struct pci_ser, 0 without one
 * @files:       number of preserved files that depend on the record (luo_flb_ser.count): one for
 * each device that is not a bridge, and others, such as those of dma-buf
 * @copies:      the second copies of addresses
 * @liveupdate:  number of this live update, counted by LUO (luo_ser.liveupdate_num)
 * @nr:          number of entries
 * @entries:     the entries, sorted by segment, bus, device and function, none twice; owned by the
 * workspace
 * @nr_roots:    number of root buses, 0 if they were not recorded
 * @roots:       the root buses, in the order in which Linux scans them
 * @own:         pcigate's own record
 * @without_liveupdate: Live Update preserves no device; the entries come from user space
 * @nr_pfs:      number of physical functions in @own with preserved virtual functions
 * @nr_vfs:      number of their preserved virtual functions
 * @pfs:         these physical functions, sorted by address
 */
struct pg_record {
	enum pg_record_state state;
	struct pg_kho_location kho;
	uint64_t memory_map;
	char kho_version[PG_VERSION_TEXT];
	char luo_version[PG_VERSION_TEXT];
	uint32_t pci_version;
	uint64_t files;
	struct pg_copies copies;
	uint64_t liveupdate;
	uint32_t nr;
	const struct pg_record_entry *entries;
	uint32_t nr_roots;
	struct pg_gate_fdt own;
	bool without_liveupdate;
	uint32_t nr_pfs;
	uint32_t nr_vfs;
	struct pg_record_root roots[PG_MAX_ROOTS];
	struct pg_record_pf pfs[PG_MAX_PFS];
};

/*
 * pg_record_clear() - zeroes @record, but for the elements of the two arrays, which are many, and
 * which nobody reads beyond their number.
 */
static inline void pg_record_clear(struct pg_record *record)
{
	memset(record, 0, offsetof(struct pg_record, roots));
}

/*
 * pg_record_find_kho() - walks the list of struct setup_data that starts at physical address
 * @setup_data_pa (0: an empty list; boot_params.hdr.setup_data) for the KHO node.
 *
 * Returns PG_OK with @location filled, or the reason with @finding filled.
 */
enum pg_reason pg_record_find_kho(const struct pg_memory *memory, uint64_t setup_data_pa,
				  struct pg_kho_location *location, struct pg_finding *finding);

/*
 * pg_record_read_kho() - checks the whole KHO root FDT, and finds LUO's entry and pcigate's own in
 * it. Sets ->kho_version of @record.
 */
enum pg_reason pg_record_read_kho(const struct pg_memory *memory,
				  const struct pg_kho_location *location, struct pg_record *record,
				  struct pg_blob *luo, struct pg_blob *own,
				  struct pg_finding *finding);

/*
 * pg_record_read_luo() - checks struct luo_ser and finds the FLB "pci" in the FLB array, and the
 * sessions. Sets ->luo_version, ->liveupdate and ->files of @record. LUO does not record the sizes
 * of @pci and @sessions, so they are 0.
 */
enum pg_reason pg_record_read_luo(const struct pg_memory *memory, const struct pg_blob *luo,
				  struct pg_record *record, struct pg_blob *pci,
				  struct pg_blob *sessions, struct pg_finding *finding);

/*
 * pg_record_check_sessions() - walks all sessions and their files, and compares the addresses that
 * vfio-pci recorded with the entries, and with the preserved virtual functions of pcigate's own
 * record. Sets @copies.
 */
enum pg_reason pg_record_check_sessions(const struct pg_memory *memory,
					const struct pg_blob *sessions,
					const struct pg_record *record, struct pg_copies *copies,
					struct pg_finding *finding);

/*
 * pg_record_read_pci() - reads struct pci_ser and its chain of blocks into @entries, which has room
 * for @capacity, sorts them and rejects duplicates. Sets @record->pci_version, ->nr and ->entries.
 */
enum pg_reason pg_record_read_pci(const struct pg_memory *memory, const struct pg_blob *pci,
				  struct pg_record *record, struct pg_record_entry *entries,
				  uint32_t capacity, struct pg_finding *finding);

/*
 * pg_record_read_gate_fdt() - checks pcigate's own entry as a whole. Sets @record->own, ->roots and
 * ->pfs.
 */
enum pg_reason pg_record_read_gate_fdt(const struct pg_memory *memory, const struct pg_blob *blob,
				       struct pg_record *record, struct pg_finding *finding);

/*
 * pg_record_compare() - compares pcigate's own record with Linux's, node by node: both must name
 * the same devices and bridges. PG_OK if there is no own record.
 */
enum pg_reason pg_record_compare(const struct pg_record *record, struct pg_finding *finding);

/* pg_record_has_vf() - true if a preserved virtual function has the recorded address @at. */
bool pg_record_has_vf(const struct pg_record *record, struct pg_bdf at);

/*
 * pg_record_numbers_below() - how many bus numbers may be needed behind the bridge at @at if it
 * loses its numbers. The count comes from a record that lists all bridges: 1 if only devices
 * without virtual functions were there. The count assumes that the bridges there have their
 * recorded numbers, or none; for hotplug slots Linux may need more. 0 if the record does not allow
 * a count.
 */
uint32_t pg_record_numbers_below(const struct pg_record *record, struct pg_bdf at);

/*
 * pg_record_read() - calls all of the above, from boot_params to the sorted entries.
 *
 * After an error, @record->state says which part of @record is valid.
 */
enum pg_reason pg_record_read(const struct pg_memory *memory, uint64_t setup_data_pa,
			      struct pg_record *record, struct pg_record_entry *entries,
			      uint32_t capacity, struct pg_finding *finding);

/*
 * pg_record_check_kept() - checks that no preserved memory is in the @nr ranges of @taken, which
 * parameters of the next kernel take. PG_NEXT_LOSES_MEMORY names the parameter and the first
 * address.
 */
enum pg_reason pg_record_check_kept(const struct pg_memory *memory, const struct pg_record *record,
				    const struct pg_memory_range *taken, uint32_t nr,
				    struct pg_finding *finding);

/*
 * pg_record_find() - the index of the first entry whose address is not below @at; @record->nr if
 * there is none. With device and function 0 this is the first entry of a bus.
 */
uint32_t pg_record_find(const struct pg_record *record, struct pg_bdf at);

/* pg_record_entry() - the entry with the address @at, NULL if there is none. */
const struct pg_record_entry *pg_record_entry(const struct pg_record *record, struct pg_bdf at);

#endif
