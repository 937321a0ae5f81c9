// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * record_own.c - pcigate's own record of a generated machine (docs/kho-fdt.md).
 */
#include "record_own.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../lib/record/gate_nodes.h"
#include "outgoing.h"
#include "record.h"

#define SEGMENT 0

static char fdt[1 << 20];

/* Indices of all functions that can be reached, in the order of their addresses. */
static uint32_t sort_by_address(const struct machine *machine, uint16_t *sorted)
{
	uint32_t bus, devfn, index, nr = 0;

	for (bus = 0; bus < 256; bus++) {
		if (machine_find_bus(machine, (uint8_t)bus) == MACHINE_NONE)
			continue;
		for (devfn = 0; devfn < 256; devfn++) {
			index = machine_find(machine, (uint8_t)bus, (uint8_t)devfn);
			if (index != MACHINE_NONE && !outgoing_skips(&machine->functions[index]))
				sorted[nr++] = (uint16_t)index;
		}
	}
	return nr;
}

static void put_cells(const char *name, const uint32_t *cells, uint32_t nr)
{
	fdt32_t big[256];
	uint32_t i;

	for (i = 0; i < nr; i++)
		big[i] = cpu_to_fdt32(cells[i]);
	fdt_property(fdt, name, big, (int)(nr * 4));
}

