// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * config.c - reads config space by port 0xcf8 and by memory.
 *
 * Mirrors raw_pci_read() of arch/x86/pci/common.c, with pci_conf1_read() of direct.c and
 * pci_mmcfg_read() of mmconfig_64.c. Linux reads registers below 256 of segment 0 through the
 * ports, all others through windows. A read through a window takes half the time, so the stage also
 * reads those of segment 0 through a window that both the record and ACPI have.
 */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "acpi.h"
#include "cpu.h"
#include "memory.h"
#include "paging.h"
#include "state.h"
#include "time.h"

#define PORT_ADDRESS 0xcf8
#define PORT_DATA 0xcfc
#define ADDRESS_ENABLE (1u << 31)

/**
 * struct config_span - adjacent buses whose config space is reached in the same way
 * @segment:   their segment
 * @first:     the first one
 * @last:      the last one; below @first before the first look-up
 * @access:    PG_ACCESS_OK if there is a window that can be trusted
 * @confirmed: ACPI has the window, too
 * @recorded:  the record has the window
 * @base:      physical address of the window, for bus 0
 */
struct config_span {
	uint32_t segment;
	uint8_t first;
	uint8_t last;
	bool confirmed;
	bool recorded;
	enum pg_access access;
	uint64_t base;
};

static struct config_state {
	bool port_used;
	uint32_t old_address;
	const struct boot_params *params;
	const struct pg_record *record;
	struct config_span span;
} the_config;

STAGE_STATE(config_state, struct config_state, the_config)
#define state (*config_state())

/*
 * Saves the address register, because the outgoing kernel, or firmware in system management mode,
 * may be in the middle of an access.
 */
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
	outl(PORT_ADDRESS,
	     ADDRESS_ENABLE | (uint32_t)at.bus << 16 | (uint32_t)at.devfn << 8 | (reg & 0xfcu));
	return inl(PORT_DATA);
}

static bool is_in(const struct config_span *span, uint32_t segment, uint8_t bus)
{
	return span->segment == segment && span->first <= bus && bus <= span->last;
}

/*
 * Extends @span, whose window is @own by the record, over the adjacent root buses with the same
 * window, so that few look-ups are needed. Its buses remain in the range @first to @last.
 */
static void extend_span(struct config_span *span, uint64_t own, uint8_t first, uint8_t last)
{
	const struct pg_record *record = state.record;
	unsigned int low = span->first, end = span->last + 1u;

	for (uint32_t i = 0; own && i < record->nr_roots; i++) {
		const struct pg_record_root *root = &record->roots[i];

		if (root->segment != span->segment || !root->ecam_buses ||
		    root->ecam - ((uint64_t)root->first << 20) != own)
			continue;
		if (root->first == end)
			end += root->ecam_buses;
		else if (root->first + (unsigned int)root->ecam_buses == low)
			low = root->first;
	}
	span->first = low < first ? first : (uint8_t)low;
	span->last = end > last ? last : (uint8_t)(end - 1);
}

/*
 * Compares the outgoing kernel's window, from pcigate's own record, with that of MCFG. The next
 * kernel runs with the same firmware, so it does not use a window that the outgoing kernel did not
 * use. If the two differ, one of them is damaged, and neither is used.
 */
