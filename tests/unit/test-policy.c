// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-policy.c - lib/plan/policy.c: reads the next kernel's command line.
 */
#include "unit.h"

#include <pcigate/plan.h>

static struct pg_policy parse(const char *line)
{
	const size_t len = line ? strlen(line) : 0;
	/* A copy of exactly this length, so that the sanitizer detects reads beyond it. */
	char *exact = line ? malloc(len ? len : 1) : NULL;
	struct pg_policy policy;

	if (line)
		memcpy(exact, line, len);
	memset(&policy, 0x5a, sizeof(policy));
	pg_policy_parse(exact, len, &policy);
	free(exact);
	return policy;
}

UNIT_TEST(an_empty_line_has_the_defaults)
{
	static const char *const lines[] = { NULL, "",
					     "console=ttyS0 kho=on liveupdate=on root=/dev/vda" };
	/* Without these two parameters, the next kernel ignores the record. */
	static const bool ignores[] = { false, true, false };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(lines); i++) {
		const struct pg_policy policy = parse(lines[i]);

		assert_int_equal(policy.mode, PG_MODE_ENFORCE);
		assert_int_equal(policy.stop, PG_STOP_HALT);
		assert_int_equal(policy.reset_after_s, 0);
		assert_false(policy.quiet);
		assert_false(policy.assign_busses);
		assert_false(policy.pci_off);
		assert_int_equal(policy.kho_default, PG_FACT_UNKNOWN);
		assert_int_equal(policy.kho_off, ignores[i]);
		assert_int_equal(policy.liveupdate_off, ignores[i]);
		assert_string_equal(policy.bad_mode, "");
		assert_string_equal(policy.bad_stop, "");
	}
}

UNIT_TEST(the_last_value_of_pcigate_sets_the_mode)
{
	static const struct {
		const char *line;
		enum pg_mode mode;
		const char *bad;
	} cases[] = {
		{ "pcigate=enforce", PG_MODE_ENFORCE, "" },
		{ "pcigate=report", PG_MODE_REPORT, "" },
		{ "pcigate=off", PG_MODE_OFF, "" },
		{ "pcigate=\"off\"", PG_MODE_OFF, "" },
		/* The last one counts. */
		{ "pcigate=off pcigate=enforce", PG_MODE_ENFORCE, "" },
		{ "pcigate=off pcigate=report", PG_MODE_REPORT, "" },
		{ "pcigate=of pcigate=report", PG_MODE_REPORT, "" },
		/* A misspelt value selects the default, not the value before. */
		{ "pcigate=off pcigate=reprot", PG_MODE_ENFORCE, "reprot" },
		{ "pcigate=OFF", PG_MODE_ENFORCE, "OFF" },
		{ "pcigate=offf", PG_MODE_ENFORCE, "offf" },
		{ "pcigate=0", PG_MODE_ENFORCE, "0" },
		{ "pcigate=", PG_MODE_ENFORCE, "(nothing)" },
		{ "pcigate", PG_MODE_ENFORCE, "(nothing)" },
		{ "pcigate=\x80\x1b", PG_MODE_ENFORCE, "??" },
		{ "pcigate=aaaaaaaaaabbbbbbbbbbccc", PG_MODE_ENFORCE, "aaaaaaaaaabbbbbbbbbbccc" },
		{ "pcigate=aaaaaaaaaabbbbbbbbbbcccd", PG_MODE_ENFORCE, "aaaaaaaaaabbbbbbbbbbccc" },
		/* These are other parameters, or arguments of init. */
		{ "pcigates=off", PG_MODE_ENFORCE, "" },
		{ "pcigat=off", PG_MODE_ENFORCE, "" },
		{ "xpcigate=off", PG_MODE_ENFORCE, "" },
		{ "-- pcigate=off", PG_MODE_ENFORCE, "" },
		{ "x=\"pcigate=off", PG_MODE_ENFORCE, "" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.mode, cases[i].mode);
		assert_string_equal(policy.bad_mode, cases[i].bad);
	}
}

