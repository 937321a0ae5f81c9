// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-reason.c - lib/reason.c: the table is complete, its codes never change, and notes fit into
 * their buffer.
 */
#include "finding.h"
#include "unit.h"

#include <pcigate/reason.h>

/* Codes are an interface: a changed code breaks searches in logs. */
static const char *const codes[PG_REASON_COUNT] = {
	[PG_OK] = "ok",
	[PG_RECORD_MALFORMED] = "record-malformed",
	[PG_RECORD_VERSION] = "record-version-unknown",
	[PG_RECORD_INCONSISTENT] = "record-inconsistent",
	[PG_RECORD_LOOP] = "record-loop",
	[PG_RECORD_OUTSIDE_MEMORY] = "record-outside-memory",
	[PG_BRIDGE_RESET] = "bridge-reset",
	[PG_BRIDGE_INVALID] = "bridge-invalid",
	[PG_BRIDGE_CARDBUS] = "bridge-cardbus",
	[PG_BUS_OVERLAP] = "bus-overlap",
	[PG_BUS_EXHAUSTED] = "bus-exhausted",
	[PG_BUS_UNREACHED] = "bus-unreached",
	[PG_DEVICE_ABSENT] = "device-absent",
	[PG_DEVICE_NOT_READY] = "device-not-ready",
	[PG_DEVICE_DIFFERENT] = "device-different",
	[PG_VIRTUAL_FUNCTION] = "virtual-function",
	[PG_VFS_ENABLED] = "vfs-enabled",
	[PG_ARI_DIFFERS] = "ari-differs",
	[PG_SEGMENT_ABSENT] = "segment-absent",
	[PG_CONFIG_UNREADABLE] = "config-unreadable",
	[PG_UNVERIFIABLE] = "unverifiable",
	[PG_PLAN_BUDGET] = "plan-budget",
	[PG_REASSIGN_BUSSES] = "reassign-busses",
	[PG_NEXT_WITHOUT_PCI] = "next-without-pci",
	[PG_NEXT_WITHOUT_ACPI] = "next-without-acpi",
	[PG_NEXT_WITHOUT_MMCONFIG] = "next-without-mmconfig",
	[PG_NEXT_WITHOUT_KHO] = "next-without-kho",
	[PG_NEXT_WITHOUT_LIVEUPDATE] = "next-without-liveupdate",
	[PG_WORKSPACE_FULL] = "workspace-full",
	[PG_STAGE_FAULT] = "stage-fault",
	[PG_IMAGE_DAMAGED] = "image-damaged",
};

UNIT_TEST(every_reason_has_its_code)
{
	unsigned int i;

	for (i = 0; i < PG_REASON_COUNT; i++) {
		if (codes[i])
			assert_string_equal(pg_reason_code((enum pg_reason)i), codes[i]);
	}
}

UNIT_TEST(codes_are_words_and_unique)
{
	unsigned int i, j;

	for (i = 0; i < PG_REASON_COUNT; i++) {
		const char *code = pg_reason_code((enum pg_reason)i);

		assert_non_null(code);
		assert_true(code[0]);
		assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz-"), strlen(code));
		for (j = 0; j < i; j++)
			assert_string_not_equal(code, pg_reason_code((enum pg_reason)j));
	}
}

UNIT_TEST(sentences_are_clauses_and_unique)
{
	unsigned int i, j;

	for (i = 0; i < PG_REASON_COUNT; i++) {
		const char *sentence = pg_reason_sentence((enum pg_reason)i);

		assert_non_null(sentence);
		assert_non_null(strchr(sentence, ' '));
		assert_false(ends_with(sentence, "."));
		for (j = 0; j < i; j++)
			assert_string_not_equal(sentence, pg_reason_sentence((enum pg_reason)j));
	}
}

UNIT_TEST(reasons_out_of_range_are_unknown)
{
	assert_string_equal(pg_reason_code(PG_REASON_COUNT), "unknown");
	assert_string_equal(pg_reason_code((enum pg_reason) ~0u), "unknown");
	assert_string_equal(pg_reason_sentence(PG_REASON_COUNT), "unknown reason");
	assert_string_equal(pg_reason_sentence((enum pg_reason) ~0u), "unknown reason");
	assert_false(pg_reason_is_move(PG_REASON_COUNT));
	assert_false(pg_reason_is_move((enum pg_reason) ~0u));
	assert_string_equal(pg_reason_code((enum pg_reason)(PG_REASON_COUNT - 1)), "image-damaged");
}

