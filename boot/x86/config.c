// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * config.c - config space by port 0xcf8 and by memory.
 *
 * Mirrors raw_pci_read() of arch/x86/pci/common.c, with pci_conf1_read() of direct.c and pci_mmcfg_read() of mmconfig_64.c:
 * segment 0 below register 256 goes through the ports, everything else through the windows of MCFG.
 */
#include "config.h"

#include <stdbool.h>

#include "acpi.h"
#include "cpu.h"
#include "paging.h"
#include "time.h"

#define PORT_ADDRESS 0xcf8
#define PORT_DATA 0xcfc
#define ADDRESS_ENABLE (1u << 31)

static struct {
	bool started;
	bool port_used;
	uint32_t old_address;
	unsigned int nr_windows;
	struct acpi_window windows[ACPI_MAX_WINDOWS];
} state;

static void start(const struct boot_params *params)
{
	if (state.started)
		return;
	state.started = true;
	state.nr_windows = acpi_windows(params, state.windows);
}

/* The old kernel, or firmware in system management mode, may be in the middle of something. */
static void save_port(void)
{
	if (state.port_used)
		return;
	state.port_used = true;
	state.old_address = inl(PORT_ADDRESS);
}

static uint32_t read_port(struct pg_bdf at, uint16_t reg)
{
	save_port();
	outl(PORT_ADDRESS, ADDRESS_ENABLE | (uint32_t)at.bus << 16 | (uint32_t)at.devfn << 8 | (reg & 0xfcu));
	return inl(PORT_DATA);
}

static const struct acpi_window *window_of(uint32_t segment, uint8_t bus)
{
	for (unsigned int i = 0; i < state.nr_windows; i++) {
		const struct acpi_window *window = &state.windows[i];

		if (window->segment == segment && window->first_bus <= bus && bus <= window->last_bus)
			return window;
	}
	return NULL;
}

static enum pg_access answer(uint32_t value)
{
	return value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

static enum pg_access read_config(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	const struct acpi_window *window;
	uint64_t pa;

	*value = UINT32_MAX;
	start(ctx);
	if (!at.segment && reg < 256) {
		*value = read_port(at, reg);
		return answer(*value);
	}

	window = window_of(at.segment, at.bus);
	if (!window || reg >= 4096)
		return PG_ACCESS_NO_WINDOW;
	pa = window->address + ((uint64_t)at.bus << 20 | (uint64_t)at.devfn << 12 | (reg & 0xffcu));
	if (!paging_map(pa, 4, PAGING_UNCACHED)) {
		paging_flush();
		if (!paging_map(pa, 4, PAGING_UNCACHED))
			return PG_ACCESS_UNREADABLE;
	}
	*value = mmio_read32(pa);
	return answer(*value);
}

static bool config_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	bool found = false;

	start(ctx);
	/* The ports reach all of segment 0, whatever MCFG says. */
	if (!segment) {
		*first = 0;
		*last = 255;
		return true;
	}
	for (unsigned int i = 0; i < state.nr_windows; i++) {
		const struct acpi_window *window = &state.windows[i];

		if (window->segment != segment || window->last_bus < window->first_bus)
			continue;
		/* Sorted by first bus, so the first one found has the lowest. */
		if (!found)
			*first = window->first_bus;
		if (!found || window->last_bus > *last)
			*last = window->last_bus;
		found = true;
	}
	return found;
}

static void config_wait(void *ctx, uint32_t ms)
{
	(void)ctx;
	time_wait_ms(ms);
}

void config_init(struct pg_config *config, const struct boot_params *params)
{
	state.started = false;
	state.port_used = false;
	config->read = read_config;
	config->window = config_window;
	config->wait_ms = config_wait;
	config->ctx = (void *)(uintptr_t)params;
}

void config_restore(void)
{
	if (state.port_used)
		outl(PORT_ADDRESS, state.old_address);
	state.port_used = false;
}
