// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-answer.c - lib/verdict/answer.c: the stage makes an answer from the verdict and writes it
 * into pcigate's own record; the next kernel reads it.
 */
#include "gate-fdt-writer.h"

#include <pcigate/verdict.h>

static uint8_t fdt[OWN_BYTES];
static uint8_t before[OWN_BYTES];
static struct pg_gate_fdt own;

static const struct pg_answer sample = {
	.verdict = 2,
	.reason = "bridge-reset",
	.devices = 0x01020304,
	.keep = 0x11121314,
	.move = 0x21222324,
	.unverified = 0x31323334,
	.reads = 0x41424344,
	.cycles = 0x5152535455565758,
};

static int setup(void **state)
{
	own_begin(fdt, false);
	own_answer(fdt);
	own_finish(fdt);
	own = (struct pg_gate_fdt){ .present = true,
				    .fdt = fdt,
				    .answer = own_path(fdt, "/answer") };
	return 0;
}

static void assert_same(const struct pg_answer *a, const struct pg_answer *b)
{
	assert_int_equal(a->verdict, b->verdict);
	assert_memory_equal(a->reason, b->reason, PG_ANSWER_REASON);
	assert_int_equal(a->devices, b->devices);
	assert_int_equal(a->keep, b->keep);
	assert_int_equal(a->move, b->move);
	assert_int_equal(a->unverified, b->unverified);
	assert_int_equal(a->reads, b->reads);
	assert_true(a->cycles == b->cycles);
}

static void assert_property(const char *name, const char *bytes, int len)
{
	int found;
	const void *prop = fdt_getprop(fdt, own.answer, name, &found);

	assert_non_null(prop);
	assert_int_equal(found, len);
	assert_memory_equal(prop, bytes, (size_t)len);
}

#define TEST(name) UNIT_TEST_WITH(name, setup, NULL)

TEST(an_unwritten_answer_is_all_zeros)
{
	static const struct pg_answer nothing;
	struct pg_answer answer;

	memset(&answer, 0x5a, sizeof(answer));
	assert_true(pg_gate_read_answer(&own, &answer));
	assert_same(&answer, &nothing);
}

TEST(an_answer_is_read_back_as_written)
{
	struct pg_answer answer;

	assert_true(pg_gate_write_answer(&own, fdt, &sample));
	memset(&answer, 0x5a, sizeof(answer));
	assert_true(pg_gate_read_answer(&own, &answer));
	assert_same(&answer, &sample);
}

TEST(an_answer_is_big_endian_in_the_order_of_the_binding)
{
	assert_true(pg_gate_write_answer(&own, fdt, &sample));
	assert_property("verdict", "\0\0\0\2", 4);
	assert_property("reason", "bridge-reset\0\0\0\0\0\0\0\0\0\0\0\0", 24);
	assert_property("devices", "\1\2\3\4\x11\x12\x13\x14\x21\x22\x23\x24\x31\x32\x33\x34", 16);
	assert_property("config-reads", "\x41\x42\x43\x44", 4);
	assert_property("cycles", "\x51\x52\x53\x54\x55\x56\x57\x58", 8);
	assert_int_equal(fdt_check_full(fdt, sizeof(fdt)), 0);
}

/* The tree that is read may be at another address than the tree that is written. */
TEST(only_the_answer_is_written)
{
	static uint8_t elsewhere[OWN_BYTES];
	struct pg_answer answer;

	memcpy(before, fdt, sizeof(fdt));
	memcpy(elsewhere, fdt, sizeof(fdt));
	assert_true(pg_gate_write_answer(&own, elsewhere, &sample));
	assert_memory_equal(fdt, before, sizeof(fdt));
	own.fdt = elsewhere;
	assert_true(pg_gate_read_answer(&own, &answer));
	assert_same(&answer, &sample);
	/* An answer of zeros restores the tree. */
	assert_true(
		pg_gate_write_answer(&own, elsewhere, &(const struct pg_answer){ .verdict = 0 }));
	assert_memory_equal(elsewhere, before, sizeof(fdt));
}

TEST(properties_of_wrong_size_are_neither_written_nor_read)
{
	static const struct {
		const char *name;
		unsigned int len;
	} rows[] = {
		{ "verdict", 4 },      { "reason", 24 }, { "devices", 16 },
		{ "config-reads", 4 }, { "cycles", 8 },
	};
	static const uint8_t zeros[32];
	struct pg_answer answer;
	size_t i;
	int change;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		for (change = -4; change <= 4; change += 4) {
			setup(state);
			if (change)
				own_set(fdt, "/answer", rows[i].name, zeros,
					(unsigned int)((int)rows[i].len + change));
			else
				own_delete(fdt, "/answer", rows[i].name);
			memcpy(before, fdt, sizeof(fdt));
			assert_false(pg_gate_write_answer(&own, fdt, &sample));
			assert_false(pg_gate_read_answer(&own, &answer));
			assert_memory_equal(fdt, before, sizeof(fdt));
		}
	}
}

