/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * port_type.h - the types of PCI Express ports.
 */
#ifndef PCIGATE_PORT_TYPE_H
#define PCIGATE_PORT_TYPE_H

#include <pcigate/port.h>

/**
 * enum pg_port - the type of a bridge in its PCI Express capability (PCI Express Base 7.5.3.2)
 * @PG_PORT_OTHER:      no PCI Express capability, or a type that is none of the others
 * @PG_PORT_UPSTREAM:   upstream port of a switch
 * @PG_PORT_DOWNSTREAM: downstream port of a switch
 * @PG_PORT_LINK:       root port or PCI to PCI Express bridge: a link with only device 0 is below
 */
enum pg_port {
	PG_PORT_OTHER,
	PG_PORT_UPSTREAM,
	PG_PORT_DOWNSTREAM,
	PG_PORT_LINK,
};

/*
 * The type that Linux uses for a port of type @port below a port that acts as @above. Linux detects
 * two ports of one kind in a row, which is impossible, but writes the corrected type into the wrong
 * bits (set_pcie_port_type() in 7.2 and 7.3). The result is type 0, an endpoint.
 */
static inline uint8_t pg_port_corrected(uint8_t port, uint8_t above)
{
	if (port == PG_PORT_DOWNSTREAM && (above == PG_PORT_DOWNSTREAM || above == PG_PORT_LINK))
		return PG_PORT_OTHER;
	if (port == PG_PORT_UPSTREAM && above == PG_PORT_UPSTREAM)
		return PG_PORT_OTHER;
	return port;
}

/*
 * A port with a link below it, where there is only device 0 (pcie_downstream_port() and
 * only_one_child() of Linux).
 */
static inline bool pg_port_is_downstream(uint8_t port)
{
	return port == PG_PORT_DOWNSTREAM || port == PG_PORT_LINK;
}

#endif
