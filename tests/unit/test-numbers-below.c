// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * test-numbers-below.c - pg_record_numbers_below(): the number of bus numbers that hidden functions
 * may need.
 *
 * The machine that was recorded: 00:01.0 [01-02] with 01:00.0 [02-02] below it; 00:02.0 [03-03]
 * with a physical function on bus 03; 00:03.0 [04-04] with nothing but devices, and root buses
 * 00-7f and 80-ff.
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

/* With a physical function at 04:00.0 that needs @buses, unless they are 0. */
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

static int sound(void **state)
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

UNIT_TEST_WITH(which_buses, sound, NULL)
{
	assert_int_equal(below(LEAF), 1);
	assert_int_equal(below(0x100), 1);
	assert_int_equal(below(0x08), 2); /* a bridge is on its bus */
	assert_int_equal(below(0x10), 2); /* a physical function is on its bus */
	assert_int_equal(below(0x20), 0); /* not recorded */
	assert_int_equal(pg_record_numbers_below(&record, pg_bdf(1, 0, LEAF)), 0);
}

UNIT_TEST_WITH(what_the_record_must_have, sound, NULL)
{
	record.own.complete = false;
	assert_int_equal(below(LEAF), 0);
	record.own.complete = true;
	record.own.sriov = -FDT_ERR_NOTFOUND;
	assert_int_equal(below(LEAF), 0);
}

/* Buses beyond the range of the root bus, or of no root bus, were not behind the bridge. */
UNIT_TEST_WITH(outside_the_root_bus, sound, NULL)
{
	record.roots[0].last = 3;
	assert_int_equal(below(LEAF), 0);
	record.roots[0].last = 4;
	assert_int_equal(below(LEAF), 1);
	record.roots[0].segment = 1;
	assert_int_equal(below(LEAF), 0);
}

UNIT_TEST_WITH(numbers_as_recorded, sound, NULL)
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

/* Other bridges that led to the bus behind it, or to the bus it is on. */
UNIT_TEST_WITH(other_bridges, sound, NULL)
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
	/* The bridge above leads to the bus it is on, but not to the one behind it. */
	begin(true);
	numbers(0x100, 1, 5, 5);
	finish();
	assert_int_equal(below(0x100), 0);
}

/* A switch with two ports, behind LEAF [04-09]: the numbers count that Linux keeps or assigns. */
UNIT_TEST_WITH(a_tree_below, sound, NULL)
{
	static const struct {
		uint8_t primary, secondary, subordinate;
		bool cardbus;
		uint32_t below;
	} rows[] = {
		{ 4, 6, 7, false, 3 }, /* a sound one */
		{ 4, 0, 0, false, 0 }, /* the outgoing kernel had no number for it */
		{ 0, 6, 7, false, 0 },
		{ 4, 6, 10, false, 0 }, /* beyond the range of the bridge above */
		{ 4, 6, 7, true, 10 },	/* it gets four numbers behind the six that are kept */
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

/* Virtual functions take numbers behind their bus. */
UNIT_TEST_WITH(virtual_functions_below, sound, NULL)
{
	begin(true);
	numbers(LEAF, 0, 4, 9);
	finish_with(3);
	assert_int_equal(below(LEAF), 5);
}
