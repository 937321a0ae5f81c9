/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * topology_vfs.h - step scan: what is read of physical functions with preserved virtual functions,
 * and of the latter, which have no entry in pg_topology.functions.
 */
#ifndef PCIGATE_TOPOLOGY_VFS_H
#define PCIGATE_TOPOLOGY_VFS_H

#include <pcigate/config.h>
#include <pcigate/record.h>

struct pg_function;
struct pg_topology;

/* The differing register is reported for at most this many physical functions. */
#define PG_MAX_VF_DIFFERENCES 16u

/**
 * enum pg_vf_register - a register of the SR-IOV capability that pcigate's own record has
 */
enum pg_vf_register {
	PG_VF_CONTROL,
	PG_VF_NUMBER,
	PG_VF_OFFSET_STRIDE,
	PG_VF_TOTAL,
	PG_VF_DEVICE,
	PG_VF_PAGE_SIZE,
	PG_VF_BAR,
	PG_VF_REGISTERS = PG_VF_BAR + PG_VF_BARS,
	PG_VF_CLASS = PG_VF_REGISTERS /* not in the capability: of a virtual function */
};

/**
 * struct pg_vf_difference - a register of a physical function that is not as recorded
 * @function: index of the physical function
 * @reg:      enum pg_vf_register
 * @was:      its value in the record; PG_VF_OFFSET_STRIDE and PG_VF_TOTAL (TotalVFs, InitialVFs)
 *            hold two values, the first one in the lower half of the register
 * @now:      its value in config space
 */
struct pg_vf_difference {
	uint16_t function;
	uint8_t reg;
	uint32_t was;
	uint32_t now;
};

/**
 * struct pg_topology_vfs - what was read of the physical functions of pg_record.pfs, and of their
 * preserved virtual functions
 * @differ:         a register or a virtual function is not as recorded
 * @reasons:        for each physical function, PG_OK or what is wrong with all its virtual
 * functions: the first difference
 * @nr_differences: number of @differences
 * @differences:    the first registers that are not as recorded, one for each physical function
 * @absent:         a bit for each preserved virtual function in the order of the record: it does
 * not answer
 */
struct pg_topology_vfs {
	bool differ;
	uint8_t reasons[PG_MAX_PFS];
	uint32_t nr_differences;
	struct pg_vf_difference differences[PG_MAX_VF_DIFFERENCES];
	uint32_t absent[PG_MAX_VFS / 32];
};

/*
 * pg_scan_vfs() - compares the registers of each physical function of pg_record.pfs with the
 * record, and reads one register of each preserved virtual function. Sets @topology->vfs. Called
 * after pg_scan_identities().
 */
void pg_scan_vfs(const struct pg_config *config, const struct pg_record *record,
		 struct pg_function *functions, struct pg_topology *topology);

/**
 * struct pg_vf_walk - a walk over the physical functions of pg_record.pfs
 * @pf:       the node in pcigate's own record; begin with the node -1
 * @number:   the number of the physical function in the record, from 0
 * @first:    the number of its first preserved virtual function, counted over all
 * @function: index of the physical function, PG_NONE if it is not recorded
 * @judged:   the buses of its virtual functions were judged: @bus_reason, @bus_culprit
 */
struct pg_vf_walk {
	struct pg_gate_pf pf;
	uint32_t number;
	uint32_t first;
	uint16_t function;
	bool judged;
	uint8_t bus_reason;
	uint16_t bus_culprit;
};

static inline void pg_vf_walk_begin(struct pg_vf_walk *walk)
{
	walk->pf.node = -1;
}

/* pg_vf_walk_next() - goes to the next physical function; false after the last one. */
bool pg_vf_walk_next(struct pg_vf_walk *walk, const struct pg_record *record,
		     const struct pg_topology *topology);

#endif
