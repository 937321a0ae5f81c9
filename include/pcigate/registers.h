/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * registers.h - the registers of config space and their bits that pcigate reads.
 */
#ifndef PCIGATE_REGISTERS_H
#define PCIGATE_REGISTERS_H

#include <pcigate/port.h>

/* Offsets of dwords (PCI Local Bus 3.0, 6.1; PCI-to-PCI Bridge 1.2, 3.2). */
#define PG_REG_ID 0x00		 /* vendor ID 15..0, device ID 31..16 */
#define PG_REG_COMMAND 0x04	 /* command 15..0, status 31..16 */
#define PG_REG_CLASS 0x08	 /* revision 7..0, class code 31..8 */
#define PG_REG_HEADER 0x0c	 /* header type 23..16: layout 22..16, multifunction 23 */
#define PG_REG_BUSES 0x18	 /* primary 7..0, secondary 15..8, subordinate 23..16 */
#define PG_REG_SUBSYSTEM 0x2c	 /* subsystem vendor ID 15..0, subsystem ID 31..16 */
#define PG_REG_CAPABILITIES 0x34 /* first capability 7..0; 0x14 for CardBus bridges */
#define PG_REG_EXTENDED 0x100	 /* the first extended capability */

#define PG_STATUS_CAPABILITIES (1u << 20) /* in PG_REG_COMMAND: there is a list of capabilities */
#define PG_HEADER_NORMAL 0
#define PG_HEADER_BRIDGE 1
#define PG_HEADER_CARDBUS 2
#define PG_HEADER_UNKNOWN 3 /* any layout that Linux does not know */

/*
 * Vendor ID of a device that is not ready (PCI Express Base 2.3.1, Request Retry Status,
 * software visibility).
 */
#define PG_ID_NOT_READY 0x0001u

/*
 * PCI Express capability (PCI Express Base 7.5.3). Its first dword holds the PCI Express
 * Capabilities Register in the upper half (7.5.3.2).
 */
#define PG_CAPABILITY_EXPRESS 0x10u
#define PG_EXPRESS_VERSION(first_dword) ((first_dword) >> 16 & 0xf)
#define PG_EXPRESS_TYPE(first_dword) ((first_dword) >> 20 & 0xf)
#define PG_EXPRESS_SLOT(first_dword) ((first_dword) >> 24 & 1)
#define PG_EXPRESS_ROOT_PORT 4u
#define PG_EXPRESS_UPSTREAM 5u
#define PG_EXPRESS_DOWNSTREAM 6u
#define PG_EXPRESS_FROM_PCI 8u
#define PG_EXPRESS_INTEGRATED 9u
#define PG_EXPRESS_COLLECTOR 10u

/*
 * From the start of that capability: Slot Capabilities (7.5.3.9); version 2 has a second set of
 * registers (7.5.3.15, 7.5.3.16).
 */
#define PG_EXPRESS_SLOT_CAPABILITIES 0x14u
#define PG_SLOT_HOTPLUG_CAPABLE (1u << 6)
#define PG_EXPRESS_DEVICE_CAPABILITIES_2 0x24u
#define PG_EXPRESS_DEVICE_CONTROL_2 0x28u
#define PG_ARI_FORWARDING (1u << 5) /* in both */

/*
 * Enhanced Allocation (PCI Express Base 7.8.5): in bridges, the dword after the header holds fixed
 * bus numbers.
 */
#define PG_CAPABILITY_EA 0x14u
#define PG_EA_BUSES 4u

/*
 * Extended capabilities: Device Serial Number (PCI Express Base 7.9.3), ARI (7.8.8), SR-IOV
 * (9.3.3).
 */
#define PG_EXTENDED_SERIAL 0x0003u
#define PG_SERIAL_LOW 4u
#define PG_SERIAL_HIGH 8u
#define PG_EXTENDED_ARI 0x000eu
#define PG_ARI_CAPABILITY 4u /* 15..8 of it: next function number */
#define PG_EXTENDED_SRIOV 0x0010u
#define PG_SRIOV_CONTROL 0x08u
#define PG_SRIOV_VF_ENABLE 1u
#define PG_SRIOV_ARI_HIERARCHY 0x10u /* ARI Capable Hierarchy */
#define PG_SRIOV_TOTAL_VFS 0x0cu     /* 15..0 InitialVFs, 31..16 TotalVFs */
#define PG_SRIOV_NUM_VFS 0x10u	     /* 15..0 */
#define PG_SRIOV_OFFSET_STRIDE 0x14u /* 15..0 First VF Offset, 31..16 VF Stride */
#define PG_SRIOV_VF_DEVICE 0x18u     /* 31..16 */
#define PG_SRIOV_PAGE_SIZE 0x20u     /* System Page Size */
#define PG_SRIOV_BARS 0x24u	     /* VF BAR 0 to 5 */

/*
 * The byte offset of a register @reg of an extended capability that begins at @dword, in units of
 * 4 bytes.
 */
static inline uint16_t pg_extended_register(uint32_t dword, uint32_t reg)
{
	return (uint16_t)(dword * 4 + reg);
}

#endif
