// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-bits.c - flips every bit of a record, one at a time. With a flipped bit the verdict must not
 * be open if a preserved device moves, and no preserved device may be hidden.
 *
 * There are three records of one machine: pcigate's own with Linux's, Linux's alone, and Linux's
 * with several blocks. Each is judged on the machine as it was recorded, with a port that lost its
 * numbers, and with another device in place of a preserved one.
 */
#include "fdt-writer.h"
#include "gate-fdt-writer.h"
#include "mock-config.h"

#include "../../lib/workspace.h"
#include <pcigate/gate.h>

/* Each address has several bits set, so that no flip makes it 0. They are far from each other. */
#define SETUP_PA 0x1231000u
#define SCRATCH_PA 0x1333000u
#define FDT_PA 0x1435000u
#define LUO_PA 0x1537000u
#define FLBS_PA 0x1639000u
#define PCI_PA 0x173b000u
#define BLOCKS_PA 0x183d000u
#define SESSIONS_PA 0x1951000u
#define FILES_PA 0x1a63000u
#define PAGES_PA 0x1b75000u

#define BLOCKS 3u
#define DEVICES 3u
#define ENTRIES 6u

static struct mock_memory memory;
static struct mock_config config;
static struct mock_function *port, *behind;
static struct pg_workspace workspace;
static struct pg_gate gate;
static uint32_t flipped, stopped, unchanged, own_size;

static const uint16_t devices[DEVICES] = { 0x0010, 0x0100, 0x0300 };
static const uint16_t entries[ENTRIES] = { 0x0018, 0x0100, 0x0010, 0x0020, 0x0200, 0x0300 };

/* Makes no copies as mock_memory_map() does, because it runs a hundred thousand times. */
static const void *map(void *ctx, uint64_t pa, uint64_t len)
{
	const struct mock_memory *from = ctx;
	unsigned int i;

	for (i = 0; i < from->nr; i++) {
		const struct mock_range *range = &from->ranges[i];

		if (pa >= range->pa && pa - range->pa < range->len &&
		    len <= range->len - (pa - range->pa))
			return range->bytes + (pa - range->pa);
	}
	return NULL;
}

/*
 * The preserved devices are 00:02.0, 01:00.0 behind port 00:03.0, and 03:00.0 behind port 00:04.0
 * and bridge 02:00.0.
 */
static void add_machine(void)
{
	struct mock_function *bridge;

	mock_config_begin(&config);
	mock_segment(&config, 0, 0, 7);
	mock_root_bus(&config, 0, 0, 0);
	mock_device(&config, 0, 0, 0);
	mock_device(&config, 0, 2, 0);
	port = mock_bridge(&config, 0, 3, 1, 0, 1, 1);
	mock_pcie(port, 4);
	bridge = mock_bridge(&config, 0, 4, 2, 0, 2, 3);
	mock_pcie(bridge, 4);
	mock_device(&config, 0, 5, 0);
	mock_pcie(mock_bridge(&config, 0, 6, 4, 0, 4, 4), 4);
	behind = mock_device(&config, 1, 0, 0);
	mock_multifunction(behind);
	mock_multifunction(mock_device(&config, 1, 0, 1));
	mock_bridge(&config, 2, 0, 3, 2, 3, 3);
	mock_device(&config, 3, 0, 0);
	mock_device(&config, 3, 1, 0);
	mock_device(&config, 4, 0, 0);
}

static uint8_t *add(uint64_t pa, uint64_t len)
{
	return mock_memory_add(&memory, pa, len);
}

