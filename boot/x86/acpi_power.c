// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * acpi_power.c - reset and power off by registers of the FADT (ACPI 6.5, 5.2.9 and 4.8).
 */
#include <string.h>

#include <pcigate/memory.h>

#include "acpi.h"
#include "cpu.h"
#include "paging.h"
#include "time.h"

/* Offsets in the FADT. */
#define FADT_DSDT 40
#define FADT_PM1A_CONTROL 64
#define FADT_PM1B_CONTROL 68
#define FADT_FLAGS 112
#define FADT_RESET_REGISTER 116
#define FADT_RESET_VALUE 128
#define FADT_X_DSDT 140
#define FADT_X_PM1A_CONTROL 172
#define FADT_X_PM1B_CONTROL 184
#define FADT_SLEEP_CONTROL 244

#define FADT_FLAG_RESET (1u << 10)
#define FADT_FLAG_HARDWARE_REDUCED (1u << 20)

/* Generic address structure: space, width, offset, access size, address. */
#define GAS_SIZE 12
#define GAS_MEMORY 0
#define GAS_IO 1

#define PM1_SLEEP_TYPE_SHIFT 10
#define PM1_SLEEP_TYPE (7u << PM1_SLEEP_TYPE_SHIFT)
#define PM1_SLEEP_ENABLE (1u << 13)
#define SLEEP_CONTROL_TYPE_SHIFT 2
#define SLEEP_CONTROL_ENABLE (1u << 5)

/* How long the machine may take to reset or power off. */
#define WAIT_MS 2000u

/**
 * struct acpi_register - a register in I/O space or memory
 * @present: the register exists, in one of these two spaces
 */
struct acpi_register {
	bool present;
	bool memory;
	uint64_t address;
};

static bool fadt_has(const struct acpi_header *fadt, unsigned int offset, unsigned int size)
{
	return fadt->length >= offset + size;
}

static uint32_t fadt_dword(const struct acpi_header *fadt, unsigned int offset)
{
	return fadt_has(fadt, offset, 4) ? pg_load32((const uint8_t *)fadt + offset) : 0;
}

/* A register in PCI config space is treated as absent: pcigate never writes config space. */
static struct acpi_register fadt_register(const struct acpi_header *fadt, unsigned int offset)
{
	const uint8_t *gas;
	struct acpi_register reg = { .present = false };

	if (!fadt_has(fadt, offset, GAS_SIZE))
		return reg;
	gas = (const uint8_t *)fadt + offset;
	reg.memory = gas[0] == GAS_MEMORY;
	reg.address = pg_load64(gas + 4);
	reg.present = reg.address && (reg.memory || (gas[0] == GAS_IO && reg.address <= 0xffff));
	return reg;
}

/* Reads the 64-bit form if present, else the 32-bit form, which is always an I/O port. */
static struct acpi_register fadt_pm1(const struct acpi_header *fadt, unsigned int offset,
				     unsigned int extended)
{
	struct acpi_register reg = fadt_register(fadt, extended);

	if (!reg.present) {
		reg.memory = false;
		reg.address = fadt_dword(fadt, offset);
		reg.present = reg.address && reg.address <= 0xffff;
	}
	return reg;
}

static void write8(const struct acpi_register *reg, uint8_t value)
{
	if (!reg->memory)
		outb((uint16_t)reg->address, value);
	else if (paging_map(reg->address, 1, PAGING_UNCACHED))
		mmio_write8(reg->address, value);
}

void acpi_reset(const struct boot_params *params)
{
	const struct acpi_header *fadt;
	struct acpi_register reg;
	uint8_t value;

	paging_flush();
	fadt = acpi_find(params, "FACP");
	if (!fadt || !(fadt_dword(fadt, FADT_FLAGS) & FADT_FLAG_RESET))
		return;
	reg = fadt_register(fadt, FADT_RESET_REGISTER);
	if (!reg.present || !fadt_has(fadt, FADT_RESET_VALUE, 1))
		return;
	value = ((const uint8_t *)fadt)[FADT_RESET_VALUE];
	write8(&reg, value);
	time_wait_ms(WAIT_MS);
}

/*
 * Reads an element of the package, an AML integer (ACPI 6.5, 20.2.3). Returns its length in bytes,
 * or 0 if the element is no integer.
 */
