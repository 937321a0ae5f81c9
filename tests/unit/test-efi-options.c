// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-efi-options.c - boot/efi/options.c: reads the load options.
 */
#include "unit.h"

#include "request.h"

static struct request request;
static struct request_error error;

/* Reads @text as UTF-16 without a zero at its end. */
static bool read_as(const char *text, bool skip)
{
	uint16_t wide[8192];
	size_t len = strlen(text);

	assert_true(len < PG_ARRAY_SIZE(wide));
	for (size_t i = 0; i < len; i++)
		wide[i] = (uint8_t)text[i];
	error.text[0] = 0;
	return request_read_options(&request, wide, len, skip, &error);
}

static bool read(const char *text)
{
	return read_as(text, false);
}

UNIT_TEST(load_options_may_be_empty)
{
	assert_true(request_read_options(&request, NULL, 0, false, &error));
	assert_int_equal(request.task, TASK_GATE);
	assert_string_equal(request.options, "");
	assert_true(request_needs_file(&request));
	assert_true(read("   \t "));
	assert_string_equal(request.options, "");
}

UNIT_TEST(other_words_go_to_the_kernel)
{
	assert_true(read("  console=ttyS0   quiet\t panic=1 "));
	assert_string_equal(request.options, "console=ttyS0 quiet panic=1");
	assert_int_equal(request.options_len, strlen(request.options));
}

UNIT_TEST(a_zero_ends_the_options)
{
	const uint16_t wide[] = { 'a', ' ', 'b', 0, 0xffff, 0x1234 };

	assert_true(request_read_options(&request, wide, PG_ARRAY_SIZE(wide), false, &error));
	assert_string_equal(request.options, "a b");
}

UNIT_TEST(the_program_name_is_skipped)
{
	assert_true(read("fs0:\\EFI\\pcigate\\PCIGATE.EFI quiet"));
	assert_string_equal(request.options, "quiet");
	/* The EFI shell also runs the program by its name without .efi. */
	assert_true(read_as("pcigate quiet", true));
	assert_string_equal(request.options, "quiet");
	assert_true(read_as("pcigate", true));
	assert_string_equal(request.options, "");
	/* Only the first word can be the program name. */
	assert_true(read("quiet some.efi"));
	assert_string_equal(request.options, "quiet some.efi");
}

UNIT_TEST(own_options_are_removed_from_the_line)
{
	assert_true(
		read("--config a.conf --capture \\c.dtb --linux /b --initrd i --initrd j quiet"));
	assert_string_equal(request.config, "a.conf");
	assert_string_equal(request.capture, "\\c.dtb");
	assert_string_equal(request.kernel, "/b");
	assert_int_equal(request.nr_initrds, 2);
	assert_string_equal(request.initrds[1], "j");
	assert_string_equal(request.options, "quiet");
	assert_true(request_needs_file(&request));
	assert_true(read("--capture c --linux b"));
	assert_false(request_needs_file(&request));
}

UNIT_TEST(quoted_words_stay_whole)
{
	assert_true(read("--linux \"my kernel\" dyndbg=\"file a.c +p\" \"--not ours\""));
	assert_string_equal(request.kernel, "my kernel");
	assert_string_equal(request.options, "dyndbg=\"file a.c +p\" \"--not ours\"");
	assert_false(read("quiet dyndbg=\"file a.c"));
	assert_string_equal(error.text,
			    "load options: a quote is not closed in 'dyndbg=\"file a.c'");
}

UNIT_TEST(words_after_two_dashes_go_to_the_kernel)
{
	assert_true(read("--linux b -- --capture x quiet"));
	assert_null(request.capture);
	assert_string_equal(request.options, "--capture x quiet");
}

