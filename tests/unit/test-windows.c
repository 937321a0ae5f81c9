// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-windows.c - tools/machine/windows.c: reads the windows of root buses from /proc/iomem.
 */
#include "unit.h"

#include <machine/machine.h>

#include <stdio.h>

static bool take(const char *text, struct pg_record_root *roots, uint32_t nr)
{
	FILE *file = tmpfile();
	bool shown;

	assert_non_null(file);
	fputs(text, file);
	rewind(file);
	shown = windows_take(file, roots, nr);
	fclose(file);
	return shown;
}

UNIT_TEST(both_spellings_of_a_window_are_read)
{
	static const char *const lines[] = {
		"b0000000-bfffffff : PCI MMCONFIG 0000 [bus 00-ff]\n",
		"  b0000000-bfffffff : PCI ECAM 0000 [bus 00-ff]\n",
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(lines); i++) {
		struct host_window window = { .hidden = true };

		assert_true(windows_parse(lines[i], &window));
		assert_int_equal(window.segment, 0);
		assert_int_equal(window.first, 0);
		assert_int_equal(window.last, 0xff);
		assert_int_equal(window.address, 0xb0000000);
		assert_false(window.hidden);
	}
}

UNIT_TEST(other_lines_are_ignored)
{
	static const char *const lines[] = {
		"00001000-0009fbff : System RAM\n",
		"eec00000-eecfffff : PCI Bus 0000:00\n",
		"b0000000-bfffffff : PCI ECAM 0000 [bus 80-7f]\n",
		"b0000000-bfffffff : PCI ECAM 0000 [bus 00-100]\n",
		"b0000000-bfffffff : PCI ECAM 0000\n",
		"\n",
	};
	struct host_window window;

	for (size_t i = 0; i < PG_ARRAY_SIZE(lines); i++)
		assert_false(windows_parse(lines[i], &window));
}

UNIT_TEST(each_root_bus_gets_its_part_of_a_window)
{
	struct pg_record_root roots[] = {
		{ .segment = 0, .first = 0x00, .last = 0x7f },
		{ .segment = 0, .first = 0x80, .last = 0xff }, /* the window ends before */
		{ .segment = 1, .first = 0x40, .last = 0x5f },
		{ .segment = 2, .first = 0x00, .last = 0xff }, /* none */
		{ .segment = 1, .first = 0x00, .last = 0x3f }, /* begins before the window */
	};

	assert_true(take("100000000-10effffff : Reserved\n"
			 "  c0000000-cfefffff : PCI ECAM 0000 [bus 00-fe]\n"
			 "4000000000-4001ffffff : PCI ECAM 0001 [bus 40-5f]\n",
			 roots, PG_ARRAY_SIZE(roots)));
	assert_int_equal(roots[0].ecam, 0xc0000000);
	assert_int_equal(roots[0].ecam_buses, 0x80);
	assert_int_equal(roots[1].ecam, 0xc8000000);
	assert_int_equal(roots[1].ecam_buses, 0x7f);
	assert_int_equal(roots[2].ecam, 0x4000000000);
	assert_int_equal(roots[2].ecam_buses, 0x20);
	assert_int_equal(roots[3].ecam_buses, 0);
	assert_int_equal(roots[4].ecam_buses, 0);
}

/* Without CAP_SYS_ADMIN all addresses are 0. */
UNIT_TEST(hidden_addresses_are_noticed)
{
	struct pg_record_root root = { .last = 0xff };

	assert_false(take("00000000-00000000 : PCI MMCONFIG 0000 [bus 00-ff]\n", &root, 1));
	assert_int_equal(root.ecam_buses, 0);
}
