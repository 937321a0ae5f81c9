// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sort.c - qsort() as a heap sort: without recursion, without memory, and fast for every input.
 */
#include <stdlib.h>

#include <stdint.h>

static void swap(uint8_t *a, uint8_t *b, size_t size)
{
	for (; size; size--, a++, b++) {
		const uint8_t held = *a;

		*a = *b;
		*b = held;
	}
}

/* Moves the element at @root down until none below it is larger. The heap has @nr elements. */
static void sink(uint8_t *base, size_t root, size_t nr, size_t size,
		 int (*compare)(const void *, const void *))
{
	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= nr)
			return;
		if (child + 1 < nr && compare(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (compare(base + root * size, base + child * size) >= 0)
			return;
		swap(base + root * size, base + child * size, size);
		root = child;
	}
}

void qsort(void *base, size_t nr, size_t size, int (*compare)(const void *, const void *))
{
	for (size_t i = nr / 2; i--;)
		sink(base, i, nr, size, compare);
	while (nr > 1) {
		nr--;
		swap(base, (uint8_t *)base + nr * size, size);
		sink(base, 0, nr, size, compare);
	}
}
