// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-next-kernel.c - lib/record/next_kernel.c, lib/plan/next_line.c: what is known about the next
 * kernel, and what follows from it.
 */
#include "gate-fdt-writer.h"
#include "gate-fixture.h"

static uint8_t tree[OWN_BYTES];
static struct pg_next_kernel next;
static struct pg_finding finding;

/* A tree with the node /next-kernel. */
static int node_setup(void **state)
{
	next = (struct pg_next_kernel){ .kho = PG_FACT_UNKNOWN };
	own_begin(tree, false);
	own_node(tree, "next-kernel");
	own_end(tree);
	own_finish(tree);
	return setup(state);
}

#define NODE_TEST(f) UNIT_TEST_WITH(f, node_setup, teardown)

static enum pg_reason read_node(void)
{
	return pg_next_kernel_read(tree, own_path(tree, "/next-kernel"), 0, &next, &finding);
}

/* Adds a property and reads the node. */
static enum pg_reason with(const char *name, const char *value)
{
	own_set(tree, "/next-kernel", name, value, (unsigned int)strlen(value) + 1);
	return read_node();
}

NODE_TEST(without_properties_nothing_is_known)
{
	static const struct pg_next_kernel nothing;

	memset(&next, 0x5a, sizeof(next));
	assert_int_equal(read_node(), PG_OK);
	assert_memory_equal(&next, &nothing, 7 * sizeof(next.kho));
	assert_memory_equal(&next.version, &nothing.version,
			    offsetof(struct pg_next_kernel, cmdline_overrides) -
				    offsetof(struct pg_next_kernel, version));
	assert_false(next.cmdline_overrides);
}

NODE_TEST(every_property)
{
	with("kho", "yes");
	with("liveupdate", "no");
	with("pci-liveupdate", "yes");
	with("kho-default", "no");
	with("liveupdate-default", "yes");
	with("keeps-bus-numbers", "no");
	with("keeps-virtual-functions", "yes");
	with("version", "7.3.4");
	with("kho-version", "kho-v4");
	with("luo-version", "luo-v5");
	with("pci-version", "2");
	with("cmdline", "quiet");
	assert_int_equal(with("cmdline-overrides", "yes"), PG_OK);
	assert_int_equal(next.kho, PG_FACT_YES);
	assert_int_equal(next.liveupdate, PG_FACT_NO);
	assert_int_equal(next.pci, PG_FACT_YES);
	assert_int_equal(next.kho_default, PG_FACT_NO);
	assert_int_equal(next.liveupdate_default, PG_FACT_YES);
	assert_int_equal(next.keeps_buses, PG_FACT_NO);
	assert_int_equal(next.keeps_vfs, PG_FACT_YES);
	assert_string_equal(next.version, "7.3.4");
	assert_string_equal(next.kho_version, "kho-v4");
	assert_string_equal(next.luo_version, "luo-v5");
	assert_string_equal(next.pci_version, "2");
	assert_string_equal(next.cmdline, "quiet");
	assert_true(next.cmdline_overrides);
}

NODE_TEST(wrong_values)
{
	static const char *const facts[] = { "kho",
					     "liveupdate",
					     "pci-liveupdate",
					     "kho-default",
					     "liveupdate-default",
					     "keeps-bus-numbers",
					     "keeps-virtual-functions",
					     "cmdline-overrides" };
	static const char *const texts[] = { "version", "kho-version", "luo-version", "pci-version",
					     "cmdline" };
	static const char *const not_facts[] = { "", "y", "yes!", "none", "Yes" };

	for (size_t i = 0; i < PG_ARRAY_SIZE(facts); i++) {
		for (size_t j = 0; j < PG_ARRAY_SIZE(not_facts); j++) {
			assert_int_equal(with(facts[i], not_facts[j]), PG_RECORD_MALFORMED);
			assert_string_equal(finding.field, "next-kernel: value of");
			assert_string_equal(finding.text, facts[i]);
		}
		own_delete(tree, "/next-kernel", facts[i]);
	}
	for (size_t i = 0; i < PG_ARRAY_SIZE(texts); i++) {
		/* Empty, not terminated, two strings. */
		for (unsigned int len = 0; len <= 4; len += 2) {
			own_set(tree, "/next-kernel", texts[i], "ab\0", len);
			assert_int_equal(read_node(), PG_RECORD_MALFORMED);
			assert_string_equal(finding.text, texts[i]);
		}
		own_delete(tree, "/next-kernel", texts[i]);
	}
	assert_int_equal(read_node(), PG_OK);
}

