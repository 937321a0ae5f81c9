// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Windows to config space, from ACPI's tables and from pcigate's own record:
 *
 *     nr8 of roots { segment8 first8 last8 buses16 ecam64 },
 *     nr8 of entries of the memory map { address64 size64 type8 },
 *     the memory from BASE on, which begins with ACPI's root pointer
 *
 * The target looks up windows like Linux, and compares the results with those of the stage.
 */
#include "fuzz.h"

#include "../purgatory/ports.h"

#include <sanitizer/asan_interface.h>

#include "../../boot/x86/acpi.c"
#include "../../boot/x86/acpi_mcfg.c"
#include "../../boot/x86/config.c"
#include "../../boot/x86/memory.c"
#undef state

#define BASE 0x100000ul
#define MEMORY_SIZE 0x10000ul

static struct boot_params params;
static struct pg_record record;
static uint64_t tables_size;
static uint64_t device_pa;

bool paging_is_mapped(uint64_t pa, uint64_t len)
{
	return pa >= BASE && len <= tables_size && pa - BASE <= tables_size - len;
}

/* No device can be mapped; the address is stored for check_read(). */
bool paging_map(uint64_t pa, uint64_t len, enum paging_cache cache)
{
	if (cache == PAGING_CACHED)
		return paging_is_mapped(pa, len);
	device_pa = pa;
	return false;
}

void paging_flush(void)
{
}

void time_wait_ms(uint32_t ms)
{
	(void)ms;
}

uint32_t inl(uint16_t port)
{
	return port;
}

void outl(uint16_t port, uint32_t value)
{
	(void)port;
	(void)value;
}

/**
 * struct mmconfig - the list of windows as Linux makes it
 * @nr:      their number
 * @windows: the windows in the order of the list
 */
static struct mmconfig {
	uint32_t nr;
	struct window {
		uint64_t address;
		uint16_t segment;
		uint8_t first;
		uint8_t last;
	} windows[MEMORY_SIZE / MCFG_ENTRY_SIZE];
} mmconfig;

/* Like Linux's list_add_sorted(). */
static void add_window(const struct window *window)
{
	uint32_t at = 0, i;

	while (at < mmconfig.nr && (mmconfig.windows[at].segment < window->segment ||
				    (mmconfig.windows[at].segment == window->segment &&
				     mmconfig.windows[at].first < window->first)))
		at++;
	for (i = mmconfig.nr++; i > at; i--)
		mmconfig.windows[i] = mmconfig.windows[i - 1];
	mmconfig.windows[at] = *window;
}

/* Like Linux's pci_parse_mcfg(). */
static void read_windows(void)
{
	const struct acpi_header *mcfg = acpi_find(&params, "MCFG");
	uint32_t at;

	mmconfig.nr = 0;
	if (!mcfg)
		return;
	REQUIRE(paging_is_mapped((uintptr_t)mcfg, mcfg->length) && mcfg->length >= sizeof(*mcfg));
	for (at = MCFG_HEADER_SIZE; at + MCFG_ENTRY_SIZE <= mcfg->length; at += MCFG_ENTRY_SIZE) {
		const uint8_t *entry = (const uint8_t *)mcfg + at;
		const struct window window = { pg_load64(entry), pg_load16(entry + 8), entry[10],
					       entry[11] };

		if (!is_plausible(mcfg, window.address) ||
		    !can_be_mapped(&params, window.address, window.first, window.last)) {
			mmconfig.nr = 0;
			return;
		}
		add_window(&window);
	}
}

/* Like Linux's pci_mmconfig_lookup(). */
static uint64_t look_up(uint32_t segment, unsigned int bus)
{
	for (uint32_t i = 0; i < mmconfig.nr; i++) {
		const struct window *window = &mmconfig.windows[i];

		if (window->segment == segment && window->first <= bus && bus <= window->last)
			return window->address;
	}
	return 0;
}

