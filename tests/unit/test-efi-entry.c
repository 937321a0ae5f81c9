// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-efi-entry.c - boot/efi/entry.c: reads the text file next to the program.
 */
#include "unit.h"

#include "request.h"

static struct request request;
static struct request_error error;
static char *file;

/* The block has the size of the file and the one byte more that the caller promises. */
static bool read_bytes(const char *options, const char *text, size_t size)
{
	uint16_t wide[256];
	size_t len = strlen(options);

	for (size_t i = 0; i < len; i++)
		wide[i] = (uint8_t)options[i];
	assert_true(request_read_options(&request, wide, len, false, &error));
	free(file);
	file = malloc(size + 1);
	assert_non_null(file);
	memcpy(file, text, size);
	error.text[0] = 0;
	return request_read_file(&request, file, size, &error);
}

static bool read(const char *text)
{
	return read_bytes("", text, strlen(text));
}

static int release(void **state)
{
	free(file);
	file = NULL;
	return 0;
}

#define TEST(name) UNIT_TEST_WITH(name, NULL, release)

TEST(an_entry_is_read)
{
	assert_true(read("# comment\n"
			 "title    Linux\n"
			 "version 7.3\n"
			 "\n"
			 "capture  pcigate.dtb\n"
			 "linux\t/vmlinuz  \n"
			 "initrd   /a\n"
			 "initrd   /b\n"
			 "  options  quiet  splash\n"
			 "options  panic=1"));
	assert_string_equal(request.capture, "pcigate.dtb");
	assert_string_equal(request.kernel, "/vmlinuz");
	assert_int_equal(request.nr_initrds, 2);
	assert_string_equal(request.initrds[0], "/a");
	assert_string_equal(request.initrds[1], "/b");
	assert_string_equal(request.options, "quiet  splash panic=1");
	assert_int_equal(request.options_len, strlen(request.options));
}

TEST(crlf_ends_a_line)
{
	assert_true(read("capture c\r\nlinux l\r\n"));
	assert_string_equal(request.capture, "c");
	assert_string_equal(request.kernel, "l");
}

TEST(byte_order_marks_are_skipped)
{
	static const char utf16[] = "\xff\xfe"
				    "c\0a\0p\0t\0u\0r\0e\0 \0c\0\r\0\n\0l\0i\0n\0u\0x\0 \0l\0";
	static const char wide[] = "\xff\xfe"
				   "c\0a\0p\0t\0u\0r\0e\0 \0\xe9\x20";

	assert_true(read("\xef\xbb\xbf"
			 "capture c\nlinux l\n"));
	assert_string_equal(request.capture, "c");
	assert_true(read_bytes("", utf16, sizeof(utf16) - 1));
	assert_string_equal(request.capture, "c");
	assert_string_equal(request.kernel, "l");
	assert_false(read_bytes("", wide, sizeof(wide) - 1));
	assert_string_equal(error.text, "line 1: has a character that is not ASCII, or a zero");
}

TEST(load_options_override_the_file)
{
	static const char text[] = "capture c\nlinux l\ninitrd i\noptions quiet\n";

	assert_true(read_bytes("--linux other --initrd j panic=1", text, strlen(text)));
	assert_string_equal(request.kernel, "other");
	assert_string_equal(request.capture, "c");
	assert_int_equal(request.nr_initrds, 1);
	assert_string_equal(request.initrds[0], "j");
	/* The kernel uses the last value of a parameter, so the load options come last. */
	assert_string_equal(request.options, "quiet panic=1");
	assert_int_equal(request.options_len, strlen("quiet panic=1"));
}

TEST(options_may_be_empty)
{
	assert_true(read("capture c\nlinux l\noptions\n"));
	assert_string_equal(request.options, "");
	assert_true(read("capture c\nlinux l\n"));
	assert_string_equal(request.options, "");
}

TEST(errors_name_their_line)
{
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
		{ "capture c\nlinxu l\n", "line 2: unknown key 'linxu'" },
		{ "capture c\n\n# x\nlinux\n", "line 4: no value after 'linux'" },
		{ "capture c\nlinux l\nlinux m\n", "line 3: given twice: 'linux'" },
		{ "capture c\ncapture c\n", "line 2: given twice: 'capture'" },
		{ "capture c\n", "line 2, end of file: key 'linux' is missing" },
		{ "linux l", "line 2, end of file: key 'capture' is missing" },
		{ "", "line 1, end of file: key 'linux' is missing" },
		{ "capture c\nlinux \x01\n", "line 2: linux: byte 0x1 is not printable ASCII" },
		{ "capture c\nlinux l\xe9\n", "line 2: linux: byte 0xe9 is not printable ASCII" },
		{ "MZ\x90\n", "line 1: byte 0x90 is not text" },
		{ "Capture c\n", "line 1: unknown key 'Capture'" },
		{ "devicetree x\n", "line 1: unknown key 'devicetree'" },
	};

	for (size_t i = 0; i < PG_ARRAY_SIZE(cases); i++) {
		assert_false(read(cases[i].text));
		assert_string_equal(error.text, cases[i].error);
	}
	assert_false(read_bytes("", "capture c\nlin\0ux l\n", 19));
	assert_string_equal(error.text, "line 2: has a character that is not ASCII, or a zero");
}

TEST(a_title_may_have_any_characters)
{
	assert_true(read("title Gr\xc3\xbc\xc3\x9f\ncapture c\nlinux l\n"));
}

TEST(too_long_entries_are_refused)
{
	char *text = calloc(1, 3 * REQUEST_TEXT);

	assert_non_null(text);
	strcpy(text, "capture c\nlinux l\noptions ");
	memset(text + strlen(text), 'x', REQUEST_TEXT - 1);
	assert_true(read(text));
	assert_int_equal(request.options_len, REQUEST_TEXT - 1);
	assert_false(read_bytes("y", text, strlen(text)));
	assert_string_equal(error.text, "options: more than 4095 characters in total");
	strcat(text, "x");
	assert_false(read(text));
	assert_string_equal(error.text, "line 3: too long 'options'");
	strcpy(text, "capture c\nlinux l\n");
	for (int i = 0; i < 16; i++)
		strcat(text, "initrd i\n");
	assert_true(read(text));
	assert_int_equal(request.nr_initrds, 16);
	strcat(text, "initrd i\n");
	assert_false(read(text));
	assert_string_equal(error.text, "line 19: too many lines 'initrd'");
	free(text);
}
