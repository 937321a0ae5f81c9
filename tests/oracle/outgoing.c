// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * outgoing.c - the functions of a generated machine as Linux sees them.
 */
#include "outgoing.h"

bool outgoing_skips(const struct machine_function *function)
{
	const uint32_t id = function->has_id ? function->id : MACHINE_VENDOR;

	return !id || id == 0x0000ffff || id == 0xffff0000 || id == 0xffffffff ||
	       (function->header != MACHINE_NORMAL && !machine_is_bridge(function));
}

bool outgoing_is_pf(const struct machine *machine, const struct machine_function *function)
{
	const bool ari = outgoing_has_ari(machine, function);

	return function->sriov && function->vfs &&
	       (ari ? function->vf_offset_ari : function->vf_offset) &&
	       (function->vfs == 1 || (ari ? function->vf_stride_ari : function->vf_stride)) &&
	       machine_has(machine, function) && function->header == MACHINE_NORMAL &&
	       !outgoing_skips(function) && outgoing_has_extended(machine, function);
}

bool outgoing_sets_ari(const struct machine *machine, const struct machine_function *function)
{
	uint32_t index = machine_first_on(machine, function);

	if (!function->sriov || !outgoing_has_ari(machine, function))
		return false;
	for (; &machine->functions[index] != function; index = machine->functions[index].next) {
		if (outgoing_is_pf(machine, &machine->functions[index]))
			return false;
	}
	return true;
}

uint32_t outgoing_sriov_buses(const struct machine_function *function, bool ari)
{
	const uint32_t offset = ari ? function->vf_offset_ari : function->vf_offset;
	const uint32_t stride = ari ? function->vf_stride_ari : function->vf_stride;

	if (!function->vfs || !offset || (function->vfs > 1 && !stride))
		return 0;
	return (function->devfn + offset + stride * (function->vfs - 1u)) >> 8;
}

uint8_t outgoing_port_type(const struct machine *machine, uint32_t index)
{
	const struct machine_function *bridge = &machine->functions[index];
	uint8_t above;

	if (bridge->parent == MACHINE_NONE)
		return bridge->pcie;
	above = outgoing_port_type(machine, bridge->parent);
	if (bridge->pcie == MACHINE_PCIE_DOWNSTREAM &&
	    (above == MACHINE_PCIE_ROOT_PORT || above == MACHINE_PCIE_DOWNSTREAM ||
	     above == MACHINE_PCI_TO_PCIE))
		return MACHINE_PCIE_ENDPOINT;
	if (bridge->pcie == MACHINE_PCIE_UPSTREAM && above == MACHINE_PCIE_UPSTREAM)
		return MACHINE_PCIE_ENDPOINT;
	return bridge->pcie;
}

bool outgoing_has_extended(const struct machine *machine, const struct machine_function *function)
{
	uint32_t up;

	for (up = function->parent; up != MACHINE_NONE; up = machine->functions[up].parent) {
		const uint8_t type = outgoing_port_type(machine, up);

		if (type != MACHINE_PCIE_ROOT_PORT && type != MACHINE_PCIE_UPSTREAM &&
		    type != MACHINE_PCIE_DOWNSTREAM)
			return false;
	}
	return function->pcie != MACHINE_PCIE_NONE;
}

bool outgoing_has_ari(const struct machine *machine, const struct machine_function *function)
{
	const struct machine_function *bridge, *first;

	if (function->parent == MACHINE_NONE)
		return false;
	bridge = &machine->functions[function->parent];
	first = &machine->functions[bridge->child];
	while (!machine_has(machine, first) && first->next != MACHINE_NONE)
		first = &machine->functions[first->next];
	return machine_has(machine, first) && bridge->pcie != MACHINE_PCIE_NONE &&
	       bridge->ari_forward && !first->devfn && first->ari &&
	       outgoing_has_extended(machine, first) && !outgoing_skips(first);
}
