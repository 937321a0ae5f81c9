// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rootbridge.c - root buses and config space through EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL, one for each
 * root bus (UEFI Specification 2.10, 14.2).
 */
#include "rootbridge.h"

#include <stdlib.h>

#include "../x86/acpi.h"
#include "firmware.h"

/*
 * A resource descriptor of ACPI for a QWORD address space (ACPI 6.5, 6.4.3.5.1). Byte 3 is the type
 * of the resource.
 */
#define DESCRIPTOR_QWORD 0x8au
#define DESCRIPTOR_END 0x79u
#define DESCRIPTOR_SIZE 46u
#define RESOURCE_BUSES 2u
#define RESOURCE_MIN 14u
#define RESOURCE_LENGTH 38u

/* Limit of descriptors. Memory, I/O and buses take five or six. */
#define DESCRIPTORS_MAX 32u

struct bridge {
	EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *io;
	struct pg_record_root root;
};

static struct bridge bridges_found[PG_MAX_ROOTS];
static uint32_t nr_found;

static uint64_t load64(const uint8_t *from)
{
	uint64_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

/* Reads the bus numbers of a root bridge; false if it does not report them. */
static bool read_buses(EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *io, struct pg_record_root *root)
{
	const uint8_t *descriptor;
	void *resources;

	if (io->Configuration(io, &resources) != EFI_SUCCESS || !resources)
		return false;
	descriptor = resources;
	for (unsigned int i = 0; i < DESCRIPTORS_MAX && descriptor[0] == DESCRIPTOR_QWORD;
	     i++, descriptor += DESCRIPTOR_SIZE) {
		const uint64_t first = load64(descriptor + RESOURCE_MIN),
			       length = load64(descriptor + RESOURCE_LENGTH);

		if (descriptor[3] != RESOURCE_BUSES || first > 0xff || !length)
			continue;
		root->segment = io->SegmentNumber;
		root->first = (uint8_t)first;
		root->last = (uint8_t)(length > 0x100 - first ? 0xff : first + length - 1);
		return true;
	}
	return false;
}

/* Adds the window of ACPI's MCFG to a recording. This program itself reads through the protocol. */
static void find_window(struct pg_record_root *root)
{
	uint8_t first = 0, last = root->last;
	const uint64_t base = acpi_window(NULL, root->segment, root->first, &first, &last);

	if (!base)
		return;
	root->ecam = base + ((uint64_t)root->first << 20);
	root->ecam_buses = (uint16_t)(last - root->first + 1);
}

static int by_bus(const void *a, const void *b)
{
	const struct bridge *x = a, *y = b;

	if (x->root.segment != y->root.segment)
		return x->root.segment < y->root.segment ? -1 : 1;
	return x->root.first - y->root.first;
}

/*
 * The root bridge with the highest root bus number that is not above @bus. A root bridge may have
 * more buses than it reports.
 */
static const struct bridge *find(uint32_t segment, uint8_t bus)
{
	const struct bridge *bridge = NULL;

	for (uint32_t i = 0; i < nr_found; i++) {
		if (bridges_found[i].root.segment == segment && bridges_found[i].root.first <= bus)
			bridge = &bridges_found[i];
	}
	return bridge;
}

static enum pg_access read(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	const struct bridge *bridge = find(at.segment, at.bus);
	EFI_STATUS status;
	uint64_t address;

	(void)ctx;
	*value = UINT32_MAX;
	if (!bridge)
		return PG_ACCESS_NO_WINDOW;
	/*
	 * UEFI 14.2.2, PCI configuration address: register 7..0, function, device, bus, and the
	 * whole register in the upper half.
	 */
	address = (uint64_t)at.bus << 24 | (uint64_t)(at.devfn >> 3) << 16 |
		  (uint64_t)(at.devfn & 7) << 8;
	address |= reg < 0x100 ? reg : (uint64_t)reg << 32;
	status = bridge->io->Pci.Read(bridge->io, EfiPciIoWidthUint32, address, 1, value);
	if (status == EFI_SUCCESS)
		return *value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
	*value = UINT32_MAX;
	/* Without ECAM the extended registers cannot be reached. */
	return reg >= 0x100 && (status == EFI_INVALID_PARAMETER || status == EFI_UNSUPPORTED)
		       ? PG_ACCESS_NO_WINDOW
		       : PG_ACCESS_UNREADABLE;
}

static bool window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	(void)ctx;
	for (uint32_t i = 0; i < nr_found; i++) {
		if (bridges_found[i].root.segment != segment)
			continue;
		*first = bridges_found[i].root.first;
		*last = 0xff;
		return true;
	}
	return false;
}

static void wait_ms(void *ctx, uint32_t ms)
{
	(void)ctx;
	BS->Stall(ms * 1000);
}

bool rootbridges_find(struct rootbridges *bridges, struct pg_config *config, const char **error)
{
	const EFI_GUID guid = EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_GUID;
	size_t nr = 0;
	EFI_HANDLE *handles = firmware_handles(&guid, &nr);

	nr_found = 0;
	*error = nr > PG_MAX_ROOTS ? "too many root bridges"
				   : "the firmware shows no PCI root bridge";
	for (size_t i = 0; i < nr && nr <= PG_MAX_ROOTS; i++) {
		struct bridge *bridge = &bridges_found[nr_found];

		bridge->io = firmware_protocol(handles[i], &guid);
		if (!bridge->io)
			continue;
		if (!read_buses(bridge->io, &bridge->root)) {
			*error = "a PCI root bridge does not report its buses";
			nr_found = 0;
			break;
		}
		find_window(&bridge->root);
		nr_found++;
	}
	free(handles);
	qsort(bridges_found, nr_found, sizeof(*bridges_found), by_bus);
	bridges->nr = nr_found;
	for (uint32_t i = 0; i < nr_found; i++)
		bridges->roots[i] = bridges_found[i].root;
	*config = (struct pg_config){ .read = read, .window = window, .wait_ms = wait_ms };
	if (nr_found)
		*error = NULL;
	return nr_found;
}