/* The compiler of Linux accepts no longer line. */
NODE_TEST(the_longest_built_in_line)
{
	char line[PG_CMDLINE_MAX + 2];

	memset(line, 'x', sizeof(line));
	line[PG_CMDLINE_MAX] = 0;
	assert_int_equal(with("cmdline", line), PG_OK);
	line[PG_CMDLINE_MAX] = 'x';
	line[PG_CMDLINE_MAX + 1] = 0;
	assert_int_equal(with("cmdline", line), PG_RECORD_MALFORMED);
}

static void check_line(const char *built_in, bool overrides, const char *loader, const char *wanted)
{
	const struct pg_next_kernel kernel = { .cmdline = built_in,
					       .cmdline_overrides = overrides };
	char buf[PG_NEXT_LINE_SIZE];
	const struct pg_cmdline line = pg_next_kernel_line(&kernel, loader, strlen(loader), buf);

	assert_int_equal(line.len, strlen(wanted));
	assert_memory_equal(line.text, wanted, line.len);
}

UNIT_TEST(the_line_of_the_next_kernel)
{
	check_line(NULL, false, "a=1", "a=1");
	check_line("", false, "a=1", "a=1");
	check_line("b=2", false, "a=1", "b=2 a=1");
	check_line("b=2", false, "", "b=2 ");
	check_line("b=2", true, "a=1", "b=2");
	check_line("", true, "a=1", "a=1");
	assert_null(pg_next_kernel_line(&next, NULL, 0, NULL).text);
}

/* Linux reads 2,047 bytes of both together; one more shows that the line is cut. */
UNIT_TEST(a_line_that_is_too_long)
{
	static char loader[PG_CMDLINE_MAX + 1], buf[PG_NEXT_LINE_SIZE];
	const struct pg_next_kernel kernel = { .cmdline = "quiet" };
	struct pg_policy policy;

	memset(loader, 'x', sizeof(loader));
	pg_next_kernel_policy(&kernel, loader, PG_CMDLINE_MAX - 6, buf, &policy);
	assert_false(policy.cut);
	pg_next_kernel_policy(&kernel, loader, PG_CMDLINE_MAX - 5, buf, &policy);
	assert_true(policy.cut);
	pg_next_kernel_policy(&kernel, loader, sizeof(loader), buf, &policy);
	assert_true(policy.cut);
}

static struct pg_policy policy_of(const struct pg_next_kernel *kernel, const char *loader)
{
	static char buf[PG_NEXT_LINE_SIZE];
	struct pg_policy policy;

	pg_next_kernel_policy(kernel, loader, strlen(loader), buf, &policy);
	return policy;
}

UNIT_TEST(built_in_words_count)
{
	struct pg_next_kernel kernel = { .cmdline = "kho=on liveupdate=on pci=noari" };
	struct pg_policy policy = policy_of(&kernel, "console=ttyS0");

	assert_true(!policy.kho_off && !policy.liveupdate_off && policy.no_ari);
	policy = policy_of(&kernel, "kho=off pcigate=report");
	assert_true(policy.kho_off && policy.mode == PG_MODE_REPORT);
	/* The loader's words are for init. */
	kernel.cmdline = "kho=on --";
	policy = policy_of(&kernel, "liveupdate=on pcigate=report");
	assert_true(!policy.kho_off && policy.liveupdate_off && policy.mode == PG_MODE_ENFORCE);
	/* A quote that is not closed. */
	kernel.cmdline = "kho=on a=\"b";
	assert_true(policy_of(&kernel, "liveupdate=on").liveupdate_off);
}

UNIT_TEST(a_built_in_line_that_overrides)
{
	const struct pg_next_kernel kernel = { .cmdline = "kho=on", .cmdline_overrides = true };
	struct pg_policy policy =
		policy_of(&kernel, "liveupdate=on pci=noari pcigate=report pcigate.stop=reset");

	assert_true(!policy.kho_off && policy.liveupdate_off && !policy.no_ari);
	assert_int_equal(policy.mode, PG_MODE_REPORT);
	assert_int_equal(policy.stop, PG_STOP_RESET);
}

UNIT_TEST(defaults_of_the_next_kernel)
{
	struct pg_next_kernel kernel = { .kho_default = PG_FACT_YES,
					 .liveupdate_default = PG_FACT_YES,
					 .keeps_buses = PG_FACT_YES };
	struct pg_policy policy = policy_of(&kernel, "");

	assert_true(!policy.kho_off && !policy.liveupdate_off);
	assert_int_equal(policy.keeps_buses, PG_FACT_YES);
	policy = policy_of(&kernel, "kho=off liveupdate=off");
	assert_true(policy.kho_off && policy.liveupdate_off);
	kernel.kho_default = kernel.liveupdate_default = PG_FACT_NO;
	policy = policy_of(&kernel, "");
	assert_true(policy.kho_off && policy.liveupdate_off);
	policy = policy_of(NULL, "");
	assert_true(policy.kho_off && policy.liveupdate_off);
	assert_int_equal(policy.keeps_buses, PG_FACT_UNKNOWN);
}

