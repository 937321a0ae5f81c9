/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fast-path.h - small machines, their records, and two verdicts on a machine that changed: that of
 * the fast path, which reads bridges only, and that of a full scan.
 */
#ifndef FAST_PATH_H
#define FAST_PATH_H

#include "gate-fdt-writer.h"
#include "mock-config.h"
#include "unit.h"

#include "../../lib/workspace.h"
#include <pcigate/gate.h>

#define MAX_NODES 48
#define ON_ROOT (-1)

enum kind {
	ENDPOINT,
	ROOT_PORT,
	UPSTREAM,
	DOWNSTREAM,
	PCI_BRIDGE,
};

/* What the record contains. Each value adds something to the one before. */
enum content {
	LINUX,	      /* Linux's record only */
	OWN,	      /* pcigate's own record, without the complete flag */
	COMPLETE_OLD, /* the complete flag, without links and slots */
	COMPLETE,     /* links and slots */
	CONTENTS,
};

/* struct unit - what tells a device from others of its kind; 0 if it has no such register */
struct unit {
	uint8_t model;
	uint8_t revision;
	uint32_t subsystem;
	uint64_t serial;
};

/**
 * struct node - a function of the machine
 * @parent:     the bridge above it, ON_ROOT, or ON_ROOT - 1 on the second root bus
 * @primary, @secondary, @subordinate: the bus numbers of a bridge
 * @ari_next:   the next function that the ARI capability names
 * @ari_on:     of a bridge: ARI forwarding is enabled
 * @unit:       the identity of an endpoint
 * @ari:        the function has an ARI capability
 * @multifunction: the multifunction bit is set
 * @sriov:      the endpoint is recorded as a physical function
 * @gone:       the function does not answer
 * @no_bridge:  an endpoint answers in place of the bridge
 * @preserved:  the device is preserved
 * @recorded:   the function was present when the record was made
 */
struct node {
	int parent;
	enum kind kind;
	uint8_t devfn;
	uint8_t primary;
	uint8_t secondary;
	uint8_t subordinate;
	uint8_t ari_next;
	struct unit unit;
	bool ari;
	bool ari_on;
	bool multifunction;
	bool sriov;
	bool gone;
	bool no_bridge;
	bool preserved;
	bool recorded;
};

struct machine {
	struct node nodes[MAX_NODES];
	int nr;
	int nr_roots;
	uint8_t root_bus[2];
	uint8_t root_last[2];
	bool root_slots;
};

static struct machine m;
static struct mock_config config;
static struct pg_workspace workspace;
static struct pg_gate gate;
static struct pg_record_entry entries[MAX_NODES];
static struct pg_record record;
static uint8_t own[OWN_BYTES];

static inline bool is_bridge(const struct node *node)
{
	return node->kind != ENDPOINT;
}

static inline bool has_link(const struct node *node)
{
	return node->kind == ROOT_PORT || node->kind == DOWNSTREAM;
}

static inline int add(int parent, enum kind kind, uint8_t device, uint8_t function)
{
	assert_true(m.nr < MAX_NODES);
	m.nodes[m.nr] = (struct node){ .parent = parent,
				       .kind = kind,
				       .devfn = pg_devfn(device, function) };
	return m.nr++;
}

static inline uint8_t bus_of(const struct node *node)
{
	return node->parent >= 0 ? m.nodes[node->parent].secondary
				 : m.root_bus[ON_ROOT - node->parent];
}

/*
 * Numbers the bridges below @parent as firmware does, with @reserve free numbers behind each.
 * Returns the last number.
 */
static inline uint8_t number_below(int parent, uint8_t bus, uint8_t last, uint8_t reserve)
{
	for (int i = 0; i < m.nr; i++) {
		struct node *node = &m.nodes[i];

		if (node->parent != parent || !is_bridge(node))
			continue;
		node->primary = bus;
		node->secondary = (uint8_t)(last + 1);
		last = (uint8_t)(number_below(i, node->secondary, node->secondary, reserve) +
				 reserve);
		node->subordinate = last;
	}
	return last;
}

static inline void number_all(uint8_t reserve)
{
	for (int root = 0; root < m.nr_roots; root++)
		number_below(ON_ROOT - root, m.root_bus[root], m.root_bus[root], reserve);
}

static inline uint64_t address_of(const struct node *node)
{
	return (uint64_t)bus_of(node) << 8 | node->devfn;
}

/* Sorts the nodes by address. */
static inline int in_order(int order[MAX_NODES])
{
	int nr = 0;

	for (int i = 0; i < m.nr; i++) {
		int place = nr++;

		for (; place && address_of(&m.nodes[order[place - 1]]) > address_of(&m.nodes[i]);
		     place--)
			order[place] = order[place - 1];
		order[place] = i;
	}
	return nr;
}

