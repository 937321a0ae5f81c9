// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-plain-below.c - pg_record_plain_below(): when the record knows enough of a bus that nothing leads to any more.
 *
 * The machine that was recorded: 00:01.0 [01-02] with 01:00.0 [02-02] below it; 00:02.0 [03-03] with a physical function on
 * bus 03; 00:03.0 [04-04] with nothing but devices, and root buses 00-7f and 80-ff.
 */
#include "gate-fdt-writer.h"

static uint8_t fdt[OWN_BYTES];
static struct pg_record record;

#define LEAF 0x18 /* 00:03.0 */

static void numbers(uint32_t bdf, uint32_t primary, uint32_t secondary, uint32_t subordinate)
{
	own_node_at(fdt, "bridge", 0, bdf);
	OWN_CELLS(fdt, "reg", 0, bdf);
	OWN_CELLS(fdt, "bus-numbers", primary, secondary, subordinate);
	own_end(fdt);
}

static void function(uint32_t segment, uint32_t bdf)
{
	own_node_at(fdt, "function", segment, bdf);
	OWN_CELLS(fdt, "reg", segment, bdf);
	OWN_CELLS(fdt, "buses", 0);
	own_end(fdt);
}

static void begin(bool complete)
{
	own_begin(fdt, complete);
	own_node(fdt, "bridges");
	numbers(0x08, 0, 1, 2);
	numbers(0x10, 0, 3, 3);
}

static void finish(void)
{
	own_end(fdt);
	own_node(fdt, "sriov");
	function(0, 0x300);
	function(1, 0x400);
	own_end(fdt);
	own_finish(fdt);
	record = (struct pg_record){
		.nr_roots = 2,
		.roots = { { .last = 0x7f }, { .first = 0x80, .last = 0xff } },
		.own = { .present = true, .complete = true, .fdt = fdt, .bridges = own_path(fdt, "/bridges"),
			 .sriov = own_path(fdt, "/sriov") },
	};
}

static int sound(void **state)
{
	(void)state;
	begin(true);
	numbers(LEAF, 0, 4, 4);
	numbers(0x100, 1, 2, 2);
	finish();
	return 0;
}

static bool plain(uint32_t bdf)
{
	return pg_record_plain_below(&record, pg_bdf(0, (uint8_t)(bdf >> 8), (uint8_t)bdf));
}

static void which_buses(void **state)
{
	(void)state;
	assert_true(plain(LEAF));
	assert_true(plain(0x100));
	assert_false(plain(0x08)); /* a bridge is on its bus */
	assert_false(plain(0x10)); /* a physical function is, whatever it reaches to */
	assert_false(plain(0x20)); /* not recorded */
	assert_false(pg_record_plain_below(&record, pg_bdf(1, 0, LEAF)));
}

static void what_the_record_must_have(void **state)
{
	(void)state;
	record.own.complete = false;
	assert_false(plain(LEAF));
	record.own.complete = true;
	record.own.sriov = -FDT_ERR_NOTFOUND;
	assert_false(plain(LEAF));
}

/* A range beyond the root bus's, or of a bus that no root bus has: what answered there, if anything did, was not behind it. */
static void outside_the_root_bus(void **state)
{
	(void)state;
	record.roots[0].last = 3;
	assert_false(plain(LEAF));
	record.roots[0].last = 4;
	assert_true(plain(LEAF));
	record.roots[0].segment = 1;
	assert_false(plain(LEAF));
}

static void numbers_as_recorded(void **state)
{
	static const struct {
		uint8_t primary, secondary, subordinate;
		bool plain;
	} rows[] = {
		{ 0, 4, 4, true },   { 0, 4, 9, true },	 { 0, 0, 0, false },
		{ 1, 4, 4, false },  { 0, 4, 3, false }, { 0, 0x80, 0x80, false },
		{ 0, 0, 4, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		begin(true);
		numbers(LEAF, rows[i].primary, rows[i].secondary, rows[i].subordinate);
		finish();
		assert_int_equal(plain(LEAF), rows[i].plain);
	}
}

/* Others that led to its bus, or to the bus it is on and not to its own. */
static void other_ways(void **state)
{
	static const struct {
		uint32_t bdf;
		uint8_t secondary, subordinate;
		bool plain;
	} rows[] = {
		{ 0x20, 5, 9, true },  { 0x20, 4, 9, false },	{ 0x20, 3, 4, false }, { 0x20, 4, 1, false },
		{ 0x500, 6, 6, true }, { 0x8000, 0x81, 0x90, true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		begin(true);
		numbers(LEAF, 0, 4, 4);
		numbers(rows[i].bdf, rows[i].bdf >> 8, rows[i].secondary, rows[i].subordinate);
		finish();
		assert_int_equal(plain(LEAF), rows[i].plain);
	}
	/* The bridge above leads to the bus it is on, but not to the one behind it. */
	begin(true);
	numbers(0x100, 1, 5, 5);
	finish();
	assert_false(plain(0x100));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(which_buses, sound),
		cmocka_unit_test_setup(what_the_record_must_have, sound),
		cmocka_unit_test_setup(outside_the_root_bus, sound),
		cmocka_unit_test_setup(numbers_as_recorded, sound),
		cmocka_unit_test_setup(other_ways, sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