/* The list of a real handoff: RNG seed, KHO, EFI. */
static void add_setup_data(void)
{
	uint8_t *node = add(SETUP_PA, 0x1000), *scratch = add(SCRATCH_PA, 0x1000);
	unsigned int i;

	put64(node, SETUP_PA + 0x40);
	put32(node + 8, 9);
	put32(node + 12, 32);
	for (i = 0; i < 32; i++)
		node[16 + i] = (uint8_t)(0x9d * (i + 7));
	node += 0x40;
	put64(node, SETUP_PA + 0x80);
	put32(node + 8, 10);
	put32(node + 12, 32);
	put64(node + 16, FDT_PA);
	put64(node + 24, FDT_BYTES);
	put64(node + 32, SCRATCH_PA);
	put64(node + 40, 32);
	node += 0x40;
	put32(node + 8, 4);
	put32(node + 12, 96);
	put64(node + 16, 0x7f5ec018);
	put64(node + 32, 0x7f5ed098);
	put64(scratch, 0x40000000);
	put64(scratch + 8, 0x1000000);
	put64(scratch + 16, 0x80000000u);
	put64(scratch + 24, 0x4000000);
}

static void add_kho(bool own)
{
	uint8_t *fdt = add(FDT_PA, FDT_BYTES);

	add(MEMORY_MAP_PA, 0x1000);
	fdt_begin_kho(fdt);
	fdt_child(fdt, "memblock", 0x4000000, 4096);
	fdt_child(fdt, "LUO", LUO_PA, 32);
	if (own)
		fdt_child(fdt, "pci-topology", OWN_PA, own_size);
	fdt_child(fdt, "kexec-metadata", 0x4100000, 16);
	fdt_end(fdt);
	memset(fdt + fdt_totalsize(fdt), 0, FDT_BYTES - fdt_totalsize(fdt));
}

static void put_flb(uint8_t *flbs, unsigned int slot, const char *name, uint64_t data,
		    uint64_t count)
{
	uint8_t *flb = flbs + 16 + slot * 64;

	memcpy(flb, name, strlen(name));
	put64(flb + 48, data);
	put64(flb + 56, count);
}

static void add_luo(bool other_flbs)
{
	uint8_t *luo = add(LUO_PA, 0x1000), *flbs = add(FLBS_PA, 0x1000);
	unsigned int nr = 0;

	memcpy(luo, "luo-v5", 6);
	put64(luo + 8, 3);
	put64(luo + 16, SESSIONS_PA);
	put64(luo + 24, FLBS_PA);
	put64(flbs, 1);
	if (other_flbs)
		put_flb(flbs, nr++, "memfd-luo-v1", 0x4200000, 2);
	put_flb(flbs, nr++, "pci", PCI_PA, DEVICES);
	if (other_flbs)
		put_flb(flbs, nr++, "iommu-liveupdate", 0x4300000, DEVICES);
	put64(flbs + 8, nr);
}

/* Adds @blocks blocks with free slots between the entries. */
static void add_pci(unsigned int blocks)
{
	uint8_t *ser = add(PCI_PA, 0x1000), *chain = add(BLOCKS_PA, BLOCKS * 0x1000), *count,
		*entry;
	const unsigned int each = ENTRIES / blocks;
	unsigned int i;

	put32(ser, 2);
	put32(ser + 4, ENTRIES);
	put64(ser + 8, BLOCKS_PA);
	for (i = 0; i < ENTRIES; i++) {
		count = chain + i / each * 0x1000;
		entry = count + 16 + i % each * 16;
		put16(entry + 4, entries[i]);
		put16(entry + 6, 1);
		put16(entry + 8 + 4, 0x0028);
		put64(count + 8, (i % each + 1) * 2);
		if (i % each == 0 && i / each + 1 < blocks)
			put64(count, BLOCKS_PA + (i / each + 1) * 0x1000);
	}
}

static void put_file(uint8_t *block, unsigned int slot, const char *compatible, uint64_t data)
{
	uint8_t *file = block + 16 + slot * 64;

	memcpy(file, compatible, strlen(compatible));
	put64(file + 48, data);
	put64(file + 56, slot + 1);
	put64(block + 8, slot + 1);
}