static unsigned int aml_integer(const uint8_t *aml, size_t len, uint32_t *value)
{
	*value = 0;
	if (!len)
		return 0;
	switch (aml[0]) {
	case 0x00: /* ZeroOp */
	case 0x01: /* OneOp */
		*value = aml[0];
		return 1;
	case 0x0a: /* BytePrefix */
		if (len < 2)
			return 0;
		*value = aml[1];
		return 2;
	case 0x0b: /* WordPrefix */
		if (len < 3)
			return 0;
		*value = pg_load16(aml + 1);
		return 3;
	case 0x0c: /* DWordPrefix */
		if (len < 5)
			return 0;
		*value = pg_load32(aml + 1);
		return 5;
	default:
		return 0;
	}
}

/*
 * Finds Name (_S5_, Package () { SLP_TYPa, SLP_TYPb, .. }): 08 [5c] '_S5_' 12 PkgLength
 * NumElements.. The two values are constants in all known firmware, so a search for these bytes
 * replaces an interpreter.
 */
static bool find_s5(const struct acpi_header *table, uint32_t type[2])
{
	const uint8_t *aml = (const uint8_t *)(table + 1);
	size_t len = table->length - sizeof(*table);

	for (size_t at = 1; at + 8 < len; at++) {
		size_t element;
		unsigned int used;

		if (memcmp(aml + at, "_S5_\x12", 5) != 0)
			continue;
		if (aml[at - 1] != 0x08 && !(aml[at - 1] == '\\' && at >= 2 && aml[at - 2] == 0x08))
			continue;
		/* Bits 7 and 6 of the first byte are the number of further bytes of PkgLength. */
		element = at + 5 + 1 + (aml[at + 5] >> 6) + 1;
		if (element >= len)
			continue;
		used = aml_integer(aml + element, len - element, &type[0]);
		if (!used)
			continue;
		element += used;
		if (!aml_integer(aml + element, len - element, &type[1]))
			type[1] = type[0];
		return true;
	}
	return false;
}

static const struct acpi_header *find_dsdt(const struct boot_params *params,
					   const struct acpi_header *fadt)
{
	const struct acpi_header *dsdt = NULL;

	if (fadt_has(fadt, FADT_X_DSDT, 8))
		dsdt = acpi_table_at(params, pg_load64((const uint8_t *)fadt + FADT_X_DSDT),
				     "DSDT");
	if (!dsdt)
		dsdt = acpi_table_at(params, fadt_dword(fadt, FADT_DSDT), "DSDT");
	return dsdt;
}

static void enter_sleep(const struct acpi_register *reg, uint32_t type)
{
	uint16_t value;

	if (!reg->present || (reg->memory && !paging_map(reg->address, 2, PAGING_UNCACHED)))
		return;
	/* The other bits must not change, above all SCI_EN. */
	value = reg->memory ? mmio_read16(reg->address) : inw((uint16_t)reg->address);
	value = (uint16_t)((value & ~PM1_SLEEP_TYPE) |
			   ((type << PM1_SLEEP_TYPE_SHIFT) & PM1_SLEEP_TYPE) | PM1_SLEEP_ENABLE);
	if (reg->memory)
		mmio_write16(reg->address, value);
	else
		outw((uint16_t)reg->address, value);
}

void acpi_power_off(const struct boot_params *params)
{
	struct acpi_register pm1a, pm1b, sleep;
	const struct acpi_header *fadt, *dsdt;
	uint32_t type[2];

	paging_flush();
	fadt = acpi_find(params, "FACP");
	if (!fadt)
		return;
	dsdt = find_dsdt(params, fadt);
	if (!dsdt || !find_s5(dsdt, type))
		return;

	if (fadt_dword(fadt, FADT_FLAGS) & FADT_FLAG_HARDWARE_REDUCED) {
		sleep = fadt_register(fadt, FADT_SLEEP_CONTROL);
		if (!sleep.present)
			return;
		write8(&sleep,
		       (uint8_t)(type[0] << SLEEP_CONTROL_TYPE_SHIFT | SLEEP_CONTROL_ENABLE));
	} else {
		pm1a = fadt_pm1(fadt, FADT_PM1A_CONTROL, FADT_X_PM1A_CONTROL);
		pm1b = fadt_pm1(fadt, FADT_PM1B_CONTROL, FADT_X_PM1B_CONTROL);
		enter_sleep(&pm1a, type[0]);
		enter_sleep(&pm1b, type[1]);
	}
	time_wait_ms(WAIT_MS);
}
