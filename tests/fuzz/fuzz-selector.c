// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A word that names devices. Each step of a path that was accepted can be read.
 */
#include "selector.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct selector selector;
	struct selector_step step;
	const char *rest;
	size_t steps = 0;

	if (!selector_parse(text, size, &selector))
		return 0;
	REQUIRE(selector.text == text && selector.len == size);
	REQUIRE(selector.value > text && selector.value <= text + size);
	if (selector.kind == SELECTOR_CLASS)
		REQUIRE(selector.shift <= 16 && selector.class >> (24 - selector.shift) == 0);
	if (selector.kind != SELECTOR_PATH)
		return 0;
	for (rest = selector.value; selector_step(&selector, &rest, &step); steps++) {
		REQUIRE(rest && rest <= text + size);
		REQUIRE(step.has_bus || !step.bus);
	}
	REQUIRE(rest == text + size && steps <= size / 4);
	return 0;
}