static inline uint16_t preserved_below(int node)
{
	uint16_t nr = 0;

	for (int i = 0; i < m.nr; i++) {
		for (int up = i; m.nodes[i].preserved && up >= 0; up = m.nodes[up].parent)
			nr = (uint16_t)(nr + (up == node));
	}
	return nr;
}

static inline void write_bridge(const struct node *node, enum content content)
{
	const uint32_t bdf = (uint32_t)address_of(node);

	own_node_at(own, "bridge", 0, bdf);
	OWN_CELLS(own, "reg", 0, bdf);
	OWN_CELLS(own, "bus-numbers", node->primary, node->secondary, node->subordinate);
	if (preserved_below((int)(node - m.nodes)))
		OWN_CELLS(own, "preserved", preserved_below((int)(node - m.nodes)));
	if (content == COMPLETE && has_link(node))
		assert_int_equal(fdt_property(own, "link", NULL, 0), 0);
	if (node->ari_on)
		assert_int_equal(fdt_property(own, "ari", NULL, 0), 0);
	if (content == COMPLETE && node->kind == UPSTREAM)
		assert_int_equal(fdt_property(own, "no-slots", NULL, 0), 0);
	own_end(own);
}

static inline void write_device(const struct node *node, const uint32_t *path, uint32_t depth)
{
	const struct unit *unit = &node->unit;
	const uint32_t bdf = (uint32_t)address_of(node);

	own_node_at(own, "device", 0, bdf);
	OWN_CELLS(own, "reg", 0, bdf);
	OWN_CELLS(own, "id", 0x8086, 0x10d3u + unit->model);
	OWN_CELLS(own, "class", 0);
	OWN_CELLS(own, "revision", unit->revision);
	if (unit->subsystem)
		OWN_CELLS(own, "subsystem", unit->subsystem & 0xffff, unit->subsystem >> 16);
	if (unit->serial)
		OWN_CELLS(own, "serial", (uint32_t)(unit->serial >> 32), (uint32_t)unit->serial);
	own_cells(own, "path", path, depth);
	own_end(own);
}

static inline void write_own(enum content content, const int *order)
{
	own_begin(own, content >= COMPLETE_OLD);
	own_node(own, "bridges");
	for (int i = 0; i < m.nr; i++) {
		if (is_bridge(&m.nodes[order[i]]))
			write_bridge(&m.nodes[order[i]], content);
	}
	own_end(own);
	own_node(own, "devices");
	for (int i = 0; i < m.nr; i++) {
		const struct node *node = &m.nodes[order[i]];
		uint32_t path[MAX_NODES], depth = 0, up_down[MAX_NODES];

		if (!node->preserved)
			continue;
		for (int up = node->parent; up >= 0; up = m.nodes[up].parent)
			path[depth++] = (uint32_t)address_of(&m.nodes[up]);
		for (uint32_t j = 0; j < depth; j++)
			up_down[j] = path[depth - 1 - j];
		write_device(node, up_down, depth);
	}
	own_end(own);
	own_node(own, "sriov");
	for (int i = 0; i < m.nr; i++) {
		if (!m.nodes[order[i]].sriov)
			continue;
		own_node_at(own, "function", 0, (uint32_t)address_of(&m.nodes[order[i]]));
		OWN_CELLS(own, "reg", 0, (uint32_t)address_of(&m.nodes[order[i]]));
		OWN_CELLS(own, "buses", 0);
		own_end(own);
	}
	own_end(own);
	own_finish(own);
	record.own = (struct pg_gate_fdt){
		.present = true,
		.complete = content >= COMPLETE_OLD,
		.fdt = own,
		.bridges = own_path(own, "/bridges"),
		.devices = own_path(own, "/devices"),
		.sriov = own_path(own, "/sriov"),
		.answer = -FDT_ERR_NOTFOUND,
	};
	for (int root = 0; root < m.nr_roots; root++)
		record.roots[record.nr_roots++] = (struct pg_record_root){
			.first = m.root_bus[root],
			.last = m.root_last[root],
			.no_slots = content == COMPLETE && !m.root_slots,
		};
}

/* Records the machine as the outgoing kernel does. */
static inline void make_record(enum content content)
{
	int order[MAX_NODES];
	const int nr = in_order(order);

	record = (struct pg_record){
		.state = PG_RECORD_DEVICES,
		.pci_version = 2,
		.entries = entries,
	};
	for (int i = 0; i < nr; i++) {
		const struct node *node = &m.nodes[order[i]];
		const uint16_t refcount = preserved_below(order[i]);

		m.nodes[order[i]].recorded = true;
		if (!refcount)
			continue;
		record.files += node->preserved;
		entries[record.nr++] = (struct pg_record_entry){
			.at = pg_bdf(0, bus_of(node), node->devfn),
			.refcount = refcount,
		};
	}
	if (content >= OWN)
		write_own(content, order);
}