UNIT_TEST(pcigate_stop_and_panic_set_the_action)
{
	static const struct {
		const char *line;
		enum pg_stop stop;
		uint32_t after;
		const char *bad;
	} cases[] = {
		{ "pcigate.stop=halt", PG_STOP_HALT, 0, "" },
		{ "pcigate.stop=reset", PG_STOP_RESET, 0, "" },
		{ "pcigate.stop=poweroff", PG_STOP_POWEROFF, 0, "" },
		{ "pcigate.stop=halt panic=5", PG_STOP_HALT, 0, "" },
		{ "panic=5 pcigate.stop=poweroff", PG_STOP_POWEROFF, 0, "" },
		{ "panic=5 pcigate.stop=reset", PG_STOP_RESET, 0, "" },
		{ "pcigate.stop=reset pcigate.stop=halt", PG_STOP_HALT, 0, "" },
		{ "pcigate.stop=rest pcigate.stop=reset", PG_STOP_RESET, 0, "" },
		/* A misspelt value selects the default, which depends on panic=. */
		{ "pcigate.stop=rest", PG_STOP_HALT, 0, "rest" },
		{ "pcigate.stop=rest panic=7", PG_STOP_RESET, 7, "rest" },
		{ "pcigate.stop=poweroff pcigate.stop=rest", PG_STOP_HALT, 0, "rest" },
		{ "pcigate.stop", PG_STOP_HALT, 0, "(nothing)" },
		{ "pcigate-stop=reset", PG_STOP_HALT, 0, "" },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.stop, cases[i].stop);
		assert_int_equal(policy.reset_after_s, cases[i].after);
		assert_string_equal(policy.bad_stop, cases[i].bad);
		assert_string_equal(policy.bad_mode, "");
	}
}

/* Linux 7.3 uses kstrtoint(.., 0, ..). A refused value changes nothing. */
UNIT_TEST(panic_is_read_as_in_linux)
{
	static const struct {
		const char *line;
		enum pg_stop stop;
		uint32_t after;
	} cases[] = {
		{ "panic=0", PG_STOP_HALT, 0 },
		{ "panic=1", PG_STOP_RESET, 1 },
		{ "panic=+30", PG_STOP_RESET, 30 },
		{ "panic=-1", PG_STOP_RESET, 0 },
		{ "panic=-0", PG_STOP_HALT, 0 },
		{ "panic=2147483647", PG_STOP_RESET, 2147483647 },
		{ "panic=2147483648", PG_STOP_HALT, 0 },
		{ "panic=-2147483648", PG_STOP_RESET, 0 },
		{ "panic=-2147483649", PG_STOP_HALT, 0 },
		{ "panic=18446744073709551617", PG_STOP_HALT, 0 },
		{ "panic=99999999999999999999999999999999999999", PG_STOP_HALT, 0 },
		{ "panic=0x1e", PG_STOP_RESET, 30 },
		{ "panic=0X1E", PG_STOP_RESET, 30 },
		{ "panic=0x7fffffff", PG_STOP_RESET, 2147483647 },
		{ "panic=0x80000000", PG_STOP_HALT, 0 },
		{ "panic=0x", PG_STOP_HALT, 0 },
		{ "panic=0xg", PG_STOP_HALT, 0 },
		{ "panic=-0x10", PG_STOP_RESET, 0 },
		{ "panic=010", PG_STOP_RESET, 8 },
		{ "panic=08", PG_STOP_HALT, 0 },
		{ "panic=077", PG_STOP_RESET, 63 },
		{ "panic=1a", PG_STOP_HALT, 0 },
		{ "panic=5s", PG_STOP_HALT, 0 },
		{ "panic=", PG_STOP_HALT, 0 },
		{ "panic=-", PG_STOP_HALT, 0 },
		{ "panic=+", PG_STOP_HALT, 0 },
		{ "panic=--1", PG_STOP_HALT, 0 },
		{ "panic=/", PG_STOP_HALT, 0 },
		{ "panic=:", PG_STOP_HALT, 0 },
		{ "panic=0x@", PG_STOP_HALT, 0 },
		{ "panic=0x`", PG_STOP_HALT, 0 },
		{ "panic", PG_STOP_HALT, 0 },
		{ "panic=0x5", PG_STOP_RESET, 5 },
		{ "panic=9", PG_STOP_RESET, 9 },
		{ "panic=0xa", PG_STOP_RESET, 10 },
		{ "panic=0xf", PG_STOP_RESET, 15 },
		{ "panic=5 panic=x", PG_STOP_RESET, 5 },
		{ "panic=5 panic=", PG_STOP_RESET, 5 },
		{ "panic=5 panic=-", PG_STOP_RESET, 5 },
		{ "panic=5 panic", PG_STOP_RESET, 5 },
		{ "panic=5 panic=0", PG_STOP_HALT, 0 },
		{ "panic=\"12\"", PG_STOP_RESET, 12 },
		{ "panic_on_warn=1 -- panic=3", PG_STOP_HALT, 0 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.stop, cases[i].stop);
		assert_int_equal(policy.reset_after_s, cases[i].after);
	}
}