static void run_next(const struct pg_next_kernel *kernel, const char *cmdline,
		     uint64_t setup_data_pa)
{
	struct pg_handover handover = { .memory = &memory.interface,
					.setup_data_pa = setup_data_pa };
	const struct pg_input input = {
		.source = { .read = pg_read_handover, .ctx = &handover },
		.config = &config.interface,
		.cmdline = cmdline,
		.cmdline_len = strlen(cmdline),
		.next = kernel,
	};

	pg_gate_run(&input, &workspace, &gate);
}

#define LINE "kho=on liveupdate=on"

static void check_refused(const struct pg_next_kernel *kernel, const char *field, const char *text)
{
	run_next(kernel, LINE, SETUP_PA);
	assert_verdict(false, false, PG_NEXT_CANNOT_READ);
	assert_string_equal(gate.verdict.finding.field, field);
	assert_string_equal(gate.verdict.finding.text, text);
	run_next(kernel, LINE " pcigate=report", SETUP_PA);
	assert_verdict(true, true, PG_NEXT_CANNOT_READ);
	/* Without preserved devices there is no record to know. */
	run_next(kernel, LINE, 0);
	assert_verdict(true, false, PG_OK);
}

GATE_TEST(a_next_kernel_that_cannot_read_the_record)
{
	static const char lacks[] = "the next kernel does not know",
			  only[] = "the next kernel reads only";

	check_refused(&(struct pg_next_kernel){ .kho = PG_FACT_NO }, lacks, "KHO");
	check_refused(&(struct pg_next_kernel){ .kho_version = "kho-v3" }, only, "KHO kho-v3");
	check_refused(&(struct pg_next_kernel){ .kho_version = "kho-v4;radix-v1;vmalloc-v1" }, only,
		      "KHO kho-v4;radix-v1;vmalloc-v1");
	check_refused(&(struct pg_next_kernel){ .liveupdate = PG_FACT_NO }, lacks, "Live Update");
	check_refused(&(struct pg_next_kernel){ .luo_version = "luo-v5;block-v1" }, only,
		      "Live Update luo-v5;block-v1");
	check_refused(&(struct pg_next_kernel){ .pci = PG_FACT_NO }, lacks, "PCI Live Update");
	check_refused(&(struct pg_next_kernel){ .pci_version = "1" }, only, "PCI Live Update 1");
}

/* Versions that were proposed: each part is compared with what the next kernel reads. */
UNIT_TEST(longer_versions_are_compared)
{
	static const char long_kho[] = "kho-v4;radix-v1;vmalloc-v1", long_luo[] = "luo-v5;block-v1";
	static const struct pg_record newer = { .state = PG_RECORD_DEVICES,
						.kho_version = "kho-v4;radix-v1;vmalloc-v1",
						.luo_version = "luo-v5;block-v1",
						.pci_version = 2 };
	const struct {
		struct pg_next_kernel next;
		const char *text;
	} rows[] = {
		{ { .kho_version = long_kho, .luo_version = long_luo, .pci_version = "2" }, NULL },
		{ { .luo_version = long_luo }, NULL },
		{ { .kho_version = "kho-v4", .luo_version = long_luo }, "KHO kho-v4" },
		{ { .kho_version = "kho-v4;radix-v1;vmalloc-v2" },
		  "KHO kho-v4;radix-v1;vmalloc-v2" },
		{ { .kho_version = long_kho, .luo_version = "luo-v5" }, "Live Update luo-v5" },
		{ { .kho_version = long_kho, .luo_version = long_luo, .pci_version = "3" },
		  "PCI Live Update 3" },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		const enum pg_reason reason = pg_next_kernel_check(&rows[i].next, &newer, &finding);

		assert_int_equal(reason, rows[i].text ? PG_NEXT_CANNOT_READ : PG_OK);
		assert_string_equal(finding.text, rows[i].text ? rows[i].text : "");
	}
}

GATE_TEST(a_next_kernel_that_reads_the_record)
{
	static const struct pg_next_kernel kernel = { .kho = PG_FACT_YES,
						      .liveupdate = PG_FACT_YES,
						      .pci = PG_FACT_YES,
						      .kho_version = "kho-v4",
						      .luo_version = "luo-v5",
						      .pci_version = "2" };

	run_next(&kernel, LINE, SETUP_PA);
	assert_verdict(true, false, PG_OK);
	run_next(&(struct pg_next_kernel){ .kho = PG_FACT_UNKNOWN }, LINE, SETUP_PA);
	assert_verdict(true, false, PG_OK);
}
