/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * unit.h - for every unit test: cmocka, main(), and the macros that define a test.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pcigate/port.h>

/* cmocka passes a state to each function, and most of them do not use it. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#define UNIT_TESTS_MAX 96

static struct CMUnitTest unit_tests[UNIT_TESTS_MAX];
static unsigned int unit_tests_nr;

/*
 * UNIT_TEST(name) { ... } defines a test. A constructor registers the test for main(), in the
 * order of the file.
 */
#define UNIT_TEST_WITH(name, setup, teardown)                                                      \
	static void name(void **state);                                                            \
	__attribute__((constructor)) static void register_##name(void)                             \
	{                                                                                          \
		unit_tests[unit_tests_nr++] =                                                      \
			(struct CMUnitTest){ #name, name, setup, teardown, NULL };                 \
	}                                                                                          \
	static void name(void **state)

#define UNIT_TEST(name) UNIT_TEST_WITH(name, NULL, NULL)

/* cmocka leaves out the elements of the array that have no name. */
int main(void)
{
	return cmocka_run_group_tests(unit_tests, NULL, NULL);
}

#endif
