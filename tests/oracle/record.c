// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * record.c - Linux's record of a generated machine.
 */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "outgoing.h"
#include "record_own.h"

#define SEGMENT 0
#define SRIOV_AT 0x100

/* The machine when the record was made. */
static struct machine then;

bool record_address_of(const struct machine *machine, uint32_t index, struct pg_bdf *at)
{
	const struct machine_function *function = &machine->functions[index];

	*at = pg_bdf(SEGMENT, 0, function->devfn);
	if (function->parent == MACHINE_NONE)
		at->bus = machine->roots[function->root].first;
	else
		at->bus = machine->functions[function->parent].config[0x19];
	return machine_find(machine, at->bus, at->devfn) == index;
}

static uint16_t bdf_of(struct pg_bdf at)
{
	return (uint16_t)(at.bus << 8 | at.devfn);
}

static uint8_t last_bus_of(const struct machine_function *function)
{
	return function->parent == MACHINE_NONE ? then.roots[function->root].last
						: then.functions[function->parent].config[0x1a];
}

/* The address of a virtual function. It may have more than 16 bits. */
static uint32_t vf_of(const struct machine_pf *pf, uint32_t index)
{
	return pf->bdf + pf->regs[MACHINE_SRIOV_OFFSET] + index * pf->regs[MACHINE_SRIOV_STRIDE];
}

/* The place and size of each register in the SR-IOV capability. */
static const struct {
	uint8_t offset;
	uint8_t size;
} registers[MACHINE_SRIOV_REGS] = {
	[MACHINE_SRIOV_CONTROL] = { 0x08, 2 }, [MACHINE_SRIOV_INITIAL] = { 0x0c, 2 },
	[MACHINE_SRIOV_TOTAL] = { 0x0e, 2 },   [MACHINE_SRIOV_NUMBER] = { 0x10, 2 },
	[MACHINE_SRIOV_OFFSET] = { 0x14, 2 },  [MACHINE_SRIOV_STRIDE] = { 0x16, 2 },
	[MACHINE_SRIOV_DEVICE] = { 0x1a, 2 },  [MACHINE_SRIOV_PAGE_SIZE] = { 0x20, 4 },
};

/*
 * What the outgoing kernel records of a physical function. Returns false if it could not have
 * enabled the virtual functions: each needs an address of its own that Linux has a bus for.
 */
static bool read_pf(uint32_t index, struct machine_pf *pf)
{
	const struct machine_function *function = &then.functions[index];
	struct pg_bdf at;
	uint32_t i;

	if (!function->vfs_on || function->vfs_on > function->vfs ||
	    !outgoing_is_pf(&then, function) || !record_address_of(&then, index, &at))
		return false;
	*pf = (struct machine_pf){ .bdf = bdf_of(at), .nr_kept = function->nr_kept };
	memcpy(pf->kept, function->kept, sizeof(pf->kept));
	for (i = 0; i < MACHINE_SRIOV_REGS; i++)
		pf->regs[i] =
			machine_read(&then, at.bus, at.devfn,
				     (uint16_t)(SRIOV_AT + registers[i].offset), registers[i].size);
	pf->last = vf_of(pf, function->vfs_on - 1u) >> 8;
	/* compute_max_vf_buses(): Linux has 8 bits for the result. */
	for (i = function->vfs; i; i--) {
		if (vf_of(pf, i - 1) >> 8 > pf->reserved)
			pf->reserved = (uint8_t)(vf_of(pf, i - 1) >> 8);
	}
	if (pf->last > last_bus_of(function))
		return false;
	for (i = 0; i < function->vfs_on; i++) {
		const uint32_t vf = vf_of(pf, i);

		if (machine_find(&then, (uint8_t)(vf >> 8), (uint8_t)vf) != MACHINE_NONE ||
		    machine_find_vf(&then, (uint8_t)(vf >> 8), (uint8_t)vf) != index)
			return false;
	}
	for (i = 0; i < function->nr_kept; i++) {
		if (function->kept[i] >= function->vfs_on ||
		    (i && function->kept[i] <= function->kept[i - 1]))
			return false;
	}
	return true;
}

/* How often Linux's record counts a function, if it is preserved. */
static uint32_t references(uint32_t index)
{
	struct machine_pf pf;

	return then.functions[index].preserved && read_pf(index, &pf) && pf.nr_kept ? pf.nr_kept
										    : 1;
}

static int compare_pfs(const void *a, const void *b)
{
	return ((const struct machine_pf *)a)->bdf - ((const struct machine_pf *)b)->bdf;
}