static const struct config_span *find_span(uint32_t segment, uint8_t bus)
{
	struct config_span *span = &state.span;
	const struct pg_record *record = state.record;
	uint8_t first = 0, last = 255;
	bool unused = false;
	uint64_t mcfg, own = 0;

	if (is_in(span, segment, bus))
		return span;
	/* Mapping the tables needs free page tables. */
	paging_flush();
	*span = (struct config_span){ .segment = segment, .last = 255 };
	mcfg = acpi_window(state.params, segment, bus, &first, &last);
	span->first = first;
	span->last = last;
	for (uint32_t i = 0; i < record->nr_roots; i++) {
		const struct pg_record_root *root = &record->roots[i];

		if (root->segment != segment)
			continue;
		if (acpi_narrow(bus, root->first, root->last, &span->first, &span->last))
			unused = !root->ecam_buses;
		if (root->ecam_buses &&
		    acpi_narrow(bus, root->first, (uint8_t)(root->first + root->ecam_buses - 1),
				&span->first, &span->last))
			own = root->ecam - ((uint64_t)root->first << 20);
	}
	extend_span(span, own, first, last);
	span->confirmed = mcfg;
	span->recorded = own;
	span->base = own ? own : mcfg;
	if (unused || !span->base)
		span->access = PG_ACCESS_NO_WINDOW;
	else if ((own && mcfg && own != mcfg) ||
		 memory_touches(state.params, span->base + ((uint64_t)span->first << 20),
				(span->last - span->first + 1ull) << 20, 1u << E820_RAM))
		span->access = PG_ACCESS_UNREADABLE;
	return span;
}

static enum pg_access access_of(uint32_t value)
{
	return value == UINT32_MAX ? PG_ACCESS_ABSENT : PG_ACCESS_OK;
}

/* Reads through the window of @span. */
static enum pg_access read_window(const struct config_span *span, struct pg_bdf at, uint16_t reg,
				  uint32_t *value)
{
	const uint64_t pa = span->base + ((uint64_t)at.bus << 20 | (uint64_t)at.devfn << 12);

	if (!paging_map(pa, 4096, PAGING_UNCACHED)) {
		paging_flush();
		if (!paging_map(pa, 4096, PAGING_UNCACHED))
			return PG_ACCESS_UNREADABLE;
	}
	/* A window that only the record has must show the same function as the ports. */
	if (!at.segment && !span->confirmed && mmio_read32(pa) != read_port(at, 0))
		return PG_ACCESS_UNREADABLE;
	*value = mmio_read32(pa + (reg & 0xffcu));
	return access_of(*value);
}

static enum pg_access read_config(void *ctx, struct pg_bdf at, uint16_t reg, uint32_t *value)
{
	const bool has_port = !at.segment && reg < 256;
	const struct config_span *span;

	(void)ctx;
	*value = UINT32_MAX;
	if (reg >= 4096)
		return PG_ACCESS_NO_WINDOW;
	if (has_port && !state.record->nr_roots) {
		*value = read_port(at, reg);
		return access_of(*value);
	}
	span = find_span(at.segment, at.bus);
	if (!has_port)
		return span->access ? span->access : read_window(span, at, reg, value);
	/* Some chipsets have functions that only the ports reach. */
	if (!span->recorded || !span->confirmed || span->access ||
	    read_window(span, at, reg, value) != PG_ACCESS_OK)
		*value = read_port(at, reg);
	return access_of(*value);
}

static bool config_window(void *ctx, uint32_t segment, uint8_t *first, uint8_t *last)
{
	bool found = false;

	(void)ctx;
	*first = 0;
	*last = 255;
	/* The ports reach all of segment 0, even without MCFG. */
	if (!segment)
		return true;
	for (unsigned int bus = 0; bus < 256; bus = state.span.last + 1u) {
		if (find_span(segment, (uint8_t)bus)->access == PG_ACCESS_NO_WINDOW)
			continue;
		if (!found)
			*first = (uint8_t)bus;
		*last = state.span.last;
		found = true;
	}
	return found;
}

static void config_wait(void *ctx, uint32_t ms)
{
	(void)ctx;
	time_wait_ms(ms);
}

void config_init(struct pg_config *config, const struct boot_params *params,
		 const struct pg_record *record)
{
	memset(&state, 0, sizeof(state));
	state.params = params;
	state.record = record;
	state.span.first = 1;
	config->read = read_config;
	config->window = config_window;
	config->wait_ms = config_wait;
	config->ctx = NULL;
}

void config_restore(void)
{
	if (state.port_used)
		outl(PORT_ADDRESS, state.old_address);
	state.port_used = false;
}
