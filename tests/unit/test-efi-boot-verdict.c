// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-efi-boot-verdict.c - boot/efi/boot_verdict.c: the verdict in an EFI variable.
 */
#include "unit.h"

#include "boot_verdict.h"

static struct boot_verdict verdict;

/* Reads @text as efivarfs gives it: attributes, then UTF-16, in a block of exactly this size. */
static bool read_text(const char *text, bool zero)
{
	const size_t len = strlen(text), size = 4 + 2 * (len + zero);
	uint8_t *bytes = calloc(1, size);
	bool ours;

	assert_non_null(bytes);
	bytes[0] = 6;
	for (size_t i = 0; i < len; i++)
		bytes[4 + 2 * i] = (uint8_t)text[i];
	ours = boot_verdict_read(bytes, size, &verdict);
	free(bytes);
	return ours;
}

UNIT_TEST(a_verdict_is_read_back_as_written)
{
	const struct boot_verdict written = {
		.verdict = "stop",
		.reason = "device-moved",
		.devices = 4,
		.keep = 1,
		.move = 2,
		.unverified = UINT32_MAX,
		.reads = UINT64_MAX,
		.usec = 77,
		.time = "2026-11-22T20:15:03",
	};
	char text[BOOT_VERDICT_TEXT];

	boot_verdict_write(&written, text);
	assert_string_equal(
		text,
		"verdict=stop reason=device-moved devices=4 keep=1 move=2 unverified=4294967295 "
		"reads=18446744073709551615 usec=77 time=2026-11-22T20:15:03");
	for (int zero = 0; zero < 2; zero++) {
		assert_true(read_text(text, zero));
		assert_memory_equal(&verdict, &written, sizeof(verdict));
	}
}

UNIT_TEST(unknown_words_are_skipped)
{
	assert_true(read_text("verdict=open new=thing reason=none", true));
	assert_string_equal(verdict.verdict, "open");
	assert_string_equal(verdict.reason, "none");
	assert_int_equal(verdict.devices, 0);
}

UNIT_TEST(data_of_other_programs_is_refused)
{
	static const char *const bad[] = { "",
					   "open",
					   "verdict=open",
					   "reason=none",
					   "verdict= reason=none",
					   "verdict=open reason=none devices=",
					   "verdict=open reason=none devices=x",
					   "verdict=open reason=none devices=4294967296",
					   "verdict=open reason=none reads=18446744073709551616",
					   "verdict=open  reason=none",
					   "verdict=0123456789012345678901234567890123 reason=none",
					   "verdict=op\x01n reason=none" };
	const uint8_t wide[] = { 6, 0, 0, 0, 'a', 1 };
	uint8_t *half;

	for (size_t i = 0; i < PG_ARRAY_SIZE(bad); i++)
		assert_false(read_text(bad[i], true));
	assert_false(boot_verdict_read(wide, 0, &verdict));
	assert_false(boot_verdict_read(wide, 3, &verdict));
	/* The last character is cut in half. */
	half = malloc(5);
	assert_non_null(half);
	memcpy(half, wide, 5);
	assert_false(boot_verdict_read(half, 5, &verdict));
	free(half);
	assert_false(boot_verdict_read(wide, 6, &verdict));
}

UNIT_TEST(too_long_data_is_refused)
{
	char text[400] = "verdict=open reason=none x=";

	memset(text + strlen(text), 'x', BOOT_VERDICT_TEXT - 1 - strlen(text));
	assert_true(read_text(text, true));
	strcat(text, "x");
	assert_false(read_text(text, true));
}
