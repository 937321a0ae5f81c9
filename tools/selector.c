// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * selector.c - parses words that name devices. The devices of the machine are not known yet.
 */
#include "selector.h"

#include <pcigate/parse.h>

/* No address is longer. */
#define PART_MAX 32u

/*
 * Parses the address from @text to the next '/' or to @end, of at most @colons + 1 numbers before
 * the function. Returns the end of the address, or NULL.
 */
static const char *take_part(const char *text, const char *end, unsigned int colons,
			     struct pg_bdf *at, bool *has_bus)
{
	char part[PART_MAX];
	size_t len = 0;

	*has_bus = false;
	while (text + len < end && text[len] != '/') {
		if (len == sizeof(part) - 1)
			return NULL;
		part[len] = text[len];
		if (part[len] == ':') {
			if (!colons--)
				return NULL;
			*has_bus = true;
		}
		len++;
	}
	part[len] = 0;
	/* A zero byte would hide the rest. */
	return strlen(part) == len && pg_parse_bdf(part, at) ? text + len : NULL;
}

bool selector_step(const struct selector *selector, const char **rest, struct selector_step *step)
{
	const char *end = selector->text + selector->len;
	struct pg_bdf at;

	if (*rest == end)
		return false;
	*rest = take_part(*rest + 1, end, 1, &at, &step->has_bus);
	step->bus = at.bus;
	step->devfn = at.devfn;
	return true;
}

static bool parse_path(struct selector *selector)
{
	const char *end = selector->text + selector->len, *rest;
	struct pg_bdf at;
	bool has_bus;

	selector->kind = SELECTOR_PATH;
	selector->value = take_part(selector->text, end, 2, &selector->at, &has_bus);
	for (rest = selector->value; rest && rest < end;)
		rest = take_part(rest + 1, end, 1, &at, &has_bus);
	return rest;
}

/* The text behind @prefix, or NULL. */
static const char *behind(const struct selector *selector, const char *prefix)
{
	const size_t len = strlen(prefix);

	return selector->len > len && !memcmp(selector->text, prefix, len) ? selector->text + len
									   : NULL;
}

static bool parse_class(struct selector *selector)
{
	const char *end = selector->text + selector->len;
	const size_t digits = (size_t)(end - selector->value);
	uint64_t class;

	selector->kind = SELECTOR_CLASS;
	if (digits % 2 || pg_parse_hex(selector->value, end, 6, 0xffffff, &class) != end)
		return false;
	selector->class = (uint32_t) class;
	selector->shift = 24 - 4 * (uint32_t)digits;
	return true;
}

bool selector_parse(const char *text, size_t len, struct selector *selector)
{
	*selector = (struct selector){ .text = text, .len = len };
	selector->value = behind(selector, "class:");
	if (selector->value)
		return parse_class(selector);
	selector->value = behind(selector, "driver:");
	if (!selector->value)
		return parse_path(selector);
	selector->kind = SELECTOR_DRIVER;
	return true;
}