#define PUT(name, ...)                                                                             \
	put_cells(name, (const uint32_t[]){ __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4)

static uint32_t bdf_cell(struct pg_bdf at)
{
	return (uint32_t)at.bus << 8 | at.devfn;
}

static void begin_node(const char *kind, struct pg_bdf at)
{
	char name[40];

	snprintf(name, sizeof(name), "%s@%x,%x", kind, at.segment, bdf_cell(at));
	fdt_begin_node(fdt, name);
	PUT("reg", at.segment, bdf_cell(at));
}

static void put_id(struct machine *machine, struct pg_bdf at)
{
	const uint32_t id = machine_read(machine, at.bus, at.devfn, 0, 4);

	PUT("id", id & 0xffff, id >> 16);
}

static const struct pg_record_entry *entry_of(const struct pg_record *record, struct pg_bdf at)
{
	uint32_t i;

	for (i = 0; i < record->nr; i++) {
		if (pg_bdf_equal(record->entries[i].at, at))
			return &record->entries[i];
	}
	return NULL;
}

/* Whether no function was added to the bus that begins with function @index. */
static bool none_added(const struct machine *machine, uint32_t index)
{
	while (index != MACHINE_NONE && !machine->functions[index].added)
		index = machine->functions[index].next;
	return index == MACHINE_NONE;
}

/* Whether the root bus is inside a root complex. The outgoing kernel knows it by the functions on
 * it. */
static bool in_root_complex(const struct machine *machine, uint32_t index)
{
	for (; index != MACHINE_NONE; index = machine->functions[index].next) {
		const struct machine_function *function = &machine->functions[index];

		if (machine_has(machine, function) && (function->pcie == MACHINE_PCIE_ROOT_PORT ||
						       function->pcie == MACHINE_PCIE_INTEGRATED))
			return true;
	}
	return false;
}

static bool leads_to_link(const struct machine *machine, uint32_t index)
{
	const uint8_t type = outgoing_port_type(machine, index);

	return type == MACHINE_PCIE_ROOT_PORT || type == MACHINE_PCIE_DOWNSTREAM ||
	       type == MACHINE_PCI_TO_PCIE;
}

static void put_roots(const struct machine *machine)
{
	char name[40];
	uint32_t i;

	fdt_begin_node(fdt, "host-bridges");
	for (i = 0; i < machine->nr_roots; i++) {
		snprintf(name, sizeof(name), "bus@%x,%x", SEGMENT, machine->roots[i].first);
		fdt_begin_node(fdt, name);
		PUT("segment", SEGMENT);
		PUT("bus-range", machine->roots[i].first, machine->roots[i].last);
		if (in_root_complex(machine, machine->roots[i].child) &&
		    none_added(machine, machine->roots[i].child))
			fdt_property(fdt, "no-slots", NULL, 0);
		fdt_end_node(fdt);
	}
	fdt_end_node(fdt);
}

static void put_bridge(struct machine *machine, uint32_t index, struct pg_bdf at,
		       const struct pg_record *record)
{
	const struct machine_function *function = &machine->functions[index];
	const struct pg_record_entry *entry = entry_of(record, at);
	const uint32_t buses = machine_buses(function);

	begin_node("bridge", at);
	PUT("bus-numbers", buses & 0xff, buses >> 8 & 0xff, buses >> 16);
	put_id(machine, at);
	if (function->header == MACHINE_CARDBUS)
		fdt_property(fdt, "cardbus", NULL, 0);
	if (function->child != MACHINE_NONE &&
	    outgoing_has_ari(machine, &machine->functions[function->child]))
		fdt_property(fdt, "ari", NULL, 0);
	if (leads_to_link(machine, index))
		fdt_property(fdt, "link", NULL, 0);
	if (outgoing_port_type(machine, index) == MACHINE_PCIE_UPSTREAM &&
	    none_added(machine, function->child))
		fdt_property(fdt, "no-slots", NULL, 0);
	if (entry)
		PUT("preserved", entry->refcount);
	fdt_end_node(fdt);
}

static void put_device(struct machine *machine, uint32_t index, struct pg_bdf at)
{
	const uint32_t class = machine_read(machine, at.bus, at.devfn, 8, 4);
	uint32_t path[256], depth = 0, up, i;
	struct pg_bdf above;

	for (up = machine->functions[index].parent; up != MACHINE_NONE;
	     up = machine->functions[up].parent)
		depth++;
	for (i = depth, up = machine->functions[index].parent; i-- > 0;
	     up = machine->functions[up].parent) {
		record_address_of(machine, up, &above);
		path[i] = bdf_cell(above);
	}
	begin_node("device", at);
	put_id(machine, at);
	PUT("class", class >> 8);
	PUT("revision", class & 0xff);
	put_cells("path", path, depth);
	fdt_end_node(fdt);
}

static void put_functions(struct machine *machine, const struct pg_record *record)
{
	static uint16_t sorted[MACHINE_MAX_FUNCTIONS];
	const uint32_t nr = sort_by_address(machine, sorted);
	struct pg_bdf at;
	uint32_t i;

	fdt_begin_node(fdt, "bridges");
	for (i = 0; i < nr; i++) {
		record_address_of(machine, sorted[i], &at);
		/* An incomplete record lacks bridges without a preserved device below. */
		if (machine_is_bridge(&machine->functions[sorted[i]]) &&
		    (machine->record == MACHINE_RECORD_OWN || entry_of(record, at)))
			put_bridge(machine, sorted[i], at, record);
	}
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "devices");
	for (i = 0; i < nr; i++) {
		record_address_of(machine, sorted[i], &at);
		if (!machine_is_bridge(&machine->functions[sorted[i]]) && entry_of(record, at))
			put_device(machine, sorted[i], at);
	}
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "sriov");
	for (i = 0; i < nr; i++) {
		const struct machine_function *function = &machine->functions[sorted[i]];

		record_address_of(machine, sorted[i], &at);
		if (!function->sriov || !outgoing_has_extended(machine, function))
			continue;
		begin_node("function", at);
		put_id(machine, at);
		PUT("buses", outgoing_sriov_buses(function, outgoing_has_ari(machine, function)));
		fdt_end_node(fdt);
	}
	fdt_end_node(fdt);
}

