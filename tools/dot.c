// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * dot.c - what all graphs for dot(1) share.
 */
#include "dot.h"

static const struct {
	const char *line;
	const char *fill;
} styles[] = {
	[DOT_PLAIN] = { "black", "white" },
	[DOT_BAD] = { "firebrick", "mistyrose" },
	[DOT_DOUBT] = { "orange3", "cornsilk" },
	[DOT_FAINT] = { "gray50", "gray90" },
};

const char *dot_line(enum dot_style style)
{
	return styles[style].line;
}

const char *dot_fill(enum dot_style style)
{
	return styles[style].fill;
}

void dot_begin(FILE *out, const char *legend)
{
	fprintf(out,
		"// %s\n"
		"digraph pci {\n"
		"\trankdir=LR;\n"
		"\tnode [shape=box, style=filled, fillcolor=white, fontname=\"monospace\", "
		"fontsize=10];\n"
		"\tedge [arrowhead=none];\n",
		legend);
}

void dot_end(FILE *out)
{
	fputs("}\n", out);
}