/* The stage reads a device where the record or the tables have a window, and never in RAM. */
static void check_read(const struct pg_config *config, uint32_t segment, unsigned int bus)
{
	const uint64_t offset = (uint64_t)bus << 20 | 8u << 12, tables = look_up(segment, bus);
	bool recorded = false;
	enum pg_access access;
	uint32_t value;

	device_pa = 0;
	access = config->read(config->ctx, pg_bdf(segment, (uint8_t)bus, 8), 0x100, &value);
	REQUIRE(access == PG_ACCESS_NO_WINDOW || access == PG_ACCESS_UNREADABLE);
	if (!device_pa)
		return;
	for (uint32_t i = 0; i < record.nr_roots; i++) {
		const struct pg_record_root *root = &record.roots[i];

		recorded |= root->segment == segment && root->first <= bus &&
			    bus - root->first < root->ecam_buses &&
			    device_pa == root->ecam - ((uint64_t)root->first << 20) + offset;
	}
	REQUIRE(recorded || (tables && device_pa == tables + offset));
	REQUIRE(!memory_touches(&params, device_pa, 4096, 1u << E820_RAM));
}

static void check_segment(const struct pg_config *config, uint32_t segment)
{
	uint8_t first, last;

	for (unsigned int bus = 0; bus < 256; bus = last + 1u) {
		uint64_t address;

		first = 0;
		last = 255;
		address = acpi_window(&params, segment, (uint8_t)bus, &first, &last);
		REQUIRE(first <= bus && bus <= last);
		for (unsigned int other = first; other <= last; other++)
			REQUIRE(look_up(segment, other) == address);
	}
	for (unsigned int bus = 0; bus < 256; bus++)
		check_read(config, segment, bus);
	REQUIRE(!config->window(config->ctx, segment, &first, &last) || first <= last);
}

static void take_roots(struct stream *stream)
{
	record.nr_roots = take8(stream) % 8;
	for (uint32_t i = 0; i < record.nr_roots; i++) {
		struct pg_record_root *root = &record.roots[i];

		*root = (struct pg_record_root){ .segment = take8(stream),
						 .first = take8(stream),
						 .last = take8(stream) };
		/* gate_fdt.c rejects other values. */
		if (root->last < root->first)
			root->last = root->first;
		root->ecam_buses = (uint16_t)(take16(stream) % (root->last - root->first + 2u));
		root->ecam = take64(stream);
		if (root->ecam > UINT64_MAX - ((uint64_t)root->ecam_buses << 20))
			root->ecam = 0;
	}
}

static void take_map(struct stream *stream)
{
	const uint8_t nr = take8(stream) % 8;

	params.nr_e820 = (uint8_t)(nr + 1);
	params.e820[0] = (struct e820_entry){ .address = BASE, .type = E820_ACPI };
	for (uint8_t i = 1; i <= nr; i++) {
		params.e820[i].address = take64(stream);
		params.e820[i].size = take64(stream);
		params.e820[i].type = take8(stream);
	}
}

/* Memory after the tables is poisoned, so AddressSanitizer reports a read of it. */
static void take_tables(struct stream *stream)
{
	static void *volatile memory;

	if (!memory) {
		memory = (void *)BASE;
		REQUIRE(host_map(BASE, MEMORY_SIZE));
	}
	ASAN_UNPOISON_MEMORY_REGION(memory, MEMORY_SIZE);
	tables_size = stream->len < MEMORY_SIZE ? stream->len : MEMORY_SIZE;
	params.e820[0].size = tables_size;
	if (tables_size)
		memcpy(memory, stream->bytes, tables_size);
	ASAN_POISON_MEMORY_REGION((uint8_t *)memory + tables_size, MEMORY_SIZE - tables_size);
	params.acpi_rsdp = BASE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream stream = { data, size };
	struct pg_config config;

	take_roots(&stream);
	take_map(&stream);
	memory_range()->size = 0;
	take_tables(&stream);
	read_windows();
	config_init(&config, &params, &record);
	check_segment(&config, 0);
	check_segment(&config, 1);
	if (mmconfig.nr && mmconfig.windows[mmconfig.nr - 1].segment > 1)
		check_segment(&config, mmconfig.windows[mmconfig.nr - 1].segment);
	return 0;
}