UNIT_TEST(pci_flags_are_read_as_in_linux)
{
	static const struct {
		const char *line;
		bool off;
		bool assign;
	} cases[] = {
		{ "pci=off", true, false },
		{ "pci=assign-busses", false, true },
		{ "pci=nomsi,assign-busses", false, true },
		{ "pci=assign-busses,nomsi", false, true },
		{ "pci=,assign-busses,", false, true },
		{ "pci=nommconf pci=assign-busses", false, true },
		{ "pci=assign-busses pci=noacpi", false, true },
		/* These replace all flags. */
		{ "pci=assign-busses,conf1", false, false },
		{ "pci=assign-busses,conf2", true, false },
		{ "pci=conf1,assign-busses", false, true },
		{ "pci=conf2,assign-busses", true, true },
		{ "pci=assign-busses,off", true, false },
		{ "pci=off,assign-busses", true, true },
		{ "pci=off,conf1", false, false },
		{ "pci=off pci=conf2", true, false },
		{ "pci=off,nommconf", true, false },
		/* Words are compared exactly: '-' and '_' are the same in names only. */
		{ "pci=assign_busses", false, false },
		{ "pci=assign-buses", false, false },
		{ "pci=assign-bussess", false, false },
		{ "pci=Off", false, false },
		{ "pci=off2", false, false },
		{ "pci=noff", false, false },
		{ "pci=\"nomsi,assign-busses\"", false, true },
		{ "\"pci=assign-busses\"", false, true },
		{ "pci", false, false },
		{ "pci=", false, false },
		{ "pci=,", false, false },
		{ "pcie=off", false, false },
		{ "-- pci=off", false, false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.pci_off, cases[i].off);
		assert_int_equal(policy.assign_busses, cases[i].assign);
	}
}

/* Compares every pair of first letters with another form of kstrtobool(). */
UNIT_TEST(kho_is_read_as_by_kstrtobool)
{
	static const char yes[] = "eEyYtT1", no[] = "dDnNfF0";
	unsigned int first, second;

	for (first = 0x21; first < 0x7f; first++) {
		for (second = 0x21; second < 0x7f; second++) {
			const char line[] = { 'k', 'h', 'o', '=', (char)first, (char)second, 0 };
			const char after_on[] = { 'k',	       'h',	     'o', '=', 'y',
						  ' ',	       'k',	     'h', 'o', '=',
						  (char)first, (char)second, 0 };
			const bool on = strchr(yes, (int)first) ||
					((first | 0x20) == 'o' && (second | 0x20) == 'n');
			const bool off = strchr(no, (int)first) ||
					 ((first | 0x20) == 'o' && (second | 0x20) == 'f');

			if (first == '"' || second == '"')
				continue;
			assert_int_equal(parse(line).kho_off, !on);
			assert_int_equal(parse(after_on).kho_off, off);
		}
	}
}

