/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bdf.h - the address of a PCI function: segment, bus, device and function number.
 */
#ifndef PCIGATE_BDF_H
#define PCIGATE_BDF_H

#include <pcigate/port.h>

/**
 * struct pg_bdf - where a PCI function answers config requests
 * @segment: PCI segment group number. Linux calls it the domain; it is 16 bits wide in ACPI, but
 * Linux numbers domains of its own from 0x10000 on (drivers/pci/controller/vmd.c), so the field has
 * 32 bits
 * @bus:     bus number, 0 to 255
 * @devfn:   device number in bits 7..3, function number in bits 2..0 (all 8 bits are the function
 * under ARI)
 *
 * Packed to 6 bytes: the workspace holds thousands of them, and the purgatory's memory is reserved
 * from boot on.
 */
struct pg_bdf {
	uint32_t segment;
	uint8_t bus;
	uint8_t devfn;
} __attribute__((packed, aligned(2)));

static inline struct pg_bdf pg_bdf(uint32_t segment, uint8_t bus, uint8_t devfn)
{
	return (struct pg_bdf){ .segment = segment, .bus = bus, .devfn = devfn };
}

static inline bool pg_bdf_equal(struct pg_bdf a, struct pg_bdf b)
{
	return a.segment == b.segment && a.bus == b.bus && a.devfn == b.devfn;
}

/*
 * One number per address, ordered by segment, bus, device and function.
 */
static inline uint64_t pg_bdf_key(struct pg_bdf at)
{
	return (uint64_t)at.segment << 16 | (uint64_t)at.bus << 8 | at.devfn;
}

static inline uint8_t pg_devfn(uint8_t device, uint8_t function)
{
	return (uint8_t)(device << 3 | (function & 7));
}

/*
 * Does a bridge with these numbers claim config requests for @bus? It claims its secondary bus
 * whatever its subordinate number is (PCI Express Base 7.3.3; measured against QEMU's bridges,
 * tests/oracle/hardware/).
 */
static inline bool pg_numbers_claim(uint8_t secondary, uint8_t subordinate, uint8_t bus)
{
	return secondary == bus || (secondary < bus && bus <= subordinate);
}

#endif
