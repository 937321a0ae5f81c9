// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * generate.c - generates a machine: first the bridges and devices, then bus numbers as firmware
 * would assign them, then faults.
 *
 * Long: all steps draw from one sequence of random numbers, and seeds depend on the order.
 */
#include "generate.h"
#include "outgoing.h"

#include <stdio.h>
#include <string.h>

/* The kind of a bus, which decides what can be on it. */
enum bus_kind {
	ROOT_BUS,
	LINK,	  /* below a root or downstream port */
	SWITCH,	  /* inside a switch, below its upstream port */
	PARALLEL, /* conventional PCI */
};

/**
 * struct maker - the state of the generation of a machine
 * @machine: the machine
 * @state:   state of the random numbers
 * @budget:  number of functions that may still be added
 * @lies:    port types may be wrong
 * @odd:     unusual functions may appear: empty IDs, unknown layouts, missing multifunction bits
 * @plugs:   percentage of the places where a card was removed, added or replaced since the record
 *           was made
 */
struct maker {
	struct machine *machine;
	uint64_t state;
	uint32_t budget;
	bool lies;
	bool odd;
	uint32_t plugs;
};

/* splitmix64 */
static uint64_t random64(struct maker *maker)
{
	uint64_t z = maker->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static uint32_t below(struct maker *maker, uint32_t n)
{
	return (uint32_t)(random64(maker) % n);
}

static uint32_t between(struct maker *maker, uint32_t first, uint32_t last)
{
	return first + below(maker, last - first + 1);
}

static bool percent(struct maker *maker, uint32_t n)
{
	return below(maker, 100) < n;
}

static void make_bus(struct maker *maker, uint16_t parent, enum bus_kind kind, uint32_t depth);

/*
 * ---- Wiring ----
 */

static struct machine_function *add(struct maker *maker, uint16_t parent, uint8_t devfn,
				    uint16_t *last)
{
	struct machine *machine = maker->machine;
	const uint16_t index = (uint16_t)machine->nr++;
	struct machine_function *function = &machine->functions[index];

	*function = (struct machine_function){
		.root = (uint16_t)(machine->nr_roots - 1),
		.parent = parent,
		.child = MACHINE_NONE,
		.next = MACHINE_NONE,
		.devfn = devfn,
		.pcie = MACHINE_PCIE_NONE,
	};
	if (*last != MACHINE_NONE)
		machine->functions[*last].next = index;
	else if (parent != MACHINE_NONE)
		machine->functions[parent].child = index;
	else
		machine->roots[machine->nr_roots - 1].child = index;
	*last = index;
	maker->budget--;
	return function;
}

static void make_sriov(struct maker *maker, struct machine_function *function)
{
	static const uint16_t totals[] = { 0,  1,   2,	 7,   8,    16,	  63,
					   64, 128, 255, 256, 1024, 4096, 0xffff };
	static const uint16_t offsets[] = { 0, 1, 8, 16, 128, 256, 384, 512 };

	function->sriov = true;
	function->vfs = totals[below(maker, percent(maker, 90) ? 11 : 14)];
	function->vf_offset = offsets[percent(maker, 95) ? between(maker, 1, 7) : 0];
	function->vf_stride = (uint16_t)(percent(maker, 95) ? between(maker, 1, 4) : 0);
	function->vf_offset_ari = function->vf_offset;
	function->vf_stride_ari = function->vf_stride;
	if (percent(maker, 30)) {
		function->vf_offset_ari = offsets[between(maker, 1, 4)];
		function->vf_stride_ari = 1;
	}
}

/* The place and type of a port, and its slot. */
static void make_port(struct maker *maker, struct machine_function *function, uint8_t type)
{
	static const uint8_t types[] = {
		MACHINE_PCIE_ENDPOINT,	 MACHINE_PCIE_ROOT_PORT, MACHINE_PCIE_UPSTREAM,
		MACHINE_PCIE_DOWNSTREAM, MACHINE_PCIE_TO_PCI,	 MACHINE_PCI_TO_PCIE,
		MACHINE_PCIE_NONE,
	};

	function->pcie = type;
	if (maker->lies && percent(maker, 25))
		function->pcie = types[below(maker, sizeof(types))];
	if (type == MACHINE_PCIE_ROOT_PORT || type == MACHINE_PCIE_DOWNSTREAM ||
	    type == MACHINE_PCI_TO_PCIE) {
		function->slot = percent(maker, 60);
		function->hotplug = percent(maker, 50);
		function->ari_forward = percent(maker, 50);
		function->ari_enabled = function->ari_forward && percent(maker, 40);
		function->any_device = percent(maker, maker->lies ? 50 : 5);
	}
}

static uint8_t bridge_below(struct maker *maker, enum bus_kind kind)
{
	const uint32_t dice = below(maker, 100);

	switch (kind) {
	case ROOT_BUS:
		return dice < 70   ? MACHINE_PCIE_ROOT_PORT
		       : dice < 95 ? MACHINE_PCIE_NONE
				   : MACHINE_PCIE_UPSTREAM;
	case LINK:
		return dice < 75   ? MACHINE_PCIE_UPSTREAM
		       : dice < 95 ? MACHINE_PCIE_TO_PCI
				   : MACHINE_PCIE_DOWNSTREAM;
	case SWITCH:
		return dice < 96 ? MACHINE_PCIE_DOWNSTREAM : MACHINE_PCIE_UPSTREAM;
	case PARALLEL:
		break;
	}
	return dice < 85 ? MACHINE_PCIE_NONE : MACHINE_PCI_TO_PCIE;
}

static enum bus_kind kind_below(const struct machine_function *bridge)
{
	switch (bridge->pcie) {
	case MACHINE_PCIE_ROOT_PORT:
	case MACHINE_PCIE_DOWNSTREAM:
	case MACHINE_PCI_TO_PCIE:
		return LINK;
	case MACHINE_PCIE_UPSTREAM:
		return SWITCH;
	}
	return PARALLEL;
}

static void make_bridge(struct maker *maker, struct machine_function *function, enum bus_kind kind,
			uint32_t depth)
{
	const uint8_t type = bridge_below(maker, kind);
	const uint16_t index = (uint16_t)(function - maker->machine->functions);

	function->header = MACHINE_BRIDGE;
	make_port(maker, function, type);
	function->wired = percent(maker, 3);
	make_bus(maker, index, kind_below(function), depth + 1);
}

static void make_device(struct maker *maker, struct machine_function *function, enum bus_kind kind)
{
	function->header = MACHINE_NORMAL;
	if (kind == PARALLEL ? percent(maker, 5) : percent(maker, 85))
		function->pcie = kind == ROOT_BUS ? MACHINE_PCIE_INTEGRATED : MACHINE_PCIE_ENDPOINT;
	if (function->pcie != MACHINE_PCIE_NONE && percent(maker, 25))
		make_sriov(maker, function);
	if (maker->odd && percent(maker, 10)) {
		static const uint32_t empty[] = { 0, 0x0000ffff, 0xffff0000 };

		if (percent(maker, 50))
			function->header = (uint8_t)between(maker, 3, 0x7f);
		else {
			function->has_id = true;
			function->id = empty[below(maker, 3)];
		}
	}
}

/* Adds one function; with @bridge, a bridge and the devices below it. */
static struct machine_function *make_function(struct maker *maker, uint16_t parent, uint8_t devfn,
					      enum bus_kind kind, uint32_t depth, bool bridge,
					      uint16_t *last)
{
	const uint32_t dice = below(maker, 100);
	struct machine_function *function = add(maker, parent, devfn, last);

	if (kind == PARALLEL && dice < 8)
		function->header = MACHINE_CARDBUS;
	else if (bridge)
		make_bridge(maker, function, kind, depth);
	else
		make_device(maker, function, kind);
	return function;
}

/* Adds a device with all its functions. */
static void make_slot(struct maker *maker, uint16_t parent, uint8_t device, enum bus_kind kind,
		      uint32_t depth, uint16_t *last)
{
	static const uint32_t bridges[] = {
		[ROOT_BUS] = 55, [LINK] = 45, [SWITCH] = 97, [PARALLEL] = 30
	};
	const bool multi = percent(maker, kind == SWITCH ? 15 : 30);
	const bool want_bridge = depth < 12 && percent(maker, bridges[kind]);
	uint8_t fn;

	for (fn = 0; fn < (multi ? 8 : 1) && maker->budget; fn++) {
		const uint8_t devfn = (uint8_t)(device << 3 | fn);
		const bool bridge = fn ? percent(maker, want_bridge ? 70 : 3) : want_bridge;
		struct machine_function *function;

		if (fn && percent(maker, 60))
			continue;
		function = make_function(maker, parent, devfn, kind, depth, bridge, last);
		function->multi = multi || percent(maker, 1);
		if (maker->odd && percent(maker, 3))
			function->multi = !function->multi;
		/* All functions of a card are added or removed together. */
		if (!percent(maker, fn ? 0 : maker->plugs))
			continue;
		function->gone = percent(maker, 60);
		function->added = !function->gone;
		if (!function->gone || !maker->budget || percent(maker, 40))
			continue;
		function = make_function(maker, parent, devfn, kind, depth,
					 depth < 12 && percent(maker, 60), last);
		function->multi = multi;
		function->added = true;
	}
}

/* Adds a device with ARI. Functions above 7 have other device numbers; each names the next one. */
static void make_ari(struct maker *maker, uint16_t parent, uint16_t *last)
{
	uint8_t fn = 0;

	while (maker->budget) {
		struct machine_function *function = add(maker, parent, fn, last);
		const uint32_t next = fn + between(maker, 1, 9);

		function->pcie = MACHINE_PCIE_ENDPOINT;
		function->ari = percent(maker, 97);
		function->multi = true;
		if (percent(maker, 50))
			make_sriov(maker, function);
		if (next > 40 || percent(maker, 40)) {
			function->ari_next = (uint8_t)(percent(maker, 95) ? 0 : below(maker, 256));
			return;
		}
		function->ari_next = (uint8_t)next;
		fn = (uint8_t)next;
	}
}

static void make_bus(struct maker *maker, uint16_t parent, enum bus_kind kind, uint32_t depth)
{
	static const uint32_t most[] = { [ROOT_BUS] = 6, [LINK] = 1, [SWITCH] = 4, [PARALLEL] = 4 };
	uint16_t last = MACHINE_NONE;
	uint32_t slots, device = 0;

	if (kind == LINK && percent(maker, 12) && maker->budget) {
		make_ari(maker, parent, &last);
		return;
	}
	slots = kind == LINK ? (uint32_t)percent(maker, 85)
			     : between(maker, kind == ROOT_BUS ? 1 : 0, most[kind]);
	/* A device other than 0 below a link, against the specification. */
	if (kind == LINK && (maker->lies || maker->odd) && percent(maker, 20))
		slots = 2;
	for (; slots && device < 32 && maker->budget; slots--) {
		make_slot(maker, parent, (uint8_t)device, kind, depth, &last);
		device += percent(maker, 60) ? 1 : between(maker, 1, 8);
	}
}

/*
 * ---- Numbers ----
 */

/*
 * The number of buses that virtual functions need beyond the bus of their physical function, as
 * firmware computes it.
 */
static uint32_t sriov_buses(const struct machine_function *function)
{
	if (!function->sriov || !function->vfs || !function->vf_offset)
		return 0;
	return (function->devfn + function->vf_offset +
		(uint32_t)function->vf_stride * (function->vfs - 1u)) >>
	       8;
}

static uint32_t number_bridge(struct maker *maker, struct machine_function *bridge, uint32_t bus,
			      uint32_t next, uint32_t last);

/* Gives numbers to the bridges below a bus. Returns the highest number used. */
static uint32_t number_bus(struct maker *maker, uint32_t index, uint32_t bus, uint32_t last)
{
	struct machine *machine = maker->machine;
	uint32_t max = bus, extra = 0, i;

	for (i = index; i != MACHINE_NONE; i = machine->functions[i].next) {
		const uint32_t buses = sriov_buses(&machine->functions[i]);

		if (buses > extra && !machine->functions[i].added && percent(maker, 80))
			extra = buses;
	}
	max += bus + extra <= last ? extra : 0;
	for (i = index; i != MACHINE_NONE; i = machine->functions[i].next) {
		if (machine_is_bridge(&machine->functions[i]) && !machine->functions[i].added)
			max = number_bridge(maker, &machine->functions[i], bus, max + 1, last);
	}
	return max;
}

static uint32_t number_bridge(struct maker *maker, struct machine_function *bridge, uint32_t bus,
			      uint32_t next, uint32_t last)
{
	uint32_t max;

	/* No number is left: firmware leaves the bridge as after a reset. */
	if (next > last)
		return next - 1;
	max = number_bus(maker, bridge->child, next, last);
	if (bridge->hotplug && percent(maker, 70))
		max += between(maker, 1, 8);
	else if (percent(maker, 5))
		max += between(maker, 1, 30);
	if (bridge->header == MACHINE_CARDBUS)
		max += below(maker, 5);
	if (max > last)
		max = last;
	bridge->primary = (uint8_t)(bridge->wired ? 0 : bus);
	bridge->secondary = (uint8_t)next;
	bridge->subordinate = (uint8_t)max;
	return max;
}

static void wild_numbers(struct maker *maker, struct machine_function *bridge)
{
	bridge->primary = (uint8_t)below(maker, percent(maker, 50) ? 256 : 6);
	bridge->secondary = (uint8_t)below(maker, percent(maker, 30) ? 256 : 16);
	bridge->subordinate = (uint8_t)below(maker, percent(maker, 30) ? 256 : 24);
}

static struct machine_function *any_bridge(struct maker *maker)
{
	uint32_t tries;

	for (tries = 0; tries < 40; tries++) {
		struct machine_function *function =
			&maker->machine->functions[below(maker, maker->machine->nr)];

		if (machine_is_bridge(function))
			return function;
	}
	return NULL;
}

/*
 * Gives a bridge fixed numbers by Enhanced Allocation, mostly equal to its present numbers. With
 * these, the registers can be read-only; then they hold the fixed numbers.
 */
static void make_ea(struct maker *maker, struct machine_function *bridge)
{
	bridge->ea = true;
	bridge->ea_secondary = bridge->secondary;
	bridge->ea_subordinate = bridge->subordinate;
	if (percent(maker, 40)) {
		bridge->ea_secondary = (uint8_t)below(maker, percent(maker, 30) ? 256 : 24);
		bridge->ea_subordinate = (uint8_t)(bridge->ea_secondary + below(maker, 8));
		bridge->secondary = bridge->ea_secondary;
		bridge->subordinate = bridge->ea_subordinate;
	}
	/* A CardBus bridge has no Enhanced Allocation. Without fixed numbers, registers are
	 * writable. */
	bridge->fixed = percent(maker, 30) && bridge->header == MACHINE_BRIDGE &&
			bridge->ea_secondary && bridge->ea_subordinate >= bridge->ea_secondary;
	if (percent(maker, 60)) {
		bridge->primary = 0;
		if (!bridge->fixed)
			bridge->secondary = bridge->subordinate = 0;
	}
}

/*
 * With a probability of @share percent, the present numbers of a bridge become those of the record,
 * before a fault changes them. In the outgoing kernel, nearly all bridges had valid numbers.
 */
static void note_numbers(struct maker *maker, struct machine_function *bridge, uint32_t share)
{
	if (bridge->was || !percent(maker, share))
		return;
	bridge->was = true;
	bridge->was_primary = bridge->primary;
	bridge->was_secondary = bridge->secondary;
	bridge->was_subordinate = bridge->subordinate;
}

/* Makes one fault in a bridge. Long: one short case for each fault. */
static void one_fault(struct maker *maker)
{
	struct machine_function *bridge = any_bridge(maker), *other = any_bridge(maker);

	if (!bridge || !other)
		return;
	note_numbers(maker, bridge, 97);
	switch (below(maker, 20)) {
	case 0:
	case 1:
		bridge->primary = bridge->secondary = bridge->subordinate = 0;
		break;
	case 2:
		bridge->secondary = 0;
		break;
	case 3:
		bridge->primary = (uint8_t)(bridge->primary + between(maker, 1, 3));
		break;
	case 4:
		bridge->secondary = (uint8_t)(bridge->secondary - between(maker, 1, 3));
		break;
	case 5:
		bridge->secondary = (uint8_t)(bridge->subordinate + 1);
		break;
	case 6:
		bridge->subordinate = (uint8_t)(bridge->subordinate - between(maker, 1, 3));
		break;
	case 7:
		bridge->subordinate = (uint8_t)(bridge->subordinate + between(maker, 1, 12));
		break;
	case 8:
		bridge->subordinate = 0xff;
		break;
	case 9:
	case 10:
		bridge->secondary = other->secondary;
		bridge->subordinate = other->subordinate;
		if (percent(maker, 50))
			bridge->primary = other->primary;
		break;
	case 11:
		bridge->secondary = (uint8_t)(bridge->secondary + between(maker, 1, 3));
		break;
	case 12:
		bridge->wired = true;
		bridge->primary = 0;
		break;
	case 13:
		make_ea(maker, bridge);
		break;
	case 14:
	case 15:
		wild_numbers(maker, bridge);
		break;
	case 16:
		bridge->primary = (uint8_t)below(maker, 256);
		break;
	case 17:
		bridge->secondary = (uint8_t)below(maker, 256);
		break;
	case 18:
		bridge->subordinate = (uint8_t)below(maker, 256);
		break;
	case 19:
		/* Inside a neighbour's range */
		if (other->secondary <= other->subordinate) {
			bridge->secondary =
				(uint8_t)between(maker, other->secondary, other->subordinate);
			bridge->subordinate =
				(uint8_t)between(maker, bridge->secondary, other->subordinate);
		}
		break;
	}
}

/* The bridges of an added card have the numbers of a reset, or random ones. */
static void number_added(struct maker *maker)
{
	struct machine *machine = maker->machine;
	uint32_t i, up;

	for (i = 0; i < machine->nr; i++) {
		struct machine_function *function = &machine->functions[i];

		for (up = i; up != MACHINE_NONE && !machine->functions[up].added;
		     up = machine->functions[up].parent)
			;
		if (up == MACHINE_NONE || !machine_is_bridge(function))
			continue;
		function->primary = function->secondary = function->subordinate = 0;
		if (percent(maker, 30))
			wild_numbers(maker, function);
	}
}

/*
 * Marks one to three devices as preserved, none of them added later. In some machines all bridges
 * have the same ID, and all devices.
 */
static void choose_preserved(struct maker *maker)
{
	struct machine *machine = maker->machine;
	const bool same = !maker->plugs && percent(maker, 15);
	uint32_t wanted = between(maker, 1, 3), tries, i;

	for (tries = 0; tries < 64 && wanted; tries++) {
		struct machine_function *function = &machine->functions[below(maker, machine->nr)];

		if (machine_is_bridge(function) || function->added || function->preserved ||
		    (function->gone && percent(maker, 90)))
			continue;
		function->preserved = true;
		wanted--;
	}
	for (i = 0; i < machine->nr && same; i++) {
		struct machine_function *function = &machine->functions[i];

		if (!function->has_id) {
			function->has_id = true;
			function->id = machine_is_bridge(function) ? 0x00017067 : 0x00027067;
		}
	}
}

/*
 * ---- Virtual functions ----
 */

/*
 * The most virtual functions that the outgoing kernel could have enabled: it needs a bus number for
 * the last one.
 */
static uint32_t most_vfs(const struct machine *machine, const struct machine_function *function)
{
	const bool ari = outgoing_has_ari(machine, function);
	const uint32_t offset = ari ? function->vf_offset_ari : function->vf_offset;
	const uint32_t stride = ari ? function->vf_stride_ari : function->vf_stride;
	uint32_t bus = machine->roots[function->root].first,
		 last = machine->roots[function->root].last, most;

	if (function->parent != MACHINE_NONE) {
		const struct machine_function *above = &machine->functions[function->parent];

		bus = above->was ? above->was_secondary : above->secondary;
		last = above->was ? above->was_subordinate : above->subordinate;
	}
	if (!outgoing_is_pf(machine, function) || last < bus ||
	    function->devfn + offset > ((last - bus) << 8 | 0xff))
		return 0;
	if (!stride)
		return 1;
	most = (((last - bus) << 8 | 0xff) - function->devfn - offset) / stride + 1;
	return most < function->vfs ? most : function->vfs;
}

/* Changes a bit that virtual functions depend on, mostly in the SR-IOV capability. */
static void change_vf_register(struct maker *maker, struct machine_function *function)
{
	struct machine_function *above = &maker->machine->functions[function->parent];

	if (function->parent != MACHINE_NONE && above->ari_forward && percent(maker, 25)) {
		above->flip = true;
		above->flip_reg = 0x68;
		above->flip_bit = 5;
		return;
	}
	function->flip = true;
	function->flip_reg = (uint16_t)(percent(maker, 80) ? between(maker, 0x108, 0x117)
							   : between(maker, 0x100, 0x13b));
	/* The Function Dependency Link is a constant of the device. */
	if (function->flip_reg == 0x112)
		function->flip_reg = 0x110;
	function->flip_bit = (uint8_t)below(maker, 8);
}

/* Enables virtual functions as the outgoing kernel would have, and chooses which are preserved. */
static void enable_vfs(struct maker *maker, struct machine_function *function)
{
	const uint32_t most = most_vfs(maker->machine, function);
	const bool ari = outgoing_has_ari(maker->machine, function);
	uint32_t limit;

	if (!most)
		return;
	/* Linux takes 10 us for each. */
	limit = percent(maker, 90) ? 24 : 300;
	function->vfs_on = (uint16_t)between(maker, 1, most > limit ? limit : most);
	if (percent(maker, 80))
		function->kept[function->nr_kept++] = (uint16_t)below(maker, function->vfs_on);
	if (function->nr_kept && function->kept[0] < function->vfs_on - 1 && percent(maker, 60))
		function->kept[function->nr_kept++] = (uint16_t)(function->vfs_on - 1);
	function->preserved |= percent(maker, 75);
	/* ARI as the outgoing kernel left it */
	if (ari && percent(maker, 95))
		maker->machine->functions[function->parent].ari_enabled = true;
	if (percent(maker, 30))
		change_vf_register(maker, function);
}

static void make_vfs(struct maker *maker)
{
	struct machine *machine = maker->machine;
	uint32_t i, nr = 0;

	for (i = 0; i < machine->nr && nr < MACHINE_MAX_PFS; i++) {
		struct machine_function *function = &machine->functions[i];

		if (function->sriov && !function->added && percent(maker, 40))
			enable_vfs(maker, function);
		nr += function->vfs_on != 0;
	}
	for (i = 0; i < machine->nr && nr; i++) {
		struct machine_function *function = &machine->functions[i];

		if (function->sriov && percent(maker, 98))
			function->vfs_ari = outgoing_sets_ari(machine, function);
	}
}

/*
 * ---- Root buses ----
 */

static void add_root(struct maker *maker, uint32_t first, uint32_t last)
{
	maker->machine->roots[maker->machine->nr_roots++] = (struct machine_root){
		.first = (uint8_t)first,
		.last = (uint8_t)last,
		.child = MACHINE_NONE,
	};
	make_bus(maker, MACHINE_NONE, ROOT_BUS, 0);
}

static void make_roots(struct maker *maker, uint32_t size)
{
	uint32_t first = percent(maker, 90)   ? 0
			 : percent(maker, 60) ? between(maker, 1, 240)
					      : between(maker, 241, 255);
	uint32_t last, left;

	maker->budget = size;
	if (percent(maker, 55)) {
		last = percent(maker, 60) ? 255 : first + between(maker, 0, 12);
		add_root(maker, first, last > 255 ? 255 : last);
		return;
	}
	for (left = between(maker, 2, 5); left && first < 256; left--) {
		last = left == 1 && percent(maker, 50)
			       ? 255
			       : first + between(maker, 0, percent(maker, 40) ? 60 : 10);
		if (last > 255)
			last = 255;
		maker->budget = size / left + 1;
		size -= size / left;
		add_root(maker, first, last);
		first = last + (percent(maker, 85) ? 1 : between(maker, 2, 20));
	}
	/* ACPI lists root buses in any order. */
	if (maker->machine->nr_roots > 1 && percent(maker, 15)) {
		struct machine *machine = maker->machine;
		const uint32_t other = between(maker, 1, machine->nr_roots - 1);
		const uint8_t first_first = machine->roots[0].first,
			      first_last = machine->roots[0].last;

		machine->roots[0].first = machine->roots[other].first;
		machine->roots[0].last = machine->roots[other].last;
		machine->roots[other].first = first_first;
		machine->roots[other].last = first_last;
	}
}

static uint32_t choose_size(struct maker *maker)
{
	const uint32_t dice = below(maker, 100);

	if (dice < 45)
		return between(maker, 2, 10);
	if (dice < 85)
		return between(maker, 8, 24);
	return dice < 98 ? between(maker, 20, 50) : between(maker, 50, 200);
}

static void begin(struct maker *maker, struct machine *machine, uint64_t seed, uint32_t index)
{
	*maker = (struct maker){ .machine = machine, .state = seed * 0x100000001b3u + index };
	/* Consecutive seeds must not give similar sequences. */
	maker->state = random64(maker) ^ (uint64_t)index << 32;
	machine->nr = 0;
	machine->nr_roots = 0;
	machine->then = false;
	machine->record = MACHINE_RECORD_OWN;
	snprintf(machine->name, sizeof(machine->name), "s%llu-%u", (unsigned long long)seed, index);
}

static void number_roots(struct maker *maker, uint32_t keep_range)
{
	struct machine *machine = maker->machine;
	uint32_t i;

	for (i = 0; i < machine->nr_roots; i++) {
		const uint32_t last = percent(maker, keep_range) ? machine->roots[i].last : 255;

		number_bus(maker, machine->roots[i].child, machine->roots[i].first, last);
	}
}

void generate(struct machine *machine, uint64_t seed, uint32_t index)
{
	struct maker maker;
	uint32_t faults, i, dice;

	begin(&maker, machine, seed, index);
	maker.lies = percent(&maker, 20);
	maker.odd = percent(&maker, 20);
	maker.plugs = percent(&maker, 25) ? between(&maker, 3, 20) : 0;
	if (percent(&maker, 30))
		machine->record =
			percent(&maker, 60) ? MACHINE_RECORD_UPSTREAM : MACHINE_RECORD_INCOMPLETE;
	make_roots(&maker, choose_size(&maker));
	number_roots(&maker, 95);
	number_added(&maker);
	if (machine->nr) {
		dice = below(&maker, 100);
		faults = dice < 20   ? 0
			 : dice < 50 ? 1
			 : dice < 75 ? 2
			 : dice < 90 ? between(&maker, 3, 6)
				     : 0;
		for (; faults; faults--)
			one_fault(&maker);
		for (i = 0; dice >= 90 && i < machine->nr; i++) {
			if (!machine_is_bridge(&machine->functions[i]) ||
			    !percent(&maker, dice >= 95 ? 100 : 40))
				continue;
			note_numbers(&maker, &machine->functions[i], 97);
			wild_numbers(&maker, &machine->functions[i]);
		}
		choose_preserved(&maker);
	}
	/* Fixed registers hold the fixed numbers, also after a fault. */
	for (i = 0; i < machine->nr; i++) {
		struct machine_function *function = &machine->functions[i];

		if (function->fixed) {
			function->secondary = function->ea_secondary;
			function->subordinate = function->ea_subordinate;
			function->was = false;
		}
	}
	make_vfs(&maker);
	machine_reset(machine);
}

void generate_sound(struct machine *machine, uint64_t seed, uint32_t index)
{
	struct maker maker;

	begin(&maker, machine, seed, index);
	make_roots(&maker, between(&maker, 8, 24));
	number_roots(&maker, 100);
	choose_preserved(&maker);
	make_vfs(&maker);
	machine_reset(machine);
}