UNIT_TEST(kho_must_be_switched_on)
{
	static const struct {
		const char *line;
		bool off;
	} cases[] = {
		{ "kho=off", true },
		{ "kho=0", true },
		{ "kho=n", true },
		{ "kho=disable", true },
		{ "kho=on", false },
		{ "kho=off kho=on", false },
		{ "kho=off kho=1", false },
		{ "kho=off kho=maybe", true },
		{ "kho=off kho=", true },
		{ "kho=off kho", true },
		{ "kho=off kho=o", true },
		{ "kho=off kho=oz", true },
		/* Without a value, the configuration of the next kernel decides; it is unknown. */
		{ "kho", true },
		{ "kho=", true },
		{ "khoo=on", true },
		{ "kho_scratch=on", true },
		{ "kho=on khoo=off", false },
		{ "-- kho=on", true },
		{ "kho=on kho_scratch=off", false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++)
		assert_int_equal(parse(cases[i].line).kho_off, cases[i].off);
}

UNIT_TEST(iommu_parameters_are_judged)
{
	static const struct {
		const char *line;
		bool off;
	} cases[] = {
		{ "intel_iommu=on", false },
		{ "intel_iommu=off", true },
		{ "intel-iommu=sm_on,off", true },
		{ "intel_iommu=off intel_iommu=on", false },
		{ "intel_iommu=igfx_off,sp_off,sm_off", false },
		{ "amd_iommu=off", true },
		{ "amd_iommu=off amd_iommu=force_enable", true },
		{ "amd_iommu=force_isolation", false },
		{ "iommu=off", true },
		{ "iommu=off intel_iommu=on", true },
		{ "intel_iommu=off iommu=nopt", true },
		{ "iommu=force,offset", true },
		{ "iommu=pt", true },
		{ "iommu=nopt", false },
		{ "iommu=pt iommu=nopt", false },
		{ "iommu=nopt,pt", true },
		{ "iommu=soft,nomerge", false },
		{ "iommu.passthrough=1", true },
		{ "iommu.passthrough=0", false },
		{ "iommu=pt iommu.passthrough=off", false },
		{ "iommu.passthrough=on iommu.passthrough=maybe", true },
		{ "iommu.strict=1", false },
		{ "iommu", false },
		{ "-- iommu=off", false },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++)
		assert_int_equal(parse(cases[i].line).iommu_off, cases[i].off);
}

UNIT_TEST(parameters_that_take_memory_are_listed)
{
	static const struct {
		const char *line;
		const char *word;
		uint64_t first;
		uint64_t last;
	} cases[] = {
		{ "mem=1G", "mem=", 0x40000000, UINT64_MAX },
		{ "mem=0x20000000", "mem=", 0x20000000, UINT64_MAX },
		{ "mem=512m", "mem=", 0x20000000, UINT64_MAX },
		{ "mem=010k", "mem=", 0x2000, UINT64_MAX },
		{ "memmap=2T", "memmap=", 0x20000000000, UINT64_MAX },
		{ "memmap=64K$0x18690000", "memmap=", 0x18690000, 0x1869ffff },
		{ "memmap=4G!12G", "memmap=", 0x300000000, 0x3ffffffff },
		{ "memmap=1M#3M", "memmap=", 0x300000, 0x3fffff },
		{ "memmap=1M%3M-1+2", "memmap=", 0x300000, 0x3fffff },
		{ "memmap=1E!0xfff0000000000000", "memmap=", 0xfff0000000000000, UINT64_MAX },
		{ "memmap=exactmap,640K@0", "memmap=", 0, UINT64_MAX },
		{ "memmap=1G@0,1M$3M", "memmap=", 0x300000, 0x3fffff },
		{ "cma=64M@0x10000000", "cma=", 0x10000000, 0x13ffffff },
		{ "memtest", "memtest=", 0, UINT64_MAX },
		{ "memtest=4", "memtest=", 0, UINT64_MAX },
	};
	static const char *const harmless[] = {
		"mem=0",
		"mem=",
		"mem",
		"mem=nopentium",
		"memmap=1G@0",
		"memmap=",
		"memmap",
		"memmap=0$1M",
		"cma=64M",
		"cma=64M@0-4G",
		"cma",
		"memtest=0",
		"crashkernel=256M",
		"hugepages=16",
		"-- mem=1G",
	};
	struct pg_policy policy;
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		policy = parse(cases[i].line);
		assert_int_equal(policy.nr_taken, 1);
		assert_true(policy.taken[0].first == cases[i].first);
		assert_true(policy.taken[0].last == cases[i].last);
		assert_string_equal(policy.taken[0].word, cases[i].word);
	}
	for (i = 0; i < PG_ARRAY_SIZE(harmless); i++)
		assert_int_equal(parse(harmless[i]).nr_taken, 0);
	/* With more ranges than the array holds, all memory counts as taken. */
	policy = parse("memmap=1$1,1$2,1$3,1$4,1$5,1$6,1$7,1$8");
	assert_int_equal(policy.nr_taken, 8);
	assert_true(policy.taken[7].first == 8);
	policy = parse("memmap=1$1,1$2,1$3,1$4,1$5,1$6,1$7,1$8 mem=1G");
	assert_int_equal(policy.nr_taken, 1);
	assert_true(policy.taken[0].first == 0 && policy.taken[0].last == UINT64_MAX);
}

