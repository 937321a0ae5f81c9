/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * selector.h - the words that name devices: addresses, paths, drivers and classes.
 */
#ifndef PCIGATE_SELECTOR_H
#define PCIGATE_SELECTOR_H

#include <pcigate/bdf.h>

#include <stddef.h>

/* What a selector can be, for messages. */
#define SELECTOR_FORMS "[[DOMAIN:]BUS:]DEV.FN, a path, driver:NAME or class:HEX"

enum selector_kind {
	SELECTOR_PATH,
	SELECTOR_DRIVER,
	SELECTOR_CLASS,
};

/**
 * struct selector - a word that names devices
 * @kind:   what it is
 * @text:   the word, @len bytes
 * @len:    its length
 * @value:  where the text behind "driver:" begins, or for a path the text behind the first function
 * @at:     for a path, its first function; an address is a path without bridges
 * @class:  for a class, the first one to three bytes of it
 * @shift:  how many bits of a class code of 24 bits @class leaves out
 */
struct selector {
	enum selector_kind kind;
	const char *text;
	size_t len;
	const char *value;
	struct pg_bdf at;
	uint32_t class;
	uint32_t shift;
};

/**
 * struct selector_step - the next function of a path
 * @has_bus: the path has its bus number (lspci -PP)
 * @bus:     this number
 * @devfn:   its device and function number
 */
struct selector_step {
	bool has_bus;
	uint8_t bus;
	uint8_t devfn;
};

/* selector_parse() - parses @len bytes at @text; false if they are no selector. */
bool selector_parse(const char *text, size_t len, struct selector *selector);

/*
 * selector_step() - the next function of the path of @selector, and moves @rest, which begins at
 * @selector->value, behind it. False at the end.
 */
bool selector_step(const struct selector *selector, const char **rest, struct selector_step *step);

#endif