/* The serial number is the second extended capability. */
static inline void put_unit(struct mock_function *function, const struct unit *unit)
{
	function->regs[PG_REG_ID / 4] += (uint32_t)unit->model << 16;
	function->regs[PG_REG_CLASS / 4] = unit->revision;
	function->regs[PG_REG_SUBSYSTEM / 4] = unit->subsystem;
	if (!unit->serial)
		return;
	function->regs[PG_REG_EXTENDED / 4] = 0x14010001;
	function->regs[0x140 / 4] = 0x00010003;
	function->regs[0x144 / 4] = (uint32_t)unit->serial;
	function->regs[0x148 / 4] = (uint32_t)(unit->serial >> 32);
}

static inline void put_kind(struct mock_function *function, const struct node *node)
{
	static const uint8_t types[] = {
		[ENDPOINT] = 0, [ROOT_PORT] = 4, [UPSTREAM] = 5, [DOWNSTREAM] = 6
	};

	if (node->kind != PCI_BRIDGE)
		mock_pcie(function, types[node->kind]);
	if (has_link(node))
		function->regs[(0x40 + 0x24) / 4] = 1u << 5;
	if (node->ari_on)
		function->regs[(0x40 + 0x28) / 4] = 1u << 5;
	if (node->ari) {
		function->regs[PG_REG_EXTENDED / 4] = 0x0001000e;
		function->regs[PG_REG_EXTENDED / 4 + 1] = (uint32_t)node->ari_next << 8;
	}
}

/*
 * Builds config space from the nodes. mock_route() takes the first bridge that claims a bus, so the
 * functions are added in the order of their device numbers.
 */
static inline void make_machine(void)
{
	int order[MAX_NODES];
	int nr = 0;

	for (int i = 0; i < m.nr; i++) {
		int place = nr++;

		for (; place && m.nodes[order[place - 1]].devfn > m.nodes[i].devfn; place--)
			order[place] = order[place - 1];
		order[place] = i;
	}
	memset(config.functions, 0, sizeof(config.functions[0]) * config.nr);
	config.nr = config.nr_roots = config.nr_windows = config.reads = 0;
	mock_segment(&config, 0, 0, 255);
	for (int root = 0; root < m.nr_roots; root++)
		mock_root_bus(&config, 0, m.root_bus[root], MAX_NODES + root);
	for (int i = 0; i < nr; i++) {
		const struct node *node = &m.nodes[order[i]];
		const int wire =
			node->parent >= 0 ? node->parent : MAX_NODES + ON_ROOT - node->parent;
		struct mock_function *function;

		if (node->gone)
			continue;
		function = is_bridge(node) && !node->no_bridge
				   ? mock_bridge(&config, wire, 0, order[i], node->primary,
						 node->secondary, node->subordinate)
				   : mock_device(&config, wire, 0, 0);
		function->devfn = node->devfn;
		if (node->kind == ENDPOINT)
			put_unit(function, &node->unit);
		put_kind(function, node);
		if (node->multifunction)
			mock_multifunction(function);
	}
}

/* Returns the verdict. With @everything, the first scan is a full scan. */
static inline bool opens(bool everything, const char *cmdline)
{
	struct pg_record given = record;
	const struct pg_input input = {
		.source = { .read = pg_read_given, .ctx = &given },
		.config = &config.interface,
		.cmdline = cmdline,
		.cmdline_len = strlen(cmdline),
		.everything = everything,
	};

	given.entries = entries;
	config.reads = 0;
	pg_gate_run(&input, &workspace, &gate);
	return gate.verdict.open;
}

static inline void print_machine(void)
{
	for (int i = 0; i < m.nr; i++) {
		const struct node *node = &m.nodes[i];

		print_message(
			"%2d below %2d: %02x:%02x.%x kind %d %02x/%02x-%02x%s%s%s%s%s%s next %x\n",
			i, node->parent, bus_of(node), node->devfn >> 3, node->devfn & 7,
			node->kind, node->primary, node->secondary, node->subordinate,
			node->multifunction ? " multifunction" : "", node->gone ? " gone" : "",
			node->no_bridge ? " no bridge" : "", node->preserved ? " preserved" : "",
			node->recorded ? "" : " new", node->ari ? " ari" : "", node->ari_next);
	}
}

static inline int setup(void **state)
{
	mock_config_begin(&config);
	m = (struct machine){ .nr_roots = 1, .root_last = { 0xff, 0xff } };
	return 0;
}

static inline int teardown(void **state)
{
	mock_config_end(&config);
	return 0;
}

#endif