UNIT_TEST(record_takes_a_file_and_addresses)
{
	assert_true(read("--record c.dtb"));
	assert_int_equal(request.task, TASK_RECORD);
	assert_string_equal(request.record, "c.dtb");
	assert_int_equal(request.nr_addresses, 0);
	assert_true(read("--record c.dtb 0001:02:03.4 5:1f.7 6.0"));
	assert_int_equal(request.nr_addresses, 3);
	assert_true(pg_bdf_equal(request.addresses[0], pg_bdf(1, 2, 3 << 3 | 4)));
	assert_true(pg_bdf_equal(request.addresses[1], pg_bdf(0, 5, 0xff)));
	assert_true(pg_bdf_equal(request.addresses[2], pg_bdf(0, 0, 6 << 3)));
	assert_false(read("--record c.dtb 01:00.0 quiet"));
	assert_string_equal(
		error.text,
		"load options: --record: no address SEGMENT:BUS:DEVICE.FUNCTION: 'quiet'");
	assert_false(read("--record"));
}

UNIT_TEST(help_and_version_are_tasks)
{
	assert_true(read("--help"));
	assert_int_equal(request.task, TASK_HELP);
	assert_true(read("--version"));
	assert_int_equal(request.task, TASK_VERSION);
}

/* EDK2 puts a GUID into the boot entries that it makes itself. */
UNIT_TEST(data_that_is_not_text_is_ignored)
{
	const uint16_t guid[] = { 0xac4e, 0x0b4d, 0xa8ef, 0x4d2a, 0x5fa1, 0xaaaa, 0xbbbb, 0xcccc };
	const uint16_t control[] = { 1, 'a', 'b' };

	assert_true(request_read_options(&request, guid, PG_ARRAY_SIZE(guid), false, &error));
	assert_true(request.garbage);
	assert_string_equal(request.options, "");
	assert_int_equal(request.task, TASK_GATE);
	assert_true(request_read_options(&request, control, PG_ARRAY_SIZE(control), false, &error));
	assert_true(request.garbage);
	assert_true(read("\r\nquiet"));
	assert_false(request.garbage);
	assert_string_equal(request.options, "quiet");
}

UNIT_TEST(invalid_options_are_refused)
{
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
		{ "--recrod x", "load options: unknown option '--recrod'" },
		{ "--linux", "load options: a file is missing after '--linux'" },
		{ "--linux a --linux b", "load options: given twice: '--linux'" },
		{ "--linux \"\"", "load options: an empty name after '--linux'" },
		{ "a\x01", "load options: character 2 is 0x1, not printable ASCII" },
		{ "abc\xe9", "load options: character 4 is 0xe9, not printable ASCII" },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		assert_false(read(cases[i].text));
		assert_string_equal(error.text, cases[i].error);
	}
}

UNIT_TEST(too_long_options_are_refused)
{
	char text[REQUEST_TEXT + 2];

	memset(text, 'a', sizeof(text));
	text[REQUEST_TEXT - 1] = 0;
	assert_true(read(text));
	assert_int_equal(request.options_len, REQUEST_TEXT - 1);
	text[REQUEST_TEXT - 1] = 'a';
	text[REQUEST_TEXT] = 0;
	assert_false(read(text));
	assert_string_equal(error.text, "load options: more than 4095 characters");
	for (size_t i = 0; i < 2 * REQUEST_WORDS + 2; i++)
		text[i] = i % 2 ? ' ' : 'x';
	text[2 * REQUEST_WORDS] = 0;
	assert_true(read(text));
	text[2 * REQUEST_WORDS] = 'x';
	text[2 * REQUEST_WORDS + 1] = 0;
	assert_false(read(text));
	assert_string_equal(error.text, "load options: more than 256 words");
	text[0] = 0;
	for (int i = 0; i < 17; i++)
		strcat(text, "--initrd x ");
	assert_false(read(text));
	assert_string_equal(error.text, "load options: too many files '--initrd'");
}

UNIT_TEST(the_last_value_counts)
{
	char value[8];

	assert_true(read("pcigate.stop=halt quiet pcigate.stop=reset"));
	assert_true(request_last_value(&request, "pcigate.stop", value, sizeof(value)));
	assert_string_equal(value, "reset");
	assert_false(request_last_value(&request, "pcigate", value, sizeof(value)));
	assert_true(request_last_value(&request, "quiet", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_true(read("pcigate.stop=poweroffs"));
	assert_true(request_last_value(&request, "pcigate.stop", value, sizeof(value)));
	assert_string_equal(value, "(too lo");
}
