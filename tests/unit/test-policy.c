// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-policy.c - lib/plan/policy.c: what the next kernel's command line says about the gate and about PCI.
 */
#include "unit.h"

#include <pcigate/plan.h>

static struct pg_policy parse(const char *line)
{
	const size_t len = line ? strlen(line) : 0;
	/* Exactly as long as it is, so that the sanitizer sees a look behind it. */
	char *exact = line ? malloc(len ? len : 1) : NULL;
	struct pg_policy policy;

	if (line)
		memcpy(exact, line, len);
	memset(&policy, 0x5a, sizeof(policy));
	pg_policy_parse(exact, len, &policy);
	free(exact);
	return policy;
}

static void defaults(void **state)
{
	static const char *const lines[] = { NULL, "", "console=ttyS0 kho=on liveupdate=on root=/dev/vda" };
	/* No line to judge; then a kernel that is told neither, and ignores the record; then one that is told both. */
	static const bool ignores[] = { false, true, false };
	size_t i;

	(void)state;
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

static void modes(void **state)
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
		/* A misspelt one is the default, not what stood before. */
		{ "pcigate=off pcigate=reprot", PG_MODE_ENFORCE, "reprot" },
		{ "pcigate=OFF", PG_MODE_ENFORCE, "OFF" },
		{ "pcigate=offf", PG_MODE_ENFORCE, "offf" },
		{ "pcigate=0", PG_MODE_ENFORCE, "0" },
		{ "pcigate=", PG_MODE_ENFORCE, "(nothing)" },
		{ "pcigate", PG_MODE_ENFORCE, "(nothing)" },
		{ "pcigate=\x80\x1b", PG_MODE_ENFORCE, "??" },
		{ "pcigate=aaaaaaaaaabbbbbbbbbbccc", PG_MODE_ENFORCE, "aaaaaaaaaabbbbbbbbbbccc" },
		{ "pcigate=aaaaaaaaaabbbbbbbbbbcccd", PG_MODE_ENFORCE, "aaaaaaaaaabbbbbbbbbbccc" },
		/* Not ours, or init's. */
		{ "pcigates=off", PG_MODE_ENFORCE, "" },
		{ "pcigat=off", PG_MODE_ENFORCE, "" },
		{ "xpcigate=off", PG_MODE_ENFORCE, "" },
		{ "-- pcigate=off", PG_MODE_ENFORCE, "" },
		{ "x=\"pcigate=off", PG_MODE_ENFORCE, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.mode, cases[i].mode);
		assert_string_equal(policy.bad_mode, cases[i].bad);
	}
}

static void stops(void **state)
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
		/* A misspelt one means the default, and that is what panic= says. */
		{ "pcigate.stop=rest", PG_STOP_HALT, 0, "rest" },
		{ "pcigate.stop=rest panic=7", PG_STOP_RESET, 7, "rest" },
		{ "pcigate.stop=poweroff pcigate.stop=rest", PG_STOP_HALT, 0, "rest" },
		{ "pcigate.stop", PG_STOP_HALT, 0, "(nothing)" },
		{ "pcigate-stop=reset", PG_STOP_HALT, 0, "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.stop, cases[i].stop);
		assert_int_equal(policy.reset_after_s, cases[i].after);
		assert_string_equal(policy.bad_stop, cases[i].bad);
		assert_string_equal(policy.bad_mode, "");
	}
}

/* Checked with kstrtoint(.., 0, ..) of Linux 7.3; what it refuses changes nothing. */
static void panic_values(void **state)
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

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.stop, cases[i].stop);
		assert_int_equal(policy.reset_after_s, cases[i].after);
	}
}

static void pci_words(void **state)
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
		/* These set the whole of it anew. */
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

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		const struct pg_policy policy = parse(cases[i].line);

		assert_int_equal(policy.pci_off, cases[i].off);
		assert_int_equal(policy.assign_busses, cases[i].assign);
	}
}

/* Every pair of first letters against what kstrtobool() makes of it, written down another way. */
static void kho_as_kstrtobool_reads_it(void **state)
{
	static const char yes[] = "eEyYtT1", no[] = "dDnNfF0";
	unsigned int first, second;

	(void)state;
	for (first = 0x21; first < 0x7f; first++) {
		for (second = 0x21; second < 0x7f; second++) {
			const char line[] = { 'k', 'h', 'o', '=', (char)first, (char)second, 0 };
			const char after_on[] = { 'k', 'h', 'o', '=', 'y', ' ', 'k', 'h', 'o',
						  '=', (char)first, (char)second, 0 };
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

static void kho_words(void **state)
{
	(void)state;
	assert_true(parse("kho=off").kho_off);
	assert_true(parse("kho=0").kho_off);
	assert_true(parse("kho=n").kho_off);
	assert_true(parse("kho=disable").kho_off);
	assert_false(parse("kho=on").kho_off);
	assert_false(parse("kho=off kho=on").kho_off);
	assert_false(parse("kho=off kho=1").kho_off);
	assert_true(parse("kho=off kho=maybe").kho_off);
	assert_true(parse("kho=off kho=").kho_off);
	assert_true(parse("kho=off kho").kho_off);
	assert_true(parse("kho=off kho=o").kho_off);
	assert_true(parse("kho=off kho=oz").kho_off);
	/* Whether it is on without the word depends on the next kernel's configuration, which cannot be seen. */
	assert_true(parse("kho").kho_off);
	assert_true(parse("kho=").kho_off);
	assert_true(parse("khoo=on").kho_off);
	assert_true(parse("kho_scratch=on").kho_off);
	assert_false(parse("kho=on khoo=off").kho_off);
	assert_false(parse("kho=on kho_scratch=off").kho_off);
	assert_true(parse("-- kho=on").kho_off);
}

static void quiet(void **state)
{
	(void)state;
	assert_true(parse("quiet").quiet);
	assert_true(parse("quiet splash").quiet);
	assert_false(parse("quie").quiet);
	assert_false(parse("quiets").quiet);
	assert_false(parse("-- quiet").quiet);
}

static void length_ends_the_line(void **state)
{
	struct pg_policy policy;

	(void)state;
	pg_policy_parse("pcigate=off", 10, &policy);
	assert_int_equal(policy.mode, PG_MODE_ENFORCE);
	assert_string_equal(policy.bad_mode, "of");
	pg_policy_parse("pcigate=off", 11, &policy);
	assert_int_equal(policy.mode, PG_MODE_OFF);
}

static void everything_in_one_line(void **state)
{
	const struct pg_policy policy =
		parse("console=ttyS0 pcigate=report quiet pci=nomsi,assign-busses kho=on panic=-1 pcigate.stop=poweroff");

	(void)state;
	assert_int_equal(policy.mode, PG_MODE_REPORT);
	assert_int_equal(policy.stop, PG_STOP_POWEROFF);
	assert_true(policy.quiet);
	assert_true(policy.assign_busses);
	assert_false(policy.pci_off);
	assert_false(policy.kho_off);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(modes),
		cmocka_unit_test(stops),
		cmocka_unit_test(panic_values),
		cmocka_unit_test(pci_words),
		cmocka_unit_test(kho_as_kstrtobool_reads_it),
		cmocka_unit_test(kho_words),
		cmocka_unit_test(quiet),
		cmocka_unit_test(length_ends_the_line),
		cmocka_unit_test(everything_in_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
