/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * scan-fixture.h - a machine, a record and the scan of the one for the other.
 */
#ifndef SCAN_FIXTURE_H
#define SCAN_FIXTURE_H

#include "mock-config.h"
#include "unit.h"

#include <pcigate/topology.h>

#define FIXTURE_CAPACITY 1024u

struct fixture {
	struct mock_config config;
	struct pg_record_entry entries[FIXTURE_CAPACITY];
	struct pg_record record;
	struct pg_function functions[FIXTURE_CAPACITY];
	struct pg_topology topology;
	struct pg_finding finding;
};

static struct fixture f;

static inline int fixture_setup(void **state)
{
	(void)state;
	memset(&f, 0, sizeof(f));
	memset(f.functions, 0x5a, sizeof(f.functions));
	mock_config_begin(&f.config);
	f.record = (struct pg_record){ .state = PG_RECORD_DEVICES,
				       .pci_version = 2,
				       .entries = f.entries };
	return 0;
}

static inline int fixture_teardown(void **state)
{
	(void)state;
	mock_config_end(&f.config);
	return 0;
}

/* Segment 0 with all its buses, bus 0 being wire 0. */
static inline void fixture_segment_0(void)
{
	mock_segment(&f.config, 0, 0, 255);
	mock_root_bus(&f.config, 0, 0, 0);
}

/* Adds an entry; tests add them in the order of the record, sorted. */
static inline void fixture_record(uint32_t segment, uint8_t bus, uint8_t device, uint8_t function,
				  uint16_t refcount)
{
	f.entries[f.record.nr++] = (struct pg_record_entry){
		.at = pg_bdf(segment, bus, pg_devfn(device, function)),
		.refcount = refcount,
	};
}

static inline enum pg_reason fixture_scan_with(uint32_t capacity)
{
	enum pg_reason reason;

	f.config.reads = 0;
	reason = pg_scan(&f.config.seam, &f.record, false, f.functions, capacity, &f.topology,
			 &f.finding);

	if (!reason)
		assert_int_equal(f.topology.reads, f.config.reads);
	return reason;
}

static inline void fixture_scan(void)
{
	assert_int_equal(fixture_scan_with(FIXTURE_CAPACITY), PG_OK);
	assert_int_equal(f.topology.nr_recorded, f.record.nr);
	assert_true(f.topology.nr >= f.record.nr);
	assert_ptr_equal(f.topology.functions, f.functions);
}

/* The same with @flags for the scan. */
static inline void fixture_scan_as(unsigned int flags)
{
	f.config.reads = 0;
	assert_int_equal(pg_scan(&f.config.seam, &f.record, flags, f.functions, FIXTURE_CAPACITY,
				 &f.topology, &f.finding),
			 PG_OK);
	assert_int_equal(f.topology.reads, f.config.reads);
	assert_int_equal(f.topology.everything, !!(flags & PG_SCAN_EVERYTHING));
}

/* Every bus of the recorded segments. */
static inline void fixture_scan_everything(void)
{
	fixture_scan_as(PG_SCAN_EVERYTHING);
}

/* The function at an address, recorded or not. */
static inline struct pg_function *fixture_function(uint8_t bus, uint8_t device, uint8_t function)
{
	uint32_t i;

	for (i = 0; i < f.topology.nr; i++) {
		if (pg_bdf_equal(f.functions[i].at, pg_bdf(0, bus, pg_devfn(device, function))))
			return &f.functions[i];
	}
	fail_msg("no function at %02x:%02x.%u", bus, device, function);
	return NULL;
}

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif
