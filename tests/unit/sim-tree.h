/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sim-tree.h - a machine for the simulation as text, with the expected results.
 *
 * A line is a root bus or a function. One more space at its start means below the line before:
 *
 *	root 00-ff
 *	 a: 1 00/01-03 link > 00/01-03
 *	  0 device > @01
 *
 * A function has a name (if the test needs one), its device number, and words. Bus numbers
 * (primary/secondary-subordinate) make a bridge; "reset" is a bridge with the numbers 0. "forward"
 * is a port that can forward ARI, "on" one that does; "ari=9" is an ARI capability that names
 * function 9; "preserved" is a function that Live Update preserves. Expected results are behind
 * ">": the numbers after the scan, "@" and the bus on which Linux finds the function ("?@" if this
 * is not certain), or "lost".
 */
#ifndef SIM_TREE_H
#define SIM_TREE_H

#include "sim-fixture.h"

#define TREE_NAMES 64u
#define TREE_DEPTH 8u

struct tree_name {
	char name[16];
	char expected[40];
	uint16_t index;
};

static struct tree_name tree_names[TREE_NAMES];
static unsigned int tree_nr;

static inline uint16_t at(const char *name)
{
	unsigned int i;

	for (i = 0; i < tree_nr; i++) {
		if (!strcmp(tree_names[i].name, name))
			return tree_names[i].index;
	}
	fail_msg("no function is called %s", name);
	return PG_NONE;
}

static inline void tree_bridge(struct pg_function *function, unsigned int primary,
			       unsigned int secondary, unsigned int subordinate)
{
	function->hw.header = PG_HEADER_BRIDGE;
	function->hw.primary = (uint8_t)primary;
	function->hw.secondary = (uint8_t)secondary;
	function->hw.subordinate = (uint8_t)subordinate;
	function->result.visited = true;
}

static inline void tree_word(struct pg_function *function, const char *word)
{
	static const struct {
		const char *word;
		enum pg_port port;
	} ports[] = { { "link", PG_PORT_LINK },
		      { "down", PG_PORT_DOWNSTREAM },
		      { "up", PG_PORT_UPSTREAM } };
	unsigned int a, b, c;
	size_t i;

	if (sscanf(word, "%x/%x-%x", &a, &b, &c) == 3)
		tree_bridge(function, a, b, c);
	else if (!strcmp(word, "reset"))
		tree_bridge(function, 0, 0, 0);
	else if (!strcmp(word, "cardbus"))
		function->hw.header = PG_HEADER_CARDBUS;
	else if (!strcmp(word, "slot"))
		function->hw.slot = function->hw.hotplug = true;
	else if (!strcmp(word, "several"))
		function->hw.multifunction = true;
	else if (!strcmp(word, "unseen"))
		function->result.visited = false;
	else if (!strcmp(word, "forward"))
		function->hw.ari_forward = true;
	else if (!strcmp(word, "on"))
		function->hw.ari_forward = function->hw.ari_on = true;
	else if (!strcmp(word, "preserved"))
		function->result.preserved = true;
	else if (!strcmp(word, "pci"))
		function->hw.from_pci = true;
	else if (sscanf(word, "ari=%x", &a) == 1) {
		function->hw.ari = true;
		function->hw.ari_next = (uint8_t)a;
	} else if (sscanf(word, "sriov=%u", &a) == 1)
		function->result.sriov_buses = (uint8_t)a;
	else if (sscanf(word, "fixed=%x-%x", &a, &b) == 2)
		with_fixed(index_of(function), (uint8_t)a, (uint8_t)b);
	else {
		for (i = 0; i < PG_ARRAY_SIZE(ports) && strcmp(word, ports[i].word); i++)
			;
		if (i < PG_ARRAY_SIZE(ports))
			with_port(index_of(function), ports[i].port);
		else if (strcmp(word, "device") != 0)
			fail_msg("unknown word: %s", word);
	}
}

static inline void tree_line(char *line)
{
	static uint16_t above[TREE_DEPTH];
	struct tree_name *name = &tree_names[tree_nr];
	const size_t depth = strspn(line, " ");
	char *expected = strstr(line, " > ");
	struct pg_function *function;
	unsigned int a, b, segment = 0;
	int len = 0;

	assert_true(depth < TREE_DEPTH && tree_nr < TREE_NAMES);
	line += depth;
	if (sscanf(line, "root %x-%x", &a, &b) == 2 ||
	    sscanf(line, "root %u:%x-%x", &segment, &a, &b) == 3) {
		above[0] = root_in(segment, (uint8_t)a, (uint8_t)b);
		return;
	}
	memset(name, 0, sizeof(*name));
	if (expected) {
		*expected = 0;
		snprintf(name->expected, sizeof(name->expected), "%s", expected + 3);
	}
	if (sscanf(line, "%15[a-z]: %n", name->name, &len) == 1)
		line += len;
	b = 0;
	assert_true(sscanf(line, "%x.%x%n", &a, &b, &len) == 2 ||
		    sscanf(line, "%x%n", &a, &len) == 1);
	function = add_function(above[depth - 1], pg_devfn((uint8_t)a, (uint8_t)b));
	for (line = strtok(line + len, " "); line; line = strtok(NULL, " "))
		tree_word(function, line);
	above[depth] = name->index = index_of(function);
	tree_nr++;
}

static inline void tree(const char *text)
{
	char line[80];

	for (; *text; text += *text == '\n') {
		const size_t len = strcspn(text, "\n");

		assert_true(len < sizeof(line));
		memcpy(line, text, len);
		line[len] = 0;
		tree_line(line);
		text += len;
	}
}

static inline void tree_check(uint16_t index, const char *expected)
{
	unsigned int a, b, c;
	char word[16];
	int len;

	for (; sscanf(expected, " %15s%n", word, &len) == 1; expected += len) {
		if (sscanf(word, "%x/%x-%x", &a, &b, &c) == 3)
			assert_numbers(index, (uint8_t)a, (uint8_t)b, (uint8_t)c);
		else if (sscanf(word, "@%x", &a) == 1)
			assert_found_on(index, (uint8_t)a);
		else if (sscanf(word, "?@%x", &a) == 1)
			assert_false(assert_placed_on(index, (uint8_t)a));
		else if (!strcmp(word, "lost"))
			assert_not_found(index);
		else
			fail_msg("unknown expectation: %s", word);
	}
}

/* Checks the function with this name. */
static inline void now(const char *name, const char *expected)
{
	tree_check(at(name), expected);
}

/* Simulates the machine, and checks all functions with expected results. */
static inline void check_tree(void)
{
	unsigned int i;

	simulate();
	for (i = 0; i < tree_nr; i++)
		tree_check(tree_names[i].index, tree_names[i].expected);
}

static inline void begin_tree(const char *text)
{
	machine_setup(NULL);
	tree_nr = 0;
	tree(text);
}

static inline void simulate_tree(const char *text)
{
	begin_tree(text);
	check_tree();
}

#endif