TEST(an_answer_needs_a_record_with_its_node)
{
	struct pg_answer answer;

	own.present = false;
	assert_false(pg_gate_write_answer(&own, fdt, &sample));
	assert_false(pg_gate_read_answer(&own, &answer));
	own.present = true;
	own.answer = -FDT_ERR_NOTFOUND;
	assert_false(pg_gate_write_answer(&own, fdt, &sample));
	assert_false(pg_gate_read_answer(&own, &answer));
}

/*
 * Linux's crc32c() (reflected, 0x82f63b78). The first value is the check value of this algorithm.
 * The four bytes of the CRC itself count as zeros.
 */
TEST(the_crc_is_that_of_linux)
{
	static const uint8_t digits[] = "123456789-----",
			     zeros[] = { '1', '2', 0, 0, 0, 0, '7', '8', '9' },
			     other[] = "123456789";

	assert_int_equal(pg_gate_crc(digits, 9, 9), 0xe3069283);
	assert_int_equal(pg_gate_crc(other, 9, 2), pg_gate_crc(zeros, 9, 9));
	assert_int_not_equal(pg_gate_crc(other, 9, 3), pg_gate_crc(zeros, 9, 9));
}

TEST(an_answer_changes_the_crc)
{
	assert_int_equal(fdt_setprop_u32(fdt, 0, "crc32c", 0), 0);
	own.answer = own_path(fdt, "/answer");
	own.size = fdt_totalsize(fdt);
	own.crc = (uint32_t)((const uint8_t *)fdt_getprop(fdt, 0, "crc32c", NULL) - fdt);
	own_set_cell(fdt, "/", "crc32c", 0, pg_gate_crc(fdt, own.size, own.crc));
	assert_true(pg_gate_write_answer(&own, fdt, &sample));
	assert_int_equal(fdt32_ld((const fdt32_t *)(const void *)(fdt + own.crc)),
			 pg_gate_crc(fdt, own.size, own.crc));
}

TEST(an_unterminated_reason_is_terminated)
{
	struct pg_answer answer;

	own_set(fdt, "/answer", "reason", "abcdefghijklmnopqrstuvwxyz", PG_ANSWER_REASON);
	assert_true(pg_gate_read_answer(&own, &answer));
	assert_string_equal(answer.reason, "abcdefghijklmnopqrstuvw");
}

static const struct pg_cost cost = { .reads = 41, .cycles = 0x123456789a };

TEST(an_open_verdict_has_answer_1)
{
	const struct pg_verdict verdict = { .open = true, .devices = 3, .keep = 3, .bridges = 4 };
	const struct pg_answer expected = {
		.verdict = 1, .devices = 3, .keep = 3, .reads = 41, .cycles = 0x123456789a
	};
	struct pg_answer answer;

	memset(&answer, 0x5a, sizeof(answer));
	pg_verdict_answer(&verdict, &cost, &answer);
	assert_same(&answer, &expected);
}

/*
 * The reason is that of the first function that has one. A reason of the whole record comes first.
 */
TEST(a_verdict_opened_by_policy_has_the_first_reason)
{
	const struct pg_judgement judgements[] = {
		{ .reason = PG_OK },
		{ .reason = PG_BUS_OVERLAP },
		{ .reason = PG_BRIDGE_RESET },
	};
	struct pg_verdict verdict = {
		.open = true,
		.by_policy = true,
		.nr = 3,
		.judgements = judgements,
		.devices = 9,
		.keep = 4,
		.move = 3,
		.unverified = 2,
	};
	struct pg_answer expected = {
		.verdict = 2,
		.reason = "bus-overlap",
		.devices = 9,
		.keep = 4,
		.move = 3,
		.unverified = 2,
		.reads = 41,
		.cycles = 0x123456789a,
	};
	struct pg_answer answer;

	pg_verdict_answer(&verdict, &cost, &answer);
	assert_same(&answer, &expected);
	verdict.nr = 1;
	memset(expected.reason, 0, sizeof(expected.reason));
	pg_verdict_answer(&verdict, &cost, &answer);
	assert_same(&answer, &expected);
	verdict.record = PG_RECORD_MALFORMED;
	verdict.nr = 3;
	strcpy(expected.reason, "record-malformed");
	pg_verdict_answer(&verdict, &cost, &answer);
	assert_same(&answer, &expected);
}

/* The number of reads is a 32-bit cell. */
TEST(every_code_fits_and_large_counts_are_capped)
{
	struct pg_verdict verdict = { .by_policy = true };
	struct pg_cost much = { .reads = UINT32_MAX };
	struct pg_answer answer;
	unsigned int reason;

	for (reason = 1; reason < PG_REASON_COUNT; reason++) {
		const char *code = pg_reason_code((enum pg_reason)reason);

		verdict.record = (enum pg_reason)reason;
		pg_verdict_answer(&verdict, &much, &answer);
		assert_true(strlen(code) < PG_ANSWER_REASON);
		assert_memory_equal(answer.reason, code, strlen(code) + 1);
		assert_int_equal(answer.reads, UINT32_MAX);
	}
	much.reads++;
	pg_verdict_answer(&verdict, &much, &answer);
	assert_int_equal(answer.reads, UINT32_MAX);
}
