// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-numbers-below.c - pg_record_numbers_below(): how many bus numbers hidden functions may need.
 *
 * The recorded machine has the root buses 00-7f and 80-ff, 00:01.0 [01-02] with 01:00.0 [02-02]
 * below it, 00:02.0 [03-03] with a physical function on bus 03, and 00:03.0 [04-04] with devices
 * only.
 */
#include "gate-fdt-writer.h"

static uint8_t fdt[OWN_BYTES];
static struct pg_record record;

#define LEAF 0x18 /* 00:03.0 */

static void bridge(uint32_t bdf, uint32_t primary, uint32_t secondary, uint32_t subordinate,
		   bool cardbus)
{
	own_node_at(fdt, "bridge", 0, bdf);
	OWN_CELLS(fdt, "reg", 0, bdf);
	OWN_CELLS(fdt, "bus-numbers", primary, secondary, subordinate);
	if (cardbus)
		assert_int_equal(fdt_property(fdt, "cardbus", NULL, 0), 0);
	own_end(fdt);
}

static void numbers(uint32_t bdf, uint32_t primary, uint32_t secondary, uint32_t subordinate)
{
	bridge(bdf, primary, secondary, subordinate, false);
}

static void function(uint32_t segment, uint32_t bdf, uint32_t buses)
{
	own_node_at(fdt, "function", segment, bdf);
	OWN_CELLS(fdt, "reg", segment, bdf);
	OWN_CELLS(fdt, "buses", buses);
	own_end(fdt);
}

static void begin(bool complete)
{
	own_begin(fdt, complete);
	own_node(fdt, "bridges");
	numbers(0x08, 0, 1, 2);
	numbers(0x10, 0, 3, 3);
}

/* Adds a physical function at 04:00.0 that needs @buses, unless they are 0. */
static void finish_with(uint32_t buses)
{
	own_end(fdt);
	own_node(fdt, "sriov");
	function(0, 0x300, 0);
	if (buses)
		function(0, 0x400, buses);
	function(1, 0x400, 0);
	own_end(fdt);
	own_finish(fdt);
	record = (struct pg_record){
		.nr_roots = 2,
		.roots = { { .last = 0x7f }, { .first = 0x80, .last = 0xff } },
		.own = { .present = true,
			 .complete = true,
			 .fdt = fdt,
			 .bridges = own_path(fdt, "/bridges"),
			 .sriov = own_path(fdt, "/sriov") },
	};
}

static void finish(void)
{
	finish_with(0);
}

static int setup(void **state)
{
	begin(true);
	numbers(LEAF, 0, 4, 4);
	numbers(0x100, 1, 2, 2);
	finish();
	return 0;
}

static uint32_t below(uint32_t bdf)
{
	return pg_record_numbers_below(&record, pg_bdf(0, (uint8_t)(bdf >> 8), (uint8_t)bdf));
}

UNIT_TEST_WITH(hidden_functions_need_the_recorded_numbers, setup, NULL)
{
	assert_int_equal(below(LEAF), 1);
	assert_int_equal(below(0x100), 1);
	assert_int_equal(below(0x08), 2); /* bus 01 has a bridge */
	assert_int_equal(below(0x10), 2); /* bus 03 has a physical function */
	assert_int_equal(below(0x20), 0); /* not recorded */
	assert_int_equal(pg_record_numbers_below(&record, pg_bdf(1, 0, LEAF)), 0);
}

UNIT_TEST_WITH(the_record_must_be_complete_and_have_sriov, setup, NULL)
{
	record.own.complete = false;
	assert_int_equal(below(LEAF), 0);
	record.own.complete = true;
	record.own.sriov = -FDT_ERR_NOTFOUND;
	assert_int_equal(below(LEAF), 0);
}

/* A bus outside the root bus was not behind the bridge. */
UNIT_TEST_WITH(buses_outside_the_root_bus_do_not_count, setup, NULL)
{
	record.roots[0].last = 3;
	assert_int_equal(below(LEAF), 0);
	record.roots[0].last = 4;
	assert_int_equal(below(LEAF), 1);
	record.roots[0].segment = 1;
	assert_int_equal(below(LEAF), 0);
}

UNIT_TEST_WITH(invalid_recorded_numbers_do_not_count, setup, NULL)
{
	static const struct {
		uint8_t primary, secondary, subordinate;
		uint32_t below;
	} rows[] = {
		{ 0, 4, 4, 1 }, { 0, 4, 9, 1 },	      { 0, 0, 0, 0 }, { 1, 4, 4, 0 },
		{ 0, 4, 3, 0 }, { 0, 0x80, 0x80, 0 }, { 0, 0, 4, 0 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		begin(true);
		numbers(LEAF, rows[i].primary, rows[i].secondary, rows[i].subordinate);
		finish();
		assert_int_equal(below(LEAF), rows[i].below);
	}
}

UNIT_TEST_WITH(no_other_bridge_may_lead_to_the_same_buses, setup, NULL)
{
	static const struct {
		uint32_t bdf;
		uint8_t secondary, subordinate;
		uint32_t below;
	} rows[] = {
		{ 0x20, 5, 9, 1 }, { 0x20, 4, 9, 0 },  { 0x20, 3, 4, 0 },	  { 0x20, 4, 1, 0 },
		{ 0x20, 0, 0, 1 }, { 0x500, 6, 6, 1 }, { 0x8000, 0x81, 0x90, 1 },
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		begin(true);
		numbers(LEAF, 0, 4, 4);
		numbers(rows[i].bdf, rows[i].bdf >> 8, rows[i].secondary, rows[i].subordinate);
		finish();
		assert_int_equal(below(LEAF), rows[i].below);
	}
	/* The bridge above leads to bus 01, but not to bus 05. */
	begin(true);
	numbers(0x100, 1, 5, 5);
	finish();
	assert_int_equal(below(0x100), 0);
}

/* A switch with two ports is behind LEAF [04-09]. The numbers that Linux keeps or assigns count. */
UNIT_TEST_WITH(numbers_of_a_tree_below_count, setup, NULL)
{
	static const struct {
		uint8_t primary, secondary, subordinate;
		bool cardbus;
		uint32_t below;
	} rows[] = {
		{ 4, 6, 7, false, 3 }, /* valid numbers */
		{ 4, 0, 0, false, 0 }, /* the outgoing kernel assigned no numbers */
		{ 0, 6, 7, false, 0 },
		{ 4, 6, 10, false, 0 }, /* beyond the range of the bridge above */
		{ 4, 6, 7, true, 10 },	/* four numbers for CardBus, after six that are kept */
	};
	size_t i;

	for (i = 0; i < PG_ARRAY_SIZE(rows); i++) {
		begin(true);
		numbers(LEAF, 0, 4, 9);
		numbers(0x400, 4, 5, 5);
		bridge(0x408, rows[i].primary, rows[i].secondary, rows[i].subordinate,
		       rows[i].cardbus);
		finish();
		assert_int_equal(below(LEAF), rows[i].below);
	}
}

UNIT_TEST_WITH(numbers_of_virtual_functions_below_count, setup, NULL)
{
	begin(true);
	numbers(LEAF, 0, 4, 9);
	finish_with(3);
	assert_int_equal(below(LEAF), 5);
}