/* One session with a block of two files and one of two more. */
static void add_sessions(bool older)
{
	uint8_t *session = add(SESSIONS_PA, 0x1000), *files = add(FILES_PA, 0x2000), *page;
	unsigned int i;

	put64(session + 8, 1);
	memcpy(session + 16, "guests", 6);
	put64(session + 16 + 64, FILES_PA);
	put64(session + 16 + 72, DEVICES + 1);
	put64(files, FILES_PA + 0x1000);
	page = older ? NULL : add(PAGES_PA, DEVICES * 0x1000);
	put_file(files, 0, "memfd-v1", 0x4400000);
	for (i = 0; i < DEVICES; i++) {
		if (page)
			put16(page + i * 0x1000 + 4, devices[i]);
		put_file(files + (i + 1) / 2 * 0x1000, (i + 1) % 2, "vfio-pci-v1",
			 page ? PAGES_PA + i * 0x1000 : devices[i]);
	}
}

static void add_own(void)
{
	static const uint32_t by_port[] = { 0x18 }, by_bridge[] = { 0x20, 0x200 };
	uint8_t *own = add(OWN_PA, OWN_BYTES);
	const fdt32_t *crc;

	own_begin(own, true);
	OWN_CELLS(own, "crc32c", 0);
	own_node(own, "host-bridges");
	own_root(own, 0, 0, 7);
	own_end(own);
	own_node(own, "bridges");
	own_bridge(own, 0, 0x18, 1, 1);
	own_node_at(own, "bridge", 0, 0x20);
	OWN_CELLS(own, "reg", 0, 0x20);
	OWN_CELLS(own, "bus-numbers", 0, 2, 3);
	OWN_CELLS(own, "preserved", 1);
	own_end(own);
	own_bridge(own, 0, 0x30, 4, 0);
	own_bridge(own, 0, 0x200, 3, 1);
	own_end(own);
	own_node(own, "devices");
	own_device(own, 0, 0x10, NULL, 0);
	own_device(own, 0, 0x100, by_port, 1);
	own_device(own, 0, 0x300, by_bridge, 2);
	own_end(own);
	own_answer(own);
	own_end(own);
	assert_int_equal(fdt_finish(own), 0);
	own_size = fdt_totalsize(own);
	memset(own + own_size, 0, OWN_BYTES - own_size);
	crc = fdt_getprop(own, 0, "crc32c", NULL);
	own_set_cell(own, "/", "crc32c", 0,
		     pg_gate_crc(own, own_size, (uint32_t)((const uint8_t *)crc - own)));
}

static int begin(void)
{
	mock_memory_begin(&memory);
	memory.interface.map = map;
	add_machine();
	flipped = stopped = unchanged = 0;
	return 0;
}

static int with_own(void **state)
{
	begin();
	add_own();
	add_setup_data();
	add_kho(true);
	add_luo(false);
	add_pci(1);
	add_sessions(false);
	return 0;
}

static int upstream(void **state)
{
	begin();
	add_setup_data();
	add_kho(false);
	add_luo(true);
	add_pci(1);
	add_sessions(false);
	return 0;
}

static int several_blocks(void **state)
{
	begin();
	add_setup_data();
	add_kho(false);
	add_luo(true);
	add_pci(BLOCKS);
	add_sessions(true);
	return 0;
}

static int teardown(void **state)
{
	mock_memory_end(&memory);
	mock_config_end(&config);
	return 0;
}

static bool opens(uint64_t setup_data_pa)
{
	static const char line[] = "kho=on liveupdate=on";
	struct pg_handover handover = { .memory = &memory.interface,
					.setup_data_pa = setup_data_pa };
	const struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config.interface,
		.cmdline = line,
		.cmdline_len = sizeof(line) - 1,
	};

	config.reads = 0;
	config.now_ms = 0;
	pg_gate_run(&input, &workspace, &gate);
	return gate.verdict.open;
}

/* The record has all devices and their bridges, and nothing else. */
static bool all_devices(void)
{
	uint32_t i, found;

	if (gate.topology.nr_recorded != ENTRIES || gate.verdict.keep != DEVICES)
		return false;
	for (i = 0; i < ENTRIES; i++) {
		const struct pg_bdf at = pg_bdf(0, (uint8_t)(entries[i] >> 8), (uint8_t)entries[i]);

		for (found = 0;
		     found < ENTRIES && !pg_bdf_equal(gate.topology.functions[found].at, at);
		     found++)
			;
		if (found == ENTRIES)
			return false;
	}
	return true;
}