static void put_pf(struct machine *machine, const struct machine_pf *pf)
{
	const struct pg_bdf at = pg_bdf(SEGMENT, (uint8_t)(pf->bdf >> 8), (uint8_t)pf->bdf);
	static const uint32_t none[PG_VF_BARS];
	uint32_t kept[MACHINE_MAX_KEPT], i;

	for (i = 0; i < pf->nr_kept; i++)
		kept[i] = pf->kept[i];
	begin_node("function", at);
	put_id(machine, at);
	PUT("control", pf->regs[MACHINE_SRIOV_CONTROL]);
	PUT("initial-vfs", pf->regs[MACHINE_SRIOV_INITIAL]);
	PUT("total-vfs", pf->regs[MACHINE_SRIOV_TOTAL]);
	PUT("num-vfs", pf->regs[MACHINE_SRIOV_NUMBER]);
	PUT("offset-stride", pf->regs[MACHINE_SRIOV_OFFSET], pf->regs[MACHINE_SRIOV_STRIDE]);
	PUT("vf-device-id", pf->regs[MACHINE_SRIOV_DEVICE]);
	/* The virtual functions of the machine have the class of their physical function. */
	PUT("vf-class", machine_read(machine, at.bus, at.devfn, 8, 4) >> 8);
	PUT("page-size", pf->regs[MACHINE_SRIOV_PAGE_SIZE]);
	put_cells("vf-bars", none, PG_VF_BARS);
	put_cells("vf-bar-sizes", none, PG_VF_BARS);
	PUT("last-bus", pf->last);
	PUT("reserved-bus", pf->reserved);
	put_cells("preserved", kept, pf->nr_kept);
	fdt_end_node(fdt);
}

static void put_pfs(struct machine *machine, const struct machine_pf *pfs, uint32_t nr)
{
	if (!nr)
		return;
	fdt_begin_node(fdt, "physical-functions");
	fdt_property_string(fdt, "compatible", "pci-sriov-v1");
	for (; nr; nr--)
		put_pf(machine, pfs++);
	fdt_end_node(fdt);
}

static void write_tree(struct machine *machine, const struct pg_record *record,
		       const struct machine_pf *pfs, uint32_t nr)
{
	int err;

	fdt_create(fdt, sizeof(fdt));
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_property_string(fdt, "compatible", "pci-topology-v1");
	if (machine->record == MACHINE_RECORD_OWN)
		fdt_property(fdt, "complete", NULL, 0);
	put_roots(machine);
	put_functions(machine, record);
	put_pfs(machine, pfs, nr);
	fdt_end_node(fdt);
	err = fdt_finish(fdt);
	if (err || fdt_check_full(fdt, sizeof(fdt))) {
		fprintf(stderr, "oracle: the record of %s: %s\n", machine->name, fdt_strerror(err));
		exit(2);
	}
}

void record_own(struct machine *machine, struct pg_record *record, const struct machine_pf *pfs,
		uint32_t nr)
{
	struct pg_finding finding;
	uint32_t i;

	write_tree(machine, record, pfs, nr);
	for (i = 0; i < machine->nr_roots; i++)
		record->roots[i] = (struct pg_record_root){
			.segment = SEGMENT,
			.first = machine->roots[i].first,
			.last = machine->roots[i].last,
		};
	record->nr_roots = machine->nr_roots;
	record->own = (struct pg_gate_fdt){
		.present = true,
		.complete = machine->record == MACHINE_RECORD_OWN,
		/* The kernel that keeps bus numbers also keeps virtual functions. */
		.next_keeps_vfs = machine->has_incoming,
		.fdt = fdt,
		.size = fdt_totalsize(fdt),
		.bridges = fdt_path_offset(fdt, "/bridges"),
		.devices = fdt_path_offset(fdt, "/devices"),
		.sriov = fdt_path_offset(fdt, "/sriov"),
		.pfs = fdt_path_offset(fdt, "/physical-functions"),
		.answer = -1,
	};
	if (pg_record_read_pfs(record, &finding)) {
		fprintf(stderr, "oracle: the record of %s: %s\n", machine->name, finding.field);
		exit(2);
	}
}
