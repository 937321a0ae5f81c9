// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-hidden.c - lib/topology/functions.c: functions that answer and that Linux does not
 * find: empty IDs, unknown header layouts, functions and devices that Linux does not read.
 */
#include "scan-fixture.h"

/*
 * Linux takes these IDs for an empty slot: it does not find the function, and if it is function 0,
 * none of the device.
 */
FIXTURE_TEST(empty_ids)
{
	static const uint32_t ids[] = { 0, 0x0000ffff, 0xffff0000 };
	struct mock_function *zero, *one;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(ids); i++) {
		fixture_again();
		machine("0:01.0");
		zero = mock_device(&f.config, 0, 2, 0);
		mock_multifunction(zero);
		one = mock_device(&f.config, 0, 2, 1);
		machine("0:02.2");
		record("00:01.0");
		one->regs[PG_REG_ID / 4] = ids[i];
		fixture_scan_everything();
		assert_listed(0, pg_devfn(2, 0), true);
		assert_listed(0, pg_devfn(2, 1), false);
		assert_listed(0, pg_devfn(2, 2), true);
		one->regs[PG_REG_ID / 4] = 0x10d38086;
		zero->regs[PG_REG_ID / 4] = ids[i];
		fixture_scan_everything();
		assert_listed(0, pg_devfn(2, 0), false);
		assert_listed(0, pg_devfn(2, 1), false);
		assert_listed(0, pg_devfn(2, 2), false);
	}
}

/* A function that is not ready yet is present: Linux waits for it. */
FIXTURE_TEST(not_ready_is_there)
{
	struct mock_function *zero;

	machine("0:01.0");
	zero = mock_device(&f.config, 0, 2, 0);
	mock_multifunction(zero);
	zero->ready_at_ms = 50;
	machine("0:02.1");
	record("00:01.0");
	fixture_scan_everything();
	assert_listed(0, pg_devfn(2, 0), true);
	assert_listed(0, pg_devfn(2, 1), true);
}

/* Header layouts other than 0, 1 and 2. */
FIXTURE_TEST(unknown_layouts)
{
	unsigned int layout;

	for (layout = 0; layout < 0x80; layout++) {
		struct mock_function *zero;

		fixture_again();
		machine("0:01.0");
		zero = mock_device(&f.config, 0, 2, 0);
		zero->regs[PG_REG_HEADER / 4] = layout << 16;
		mock_multifunction(zero);
		machine("0:02.1");
		record("00:01.0");
		fixture_scan_everything();
		assert_listed(0, pg_devfn(2, 0), layout <= 2);
		assert_listed(0, pg_devfn(2, 1), layout <= 2);
	}
}

/* Is the recorded 00:02.1 hidden from Linux if function 0 has this ID and header layout? */
static bool hidden_behind(uint32_t id, unsigned int layout, bool recorded)
{
	struct mock_function *zero;

	fixture_again();
	zero = mock_device(&f.config, 0, 2, 0);
	zero->regs[PG_REG_ID / 4] = id;
	zero->regs[PG_REG_HEADER / 4] = layout << 16;
	mock_multifunction(zero);
	machine("0:02.1  0:01.0");
	record("00:01.0");
	if (recorded)
		record("00:02.0");
	record("00:02.1");
	fixture_scan();
	return f.functions[f.record.nr - 1].result.hidden;
}

FIXTURE_TEST(recorded_functions_behind_a_hidden_one)
{
	unsigned int recorded;

	for (recorded = 0; recorded < 2; recorded++) {
		assert_false(hidden_behind(0x10d38086, 0, recorded));
		assert_false(hidden_behind(0x10d38086, 2, recorded));
		assert_true(hidden_behind(0x10d38086, 3, recorded));
		assert_true(hidden_behind(0x00000000, 0, recorded));
		assert_true(hidden_behind(0x0000ffff, 0, recorded));
		assert_true(hidden_behind(0xffff0000, 0, recorded));
	}
}

/* A recorded function whose own layout is unknown. */
FIXTURE_TEST(recorded_with_an_unknown_layout)
{
	struct mock_function *it;

	it = mock_device(&f.config, 0, 2, 0);
	record("00:02.0");
	fixture_scan();
	assert_false(f.functions[0].result.hidden);
	it->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	fixture_scan();
	assert_false(f.functions[0].result.hidden);
	it->regs[PG_REG_HEADER / 4] = 3 << 16;
	fixture_scan();
	assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
	assert_true(f.functions[0].result.hidden);
}

/* pci=pcie_scan_all: Linux looks for all devices behind a link, and so does the scan. */
FIXTURE_TEST(all_devices)
{
	machine("0:01.0>1 00/01-01 root  1:00.0  1:01.0  1:1f.0");
	record("00:01.0 01:01.0");
	fixture_scan();
	assert_true(f.functions[1].result.hidden);
	fixture_scan_as(PG_SCAN_ALL_DEVICES);
	assert_false(f.functions[1].result.hidden);
	fixture_scan_everything();
	assert_listed(1, 0, true);
	assert_listed(1, pg_devfn(31, 0), false);
	fixture_scan_as(PG_SCAN_EVERYTHING | PG_SCAN_ALL_DEVICES);
	assert_listed(1, pg_devfn(31, 0), true);
	assert_false(f.functions[1].result.hidden);
}

/* Is the recorded 00:01.3 hidden from Linux? @zero is its function 0, NULL for none. */
static bool hidden(struct mock_function *zero, bool multifunction, bool recorded)
{
	if (zero && multifunction)
		mock_multifunction(zero);
	machine("0:01.3");
	if (recorded)
		record("00:01.0");
	record("00:01.3");
	fixture_scan();
	assert_int_equal(f.functions[f.record.nr - 1].hw.presence, PG_PRESENT);
	return f.functions[f.record.nr - 1].result.hidden;
}

FIXTURE_TEST(functions_behind_function_0)
{
	unsigned int there, multifunction, recorded;

	for (there = 0; there < 2; there++) {
		for (multifunction = 0; multifunction < 2; multifunction++) {
			for (recorded = 0; recorded < 2; recorded++) {
				struct mock_function *zero = NULL;

				fixture_again();
				if (there)
					zero = mock_device(&f.config, 0, 1, 0);
				assert_int_equal(hidden(zero, multifunction, recorded),
						 !there || !multifunction);
			}
		}
	}
}

/* Function 0 of a neighbour does not count. */
FIXTURE_TEST(function_0_of_another_device_is_irrelevant)
{
	mock_multifunction(mock_device(&f.config, 0, 0, 0));
	mock_multifunction(mock_device(&f.config, 0, 2, 0));
	assert_true(hidden(NULL, false, false));
}