static void judge_flip(const char *what, uint64_t pa, unsigned int bit, uint64_t setup_data_pa,
		       bool sound)
{
	const bool open = opens(setup_data_pa);

	flipped++;
	if (!open)
		stopped++;
	else if (sound && all_devices())
		unchanged++;
	else
		print_error("%s: bit %u of 0x%llx opens with %u of %u devices\n", what, bit,
			    (unsigned long long)pa, gate.verdict.keep, DEVICES);
}

/*
 * One flip cannot be detected: the head of the list, in boot_params, points to the node after the
 * KHO node. A kernel without KHO leaves such a list. (Whether one flip can do this depends on the
 * addresses of the nodes.)
 */
static bool is_exception(uint64_t setup_data_pa)
{
	return setup_data_pa == SETUP_PA + 0x80;
}

/* Returns how many bytes of the page at @bytes are used, plus 8 of the zeros after them. */
static uint64_t used(const uint8_t *bytes, uint64_t len)
{
	while (len && !bytes[len - 1])
		len--;
	return len ? len + 8 : 0;
}

static void flip_all(const char *what, bool sound)
{
	unsigned int i, bit;
	uint64_t page, byte, end;

	assert_int_equal(opens(SETUP_PA), sound);
	if (sound)
		assert_true(all_devices());
	for (bit = 0; bit < 64; bit++) {
		if (!is_exception(SETUP_PA ^ 1ull << bit))
			judge_flip(what, 0, bit, SETUP_PA ^ 1ull << bit, sound);
	}
	for (i = 0; i < memory.nr; i++) {
		const struct mock_range *range = &memory.ranges[i];

		for (page = 0; page < range->len; page += PG_PAGE_SIZE) {
			end = page + used(range->bytes + page, PG_PAGE_SIZE);
			for (byte = page; byte < end && byte < range->len; byte++) {
				for (bit = 0; bit < 8; bit++) {
					range->bytes[byte] ^= (uint8_t)(1u << bit);
					judge_flip(what, range->pa + byte, bit, SETUP_PA, sound);
					range->bytes[byte] ^= (uint8_t)(1u << bit);
				}
			}
		}
	}
	print_message("%s: %u bits flipped: %u stop, %u open unchanged\n", what, flipped, stopped,
		      unchanged);
	assert_int_equal(stopped + unchanged, flipped);
}

UNIT_TEST_WITH(own_record_flips_hide_no_device, with_own, teardown)
{
	flip_all("own record", true);
}

UNIT_TEST_WITH(own_record_flips_do_not_hide_a_reset_port, with_own, teardown)
{
	mock_buses(port, 0, 0, 0);
	flip_all("own record, a port reset", false);
}

/* Only pcigate's own record has identities. */
UNIT_TEST_WITH(own_record_flips_do_not_hide_another_device, with_own, teardown)
{
	behind->regs[PG_REG_ID / 4] ^= 0x10000;
	flip_all("own record, another device", false);
}

UNIT_TEST_WITH(linux_record_flips_hide_no_device, upstream, teardown)
{
	flip_all("upstream's record", true);
}

UNIT_TEST_WITH(linux_record_flips_do_not_hide_a_reset_port, upstream, teardown)
{
	mock_buses(port, 0, 0, 0);
	flip_all("upstream's record, a port reset", false);
}

UNIT_TEST_WITH(flips_in_several_blocks_hide_no_device, several_blocks, teardown)
{
	flip_all("several blocks", true);
}

UNIT_TEST_WITH(flips_in_several_blocks_do_not_hide_a_reset_port, several_blocks, teardown)
{
	mock_buses(port, 0, 0, 0);
	flip_all("several blocks, a port reset", false);
}