UNIT_TEST(only_some_reasons_are_moves)
{
	static const enum pg_reason moves[] = {
		PG_BRIDGE_RESET,  PG_BRIDGE_INVALID,	PG_BRIDGE_CARDBUS, PG_BUS_OVERLAP,
		PG_BUS_EXHAUSTED, PG_BUS_TAKEN,		PG_BUS_UNREACHED,  PG_REASSIGN_BUSSES,
		PG_ARI_DIFFERS,	  PG_VF_OFFSET_DIFFERS, PG_VF_ARI_DIFFERS,
	};
	unsigned int i, j, nr = 0;

	for (i = 0; i < PG_REASON_COUNT; i++) {
		bool expected = false;

		for (j = 0; j < PG_ARRAY_SIZE(moves); j++)
			expected |= moves[j] == i;
		assert_int_equal(pg_reason_is_move((enum pg_reason)i), expected);
		nr += expected;
	}
	assert_int_equal(nr, PG_ARRAY_SIZE(moves));
}

UNIT_TEST(a_noted_value_is_hexadecimal)
{
	struct pg_finding finding;

	memset(&finding, 0x5a, sizeof(finding));
	assert_int_equal(pg_note(&finding, PG_RECORD_LOOP, "a field", 0x7ff0000, 0x1234),
			 PG_RECORD_LOOP);
	assert_int_equal(finding.reason, PG_RECORD_LOOP);
	assert_string_equal(finding.field, "a field");
	assert_string_equal(finding.text, "0x7ff0000");
	assert_int_equal(finding.at, 0x1234);
	pg_note(&finding, PG_RECORD_LOOP, "a field", 0, 0);
	assert_string_equal(finding.text, "0x0");
	pg_note(&finding, PG_RECORD_LOOP, "a field", UINT64_MAX, 0);
	assert_string_equal(finding.text, "0xffffffffffffffff");
}

UNIT_TEST(a_noted_count_is_decimal)
{
	struct pg_finding finding;

	assert_int_equal(pg_note_count(&finding, PG_WORKSPACE_FULL, "things", 510, 8),
			 PG_WORKSPACE_FULL);
	assert_int_equal(finding.reason, PG_WORKSPACE_FULL);
	assert_string_equal(finding.field, "things");
	assert_string_equal(finding.text, "510");
	assert_int_equal(finding.at, 8);
}

UNIT_TEST(a_contradiction_names_both_values)
{
	struct pg_finding finding;

	assert_int_equal(
		pg_note_contradiction(&finding, PG_RECORD_INCONSISTENT, "nr", 5, 4, "are used", 16),
		PG_RECORD_INCONSISTENT);
	assert_string_equal(finding.text, "5, but 4 are used");
	assert_int_equal(finding.at, 16);
	/* The largest numbers of 32-bit fields fit. */
	pg_note_contradiction(&finding, PG_RECORD_INCONSISTENT, "nr", 4294967295u, 4294967295u,
			      "are recorded", 0);
	assert_string_equal(finding.text, "4294967295, but 4294967295 are recorded");
}

UNIT_TEST(a_noted_address_is_printed)
{
	struct pg_finding finding;

	assert_int_equal(
		pg_note_bdf(&finding, PG_CONFIG_UNREADABLE, "f", pg_bdf(1, 2, pg_devfn(3, 4)), 5),
		PG_CONFIG_UNREADABLE);
	assert_string_equal(finding.text, "0001:02:03.4");
	assert_int_equal(finding.at, 5);
}

UNIT_TEST(long_text_is_cut_with_dots)
{
	static const char longest[] = "0123456789012345678901234567890123456789";
	struct pg_finding finding;

	/* The buffer holds 39 characters and a zero. */
	assert_int_equal(pg_note_text(&finding, PG_RECORD_VERSION, "v", longest, 39, 0),
			 PG_RECORD_VERSION);
	assert_string_equal(finding.text, "012345678901234567890123456789012345678");
	pg_note_text(&finding, PG_RECORD_VERSION, "v", longest, 40, 0);
	assert_string_equal(finding.text, "012345678901234567890123456789012345...");
}

UNIT_TEST(text_from_memory_is_made_printable)
{
	struct pg_finding finding;

	pg_note_text(&finding, PG_RECORD_VERSION, "v", "a\n\x1b[31m", 7, 0);
	assert_string_equal(finding.text, "a??[31m");
	pg_note_text(&finding, PG_RECORD_VERSION, "v", "kho-v1\0xyz", 10, 0);
	assert_string_equal(finding.text, "kho-v1");
}

UNIT_TEST(empty_text_is_reported)
{
	struct pg_finding finding;

	pg_note_text(&finding, PG_RECORD_VERSION, "v", NULL, 0, 0);
	assert_string_equal(finding.text, "(empty)");
	pg_note_text(&finding, PG_RECORD_VERSION, "v", "", 1, 0);
	assert_string_equal(finding.text, "(empty)");
}
