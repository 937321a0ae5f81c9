/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * outgoing.h - what the outgoing kernel, which is Linux, knows of a function of a generated
 * machine.
 */
#ifndef ORACLE_OUTGOING_H
#define ORACLE_OUTGOING_H

#include "machine.h"

/*
 * outgoing_skips() - whether the ID means an empty slot for Linux, or the header type is one that
 * Linux does not know (pci_scan_device(), pci_setup_device()).
 */
bool outgoing_skips(const struct machine_function *function);

/*
 * outgoing_port_type() - the port type that Linux uses. A downstream port cannot be below a
 * downstream port, nor an upstream port below an upstream port. set_pcie_port_type() corrects the
 * lower one, but writes the new type into the wrong bits, so the port becomes an endpoint.
 */
uint8_t outgoing_port_type(const struct machine *machine, uint32_t index);

/*
 * outgoing_has_extended() - whether Linux finds extended capabilities of the function. It reads
 * extended registers only below PCI Express ports (pci_bridge_child_ext_cfg_accessible()).
 */
bool outgoing_has_extended(const struct machine *machine, const struct machine_function *function);

/*
 * outgoing_has_ari() - whether Linux enables ARI forwarding to the bus of the function. It depends
 * on function 0 of the bus (pci_configure_ari()).
 */
bool outgoing_has_ari(const struct machine *machine, const struct machine_function *function);

/*
 * outgoing_is_pf() - whether Linux takes the function for a physical function (sriov_init()).
 */
bool outgoing_is_pf(const struct machine *machine, const struct machine_function *function);

/*
 * outgoing_sets_ari() - whether Linux sets ARI Capable Hierarchy in the function: in each function
 * with SR-IOV up to the first physical function of a bus (sriov_init()).
 */
bool outgoing_sets_ari(const struct machine *machine, const struct machine_function *function);

/*
 * outgoing_sriov_buses() - the number of buses that virtual functions need after the bus of their
 * physical function, as Linux computes it in sriov_init() and compute_max_vf_buses(). @ari: Linux
 * has enabled ARI forwarding to the bus.
 */
uint32_t outgoing_sriov_buses(const struct machine_function *function, bool ari);

#endif
