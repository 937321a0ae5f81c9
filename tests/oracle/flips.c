// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * flips.c - machines in which one bit of one function has changed since the record was made.
 */
#include "flips.h"

/* Bytes from @first to @last, of functions that have @what. */
static const struct {
	uint16_t first;
	uint16_t last;
	enum { ANY, BRIDGE, CARDBUS, PCIE, EA, ARI, SRIOV } what;
} registers[] = {
	{ 0x000, 0x003, ANY },				     /* vendor, device */
	{ 0x006, 0x006, ANY },				     /* status: capabilities list */
	{ 0x008, 0x00b, ANY },				     /* revision, class */
	{ 0x00e, 0x00e, ANY },				     /* header type */
	{ 0x014, 0x014, CARDBUS },			     /* pointer to the capabilities */
	{ 0x034, 0x034, ANY },	   { 0x018, 0x01a, BRIDGE }, /* bus numbers */
	{ 0x040, 0x043, PCIE },				     /* PCI Express: header, flags */
	{ 0x054, 0x057, PCIE },				     /* slot capabilities */
	{ 0x058, 0x05b, PCIE },				     /* slot control, status */
	{ 0x064, 0x069, PCIE },				     /* device capabilities and control 2 */
	{ 0x080, 0x087, EA },	 /* Enhanced Allocation: header, fixed bus numbers */
	{ 0x100, 0x103, PCIE },	 /* extended capabilities: the first header */
	{ 0x104, 0x111, SRIOV }, /* SR-IOV, but for the Function Dependency Link */
	{ 0x114, 0x123, SRIOV },   { 0x140, 0x147, ARI }, /* ARI */
};

static bool has(const struct machine_function *function, int what)
{
	switch (what) {
	case BRIDGE:
		return machine_is_bridge(function);
	case CARDBUS:
		return function->header == MACHINE_CARDBUS;
	case PCIE:
		return function->pcie != MACHINE_PCIE_NONE;
	case EA:
		return function->ea;
	case ARI:
		return function->ari;
	case SRIOV:
		return function->sriov;
	}
	return true;
}

bool flip_next(struct machine *machine, struct flip *flip)
{
	const uint32_t nr = sizeof(registers) / sizeof(registers[0]);
	struct machine_function *function;

	if (flip->begun)
		machine->functions[flip->function].flip = false;
	for (; flip->function < machine->nr; flip->function++, flip->which = 0) {
		function = &machine->functions[flip->function];
		for (; flip->which < nr; flip->which++, flip->bit = 0) {
			const uint32_t bits = 8u * (registers[flip->which].last -
						    registers[flip->which].first + 1u);

			if (flip->bit >= bits || !has(function, registers[flip->which].what))
				continue;
			function->flip = true;
			function->flip_reg =
				(uint16_t)(registers[flip->which].first + flip->bit / 8);
			function->flip_bit = (uint8_t)(flip->bit % 8);
			flip->bit++;
			flip->begun = true;
			return true;
		}
	}
	return false;
}