uint32_t record_pfs(const struct pg_record *record, struct machine_pf *pfs)
{
	struct machine_pf pf;
	uint32_t i, k, nr = 0;

	if (then.record == MACHINE_RECORD_UPSTREAM)
		return 0;
	for (i = 0; i < then.nr && nr < MACHINE_MAX_PFS; i++) {
		if (!then.functions[i].preserved || !read_pf(i, &pf))
			continue;
		for (k = 0; k < record->nr && bdf_of(record->entries[k].at) != pf.bdf; k++)
			;
		if (k < record->nr)
			pfs[nr++] = pf;
	}
	qsort(pfs, nr, sizeof(pfs[0]), compare_pfs);
	return nr;
}

bool record_device(const struct machine *now, uint32_t index, struct pg_record *record,
		   struct pg_record_entry *entries)
{
	uint32_t up, i, answers;
	struct pg_bdf at;

	if (!machine_has(&then, &then.functions[index]))
		return false;
	record_address_of(&then, index, &at);
	for (i = 0; i < record->nr && !machine_is_bridge(&then.functions[index]); i++) {
		if (pg_bdf_equal(entries[i].at, at))
			return false;
	}
	for (up = index; up != MACHINE_NONE; up = then.functions[up].parent) {
		if (!record_address_of(&then, up, &at) || outgoing_skips(&then.functions[up]))
			return false;
		answers = machine_find(now, at.bus, at.devfn);
		if (then.record == MACHINE_RECORD_UPSTREAM && answers != up &&
		    answers != MACHINE_NONE)
			return false;
	}
	for (up = index; up != MACHINE_NONE; up = then.functions[up].parent) {
		record_address_of(&then, up, &at);
		for (i = 0; i < record->nr && !pg_bdf_equal(entries[i].at, at); i++)
			;
		if (i == record->nr)
			entries[record->nr++] = (struct pg_record_entry){ .at = at };
		/* Each virtual function is counted at its physical function and above. */
		entries[i].refcount = (uint16_t)(entries[i].refcount + references(index));
	}
	return true;
}

/* Configures ARI forwarding as the outgoing kernel did (pci_configure_ari()). */
static void configure_ari(void)
{
	uint32_t i;

	for (i = 0; i < then.nr; i++) {
		const struct machine_function *function = &then.functions[i];
		struct machine_function *above =
			function->parent == MACHINE_NONE ? NULL : &then.functions[function->parent];

		if (!function->devfn && machine_has(&then, function) && !outgoing_skips(function) &&
		    function->pcie != MACHINE_PCIE_NONE && above &&
		    above->pcie != MACHINE_PCIE_NONE && above->ari_forward)
			machine_set_ari(above, outgoing_has_ari(&then, function));
	}
}

void record_begin(const struct machine *machine, struct pg_record *record,
		  struct pg_record_entry *entries)
{
	uint32_t i;

	machine_copy(&then, machine);
	then.then = true;
	machine_reset(&then);
	for (i = 0; i < then.nr; i++) {
		struct machine_function *function = &then.functions[i];

		if (function->was)
			machine_set_buses(function,
					  function->was_primary |
						  (uint32_t)function->was_secondary << 8 |
						  (uint32_t)function->was_subordinate << 16);
	}
	configure_ari();
	for (i = 0; i < then.nr; i++)
		machine_set_ari_hierarchy(&then.functions[i],
					  outgoing_sets_ari(&then, &then.functions[i]));
	memset(record, 0, sizeof(*record));
	record->state = PG_RECORD_DEVICES;
	record->pci_version = 2;
	record->entries = entries;
}

uint8_t record_bus(uint32_t index)
{
	struct pg_bdf at;

	record_address_of(&then, index, &at);
	return at.bus;
}

uint32_t record_find(struct pg_bdf at)
{
	return machine_find(&then, at.bus, at.devfn);
}

static int compare_entries(const void *a, const void *b)
{
	const uint64_t x = pg_bdf_key(((const struct pg_record_entry *)a)->at);
	const uint64_t y = pg_bdf_key(((const struct pg_record_entry *)b)->at);

	return x < y ? -1 : x > y;
}

void record_end(struct pg_record *record, struct pg_record_entry *entries)
{
	struct machine_pf pfs[MACHINE_MAX_PFS];

	qsort(entries, record->nr, sizeof(entries[0]), compare_entries);
	if (then.record == MACHINE_RECORD_UPSTREAM)
		return;
	record_own(&then, record, pfs, record_pfs(record, pfs));
}
