// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-scan-hidden.c - lib/topology/functions.c: functions that answer, but that Linux does not
 * find because of an empty ID, an unknown header layout, or their number.
 */
#include "scan-fixture.h"

/*
 * Linux takes these IDs for an empty slot. If function 0 has one, Linux finds no function of the
 * device.
 */
FIXTURE_TEST(functions_with_empty_ids_are_not_found)
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

/* Linux waits for such a function. */
FIXTURE_TEST(a_function_that_is_not_ready_is_found)
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

FIXTURE_TEST(functions_with_unknown_layouts_are_not_found)
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

/* Returns whether 00:02.1 is hidden from Linux if function 0 has this ID and header layout. */
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

FIXTURE_TEST(a_hidden_function_0_hides_recorded_functions)
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

FIXTURE_TEST(a_recorded_function_with_an_unknown_layout_is_hidden)
{
	struct mock_function *device;

	device = mock_device(&f.config, 0, 2, 0);
	record("00:02.0");
	fixture_scan();
	assert_false(f.functions[0].result.hidden);
	device->regs[PG_REG_HEADER / 4] = PG_HEADER_CARDBUS << 16;
	fixture_scan();
	assert_false(f.functions[0].result.hidden);
	device->regs[PG_REG_HEADER / 4] = 3 << 16;
	fixture_scan();
	assert_int_equal(f.functions[0].hw.presence, PG_PRESENT);
	assert_true(f.functions[0].result.hidden);
}

/* Without this parameter, Linux looks for device 0 only behind a link. */
FIXTURE_TEST(pcie_scan_all_finds_all_devices)
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

/* Returns whether 00:01.3 is hidden from Linux. @zero is function 0, or NULL. */
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

FIXTURE_TEST(other_functions_need_a_multifunction_function_0)
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

FIXTURE_TEST(function_0_of_another_device_is_irrelevant)
{
	mock_multifunction(mock_device(&f.config, 0, 0, 0));
	mock_multifunction(mock_device(&f.config, 0, 2, 0));
	assert_true(hidden(NULL, false, false));
}