UNIT_TEST(quiet_is_what_hides_information_on_the_console)
{
	static const char *const hide[] = {
		"quiet",	"quiet splash",	    "loglevel=6",
		"loglevel=0x3", "loglevel=9 quiet", "debug loglevel=-1"
	};
	static const char *const show[] = { "",
					    "quie",
					    "quiets",
					    "-- quiet",
					    "loglevel=7",
					    "quiet loglevel=8",
					    "quiet debug",
					    "loglevel=quiet",
					    "quiet ignore_loglevel",
					    "ignore_loglevel loglevel=1" };
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(hide); i++)
		assert_true(parse(hide[i]).quiet);
	for (i = 0; i < PG_ARRAY_SIZE(show); i++)
		assert_false(parse(show[i]).quiet);
}

UNIT_TEST(the_last_value_of_pcigate_decides_whether_the_report_is_printed)
{
	assert_true(parse("pcigate=verbose").verbose);
	assert_int_equal(parse("pcigate=off pcigate=verbose").mode, PG_MODE_ENFORCE);
	assert_string_equal(parse("pcigate=verbose").bad_mode, "");
	assert_false(parse("pcigate=verbose pcigate=enforce").verbose);
	assert_false(parse("pcigate=report").verbose);
	assert_false(parse("").verbose);
}

UNIT_TEST(other_parameters_are_read)
{
	assert_false(parse("pci=noari").all_devices);
	assert_true(parse("pci=pcie_scan_all").all_devices);
	assert_true(parse("elfcorehdr=0x1000").crash_kernel);
	assert_false(parse("-- elfcorehdr=0x1000").crash_kernel);
	assert_true(parse("initcall_blacklist=pci_subsys_init").blacklist);
	assert_string_equal(parse("pcigate.early=off pcigate=report").unknown, "pcigate.early");
	assert_string_equal(parse("pcigate.stopp=halt").unknown, "pcigate.stopp");
	assert_string_equal(parse("pcigates=off").unknown, "pcigates");
	assert_string_equal(parse("xpcigate.a").unknown, "");
	assert_string_equal(parse("pcigate.abcdefghijklmnopqrstuvwxyz").unknown,
			    "pcigate.abcdefghijklmno");
	/* As in simple_strtoul(), a number ends at the first other character. */
	assert_int_equal(parse("pci=hpbussize=8x").hotplug_buses, 8);
	assert_int_equal(parse("pci=hpbussize=0x100").hotplug_buses, 1);
}

UNIT_TEST(a_line_is_cut_after_2047_bytes)
{
	char line[PG_CMDLINE_MAX + 16];
	struct pg_policy policy;

	memset(line, ' ', sizeof(line));
	memcpy(line + PG_CMDLINE_MAX - 11, "pcigate=off", 11);
	pg_policy_parse(line, PG_CMDLINE_MAX, &policy);
	assert_int_equal(policy.mode, PG_MODE_OFF);
	assert_false(policy.cut);
	memset(line, ' ', sizeof(line));
	memcpy(line + PG_CMDLINE_MAX + 1, "pcigate=off", 11);
	pg_policy_parse(line, sizeof(line), &policy);
	assert_int_equal(policy.mode, PG_MODE_ENFORCE);
	assert_true(policy.cut);
	line[20] = 0;
	pg_policy_parse(line, sizeof(line), &policy);
	assert_false(policy.cut);
}

UNIT_TEST(the_length_ends_the_line)
{
	struct pg_policy policy;

	pg_policy_parse("pcigate=off", 10, &policy);
	assert_int_equal(policy.mode, PG_MODE_ENFORCE);
	assert_string_equal(policy.bad_mode, "of");
	pg_policy_parse("pcigate=off", 11, &policy);
	assert_int_equal(policy.mode, PG_MODE_OFF);
}

UNIT_TEST(one_line_can_have_all_parameters)
{
	const struct pg_policy policy =
		parse("console=ttyS0 pcigate=report quiet pci=nomsi,assign-busses kho=on panic=-1 "
		      "pcigate.stop=poweroff");

	assert_int_equal(policy.mode, PG_MODE_REPORT);
	assert_int_equal(policy.stop, PG_STOP_POWEROFF);
	assert_true(policy.quiet);
	assert_true(policy.assign_busses);
	assert_false(policy.pci_off);
	assert_false(policy.kho_off);
}
