/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate-fixture.h - a machine with one preserved device, Linux's record of it in memory, and the
 * pipeline.
 */
#ifndef GATE_FIXTURE_H
#define GATE_FIXTURE_H

#include "fdt-writer.h"
#include "mock-config.h"
#include "mock-memory.h"
#include "unit.h"

#include "../../lib/workspace.h"
#include <pcigate/gate.h>

#define SETUP_PA 0x1000000u
#define FDT_PA 0x2000000u
#define LUO_PA 0x3800000u
#define FLBS_PA 0x4000000u
#define PCI_PA 0x5000000u
#define BLOCK_PA 0x6000000u

static struct mock_memory memory;
static struct mock_config config;
static struct mock_function *port;
static struct pg_workspace workspace;
static struct pg_gate gate;
static uint8_t *setup_data, *fdt, *luo, *flbs, *pci, *block;

static inline void put_dev(unsigned int slot, uint16_t bdf, uint16_t refcount)
{
	put32(block + 16 + slot * 8, 0);
	put16(block + 16 + slot * 8 + 4, bdf);
	put16(block + 16 + slot * 8 + 6, refcount);
}

/* Root port 00:03.0 [03-03] and device 03:00.0, both recorded. */
static inline int setup(void **state)
{
	memset(&workspace, 0x5a, sizeof(workspace));
	memset(&gate, 0x5a, sizeof(gate));
	mock_memory_begin(&memory);
	mock_memory_add(&memory, MEMORY_MAP_PA, 8192);
	setup_data = mock_memory_add(&memory, SETUP_PA, 48);
	put32(setup_data + 8, 10);
	put32(setup_data + 12, 32);
	put64(setup_data + 16, FDT_PA);
	put64(setup_data + 24, FDT_BYTES);
	put64(setup_data + 32, MEMORY_MAP_PA + 0x1000);
	put64(setup_data + 40, 48);
	fdt = mock_memory_add(&memory, FDT_PA, FDT_BYTES);
	fdt_kho_v4(fdt, LUO_PA, 32);
	luo = mock_memory_add(&memory, LUO_PA, 32);
	memcpy(luo, "luo-v5", 6);
	put64(luo + 8, 1);
	put64(luo + 24, FLBS_PA);
	flbs = mock_memory_add(&memory, FLBS_PA, 4096);
	put64(flbs, 1);
	put64(flbs + 8, 1);
	memcpy(flbs + 16, "pci", 3);
	put64(flbs + 16 + 48, PCI_PA);
	put64(flbs + 16 + 56, 1);
	pci = mock_memory_add(&memory, PCI_PA, 16);
	put32(pci, 2);
	put32(pci + 4, 2);
	put64(pci + 8, BLOCK_PA);
	block = mock_memory_add(&memory, BLOCK_PA, 4096);
	put64(block + 8, 2);
	put_dev(0, 0x0300, 1);
	put_dev(1, 0x0018, 1);

	mock_config_begin(&config);
	mock_segment(&config, 0, 0, 255);
	mock_root_bus(&config, 0, 0, 0);
	port = mock_bridge(&config, 0, 3, 1, 0, 3, 3);
	mock_pcie(port, 4);
	mock_device(&config, 1, 0, 0);
	return 0;
}

static inline int teardown(void **state)
{
	mock_memory_end(&memory);
	mock_config_end(&config);
	return 0;
}

static inline void run_from(const char *cmdline, uint64_t setup_data_pa)
{
	struct pg_handover handover = { .memory = &memory.interface,
					.setup_data_pa = setup_data_pa };
	const struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config.interface,
		.cmdline = cmdline,
		.cmdline_len = cmdline ? strlen(cmdline) : 0,
	};

	config.reads = 0;
	pg_gate_run(&input, &workspace, &gate);
	assert_int_equal(gate.topology.reads, config.reads);
}

static inline void run(const char *cmdline)
{
	run_from(cmdline, SETUP_PA);
}

static inline void assert_verdict(bool open, bool by_policy, enum pg_reason record)
{
	assert_int_equal(gate.verdict.open, open);
	assert_int_equal(gate.verdict.by_policy, by_policy);
	assert_string_equal(pg_reason_code(gate.verdict.record), pg_reason_code(record));
}

#define GATE_TEST(f) UNIT_TEST_WITH(f, setup, teardown)

#endif
