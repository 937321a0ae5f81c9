// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * prove-selector.c - a word of up to 9 bytes that names devices.
 *
 * source: tools/selector.c lib/parse.c
 * flags: --unwind 10
 * break: tools/selector.c s/selector->len > len && !memcmp/!memcmp/
 * break: tools/selector.c s/text \+ len < end && text/text/
 */
#include "proof.h"

#include "../../tools/selector.h"

#define SIZE 9

void harness(void)
{
	const size_t size = nondet_size();
	struct selector selector;
	struct selector_step step;
	const char *text, *rest;

	ASSUME(size <= SIZE);
	text = (const char *)any_bytes(size, SIZE);
	if (!selector_parse(text, size, &selector))
		return;
	REACHED(selector.kind == SELECTOR_CLASS);
	REACHED(selector.kind == SELECTOR_DRIVER);
	PROVE(selector.value > text && selector.value <= text + size);
	if (selector.kind != SELECTOR_PATH)
		return;
	rest = selector.value;
	if (!selector_step(&selector, &rest, &step))
		return;
	REACHED(rest == text + size);
	PROVE(rest > selector.value && rest <= text + size);
}
